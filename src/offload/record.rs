//! What is known of a job's life: who asked, and when it was asked, started, stored and taken.

use std::panic::Location;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use super::JobId;

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
    /// It was cancelled before it started.
    Cancelled,
    /// The executor had been shut down.
    ShutDown,
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
    /// When it was asked for.
    pub asked: Instant,
    started: OnceLock<Instant>,
    worker: OnceLock<Arc<str>>,
    stored: OnceLock<(Instant, End)>,
    taken: OnceLock<Instant>,
    abandoned: AtomicBool,
}

impl JobRecord {
    pub(super) fn new(job_id: JobId, label: Arc<str>, origin: Origin) -> Self {
        Self {
            job_id,
            label,
            origin,
            asked: Instant::now(),
            started: OnceLock::new(),
            worker: OnceLock::new(),
            stored: OnceLock::new(),
            taken: OnceLock::new(),
            abandoned: AtomicBool::new(false),
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

    pub(super) fn mark_started(&self) {
        let thread = std::thread::current();
        self.started.set(Instant::now()).ok();
        self.worker
            .set(thread.name().unwrap_or("unnamed thread").into())
            .ok();
    }

    pub(super) fn mark_stored(&self, end: End) {
        self.stored.set((Instant::now(), end)).ok();
    }

    pub(super) fn mark_taken(&self) {
        self.taken.set(Instant::now()).ok();
    }

    pub(super) fn mark_abandoned(&self) {
        self.abandoned.store(true, Ordering::Release);
    }
}
