//! Frames, threads and inputs on the time axis of the calls.

use egui::{CursorIcon, Rangef, Rect, Response, ScrollArea, Sense, Ui, UiBuilder};

use super::call_list::{CallList, Range};
use crate::calls::{Clock, FrameMark};
use crate::ui::frame_strip::{self, Frame};
use crate::ui::lanes;
use crate::ui::time_scale::{self, Origin, TimeScale};
use crate::ui::tokens::{self, Palette};
use crate::ui::{card, format};

/// Room for the names at the left of the axis.
const NAMES_WIDTH: f32 = 92.0;
/// Lanes that are seen without scrolling.
const LANES_SEEN: usize = 6;
/// A drag shorter than this, in points, selects nothing.
const SHORTEST_DRAG: f32 = 4.0;

/// What is only the time line's own: where a drag began, in seconds.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    drag_from: Option<f64>,
}

/// What there is to draw.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments<'a> {
    pub clock: &'a Clock,
    pub span: (f64, f64),
    /// The frames within the span.
    pub frames: &'a [FrameMark],
}

impl Moments<'_> {
    /// The axis across `x`.
    pub fn scale(&self, x: impl Into<Rangef>) -> TimeScale {
        TimeScale::new(self.span.0, self.span.1, x)
    }

    fn strip_frames(&self) -> impl Iterator<Item = Frame> + '_ {
        let millis = |frame: &FrameMark| frame.busy.as_secs_f32() * 1000.0;
        self.frames.iter().map(move |frame| Frame {
            at: self.clock.secs(frame.began),
            busy_ms: millis(frame),
        })
    }
}

impl Timeline {
    /// Axis, inputs, frames and lanes, across the page. Returns the range that was selected by dragging.
    pub fn ui(&mut self, ui: &mut Ui, moments: Moments<'_>, list: &CallList) -> Option<Range> {
        let area = ui.available_rect_before_wrap();
        let inner = area.x_range().shrink(tokens::PANEL_PADDING);
        let scale = moments.scale(inner.min + NAMES_WIDTH..=inner.max);
        let origin = Origin::Clock(moments.clock.since_midnight());
        let mut selected = None;
        let builder = UiBuilder::new().max_rect(Rect::from_x_y_ranges(inner, area.y_range()));
        let used = ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(tokens::GRID);
            let top = ui.cursor().top();
            let inputs = moments.frames.iter().filter(|frame| frame.inputs > 0);
            let has_inputs = inputs.clone().next().is_some();
            let height =
                tokens::AXIS + tokens::FRAME_STRIP + if has_inputs { tokens::AXIS } else { 0.0 };
            let drag_area = Rect::from_x_y_ranges(scale.x, top..=top + height);
            let drag = ui.interact(
                drag_area,
                ui.scope_id().with("range"),
                Sense::click_and_drag(),
            );

            time_scale::axis(ui, &scale, origin);
            if has_inputs {
                let dots = thinned(&scale, inputs.map(|frame| moments.clock.secs(frame.began)));
                lanes::dots(ui, &scale, "inputs", dots.into_iter().map(|at| (at, false)));
            }
            let strip = Rect::from_x_y_ranges(
                inner,
                ui.cursor().top()..=ui.cursor().top() + tokens::FRAME_STRIP,
            );
            lanes::label(ui, strip, &scale, "frames");
            let worst = frame_strip::strip(ui, &scale, moments.strip_frames());
            selected = self.dragged(ui, drag, &scale, moments.clock, worst);
            ui.add_space(tokens::GRID);
            lanes_ui(ui, &scale, list);
            ui.add_space(tokens::GRID * 2.0);
        });
        ui.advance_cursor_after_rect(
            used.response
                .rect
                .with_min_x(area.left())
                .with_max_x(area.right()),
        );
        card::hairline(ui);
        selected
    }

    /// The frames alone, in `rect`. Returns the range that was selected by dragging.
    pub fn strip_ui(&mut self, ui: &mut Ui, rect: Rect, moments: Moments<'_>) -> Option<Range> {
        let scale = moments.scale(rect.x_range());
        let mut strip = ui.new_child(UiBuilder::new().id_salt("frames").max_rect(rect));
        let drag = strip.interact(
            rect,
            strip.scope_id().with("range"),
            Sense::click_and_drag(),
        );
        let worst = frame_strip::strip(&mut strip, &scale, moments.strip_frames());
        self.dragged(&strip, drag, &scale, moments.clock, worst)
    }

    fn dragged(
        &mut self,
        ui: &Ui,
        drag: Response,
        scale: &TimeScale,
        clock: &Clock,
        worst: Option<f32>,
    ) -> Option<Range> {
        let pointer = drag.interact_pointer_pos().map(|at| scale.x.clamp(at.x));
        if drag.drag_started() {
            // Where the button went down, not where the drag was recognized.
            let origin = ui
                .input(|input| input.pointer.press_origin())
                .map(|at| scale.x.clamp(at.x));
            self.drag_from = origin.or(pointer).map(|x| scale.at(x));
        }
        let mut selected = None;
        if let (Some(from), Some(x)) = (self.drag_from, pointer) {
            let between = Rangef::new(scale.x_of(from).min(x), scale.x_of(from).max(x));
            let palette = Palette::of(ui);
            let rect = Rect::from_x_y_ranges(between, drag.rect.y_range());
            ui.painter().rect_filled(rect, 0.0, palette.selection);
            for edge in [between.min, between.max] {
                ui.painter()
                    .vline(edge, rect.y_range(), (tokens::HAIRLINE, palette.accent));
            }
            if drag.drag_stopped() && between.span() >= SHORTEST_DRAG {
                selected = Some(Range::Between(scale.at(between.min), scale.at(between.max)));
            }
        }
        if !drag.dragged() {
            self.drag_from = None;
        }
        if drag.double_clicked() {
            selected = Some(Range::default());
        }
        hint(drag, scale, clock, worst);
        selected
    }
}

fn hint(drag: Response, scale: &TimeScale, clock: &Clock, worst: Option<f32>) {
    let drag = drag.on_hover_cursor(CursorIcon::Crosshair);
    let Some(at) = drag.hover_pos().filter(|_| !drag.dragged()) else {
        return;
    };
    let mut text = clock.time_of_day(clock.at(scale.at(at.x)));
    if let Some(worst) = worst {
        let worst = std::time::Duration::from_secs_f32(worst / 1000.0);
        text = format!("{text} · frame of {}", format::millis(worst));
    }
    drag.on_hover_text_at_pointer(format!("{text}\nDrag to select a range"));
}

fn lanes_ui(ui: &mut Ui, scale: &TimeScale, list: &CallList) {
    let seen = list.lanes.len().min(LANES_SEEN) as f32;
    ScrollArea::vertical()
        .id_salt("lanes")
        .max_height(seen * tokens::LANE_PITCH)
        .show(ui, |ui| {
            for lane in &list.lanes {
                lanes::lane(ui, scale, &lane.thread, &lane.bars);
            }
        });
}

/// At most one moment a point, however many there are.
fn thinned(scale: &TimeScale, moments: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut thinned: Vec<f64> = Vec::new();
    for at in moments {
        if thinned
            .last()
            .is_none_or(|last| scale.x_of(at) - scale.x_of(*last) >= tokens::DOT)
        {
            thinned.push(at);
        }
    }
    thinned
}
