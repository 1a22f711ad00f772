//! A call as a row of the waterfall.

use std::time::Instant;

use super::CallRecord;
use crate::shotgun::Phase;

/// What a stretch of a call's time went into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Waiting for a worker.
    Queue,
    /// A phase of an exchange.
    Phase(Phase),
    /// An exchange that failed, from the phase it failed in.
    Failed,
    /// Turning bytes into rows.
    Decode,
    /// Between the answer and the end of the frame that showed it.
    Deliver,
}

/// One stretch of a call.
#[derive(Clone, Copy, Debug)]
pub struct Segment {
    /// What the time went into.
    pub step: Step,
    /// When it began.
    pub start: Instant,
    /// When it ended.
    pub end: Instant,
    /// The exchange it belongs to, by index into [`CallRecord::exchanges`].
    pub exchange: Option<usize>,
}

impl CallRecord {
    /// Where its time went, in order. What was not measured is absent; gaps are time in which the client did none of it.
    pub fn segments(&self) -> Vec<Segment> {
        let mut segments = Vec::new();
        if let Some(queue) = self.queue() {
            let start = self.asked();
            segments.push(Segment {
                step: Step::Queue,
                start,
                end: start + queue,
                exchange: None,
            });
        }
        for index in 0..self.exchanges.len() {
            self.push_phases(index, &mut segments);
        }
        if let Some(finished) = &self.finished {
            if let Some(decode) = finished.decode
                && let Some(start) = finished.at.checked_sub(decode)
            {
                segments.push(Segment {
                    step: Step::Decode,
                    start,
                    end: finished.at,
                    exchange: None,
                });
            }
            if let (Some(stored), Some((_, shown))) = (self.stored(), self.shown) {
                segments.push(Segment {
                    step: Step::Deliver,
                    start: stored,
                    end: shown,
                    exchange: None,
                });
            }
        }
        segments
    }

    fn push_phases(&self, index: usize, segments: &mut Vec<Segment>) {
        let exchange = &self.exchanges[index];
        let phases: Vec<_> = exchange.phases.iter().collect();
        let mut start = exchange.started;
        for (position, &(phase, duration)) in phases.iter().enumerate() {
            let failed = exchange.outcome.is_err() && position + 1 == phases.len();
            let step = if failed {
                Step::Failed
            } else {
                Step::Phase(phase)
            };
            let end = start + duration;
            segments.push(Segment {
                step,
                start,
                end,
                exchange: Some(index),
            });
            start = end;
        }
    }
}
