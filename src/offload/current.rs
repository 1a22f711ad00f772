//! What a running job can know of itself.

use std::cell::RefCell;
use std::sync::Arc;

use super::JobRecord;
use super::ticket::Ticket;

thread_local! {
    static CURRENT: RefCell<Option<Arc<dyn Ticket>>> = const { RefCell::new(None) };
}

/// The job that this thread is running, if it is a worker inside a job.
///
/// Whoever measures something inside a job uses it to say on whose behalf it happened.
pub fn current_job() -> Option<Arc<JobRecord>> {
    CURRENT.with_borrow(|current| current.as_ref().map(|ticket| Arc::clone(ticket.record())))
}

/// Says how far the job that this thread is running has come: `done` of `total`, in bytes, pages or whatever.
///
/// [`JobRecord::progress`] has it, and frames are asked for, a few in a second at most. Nothing outside a job.
pub fn report_progress(done: u64, total: Option<u64>) {
    if let Some(ticket) = current_ticket() {
        ticket.record().mark_progress(done, total);
        ticket.core().wake_for_progress();
    }
}

pub(super) fn current_ticket() -> Option<Arc<dyn Ticket>> {
    CURRENT.with_borrow(Option::clone)
}

/// Names the running job for as long as it lives; what stood before stands again afterwards.
pub(super) struct CurrentJob(Option<Arc<dyn Ticket>>);

impl CurrentJob {
    pub(super) fn enter(ticket: Arc<dyn Ticket>) -> Self {
        Self(CURRENT.replace(Some(ticket)))
    }
}

impl Drop for CurrentJob {
    fn drop(&mut self) {
        CURRENT.replace(self.0.take());
    }
}
