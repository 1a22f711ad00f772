//! What a job's handle, its worker and its executor share: whoever answers first, answers.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use poll_promise::{Promise, Sender};

use super::core::Core;
use super::job::Outcome;
use super::mailbox::Mailbox;
use super::stop::{Stop, Told};
use super::timer::Due;
use super::workers::{Workers, contain};
use super::{End, JobError, JobRecord, Parcel};

/// Why a job is ended from outside.
#[derive(Clone, Copy)]
pub(super) enum Refusal {
    Cancelled,
    /// Its deadline, so long after it was asked for.
    TimedOut(Duration),
    ShutDown,
}

/// A job, whatever it answers.
pub(super) trait Ticket: Send + Sync {
    fn record(&self) -> &Arc<JobRecord>;
    fn stop(&self) -> &Stop;
    fn core(&self) -> &Arc<Core>;
    fn workers(&self) -> Option<Arc<Workers>>;
    /// Answers without a value; says whether nobody had answered before.
    fn refuse(&self, why: Refusal) -> bool;
}

/// Ends a job from outside, as far as that goes: one that has not started never will; one that runs is told to stop. It is
/// answered at once, whenever its closure returns.
pub(super) fn end(ticket: &dyn Ticket, why: Refusal) {
    let record = ticket.record();
    if record.stored().is_some() {
        return;
    }
    let workers = ticket.workers();
    let queued = (workers.as_ref()).and_then(|workers| workers.remove(record.job_id));
    // First the answer: a job that hears that it should stop may return in no time.
    ticket.refuse(why);
    if ticket.stop().raise() == Told::BrokenOff {
        record.mark_broken_off();
    }
    if let (Some(workers), Some(task)) = (workers, queued) {
        // What it captured may be big.
        workers.free(task);
    }
}

pub(super) struct Shared<T: Send + 'static, E: Send + 'static> {
    record: Arc<JobRecord>,
    stop: Stop,
    core: Arc<Core>,
    /// Weak: a job in the queue must not keep its own queue alive.
    workers: Weak<Workers>,
    /// When it is too late, and how long that was.
    deadline: Option<(Instant, Duration)>,
    open: Mutex<Open<T, E>>,
}

struct Open<T: Send + 'static, E: Send + 'static> {
    /// Absent once it was answered. Never dropped unsent: poll-promise panics, or waits for ever, when a sender vanishes.
    sender: Option<Sender<Outcome<T, E>>>,
    mailbox: Option<Arc<Mailbox>>,
}

impl<T: Send + 'static, E: Send + 'static> Shared<T, E> {
    pub(super) fn new(
        record: Arc<JobRecord>,
        core: Arc<Core>,
        workers: Weak<Workers>,
        deadline: Option<(Instant, Duration)>,
    ) -> (Arc<Self>, Promise<Outcome<T, E>>) {
        let (sender, promise) = Promise::new();
        let open = Open {
            sender: Some(sender),
            mailbox: None,
        };
        let shared = Self {
            record,
            stop: Stop::default(),
            core,
            workers,
            deadline,
            open: Mutex::new(open),
        };
        (Arc::new(shared), promise)
    }

    /// Stores the answer, then wakes. An answer that comes after another one is freed; says whether it did not.
    pub(super) fn answer(&self, outcome: Result<T, JobError<E>>) -> bool {
        let mut open = self.open.lock();
        let Some(sender) = open.sender.take() else {
            drop(open);
            contain(|| drop(outcome));
            return false;
        };
        let parcel = match outcome {
            Ok(value) => {
                self.record.mark_stored(End::Answered, self.core.now());
                Ok(Parcel::new(value, self.workers.upgrade()))
            }
            Err(error) => {
                self.record.mark_stored(error.end(), self.core.now());
                Err(Box::new(error))
            }
        };
        // First the marks and the value, then the frame that shows them.
        let mailbox = open.mailbox.take();
        contain(|| sender.send(parcel));
        drop(open);
        if let Some(mailbox) = mailbox {
            mailbox.post(self.record.job_id);
        }
        if let Some((at, limit)) = self.deadline {
            self.core
                .timer
                .forget(at, self.record.job_id, Due::Deadline(limit));
        }
        self.core.answered();
        true
    }

    /// Has the job's number put into `mailbox` once it is answered, at once if it was already.
    pub(super) fn announce_to(&self, mailbox: Arc<Mailbox>) {
        let mut open = self.open.lock();
        if open.sender.is_some() {
            open.mailbox = Some(mailbox);
        } else {
            mailbox.post(self.record.job_id);
        }
    }
}

impl<T: Send + 'static, E: Send + 'static> Ticket for Shared<T, E> {
    fn record(&self) -> &Arc<JobRecord> {
        &self.record
    }

    fn stop(&self) -> &Stop {
        &self.stop
    }

    fn core(&self) -> &Arc<Core> {
        &self.core
    }

    fn workers(&self) -> Option<Arc<Workers>> {
        self.workers.upgrade()
    }

    fn refuse(&self, why: Refusal) -> bool {
        let is_first = self.answer(Err(match why {
            Refusal::Cancelled => JobError::Cancelled,
            Refusal::TimedOut(limit) => JobError::TimedOut(limit),
            Refusal::ShutDown => JobError::ShutDown,
        }));
        // Nobody looks at the answer of a job whose handle is gone.
        if is_first
            && !self.record.is_abandoned()
            && let Some(workers) = self.workers.upgrade()
        {
            let core = Arc::clone(&self.core);
            workers.elsewhere(move || core.wake());
        }
        is_first
    }
}
