//! The pool of workers that blocking closures wait on.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use parking_lot::Mutex;
use poll_promise::Promise;

use super::cancel::{CurrentJob, Stop};
use super::reply::Reply;
use super::workers::{Workers, discard};
use super::{Job, JobError, JobId, JobRecord, Origin};

/// Workers of [`Executor::new`]. Sized for waiting, not computing: a worker that waits for a server needs no core.
pub const DEFAULT_WORKERS: usize = 16;

/// How many past jobs [`Executor::jobs`] remembers.
const JOBS_KEPT: usize = 4096;

/// Runs closures on its own worker threads and wakes the drawing thread after each answer. A cheap handle: clones share the
/// workers. When the last handle is dropped, the executor shuts down.
#[derive(Clone)]
pub struct Executor(Arc<Handle>);

struct Handle {
    core: Arc<Core>,
    workers: Arc<Workers>,
}

/// What every job shares with its executor, and may outlive the workers.
pub(super) struct Core {
    pub(super) wake: Box<dyn Fn() + Send + Sync>,
    closed: Arc<AtomicBool>,
    pending: AtomicUsize,
    jobs: Mutex<VecDeque<Arc<JobRecord>>>,
}

impl Executor {
    /// An executor with [`DEFAULT_WORKERS`] workers. `wake` is called from a worker after each answer was stored: it asks
    /// for a frame, and does nothing else. Fails when the system gives no more threads.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> io::Result<Self> {
        Self::pool(DEFAULT_WORKERS, wake)
    }

    /// An executor with as many workers as calls should wait at the same time.
    pub fn pool(workers: usize, wake: impl Fn() + Send + Sync + 'static) -> io::Result<Self> {
        Ok(Self::over(Workers::pool(workers)?, wake))
    }

    /// An executor without threads, for tests: jobs wait until [`Self::run_pending`], so that "loading" is a state one can
    /// look at and not a race.
    pub fn manual(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self::over(Workers::manual(), wake)
    }

    fn over(workers: Workers, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let core = Core {
            wake: Box::new(wake),
            closed: Arc::default(),
            pending: AtomicUsize::new(0),
            jobs: Mutex::default(),
        };
        Self(Arc::new(Handle {
            core: Arc::new(core),
            workers: Arc::new(workers),
        }))
    }

    /// Runs `work` on a worker and returns at once. The caller's line is recorded as the one that asked.
    #[track_caller]
    pub fn run<T, E>(
        &self,
        label: impl Into<Arc<str>>,
        work: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Job<T, E>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        self.run_for(Origin::here(""), label, work)
    }

    /// Like [`Self::run`], on behalf of `origin`: for code that carries out what another place asked for.
    pub fn run_for<T, E>(
        &self,
        origin: Origin,
        label: impl Into<Arc<str>>,
        work: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Job<T, E>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let Handle { core, workers } = &*self.0;
        let record = core.job_asked(label.into(), origin);
        let stop = Stop::new(Arc::clone(&core.closed));
        let (sender, promise) = Promise::new();
        let reply = Reply::new(
            sender,
            Arc::clone(&record),
            Arc::clone(core),
            Arc::downgrade(workers),
        );
        let job = Job::new(Arc::clone(&record), stop.clone(), promise);
        if core.is_closed() {
            reply.send(Err(JobError::ShutDown));
            return job;
        }
        let core = Arc::clone(core);
        workers.spawn(Box::new(move || run_job(work, reply, record, &stop, &core)));
        if self.0.core.is_closed() {
            // It was shut down in between: nobody may be left to take the job from the queue.
            workers.clear();
        }
        job
    }

    /// Jobs that are queued or running.
    pub fn pending(&self) -> usize {
        self.0.core.pending.load(Ordering::Acquire)
    }

    /// The most recent jobs, oldest first. Bounded.
    pub fn jobs(&self) -> Vec<Arc<JobRecord>> {
        self.0.core.jobs.lock().iter().map(Arc::clone).collect()
    }

    /// From now on no job starts: what is queued, and whatever is asked later, is answered with [`JobError::ShutDown`] at
    /// once. Does not wait: jobs that run are told to stop, and go on until their closure returns.
    pub fn shut_down(&self) {
        self.0.shut_down();
    }

    /// Runs what is queued on a [`Self::manual`] executor, on this thread, and says how many tasks that were. On an executor
    /// with workers of its own it does nothing.
    pub fn run_pending(&self) -> usize {
        self.0.workers.run_pending()
    }
}

impl Handle {
    fn shut_down(&self) {
        self.core.closed.store(true, Ordering::Release);
        // A job that is dropped answers.
        self.workers.clear();
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shut_down();
    }
}

/// On the worker: runs the closure unless nobody wants it any more, and answers.
fn run_job<T: Send, E: Send>(
    work: impl FnOnce() -> Result<T, E>,
    reply: Reply<T, E>,
    record: Arc<JobRecord>,
    stop: &Stop,
    core: &Core,
) {
    if core.is_closed() {
        return reply.send(Err(JobError::ShutDown));
    }
    if stop.is_raised() {
        return reply.send(Err(JobError::Cancelled));
    }
    record.mark_started();
    let outcome = {
        let _current = CurrentJob::enter(record, stop.clone());
        catch_unwind(AssertUnwindSafe(work))
    };
    reply.send(match outcome {
        Ok(result) => result.map_err(JobError::Failed),
        Err(payload) => {
            let error = JobError::panicked(&*payload);
            discard(payload);
            Err(error)
        }
    });
}

impl Core {
    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    pub(super) fn job_ended(&self) {
        self.pending.fetch_sub(1, Ordering::AcqRel);
    }

    fn job_asked(&self, label: Arc<str>, origin: Origin) -> Arc<JobRecord> {
        // One counter for the process: records of several executors can stand in one list.
        static NEXT_ID: AtomicU64 = AtomicU64::new(1);
        let job_id = JobId(NEXT_ID.fetch_add(1, Ordering::Relaxed));
        let record = Arc::new(JobRecord::new(job_id, label, origin));
        self.pending.fetch_add(1, Ordering::AcqRel);
        let mut jobs = self.jobs.lock();
        if jobs.len() == JOBS_KEPT {
            jobs.pop_front();
        }
        jobs.push_back(Arc::clone(&record));
        record
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor")
            .field("pending", &self.pending())
            .finish_non_exhaustive()
    }
}
