//! What is known of a job's life: who asked, and when it was asked, started, stored and taken.

use std::panic::Location;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use super::{JobId, Lane};

/// Who asked for a job: the part of the window, and the line of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The part of the program as its user knows it, such as `"Browse"`.
    pub view: &'static str,
    /// The line that asked.
    pub location: &'static Location<'static>,
}

impl Origin {
    /// The caller's line, on behalf of `view`.
    #[track_caller]
    pub fn here(view: &'static str) -> Self {
        Self {
            view,
            location: Location::caller(),
        }
    }
}

/// How a job ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The closure returned a value.
    Answered,
    /// The closure returned an error.
    Failed,
    /// The closure panicked.
    Panicked,
    /// It was cancelled: [`JobRecord::cancel`] says how.
    Cancelled,
    /// It was ended at its deadline.
    TimedOut,
    /// The executor had been shut down.
    ShutDown,
}

/// What ending a job from outside came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancel {
    /// It had not started, and never will.
    NeverStarted,
    /// It ran, and what it waited for was broken off.
    BrokenOff,
    /// It ran, and runs on until it looks whether it is wanted: only the interest in it was dropped.
    InterestDropped,
}

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// In the job's own unit.
    pub done: u64,
    /// The same of all of it, where that is known.
    pub total: Option<u64>,
}

/// The life of one job. Shared between the worker that writes it and whoever displays it; every mark is written once, so
/// reading takes no lock.
#[derive(Debug)]
pub struct JobRecord {
    /// Names the job within the process.
    pub job_id: JobId,
    /// What the job does, in a few words.
    pub label: Arc<str>,
    /// Who asked for it.
    pub origin: Origin,
    /// The lane it waits in.
    pub lane: Lane,
    /// When it was asked for.
    pub asked: Instant,
    started: OnceLock<Instant>,
    worker: OnceLock<Arc<str>>,
    returned: OnceLock<Instant>,
    stored: OnceLock<(Instant, End)>,
    taken: OnceLock<Instant>,
    abandoned: AtomicBool,
    broken_off: AtomicBool,
    /// `u64::MAX` before the first word of progress.
    done: AtomicU64,
    /// `u64::MAX` where it is not known.
    total: AtomicU64,
}

impl JobRecord {
    pub(super) fn new(
        job_id: JobId,
        label: Arc<str>,
        origin: Origin,
        lane: Lane,
        asked: Instant,
    ) -> Self {
        Self {
            job_id,
            label,
            origin,
            lane,
            asked,
            started: OnceLock::new(),
            worker: OnceLock::new(),
            returned: OnceLock::new(),
            stored: OnceLock::new(),
            taken: OnceLock::new(),
            abandoned: AtomicBool::new(false),
            broken_off: AtomicBool::new(false),
            done: AtomicU64::new(u64::MAX),
            total: AtomicU64::new(u64::MAX),
        }
    }

    /// When it left the queue; absent while it waits, and for ever if it never ran.
    pub fn started(&self) -> Option<Instant> {
        self.started.get().copied()
    }

    /// The name of the worker that ran it.
    pub fn worker(&self) -> Option<&Arc<str>> {
        self.worker.get()
    }

    /// When its closure returned, and the worker was free for another job. Of a job that was ended from outside, some time
    /// after the answer.
    pub fn returned(&self) -> Option<Instant> {
        self.returned.get().copied()
    }

    /// When its answer was stored: just before the wake-up.
    pub fn stored(&self) -> Option<Instant> {
        self.stored.get().map(|(at, _)| *at)
    }

    /// How it ended.
    pub fn end(&self) -> Option<End> {
        self.stored.get().map(|(_, end)| *end)
    }

    /// When the drawing thread took the answer. Absent for an answer that came too late to be wanted.
    pub fn taken(&self) -> Option<Instant> {
        self.taken.get().copied()
    }

    /// Whether its handle was dropped before the answer was taken: the answer, if one came, was stale.
    pub fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Acquire)
    }

    /// What ending it from outside came to, if that was how it ended.
    pub fn cancel(&self) -> Option<Cancel> {
        match self.end()? {
            End::Answered | End::Failed | End::Panicked => None,
            End::Cancelled | End::TimedOut | End::ShutDown => Some(if self.started().is_none() {
                Cancel::NeverStarted
            } else if self.broken_off.load(Ordering::Acquire) {
                Cancel::BrokenOff
            } else {
                Cancel::InterestDropped
            }),
        }
    }

    /// How far it has come, if it says so: see [`report_progress`](super::report_progress).
    pub fn progress(&self) -> Option<Progress> {
        let known = |number: &AtomicU64| {
            let number = number.load(Ordering::Acquire);
            (number != u64::MAX).then_some(number)
        };
        Some(Progress {
            done: known(&self.done)?,
            total: known(&self.total),
        })
    }

    pub(super) fn mark_started(&self, now: Instant) {
        let thread = std::thread::current();
        self.started.set(now).ok();
        self.worker
            .set(thread.name().unwrap_or("unnamed thread").into())
            .ok();
    }

    pub(super) fn mark_returned(&self, now: Instant) {
        self.returned.set(now).ok();
    }

    pub(super) fn mark_stored(&self, end: End, now: Instant) {
        self.stored.set((now, end)).ok();
    }

    pub(super) fn mark_taken(&self, now: Instant) {
        self.taken.set(now).ok();
    }

    pub(super) fn mark_broken_off(&self) {
        self.broken_off.store(true, Ordering::Release);
    }

    pub(super) fn mark_progress(&self, done: u64, total: Option<u64>) {
        self.total
            .store(total.unwrap_or(u64::MAX), Ordering::Release);
        self.done.store(done, Ordering::Release);
    }

    pub(super) fn mark_abandoned(&self) {
        self.abandoned.store(true, Ordering::Release);
    }
}
