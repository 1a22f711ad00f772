//! The files behind attachments, and the links by which they are fetched.

use std::collections::{HashMap, VecDeque};
use std::fs;
use std::io;
use std::path::PathBuf;

use parking_lot::Mutex;
use tempfile::NamedTempFile;

use super::super::http::{Body, Spill};
use super::form::File;

/// What the path of everything in storage starts with.
pub const PATH: &str = "/storage/";
/// Links beyond this many close the oldest ones.
const MOST_LINKS: usize = 10_000;
/// What the names of files begin with that are not written to their end.
const UNFINISHED: &str = "unfinished-";
/// How many random characters make a path that no one guesses.
const SECRET_LENGTH: usize = 32;

/// What becomes of those who want to download a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileState {
    /// They get it.
    #[default]
    Ready,
    /// They are told to come back: 409, its malware scan has not ended.
    Scanning,
    /// They are told that it is gone: 410, malware was found.
    Quarantined,
    /// They are sent to a link that has expired: 403, with the XML of a storage service.
    Expired,
}

/// Everything that was uploaded.
#[derive(Debug, Default)]
pub struct Storage {
    /// Where the bytes are kept between starts; none if they are not.
    folder: Option<PathBuf>,
    /// Where long files are otherwise.
    spill: Spill,
    files: Mutex<HashMap<u32, Stored>>,
    links: Mutex<Links>,
}

#[derive(Debug)]
struct Stored {
    file: Kept,
    state: FileState,
}

/// A file whose bytes are where they last, but which is no attachment's yet. Dropped, it is gone.
#[derive(Debug)]
pub struct Prepared {
    file: File,
    written: Option<NamedTempFile>,
}

/// Where a file is.
#[derive(Debug)]
enum Kept {
    /// In this process.
    Here(File),
    /// In the folder, under the id of its attachment.
    InFolder { name: String, content_type: String },
}

#[derive(Debug, Default)]
struct Links {
    attachments: HashMap<String, u32>,
    oldest_first: VecDeque<String>,
}

