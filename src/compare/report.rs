//! What a comparison found.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::calls::{BUDGET, FREEZE, Figures};
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

    /// The average pace of the frames, as frames per second: never faster than 60 Hz, like the pace of the slowest ones.
    pub fn average_fps(&self) -> Option<f64> {
        let spent: Duration = self.frames.iter().map(|&frame| frame.max(BUDGET)).sum();
        (!self.frames.is_empty()).then(|| self.frames.len() as f64 / spent.as_secs_f64())
    }

    /// The first thing that went wrong, if anything did.
    pub fn first_error(&self) -> Option<&str> {
        self.answers
            .iter()
            .flatten()
            .find_map(|answer| answer.as_ref().err().map(String::as_str))
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
    /// Whether both sides got the same rows, and all of them.
    pub same_answers: bool,
    /// Calls without an answer: of the blocking run, and of the offloaded one.
    pub errors: (usize, usize),
    /// How long the window stood still in the blocking run.
    pub stood_still: Duration,
    /// The longest frame of the offloaded run.
    pub longest_frame: Duration,
    /// When the last row came, offloaded. Absent where rows are missing.
    pub last_row: Option<LastRow>,
}

/// When the last row of the offloaded run came, seen from the blocking one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LastRow {
    /// So many times sooner.
    Sooner(f64),
    /// So many times later.
    Later(f64),
    /// Neither: less than a twentieth apart.
    Same,
}

impl LastRow {
    fn of(sync: &SideReport, offloaded: &SideReport) -> Option<Self> {
        let (sync, offloaded) = (sync.figures.all_rows_ms?, offloaded.figures.all_rows_ms?);
        let sooner = sync.max(0.001) / offloaded.max(0.001);
        Some(match sooner {
            1.05.. => Self::Sooner(sooner),
            ..=0.95 => Self::Later(1.0 / sooner),
            _ => Self::Same,
        })
    }
}

impl Verdict {
    /// The verdict on two runs of the same workload.
    pub fn of(sync: &SideReport, offloaded: &SideReport) -> Self {
        let errors = (sync.figures.errors, offloaded.figures.errors);
        Self {
            calls: sync.answers.len(),
            same_answers: errors == (0, 0) && sync.answers == offloaded.answers,
            errors,
            stood_still: sync.stood_still(),
            longest_frame: offloaded.frames.iter().max().copied().unwrap_or_default(),
            last_row: LastRow::of(sync, offloaded),
        }
    }

    /// Like `Same 20 calls, same answers.`
    pub fn headline(&self) -> String {
        let Self {
            calls,
            same_answers,
            errors,
            ..
        } = self;
        let called = if *calls == 1 { "call" } else { "calls" };
        match errors {
            (0, 0) if *same_answers => format!("Same {calls} {called}, same answers."),
            (0, 0) => format!("Same {calls} {called}, but not the same answers."),
            (sync, offloaded) => {
                format!(
                    "Same {calls} {called}; without an answer: {sync} synchronous, {offloaded} offloaded."
                )
            }
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            stood_still,
            longest_frame,
            last_row,
            ..
        } = self;
        write!(
            f,
            "{} Synchronous, the window stood still for {:.1} s. Offloaded, its longest frame was {:.1} ms",
            self.headline(),
            stood_still.as_secs_f64(),
            longest_frame.as_secs_f64() * 1000.0,
        )?;
        match last_row {
            Some(LastRow::Sooner(times)) => {
                write!(f, ", and the last row came {times:.1} × sooner.")
            }
            Some(LastRow::Later(times)) => write!(f, ", and the last row came {times:.1} × later."),
            Some(LastRow::Same) => write!(f, ", and the last row came at the same time."),
            None => write!(f, "."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(frame_ms: u64, all_rows_ms: f64, answer: Result<Vec<EntityId>, String>) -> SideReport {
        let errors = usize::from(answer.is_err());
        let all_rows_ms = answer.is_ok().then_some(all_rows_ms);
        SideReport {
            figures: Figures {
                all_rows_ms,
                errors,
                ..Figures::default()
            },
            frames: vec![Duration::from_millis(frame_ms), Duration::from_millis(10)],
            answers: vec![Some(answer)],
        }
    }

    #[test]
    fn the_verdict_says_what_happened() {
        let verdict = Verdict::of(&side(2000, 2000.0, Ok(vec![])), &side(8, 200.0, Ok(vec![])));
        assert!(verdict.same_answers);
        let expected = "Same 1 call, same answers. Synchronous, the window stood still for 2.0 s. Offloaded, its longest \
                        frame was 10.0 ms, and the last row came 10.0 × sooner.";
        assert_eq!(verdict.to_string(), expected);
    }

    #[test]
    fn offloading_is_not_said_to_be_sooner_where_it_was_not() {
        let last_row = |sync, offloaded| {
            Verdict::of(&side(60, sync, Ok(vec![])), &side(8, offloaded, Ok(vec![]))).last_row
        };
        assert_eq!(last_row(100.0, 200.0), Some(LastRow::Later(2.0)));
        assert_eq!(last_row(100.0, 101.0), Some(LastRow::Same));
        assert_eq!(last_row(200.0, 100.0), Some(LastRow::Sooner(2.0)));
    }

    #[test]
    fn the_same_failure_twice_is_not_the_same_answer() {
        let failed = || side(60, 0.0, Err("The site did not answer".to_owned()));
        let verdict = Verdict::of(&failed(), &failed());
        assert!(!verdict.same_answers && verdict.last_row.is_none());
        assert!(
            verdict
                .headline()
                .contains("without an answer: 1 synchronous, 1 offloaded"),
            "{verdict}"
        );
    }
}
