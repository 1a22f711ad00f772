//! Ours next to its rivals, in the same run. Each round times all of them, one after the other, so that whatever slows the
//! machine down slows every one of them.

use std::time::{Duration, Instant};

const ROUNDS: usize = 9;

/// One way to do what is compared.
pub struct Contender<'a> {
    name: &'a str,
    run: Box<dyn FnMut() + 'a>,
    times: Vec<Duration>,
}

impl<'a> Contender<'a> {
    pub fn new(name: &'a str, run: impl FnMut() + 'a) -> Self {
        Self {
            name,
            run: Box::new(run),
            times: Vec::new(),
        }
    }

    /// One round: the median of its runs.
    fn time(&mut self, course: Course) {
        let runs: Vec<_> = (0..course.runs)
            .map(|_| {
                rest(course.rest);
                let started = Instant::now();
                (self.run)();
                started.elapsed() / course.units
            })
            .collect();
        self.times.push(median(&runs));
    }
}

/// What one round of a contender is.
#[derive(Clone, Copy)]
pub struct Course {
    pub runs: usize,
    /// Before each run; long enough, idle workers fall asleep.
    pub rest: Duration,
    /// How often a run does what is compared. Times are for one.
    pub units: u32,
}

impl Course {
    /// A single run, without a rest.
    pub const fn run_of(units: u32) -> Self {
        Self {
            runs: 1,
            rest: Duration::ZERO,
            units,
        }
    }
}

/// Whether this run only proves that the benchmark works: `cargo bench -- --test`.
pub fn is_quick() -> bool {
    std::env::args().any(|arg| arg == "--test")
}

/// Times the first of `contenders`, which is ours, against the others, and prints a line for each of those.
pub fn compare<const N: usize>(what: &str, course: Course, mut contenders: [Contender<'_>; N]) {
    let rounds = if is_quick() { 1 } else { ROUNDS };
    for contender in &mut contenders {
        (contender.run)(); // Warms up.
    }
    for round in 0..rounds {
        // Whose turn is first changes.
        for turn in 0..N {
            contenders[(round + turn) % N].time(course);
        }
    }
    if let [ours, rivals @ ..] = &contenders[..] {
        for rival in rivals {
            report(what, ours, rival);
        }
    }
}

/// Ratios are taken within a round. Above 1 the rival is faster.
#[expect(clippy::print_stdout, reason = "the report of a benchmark")]
fn report(what: &str, ours: &Contender<'_>, rival: &Contender<'_>) {
    let mut ratios: Vec<f64> = std::iter::zip(&ours.times, &rival.times)
        .map(|(our, rival)| our.as_secs_f64() / rival.as_secs_f64())
        .collect();
    ratios.sort_by(f64::total_cmp);
    let rounds = ratios.len();
    println!(
        "{what}: {} {:.1?}, {} {:.1?}, ratio {:.2} (median of {rounds} interleaved rounds, {:.2} to {:.2})",
        ours.name,
        median(&ours.times),
        rival.name,
        median(&rival.times),
        ratios[rounds / 2],
        ratios[0],
        ratios[rounds - 1],
    );
}

#[expect(clippy::disallowed_methods, reason = "nothing is waited for")]
fn rest(time: Duration) {
    if !time.is_zero() {
        std::thread::sleep(time);
    }
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[times.len() / 2]
}
