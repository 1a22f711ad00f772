//! The promises of the executor, told as the order of events and not by a clock.
//!
//! A *gate* is a channel that a job waits on: while its sender lives, the job is surely still running. A time-out is only a
//! net that turns a hang into a failure.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail like tests"
)]

mod answers;
mod ending;
mod freeing;
mod lanes;
mod order;
mod remote;
mod store;
mod streams;
mod stress;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use callboard::offload::{Executor, Job, JobError, Lane, Parcel};

/// How long a test waits for what must come.
const NET: Duration = Duration::from_mins(1);

type Answer<T, E> = Result<Parcel<T>, Box<JobError<E>>>;

/// An executor with workers, and what hears of its wake-ups.
fn pool(workers: usize) -> (Executor, Receiver<()>) {
    let (wake, woken) = channel();
    let executor = Executor::pool(workers, move || {
        wake.send(()).ok();
    });
    (executor.unwrap(), woken)
}

/// An executor without workers, and what hears of its wake-ups.
fn manual() -> (Executor, Receiver<()>) {
    let (wake, woken) = channel();
    let executor = Executor::manual(move || {
        wake.send(()).ok();
    });
    (executor, woken)
}

/// The answer that the next wake-up announces.
fn answer<T: Send, E: Send>(job: &mut Job<T, E>, woken: &Receiver<()>) -> Answer<T, E> {
    woken.recv_timeout(NET).expect("no wake-up came");
    job.take().expect("the wake-up came before the answer")
}

/// Why a job has no value.
fn error<T: Send + std::fmt::Debug, E: Send>(answer: Answer<T, E>) -> JobError<E> {
    match answer {
        Ok(value) => panic!("a value: {value:?}"),
        Err(error) => *error,
    }
}

/// Every wake-up that is still to come, once the executor is gone with all of its jobs.
fn rest(executor: Executor, woken: &Receiver<()>) -> usize {
    drop(executor);
    // The executor's core owns the sender: the channel closes when nothing is left that could wake.
    std::iter::from_fn(|| woken.recv_timeout(NET).ok()).count()
}

/// A job that says that it runs, and ends when its gate opens.
struct Gated {
    job: Job<u32, String>,
    started: Receiver<()>,
    gate: Sender<()>,
}

impl Gated {
    #[track_caller]
    fn ask(executor: &Executor, value: u32) -> Self {
        Self::in_lane(executor, Lane::DEFAULT, value)
    }

    #[track_caller]
    fn in_lane(executor: &Executor, lane: Lane, value: u32) -> Self {
        let (start, started) = channel();
        let (gate, opened) = channel::<()>();
        let job = executor.job("gated").lane(lane).run(move || {
            start.send(()).ok();
            opened.recv().ok();
            Ok(value)
        });
        Self { job, started, gate }
    }

    /// Returns once a worker is in it.
    fn wait_until_started(&self) {
        self.started
            .recv_timeout(NET)
            .expect("the job never started");
    }
}

/// Panics when it is dropped.
#[derive(Debug)]
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "the bomb went off");
    }
}
