//! Uploaded pictures: not ready at first, then for ever.
//!
//! A picture becomes ready by being looked at, not with time: so many looks show the pending address, all later ones the
//! final one. Hence a test meets both without waiting, in the same order on every machine.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::form::File;
use super::storage::{Storage, secret};

/// Where pictures are that are not ready.
pub const PENDING: &str = "/images/status/transient/thumbnail_pending.png";
/// What the path of every uploaded picture starts with.
pub const PATH: &str = "/thumbnail/upload/";

/// The pictures that were uploaded, by their path.
#[derive(Debug)]
pub struct Pictures {
    looks: u32,
    storage: Arc<Storage>,
    by_path: Mutex<HashMap<String, Picture>>,
}

#[derive(Debug)]
struct Picture {
    attachment: u32,
    looks_left: u32,
}

impl Pictures {
    /// Pictures whose bytes are in `storage`, and that are pending for the first `looks` looks at each.
    pub fn pending_for(looks: u32, storage: Arc<Storage>) -> Self {
        Self {
            looks,
            storage,
            by_path: Mutex::default(),
        }
    }

    /// Takes up the picture that was uploaded as `attachment` and gives back its path, which no one could guess.
    pub fn add(&self, attachment: u32) -> String {
        let path = format!("{PATH}{attachment}/{}", secret());
        let picture = Picture {
            attachment,
            looks_left: self.looks,
        };
        self.by_path.lock().insert(path.clone(), picture);
        path
    }

    /// Takes up a picture again that a row showed when the site ended. It is ready.
    pub fn restore(&self, path: &str) {
        let attachment = path
            .strip_prefix(PATH)
            .and_then(|rest| rest.split_once('/')?.0.parse().ok());
        if let Some(attachment) = attachment {
            let picture = Picture {
                attachment,
                looks_left: 0,
            };
            self.by_path.lock().insert(path.to_owned(), picture);
        }
    }

    /// The path to show for the picture at `path`, which may be any. This is a look.
    pub fn look<'a>(&self, path: &'a str) -> &'a str {
        if !path.starts_with(PATH) {
            return path;
        }
        let mut pictures = self.by_path.lock();
        match pictures.get_mut(path) {
            Some(picture) if picture.looks_left > 0 => {
                picture.looks_left -= 1;
                PENDING
            }
            Some(_) | None => path,
        }
    }

    /// Which attachment the picture at `path` was uploaded as.
    pub fn attachment(&self, path: &str) -> Option<u32> {
        self.by_path
            .lock()
            .get(path)
            .map(|picture| picture.attachment)
    }

    /// The picture at `path`, ready or not.
    pub fn file(&self, path: &str) -> Option<File> {
        self.storage.file(self.attachment(path)?)
    }
}

impl Default for Pictures {
    /// Pictures that are ready at once.
    fn default() -> Self {
        Self::pending_for(0, Arc::default())
    }
}
