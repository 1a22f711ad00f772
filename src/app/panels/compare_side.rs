//! One side of the comparison: its run, its figures, its code.

use std::time::Duration;

use egui::{Align2, Color32, Sense, Ui};

use crate::app::command::{Commands, CompareCommand};
use crate::app::comparing::{Progress, Ran};
use crate::app::session::Session;
use crate::app::state::AppState;
use crate::compare::{Side, SideReport, Snippet};
use crate::offload::DEFAULT_WORKERS;
use crate::ui::button::Button;
use crate::ui::placeholder::{self, Kind};
use crate::ui::tokens::{FREEZE_MS, Palette};
use crate::ui::{card, code, font, format, frame_strip, text, tokens};

/// From here on an interaction is poor, in milliseconds; up to the other it is good.
const POOR_INTERACTION_MS: f64 = 500.0;
const GOOD_INTERACTION_MS: f64 = 200.0;

/// Draws the card of `side`.
pub fn ui(
    ui: &mut Ui,
    state: &AppState,
    session: &Session,
    side: Side,
    snippet: &Snippet,
    out: &mut Commands,
) {
    let compare = &state.compare;
    let ran = match side {
        Side::Sync => compare.sync.as_ref(),
        Side::Offloaded => compare.offloaded.as_ref(),
    };
    let progress = compare.progress();
    let own = progress.filter(|progress| progress.side == side);
    card::card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = tokens::GRID * 2.0;
        let freeze = compare.expected_freeze(session, &state.calls.snapshot);
        if header_ui(ui, side, freeze, own, progress.is_some()) {
            out.push(CompareCommand::Run(side));
        }
        frames_ui(ui, side, ran, own);
        // The figures of the run before stay until there are new ones, but must not be taken for them.
        ui.scope(|ui| {
            if own.is_some() {
                ui.multiply_opacity(0.5);
            }
            figures_ui(ui, ran.map(|ran| &ran.side));
        });
        if let Some(error) = ran.and_then(|ran| ran.side.first_error()) {
            placeholder::banner(ui, Kind::Bad, error, |_| ());
        }
        let marked = snippet
            .added
            .iter()
            .map(|&line| line..line + 1)
            .collect::<Vec<_>>();
        code::block(ui, code_name(side), &snippet.lines.join("\n"), &marked);
    });
}

/// Returns whether the run is wanted.
fn header_ui(
    ui: &mut Ui,
    side: Side,
    freeze: Duration,
    own: Option<Progress<'_>>,
    is_running: bool,
) -> bool {
    let (heading, about) = match side {
        Side::Sync => ("Sync", "on the window's own thread".to_owned()),
        Side::Offloaded => (
            "Offloaded",
            format!("{DEFAULT_WORKERS} workers, no async runtime"),
        ),
    };
    let label = match (side, own) {
        (_, Some(_)) => "Running…".to_owned(),
        (Side::Sync, None) => format!("Run · freezes {}", in_words(freeze)),
        (Side::Offloaded, None) => "Run".to_owned(),
    };
    let button = match side {
        Side::Sync => Button::secondary(&label).name("Run synchronously"),
        Side::Offloaded => Button::primary(&label).name("Run offloaded"),
    };
    card::beside(
        ui,
        |ui| card::title(ui, heading, &about),
        |ui| {
            let clicked = ui.add_enabled(!is_running, button).clicked();
            if let Some(Progress {
                answered, calls, ..
            }) = own
            {
                text::muted(ui, format!("{answered} of {calls} calls"));
            }
            clicked
        },
    )
}

/// Like `18 s`: an announcement, not a measurement.
fn in_words(freeze: Duration) -> String {
    if freeze < Duration::from_secs(1) {
        format::millis(freeze)
    } else {
        format!("{:.0} s", freeze.as_secs_f64())
    }
}

fn code_name(side: Side) -> &'static str {
    match side {
        Side::Sync => "Code of the synchronous version",
        Side::Offloaded => "Code of the offloaded version",
    }
}

// ----------------------------------------------------------------------------

