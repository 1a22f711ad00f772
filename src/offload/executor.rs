//! The workers that blocking closures wait on.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::clock::Clock;
use super::core::Core;
use super::ring::Recent;
use super::ticket::{Refusal, end};
use super::workers::{Load, Workers};
use super::{Ask, Job, JobRecord, Lane, Origin};

/// Workers of [`Executor::new`]. Sized for waiting, not computing: a worker that waits for a server needs no core.
pub const DEFAULT_WORKERS: usize = 16;

/// Most threads that compute, on machines of many cores.
const MOST_COMPUTERS: usize = 8;

/// Runs closures on its own worker threads and wakes the drawing thread after each answer. A cheap handle: clones share the
/// workers. When the last handle is dropped, the executor shuts down.
#[derive(Clone)]
pub struct Executor(Arc<Handle>);

struct Handle {
    core: Arc<Core>,
    workers: Arc<Workers>,
}

impl Executor {
    /// An executor with [`DEFAULT_WORKERS`] workers. `wake` is called from a worker after each answer was stored: it asks
    /// for a frame, and does nothing else. Fails when the system gives no more threads.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> io::Result<Self> {
        Self::pool(DEFAULT_WORKERS, wake)
    }

    /// An executor with as many workers as calls should wait at the same time; besides them, a thread for each core that
    /// computes, and one that keeps the time. With one worker, there is none to keep free for [`Lane::interactive`].
    pub fn pool(workers: usize, wake: impl Fn() + Send + Sync + 'static) -> io::Result<Self> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let workers = Workers::pools(workers, cores.min(MOST_COMPUTERS))?;
        let executor = Self::over(workers, Core::new(Clock::System, wake));
        let core = Arc::clone(&executor.0.core);
        thread::Builder::new()
            .name("timer".to_owned())
            .spawn(move || core.timer.run())?;
        Ok(executor)
    }

    /// An executor without threads and with a clock that stands still, for tests: jobs wait until [`Self::run_pending`], and
    /// time passes with [`Self::advance`], so that "loading" is a state one can look at and not a race.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use callboard::offload::{Executor, JobError, Remote, View};
    ///
    /// let executor = Executor::manual(|| {});
    /// let mut answer: Remote<u32, String> = Remote::default();
    /// answer.load(executor.job("slow").deadline(Duration::from_secs(30)).run(|| Ok(1)));
    /// answer.poll();
    /// assert!(matches!(answer.view(), View::Loading { previous: None }));
    /// executor.advance(Duration::from_secs(30));
    /// answer.poll();
    /// assert!(matches!(answer.view(), View::Failed { error: JobError::TimedOut(_), .. }));
    /// ```
    pub fn manual(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self::over(Workers::manual(), Core::new(Clock::manual(), wake))
    }

    fn over(workers: Workers, core: Core) -> Self {
        Self(Arc::new(Handle {
            core: Arc::new(core),
            workers: Arc::new(workers),
        }))
    }

    /// A job to be described and run. The caller's line is recorded as the one that asked.
    #[track_caller]
    pub fn job(&self, label: impl Into<Arc<str>>) -> Ask<'_> {
        let Handle { core, workers } = &*self.0;
        Ask::new(core, workers, label.into(), Origin::here(""))
    }

    /// Runs `work` on a worker and returns at once: [`Self::job`] without a word about how.
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
        self.job(label).run(work)
    }

    /// A job that computes and does not wait: sorting, decoding. It has threads of its own, which no call ever takes up.
    #[track_caller]
    pub fn compute(&self, label: impl Into<Arc<str>>) -> Ask<'_> {
        self.job(label).lane(Lane::COMPUTE)
    }

    /// Frees something on a worker, for it may be big.
    pub fn free(&self, value: impl Send + 'static) {
        self.0.workers.free(value);
    }

    /// Jobs without an answer.
    pub fn pending(&self) -> usize {
        self.0.core.unanswered()
    }

    /// Answers that came too late to be wanted: those of closures that went on after their job was superseded, cancelled or
    /// too late, and those that nobody took.
    pub fn stale(&self) -> usize {
        self.0.core.stale()
    }

    /// The most recent jobs: some 4,000.
    pub fn jobs(&self) -> Recent<Arc<JobRecord>> {
        self.0.core.jobs()
    }

    /// What waits and what runs.
    pub fn load(&self) -> Load {
        self.0.workers.load()
    }

    /// The load after each of its latest changes: some 4,000.
    pub fn loads(&self) -> Recent<Load> {
        self.0.workers.loads()
    }

    /// What the executor's clock shows.
    pub fn now(&self) -> Instant {
        self.0.core.now()
    }

    /// From now on no job starts: what is queued, what runs and whatever is asked later is answered with
    /// [`JobError::ShutDown`](super::JobError::ShutDown) at once. Does not wait: jobs that run are told to stop, and go on
    /// until their closure returns.
    pub fn shut_down(&self) {
        self.0.shut_down();
    }

    /// Shuts down, waits for what runs, at most so long, and says what it leaves behind: jobs whose closure has not returned.
    /// Those end with the process, if not before.
    pub fn close(&self, limit: Duration) -> Vec<Arc<JobRecord>> {
        self.shut_down();
        let left = self.0.workers.rest(limit);
        left.iter()
            .map(|ticket| Arc::clone(ticket.record()))
            .collect()
    }

    /// Runs what is queued on a [`Self::manual`] executor, on this thread, and says how many jobs that were. On an executor
    /// with workers of its own it does nothing.
    pub fn run_pending(&self) -> usize {
        std::iter::from_fn(|| self.run_next().then_some(())).count()
    }

    /// Runs the next job of a [`Self::manual`] executor, and says whether there was one.
    pub fn run_next(&self) -> bool {
        self.0.workers.run_next()
    }

    /// Lets time pass on a [`Self::manual`] executor: what becomes due by then happens.
    pub fn advance(&self, step: Duration) {
        let now = self.0.core.advance(step);
        self.0.core.timer.fire(now);
    }
}

impl Handle {
    fn shut_down(&self) {
        let closed = self.workers.close();
        self.core.timer.close();
        for task in closed.queued {
            end(&*task.ticket(), Refusal::ShutDown);
            self.workers.free(task);
        }
        for ticket in closed.running {
            end(&*ticket, Refusal::ShutDown);
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shut_down();
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor")
            .field("pending", &self.pending())
            .finish_non_exhaustive()
    }
}
