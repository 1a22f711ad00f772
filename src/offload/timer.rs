//! What is to happen later: jobs that wait for quiet, and deadlines.

use std::collections::BTreeMap;
use std::sync::Weak;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::JobId;
use super::ticket::{Refusal, Ticket, end};

/// Jobs by the moment at which something is due.
#[derive(Default)]
pub(super) struct Timer {
    list: Mutex<List>,
    changed: Condvar,
}

#[derive(Default)]
struct List {
    due: BTreeMap<(Instant, JobId, Due), Weak<dyn Ticket>>,
    is_closed: bool,
}

/// What is due.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// The job may start.
    Start,
    /// The job has had so long, and is ended.
    Deadline(Duration),
}

impl Timer {
    /// Has something happen at `at`.
    pub(super) fn add(&self, at: Instant, job_id: JobId, due: Due, ticket: Weak<dyn Ticket>) {
        let mut list = self.list.lock();
        list.due.insert((at, job_id, due), ticket);
        self.changed.notify_one();
    }

    /// Has it not happen.
    pub(super) fn forget(&self, at: Instant, job_id: JobId, due: Due) {
        self.list.lock().due.remove(&(at, job_id, due));
    }

    /// Does what is due by `now`.
    pub(super) fn fire(&self, now: Instant) {
        loop {
            let (job_id, due, ticket) = {
                let mut list = self.list.lock();
                let Some(first) = list.due.first_entry().filter(|entry| entry.key().0 <= now)
                else {
                    return;
                };
                let ((_, job_id, due), ticket) = first.remove_entry();
                (job_id, due, ticket)
            };
            let Some(ticket) = ticket.upgrade() else {
                continue;
            };
            match due {
                Due::Deadline(limit) => end(&*ticket, Refusal::TimedOut(limit)),
                Due::Start => {
                    if let Some(workers) = ticket.workers() {
                        workers.wake(job_id);
                    }
                }
            }
        }
    }

    /// Does all that becomes due, until the timer is closed.
    pub(super) fn run(&self) {
        let mut list = self.list.lock();
        while !list.is_closed {
            match list.due.first_key_value() {
                None => self.changed.wait(&mut list),
                Some((&(at, ..), _)) if at <= Instant::now() => {
                    drop(list);
                    self.fire(Instant::now());
                    list = self.list.lock();
                }
                Some((&(at, ..), _)) => {
                    self.changed.wait_until(&mut list, at);
                }
            }
        }
    }

    pub(super) fn close(&self) {
        let mut list = self.list.lock();
        list.is_closed = true;
        list.due.clear();
        self.changed.notify_all();
    }
}
