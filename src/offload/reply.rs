//! The worker's end of a job: it answers exactly once, whatever happens.

use std::sync::{Arc, Weak};

use poll_promise::Sender;

use super::executor::Core;
use super::job::Outcome;
use super::workers::{Workers, contain};
use super::{End, JobError, JobRecord, Parcel};

/// Stores the answer, then wakes. Dropped without an answer, it answers "cancelled": poll-promise panics, or waits for ever,
/// when a sender vanishes.
pub(super) struct Reply<T: Send + 'static, E: Send + 'static> {
    sender: Option<Sender<Outcome<T, E>>>,
    record: Arc<JobRecord>,
    core: Arc<Core>,
    /// Weak: a job in the queue must not keep its own queue alive.
    workers: Weak<Workers>,
}

impl<T: Send + 'static, E: Send + 'static> Reply<T, E> {
    pub(super) fn new(
        sender: Sender<Outcome<T, E>>,
        record: Arc<JobRecord>,
        core: Arc<Core>,
        workers: Weak<Workers>,
    ) -> Self {
        Self {
            sender: Some(sender),
            record,
            core,
            workers,
        }
    }

    /// Answers the job.
    pub(super) fn send(mut self, outcome: Result<T, JobError<E>>) {
        self.answer(outcome);
    }

    fn answer(&mut self, outcome: Result<T, JobError<E>>) {
        let Some(sender) = self.sender.take() else {
            return;
        };
        let end = match &outcome {
            Ok(_) => End::Answered,
            Err(JobError::Failed(_)) => End::Failed,
            Err(JobError::Panicked(_)) => End::Panicked,
            Err(JobError::Cancelled) => End::Cancelled,
            Err(JobError::ShutDown) => End::ShutDown,
        };
        let parcel = outcome
            .map(|value| Parcel::new(value, self.workers.upgrade()))
            .map_err(Box::new);
        // First the marks and the value, then the frame that shows them.
        self.record.mark_stored(end);
        // Where nobody wants the value any more, it is freed in here, and may panic: it wakes all the same.
        contain(|| sender.send(parcel));
        self.core.job_ended();
        // A wake function that panics must not take the worker, and with it the process, along.
        contain(|| (self.core.wake)());
    }
}

impl<T: Send + 'static, E: Send + 'static> Drop for Reply<T, E> {
    fn drop(&mut self) {
        let error = if self.core.is_closed() {
            JobError::ShutDown
        } else {
            JobError::Cancelled
        };
        self.answer(Err(error));
    }
}
