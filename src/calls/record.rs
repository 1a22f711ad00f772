//! One call, as the board keeps it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::offload::JobRecord;
use crate::shotgun::{CallId, Captured, Exchange};

/// One API operation as the user means it. It may hold several exchanges: pages, and attempts.
#[derive(Clone, Debug)]
pub struct CallRecord {
    /// Names the call within the process.
    pub call_id: CallId,
    /// What was called, in the vocabulary of `shotgun_api3`: `find`, `update`…
    pub method: Arc<str>,
    /// The entity type it was about, where it was about one.
    pub entity_type: Option<Arc<str>>,
    /// The job that made it. A call without one was made on the thread that draws.
    pub job: Option<Arc<JobRecord>>,
    /// The thread that waited for it.
    pub thread: Arc<str>,
    /// When the client began with it.
    pub started: Instant,
    /// What went over the wire, in order.
    pub exchanges: Vec<Arc<Exchange>>,
    /// Present once the client was done with it.
    pub finished: Option<Finished>,
    /// The first call of its job carries the time in the queue…
    pub first_of_job: bool,
    /// …and the last one the time to the screen.
    pub last_of_job: bool,
    /// The frame that first showed it, and when that frame was done.
    pub shown: Option<(u64, Instant)>,
}

/// How a call ended.
#[derive(Clone, Debug)]
pub struct Finished {
    /// When.
    pub at: Instant,
    /// Time spent turning bytes into rows.
    pub decode: Option<Duration>,
    /// Rows in the answer, where it had rows.
    pub rows: Option<usize>,
    /// What went wrong, in one sentence without secrets.
    pub error: Option<Arc<str>>,
}

impl CallRecord {
    /// Like `find Shot`.
    pub fn label(&self) -> String {
        match &self.entity_type {
            Some(entity_type) => format!("{} {entity_type}", self.method),
            None => self.method.to_string(),
        }
    }

    /// When it was asked for: with the job, if it is the job's first call.
    pub fn asked(&self) -> Instant {
        self.job
            .as_ref()
            .filter(|_| self.first_of_job)
            .map_or(self.started, |job| job.asked)
    }

    /// How long it waited for a worker. Absent for a call that never queued.
    pub fn queue(&self) -> Option<Duration> {
        let job = self.job.as_ref().filter(|_| self.first_of_job)?;
        Some(job.started()?.saturating_duration_since(job.asked))
    }

    /// When its answer was stored for the window to find.
    pub fn stored(&self) -> Option<Instant> {
        self.job.as_ref().filter(|_| self.last_of_job)?.stored()
    }

    /// Answer stored → end of the frame that first showed it. Absent for what was never shown.
    pub fn deliver(&self) -> Option<Duration> {
        let (_, shown) = self.shown?;
        Some(shown.saturating_duration_since(self.stored()?))
    }

    /// The last moment known of it: shown, stored, finished, or `now` while it is on its way.
    pub fn ended(&self, now: Instant) -> Instant {
        let Some(finished) = &self.finished else {
            return now;
        };
        let shown = self.shown.map(|(_, at)| at);
        shown
            .or_else(|| self.stored())
            .unwrap_or(finished.at)
            .max(finished.at)
    }

    /// From asked to the end; to `now` while it is on its way.
    pub fn total(&self, now: Instant) -> Duration {
        self.ended(now).saturating_duration_since(self.asked())
    }

    /// Whether the client still waits for it.
    pub fn is_in_flight(&self) -> bool {
        self.finished.is_none()
    }

    /// Whether something went wrong. What was cancelled did not.
    pub fn is_failed(&self) -> bool {
        self.has_error() && !self.is_cancelled()
    }

    /// Whether it was broken off because nobody wanted its answer any more.
    pub fn is_cancelled(&self) -> bool {
        self.has_error() && self.job.as_ref().and_then(|job| job.cancel()).is_some()
    }

    fn has_error(&self) -> bool {
        let finished = self.finished.as_ref();
        finished.is_some_and(|finished| finished.error.is_some())
    }

    /// Whether it was made on the thread that draws, which stood still meanwhile.
    pub fn is_on_ui_thread(&self) -> bool {
        self.job.is_none()
    }

    /// HTTP status of the last exchange that had one.
    pub fn status(&self) -> Option<u16> {
        self.exchanges
            .iter()
            .rev()
            .find_map(|exchange| exchange.outcome.as_ref().ok().copied())
    }

    /// Bytes of all answers, as they came over the wire.
    pub fn received_wire(&self) -> u64 {
        self.exchanges
            .iter()
            .map(|exchange| exchange.bytes.received_wire)
            .sum()
    }

    /// Roughly what the record itself keeps in memory, in bytes.
    pub(super) fn weight(&self) -> usize {
        self.exchanges
            .iter()
            .map(|exchange| weight(exchange))
            .sum::<usize>()
            + size_of::<Self>()
    }
}

/// Roughly what a kept exchange takes, in bytes.
pub(super) fn weight(exchange: &Exchange) -> usize {
    size_of::<Exchange>() + side(&exchange.request) + side(&exchange.response)
}

fn side(captured: &Captured) -> usize {
    let head = captured
        .head
        .iter()
        .map(|(name, value)| name.len() + value.len());
    head.sum::<usize>() + captured.body.len()
}
