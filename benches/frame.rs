//! What the thread that draws pays, and what a click waits for.

mod rivals;

use std::convert::Infallible;
use std::hint::black_box;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use callboard::offload::{Executor, Job, Keep, Lane, Remote, Store};
use rivals::{Contender, Course, compare, is_quick};

const CLICKS: Lane = Lane::interactive("Clicks");
const BACKGROUND: Lane = Lane::background("Background", 64);

const KEEP: Keep = Keep {
    fresh: Duration::MAX,
    keys: 20_000,
};

/// Rows of an answer that comes and goes.
const ROWS: usize = 100_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    clicks(if is_quick() { 1 } else { 201 })?;
    frames();
    gaps(if is_quick() { 1 } else { 30 })?;
    Ok(())
}

/// A click while 32 background jobs hang: from asking to its answer in hand.
#[expect(clippy::print_stdout, reason = "the report of a benchmark")]
fn clicks(turns: usize) -> std::io::Result<()> {
    let (wake, woken) = channel();
    let executor = Executor::new(move || wake.send(()).unwrap_or_default())?;
    let hung: Vec<(Sender<()>, Job<(), Infallible>)> = (0..32).map(|_| hang(&executor)).collect();
    let times = (0..turns).map(|_| click(&executor, &woken)).collect();
    println!(
        "{turns} clicks under 32 hung background jobs: {} until the answer is in hand",
        spread(times),
    );
    drop(hung);
    Ok(())
}

fn hang(executor: &Executor) -> (Sender<()>, Job<(), Infallible>) {
    let (open, gate) = channel::<()>();
    let job = executor.job("hung").lane(BACKGROUND).run(move || {
        gate.recv().unwrap_or_default();
        Ok(())
    });
    (open, job)
}

fn click(executor: &Executor, woken: &Receiver<()>) -> Duration {
    let asked = Instant::now();
    let mut job: Job<u32, Infallible> = executor.job("click").lane(CLICKS).run(|| Ok(1));
    while job.take().is_none() {
        woken.recv().unwrap_or_default();
    }
    asked.elapsed()
}

/// A frame that looks at 30 keys of a store, by the number of jobs that are out.
fn frames() {
    let executor = Executor::manual(|| {});
    let frames = if is_quick() { 1 } else { 1_000 };
    let mut stores = [1, 1_000, 10_000].map(|out| store(&executor, out));
    let [one, thousand, ten_thousand] = &mut stores;
    compare(
        "a frame, nothing arrived",
        Course::run_of(frames),
        [
            Contender::new("10,000 jobs out", || draw(ten_thousand, &executor, frames)),
            Contender::new("1,000", || draw(thousand, &executor, frames)),
            Contender::new("1", || draw(one, &executor, frames)),
        ],
    );
}

type Numbers = Store<u32, u32, Infallible>;

fn store(executor: &Executor, out: u32) -> Numbers {
    let mut store = Store::new(KEEP);
    for key in 0..30 {
        store.want(&key, || executor.run("seen", || Ok(1)));
    }
    executor.run_pending();
    store.poll();
    for key in 30..30 + out {
        store.want(&key, || executor.run("out", || Ok(1)));
    }
    store
}

fn draw(store: &mut Numbers, executor: &Executor, frames: u32) {
    for _ in 0..frames {
        for key in 0..30 {
            black_box(store.get(&key, || executor.run("seen", || Ok(1))).value());
        }
    }
}

/// The longest that the drawing thread is kept by answers of 100,000 rows that come and go.
#[expect(clippy::print_stdout, reason = "the report of a benchmark")]
fn gaps(answers: usize) -> std::io::Result<()> {
    let (wake, woken) = channel();
    let executor = Executor::pool(2, move || wake.send(()).unwrap_or_default())?;
    let mut remote: Remote<Vec<String>, Infallible> = Remote::default();
    let (mut ours, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..=answers {
        remote.load(executor.run("rows", || Ok(rows())));
        while remote.is_loading() {
            woken.recv().unwrap_or_default();
            let frame = Instant::now();
            remote.poll();
            ours.push(frame.elapsed());
        }
        let superseded = rows();
        let frame = Instant::now();
        drop(superseded);
        plain.push(frame.elapsed());
    }
    println!(
        "{answers} answers of {ROWS} rows supersede each other: the drawing thread is kept for {}; by freeing them itself for {}",
        spread(ours),
        spread(plain),
    );
    Ok(())
}

fn rows() -> Vec<String> {
    (0..ROWS).map(|row| format!("row number {row}")).collect()
}

fn spread(mut times: Vec<Duration>) -> String {
    times.sort();
    let longest = times.last().copied().unwrap_or_default();
    format!(
        "{:.1?} (median, longest {longest:.1?})",
        times[times.len() / 2]
    )
}
