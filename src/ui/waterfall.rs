//! The parts of a call on the time axis: queued, connecting, waiting, receiving, shown.

use std::time::Duration;

use egui::{Color32, Painter, Pos2, Rangef, Rect, Shape, Stroke, StrokeKind, Ui};

use super::time_scale::TimeScale;
use super::tokens::{self, Palette};
use super::{badge, font, format, text};

/// What a call did during a part of its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SegmentKind {
    /// Waited for a worker.
    Queue,
    /// Looked up a name.
    Dns,
    /// Connected.
    Connect,
    /// Negotiated TLS.
    Tls,
    /// Sent the request.
    Send,
    /// Waited for the first byte.
    Wait,
    /// Received.
    Receive,
    /// Decoded.
    Decode,
    /// Waited before the next attempt.
    Backoff,
    /// An attempt that failed.
    Failed,
}

impl SegmentKind {
    /// All kinds, in the order in which they happen.
    pub const ALL: [Self; 10] = [
        Self::Queue,
        Self::Dns,
        Self::Connect,
        Self::Tls,
        Self::Send,
        Self::Wait,
        Self::Receive,
        Self::Decode,
        Self::Backoff,
        Self::Failed,
    ];

    /// Its color.
    pub fn color(self, palette: &Palette) -> Color32 {
        match self {
            Self::Queue | Self::Backoff => palette.queue,
            Self::Dns | Self::Connect | Self::Tls => palette.connect,
            Self::Send => palette.send,
            Self::Wait => palette.wait,
            Self::Receive => palette.receive,
            Self::Decode => palette.decode,
            Self::Failed => palette.bad,
        }
    }

    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Send => "send",
            Self::Wait => "wait",
            Self::Receive => "receive",
            Self::Decode => "decode",
            Self::Backoff => "back-off",
            Self::Failed => "failed attempt",
        }
    }
}

/// A part of a call, in seconds of the clock the scale uses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Segment {
    /// What it did.
    pub kind: SegmentKind,
    /// From when.
    pub start: f64,
    /// Until when.
    pub end: f64,
}

impl Segment {
    /// How long it took.
    pub fn time(&self) -> Duration {
        Duration::try_from_secs_f64(self.end - self.start).unwrap_or_default()
    }
}

/// Paint the parts of one call into the middle of `rect`, and a mark where its answer was shown.
///
/// What lies outside the scale is left out; what is shorter than a point is drawn one point wide.
pub fn paint(ui: &Ui, rect: Rect, scale: &TimeScale, segments: &[Segment], shown: Option<f64>) {
    let palette = Palette::of(ui);
    let painter = ui.painter_at(rect);
    let bar = Rangef::point(rect.center().y).expand(tokens::TIME_BAR * 0.5);
    for segment in segments {
        if let Some(x) = scale.range(segment.start, segment.end) {
            paint_segment(
                &painter,
                Rect::from_x_y_ranges(x, bar),
                segment.kind,
                palette,
            );
        }
    }
    if let Some(at) = shown
        && scale.range(at, at).is_some()
    {
        let x = scale.x_of(at);
        let mark = Rect::from_x_y_ranges(x..=x + tokens::MARK, bar.expand(tokens::MARK));
        painter.rect_filled(mark, 0.0, palette.ok);
    }
}

/// Paint one part into `bar`.
pub fn paint_segment(painter: &Painter, bar: Rect, kind: SegmentKind, palette: &Palette) {
    let color = kind.color(palette);
    match kind {
        SegmentKind::Queue => hatched(painter, bar, color),
        SegmentKind::Backoff => dashed(painter, bar, color),
        SegmentKind::Failed => {
            painter.rect_filled(bar, tokens::RADIUS_SMALL, color);
        }
        SegmentKind::Dns
        | SegmentKind::Connect
        | SegmentKind::Tls
        | SegmentKind::Send
        | SegmentKind::Wait
        | SegmentKind::Receive
        | SegmentKind::Decode => {
            painter.rect_filled(bar, 0.0, color);
        }
    }
}

