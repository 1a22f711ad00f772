//! The calls that are kept: recent, and bounded in number and in memory.

use std::collections::VecDeque;
use std::sync::Arc;

use super::frames::FrameLog;
use super::record::weight;
use super::{CallRecord, Finished};
use crate::offload::JobRecord;
use crate::shotgun::{CallFinished, CallId, CallStarted, Exchange};

/// Most calls kept.
const CALLS_KEPT: usize = 5_000;

/// Most memory for kept requests and answers, in bytes.
pub(super) const BYTES_KEPT: usize = 64 * 1024 * 1024;

#[derive(Debug, Default)]
pub(super) struct CallLog {
    calls: VecDeque<Arc<CallRecord>>,
    bytes: usize,
}

impl CallLog {
    pub(super) fn start(
        &mut self,
        call: &CallStarted,
        job: Option<Arc<JobRecord>>,
        thread: Arc<str>,
    ) {
        let sibling = job.as_ref().and_then(|job| self.last_of(job));
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
    }

    /// Joins calls to the frames that showed them, and says how many were new to it.
    pub(super) fn join_frames(&mut self, frames: &FrameLog) -> u32 {
        let mut joined = 0;
        for call in self.calls.iter_mut().rev() {
            if call.shown.is_some() || call.finished.is_none() || !call.last_of_job {
                continue;
            }
            let Some(taken) = call.job.as_ref().and_then(|job| job.taken()) else {
                continue;
            };
            if let Some(frame) = frames.first_ending_after(taken) {
                Arc::make_mut(call).shown = Some((frame.number, frame.ended()));
                joined += 1;
            }
        }
        joined
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

    fn last_of(&self, job: &JobRecord) -> Option<usize> {
        let same = |call: &Arc<CallRecord>| {
            call.job
                .as_ref()
                .is_some_and(|other| other.job_id == job.job_id)
        };
        self.calls.iter().rposition(same)
    }

    fn shrink(&mut self) {
        while self.calls.len() > CALLS_KEPT || (self.bytes > BYTES_KEPT && self.calls.len() > 1) {
            if let Some(call) = self.calls.pop_front() {
                self.bytes = self.bytes.saturating_sub(call.weight());
            }
        }
    }
}
