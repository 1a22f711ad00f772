//! The last few thousand of something, cheap to add to and to look at.

use std::collections::VecDeque;
use std::sync::Arc;

/// Items that are shared as one piece.
const PIECE: usize = 128;

/// Pieces kept besides the one that fills.
const PIECES: usize = 32;

/// A bounded log. Of [`PIECES`] × [`PIECE`] items at least; the oldest piece goes when the newest is full.
pub(super) struct Ring<T> {
    full: VecDeque<Arc<[T]>>,
    filling: Vec<T>,
}

/// What a bounded log held at one moment, oldest first. All but the newest few items are shared with the log, not copied.
#[derive(Clone, Debug)]
pub struct Recent<T>(Vec<Arc<[T]>>);

impl<T: Clone> Ring<T> {
    pub(super) fn push(&mut self, item: T) {
        self.filling.push(item);
        if self.filling.len() == PIECE {
            let piece = std::mem::replace(&mut self.filling, Vec::with_capacity(PIECE));
            self.full.push_back(piece.into());
            if self.full.len() > PIECES {
                self.full.pop_front();
            }
        }
    }

    pub(super) fn snapshot(&self) -> Recent<T> {
        let newest = std::iter::once(self.filling.as_slice().into());
        Recent(self.full.iter().map(Arc::clone).chain(newest).collect())
    }
}

impl<T> Default for Ring<T> {
    fn default() -> Self {
        Self {
            full: VecDeque::new(),
            filling: Vec::new(),
        }
    }
}

impl<T> Recent<T> {
    /// From the oldest to the newest.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.0.iter().flat_map(|piece| piece.iter())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(|piece| piece.len()).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
