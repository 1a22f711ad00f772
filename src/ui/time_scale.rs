//! Where a moment lies on the screen: the one scale that frames, lanes and calls share.

use std::time::Duration;

use egui::{Align2, Rangef, Rect, Role, Sense, Ui, WidgetInfo};

use super::tokens::{self, Palette};
use super::{font, format};

/// Seconds of the clock, mapped to points across a region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeScale {
    /// The moment at the left end, in seconds.
    pub start: f64,
    /// The moment at the right end, in seconds.
    pub end: f64,
    /// The points across.
    pub x: Rangef,
}

/// What second 0 of the clock is called on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A time of day, as time since midnight: `10:42:00`, `01`, `02`.
    Clock(Duration),
    /// The beginning of what is shown: `0 ms`, `+200 ms`.
    Start,
}

/// A mark on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// When, in seconds.
    pub at: f64,
    /// What to write there.
    pub label: String,
}

/// Ticks are at least this far apart, so that their labels do not touch.
const TICK_DISTANCE: f32 = 80.0;
/// The steps that read well: 1, 2, 5 and their powers of ten; from a second on, parts of a minute.
const STEPS: [f64; 22] = [
    0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0,
    10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0,
];

impl TimeScale {
    /// `start` to `end` seconds, drawn across `x`. An empty span is widened, so that nothing divides by it.
    pub fn new(start: f64, end: f64, x: impl Into<Rangef>) -> Self {
        Self {
            start,
            end: end.max(start + STEPS[0]),
            x: x.into(),
        }
    }

    /// The same span, drawn elsewhere.
    #[must_use]
    pub fn across(self, x: impl Into<Rangef>) -> Self {
        Self {
            x: x.into(),
            ..self
        }
    }

    /// Seconds from end to end.
    pub fn span(&self) -> f64 {
        self.end - self.start
    }

    /// Where the moment `at` lies; may be outside.
    pub fn x_of(&self, at: f64) -> f32 {
        let part = (at - self.start) / self.span();
        self.x.min + (part * f64::from(self.x.span())) as f32
    }

    /// Which moment lies at `x`.
    pub fn at(&self, x: f32) -> f64 {
        let part = f64::from((x - self.x.min) / self.x.span().max(tokens::HAIRLINE));
        self.start + part * self.span()
    }

    /// The points from `start` to `end`, at least one wide and cut at the ends. `None` where nothing of it is in view.
    pub fn range(&self, start: f64, end: f64) -> Option<Rangef> {
        if end < self.start || start > self.end {
            return None;
        }
        let min = self.x_of(start).max(self.x.min);
        let max = self.x_of(end).min(self.x.max);
        Some(Rangef::new(min, max.max(min + tokens::HAIRLINE)))
    }

    /// Moments worth a label, at round times.
    pub fn ticks(&self, origin: Origin) -> Vec<Tick> {
        let per_point = self.span() / f64::from(self.x.span().max(tokens::HAIRLINE));
        let least = per_point * f64::from(TICK_DISTANCE);
        let step = STEPS
            .into_iter()
            .find(|step| *step >= least)
            .unwrap_or_else(|| (least / 3600.0).ceil() * 3600.0);
        // Round times are round on the clock that is written there.
        let zero = match origin {
            Origin::Clock(midnight) => -(midnight.as_secs_f64() % step),
            Origin::Start => self.start,
        };
        let first = ((self.start - zero) / step).ceil() as i64;
        let last = ((self.end - zero) / step).floor() as i64;
        (first..=last)
            .map(|n| {
                let at = zero + n as f64 * step;
                let label = match origin {
                    Origin::Clock(midnight) => {
                        clock_label(midnight.as_secs_f64() + at, step, n == first)
                    }
                    Origin::Start => start_label(at - self.start, step),
                };
                Tick { at, label }
            })
            .collect()
    }
}

/// To the microsecond: what is round in seconds must not become 999 thousandths.
fn duration(secs: f64) -> Duration {
    Duration::from_micros((secs.max(0.0) * 1e6).round() as u64)
}

/// The first label says all, the next ones only what changes.
fn clock_label(secs: f64, step: f64, first: bool) -> String {
    let time = duration(secs);
    if step < 1.0 {
        let millis = format::clock(time);
        return if first {
            millis
        } else {
            millis[6..].to_owned()
        };
    }
    let whole = format::clock_secs(time);
    let turns = first || step >= 60.0 || time.as_secs().is_multiple_of(60);
    if turns { whole } else { whole[6..].to_owned() }
}