impl Storage {
    /// Files that are kept in a folder, which is made. What a kill left there half written is removed.
    pub fn in_folder(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self {
            folder: Some(folder),
            ..Self::default()
        })
    }

    /// Where long bodies are that are kept beyond their requests, but in no folder.
    pub fn spill(&self) -> &Spill {
        &self.spill
    }

    /// Writes the bytes of a file to where they last: into the folder, if there is one. This may take its time: no one should be kept
    /// waiting meanwhile.
    pub fn prepare(&self, file: File) -> io::Result<Prepared> {
        let Some(folder) = &self.folder else {
            let body = self.spill.keep(&file.body)?;
            return Ok(Prepared {
                file: File { body, ..file },
                written: None,
            });
        };
        let mut written = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempfile_in(folder)?;
        file.body.write_to(&mut written)?;
        written.as_file().sync_all()?;
        Ok(Prepared {
            file,
            written: Some(written),
        })
    }

    /// Makes a prepared file that of an attachment. Its name in the folder lasts once the folder is synced, as it is before the
    /// attachment's row is kept. One that no row came to lead to is overwritten by the next one with its
    /// number.
    pub fn keep(&self, attachment: u32, prepared: Prepared) -> io::Result<()> {
        let Prepared { file, written } = prepared;
        if let (Some(written), Some(folder)) = (written, &self.folder) {
            written.persist(folder.join(attachment.to_string()))?;
            self.restore(attachment, file.name, file.content_type);
        } else {
            self.take_up(attachment, Kept::Here(file));
        }
        Ok(())
    }

    /// Takes up a file again that is in the folder.
    pub fn restore(&self, attachment: u32, name: String, content_type: String) {
        self.take_up(attachment, Kept::InFolder { name, content_type });
    }

    fn take_up(&self, attachment: u32, file: Kept) {
        let stored = Stored {
            file,
            state: FileState::default(),
        };
        self.files.lock().insert(attachment, stored);
    }

    /// The file of an attachment, whatever its state.
    pub fn file(&self, attachment: u32) -> Option<File> {
        let files = self.files.lock();
        match &files.get(&attachment)?.file {
            Kept::Here(file) => Some(file.clone()),
            Kept::InFolder { name, content_type } => {
                let path = self.folder.as_ref()?.join(attachment.to_string());
                let file = fs::File::open(path).ok()?;
                let len = file.metadata().ok()?.len();
                Some(File {
                    name: name.clone(),
                    content_type: content_type.clone(),
                    body: Body::in_file(file, len),
                })
            }
        }
    }

    /// From now on the file of `attachment` is in this state. `false` if there is no such file.
    pub fn set_state(&self, attachment: u32, state: FileState) -> bool {
        let mut files = self.files.lock();
        let stored = files.get_mut(&attachment);
        stored.map(|stored| stored.state = state).is_some()
    }

    /// The state of an attachment's file, if there is one.
    pub fn state(&self, attachment: u32) -> Option<FileState> {
        self.files
            .lock()
            .get(&attachment)
            .map(|stored| stored.state)
    }

    /// A path by which anyone can fetch the file, for as long as it is among the latest.
    pub fn link(&self, attachment: u32) -> String {
        let path = format!("{PATH}{}", secret());
        let mut links = self.links.lock();
        links.attachments.insert(path.clone(), attachment);
        links.oldest_first.push_back(path.clone());
        if links.oldest_first.len() > MOST_LINKS
            && let Some(oldest) = links.oldest_first.pop_front()
        {
            links.attachments.remove(&oldest);
        }
        path
    }

    /// The file that a link leads to, unless it has expired or never was one.
    pub fn fetch(&self, path: &str) -> Option<File> {
        let attachment = *self.links.lock().attachments.get(path)?;
        let state = self.state(attachment)?;
        (state != FileState::Expired)
            .then(|| self.file(attachment))
            .flatten()
    }
}

/// Random characters.
pub fn secret() -> String {
    let characters = std::iter::repeat_with(fastrand::alphanumeric);
    characters.take(SECRET_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_links_lead_nowhere_in_the_end() {
        let storage = Storage::default();
        let file = File {
            name: "a.txt".to_owned(),
            content_type: "text/plain".to_owned(),
            body: b"a".to_vec().into(),
        };
        storage.keep(1, storage.prepare(file).unwrap()).unwrap();
        let first = storage.link(1);
        assert!(storage.fetch(&first).is_some());
        for _ in 0..MOST_LINKS {
            storage.link(1);
        }
        assert!(storage.fetch(&first).is_none());
        assert_eq!(storage.links.lock().attachments.len(), MOST_LINKS);
    }

    #[test]
    fn a_long_file_that_is_replaced_gives_its_place_back() {
        const LENGTH: u64 = 2 * 1024 * 1024;
        let storage = Storage::default();
        for _ in 0..5 {
            let sent = tempfile::tempfile().unwrap();
            sent.set_len(LENGTH).unwrap();
            let file = File {
                name: "a.mov".to_owned(),
                content_type: "video/quicktime".to_owned(),
                body: Body::in_file(sent, LENGTH),
            };
            storage.keep(1, storage.prepare(file).unwrap()).unwrap();
        }
        assert_eq!(storage.file(1).unwrap().body.len(), LENGTH);
        // The next one is written before the last one goes.
        assert!(storage.spill.len_on_disk() <= 2 * LENGTH);
    }

    #[test]
    fn what_was_half_written_is_removed_and_the_rest_is_not() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["unfinished-abc", "12", "notes.txt"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        Storage::in_folder(folder.path().to_owned()).unwrap();
        let left = |name: &str| folder.path().join(name).exists();
        assert!(!left("unfinished-abc") && left("12") && left("notes.txt"));
    }
}
