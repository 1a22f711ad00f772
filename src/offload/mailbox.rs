//! Whose answers have arrived, for those who wait for many.

use parking_lot::Mutex;

use super::JobId;

/// The numbers of jobs that were answered since it was last emptied: so that looking costs what arrived, not what is out.
#[derive(Default)]
pub(super) struct Mailbox(Mutex<Vec<JobId>>);

impl Mailbox {
    pub(super) fn post(&self, job_id: JobId) {
        self.0.lock().push(job_id);
    }

    pub(super) fn empty(&self) -> Vec<JobId> {
        std::mem::take(&mut *self.0.lock())
    }
}
