//! What one frame of the window cost, and what it did.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Frames kept: over ten minutes of an animated window, and far longer of one that draws on demand.
const FRAMES_KEPT: usize = 40_000;

/// One drawn frame.
#[derive(Clone, Debug)]
pub struct FrameRecord {
    /// Counts from 1.
    pub number: u64,
    /// When the window began to work on it.
    pub began: Instant,
    /// How long the thread that draws was busy with it: `ui` and paint, without waiting for the screen.
    pub busy: Duration,
    /// The page that was drawn.
    pub view: &'static str,
    /// Why it was drawn.
    pub cause: String,
    /// Inputs it handled.
    pub inputs: u32,
    /// Calls whose answers it was the first to show.
    pub shown: u32,
}

impl FrameRecord {
    /// When the thread was done with it.
    pub fn ended(&self) -> Instant {
        self.began + self.busy
    }
}

/// The little of a frame that is drawn on a time axis: cheap to copy by the thousand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameMark {
    /// When the window began to work on it.
    pub began: Instant,
    /// How long the thread that draws was busy with it.
    pub busy: Duration,
    /// Inputs it handled.
    pub inputs: u32,
}

/// A moment at which the thread that draws stood still: seen by a watchdog while it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stall {
    /// When the frame began that was not over in time.
    pub began: Instant,
    /// The page that was on show.
    pub view: &'static str,
    /// The last thing the user had asked for.
    pub action: &'static str,
}

/// The most recent frames, oldest first.
#[derive(Debug, Default)]
pub(super) struct FrameLog(VecDeque<FrameRecord>);

impl FrameLog {
    pub(super) fn push(&mut self, frame: FrameRecord) {
        if self.0.len() == FRAMES_KEPT {
            self.0.pop_front();
        }
        self.0.push_back(frame);
    }

    /// The window learns what a frame cost, paint included, one frame later. Says whether it was more than was known.
    pub(super) fn settle_last(&mut self, busy: Duration) -> bool {
        let shorter = self.0.back_mut().filter(|last| last.busy < busy);
        shorter.is_some_and(|last| {
            last.busy = busy;
            true
        })
    }

    pub(super) fn last(&self) -> Option<&FrameRecord> {
        self.0.back()
    }

    pub(super) fn mark_shown(&mut self, calls: u32) {
        if let Some(last) = self.0.back_mut() {
            last.shown += calls;
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &FrameRecord> {
        self.0.iter()
    }

    /// The first frame that ended at or after `at`: the one that could show what was taken then.
    pub(super) fn first_ending_after(&self, at: Instant) -> Option<&FrameRecord> {
        let index = self.0.partition_point(|frame| frame.ended() < at);
        self.0.get(index)
    }

    /// The frames that overlap the time from `from` to `to`.
    pub(super) fn marks(&self, from: Instant, to: Instant) -> Vec<FrameMark> {
        let first = self.0.partition_point(|frame| frame.ended() < from);
        let end = self.0.partition_point(|frame| frame.began <= to).max(first);
        let mark = |frame: &FrameRecord| FrameMark {
            began: frame.began,
            busy: frame.busy,
            inputs: frame.inputs,
        };
        self.0.range(first..end).map(mark).collect()
    }
}
