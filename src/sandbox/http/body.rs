//! Bytes that travel: short ones in memory, long ones in a temporary file without a name.
//!
//! A file without a name is gone as soon as nobody holds it, also when the process is killed, and nothing that a peer
//! sends can choose where it is. Each takes a file descriptor for as long as it is held, so what is kept beyond its request
//! moves to the file that all of them share ([`Spill`](super::Spill)).

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom, Write};
use std::ops::Range;
use std::sync::Arc;

use parking_lot::Mutex;

use super::spill::Extent;

/// Longer bodies of uploads are kept in a file.
pub const IN_MEMORY: u64 = 1024 * 1024;
/// How much of a file is in memory at once.
const CHUNK: usize = 256 * 1024;

/// A piece of what was sent, or of what is to be sent. Clones are cheap and share the bytes.
#[derive(Clone, Debug)]
pub struct Body {
    source: Source,
    start: u64,
    len: u64,
}

#[derive(Clone, Debug)]
enum Source {
    Memory(Arc<Vec<u8>>),
    // One position for all who read: whoever reads holds the lock and seeks first.
    File(Arc<Mutex<File>>),
    Spilled(Arc<Extent>),
}

/// Reads a [`Body`] from its beginning.
#[derive(Debug)]
pub struct Reader<'a> {
    body: &'a Body,
    at: u64,
}

impl Body {
    /// The file's first `len` bytes.
    pub fn in_file(file: File, len: u64) -> Self {
        Self {
            source: Source::File(Arc::new(Mutex::new(file))),
            start: 0,
            len,
        }
    }

    /// All of a place in the file that many share.
    pub(super) fn spilled(extent: Extent, len: u64) -> Self {
        Self {
            source: Source::Spilled(Arc::new(extent)),
            start: 0,
            len,
        }
    }

    /// Whether it holds a file that is its own, and so a file descriptor.
    pub(super) fn has_file(&self) -> bool {
        matches!(self.source, Source::File(_))
    }

    /// How many bytes there are.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// All bytes, unless they are in a file.
    pub fn in_memory(&self) -> Option<&[u8]> {
        match &self.source {
            Source::Memory(bytes) => {
                bytes.get(self.start as usize..(self.start + self.len) as usize)
            }
            Source::File(_) | Source::Spilled(_) => None,
        }
    }

    /// A part of it; what lies beyond the end is left out.
    pub fn slice(&self, range: Range<u64>) -> Self {
        let start = range.start.min(self.len);
        Self {
            source: self.source.clone(),
            start: self.start + start,
            len: range.end.clamp(start, self.len) - start,
        }
    }

    /// Reads from the beginning.
    pub fn reader(&self) -> Reader<'_> {
        Reader { body: self, at: 0 }
    }

    /// Writes all of it, piece by piece.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        if let Some(bytes) = self.in_memory() {
            return out.write_all(bytes);
        }
        let mut chunk = vec![0; CHUNK];
        let mut reader = self.reader();
        loop {
            let count = reader.read(&mut chunk)?;
            if count == 0 {
                return Ok(());
            }
            out.write_all(&chunk[..count])?;
        }
    }

    /// Reads what is at `at` into `out`.
    fn read_at(&self, at: u64, out: &mut [u8]) -> io::Result<usize> {
        let wanted = out
            .len()
            .min(usize::try_from(self.len.saturating_sub(at)).unwrap_or(usize::MAX));
        match &self.source {
            Source::Memory(bytes) => {
                let start = (self.start + at) as usize;
                out[..wanted].copy_from_slice(&bytes[start..start + wanted]);
                Ok(wanted)
            }
            Source::File(file) => {
                let mut file = file.lock();
                file.seek(SeekFrom::Start(self.start + at))?;
                file.read(&mut out[..wanted])
            }
            Source::Spilled(extent) => extent.read_at(self.start + at, &mut out[..wanted]),
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            start: 0,
            len: bytes.len() as u64,
            source: Source::Memory(Arc::new(bytes)),
        }
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.body.read_at(self.at, out)?;
        self.at += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_file(bytes: &[u8]) -> Body {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Body::in_file(file, bytes.len() as u64)
    }

    fn bytes(body: &Body) -> Vec<u8> {
        let mut bytes = Vec::new();
        body.write_to(&mut bytes).unwrap();
        assert_eq!(bytes.len() as u64, body.len());
        bytes
    }

    #[test]
    fn a_slice_is_the_same_in_memory_and_in_a_file() {
        let text = b"a file of some length";
        for body in [text.to_vec().into(), in_file(text)] {
            let slice = body.slice(2..6);
            assert_eq!(bytes(&slice), b"file");
            assert_eq!(bytes(&slice.slice(1..100)), b"ile");
            assert_eq!(bytes(&body.slice(50..60)), b"");
        }
    }
}
