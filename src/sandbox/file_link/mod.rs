//! What fields of type url hold: an uploaded file, a web page, or a file on one of the studio's disks.
//!
//! `written` reads what clients write, `adopt` gives it the Attachment that stands for it, `storages` knows where the disks
//! are, and `shown` is what is read.

mod adopt;
mod media_type;
mod shown;
mod storages;
mod written;

pub use self::adopt::{Owner, adopt};
pub use self::shown::{name, shown};
pub use self::written::read;
