//! The pool of workers that blocking closures wait on.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use poll_promise::Promise;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::cancel::{CurrentJob, Stop};
use super::reply::Reply;
use super::{Job, JobError, JobId, JobRecord, Origin};

/// Workers of [`Executor::new`]. Sized for waiting, not computing: a worker that waits for a server needs no core.
pub const DEFAULT_WORKERS: usize = 16;

/// How many past jobs [`Executor::jobs`] remembers.
const JOBS_KEPT: usize = 4096;

type Task = Box<dyn FnOnce() + Send>;

/// Runs closures on its own worker threads and wakes the drawing thread after each answer. A cheap handle: clones share the
/// workers.
#[derive(Clone)]
pub struct Executor {
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

enum Workers {
    Pool(ThreadPool),
    /// Tasks wait here until a test runs them.
    Manual(Mutex<VecDeque<Task>>),
}

impl Workers {
    fn spawn(&self, task: Task) {
        match self {
            Self::Pool(pool) => pool.spawn_fifo(task),
            Self::Manual(queue) => queue.lock().push_back(task),
        }
    }
}

impl Executor {
    /// An executor with [`DEFAULT_WORKERS`] workers. `wake` is called from a worker after each answer was stored: it asks
    /// for a frame, and does nothing else. Fails when the system gives no more threads.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> io::Result<Self> {
        Self::pool(DEFAULT_WORKERS, wake)
    }

    /// An executor with as many workers as calls should wait at the same time.
    pub fn pool(workers: usize, wake: impl Fn() + Send + Sync + 'static) -> io::Result<Self> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(workers.max(1))
            .thread_name(|index| format!("worker {}", index + 1))
            .build()
            .map_err(io::Error::other)?;
        Ok(Self::over(Workers::Pool(pool), wake))
    }

    /// An executor without threads, for tests: jobs wait until [`Self::run_pending`], so that "loading" is a state one can
    /// look at and not a race.
    pub fn manual(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self::over(Workers::Manual(Mutex::default()), wake)
    }

    fn over(workers: Workers, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let core = Core {
            wake: Box::new(wake),
            closed: Arc::default(),
            pending: AtomicUsize::new(0),
            jobs: Mutex::default(),
        };
        Self {
            core: Arc::new(core),
            workers: Arc::new(workers),
        }
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
        let record = self.core.job_asked(label.into(), origin);
        let stop = Stop::new(Arc::clone(&self.core.closed));
        let (sender, promise) = Promise::new();
        let reply = Reply::new(
            sender,
            Arc::clone(&record),
            Arc::clone(&self.core),
            self.disposal(),
        );
        let job = Job::new(Arc::clone(&record), stop.clone(), promise);
        let core = Arc::clone(&self.core);
        self.workers.spawn(Box::new(move || {
            // Panics are caught here, or rayon would end the process; a captured value may panic while it is dropped, too.
            catch_unwind(AssertUnwindSafe(move || {
                run_job(work, reply, record, &stop, &core);
            }))
            .ok();
        }));
        job
    }

    /// Jobs that are queued or running.
    pub fn pending(&self) -> usize {
        self.core.pending.load(Ordering::Acquire)
    }

    /// The most recent jobs, oldest first. Bounded.
    pub fn jobs(&self) -> Vec<Arc<JobRecord>> {
        self.core.jobs.lock().iter().map(Arc::clone).collect()
    }

    /// From now on no job starts: what is queued, and whatever is asked later, is answered with [`JobError::ShutDown`].
    /// Returns at once; jobs that run go on until their closure returns.
    pub fn shut_down(&self) {
        self.core.closed.store(true, Ordering::Release);
    }

    /// Runs what is queued on a [`Self::manual`] executor, on this thread, and says how many tasks that were. On an executor
    /// with workers of its own it does nothing.
    pub fn run_pending(&self) -> usize {
        let Workers::Manual(queue) = &*self.workers else {
            return 0;
        };
        let mut ran = 0;
        // The lock is released before the task runs: a task may ask for another job.
        while let Some(task) = { queue.lock().pop_front() } {
            task();
            ran += 1;
        }
        ran
    }

    fn disposal(&self) -> Disposal {
        Disposal(Arc::downgrade(&self.workers))
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
            // What a panic carries may panic, too, while it is dropped.
            catch_unwind(AssertUnwindSafe(|| drop(payload))).ok();
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

/// The way back to a worker, for values to be freed there. Does not keep the workers alive.
#[derive(Clone)]
pub(super) struct Disposal(Weak<Workers>);

impl Disposal {
    /// Frees `value` on a worker; in place when this is one already, or when there is none left.
    pub(super) fn dispose<T: Send + 'static>(&self, value: Box<T>) {
        if rayon::current_thread_index().is_some() {
            return;
        }
        if let Some(workers) = self.0.upgrade() {
            workers.spawn(Box::new(move || {
                catch_unwind(AssertUnwindSafe(move || drop(value))).ok();
            }));
        }
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor")
            .field("pending", &self.pending())
            .finish_non_exhaustive()
    }
}
