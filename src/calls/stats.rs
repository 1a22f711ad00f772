//! The responsiveness figures, defined once: panel, Compare page and command line all take them from here.

use std::time::Duration;

use serde::Serialize;

/// A frame longer than this is a freeze (the long task of the web's vocabulary).
pub const FREEZE: Duration = Duration::from_millis(50);

/// What a frame may cost at 60 Hz.
pub const BUDGET: Duration = Duration::from_micros(16_667);

/// p50, p95 and the slowest of some durations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Percentiles {
    /// Half took at most this.
    pub p50: Duration,
    /// 95 % took at most this.
    pub p95: Duration,
    /// The slowest.
    pub max: Duration,
}

impl Percentiles {
    /// Nearest-rank percentiles. Absent where there is nothing to rank.
    pub fn of(durations: impl IntoIterator<Item = Duration>) -> Option<Self> {
        let mut sorted: Vec<_> = durations.into_iter().collect();
        sorted.sort_unstable();
        let max = *sorted.last()?;
        Some(Self {
            p50: rank(&sorted, 50),
            p95: rank(&sorted, 95),
            max,
        })
    }
}

fn rank(sorted: &[Duration], percent: usize) -> Duration {
    let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(index).copied().unwrap_or_default()
}

/// What a run of calls left behind, apart from its frames.
#[derive(Clone, Debug, Default)]
pub struct RunMarks {
    /// Calls that were made.
    pub calls: usize,
    /// Input due → end of the frame that handled it, of each input.
    pub interactions: Vec<Duration>,
    /// From the start to the first answer in the window's hands.
    pub first_row: Option<Duration>,
    /// From the start to the last one.
    pub all_rows: Option<Duration>,
    /// From the start to the end of the run.
    pub wall: Duration,
    /// Most calls that waited at the same time.
    pub peak_in_flight: usize,
    /// Calls without a value.
    pub errors: usize,
}

/// How a run felt. The names of the fields are the keys of `compare --json`; milliseconds unless the name says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// The longest frame.
    pub longest_freeze_ms: f64,
    /// Σ (frame − 50 ms) over the frames above 50 ms.
    pub total_blocking_ms: f64,
    /// Worst input due → end of the frame that handled it; the 98th percentile from 50 inputs on.
    pub worst_interaction_ms: Option<f64>,
    /// Frames drawn.
    pub frames: usize,
    /// Frames above 50 ms.
    pub frames_over_50ms: usize,
    /// Frames above the budget of 60 Hz.
    pub frames_over_16_7ms: usize,
    /// Mean pace of the slowest 1 % of the frames (at least one), as frames per second. A frame's pace is its busy time, and
    /// never faster than 60 Hz.
    pub one_percent_low_fps: Option<f64>,
    /// Start → first answer in the window's hands.
    pub first_row_ms: Option<f64>,
    /// Start → last answer in the window's hands.
    pub all_rows_ms: Option<f64>,
    /// Start → end.
    pub wall_ms: f64,
    /// Calls per second of wall time.
    pub calls_per_s: f64,
    /// Most calls that waited at the same time.
    pub peak_in_flight: usize,
    /// Calls without a value.
    pub errors: usize,
}

impl Figures {
    /// The figures of a run with these frames.
    pub fn of(frames: &[Duration], marks: &RunMarks) -> Self {
        let over = |limit: Duration| frames.iter().filter(|&&frame| frame > limit).count();
        let blocking: Duration = frames
            .iter()
            .map(|frame| frame.saturating_sub(FREEZE))
            .sum();
        let wall = marks.wall.as_secs_f64();
        Self {
            longest_freeze_ms: millis(frames.iter().max().copied().unwrap_or_default()),
            total_blocking_ms: millis(blocking),
            worst_interaction_ms: worst_interaction(&marks.interactions).map(millis),
            frames: frames.len(),
            frames_over_50ms: over(FREEZE),
            frames_over_16_7ms: over(BUDGET),
            one_percent_low_fps: one_percent_low(frames),
            first_row_ms: marks.first_row.map(millis),
            all_rows_ms: marks.all_rows.map(millis),
            wall_ms: millis(marks.wall),
            calls_per_s: if wall > 0.0 {
                marks.calls as f64 / wall
            } else {
                0.0
            },
            peak_in_flight: marks.peak_in_flight,
            errors: marks.errors,
        }
    }
}

/// Milliseconds, to the microsecond.
pub(super) fn millis(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1_000.0
}

fn worst_interaction(interactions: &[Duration]) -> Option<Duration> {
    let mut sorted = interactions.to_vec();
    sorted.sort_unstable();
    if sorted.len() >= 50 {
        Some(rank(&sorted, 98))
    } else {
        sorted.last().copied()
    }
}

fn one_percent_low(frames: &[Duration]) -> Option<f64> {
    let mut paces: Vec<_> = frames.iter().map(|&frame| frame.max(BUDGET)).collect();
    paces.sort_unstable_by(|a, b| b.cmp(a));
    let slowest = paces.len().div_ceil(100);
    let mean = paces
        .iter()
        .take(slowest)
        .sum::<Duration>()
        .checked_div(slowest as u32)?;
    Some(1.0 / mean.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn one_long_frame_is_not_averaged_away() {
        let mut frames = vec![ms(5); 999];
        frames.push(ms(2_000));
        let figures = Figures::of(&frames, &RunMarks::default());
        assert_eq!(figures.longest_freeze_ms, 2_000.0);
        assert_eq!(figures.total_blocking_ms, 1_950.0);
        assert_eq!(
            (figures.frames_over_50ms, figures.frames_over_16_7ms),
            (1, 1)
        );
        assert!(
            figures.one_percent_low_fps.unwrap() < 5.0,
            "ten slowest frames, one of them of 2 s"
        );
    }

    #[test]
    fn smooth_frames_have_the_pace_of_the_screen() {
        let figures = Figures::of(&[ms(4); 120], &RunMarks::default());
        assert!((figures.one_percent_low_fps.unwrap() - 60.0).abs() < 0.1);
        assert_eq!(figures.total_blocking_ms, 0.0);
    }

    #[test]
    fn no_frames_have_no_pace() {
        assert_eq!(
            Figures::of(&[], &RunMarks::default()).one_percent_low_fps,
            None
        );
    }

    #[test]
    fn the_worst_interaction_turns_into_a_percentile_at_fifty_inputs() {
        let mut inputs = vec![ms(10); 49];
        inputs[7] = ms(900);
        assert_eq!(worst_interaction(&inputs), Some(ms(900)));
        inputs.extend([ms(10); 51]);
        assert_eq!(worst_interaction(&inputs), Some(ms(10)));
        assert_eq!(worst_interaction(&[]), None);
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let found = Percentiles::of((1..=100).map(ms)).unwrap();
        assert_eq!((found.p50, found.p95, found.max), (ms(50), ms(95), ms(100)));
        assert_eq!(Percentiles::of([]), None);
    }
}
