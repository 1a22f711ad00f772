//! A job whose answer comes in parts.

use std::fmt;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::core::Core;
use super::workers::Workers;
use super::{Job, JobError, JobRecord, Parcel, stop_requested};

type List<P> = Arc<Mutex<Vec<Parcel<P>>>>;

/// The worker's end: where parts go as they come.
pub struct Parts<P: Send + 'static> {
    list: List<P>,
    core: Arc<Core>,
    workers: Weak<Workers>,
}

impl<P: Send + 'static> Parts<P> {
    pub(super) fn new(core: Arc<Core>, workers: Weak<Workers>) -> Self {
        Self {
            list: Arc::default(),
            core,
            workers,
        }
    }

    pub(super) fn list(&self) -> List<P> {
        Arc::clone(&self.list)
    }

    /// Stores a part, wakes, and says whether more are wanted.
    pub fn send(&self, part: P) -> bool {
        if stop_requested() {
            return false;
        }
        let parcel = Parcel::new(part, self.workers.upgrade());
        self.list.lock().push(parcel);
        self.core.wake();
        true
    }
}

/// A job whose parts can be drawn while there are more to come. Dropping it cancels.
#[must_use = "a dropped stream is a cancelled one"]
pub struct Stream<P: Send + 'static, E: Send + 'static> {
    list: List<P>,
    job: Job<(), E>,
    end: Option<Result<(), Box<JobError<E>>>>,
}

impl<P: Send + 'static, E: Send + 'static> Stream<P, E> {
    pub(super) fn new(list: List<P>, job: Job<(), E>) -> Self {
        Self {
            list,
            job,
            end: None,
        }
    }

    /// The parts that came since it was last asked, in their order. Call it once a frame; it never waits.
    pub fn arrived(&mut self) -> Vec<Parcel<P>> {
        // First the end: what was sent before it is in the list by then.
        if let Some(end) = self.job.take() {
            self.end = Some(end.map(drop));
        }
        std::mem::take(&mut *self.list.lock())
    }

    /// How it ended, once it has: as of the last [`Self::arrived`], which had the last part.
    pub fn end(&self) -> Option<Result<(), &JobError<E>>> {
        Some(match self.end.as_ref()? {
            Ok(()) => Ok(()),
            Err(error) => Err(&**error),
        })
    }

    /// Its life so far.
    pub fn record(&self) -> &Arc<JobRecord> {
        self.job.record()
    }
}

impl<P: Send + 'static, E: Send + 'static> fmt::Debug for Stream<P, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stream").field(&self.job).finish()
    }
}
