//! One temporary file for all bodies that are kept and too long for memory, however many they are.
//!
//! It has no name, so nothing is left of it when the process ends, however that comes, and it takes one file descriptor. A
//! body has its place in it for as long as anybody holds the body; then the place goes to others, and what is free at the
//! end of the file goes back to the disk.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::sync::Arc;

use parking_lot::Mutex;

use super::body::{Body, IN_MEMORY};

/// The file. It is made when it is first needed; clones are the same file.
#[derive(Clone, Debug, Default)]
pub struct Spill(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    // One position for all: whoever reads or writes holds the lock and seeks first.
    file: Mutex<Option<File>>,
    room: Mutex<Room>,
}

/// Which bytes of the file are taken.
#[derive(Debug, Default)]
struct Room {
    /// Where free places begin, and how long they are. No two touch, and none touches the end.
    free: BTreeMap<u64, u64>,
    end: u64,
}

/// A place in the file. Dropped, it is free.
#[derive(Debug)]
pub(super) struct Extent {
    shared: Arc<Shared>,
    start: u64,
    len: u64,
}

/// Writes into an extent from its beginning.
struct Writer<'a> {
    extent: &'a Extent,
    at: u64,
}

impl Spill {
    /// Puts `pieces` together: in memory if they are short, here if they are long.
    pub fn join(&self, pieces: &[Body]) -> io::Result<Body> {
        let len = pieces.iter().map(Body::len).sum();
        if len <= IN_MEMORY {
            let mut bytes = Vec::new();
            for piece in pieces {
                piece.write_to(&mut bytes)?;
            }
            return Ok(bytes.into());
        }
        let extent = self.take(len);
        let mut out = Writer {
            extent: &extent,
            at: 0,
        };
        for piece in pieces {
            piece.write_to(&mut out)?;
        }
        Ok(Body::spilled(extent, len))
    }

    /// The same body, in no file of its own.
    pub fn keep(&self, body: &Body) -> io::Result<Body> {
        if body.has_file() {
            self.join(std::slice::from_ref(body))
        } else {
            Ok(body.clone())
        }
    }

    fn take(&self, len: u64) -> Extent {
        Extent {
            start: self.0.room.lock().take(len),
            shared: Arc::clone(&self.0),
            len,
        }
    }
}

impl Room {
    /// The first place that is long enough, or else one at the end.
    fn take(&mut self, len: u64) -> u64 {
        let fit = self.free.iter().find(|(_, room)| **room >= len);
        let Some((start, room)) = fit.map(|(start, room)| (*start, *room)) else {
            let start = self.end;
            self.end += len;
            return start;
        };
        self.free.remove(&start);
        if room > len {
            self.free.insert(start + len, room - len);
        }
        start
    }

    /// Takes a place back. Whether the file is shorter now.
    fn give_back(&mut self, start: u64, len: u64) -> bool {
        let (mut start, mut end) = (start, start + len);
        if let Some((before, room)) = self.free.range(..start).next_back()
            && before + room == start
        {
            start = *before;
            self.free.remove(&start);
        }
        if let Some(room) = self.free.remove(&end) {
            end += room;
        }
        if end == self.end {
            self.end = start;
            return true;
        }
        self.free.insert(start, end - start);
        false
    }
}

impl Extent {
    /// Reads what is at `at`, as much as comes at once.
    pub(super) fn read_at(&self, at: u64, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len.saturating_sub(at)).unwrap_or(usize::MAX);
        let wanted = out.len().min(left);
        self.with_file(at, |file| file.read(&mut out[..wanted]))
    }

    fn with_file<T>(
        &self,
        at: u64,
        work: impl FnOnce(&mut File) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut file = self.shared.file.lock();
        let file = match &mut *file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        file.seek(SeekFrom::Start(self.start + at))?;
        work(file)
    }
}

impl Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = usize::try_from(self.extent.len - self.at).unwrap_or(usize::MAX);
        let bytes = &bytes[..bytes.len().min(left)];
        let count = self.extent.with_file(self.at, |file| file.write(bytes))?;
        self.at += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Extent {
    fn drop(&mut self) {
        // Both at once, or somebody could write beyond the end meanwhile.
        let file = self.shared.file.lock();
        let mut room = self.shared.room.lock();
        if room.give_back(self.start, self.len)
            && let Some(file) = &*file
        {
            // Else the file stays long, and the bytes are free for others all the same.
            file.set_len(room.end).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: usize = IN_MEMORY as usize + 1;

    impl Spill {
        /// How long the file is, as it says itself.
        pub fn len_on_disk(&self) -> u64 {
            let file = self.0.file.lock();
            file.as_ref()
                .map_or(0, |file| file.metadata().unwrap().len())
        }
    }

    fn keep(spill: &Spill, byte: u8, len: usize) -> Body {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&vec![byte; len]).unwrap();
        let kept = spill.keep(&Body::in_file(file, len as u64)).unwrap();
        assert!(!kept.has_file());
        kept
    }

    fn is_all(body: &Body, byte: u8) -> bool {
        let mut bytes = Vec::new();
        body.write_to(&mut bytes).unwrap();
        bytes.len() as u64 == body.len() && bytes.iter().all(|read| *read == byte)
    }

    #[test]
    fn a_place_is_free_once_the_last_one_lets_go_of_it() {
        let spill = Spill::default();
        let long = LONG as u64;
        let [one, two, three] = [1, 2, 3].map(|byte| keep(&spill, byte, LONG));
        assert_eq!(spill.len_on_disk(), 3 * long);
        let part = two.slice(5..10);
        drop(two);
        let four = keep(&spill, 4, LONG);
        assert!(is_all(&part, 2), "still held");
        assert_eq!(spill.len_on_disk(), 4 * long);
        drop(part);
        let five = keep(&spill, 5, LONG);
        assert_eq!(spill.len_on_disk(), 4 * long, "the hole was taken");
        assert!(is_all(&one, 1) && is_all(&three, 3) && is_all(&four, 4) && is_all(&five, 5));
        drop((one, five, four));
        assert_eq!(spill.len_on_disk(), 3 * long);
        assert!(is_all(&three, 3));
        drop(three);
        assert_eq!(spill.len_on_disk(), 0);
    }

    #[test]
    fn free_places_that_touch_are_one() {
        let mut room = Room::default();
        let places: Vec<u64> = (0..5).map(|_| room.take(10)).collect();
        assert_eq!(places, [0, 10, 20, 30, 40]);
        assert!(!room.give_back(10, 10) && !room.give_back(30, 10) && !room.give_back(20, 10));
        assert_eq!(room.free, BTreeMap::from([(10, 30)]));
        assert_eq!((room.take(25), room.take(6), room.take(5)), (10, 50, 35));
        assert!(room.give_back(50, 6) && room.give_back(40, 10));
        assert!(!room.give_back(0, 10) && room.give_back(35, 5) && room.give_back(10, 25));
        assert_eq!((room.free.len(), room.end), (0, 0));
    }

    #[test]
    fn short_pieces_are_joined_in_memory_and_long_ones_here() {
        let spill = Spill::default();
        let pieces = [b"one, ".to_vec().into(), b"two".to_vec().into()];
        let short = spill.join(&pieces).unwrap();
        assert_eq!(short.in_memory(), Some(&b"one, two"[..]));
        let half = Body::from(vec![7; LONG / 2 + 1]);
        let long = spill.join(&[half.clone(), half]).unwrap();
        assert_eq!(long.in_memory(), None);
        assert!(is_all(&long, 7));
    }
}
