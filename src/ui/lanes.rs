//! What each worker did, as thin bars on the time axis; and moments, such as inputs, as dots.

use egui::{Align2, Rangef, Rect, Role, Sense, Ui, WidgetInfo};

use super::time_scale::TimeScale;
use super::tokens::{self, Palette};
use super::waterfall::{SegmentKind, paint_segment};
use super::{font, text};

/// What a worker was doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// At work on a call.
    Busy,
    /// Its attempt failed.
    Failed,
    /// Waits before the next attempt.
    Backoff,
}

/// A part of a worker's time, in seconds of the clock the scale uses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// What it was doing.
    pub activity: Activity,
    /// From when.
    pub start: f64,
    /// Until when.
    pub end: f64,
}

/// One worker's lane, its name at the left of the scale. Returns the index of the bar under the pointer.
pub fn lane(ui: &mut Ui, scale: &TimeScale, name: &str, bars: &[Bar]) -> Option<usize> {
    let (rect, hover) = row(ui, scale, name, tokens::LANE_PITCH);
    let palette = Palette::of(ui);
    let painter = ui.painter_at(rect);
    let y = Rangef::point(rect.center().y).expand(tokens::LANE_BAR * 0.5);
    let mut hovered = None;
    for (index, bar) in bars.iter().enumerate() {
        let Some(x) = scale.range(bar.start, bar.end) else {
            continue;
        };
        if hover.is_some_and(|pointer| x.contains(pointer)) {
            hovered = Some(index);
        }
        let bar_rect = Rect::from_x_y_ranges(x, y);
        match bar.activity {
            Activity::Busy => {
                painter.rect_filled(bar_rect, tokens::RADIUS_SMALL, palette.lane);
            }
            Activity::Failed => paint_segment(&painter, bar_rect, SegmentKind::Failed, palette),
            Activity::Backoff => paint_segment(&painter, bar_rect, SegmentKind::Backoff, palette),
        }
    }
    hovered
}

/// Moments as dots, such as the inputs; those marked `true` stand out. `moments` are seconds.
pub fn dots(
    ui: &mut Ui,
    scale: &TimeScale,
    name: &str,
    moments: impl IntoIterator<Item = (f64, bool)>,
) {
    let (rect, _) = row(ui, scale, name, tokens::AXIS);
    let palette = Palette::of(ui);
    let painter = ui.painter_at(rect.expand2(egui::vec2(tokens::DOT, 0.0)));
    for (at, marked) in moments {
        if scale.range(at, at).is_some() {
            let color = if marked {
                palette.accent
            } else {
                palette.muted
            };
            painter.circle_filled(
                egui::pos2(scale.x_of(at), rect.center().y),
                tokens::DOT - 0.5,
                color,
            );
        }
    }
}

/// A row with its name before the scale, and where the pointer is across it.
fn row(ui: &mut Ui, scale: &TimeScale, name: &str, height: f32) -> (Rect, Option<f32>) {
    let size = egui::vec2(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name));
    label(ui, rect, scale, name);
    (
        Rect::from_x_y_ranges(scale.x, rect.y_range()),
        response.hover_pos().map(|pos| pos.x),
    )
}

/// The name of a row of the time line, between the left edge of the region and its scale.
pub fn label(ui: &Ui, rect: Rect, scale: &TimeScale, name: &str) {
    let room = scale.x.min - rect.left() - tokens::GAP;
    if room > 0.0 {
        let galley = text::line(ui, name, font::small(), Palette::of(ui).muted, room);
        text::paint(ui, rect, Align2::LEFT_CENTER, galley);
    }
}
