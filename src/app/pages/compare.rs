//! The Compare page: the same calls, once on the window's own thread and once on workers.
//!
//! ```text
//! │ 20 × find Shot   rows   latency   hiccup every             Run both │
//! │ feel it   ····●                                     [type here    ] │
//! │ Same 20 calls, same answers. …                                      │
//! │ Sync                    [Run] │ Offloaded                     [Run] │
//! │ frames, figures, code         │ frames, figures, code               │
//! ```

use egui::{Frame, Margin, ScrollArea, Ui};

use crate::app::command::{Command, Commands};
use crate::app::comparing::Compare;
use crate::app::panels::feel_it::FeelIt;
use crate::app::panels::{compare_controls, compare_side};
use crate::app::session::Session;
use crate::app::state::AppState;
use crate::compare::{LastRow, Side, Snippet, Verdict, snippets};
use crate::offload::View;
use crate::ui::text::Tone;
use crate::ui::tokens::{FREEZE_MS, Palette};
use crate::ui::{format, placeholder, text, tokens};

/// Room around the page and between its parts.
const GAP: f32 = tokens::GRID * 3.0;

/// The Compare page, with what is only its own.
pub struct ComparePage {
    feel_it: FeelIt,
    /// The two versions of the code.
    snippets: (Snippet, Snippet),
}

impl Default for ComparePage {
    fn default() -> Self {
        let (mut sync, mut offloaded) = snippets();
        // The two blocks are equally high.
        let lines = sync.lines.len().max(offloaded.lines.len());
        sync.lines.resize(lines, String::new());
        offloaded.lines.resize(lines, String::new());
        Self {
            feel_it: FeelIt::default(),
            snippets: (sync, offloaded),
        }
    }
}

impl ComparePage {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        ui.painter()
            .rect_filled(ui.clip_rect(), 0.0, Palette::of(ui).background);
        match state.session.view() {
            View::Ready(session)
            | View::Loading {
                previous: Some(session),
            }
            | View::Failed {
                previous: Some(session),
                ..
            } => self.connected_ui(ui, state, session, out),
            View::Loading { previous: None } => {
                placeholder::empty(
                    ui,
                    "Connecting…",
                    "The comparison makes its calls to the site",
                );
            }
            View::Idle => not_connected_ui(ui, "Not connected", out),
            View::Failed {
                error,
                previous: None,
            } => not_connected_ui(ui, &error.to_string(), out),
        }
    }

    fn connected_ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        session: &Session,
        out: &mut Commands,
    ) {
        let Self { feel_it, snippets } = self;
        ScrollArea::vertical()
            .id_salt("compare")
            .auto_shrink(false)
            .show(ui, |ui| {
                Frame::new()
                    .inner_margin(Margin::same(GAP as i8))
                    .show(ui, |ui| {
                        ui.spacing_mut().item_spacing.y = GAP;
                        compare_controls::ui(ui, state, session, out);
                        feel_it.ui(ui, state);
                        verdict_ui(ui, &state.compare);
                        ui.spacing_mut().item_spacing.x = GAP;
                        ui.columns(2, |columns| {
                            let [left, right] = columns else { return };
                            compare_side::ui(left, state, session, Side::Sync, &snippets.0, out);
                            compare_side::ui(
                                right,
                                state,
                                session,
                                Side::Offloaded,
                                &snippets.1,
                                out,
                            );
                        });
                    });
            });
    }
}

fn not_connected_ui(ui: &mut Ui, headline: &str, out: &mut Commands) {
    let advice = "The comparison makes its calls to a site: connect to one, or to the sandbox.";
    if placeholder::failed(ui, headline, advice, "Connect…") {
        out.push(Command::OpenConnect);
    }
}

// ----------------------------------------------------------------------------

fn verdict_ui(ui: &mut Ui, compare: &Compare) {
    let palette = Palette::of(ui);
    let verdict = compare.verdict().filter(|_| compare.progress().is_none());
    let fill = match &verdict {
        Some(verdict) if verdict.same_answers => palette.selection,
        Some(_) => Palette::tinted(palette.bad),
        None => palette.panel,
    };
    let frame = Frame::new()
        .fill(fill)
        .corner_radius(tokens::RADIUS)
        .inner_margin(tokens::CARD_MARGIN);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        match (&verdict, &compare.error) {
            (_, Some(error)) => text::sentence(ui, &[(error, Tone::Strong)]),
            (Some(verdict), None) => verdict_sentence(ui, verdict),
            (None, None) => text::sentence(ui, &[(without_verdict(compare), Tone::Muted)]),
        };
    });
}

/// What stands in the place of the verdict until there is one.
fn without_verdict(compare: &Compare) -> &'static str {
    let ran = (compare.sync.is_some(), compare.offloaded.is_some());
    match (compare.progress().map(|progress| progress.side), ran) {
        (Some(Side::Sync), _) => {
            "On the window's own thread: the window stands still for each call."
        }
        (Some(Side::Offloaded), _) => "On the workers: the window draws on while the calls wait.",
        (None, (true, true)) => {
            "The two sides ran with different settings: run both to compare them."
        }
        (None, (true, false)) => "Now run the offloaded side: the same calls, made on workers.",
        (None, (false, true)) => {
            "Now run the synchronous side: the same calls, made on the window's own thread."
        }
        (None, (false, false)) => {
            "The same calls twice: on the window's own thread, which freezes it, and on workers."
        }
    }
}

fn verdict_sentence(ui: &mut Ui, verdict: &Verdict) -> egui::Response {
    let palette = Palette::of(ui);
    let headline = verdict.headline();
    let stood_still = format::brief(verdict.stood_still);
    let longest_frame = format::brief(verdict.longest_frame);
    let meaning = |is_bad: bool| Tone::Number(if is_bad { palette.bad } else { palette.ok });
    let is_freeze = verdict.longest_frame.as_secs_f32() * 1000.0 > FREEZE_MS;
    let mut parts = vec![
        (headline.as_str(), Tone::Strong),
        (" Synchronous, the window stood still for ", Tone::Plain),
        (&stood_still, meaning(!verdict.stood_still.is_zero())),
        (". Offloaded, its longest frame was ", Tone::Plain),
        (&longest_frame, meaning(is_freeze)),
    ];
    let (times, when) = match verdict.last_row {
        Some(LastRow::Sooner(times)) => (format::factor(times), " sooner."),
        Some(LastRow::Later(times)) => (format::factor(times), " later."),
        Some(LastRow::Same) => (String::new(), "at the same time."),
        None => (String::new(), ""),
    };
    if verdict.last_row.is_some() {
        parts.push((", and the last row came ", Tone::Plain));
        parts.push((&times, Tone::Number(palette.text)));
        parts.push((when, Tone::Plain));
    } else {
        parts.push((".", Tone::Plain));
    }
    text::sentence(ui, &parts)
}
