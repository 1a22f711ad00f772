//! Where a file comes down: first beside its place under another name, then, whole, in its place.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::local::LocalFailure;
use super::progress::Meter;
use crate::shotgun::error::Error;
use crate::shotgun::request::Sink;

/// Takes a file. What is at its place stays there until all has come; what has come in part is removed, however that came
/// about.
pub(in crate::shotgun) struct Landing<'a> {
    target: PathBuf,
    /// None once it is no longer ours.
    part: Option<PathBuf>,
    file: File,
    shown: Arc<str>,
    meter: Meter<'a>,
    expected: Option<u64>,
    written: u64,
}

impl<'a> Landing<'a> {
    /// For the file at `target`, whose folder must be there.
    pub(in crate::shotgun) fn new(target: &Path, meter: Meter<'a>) -> Result<Self, Error> {
        let shown: Arc<str> = target.display().to_string().into();
        let failed = |source| LocalFailure::new(&shown, source).into_error();
        if target.is_dir() {
            return Err(failed(io::Error::other("it is a folder")));
        }
        let part = beside(target).ok_or_else(|| failed(io::Error::other("it names no file")))?;
        let file = OpenOptions::new().write(true).create_new(true).open(&part);
        Ok(Self {
            target: target.to_owned(),
            file: file.map_err(failed)?,
            part: Some(part),
            shown,
            meter,
            expected: None,
            written: 0,
        })
    }

    /// All has come: puts the file in its place, and says how long it is.
    pub(in crate::shotgun) fn finish(mut self) -> Result<u64, Error> {
        let received = self.written;
        if self.expected.is_some_and(|expected| expected != received) {
            return Err(Error::Truncated { received });
        }
        if let Some(part) = &self.part {
            fs::rename(part, &self.target)
                .map_err(|source| LocalFailure::new(&self.shown, source).into_error())?;
            self.part = None;
        }
        self.meter.finish(Instant::now());
        Ok(received)
    }

    fn failed(&self, source: io::Error) -> io::Error {
        LocalFailure::new(&self.shown, source).into_io()
    }
}

impl Sink for Landing<'_> {
    fn begin(&mut self, length: Option<u64>) -> io::Result<()> {
        self.file.rewind().map_err(|error| self.failed(error))?;
        self.file.set_len(0).map_err(|error| self.failed(error))?;
        self.expected = length;
        self.written = 0;
        self.meter.expect(length);
        Ok(())
    }

    fn written(&self) -> u64 {
        self.written
    }
}

impl Write for Landing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes).map_err(|error| self.failed(error))?;
        self.written += written as u64;
        self.meter.reach(self.written, Instant::now());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        if let Some(part) = &self.part
            && let Err(error) = fs::remove_file(part)
        {
            tracing::debug!(%error, "part of a download is left behind");
        }
    }
}

/// `.NAME.RANDOM.part`, hidden where a dot hides.
fn beside(target: &Path) -> Option<PathBuf> {
    // File systems allow 255 bytes, and the rest of the name takes 30.
    const LONGEST: usize = 200;
    let name = target.file_name()?;
    let name = match name.to_str() {
        Some(text) => OsStr::new(&text[..text.floor_char_boundary(LONGEST)]),
        None => OsStr::new("download"),
    };
    let mut part = OsString::from(".");
    part.push(name);
    part.push(format!(".{:016x}.part", fastrand::u64(..)));
    Some(target.with_file_name(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignore(_: super::super::Progress) {}

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let names = entries.map(|entry| name(entry).into_string().unwrap());
        names.collect()
    }

    #[test]
    fn a_file_appears_whole_and_under_its_own_name() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.mov");
        fs::write(&target, "old").unwrap();
        let mut landing = Landing::new(&target, Meter::new(&ignore)).unwrap();
        let mut during = names(folder.path());
        during.sort();
        assert!(
            during[0].starts_with(".a.mov.") && during[0].split('.').next_back() == Some("part")
        );
        assert_eq!(during[1], "a.mov");
        // The first attempt breaks off.
        landing.begin(Some(100)).unwrap();
        landing.write_all(b"broken off").unwrap();
        landing.begin(Some(3)).unwrap();
        landing.write_all(b"new").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"old");
        assert_eq!(landing.finish().unwrap(), 3);
        assert_eq!(fs::read(&target).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["a.mov"]);
    }

    #[test]
    fn what_is_shorter_than_announced_is_not_put_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.mov");
        let mut landing = Landing::new(&target, Meter::new(&ignore)).unwrap();
        landing.begin(Some(4)).unwrap();
        landing.write_all(b"new").unwrap();
        let outcome = landing.finish();
        assert!(matches!(outcome, Err(Error::Truncated { received: 3 })));
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_place_where_nothing_can_be_put_is_named() {
        let folder = tempfile::tempdir().unwrap();
        for target in [folder.path().to_owned(), folder.path().join("none/a.mov")] {
            let error = Landing::new(&target, Meter::new(&ignore)).err().unwrap();
            let place = target.display().to_string();
            assert!(error.headline().starts_with(&place), "{error}");
        }
    }

    #[test]
    fn a_long_name_leaves_room_for_the_rest() {
        let name = "ä".repeat(127);
        let part = beside(Path::new(&name)).unwrap();
        assert!(part.as_os_str().len() < 255, "{part:?}");
        assert!(beside(Path::new("/")).is_none());
    }
}
