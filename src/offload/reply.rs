//! The worker's end of a job: it answers exactly once, whatever happens.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use poll_promise::Sender;

use super::executor::{Core, Disposal};
use super::job::Outcome;
use super::{End, JobError, JobRecord, Parcel};

/// Stores the answer, then wakes. Dropped without an answer, it answers "cancelled": poll-promise panics, or waits for ever,
/// when a sender vanishes.
pub(super) struct Reply<T: Send + 'static, E: Send + 'static> {
    sender: Option<Sender<Outcome<T, E>>>,
    record: Arc<JobRecord>,
    core: Arc<Core>,
    disposal: Disposal,
}

impl<T: Send + 'static, E: Send + 'static> Reply<T, E> {
    pub(super) fn new(
        sender: Sender<Outcome<T, E>>,
        record: Arc<JobRecord>,
        core: Arc<Core>,
        disposal: Disposal,
    ) -> Self {
        Self {
            sender: Some(sender),
            record,
            core,
            disposal,
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
            .map(|value| Parcel::new(value, self.disposal.clone()))
            .map_err(Box::new);
        // First the marks and the value, then the frame that shows them.
        self.record.mark_stored(end);
        self.core.job_ended();
        // Where nobody wants the value any more, it is freed in here, and may panic: it wakes all the same.
        catch_unwind(AssertUnwindSafe(|| sender.send(parcel))).ok();
        // A wake function that panics must not take the worker, and with it the process, along.
        catch_unwind(AssertUnwindSafe(|| (self.core.wake)())).ok();
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
