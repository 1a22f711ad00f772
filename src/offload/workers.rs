//! The threads of an executor.

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::JobId;
use super::lane::{Lane, Pool};
use super::queue::Queue;
use super::ring::{Recent, Ring};
use super::ticket::Ticket;

/// Something to do on a worker. Dropped without being run, it answers all the same.
pub(super) trait Task: Send {
    fn ticket(&self) -> Arc<dyn Ticket>;
    fn run(self: Box<Self>);
}

pub(super) type BoxedTask = Box<dyn Task>;

/// Two pools of threads, and the queue that they take from when they are free: so that its order can change until then.
/// Rayon's own queues can be neither re-ordered nor emptied.
pub(super) struct Workers {
    shared: Arc<Shared>,
    /// Absent where a test runs the tasks.
    pools: Option<Pools>,
}

struct Pools {
    waiting: ThreadPool,
    computing: ThreadPool,
}

struct Shared {
    state: Mutex<State>,
    /// Told when nothing runs any more.
    at_rest: Condvar,
    /// What is to be done besides, where there are no threads.
    chores: Mutex<Vec<Box<dyn FnOnce() + Send>>>,
}

struct State {
    queue: Queue<BoxedTask>,
    running: BTreeMap<JobId, Arc<dyn Ticket>>,
    load: Ring<Load>,
    is_closed: bool,
}

/// How much an executor had to do at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// The moment.
    pub at: Instant,
    /// Jobs that waited for a worker.
    pub queued: usize,
    /// Workers that were busy.
    pub busy: usize,
}

/// What closing found.
pub(super) struct Closed {
    /// Jobs that had not started.
    pub(super) queued: Vec<BoxedTask>,
    /// Jobs that had.
    pub(super) running: Vec<Arc<dyn Ticket>>,
}

impl Workers {
    /// As many threads as calls should wait at the same time, and one for each core that computes. Fails when the system
    /// gives no more.
    pub(super) fn pools(waiting: usize, computing: usize) -> io::Result<Self> {
        let pools = Pools {
            waiting: pool(waiting, "worker")?,
            computing: pool(computing, "computer")?,
        };
        let threads = (
            pools.waiting.current_num_threads(),
            pools.computing.current_num_threads(),
        );
        Ok(Self::over(threads, Some(pools)))
    }

    /// No threads: tasks wait for [`Self::run_next`].
    pub(super) fn manual() -> Self {
        Self::over((usize::MAX, usize::MAX), None)
    }

    fn over((waiting, computing): (usize, usize), pools: Option<Pools>) -> Self {
        let state = State {
            queue: Queue::new(waiting, computing),
            running: BTreeMap::new(),
            load: Ring::default(),
            is_closed: false,
        };
        Self {
            shared: Arc::new(Shared {
                state: Mutex::new(state),
                at_rest: Condvar::new(),
                chores: Mutex::default(),
            }),
            pools,
        }
    }

    /// Queues a task, or gives it back after [`Self::close`].
    pub(super) fn push(&self, lane: Lane, priority: i32, task: BoxedTask) -> Option<BoxedTask> {
        let job_id = task.ticket().record().job_id;
        let wanted = {
            let mut state = self.shared.state.lock();
            if state.is_closed {
                return Some(task);
            }
            let wanted = state.queue.push(job_id, lane, priority, task);
            state.note_load();
            wanted
        };
        if wanted {
            self.call_up(lane.pool);
        }
        None
    }

    /// Keeps a task aside until [`Self::wake`], or gives it back after [`Self::close`].
    pub(super) fn put_aside(
        &self,
        lane: Lane,
        priority: i32,
        task: BoxedTask,
    ) -> Option<BoxedTask> {
        let job_id = task.ticket().record().job_id;
        let mut state = self.shared.state.lock();
        if state.is_closed {
            return Some(task);
        }
        state.queue.put_aside(job_id, lane, priority, task);
        None
    }

    /// Queues a task that was kept aside.
    pub(super) fn wake(&self, job_id: JobId) {
        let wanted = {
            let mut state = self.shared.state.lock();
            let wanted = state.queue.wake(job_id);
            state.note_load();
            wanted
        };
        if let Some(pool) = wanted {
            self.call_up(pool);
        }
    }

    pub(super) fn set_priority(&self, job_id: JobId, priority: i32) {
        let mut state = self.shared.state.lock();
        state.queue.set_priority(job_id, priority);
    }

