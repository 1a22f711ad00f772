//! What a comparison found.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::calls::{FREEZE, Figures};
use crate::shotgun::EntityId;

/// What one run left behind.
#[derive(Clone, Debug)]
pub struct SideReport {
    /// How it felt.
    pub figures: Figures,
    /// Busy time of each frame.
    pub frames: Vec<Duration>,
    /// The answer of each call: ids of the rows, or what went wrong.
    pub answers: Vec<Option<Result<Vec<EntityId>, String>>>,
}

impl SideReport {
    /// The time the window stood still: all frames above 50 ms.
    pub fn stood_still(&self) -> Duration {
        self.frames.iter().filter(|&&frame| frame > FREEZE).sum()
    }

    /// The first thing that went wrong, if anything did.
    pub fn first_error(&self) -> Option<&str> {
        self.answers.iter().flatten().find_map(|answer| answer.as_ref().err().map(String::as_str))
    }
}

/// Both runs, as `compare --json` prints them.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The address of the site, without credentials.
    pub site: String,
    /// Calls made by each side.
    pub calls: usize,
    /// Calls that were wanted: more than were made where they would have frozen the window for over 20 s.
    pub calls_wanted: usize,
    /// The blocking run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync: Option<Figures>,
    /// The offloaded run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offloaded: Option<Figures>,
}

/// The comparison in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Calls made by each side.
    pub calls: usize,
    /// Whether both sides got the same rows.
    pub same_answers: bool,
    /// How long the window stood still in the blocking run.
    pub stood_still: Duration,
    /// The longest frame of the offloaded run.
    pub longest_frame: Duration,
    /// How many times sooner the last row came, offloaded. Below 1, it came later.
    pub sooner: f64,
}

impl Verdict {
    /// The verdict on two runs of the same workload.
    pub fn of(sync: &SideReport, offloaded: &SideReport) -> Self {
        let all_rows = |side: &SideReport| side.figures.all_rows_ms.unwrap_or(0.0).max(0.001);
        Self {
            calls: sync.answers.len(),
            same_answers: sync.answers == offloaded.answers,
            stood_still: sync.stood_still(),
            longest_frame: offloaded.frames.iter().max().copied().unwrap_or_default(),
            sooner: all_rows(sync) / all_rows(offloaded),
        }
    }

    /// Like `Same 20 calls, same answers.`
    pub fn headline(&self) -> String {
        let calls = if self.calls == 1 { "call" } else { "calls" };
        let answers = if self.same_answers { "same answers" } else { "not the same answers" };
        format!("Same {} {calls}, {answers}.", self.calls)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} Synchronous, the window stood still for {:.1} s. Offloaded, its longest frame was {} ms, and the last row came \
             {:.1} × sooner.",
            self.headline(),
            self.stood_still.as_secs_f64(),
            self.longest_frame.as_millis(),
            self.sooner,
        )
    }
}
