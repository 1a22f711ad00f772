//! Files: how they come in, what they change, and how they go out again.
//!
//! A form or a body comes in (`multipart`, `form`), by the classic route or by way of a stand-in for cloud storage
//! (`cloud`). `attach` makes an Attachment of it, `storage` keeps the bytes and hands out the links that lead to them,
//! `pictures` keeps thumbnails, and `share` gives them to other rows. `answers` is the door to all of it.

mod answers;
mod attach;
mod cloud;
mod form;
mod multipart;
mod options;
mod pictures;
mod share;
mod state;
mod storage;
mod subject;
mod tags;

pub use self::answers::{Files, loggable, method, serves};
pub use self::form::base_name;
pub use self::options::FileOptions;
pub use self::pictures::{PENDING, Pictures};
pub use self::storage::{FileState, Storage};

/// The names under which requests about files are counted, and misbehave: the forms, and two that are none.
pub const METHODS: [&str; 10] = [
    "upload_file",
    "publish_thumbnail",
    "share_thumbnail",
    "get_thumbnail_url",
    "api_get_upload_link_info",
    "api_get_upload_link_for_part",
    "api_complete_multipart_upload",
    "api_link_file",
    "download",
    "storage",
];
/// What the path of every download starts with; an attachment's id follows.
const DOWNLOAD: &str = "/file_serve/attachment/";
/// What the path of every form starts with.
const UPLOAD: &str = "/upload/";
