//! A job before it is one: what to call it, where it goes, how long it may take.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::core::Core;
use super::current::CurrentJob;
use super::ticket::{Refusal, Shared, Ticket, end};
use super::timer::Due;
use super::workers::{BoxedTask, Task, Workers, discard};
use super::{Job, JobError, Lane, Origin, Parts, Scope, Stream};

/// Describes a job: see [`Executor::job`](super::Executor::job).
///
/// ```
/// use std::time::Duration;
///
/// use callboard::offload::{Executor, Lane};
///
/// const PREFETCH: Lane = Lane::background("Prefetch", 8);
///
/// let executor = Executor::new(|| {})?;
/// let job = executor
///     .job("next page")
///     .lane(PREFETCH)
///     .deadline(Duration::from_secs(30))
///     .run(|| std::fs::read_to_string("Cargo.toml"));
/// # drop(job);
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use = "nothing runs before it is told what to run"]
pub struct Ask<'a> {
    core: &'a Arc<Core>,
    workers: &'a Arc<Workers>,
    label: Arc<str>,
    origin: Origin,
    lane: Lane,
    priority: i32,
    delay: Duration,
    deadline: Option<Duration>,
    scope: Option<&'a Scope>,
}

impl<'a> Ask<'a> {
    pub(super) fn new(
        core: &'a Arc<Core>,
        workers: &'a Arc<Workers>,
        label: Arc<str>,
        origin: Origin,
    ) -> Self {
        Self {
            core,
            workers,
            label,
            origin,
            lane: Lane::DEFAULT,
            priority: 0,
            delay: Duration::ZERO,
            deadline: None,
            scope: None,
        }
    }

    /// On behalf of `origin`: for code that carries out what another place asked for.
    pub fn origin(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// In this lane.
    pub fn lane(self, lane: Lane) -> Self {
        Self { lane, ..self }
    }

    /// Before those of its lane with a lower priority. Without a word it is 0. See also [`Job::set_priority`].
    pub fn priority(self, priority: i32) -> Self {
        Self { priority, ..self }
    }

    /// Not before so long from now. Whoever types replaces a job by the next one, key by key, and only the last one starts.
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// Ended with [`JobError::TimedOut`] if it has no answer so long from now. If it runs by then, it is told to stop.
    pub fn deadline(self, limit: Duration) -> Self {
        Self {
            deadline: Some(limit),
            ..self
        }
    }

    /// Together with the others of `scope`.
    pub fn scope(self, scope: &'a Scope) -> Self {
        Self {
            scope: Some(scope),
            ..self
        }
    }

    /// Runs `work` on a worker, and returns at once.
    pub fn run<T, E>(self, work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Job<T, E>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let (shared, job) = self.admit();
        self.submit(Box::new(Run { shared, work }));
        job
    }

    /// Runs `wait` on a worker, and then `compute` with what that brought on a thread that computes: so that a worker is
    /// free for the next call while this one's answer is decoded.
    pub fn run_then<V, T, E>(
        self,
        wait: impl FnOnce() -> Result<V, E> + Send + 'static,
        compute: impl FnOnce(V) -> Result<T, E> + Send + 'static,
    ) -> Job<T, E>
    where
        V: Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        let (shared, job) = self.admit();
        let priority = self.priority;
        self.submit(Box::new(RunThen {
            shared,
            wait,
            compute,
            priority,
        }));
        job
    }

    /// Runs `work`, whose parts can be drawn while there are more to come.
    pub fn stream<P, E>(
        self,
        work: impl FnOnce(&Parts<P>) -> Result<(), E> + Send + 'static,
    ) -> Stream<P, E>
    where
        P: Send + 'static,
        E: Send + 'static,
    {
        let parts = Parts::new(Arc::clone(self.core), Arc::downgrade(self.workers));
        let list = parts.list();
        Stream::new(list, self.run(move || work(&parts)))
    }

    fn admit<T: Send, E: Send>(&self) -> (Arc<Shared<T, E>>, Job<T, E>) {
        let label = Arc::clone(&self.label);
        let record = self.core.asked(label, self.origin, self.lane);
        let deadline = self.deadline.map(|limit| (record.asked + limit, limit));
        let (shared, promise) = Shared::new(
            record,
            Arc::clone(self.core),
            Arc::downgrade(self.workers),
            deadline,
        );
        let job = Job::new(Arc::clone(&shared), promise);
        if let Some((at, limit)) = deadline {
            self.set_timer(at, Due::Deadline(limit), &job.ticket());
        }
        if let Some(scope) = self.scope {
            scope.add(&job.ticket());
        }
        (shared, job)
    }

