//! The file on this machine that goes up: checked before anything is asked, read piece by piece.

use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::media_type;
use super::progress::Meter;
use crate::shotgun::error::Error;

/// A file that goes up, opened.
#[derive(Debug)]
pub(in crate::shotgun) struct LocalFile {
    file: File,
    path: Arc<str>,
    /// The last part of its path.
    pub(in crate::shotgun) name: String,
    /// In bytes, as it was when it was opened; never 0.
    pub(in crate::shotgun) length: u64,
}

impl LocalFile {
    /// Opens what must be a file with something in it: sites take no empty ones.
    pub(in crate::shotgun) fn open(path: &Path) -> Result<Self, Error> {
        let shown: Arc<str> = path.display().to_string().into();
        let failed = |source| LocalFailure::new(&shown, source).into_error();
        let metadata = path.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(failed(io::Error::other("it is not a file")));
        }
        if metadata.len() == 0 {
            return Err(failed(io::Error::other("the file is empty")));
        }
        let file = File::open(path).map_err(failed)?;
        let name = path.file_name().map(OsStr::to_string_lossy);
        Ok(Self {
            file,
            name: name.unwrap_or_default().into_owned(),
            length: metadata.len(),
            path: shown,
        })
    }

    /// What kind of content it is, going by its name.
    pub(in crate::shotgun) fn media_type(&self) -> &'static str {
        media_type::of(&self.name)
    }

    /// `length` bytes of it from `start` on. `meter` hears of each that is read.
    pub(super) fn piece<'a, 'm>(
        &'a self,
        start: u64,
        length: u64,
        meter: &'a mut Meter<'m>,
    ) -> Result<Piece<'a, 'm>, Error> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(start))
            .map_err(|source| LocalFailure::new(&self.path, source).into_error())?;
        Ok(Piece {
            file,
            path: &self.path,
            at: start,
            end: start + length,
            meter,
        })
    }
}

/// Part of a file, as it is read. One that ends too early is an error, for its length has been promised.
pub(super) struct Piece<'a, 'm> {
    file: &'a File,
    path: &'a Arc<str>,
    at: u64,
    end: u64,
    meter: &'a mut Meter<'m>,
}

impl Read for Piece<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        if wanted == 0 {
            return Ok(0);
        }
        let read = match self.file.read(&mut buffer[..wanted]) {
            Ok(0) => Err(io::Error::new(
                ErrorKind::UnexpectedEof,
                "the file became shorter while it was read",
            )),
            read => read,
        };
        let read = read.map_err(|source| LocalFailure::new(self.path, source).into_io())?;
        self.at += read as u64;
        self.meter.reach(self.at, Instant::now());
        Ok(read)
    }
}

/// A failure of a file on this machine, also in the middle of an exchange: there it travels as an [`io::Error`], and must not
/// be taken for one of the network.
#[derive(Debug)]
pub(in crate::shotgun) struct LocalFailure {
    path: Arc<str>,
    source: Arc<io::Error>,
}

impl LocalFailure {
    pub(in crate::shotgun) fn new(path: &Arc<str>, source: io::Error) -> Self {
        Self {
            path: Arc::clone(path),
            source: Arc::new(source),
        }
    }

    pub(super) fn into_error(self) -> Error {
        let Self { path, source } = self;
        Error::File { path, source }
    }

    pub(in crate::shotgun) fn into_io(self) -> io::Error {
        io::Error::new(self.source.kind(), self)
    }

    /// What failed here, if that is what `error` is about.
    pub(in crate::shotgun) fn within(error: &io::Error) -> Option<Error> {
        let Self { path, source } = error.get_ref()?.downcast_ref()?;
        Some(Error::File {
            path: Arc::clone(path),
            source: Arc::clone(source),
        })
    }
}

impl fmt::Display for LocalFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, source } = self;
        write!(f, "{path}: {source}")
    }
}

impl std::error::Error for LocalFailure {}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_of(length: u64) -> (tempfile::NamedTempFile, LocalFile) {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(length).unwrap();
        let local = LocalFile::open(file.path()).unwrap();
        (file, local)
    }

    #[test]
    fn a_piece_is_read_into_the_buffer_that_is_there_and_no_further_than_its_end() {
        let (_file, local) = file_of(200 << 20);
        let ignore = |_| ();
        let mut meter = Meter::new(&ignore);
        let mut piece = local.piece(20_000_000, 20_000_000, &mut meter).unwrap();
        let (mut buffer, mut all) = (vec![1; 128 << 10], 0);
        loop {
            let read = piece.read(&mut buffer).unwrap();
            if read == 0 {
                break;
            }
            all += read;
        }
        assert_eq!((all, piece.at), (20_000_000, 40_000_000));
    }

    #[test]
    fn a_file_that_became_shorter_fails_as_a_file_not_as_a_network() {
        let (file, local) = file_of(1000);
        file.as_file().set_len(600).unwrap();
        let ignore = |_| ();
        let mut meter = Meter::new(&ignore);
        let mut piece = local.piece(500, 500, &mut meter).unwrap();
        let error = piece.read_to_end(&mut Vec::new()).unwrap_err();
        let error = LocalFailure::within(&error).unwrap();
        assert!(
            error
                .headline()
                .ends_with("became shorter while it was read")
        );
        assert!(LocalFailure::within(&io::Error::other("reset")).is_none());
    }
}