fn start_label(secs: f64, step: f64) -> String {
    let time = duration(secs);
    if time.is_zero() {
        "0".to_owned()
    } else if step < 0.001 {
        format!("+{} µs", format::count(time.as_micros() as u64))
    } else if step < 1.0 && secs < 10.0 {
        format!("+{} ms", format::count(time.as_millis() as u64))
    } else {
        format!("+{}", format::setting(time))
    }
}

/// The labels of the axis, in a row across the region.
pub fn axis(ui: &mut Ui, scale: &TimeScale, origin: Origin) {
    let size = egui::vec2(ui.available_width(), tokens::AXIS);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, "Time axis"));
    let palette = Palette::of(ui);
    let painter = ui.painter_at(rect);
    let mut free_from = f32::NEG_INFINITY;
    for tick in scale.ticks(origin) {
        let x = scale.x_of(tick.at);
        let galley = painter.layout_no_wrap(tick.label, font::number_small(), palette.muted);
        let width = galley.size().x;
        // Under its moment, but inside the region and clear of the label before.
        let left = (x - width * 0.5).clamp(scale.x.min, (scale.x.max - width).max(scale.x.min));
        if left < free_from {
            continue;
        }
        free_from = left + width + tokens::GAP;
        let slot = Rect::from_x_y_ranges(left..=left + width, rect.y_range());
        let at = Align2::LEFT_CENTER
            .align_size_within_rect(galley.size(), slot)
            .min;
        painter.galley(at, galley, palette.muted);
    }
}

/// Faint lines at the ticks, through everything below the axis.
pub fn grid(ui: &Ui, rect: Rect, scale: &TimeScale, origin: Origin) {
    let stroke = (
        tokens::HAIRLINE,
        Palette::of(ui).hairline.gamma_multiply(0.5),
    );
    for tick in scale.ticks(origin) {
        ui.painter()
            .vline(scale.x_of(tick.at), rect.y_range(), stroke);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(start: f64, end: f64, origin: Origin) -> Vec<String> {
        let ticks = TimeScale::new(start, end, 0.0..=700.0).ticks(origin);
        ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn moments_and_points_map_to_each_other() {
        let scale = TimeScale::new(10.0, 20.0, 100.0..=200.0);
        assert_eq!(
            [10.0, 15.0, 20.0].map(|at| scale.x_of(at)),
            [100.0, 150.0, 200.0]
        );
        assert!((scale.at(150.0) - 15.0).abs() < 1e-6);
    }

    #[test]
    fn a_bar_is_at_least_a_point_wide_and_cut_at_the_ends() {
        let scale = TimeScale::new(0.0, 10.0, 0.0..=100.0);
        assert_eq!(scale.range(5.0, 5.0), Some(Rangef::new(50.0, 51.0)));
        assert_eq!(scale.range(-5.0, 20.0), Some(Rangef::new(0.0, 100.0)));
        assert_eq!(scale.range(-5.0, -1.0), None);
        assert_eq!(scale.range(11.0, 12.0), None);
    }

    #[test]
    fn an_empty_span_divides_by_nothing() {
        let scale = TimeScale::new(5.0, 5.0, 0.0..=100.0);
        assert!(scale.x_of(5.0).is_finite());
        assert!(scale.ticks(Origin::Start).len() < 10);
    }

    #[test]
    fn a_clock_axis_repeats_only_what_changes() {
        let morning = Origin::Clock(Duration::from_mins(10 * 60 + 42));
        assert_eq!(
            labels(0.0, 3.4, morning)[..3],
            ["10:42:00.000", "00.500", "01.000"]
        );
        assert_eq!(
            labels(0.0, 7.0, morning),
            ["10:42:00", "01", "02", "03", "04", "05", "06", "07"]
        );
        assert_eq!(labels(58.0, 62.0, morning)[..2], ["10:42:58.000", "58.500"]);
        assert_eq!(
            labels(50.0, 130.0, morning)[..3],
            ["10:42:50", "10:43:00", "10"]
        );
    }

    #[test]
    fn ticks_are_round_on_the_clock_not_since_the_start() {
        let morning = Origin::Clock(Duration::from_millis(((10 * 60 + 42) * 60) * 1000 + 300));
        assert_eq!(labels(0.0, 7.0, morning)[..2], ["10:42:01", "02"]);
        let scale = TimeScale::new(0.0, 7.0, 0.0..=700.0);
        assert!((scale.ticks(morning)[0].at - 0.7).abs() < 1e-6);
    }

    #[test]
    fn an_axis_from_the_start_counts_up() {
        assert_eq!(
            labels(100.0, 100.7, Origin::Start)[..3],
            ["0", "+100 ms", "+200 ms"]
        );
        assert_eq!(labels(3.0, 17.0, Origin::Start)[..3], ["0", "+2 s", "+4 s"]);
    }
}
