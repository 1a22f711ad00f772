//! Everything at once, at random, from several threads: no answer is lost, and nothing stays behind.
//!
//! `CALLBOARD_JOBS=1000000` is the long form.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use callboard::offload::{Executor, Job, Lane, Scope, Told, on_stop, report_progress};

use super::NET;

const LANES: [Lane; 4] = [
    Lane::DEFAULT,
    Lane::COMPUTE,
    Lane::background("Background", 3),
    Lane::background("Pictures", 2),
];

/// Counts what is alive.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(alive))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[test]
fn promise_3_every_job_answers_whatever_happens() {
    let jobs = std::env::var("CALLBOARD_JOBS").map_or(20_000, |jobs| jobs.parse().unwrap());
    let alive = Arc::new(AtomicUsize::new(0));
    let executor = Executor::pool(8, || {}).unwrap();
    std::thread::scope(|threads| {
        for seed in 0..4 {
            let (executor, alive) = (&executor, &alive);
            threads.spawn(move || user(executor, alive, seed, jobs / 4));
        }
    });
    while executor.pending() > 0 {
        std::thread::yield_now();
    }
    assert!(executor.close(NET).is_empty());
    drop(executor);
    // What is freed last is freed on a thread that ends after it.
    let began = std::time::Instant::now();
    while alive.load(Ordering::SeqCst) > 0 && began.elapsed() < NET {
        std::thread::yield_now();
    }
    assert_eq!(alive.load(Ordering::SeqCst), 0, "values that nobody freed");
}

/// Asks for jobs and looks at them, as a window does, in a hurry.
fn user(executor: &Executor, alive: &Arc<AtomicUsize>, seed: u64, jobs: usize) {
    let mut chance = fastrand::Rng::with_seed(seed);
    let mut out: Vec<Job<Counted, Counted>> = Vec::new();
    let mut scope = Scope::new();
    for _ in 0..jobs {
        out.push(ask(executor, &scope, alive, &mut chance));
        let at = chance.usize(..out.len());
        match chance.u8(..16) {
            0 => out[at].cancel(),
            1 => out[at].ask_to_stop(),
            2 => out[at].set_priority(chance.i32(..)),
            3 => drop(out.swap_remove(at)),
            4 => scope = Scope::new(),
            5 => scope.cancel_queued(),
            6..=8 => out.retain_mut(|job| job.take().is_none()),
            _ => {}
        }
    }
    let began = std::time::Instant::now();
    while !out.is_empty() {
        out.retain_mut(|job| job.take().is_none());
        assert!(began.elapsed() < NET, "{} answers are missing", out.len());
        std::thread::yield_now();
    }
}

fn ask(
    executor: &Executor,
    scope: &Scope,
    alive: &Arc<AtomicUsize>,
    chance: &mut fastrand::Rng,
) -> Job<Counted, Counted> {
    let lane = LANES[chance.usize(..LANES.len())];
    let mut ask = executor.job("job").lane(lane).priority(chance.i32(-2..3));
    if chance.u8(..8) == 0 {
        ask = ask.deadline(Duration::from_micros(chance.u64(..2_000)));
    }
    if chance.u8(..8) == 0 {
        ask = ask.after(Duration::from_micros(chance.u64(1..500)));
    }
    if chance.bool() {
        ask = ask.scope(scope);
    }
    let (held, kind, answer) = (Counted::new(alive), chance.u8(..6), Arc::clone(alive));
    let work = move || {
        let _held = held;
        let _hook = on_stop(|| Told::Noted);
        report_progress(1, None);
        match kind {
            0 => panic!("at random"),
            1 => Err(Counted::new(&answer)),
            _ => Ok(Counted::new(&answer)),
        }
    };
    if kind == 2 {
        ask.run_then(work, Ok)
    } else {
        ask.run(work)
    }
}
