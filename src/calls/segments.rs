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
    /// Where its time went: exchanges by their beginning, each with its phases in order. Those of different pages may overlap.
    /// What was not measured is absent; gaps are time in which the client did none of it.
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
        let mut by_beginning: Vec<_> = (0..self.exchanges.len()).collect();
        by_beginning.sort_by_key(|&index| self.exchanges[index].started);
        for index in by_beginning {
            self.push_phases(index, &mut segments);
        }
        if let Some(finished) = &self.finished {
            if let Some(decode) = finished.decode {
                // A sum over pages, most of it spent while others were on their way: the end of it lies here.
                let start = finished.at.checked_sub(decode);
                let start = start.max(self.answered()).unwrap_or(self.started);
                segments.push(Segment {
                    step: Step::Decode,
                    start: start.min(finished.at),
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

    /// When the last answer so far had come in full, or failed: of exchanges that overlap, the one that ended last.
    pub fn answered(&self) -> Option<Instant> {
        self.exchanges
            .iter()
            .map(|exchange| exchange.started + exchange.total)
            .max()
    }

    /// The pause before exchange number `index`, if it is another attempt: from the end of the one before it at the same page.
    pub fn back_off(&self, index: usize) -> Option<(Instant, Instant)> {
        let again = self.exchanges.get(index)?;
        let before = self.exchanges.iter().find(|exchange| {
            exchange.page == again.page && exchange.attempt.checked_add(1) == Some(again.attempt)
        })?;
        let from = before.started + before.total;
        Some((from, again.started.max(from)))
    }

    fn push_phases(&self, index: usize, segments: &mut Vec<Segment>) {
        let exchange = &self.exchanges[index];
        let phases: Vec<_> = exchange.phases.iter().collect();
        let mut start = exchange.started;
        for (position, &(phase, duration)) in phases.iter().enumerate() {
            let broken_off = self.is_cancelled() && index + 1 == self.exchanges.len();
            let failed = exchange.outcome.is_err() && position + 1 == phases.len() && !broken_off;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Finished;
    use crate::shotgun::{Bytes, CallId, Captured, Exchange, Phases};
    use std::sync::Arc;
    use std::time::Duration;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// Exchanges as (page, attempt, begin, end) in milliseconds, in the order in which they ended.
    fn call(begin: Instant, exchanges: &[(u32, u32, u64, u64)], decode: Duration) -> CallRecord {
        let exchange = |&(page, attempt, from, to): &(u32, u32, u64, u64)| Exchange {
            call_id: CallId(1),
            attempt,
            page: Some(page),
            started: begin + ms(from),
            phases: Phases {
                wait: Some(ms(to - from)),
                ..Phases::default()
            },
            total: ms(to - from),
            connection: None,
            outcome: Ok(200),
            bytes: Bytes::default(),
            server_timing: None,
            request: Captured::default(),
            response: Captured::default(),
        };
        CallRecord {
            call_id: CallId(1),
            method: "find".into(),
            entity_type: None,
            job: None,
            thread: "UI thread".into(),
            started: begin,
            exchanges: exchanges.iter().map(exchange).map(Arc::new).collect(),
            finished: Some(Finished {
                at: begin + ms(100),
                decode: Some(decode),
                rows: None,
                error: None,
            }),
            first_of_job: true,
            last_of_job: true,
            shown: None,
        }
    }

    #[test]
    fn overlapping_pages_stand_by_their_beginning_and_decoding_after_the_last_of_them() {
        let begin = Instant::now();
        let pages = [(1, 1, 0, 20), (3, 1, 22, 40), (2, 1, 21, 90)];
        for decode in [ms(5), ms(50), ms(500)] {
            let call = call(begin, &pages, decode);
            assert_eq!(call.answered(), Some(begin + ms(90)));
            let segments = call.segments();
            let order: Vec<_> = segments.iter().map(|segment| segment.exchange).collect();
            assert_eq!(order, [Some(0), Some(2), Some(1), None]);
            let decode = segments.last().unwrap().start;
            assert!(decode >= begin + ms(90) && decode <= begin + ms(100));
        }
    }

    #[test]
    fn a_pause_lies_between_two_attempts_at_the_same_page_only() {
        let begin = Instant::now();
        let pages = [
            (1, 1, 0, 20),
            (2, 1, 20, 30),
            (3, 1, 20, 40),
            (3, 2, 55, 60),
            (2, 2, 50, 90),
        ];
        let call = call(begin, &pages, ms(1));
        let pauses: Vec<_> = (0..5).map(|index| call.back_off(index)).collect();
        let pause = |from, to| Some((begin + ms(from), begin + ms(to)));
        assert_eq!(pauses, [None, None, None, pause(40, 55), pause(30, 50)]);
    }
}
