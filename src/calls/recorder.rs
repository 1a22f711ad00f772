//! Hears of calls and frames, and joins them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::frames::FrameLog;
use super::log::{BYTES_KEPT, CallLog};
use super::{CallRecord, Clock, FrameMark, FrameRecord, Stall};
use crate::offload::current_job;
use crate::shotgun::{CallFinished, CallStarted, Exchange, Observer};

/// Stalls kept.
const STALLS_KEPT: usize = 100;

/// Always on, bounded in memory. Workers write to it, the window reads [`Snapshot`]s; its lock is held for a few
/// microseconds and never across anything that waits.
#[derive(Debug)]
pub struct Recorder {
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    calls: CallLog,
    frames: FrameLog,
    frames_drawn: u64,
    stalls: VecDeque<Stall>,
    paused: bool,
    /// Built at most once per change.
    snapshot: Option<Arc<Snapshot>>,
    /// Snapshots built so far.
    generation: u64,
}

/// What was recorded, at one moment. Cheap to keep: calls are shared.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Tells it from other snapshots of the same recorder.
    pub generation: u64,
    /// Reads instants as times of day.
    pub clock: Clock,
    /// Calls, by the order in which they started.
    pub calls: Vec<Arc<CallRecord>>,
    /// Kept requests and answers, in bytes.
    pub bytes: usize,
    /// The bound for [`Self::bytes`].
    pub bytes_limit: usize,
    /// Whether new calls are being left out.
    pub paused: bool,
}

impl Snapshot {
    /// Calls the client waits for.
    pub fn in_flight(&self) -> usize {
        self.calls.iter().filter(|call| call.is_in_flight()).count()
    }
}

impl Default for Recorder {
    fn default() -> Self {
        Self {
            clock: Clock::start(),
            state: Mutex::default(),
        }
    }
}

impl Recorder {
    /// Reads instants as times of day.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What is known now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        let mut state = self.state.lock();
        if let Some(snapshot) = &state.snapshot {
            return Arc::clone(snapshot);
        }
        state.generation += 1;
        let snapshot = Arc::new(Snapshot {
            generation: state.generation,
            clock: self.clock.clone(),
            calls: state.calls.calls(),
            bytes: state.calls.bytes(),
            bytes_limit: BYTES_KEPT,
            paused: state.paused,
        });
        state.snapshot = Some(Arc::clone(&snapshot));
        snapshot
    }

    /// The window drew a frame. Its number is given by the recorder and returned.
    pub fn frame(
        &self,
        began: Instant,
        busy: Duration,
        view: &'static str,
        cause: String,
        inputs: u32,
    ) -> u64 {
        let mut state = self.state.lock();
        let State {
            calls,
            frames,
            frames_drawn,
            snapshot,
            ..
        } = &mut *state;
        *frames_drawn += 1;
        let number = *frames_drawn;
        frames.push(FrameRecord {
            number,
            began,
            busy,
            view,
            cause,
            inputs,
            shown: 0,
        });
        let shown = calls.join_frames(frames);
        if shown > 0 {
            *snapshot = None;
            frames.mark_shown(shown);
        }
        number
    }

    /// What the last frame cost in all, which the window learns with the next one.
    pub fn settle_last_frame(&self, busy: Duration) {
        let mut state = self.state.lock();
        let State {
            calls,
            frames,
            snapshot,
            ..
        } = &mut *state;
        if frames.settle_last(busy) && calls.settle_shown(frames) {
            *snapshot = None;
        }
    }

    /// The frames that ended at or after `since`, oldest first.
    pub fn frames_since(&self, since: Instant) -> Vec<FrameRecord> {
        let state = self.state.lock();
        let mut frames: Vec<_> = state
            .frames
            .iter()
            .rev()
            .take_while(|frame| frame.ended() >= since)
            .cloned()
            .collect();
        frames.reverse();
        frames
    }

    /// What a time axis shows of the frames that overlap the time from `from` to `to`, oldest first.
    pub fn frame_marks(&self, from: Instant, to: Instant) -> Vec<FrameMark> {
        self.state.lock().frames.marks(from, to)
    }

    /// Frames drawn since the recording began, also those no longer kept.
    pub fn frames_drawn(&self) -> u64 {
        self.state.lock().frames_drawn
    }

    /// The thread that draws stands still.
    pub fn stalled(&self, stall: Stall) {
        tracing::warn!(
            view = stall.view,
            action = stall.action,
            "the window stands still"
        );
        let mut state = self.state.lock();
        if state.stalls.len() == STALLS_KEPT {
            state.stalls.pop_front();
        }
        state.stalls.push_back(stall);
    }

    /// The latest stalls, oldest first.
    pub fn stalls(&self) -> Vec<Stall> {
        self.state.lock().stalls.iter().copied().collect()
    }

    /// Leaves out new calls until it is called again with `false`. Calls on their way are followed to their end.
    pub fn pause(&self, paused: bool) {
        self.change(|state| state.paused = paused);
    }

    /// Forgets all calls that have ended, and all frames.
    pub fn clear(&self) {
        self.change(|state| {
            state.calls.clear();
            state.frames.clear();
            state.stalls.clear();
        });
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock();
        change(&mut state);
        state.snapshot = None;
    }
}

impl Observer for Recorder {
    fn call_started(&self, call: &CallStarted) {
        let job = current_job();
        let name = std::thread::current().name().map(Arc::from);
        // What runs outside every job runs in a frame.
        let thread = match &job {
            Some(_) => name.unwrap_or_else(|| "unnamed thread".into()),
            None => "UI thread".into(),
        };
        self.change(|state| {
            if !state.paused {
                state.calls.start(call, job, thread);
            }
        });
    }

    fn exchange(&self, exchange: &Exchange) {
        self.change(|state| state.calls.exchange(exchange));
    }

    fn call_finished(&self, call: &CallFinished) {
        self.change(|state| state.calls.finish(call));
    }
}