    /// Takes a task back that has not started.
    pub(super) fn remove(&self, job_id: JobId) -> Option<BoxedTask> {
        let mut state = self.shared.state.lock();
        let task = state.queue.remove(job_id)?;
        state.note_load();
        Some(task)
    }

    /// Frees something on a thread that computes: it may be big.
    pub(super) fn free(&self, value: impl Send + 'static) {
        self.elsewhere(move || drop(value));
    }

    /// Does something soon that the calling thread must not: it may be drawing, and hold any lock.
    pub(super) fn elsewhere(&self, chore: impl FnOnce() + Send + 'static) {
        match &self.pools {
            Some(pools) => pools.computing.spawn(move || contain(chore)),
            None => self.shared.chores.lock().push(Box::new(chore)),
        }
    }

    /// Runs the next task on this thread, and whatever else is to be done, where there are no others. Says whether there was
    /// one.
    pub(super) fn run_next(&self) -> bool {
        let chores = std::mem::take(&mut *self.shared.chores.lock());
        for chore in chores {
            contain(chore);
        }
        self.pools.is_none()
            && [Pool::Waiting, Pool::Computing]
                .into_iter()
                .any(|pool| run_next(&self.shared, pool))
    }

    /// From now on no task is taken and none starts.
    pub(super) fn close(&self) -> Closed {
        let mut state = self.shared.state.lock();
        state.is_closed = true;
        let queued = state.queue.clear();
        state.note_load();
        Closed {
            queued,
            running: state.running.values().map(Arc::clone).collect(),
        }
    }

    /// Waits until nothing runs, at most so long, and says what still does.
    pub(super) fn rest(&self, limit: Duration) -> Vec<Arc<dyn Ticket>> {
        let mut state = self.shared.state.lock();
        let end = Instant::now() + limit;
        while !state.running.is_empty()
            && !(self.shared.at_rest.wait_until(&mut state, end)).timed_out()
        {}
        state.running.values().map(Arc::clone).collect()
    }

    pub(super) fn load(&self) -> Load {
        self.shared.state.lock().load_now()
    }

    pub(super) fn loads(&self) -> Recent<Load> {
        self.shared.state.lock().load.snapshot()
    }

    /// Has one more thread look for tasks.
    fn call_up(&self, pool: Pool) {
        if let Some(pools) = &self.pools {
            let shared = Arc::clone(&self.shared);
            let threads = match pool {
                Pool::Waiting => &pools.waiting,
                Pool::Computing => &pools.computing,
            };
            threads.spawn(move || while run_next(&shared, pool) {});
        }
    }
}

impl State {
    fn load_now(&self) -> Load {
        Load {
            at: Instant::now(),
            queued: self.queue.len(),
            busy: self.running.len(),
        }
    }

    fn note_load(&mut self) {
        let load = self.load_now();
        self.load.push(load);
    }
}

/// Says whether there was a task.
fn run_next(shared: &Shared, pool: Pool) -> bool {
    // The lock is released before the task runs: a task may ask for another one.
    let (taken, job_id, task) = {
        let mut state = shared.state.lock();
        let Some((taken, job_id, task)) = state.queue.pick(pool) else {
            return false;
        };
        state.running.insert(job_id, task.ticket());
        state.note_load();
        (taken, job_id, task)
    };
    // Rayon would end the process. A captured value may panic while it is dropped, too.
    contain(|| task.run());
    let ended = {
        let mut state = shared.state.lock();
        state.queue.finished(taken);
        let ended = state.running.remove(&job_id);
        state.note_load();
        if state.running.is_empty() {
            shared.at_rest.notify_all();
        }
        ended
    };
    drop(ended);
    true
}

fn pool(threads: usize, name: &'static str) -> io::Result<ThreadPool> {
    ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .thread_name(move |index| format!("{name} {}", index + 1))
        .build()
        .map_err(io::Error::other)
}

/// Runs `work`, and swallows its panic together with what that carries, which may panic once more while it is dropped.
pub(super) fn contain(work: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(work)) {
        discard(payload);
    }
}

/// Drops what a panic carried.
pub(super) fn discard(payload: Box<dyn std::any::Any + Send>) {
    if let Err(next) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        // Panics all the way down: rather leak the last one than end the process.
        std::mem::forget(next);
    }
}
