//! What the executor costs on top of what it is made of, and next to a thread for each job.
//!
//! Every contender runs the same closure, and is waited for as a window waits: look for the answer, sleep until woken. Only
//! `Promise::spawn_thread` cannot wake anyone: there the window blocks, which no window should.

mod rivals;

use std::convert::Infallible;
use std::hint::black_box;
use std::ops::RangeInclusive;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use callboard::offload::{DEFAULT_WORKERS, Executor};
use poll_promise::Promise;
use rayon::{ThreadPool, ThreadPoolBuilder};
use rivals::{Contender, Course, compare, is_quick};

/// What every job runs. The number goes in and comes out, so that no answer can be missed.
type Work<T> = fn(u64) -> T;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let window = thread::current();
    let executor = Executor::pool(DEFAULT_WORKERS, move || window.unpark())?;
    let pool = ThreadPoolBuilder::new()
        .num_threads(DEFAULT_WORKERS)
        .build()?;
    let (trips, jobs) = if is_quick() { (2, 10) } else { (100, 5_000) };
    from_rest(trips, &executor, &pool);
    bursts("throughput, numbers", jobs, &executor, &pool, number);
    bursts("throughput, rows", jobs, &executor, &pool, rows);
    waits(&executor, &ThreadPoolBuilder::new().build()?);
    Ok(())
}

/// One job, asked for while all workers sleep, as they do in a window: until its answer is in hand.
fn from_rest(trips: usize, executor: &Executor, pool: &ThreadPool) {
    let course = Course {
        runs: trips,
        rest: Duration::from_millis(1),
        units: 1,
    };
    compare("round trip", course, all(1, executor, pool, number));
}

/// Many jobs that do next to nothing, until all answers are in hand, and freed: the time per job.
fn bursts<T: Answer>(what: &str, jobs: u32, executor: &Executor, pool: &ThreadPool, work: Work<T>) {
    compare(what, Course::run_of(jobs), all(jobs, executor, pool, work));
}

fn all<'a, T: Answer>(
    jobs: u32,
    executor: &'a Executor,
    pool: &'a ThreadPool,
    work: Work<T>,
) -> [Contender<'a>; 4] {
    [
        Contender::new("executor", move || by_executor(executor, jobs, work)),
        Contender::new("bare rayon + poll-promise", move || {
            by_rayon(pool, jobs, work);
        }),
        Contender::new("Promise::spawn_thread", move || by_spawn_thread(jobs, work)),
        Contender::new("std::thread + channel", move || by_thread(jobs, work)),
    ]
}

/// What a pool sized for waiting is for.
fn waits(executor: &Executor, default_pool: &ThreadPool) {
    let workers = default_pool.current_num_threads();
    let default_name = format!("rayon's default of {workers} workers");
    compare(
        "32 waits of 20 ms",
        Course::run_of(1),
        [
            Contender::new("executor of 16 workers", || by_executor(executor, 32, wait)),
            Contender::new(&default_name, || by_rayon(default_pool, 32, wait)),
            Contender::new("32 threads", || by_spawn_thread(32, wait)),
        ],
    );
}

// ----------------------------------------------------------------------------
// The closures

fn number(number: u64) -> u64 {
    black_box(number)
}

/// An answer on the heap, which someone has to free.
fn rows(number: u64) -> Vec<u64> {
    black_box(vec![number; 64])
}

#[expect(
    clippy::disallowed_methods,
    reason = "stands for a server that takes its time"
)]
fn wait(number: u64) -> u64 {
    thread::sleep(Duration::from_millis(20));
    number
}

trait Answer: Send + 'static {
    fn number(&self) -> u64;
}

impl Answer for u64 {
    fn number(&self) -> u64 {
        *self
    }
}

impl Answer for Vec<u64> {
    fn number(&self) -> u64 {
        self[0]
    }
}

/// What the jobs of a burst are given, and give back.
fn numbers(jobs: u32) -> RangeInclusive<u64> {
    1..=u64::from(jobs)
}

/// All answers have come, and each of them once.
fn check(jobs: u32, answers: impl Iterator<Item = u64>) {
    assert_eq!(answers.sum::<u64>(), numbers(jobs).sum::<u64>());
}

// ----------------------------------------------------------------------------
// The contenders

/// Waits as a window does: looks, and sleeps until woken.
fn wait_for<T>(mut look: impl FnMut() -> Option<T>) -> T {
    loop {
        if let Some(answer) = look() {
            return answer;
        }
        thread::park();
    }
}

fn by_executor<T: Answer>(executor: &Executor, jobs: u32, work: Work<T>) {
    let asked: Vec<_> = numbers(jobs)
        .map(|number| executor.run("job", move || Ok::<T, Infallible>(work(number))))
        .collect();
    let answers = asked.into_iter().map(|mut job| wait_for(|| job.take()));
    check(jobs, answers.flatten().map(|answer| answer.number()));
}

fn by_rayon<T: Answer>(pool: &ThreadPool, jobs: u32, work: Work<T>) {
    let window = thread::current();
    let ask = |number| {
        let (sender, promise) = Promise::new();
        let window = window.clone();
        pool.spawn(move || {
            sender.send(work(number));
            window.unpark();
        });
        promise
    };
    let asked: Vec<_> = numbers(jobs).map(ask).collect();
    let answers = asked.into_iter().map(|promise| {
        let mut promise = Some(promise);
        wait_for(|| match promise.take()?.try_take() {
            Ok(answer) => Some(answer),
            Err(pending) => {
                promise = Some(pending);
                None
            }
        })
    });
    check(jobs, answers.map(|answer| answer.number()));
}

#[expect(clippy::disallowed_methods, reason = "a rival")]
fn by_spawn_thread<T: Answer>(jobs: u32, work: Work<T>) {
    let asked: Vec<_> = numbers(jobs)
        .map(|number| Promise::spawn_thread("job", move || work(number)))
        .collect();
    let answers = asked.into_iter().map(Promise::block_and_take);
    check(jobs, answers.map(|answer| answer.number()));
}

#[expect(clippy::disallowed_methods, reason = "a rival")]
fn by_thread<T: Answer>(jobs: u32, work: Work<T>) {
    let (sender, receiver) = mpsc::channel();
    for number in numbers(jobs) {
        let (sender, window) = (sender.clone(), thread::current());
        thread::spawn(move || {
            sender.send(work(number)).ok();
            window.unpark();
        });
    }
    let answers = (0..jobs).map(|_| wait_for(|| receiver.try_recv().ok()));
    check(jobs, answers.map(|answer| answer.number()));
}
