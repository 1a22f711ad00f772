//! What every job shares with its executor, and may outlive the workers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::clock::Clock;
use super::lane::Lane;
use super::ring::{Recent, Ring};
use super::timer::Timer;
use super::workers::contain;
use super::{JobId, JobRecord, Origin};

/// A frame for progress is asked for at most this often.
const BETWEEN_PROGRESS: Duration = Duration::from_millis(50);

pub(super) struct Core {
    wake: Box<dyn Fn() + Send + Sync>,
    clock: Clock,
    pub(super) timer: Timer,
    began: Instant,
    /// When a frame was last asked for to show progress, in nanoseconds since `began`.
    progress_shown: AtomicU64,
    unanswered: AtomicUsize,
    stale: AtomicUsize,
    jobs: Mutex<Ring<Arc<JobRecord>>>,
}

impl Core {
    pub(super) fn new(clock: Clock, wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            wake: Box::new(wake),
            began: clock.now(),
            clock,
            timer: Timer::default(),
            progress_shown: AtomicU64::new(0),
            unanswered: AtomicUsize::new(0),
            stale: AtomicUsize::new(0),
            jobs: Mutex::default(),
        }
    }

    pub(super) fn asked(&self, label: Arc<str>, origin: Origin, lane: Lane) -> Arc<JobRecord> {
        // One counter for the process: records of several executors can stand in one list.
        static NEXT_ID: AtomicU64 = AtomicU64::new(1);
        let job_id = JobId(NEXT_ID.fetch_add(1, Ordering::Relaxed));
        let record = Arc::new(JobRecord::new(job_id, label, origin, lane, self.now()));
        self.unanswered.fetch_add(1, Ordering::AcqRel);
        self.jobs.lock().push(Arc::clone(&record));
        record
    }

    pub(super) fn answered(&self) {
        self.unanswered.fetch_sub(1, Ordering::AcqRel);
    }

    pub(super) fn unanswered(&self) -> usize {
        self.unanswered.load(Ordering::Acquire)
    }

    pub(super) fn was_stale(&self) {
        self.stale.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn stale(&self) -> usize {
        self.stale.load(Ordering::Acquire)
    }

    pub(super) fn jobs(&self) -> Recent<Arc<JobRecord>> {
        self.jobs.lock().snapshot()
    }

    /// Asks for a frame. A wake function that panics must not take the worker, and with it the process, along.
    pub(super) fn wake(&self) {
        contain(|| (self.wake)());
    }

    pub(super) fn wake_for_progress(&self) {
        let now = (self.now() - self.began).as_nanos() as u64;
        let shown = self.progress_shown.load(Ordering::Relaxed);
        let is_due = shown == 0 || now.saturating_sub(shown) >= BETWEEN_PROGRESS.as_nanos() as u64;
        // Whoever changes it asks; the others need not.
        if is_due
            && (self.progress_shown)
                .compare_exchange(shown, now.max(1), Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
        {
            self.wake();
        }
    }

    pub(super) fn now(&self) -> Instant {
        self.clock.now()
    }

    pub(super) fn advance(&self, step: Duration) -> Instant {
        self.clock.advance(step)
    }
}
