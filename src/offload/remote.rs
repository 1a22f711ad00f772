//! A value that comes from elsewhere.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::{Job, JobError, JobRecord, Parcel};

/// The latest job for a value, and the last good value.
///
/// The latest job wins: loading again drops the job before, and its answer is never seen. A refresh, also one that fails,
/// keeps the value.
pub struct Remote<T: Send + 'static, E: Send + 'static> {
    job: Option<Job<T, E>>,
    value: Option<Parcel<T>>,
    error: Option<Box<JobError<E>>>,
    record: Option<Arc<JobRecord>>,
    answered: Option<Instant>,
}

/// What to draw for a [`Remote`].
#[derive(Debug)]
pub enum View<'a, T, E> {
    /// Nothing was ever asked.
    Idle,
    /// An answer is on its way; until then, here is the previous one.
    Loading {
        /// The last good value.
        previous: Option<&'a T>,
    },
    /// The answer.
    Ready(&'a T),
    /// The latest job has no value.
    Failed {
        /// Why.
        error: &'a JobError<E>,
        /// The last good value.
        previous: Option<&'a T>,
    },
}

impl<'a, T, E> View<'a, T, E> {
    /// The value to show: the answer or, without one, the previous one.
    pub fn value(&self) -> Option<&'a T> {
        match *self {
            Self::Idle => None,
            Self::Ready(value) => Some(value),
            Self::Loading { previous } | Self::Failed { previous, .. } => previous,
        }
    }
}

impl<T: Send + 'static, E: Send + 'static> Remote<T, E> {
    /// Waits for `job` from now on. The job before, if one is still out, is cancelled.
    pub fn load(&mut self, job: Job<T, E>) {
        self.record = Some(Arc::clone(job.record()));
        self.job = Some(job);
    }

    /// Takes the answer if there is one, and says whether there was. Call it once a frame; it never waits.
    pub fn poll(&mut self) -> bool {
        self.arrived().is_some()
    }

    /// Like [`Self::poll`], for code that does something with an answer besides drawing it: the answer, in the one frame in
    /// which it arrives.
    pub fn arrived(&mut self) -> Option<Result<&T, &JobError<E>>> {
        let outcome = self.job.as_mut()?.take()?;
        self.answered = self.job.take().and_then(|job| job.record().stored());
        match outcome {
            Ok(value) => {
                self.error = None;
                Some(Ok(&**self.value.insert(value)))
            }
            Err(error) => Some(Err(&**self.error.insert(error))),
        }
    }

    /// What to draw.
    pub fn view(&self) -> View<'_, T, E> {
        let previous = self.value.as_deref();
        if self.job.is_some() {
            return View::Loading { previous };
        }
        match (&self.error, previous) {
            (Some(error), previous) => View::Failed { error, previous },
            (None, Some(value)) => View::Ready(value),
            (None, None) => View::Idle,
        }
    }

    /// The last good value, however old.
    pub fn value(&self) -> Option<&T> {
        self.value.as_deref()
    }

    /// Whether an answer is on its way.
    pub fn is_loading(&self) -> bool {
        self.job.is_some()
    }

    /// The life of the latest job, also once it has ended.
    pub fn record(&self) -> Option<&Arc<JobRecord>> {
        self.record.as_ref()
    }

    /// When the last answer arrived, good or bad.
    pub fn answered(&self) -> Option<Instant> {
        self.answered
    }

    /// Cancels the job; its answer is not wanted any more. Value and error stay as they were before it.
    pub fn cancel(&mut self) {
        self.job = None;
    }

    /// Forgets value and error and cancels the job: as if nothing was ever asked.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl<T: Send + 'static, E: Send + 'static> Default for Remote<T, E> {
    fn default() -> Self {
        Self {
            job: None,
            value: None,
            error: None,
            record: None,
            answered: None,
        }
    }
}

impl<T: Send + fmt::Debug + 'static, E: Send + fmt::Debug + 'static> fmt::Debug for Remote<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().fmt(f)
    }
}
