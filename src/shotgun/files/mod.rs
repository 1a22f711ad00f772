//! Files that go up and come down, never whole in memory. `methods` says what can be asked; this is how it is done.
//!
//! Up: [`Transfer`] sends one file, in a form of the site's ([`classic`](mod@classic)) or to its storage
//! ([`direct`](mod@direct)). Down: `fetch` follows an address to its end, and a [`Landing`] takes what comes.

mod attachment;
mod classic;
mod direct;
mod fetch;
mod form;
mod landing;
mod link;
mod local;
mod media_type;
mod post;
mod progress;
mod receipt;
mod refusal;
mod session;
mod transfer;
mod upload;

pub use attachment::Attachment;
pub(super) use attachment::Source;
pub(super) use fetch::Destination;
pub(super) use form::{Form, file_of};
pub(super) use landing::Landing;
pub(super) use local::{LocalFailure, LocalFile};
pub(super) use progress::Meter;
pub use progress::Progress;
pub(super) use receipt::attachment_id;
pub(super) use transfer::{Route, Transfer};
pub use upload::Upload;
