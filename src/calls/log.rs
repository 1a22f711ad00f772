//! The calls that are kept: recent, and bounded in number and in memory.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::frames::FrameLog;
use super::record::weight;
use super::{CallRecord, Finished};
use crate::offload::{JobId, JobRecord};
use crate::shotgun::{CallFinished, CallId, CallStarted, Exchange};

/// Most calls kept.
const CALLS_KEPT: usize = 5_000;

/// Most memory for kept requests and answers, in bytes.
pub(super) const BYTES_KEPT: usize = 64 * 1024 * 1024;

/// Most ended calls that wait for the frame that shows them: more than any window has on its way.
const UNSHOWN_KEPT: usize = 1_024;

/// Jobs that may go on to make calls, before those that have ended are looked for.
const JOBS_FOLLOWED: usize = 256;

#[derive(Debug, Default)]
pub(super) struct CallLog {
    calls: VecDeque<Arc<CallRecord>>,
    bytes: usize,
    /// The last call of each job that may make another one.
    of_jobs: BTreeMap<JobId, (CallId, Arc<JobRecord>)>,
    /// Calls that have ended and that no frame has shown yet.
    unshown: VecDeque<CallId>,
    /// Calls that the last frame showed: when it ended is known one frame later.
    just_shown: Vec<CallId>,
}

impl CallLog {
    pub(super) fn start(
        &mut self,
        call: &CallStarted,
        job: Option<Arc<JobRecord>>,
        thread: Arc<str>,
    ) {
        let sibling = job.as_ref().and_then(|job| self.follow(job, call.call_id));
        if let Some(sibling) = sibling {
            Arc::make_mut(&mut self.calls[sibling]).last_of_job = false;
        }
        let record = CallRecord {
            call_id: call.call_id,
            method: Arc::clone(&call.method),
            entity_type: call.entity_type.clone(),
            job,
            thread,
            started: call.started,
            exchanges: Vec::new(),
            finished: None,
            first_of_job: sibling.is_none(),
            last_of_job: true,
            shown: None,
        };
        self.bytes += record.weight();
        self.calls.push_back(Arc::new(record));
        self.shrink();
    }

    pub(super) fn exchange(&mut self, exchange: &Exchange) {
        let Some(call) = self.find_mut(exchange.call_id) else {
            return;
        };
        call.exchanges.push(Arc::new(exchange.clone()));
        self.bytes += weight(exchange);
        self.shrink();
    }

    pub(super) fn finish(&mut self, end: &CallFinished) {
        let Some(call) = self.find_mut(end.call_id) else {
            return;
        };
        call.finished = Some(Finished {
            at: end.finished,
            decode: end.decode,
            rows: end.rows,
            error: end.error.clone(),
        });
        if call.job.is_some() {
            self.unshown.push_back(end.call_id);
        }
        if self.unshown.len() > UNSHOWN_KEPT {
            self.unshown.pop_front();
        }
    }

    /// Joins calls to the frames that showed them, and says how many were new to it.
    pub(super) fn join_frames(&mut self, frames: &FrameLog) -> u32 {
        self.just_shown.clear();
        let mut joined = 0;
        for call_id in std::mem::take(&mut self.unshown) {
            let Some(call) = self.find_mut(call_id) else {
                continue;
            };
            let Some(job) = call
                .job
                .clone()
                .filter(|job| call.last_of_job && !job.is_abandoned())
            else {
                continue;
            };
            let Some(frame) = job
                .taken()
                .and_then(|taken| frames.first_ending_after(taken))
            else {
                self.unshown.push_back(call_id);
                continue;
            };
            call.shown = Some((frame.number, frame.ended()));
            self.just_shown.push(call_id);
            joined += 1;
        }
        joined
    }

    /// The last frame took longer than was known when calls were joined to it. Says whether there were any.
    pub(super) fn settle_shown(&mut self, frames: &FrameLog) -> bool {
        let Some(last) = frames.last() else {
            return false;
        };
        let mut settled = false;
        for call_id in std::mem::take(&mut self.just_shown) {
            let shown = self.find_mut(call_id).and_then(|call| call.shown.as_mut());
            if let Some((_, at)) = shown.filter(|(number, _)| *number == last.number) {
                *at = last.ended();
                settled = true;
            }
        }
        settled
    }

    pub(super) fn clear(&mut self) {
        // What is still on its way stays: its end must find it.
        self.calls.retain(|call| call.is_in_flight());
        self.bytes = self.calls.iter().map(|call| call.weight()).sum();
    }

    pub(super) fn calls(&self) -> Vec<Arc<CallRecord>> {
        self.calls.iter().map(Arc::clone).collect()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    fn find_mut(&mut self, call_id: CallId) -> Option<&mut CallRecord> {
        // Recent calls are the ones that change: look from the end.
        self.calls
            .iter_mut()
            .rev()
            .find(|call| call.call_id == call_id)
            .map(Arc::make_mut)
    }

    /// Notes that `call_id` is the latest call of `job`, and says where the one before it is.
    fn follow(&mut self, job: &Arc<JobRecord>, call_id: CallId) -> Option<usize> {
        if self.of_jobs.len() > JOBS_FOLLOWED {
            self.of_jobs.retain(|_, (_, job)| job.stored().is_none());
        }
        let entry = (call_id, Arc::clone(job));
        let (before, _) = self.of_jobs.insert(job.job_id, entry)?;
        self.calls.iter().rposition(|call| call.call_id == before)
    }

    fn shrink(&mut self) {
        while self.calls.len() > CALLS_KEPT || (self.bytes > BYTES_KEPT && self.calls.len() > 1) {
            if let Some(call) = self.calls.pop_front() {
                self.bytes = self.bytes.saturating_sub(call.weight());
            }
        }
    }
}
