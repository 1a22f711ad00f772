//! The inspector: where the time of one call went, what was asked, and what was answered.

use std::sync::Arc;

use egui::{Align2, Frame, Margin, Rangef, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo};

use super::call_body::{CallBody, Side};
use super::call_list::CallList;
use super::call_parts::{self as parts, Part};
use super::{call_facts, call_parts};
use crate::app::state::AppState;
use crate::calls::CallRecord;
use crate::shotgun::CallId;
use crate::ui::button::{self, Button};
use crate::ui::time_scale::TimeScale;
use crate::ui::tokens::{self, Palette};
use crate::ui::waterfall::{self, SegmentKind};
use crate::ui::{card, font, format, menu, placeholder, text};

/// Part of a row's width that the name of a part of a call takes, and the room for its time.
const NAME_PART: f32 = 0.42;
const TIME_WIDTH: f32 = 64.0;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Timing,
    Request,
    Response,
}

/// The inspector, with what is only its own.
#[derive(Debug, Default)]
pub(super) struct CallDetail {
    tab: Tab,
    /// Which exchange of the call is looked at.
    exchange: (Option<CallId>, usize),
    body: CallBody,
}

impl CallDetail {
    /// Draws the inspected call.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState) {
        let calls = &state.calls;
        let inspected = |call: &&Arc<CallRecord>| calls.inspected == Some(call.call_id);
        let Some(call) = calls.snapshot.calls.iter().rev().find(inspected) else {
            return placeholder::empty(
                ui,
                "No call is selected",
                "Pick one to see where its time went.",
            );
        };
        // What scrolls reaches to the edge: its bar lies where the margin of the rest is.
        let margin = Margin {
            right: 0,
            ..Margin::same(tokens::PANEL_PADDING as i8)
        };
        Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            ui.spacing_mut().item_spacing = tokens::ITEM_SPACING;
            inset(ui, |ui| {
                head_ui(ui, state, call);
                ui.add_space(tokens::GRID);
                let tabs = [
                    (Tab::Timing, "Timing"),
                    (Tab::Request, "Request"),
                    (Tab::Response, "Response"),
                ];
                button::tabs(ui, &mut self.tab, &tabs);
                ui.add_space(tokens::GRID);
            });
            match self.tab {
                Tab::Timing => timing_ui(ui, state, call),
                Tab::Request => self.side_ui(ui, call, Side::Request),
                Tab::Response => self.side_ui(ui, call, Side::Response),
            }
        });
    }

    fn side_ui(&mut self, ui: &mut Ui, call: &CallRecord, side: Side) {
        if self.exchange.0 != Some(call.call_id) {
            self.exchange = (Some(call.call_id), 0);
        }
        let last = call.exchanges.len().saturating_sub(1);
        let index = &mut self.exchange.1;
        *index = (*index).min(last);
        let Some(exchange) = call.exchanges.get(*index) else {
            text::muted(
                ui,
                if call.is_in_flight() {
                    "On its way"
                } else {
                    "Nothing was sent"
                },
            );
            return;
        };
        if last > 0 {
            exchange_menu_ui(ui, call, index);
        }
        let captured = match side {
            Side::Request => &exchange.request,
            Side::Response => &exchange.response,
        };
        if let (Side::Response, Err(error)) = (side, &exchange.outcome) {
            text::sentence(ui, &[(error, text::Tone::Plain)]);
        }
        self.body
            .ui(ui, (call.call_id, self.exchange.1, side), captured);
    }
}

/// Leaves the panel's margin free at the right.
pub(super) fn inset(ui: &mut Ui, add_contents: impl FnOnce(&mut Ui)) {
    ui.scope(|ui| {
        ui.set_max_width(ui.available_width() - tokens::PANEL_PADDING);
        add_contents(ui);
    });
}

/// Which of several exchanges to look at.
fn exchange_menu_ui(ui: &mut Ui, call: &CallRecord, index: &mut usize) {
    let name = capitalized(&parts::exchange_name(call, *index));
    menu::menu(ui, Button::secondary(&name).name("Exchange"), |ui| {
        for choice in 0..call.exchanges.len() {
            let name = capitalized(&parts::exchange_name(call, choice));
            if menu::choice(ui, choice == *index, &name).clicked() {
                *index = choice;
            }
        }
    });
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

// ----------------------------------------------------------------------------

/// What it was, how long it took, and who asked.
fn head_ui(ui: &mut Ui, state: &AppState, call: &CallRecord) {
    let palette = Palette::of(ui);
    let total = call.total(state.now);
    let color = match (call.is_failed(), total > CallList::SLOW) {
        (true, _) => palette.bad,
        (false, true) => palette.warning,
        (false, false) => palette.text,
    };
    card::beside(
        ui,
        |ui| text::heading(ui, call_parts::title(call)),
        |ui| text::styled(ui, format::millis(total), font::number_large(), color),
    );
    if let (Some(job), Some(by)) = (&call.job, parts::asked_by(call)) {
        let source = source(job.origin.location.file(), job.origin.location.line());
        text::sentence(
            ui,
            &[
                (&format!("asked by {by}  "), text::Tone::Muted),
                (&source, text::Tone::Number(palette.muted)),
            ],
        );
    } else {
        let made = "made on the window's own thread, which stood still for it";
        text::styled(ui, made, font::body(), palette.bad);
    }
    if let Some(error) = call
        .finished
        .as_ref()
        .and_then(|finished| finished.error.as_deref())
    {
        let (said, color) = match call_facts::cancelled(call) {
            Some(cancelled) => (cancelled, palette.muted),
            None => (error.to_owned(), palette.bad),
        };
        text::styled(ui, &*said, font::body(), color).on_hover_text(error);
    }
}

/// `panels/detail.rs:84`: what stands before is the same for all.
fn source(file: &str, line: u32) -> String {
    let file = file.replace('\\', "/");
    let short = file.rsplit_once("src/").map_or(&*file, |(_, short)| short);
    format!("{short}:{line}")
}

fn timing_ui(ui: &mut Ui, state: &AppState, call: &CallRecord) {
    let area = ScrollArea::vertical()
        .id_salt(("timing", call.call_id.0))
        .auto_shrink([false, false]);
    area.show(ui, |ui| {
        inset(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            parts_ui(ui, state, call);
            ui.add_space(tokens::GRID * 2.0);
            card::hairline(ui);
            call_facts::ui(ui, state, call);
        });
    });
}