/// A bar of diagonal strokes: time in which nothing was done.
fn hatched(painter: &Painter, bar: Rect, color: Color32) {
    painter.rect_filled(bar, tokens::RADIUS_SMALL, color.gamma_multiply(0.25));
    let stroke = Stroke::new(tokens::HAIRLINE, color);
    let inside = painter.with_clip_rect(bar.intersect(painter.clip_rect()));
    let seen = bar.x_range().intersection(painter.clip_rect().x_range());
    let height = bar.height();
    // Starts from the bar, not from what is seen of it: scrolling must not make the strokes swim.
    let skipped = ((seen.min - bar.left()) / tokens::HATCH).floor().max(0.0);
    let mut x = bar.left() + skipped * tokens::HATCH - height;
    while x < seen.max {
        inside.line_segment(
            [Pos2::new(x, bar.bottom()), Pos2::new(x + height, bar.top())],
            stroke,
        );
        x += tokens::HATCH;
    }
    painter.rect_stroke(bar, tokens::RADIUS_SMALL, stroke, StrokeKind::Inside);
}

/// A dashed outline: waiting on purpose.
fn dashed(painter: &Painter, bar: Rect, color: Color32) {
    let bar = bar.shrink(tokens::HAIRLINE * 0.5);
    let corners = [
        bar.left_top(),
        bar.right_top(),
        bar.right_bottom(),
        bar.left_bottom(),
        bar.left_top(),
    ];
    let stroke = Stroke::new(tokens::HAIRLINE, color);
    painter.extend(Shape::dashed_line(
        &corners,
        stroke,
        tokens::DASH,
        tokens::DASH,
    ));
}

// ----------------------------------------------------------------------------

/// What lies under the pointer, if it is over a bar of the call.
pub fn hit(segments: &[Segment], scale: &TimeScale, x: f32) -> Option<Segment> {
    // The last one wins: it was painted over the others.
    segments
        .iter()
        .rev()
        .find(|s| {
            scale
                .range(s.start, s.end)
                .is_some_and(|range| range.contains(x))
        })
        .copied()
}

/// The parts of a call with their times, for a tooltip.
pub fn tooltip_ui(ui: &mut Ui, title: &str, segments: &[Segment]) {
    let palette = Palette::of(ui);
    text::strong(ui, title);
    egui::Grid::new("parts of the call")
        .spacing(tokens::ITEM_SPACING)
        .show(ui, |ui| {
            for segment in segments {
                badge::muted_status(ui, segment.kind.color(palette), segment.kind.label());
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    text::number(ui, format::millis(segment.time()));
                });
                ui.end_row();
            }
        });
}

/// Which color means what, in one row.
pub fn legend(ui: &mut Ui) {
    let palette = Palette::of(ui);
    let entries = [
        (SegmentKind::Queue, "queue"),
        (SegmentKind::Connect, "dns, connect, tls"),
        (SegmentKind::Send, "send"),
        (SegmentKind::Wait, "wait"),
        (SegmentKind::Receive, "receive"),
        (SegmentKind::Decode, "decode"),
        (SegmentKind::Backoff, "back-off"),
        (SegmentKind::Failed, "failed"),
    ];
    ui.horizontal_wrapped(|ui| {
        for (kind, label) in entries {
            swatch(ui, label, |painter, rect| {
                paint_segment(painter, rect, kind, palette);
            });
        }
        swatch(ui, "shown", |painter, rect| {
            let mark =
                Rect::from_center_size(rect.center(), egui::vec2(tokens::MARK, rect.height()));
            painter.rect_filled(mark, 0.0, palette.ok);
        });
    });
}

fn swatch(ui: &mut Ui, label: &str, paint: impl FnOnce(&Painter, Rect)) {
    let palette = Palette::of(ui);
    let sample = egui::vec2(tokens::ICON, tokens::TIME_BAR);
    let galley = text::line(ui, label, font::small(), palette.muted, f32::INFINITY);
    let size = egui::vec2(sample.x + tokens::GRID + galley.size().x, galley.size().y);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, label));
    paint(
        ui.painter(),
        egui::Align2::LEFT_CENTER.align_size_within_rect(sample, rect),
    );
    text::paint(ui, rect, egui::Align2::RIGHT_CENTER, galley);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_under_the_pointer_is_the_one_painted_last() {
        let part = |kind, start, end| Segment { kind, start, end };
        let parts = [
            part(SegmentKind::Queue, 0.0, 4.0),
            part(SegmentKind::Wait, 4.0, 8.0),
        ];
        let scale = TimeScale::new(0.0, 10.0, 0.0..=100.0);
        let kind_at = |x| hit(&parts, &scale, x).map(|part| part.kind);
        assert_eq!(kind_at(20.0), Some(SegmentKind::Queue));
        assert_eq!(kind_at(40.0), Some(SegmentKind::Wait));
        assert_eq!(kind_at(90.0), None);
    }
}