fn frames_ui(ui: &mut Ui, side: Side, ran: Option<&Ran>, own: Option<Progress<'_>>) {
    let name = match side {
        Side::Sync => "Frames of the synchronous run",
        Side::Offloaded => "Frames of the offloaded run",
    };
    let frames = match (own, ran) {
        (Some(progress), _) => progress.frames,
        (None, Some(ran)) => &ran.side.frames,
        (None, None) => return no_frames_ui(ui),
    };
    let busy_ms = frames
        .iter()
        .map(|frame| frame.as_secs_f32() * 1000.0)
        .collect::<Vec<_>>();
    let palette = Palette::of(ui);
    let color = |busy_ms: f32| {
        if busy_ms > FREEZE_MS {
            palette.bad
        } else {
            palette.ok
        }
    };
    if let Some(hovered) = frame_strip::run_by(ui, name, color, &busy_ms) {
        let took = format::millis(Duration::from_secs_f32(hovered / 1000.0));
        ui.ctx().set_cursor_icon(egui::CursorIcon::Crosshair);
        egui::Tooltip::always_open(
            ui.ctx().clone(),
            ui.layer_id(),
            ui.scope_id().with(name),
            egui::PopupAnchor::Pointer,
        )
        .show(|ui| {
            text::body(
                ui,
                format!("This frame took {took}; 60 a second leave 16.7 ms for each"),
            )
        });
    }
}

fn no_frames_ui(ui: &mut Ui) {
    let palette = Palette::of(ui);
    let (rect, _) = ui.allocate_exact_size(
        egui::vec2(ui.available_width(), tokens::RUN_STRIP),
        Sense::hover(),
    );
    let line = rect.bottom() - tokens::HAIRLINE * 0.5;
    ui.painter().hline(rect.x_range(), line, palette.hairline());
    let hint = "Each frame of the run becomes a bar here, as high as it was long";
    let galley = text::line(ui, hint, font::body(), palette.faint, rect.width());
    text::paint(ui, rect, Align2::CENTER_CENTER, galley);
}

fn figures_ui(ui: &mut Ui, report: Option<&SideReport>) {
    let palette = Palette::of(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    for (name, figure) in FIGURES {
        let (value, color) = report.map_or((None, palette.faint), |report| figure(report, palette));
        card::figure_row(ui, name, value.as_deref().unwrap_or("–"), color);
    }
}

/// What a figure reads, and in which color. Absent where it was not measured.
type Figure = fn(&SideReport, &Palette) -> (Option<String>, Color32);

/// The figures, as `callboard compare` prints them.
const FIGURES: [(&str, Figure); 11] = [
    ("Longest freeze", |side, palette| {
        let longest = side.figures.longest_freeze_ms;
        (
            Some(ms(longest)),
            good_or_bad(palette, longest > f64::from(FREEZE_MS)),
        )
    }),
    ("Total blocking time", |side, palette| {
        let blocking = side.figures.total_blocking_ms;
        (Some(ms(blocking)), good_or_bad(palette, blocking > 0.0))
    }),
    ("Worst interaction", |side, palette| {
        match side.figures.worst_interaction_ms {
            Some(worst @ POOR_INTERACTION_MS..) => (Some(ms(worst)), palette.bad),
            Some(worst @ ..=GOOD_INTERACTION_MS) => (Some(ms(worst)), palette.ok),
            Some(worst) => (Some(ms(worst)), palette.warning),
            None => (None, palette.faint),
        }
    }),
    ("Frames over 50 ms", |side, palette| {
        (
            Some(of_frames(side, side.figures.frames_over_50ms)),
            palette.text,
        )
    }),
    ("Frames over 16.7 ms", |side, palette| {
        (
            Some(of_frames(side, side.figures.frames_over_16_7ms)),
            palette.text,
        )
    }),
    ("1 % low, average", |side, palette| {
        let paces = side.figures.one_percent_low_fps.zip(side.average_fps());
        (
            paces.map(|(low, average)| format!("{low:.1}, {average:.1} fps")),
            palette.text,
        )
    }),
    ("First row", |side, palette| {
        (side.figures.first_row_ms.map(ms), palette.text)
    }),
    ("All rows", |side, palette| {
        (side.figures.all_rows_ms.map(ms), palette.text)
    }),
    ("Calls per second", |side, palette| {
        (
            Some(format!("{:.1}", side.figures.calls_per_s)),
            palette.text,
        )
    }),
    ("Peak in flight", |side, palette| {
        (Some(count(side.figures.peak_in_flight)), palette.text)
    }),
    ("Errors", |side, palette| {
        let errors = side.figures.errors;
        (
            Some(count(errors)),
            if errors > 0 {
                palette.bad
            } else {
                palette.text
            },
        )
    }),
];

fn ms(millis: f64) -> String {
    format::millis(Duration::from_secs_f64(millis / 1000.0))
}

fn count(n: usize) -> String {
    format::count(n as u64)
}

fn of_frames(side: &SideReport, frames: usize) -> String {
    format!("{} of {}", count(frames), count(side.figures.frames))
}

fn good_or_bad(palette: &Palette, is_bad: bool) -> Color32 {
    if is_bad { palette.bad } else { palette.ok }
}
