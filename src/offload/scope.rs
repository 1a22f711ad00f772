//! Jobs that share a fate.

use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::ticket::{Refusal, Ticket, end};

/// A job of this priority comes after all others of its lane.
pub const LAST: i32 = i32::MIN;

/// The jobs of one view: see [`Ask::scope`](super::Ask::scope). Leaving the view drops the scope, which cancels those that
/// have no answer yet, whoever holds their handles.
#[derive(Default)]
pub struct Scope(Mutex<Members>);

#[derive(Default)]
struct Members {
    jobs: Vec<Weak<dyn Ticket>>,
    /// How many there may be before those that have ended are sorted out.
    enough: usize,
}

impl Scope {
    /// A scope without jobs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Cancels its jobs. Those that are asked for later are not concerned.
    pub fn cancel(&self) {
        for job in self.take_open() {
            end(&*job, Refusal::Cancelled);
        }
    }

    /// Cancels those of its jobs that have not started. Those that run come to their answer: for a view that was left but
    /// may be seen again, where closing connections would cost more than it saves.
    pub fn cancel_queued(&self) {
        let open = self.take_open();
        let (running, queued): (Vec<_>, Vec<_>) =
            (open.into_iter()).partition(|job| job.record().started().is_some());
        self.0
            .lock()
            .jobs
            .extend(running.iter().map(Arc::downgrade));
        for job in queued {
            end(&*job, Refusal::Cancelled);
        }
    }

    /// Gives another priority to those of its jobs that still wait, such as [`LAST`] to those of a view that was left but may
    /// be seen again.
    pub fn set_priority(&self, priority: i32) {
        let open = self.take_open();
        for job in &open {
            if let Some(workers) = job.workers() {
                workers.set_priority(job.record().job_id, priority);
            }
        }
        let mut members = self.0.lock();
        members.jobs.extend(open.iter().map(Arc::downgrade));
    }

    /// How many of its jobs have no answer.
    pub fn pending(&self) -> usize {
        let members = self.0.lock();
        members.jobs.iter().filter_map(open).count()
    }

    pub(super) fn add(&self, job: &Arc<dyn Ticket>) {
        let mut members = self.0.lock();
        if members.jobs.len() >= members.enough {
            members.jobs.retain(|job| open(job).is_some());
            members.enough = 2 * members.jobs.len() + 16;
        }
        members.jobs.push(Arc::downgrade(job));
    }

    fn take_open(&self) -> Vec<Arc<dyn Ticket>> {
        let jobs = std::mem::take(&mut self.0.lock().jobs);
        jobs.iter().filter_map(open).collect()
    }
}

fn open(job: &Weak<dyn Ticket>) -> Option<Arc<dyn Ticket>> {
    job.upgrade()
        .filter(|ticket| ticket.record().stored().is_none())
}

impl Drop for Scope {
    fn drop(&mut self) {
        self.cancel();
    }
}