/// A row for each part of the call: its name, where it lies, and what it took.
fn parts_ui(ui: &mut Ui, state: &AppState, call: &CallRecord) {
    let clock = &state.calls.snapshot.clock;
    let (from, to) = (clock.secs(call.asked()), clock.secs(call.ended(state.now)));
    let scale = TimeScale::new(from, to, Rangef::NOTHING);
    let all = parts::parts(call, clock);
    let mut exchange = None;
    for part in &all {
        if part.exchange != exchange && part.exchange.is_some() {
            exchange = part.exchange;
            let name = part
                .exchange
                .map(|index| parts::exchange_name(call, index))
                .unwrap_or_default();
            if !name.is_empty() {
                ui.add_space(tokens::GRID);
                text::small(ui, capitalized(&name));
            }
        }
        part_ui(ui, &scale, call, part);
    }
    if let (Some((frame, at)), Some(time)) = (call.shown, call.deliver()) {
        let name = format!("shown in frame {}", format::count(frame));
        row_ui(ui, &name, &format::millis(time), |ui, rect| {
            let scale = scale.across(rect.x_range());
            waterfall::paint(ui, rect, &scale, &[], Some(at_end(clock.secs(at), &scale)));
        });
    } else if call.is_in_flight() {
        let answered = all.last().map_or(from, |part| part.segment.end);
        let waited = clock.at(to).saturating_duration_since(clock.at(answered));
        row_ui(ui, "on its way", &format::millis(waited), |_, _| ());
    }
}

/// The mark is drawn from its moment on; the last moment of the scale is its right end.
fn at_end(at: f64, scale: &TimeScale) -> f64 {
    at.min(scale.at(scale.x.max - tokens::MARK))
}

fn part_ui(ui: &mut Ui, scale: &TimeScale, call: &CallRecord, part: &Part) {
    row_ui(
        ui,
        &name(call, part),
        &format::millis(part.time),
        |ui, rect| {
            waterfall::paint(
                ui,
                rect,
                &scale.across(rect.x_range()),
                &[part.segment],
                None,
            );
        },
    );
}

/// `receive · 214 kB`, `decode · 500 rows`.
fn name(call: &CallRecord, part: &Part) -> String {
    let label = part.segment.kind.label();
    let more = match part.segment.kind {
        SegmentKind::Receive => {
            let exchange = part.exchange.and_then(|index| call.exchanges.get(index));
            exchange.map(|exchange| format::bytes(exchange.bytes.received_wire))
        }
        SegmentKind::Decode => {
            let rows = call.finished.as_ref().and_then(|finished| finished.rows);
            rows.map(|rows| format::plural(rows as u64, "row", "rows"))
        }
        SegmentKind::Queue
        | SegmentKind::Dns
        | SegmentKind::Connect
        | SegmentKind::Tls
        | SegmentKind::Send
        | SegmentKind::Wait
        | SegmentKind::Backoff
        | SegmentKind::Failed => None,
    };
    more.map_or_else(|| label.to_owned(), |more| format!("{label} · {more}"))
}

fn row_ui(ui: &mut Ui, name: &str, time: &str, paint: impl FnOnce(&Ui, Rect)) {
    let palette = Palette::of(ui);
    let size = egui::vec2(ui.available_width(), tokens::PART_ROW);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {time}")));
    let names = rect.with_max_x(rect.left() + rect.width() * NAME_PART);
    let bars = Rect::from_x_y_ranges(names.right()..=rect.right() - TIME_WIDTH, rect.y_range());
    let galley = text::line(
        ui,
        name,
        font::body(),
        palette.muted,
        names.width() - tokens::GAP,
    );
    let elided = galley.elided;
    text::paint(ui, names, Align2::LEFT_CENTER, galley);
    paint(ui, bars);
    let galley = text::line(ui, time, font::number(), palette.text, f32::INFINITY);
    text::paint(ui, rect, Align2::RIGHT_CENTER, galley);
    text::tooltip_if_cut(response, elided, name);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_line_is_short_on_every_system() {
        assert_eq!(
            source("src/app/panels/detail.rs", 84),
            "app/panels/detail.rs:84"
        );
        assert_eq!(
            source(r"C:\work\callboard\src\app\update.rs", 3),
            "app/update.rs:3"
        );
        assert_eq!(source("examples/hash.rs", 9), "examples/hash.rs:9");
    }
}
