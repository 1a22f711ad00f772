//! The handle of one offloaded closure.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use poll_promise::Promise;

use super::core::Core;
use super::mailbox::Mailbox;
use super::ticket::{Refusal, Shared, Ticket, end};
use super::{End, JobRecord, Parcel};

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
    /// The job was cancelled.
    Cancelled,
    /// The job had no answer by its deadline, so long after it was asked for.
    TimedOut(Duration),
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

    pub(super) fn end(&self) -> End {
        match self {
            Self::Failed(_) => End::Failed,
            Self::Panicked(_) => End::Panicked,
            Self::Cancelled => End::Cancelled,
            Self::TimedOut(_) => End::TimedOut,
            Self::ShutDown => End::ShutDown,
        }
    }
}

impl<E: fmt::Display> fmt::Display for JobError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::Panicked(message) => write!(f, "The job panicked: {message}"),
            Self::Cancelled => f.write_str("Cancelled"),
            Self::TimedOut(limit) => write!(f, "No answer after {limit:?}"),
            Self::ShutDown => f.write_str("The executor is shut down"),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for JobError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Failed(error) => error.source(),
            Self::Panicked(_) | Self::Cancelled | Self::TimedOut(_) | Self::ShutDown => None,
        }
    }
}

/// What a job comes to. The error is boxed: the promise's channel makes room for many outcomes as soon as one is sent.
pub(super) type Outcome<T, E> = Result<Parcel<T>, Box<JobError<E>>>;

/// A closure on its way to, on, or back from a worker.
///
/// Dropping it cancels: a job that has not started never will, one that runs is told to stop ([`super::stop_requested`],
/// [`super::on_stop`]), and its answer is freed on the worker.
#[must_use = "a dropped job is a cancelled one"]
pub struct Job<T: Send + 'static, E: Send + 'static> {
    shared: Arc<Shared<T, E>>,
    /// Absent once the answer has been taken.
    promise: Option<Promise<Outcome<T, E>>>,
}

impl<T: Send + 'static, E: Send + 'static> Job<T, E> {
    pub(super) fn new(shared: Arc<Shared<T, E>>, promise: Promise<Outcome<T, E>>) -> Self {
        Self {
            shared,
            promise: Some(promise),
        }
    }

    /// Its life so far.
    pub fn record(&self) -> &Arc<JobRecord> {
        self.shared.record()
    }

    /// Ends it: it never starts, or is told to stop. It is answered at once, whenever its closure returns.
    pub fn cancel(&self) {
        end(&*self.shared, Refusal::Cancelled);
    }

    /// Asks it to stop, and lets it say itself what came of that: for a write, whose outcome must be known. A job that has
    /// not started never will.
    pub fn ask_to_stop(&self) {
        if self.record().started().is_none() {
            self.cancel();
        }
        self.shared.stop().raise();
    }

    /// Moves it in its lane, as long as it waits there: what is on screen goes first.
    pub fn set_priority(&self, priority: i32) {
        if let Some(workers) = self.shared.workers() {
            workers.set_priority(self.record().job_id, priority);
        }
    }

    /// The answer, once: absent while there is none yet, and after it was taken. Never waits.
    pub fn take(&mut self) -> Option<Result<Parcel<T>, Box<JobError<E>>>> {
        // The sender is never dropped unsent, so `try_take` cannot meet one that vanished, which would panic.
        match self.promise.take()?.try_take() {
            Ok(outcome) => {
                self.record().mark_taken(self.shared.core().now());
                Some(outcome)
            }
            Err(promise) => {
                self.promise = Some(promise);
                None
            }
        }
    }

    pub(super) fn core(&self) -> &Arc<Core> {
        self.shared.core()
    }

    pub(super) fn announce_to(&self, mailbox: Arc<Mailbox>) {
        self.shared.announce_to(mailbox);
    }

    pub(super) fn ticket(&self) -> Arc<dyn Ticket> {
        Arc::<Shared<T, E>>::clone(&self.shared)
    }
}

impl<T: Send + 'static, E: Send + 'static> Drop for Job<T, E> {
    fn drop(&mut self) {
        if self.promise.is_some() {
            self.record().mark_abandoned();
            if self.record().stored().is_some() {
                self.shared.core().was_stale();
            }
            end(&*self.shared, Refusal::Cancelled);
        }
    }
}

impl<T: Send + 'static, E: Send + 'static> fmt::Debug for Job<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("id", &self.record().job_id)
            .field("label", &self.record().label)
            .finish_non_exhaustive()
    }
}
