//! The threads of an executor, and the queue they take from.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parking_lot::Mutex;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Something to do on a worker.
pub(super) type Task = Box<dyn FnOnce() + Send>;

/// Threads that take tasks in the order in which they came. The queue is our own: rayon's cannot be emptied, and what is
/// asked from a worker would overtake what others asked.
pub(super) struct Workers {
    queue: Arc<Mutex<VecDeque<Task>>>,
    /// Absent where a test runs the tasks.
    pool: Option<ThreadPool>,
}

impl Workers {
    /// As many threads as calls should wait at the same time. Fails when the system gives no more.
    pub(super) fn pool(threads: usize) -> io::Result<Self> {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads.max(1))
            .thread_name(|index| format!("worker {}", index + 1))
            .build()
            .map_err(io::Error::other)?;
        Ok(Self {
            queue: Arc::default(),
            pool: Some(pool),
        })
    }

    /// No threads: tasks wait for [`Self::run_pending`].
    pub(super) fn manual() -> Self {
        Self {
            queue: Arc::default(),
            pool: None,
        }
    }

    /// Queues a task. It is left out of the queue again only by [`Self::clear`].
    pub(super) fn spawn(&self, task: Task) {
        self.queue.lock().push_back(task);
        if let Some(pool) = &self.pool {
            let queue = Arc::clone(&self.queue);
            pool.spawn_fifo(move || {
                // Cleared in the meantime, perhaps.
                run_next(&queue);
            });
        }
    }

    /// Runs what is queued on this thread, where there are no others, and says how many tasks that were.
    pub(super) fn run_pending(&self) -> usize {
        let mut ran = 0;
        while self.pool.is_none() && run_next(&self.queue) {
            ran += 1;
        }
        ran
    }

    /// Drops what is queued.
    pub(super) fn clear(&self) {
        // The lock is released before a task is dropped: what it holds may do anything.
        while let Some(task) = { self.queue.lock().pop_front() } {
            contain(|| drop(task));
        }
    }
}

/// Says whether there was a task.
fn run_next(queue: &Mutex<VecDeque<Task>>) -> bool {
    // The lock is released before the task runs: a task may ask for another one.
    let Some(task) = ({ queue.lock().pop_front() }) else {
        return false;
    };
    // Rayon would end the process. A captured value may panic while it is dropped, too.
    contain(task);
    true
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