    fn submit(&self, task: BoxedTask) {
        let ticket = task.ticket();
        let refused = if self.delay.is_zero() {
            self.workers.push(self.lane, self.priority, task)
        } else {
            let refused = self.workers.put_aside(self.lane, self.priority, task);
            let start = ticket.record().asked + self.delay;
            self.set_timer(start, Due::Start, &ticket);
            refused
        };
        if let Some(task) = refused {
            end(&*ticket, Refusal::ShutDown);
            self.workers.free(task);
        }
    }

    fn set_timer(&self, at: Instant, due: Due, ticket: &Arc<dyn Ticket>) {
        let job_id = ticket.record().job_id;
        self.core.timer.add(at, job_id, due, Arc::downgrade(ticket));
    }
}

/// A closure with its ticket.
struct Run<T: Send + 'static, E: Send + 'static, F> {
    shared: Arc<Shared<T, E>>,
    work: F,
}

impl<T, E, F> Task for Run<T, E, F>
where
    T: Send + 'static,
    E: Send + 'static,
    F: FnOnce() -> Result<T, E> + Send,
{
    fn ticket(&self) -> Arc<dyn Ticket> {
        Arc::<Shared<T, E>>::clone(&self.shared)
    }

    fn run(self: Box<Self>) {
        let Self { shared, work } = *self;
        if let Some(outcome) = attempt(&shared, work) {
            settle(&shared, outcome);
        }
    }
}

/// Two closures, the second of which computes.
struct RunThen<T: Send + 'static, E: Send + 'static, F, G> {
    shared: Arc<Shared<T, E>>,
    wait: F,
    compute: G,
    priority: i32,
}

impl<V, T, E, F, G> Task for RunThen<T, E, F, G>
where
    V: Send + 'static,
    T: Send + 'static,
    E: Send + 'static,
    F: FnOnce() -> Result<V, E> + Send,
    G: FnOnce(V) -> Result<T, E> + Send + 'static,
{
    fn ticket(&self) -> Arc<dyn Ticket> {
        Arc::<Shared<T, E>>::clone(&self.shared)
    }

    fn run(self: Box<Self>) {
        let Self {
            shared,
            wait,
            compute,
            priority,
        } = *self;
        match attempt(&shared, wait) {
            None => {}
            Some(Err(error)) => settle(&shared, Err(error)),
            Some(Ok(value)) => {
                let Some(workers) = shared.workers() else {
                    return end(&*shared, Refusal::ShutDown);
                };
                let next = Run {
                    shared: Arc::clone(&shared),
                    work: move || compute(value),
                };
                if workers
                    .push(Lane::COMPUTE, priority, Box::new(next))
                    .is_some()
                {
                    end(&*shared, Refusal::ShutDown);
                }
            }
        }
    }
}

/// On the worker: runs the closure unless nobody wants it any more.
fn attempt<T: Send, E: Send, V>(
    shared: &Arc<Shared<T, E>>,
    work: impl FnOnce() -> Result<V, E>,
) -> Option<Result<V, JobError<E>>> {
    if shared.record().stored().is_some() {
        return None;
    }
    shared.record().mark_started(shared.core().now());
    let ticket = Arc::clone(shared);
    let outcome = {
        let _current = CurrentJob::enter(ticket);
        catch_unwind(AssertUnwindSafe(work))
    };
    Some(match outcome {
        Ok(result) => result.map_err(JobError::Failed),
        Err(payload) => {
            let error = JobError::panicked(&*payload);
            discard(payload);
            Err(error)
        }
    })
}

/// On the worker: the closure has returned.
fn settle<T: Send, E: Send>(shared: &Shared<T, E>, outcome: Result<T, JobError<E>>) {
    shared.record().mark_returned(shared.core().now());
    if !shared.answer(outcome) {
        shared.core().was_stale();
    }
    // An answer, or the end of a job that was answered before: both are to be drawn.
    shared.core().wake();
}
