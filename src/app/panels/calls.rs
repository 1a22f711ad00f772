//! The recorded calls, docked below a page or filling one.
//!
//! ```text
//! │ filter   range   pause   clear                        28 calls · p50 · p95 · longest frame │
//! │ axis, inputs, frames, threads                                                              │
//! │ asked   call   thread   status   total   waterfall          │ the inspector                │
//! │ 13 of 1,204 calls in the selected range · show all          │                              │
//! ```

use egui::{CentralPanel, Frame, Panel, Rect, Ui};

use super::call_bar::{self, CallBar};
use super::call_detail::CallDetail;
use super::call_list::{By, CallList, GROWTH, Range};
use super::call_table::{CallTable, Look, TableAnswer};
use super::timeline::{Moments, Timeline};
use crate::app::command::{CallsCommand, Command, Commands};
use crate::app::state::{AppState, Page};
use crate::calls::FrameMark;
use crate::ui::tokens::{self, Palette};
use crate::ui::{button, format, placeholder, text};

/// The calls, with what is only theirs. The dock and the page ask the same question; each has its own table.
#[derive(Default)]
pub struct CallsPanel {
    bar: CallBar,
    list: CallList,
    timeline: Timeline,
    docked: CallTable,
    full: CallTable,
    detail: CallDetail,
}

impl CallsPanel {
    /// Draws them docked: one bar, the frames above the bars of the calls.
    pub fn docked_ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        // A panel is as high as what is in it: this one keeps the height that it was given.
        ui.set_min_height(ui.available_height());
        let frames = self.begin(ui, state, true, out);
        if self.list.rows.is_empty() {
            return self.empty_ui(ui, state, out);
        }
        let area = ui.available_rect_before_wrap();
        let Self {
            list,
            bar,
            docked,
            timeline,
            ..
        } = self;
        let moments = Moments {
            clock: &state.calls.snapshot.clock,
            span: list.span,
            frames: &frames,
        };
        let look = Look {
            scale: moments.scale(area.x_range()),
            compact: true,
            narrow: is_narrow(ui),
        };
        let answer = docked.ui(ui, state, list, &bar.query, look);
        // Where the title of the last column would be.
        let strip = Rect::from_x_y_ranges(
            docked.bars_in(area),
            area.top()..=area.top() + tokens::FRAME_STRIP,
        );
        let range = timeline.strip_ui(ui, strip, moments);
        bar.query.range = range.unwrap_or(bar.query.range);
        self.obey(&answer, Some(Page::Calls), out);
    }

    /// Draws them as a page.
    pub fn page_ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        ui.painter()
            .rect_filled(ui.max_rect(), 0.0, Palette::of(ui).panel);
        let frames = self.begin(ui, state, false, out);
        if self.list.matching == 0 {
            return self.empty_ui(ui, state, out);
        }
        let moments = Moments {
            clock: &state.calls.snapshot.clock,
            span: self.list.span,
            frames: &frames,
        };
        let range = self.timeline.ui(ui, moments, &self.list);
        self.bar.query.range = range.unwrap_or(self.bar.query.range);
        let background = Palette::of(ui).background;
        Panel::right("call")
            .exact_size(inspector_width(ui))
            .resizable(false)
            .frame(Frame::new().fill(background))
            .show(ui, |ui| self.detail.ui(ui, state));
        CentralPanel::no_frame().show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            if self.list.rows.is_empty() {
                return self.empty_ui(ui, state, out);
            }
            let look = Look {
                scale: moments.scale(ui.max_rect().x_range()),
                compact: false,
                narrow: is_narrow(ui),
            };
            let answer = self.full.ui(ui, state, &self.list, &self.bar.query, look);
            self.obey(&answer, None, out);
            self.footer_ui(ui);
        });
    }

    /// Brings the list up to date and draws the bar. Returns the frames within the range.
    fn begin(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        compact: bool,
        out: &mut Commands,
    ) -> Vec<FrameMark> {
        let calls = &state.calls;
        let Self { bar, list, .. } = self;
        ui.spacing_mut().item_spacing.y = 0.0;
        list.update(&calls.snapshot, &bar.query, state.now);
        if list.in_flight > 0 {
            ui.ctx().request_repaint_after(GROWTH);
        }
        let clock = &calls.snapshot.clock;
        let frames = calls
            .recorder
            .frame_marks(clock.at(list.span.0), clock.at(list.span.1));
        let longest = frames.iter().map(|frame| frame.busy).max();
        let totals = call_bar::totals(list, &calls.snapshot, longest);
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing = tokens::ITEM_SPACING;
            bar.ui(ui, state, &totals, compact, out);
        });
        if let Some(error) = &bar.error {
            placeholder::banner(ui, placeholder::Kind::Warning, error, |_| ());
        }
        frames
    }

    /// Carries out what happened in the table. A call that was opened is shown on `page`.
    fn obey(&mut self, answer: &TableAnswer, page: Option<Page>, out: &mut Commands) {
        if let Some(call_id) = answer.selected.or(answer.opened) {
            out.push(CallsCommand::Inspect(Some(call_id)));
        }
        if let (Some(_), Some(page)) = (answer.opened, page) {
            out.push(Command::ShowPage(page));
        }
        if let Some(by) = answer.sort {
            // What takes long is looked for first.
            self.bar.query.descending = if self.bar.query.by == by {
                !self.bar.query.descending
            } else {
                by == By::Total
            };
            self.bar.query.by = by;
        }
    }

    /// What the list leaves out, and a way to see it.
    fn footer_ui(&mut self, ui: &mut Ui) {
        let (listed, matching) = (self.list.rows.len() as u64, self.list.matching as u64);
        ui.horizontal(|ui| {
            ui.add_space(tokens::PANEL_PADDING);
            ui.set_height(tokens::ROW_HEIGHT);
            if listed == matching {
                text::muted(
                    ui,
                    format!("{} in all", format::plural(matching, "call", "calls")),
                );
            } else {
                let of = format::plural(matching, "call", "calls");
                text::muted(
                    ui,
                    format!("{} of {of} in the selected range ·", format::count(listed)),
                );
                if button::link(ui, "show all").clicked() {
                    self.bar.query.range = Range::All;
                }
            }
        });
    }

    /// Why nothing is listed.
    fn empty_ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        let snapshot = &state.calls.snapshot;
        if snapshot.calls.is_empty() && snapshot.paused {
            placeholder::empty_with(
                ui,
                "Recording is paused",
                "Calls that are made now are left out.",
                |ui| {
                    if button::secondary(ui, "Record again").clicked() {
                        out.push(CallsCommand::Pause(false));
                    }
                },
            );
        } else if snapshot.calls.is_empty() {
            placeholder::empty(
                ui,
                "No calls",
                "Every call to the site shows up here, with where its time went.",
            );
        } else if self.list.none_match() {
            placeholder::empty_with(
                ui,
                "No call matches the filter",
                "All of its words must hold.",
                |ui| {
                    if button::secondary(ui, "List all calls").clicked() {
                        self.bar.clear();
                    }
                },
            );
        } else {
            placeholder::empty_with(
                ui,
                "No calls in this time",
                "There are some before or after it.",
                |ui| {
                    if button::secondary(ui, "Show all").clicked() {
                        self.bar.query.range = Range::All;
                    }
                },
            );
        }
    }
}

fn is_narrow(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < tokens::NARROW_WINDOW
}

fn inspector_width(ui: &Ui) -> f32 {
    if is_narrow(ui) {
        tokens::INSPECTOR_NARROW_WIDTH
    } else {
        tokens::INSPECTOR_WIDTH
    }
}
