//! The handle of one offloaded closure.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use poll_promise::Promise;

use super::cancel::Stop;
use super::{JobRecord, Parcel};

/// Names a job within the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(pub u64);

/// Why a job has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobError<E> {
    /// The closure returned this error.
    Failed(E),
    /// The closure panicked with this message.
    Panicked(String),
    /// The job was cancelled before it started.
    Cancelled,
    /// The executor had been shut down.
    ShutDown,
}

impl<E> JobError<E> {
    /// The message of a caught panic.
    pub(super) fn panicked(payload: &(dyn Any + Send)) -> Self {
        let message = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned());
        Self::Panicked(message.unwrap_or_else(|| "a panic without a message".to_owned()))
    }
}

impl<E: fmt::Display> fmt::Display for JobError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Panicked(message) => write!(f, "The job panicked: {message}"),
            Self::Cancelled => f.write_str("Cancelled before it started"),
            Self::ShutDown => f.write_str("The executor is shut down"),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for JobError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed(error) => error.source(),
            Self::Panicked(_) | Self::Cancelled | Self::ShutDown => None,
        }
    }
}

/// What a job comes to. The error is boxed: the promise's channel makes room for many outcomes as soon as one is sent.
pub(super) type Outcome<T, E> = Result<Parcel<T>, Box<JobError<E>>>;

/// A closure on its way to, on, or back from a worker.
///
/// Dropping it cancels: a job that has not started never will, one that runs is told to stop ([`super::stop_requested`]),
/// and its answer is freed on the worker.
#[must_use = "a dropped job is a cancelled one"]
pub struct Job<T: Send + 'static, E: Send + 'static> {
    record: Arc<JobRecord>,
    stop: Stop,
    /// Absent once the answer has been taken.
    promise: Option<Promise<Outcome<T, E>>>,
}

impl<T: Send + 'static, E: Send + 'static> Job<T, E> {
    pub(super) fn new(record: Arc<JobRecord>, stop: Stop, promise: Promise<Outcome<T, E>>) -> Self {
        Self {
            record,
            stop,
            promise: Some(promise),
        }
    }

    /// Its life so far.
    pub fn record(&self) -> &Arc<JobRecord> {
        &self.record
    }

    /// Asks it not to start, or to stop. It is answered all the same.
    pub fn cancel(&self) {
        self.stop.raise();
    }

    /// The answer, once: absent while there is none yet, and after it was taken. Never waits.
    pub fn take(&mut self) -> Option<Result<Parcel<T>, Box<JobError<E>>>> {
        // `Reply` answers even when it is dropped, so `try_take` cannot meet a sender that vanished, which would panic.
        match self.promise.take()?.try_take() {
            Ok(outcome) => {
                self.record.mark_taken();
                Some(outcome)
            }
            Err(promise) => {
                self.promise = Some(promise);
                None
            }
        }
    }
}

impl<T: Send + 'static, E: Send + 'static> Drop for Job<T, E> {
    fn drop(&mut self) {
        if self.promise.is_some() {
            self.record.mark_abandoned();
            self.stop.raise();
        }
    }
}

impl<T: Send + 'static, E: Send + 'static> fmt::Debug for Job<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("id", &self.record.job_id)
            .field("label", &self.record.label)
            .finish_non_exhaustive()
    }
}
