//! A stand-in for the window: it draws nothing, 60 times a second.

use std::time::Instant;

use super::report::SideReport;
use super::run::Run;
use crate::calls::{BUDGET, Recorder};

/// Runs to the end without a window, on this thread: each tick handles the inputs that are due and takes one step, as a
/// frame would. With a recorder, the ticks are recorded as frames.
pub fn headless(mut run: Run, recorder: &Recorder) -> SideReport {
    let mut due = Instant::now();
    while !run.is_over() {
        let began = Instant::now();
        run.begin_frame(began);
        run.step();
        let busy = began.elapsed();
        run.end_frame(busy);
        recorder.frame(began, busy, "Compare", "tick".to_owned(), 0);
        due = (due + BUDGET).max(Instant::now());
        wait_until(due);
    }
    run.finish()
}

fn wait_until(due: Instant) {
    while let Some(rest) = due
        .checked_duration_since(Instant::now())
        .filter(|rest| !rest.is_zero())
    {
        std::thread::park_timeout(rest);
    }
}
