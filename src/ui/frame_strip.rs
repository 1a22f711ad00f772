//! How long each frame kept the window busy, as a strip of bars.
//!
//! The cost is bounded by the points across, however many frames there are: those that fall on one bar show their worst.

use egui::{Align2, Color32, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo};

use super::time_scale::TimeScale;
use super::tokens::{self, FRAME_BUDGET_MS, FREEZE_MS, Palette};
use super::{font, text};

/// One frame: when it began, and how long it was busy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// In seconds of the clock the scale uses.
    pub at: f64,
    /// In milliseconds, without the wait for the screen.
    pub busy_ms: f32,
}

/// Width of a bar, and of the gap after it.
const BAR: f32 = 3.0;
const BAR_GAP: f32 = 1.0;
/// A frame this long fills the strip, in milliseconds; longer ones look the same.
const LONGEST_MS: f32 = 2500.0;
/// Up to where the budget line reaches: high where short frames are to be told apart, low where long ones are.
const BUDGET_IN_STRIP: f32 = 0.7;
const BUDGET_IN_RUN: f32 = 0.25;

/// The frames on the time axis, in a row across the region. Returns the worst one under the pointer.
pub fn strip(
    ui: &mut Ui,
    scale: &TimeScale,
    frames: impl IntoIterator<Item = Frame>,
) -> Option<f32> {
    let size = egui::vec2(ui.available_width(), tokens::FRAME_STRIP);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Frames"));
    let rect = Rect::from_x_y_ranges(scale.x, rect.y_range());
    let bars = worst_per_bar(scale, frames);
    let palette = Palette::of(ui);
    budget_line(ui, rect, BUDGET_IN_STRIP);
    let color = |busy_ms: f32| {
        if busy_ms > FREEZE_MS {
            palette.bad
        } else if busy_ms > FRAME_BUDGET_MS {
            palette.warning
        } else {
            palette.frame
        }
    };
    paint_bars(ui, rect, &bars, BAR + BAR_GAP, BUDGET_IN_STRIP, color);
    let label = text::line(ui, "16.7 ms", font::small(), palette.muted, f32::INFINITY);
    let above = Rect::from_x_y_ranges(rect.x_range(), rect.top()..=budget_y(rect, BUDGET_IN_STRIP));
    text::paint(ui, above, Align2::RIGHT_BOTTOM, label);

    let x = response.hover_pos()?.x;
    let hovered = *bars.get(((x - rect.left()) / (BAR + BAR_GAP)) as usize)?;
    (hovered > 0.0).then_some(hovered)
}

/// The frames of one run beside each other, whenever they were: one bar each, in `color`. Long runs show the worst of
/// neighbors. Returns the frame under the pointer.
pub fn run(ui: &mut Ui, name: &str, color: Color32, busy_ms: &[f32]) -> Option<f32> {
    run_by(ui, name, |_| color, busy_ms)
}

/// Like [`run`], each frame in the color of what it cost.
pub fn run_by(
    ui: &mut Ui,
    name: &str,
    color: impl Fn(f32) -> Color32,
    busy_ms: &[f32],
) -> Option<f32> {
    let size = egui::vec2(ui.available_width(), tokens::RUN_STRIP);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    budget_line(ui, rect, BUDGET_IN_RUN);
    let line = Stroke::new(tokens::HAIRLINE, Palette::of(ui).hairline);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - tokens::HAIRLINE * 0.5, line);
    let most = (rect.width() / (BAR + BAR_GAP)) as usize;
    let bars = worst_of_neighbors(busy_ms, most.max(1));
    let pitch = rect.width() / bars.len().max(1) as f32;
    paint_bars(ui, rect, &bars, pitch, BUDGET_IN_RUN, color);
    let x = response.hover_pos()?.x;
    bars.get(((x - rect.left()) / pitch) as usize).copied()
}

fn paint_bars(
    ui: &Ui,
    rect: Rect,
    bars: &[f32],
    pitch: f32,
    budget: f32,
    color: impl Fn(f32) -> Color32,
) {
    let gap = if pitch > BAR * 4.0 {
        tokens::GRID
    } else {
        BAR_GAP
    };
    let shapes = bars
        .iter()
        .enumerate()
        .filter(|(_, busy_ms)| **busy_ms > 0.0)
        .map(|(index, busy_ms)| {
            let left = rect.left() + index as f32 * pitch;
            let height = (rect.height() * height(*busy_ms, budget)).max(tokens::HAIRLINE);
            let bar = Rect::from_x_y_ranges(
                left..=left + pitch - gap,
                rect.bottom() - height..=rect.bottom(),
            );
            Shape::rect_filled(
                bar,
                if gap > BAR_GAP {
                    tokens::RADIUS_SMALL
                } else {
                    egui::CornerRadius::ZERO
                },
                color(*busy_ms),
            )
        });
    ui.painter().extend(shapes);
}

