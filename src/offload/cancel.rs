//! What a running job can know of itself: its record, and whether it should stop.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::JobRecord;

/// Asks one job to stop: raised when the job's handle is dropped or cancelled, or its executor shuts down.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    unwanted: Arc<AtomicBool>,
    closed: Arc<AtomicBool>,
}

impl Stop {
    /// `closed` is the executor's: it stops all of its jobs.
    pub(super) fn new(closed: Arc<AtomicBool>) -> Self {
        Self {
            unwanted: Arc::default(),
            closed,
        }
    }

    pub(super) fn raise(&self) {
        self.unwanted.store(true, Ordering::Release);
    }

    pub(super) fn is_raised(&self) -> bool {
        self.unwanted.load(Ordering::Acquire) || self.closed.load(Ordering::Acquire)
    }
}

thread_local! {
    static CURRENT: RefCell<Option<(Arc<JobRecord>, Stop)>> = const { RefCell::new(None) };
}

/// The job that this thread is running, if it is a worker inside a job.
///
/// Whoever measures something inside a job uses it to say on whose behalf it happened.
pub fn current_job() -> Option<Arc<JobRecord>> {
    CURRENT.with_borrow(|current| current.as_ref().map(|(record, _)| Arc::clone(record)))
}

/// Whether the job that this thread is running is no longer wanted.
///
/// A long job asks between its steps, say between two pages, and returns early. False outside a job.
pub fn stop_requested() -> bool {
    CURRENT.with_borrow(|current| current.as_ref().is_some_and(|(_, stop)| stop.is_raised()))
}

/// Names the running job for as long as it lives; what stood before stands again afterwards.
pub(super) struct CurrentJob(Option<(Arc<JobRecord>, Stop)>);

impl CurrentJob {
    pub(super) fn enter(record: Arc<JobRecord>, stop: Stop) -> Self {
        Self(CURRENT.replace(Some((record, stop))))
    }
}

impl Drop for CurrentJob {
    fn drop(&mut self) {
        CURRENT.replace(self.0.take());
    }
}