fn budget_line(ui: &Ui, rect: Rect, budget: f32) {
    let y = budget_y(rect, budget);
    let points = [egui::pos2(rect.left(), y), egui::pos2(rect.right(), y)];
    let stroke = Stroke::new(tokens::HAIRLINE, Palette::of(ui).hairline_strong);
    ui.painter().extend(Shape::dashed_line(
        &points,
        stroke,
        tokens::DASH,
        tokens::DASH,
    ));
}

fn budget_y(rect: Rect, budget: f32) -> f32 {
    (rect.bottom() - rect.height() * budget).round() + tokens::HAIRLINE * 0.5
}

/// The part of the strip's height that a frame reaches: in proportion up to the budget, by the square root above it, so
/// that 3 ms and 2 s can both be seen.
fn height(busy_ms: f32, budget: f32) -> f32 {
    if busy_ms <= FRAME_BUDGET_MS {
        return budget * busy_ms / FRAME_BUDGET_MS;
    }
    let over = (busy_ms - FRAME_BUDGET_MS) / (LONGEST_MS - FRAME_BUDGET_MS);
    budget + (1.0 - budget) * over.min(1.0).sqrt()
}

/// The longest frame of each bar across the scale, 0 where there was none. A frame covers the bars of its whole time: a
/// freeze is as wide as it was long.
fn worst_per_bar(scale: &TimeScale, frames: impl IntoIterator<Item = Frame>) -> Vec<f32> {
    let pitch = BAR + BAR_GAP;
    let mut bars = vec![0.0_f32; (scale.x.span().max(0.0) / pitch).ceil() as usize];
    for frame in frames {
        let end = frame.at + f64::from(frame.busy_ms) / 1000.0;
        if end < scale.start || frame.at > scale.end {
            continue;
        }
        let index = |at: f64| ((scale.x_of(at) - scale.x.min) / pitch) as usize;
        let last = index(end).min(bars.len().saturating_sub(1));
        for bar in bars.iter_mut().take(last + 1).skip(index(frame.at)) {
            *bar = bar.max(frame.busy_ms);
        }
    }
    bars
}

/// At most `most` values, each the largest of its neighbors.
fn worst_of_neighbors(busy_ms: &[f32], most: usize) -> Vec<f32> {
    let together = busy_ms.len().div_ceil(most).max(1);
    busy_ms
        .chunks(together)
        .map(|chunk| chunk.iter().copied().fold(0.0, f32::max))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freeze_is_seen_among_a_million_short_frames() {
        let scale = TimeScale::new(0.0, 1000.0, 0.0..=400.0);
        let frames = (0..1_000_000).map(|n| Frame {
            at: f64::from(n) * 0.001,
            busy_ms: if n == 700_000 { 800.0 } else { 4.0 },
        });
        let bars = worst_per_bar(&scale, frames);
        assert_eq!(bars.len(), 100);
        assert_eq!(bars.iter().filter(|ms| **ms > FREEZE_MS).count(), 1);
        assert_eq!(bars[70], 800.0);
    }

    #[test]
    fn a_freeze_is_as_wide_as_it_was_long() {
        let scale = TimeScale::new(10.0, 20.0, 0.0..=400.0);
        let freeze = |at| Frame {
            at,
            busy_ms: 2000.0,
        };
        let red = |at| {
            let bars = worst_per_bar(&scale, [freeze(at)]);
            bars.iter().filter(|ms| **ms > FREEZE_MS).count()
        };
        assert_eq!(red(12.0), 21, "2 s of 10 s, and the bar it ends in");
        assert_eq!(red(9.0), 11, "half of it lies before");
        assert_eq!(red(19.0), 10, "half of it lies after");
    }

    #[test]
    fn frames_outside_the_scale_are_left_out() {
        let scale = TimeScale::new(10.0, 20.0, 0.0..=40.0);
        let frames = [9.9, 15.0, 20.1].map(|at| Frame { at, busy_ms: 5.0 });
        let bars = worst_per_bar(&scale, frames);
        assert_eq!(bars.iter().filter(|ms| **ms > 0.0).count(), 1);
    }

    #[test]
    fn long_runs_keep_their_worst_frames() {
        assert_eq!(
            worst_of_neighbors(&[1.0, 9.0, 2.0, 3.0, 4.0], 3),
            [9.0, 3.0, 4.0]
        );
        assert_eq!(worst_of_neighbors(&[1.0, 9.0], 3), [1.0, 9.0]);
        assert!(worst_of_neighbors(&[], 3).is_empty());
    }

    #[test]
    fn longer_frames_are_higher_and_stay_inside() {
        let heights =
            [1.0, 16.7, 20.0, 50.0, 2000.0, 60_000.0].map(|ms| height(ms, BUDGET_IN_STRIP));
        assert!(heights.is_sorted());
        assert_eq!(heights[5], 1.0);
    }
}
