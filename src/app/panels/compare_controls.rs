//! Which calls are compared, and what the sandbox does to them.

use std::time::Duration;

use egui::Ui;

use crate::app::command::{Commands, CompareCommand};
use crate::app::comparing::Trouble;
use crate::app::session::Session;
use crate::app::state::AppState;
use crate::compare::Workload;
use crate::ui::{button, card, field, menu, text};

/// Numbers of calls to choose from.
const CALLS: [(usize, &str); 6] = [
    (1, "1 × find Shot"),
    (5, "5 × find Shot"),
    (10, "10 × find Shot"),
    (20, "20 × find Shot"),
    (50, "50 × find Shot"),
    (100, "100 × find Shot"),
];

const MOST_ROWS: u64 = 500;
const LONGEST_LATENCY: Duration = Duration::from_secs(5);
const LONGEST_HICCUP: Duration = Duration::from_secs(10);

/// Draws them in a row, with the button that runs both sides at its end.
pub fn ui(ui: &mut Ui, state: &AppState, session: &Session, out: &mut Commands) {
    let compare = &state.compare;
    let is_running = compare.progress().is_some();
    let (mut workload, mut trouble) = (compare.workload.clone(), compare.trouble);
    card::beside(
        ui,
        |ui| {
            ui.add_enabled_ui(!is_running, |ui| {
                workload_ui(ui, &mut workload);
                match session.faults() {
                    Some(_) => trouble_ui(ui, &mut trouble),
                    None => {
                        text::muted(ui, format!("{} sets the pace", session.name()));
                    }
                }
            });
        },
        |ui| {
            if is_running {
                if button::secondary(ui, "Stop").clicked() {
                    out.push(CompareCommand::Stop);
                }
            } else if button::secondary(ui, "Run both").clicked() {
                out.push(CompareCommand::RunBoth);
            }
        },
    );
    let made = compare.affordable(session, &state.calls.snapshot).calls;
    if made < compare.workload.calls {
        let wanted = compare.workload.calls;
        text::muted(
            ui,
            format!("{made} of {wanted} calls: more would freeze the window for over 20 s"),
        );
    }
    if (&workload, trouble) != (&compare.workload, compare.trouble) {
        out.push(CompareCommand::Set(workload, trouble));
    }
}

fn workload_ui(ui: &mut Ui, workload: &mut Workload) {
    menu::choose(ui, "Calls", &mut workload.calls, &CALLS);
    let mut rows = workload.rows as u64;
    if field::number(ui, &mut rows, 1..=MOST_ROWS, "Rows per call", "rows").changed() {
        workload.rows = rows as usize;
    }
}

fn trouble_ui(ui: &mut Ui, trouble: &mut Trouble) {
    text::muted(ui, "latency");
    field::duration(
        ui,
        &mut trouble.latency,
        Duration::ZERO..=LONGEST_LATENCY,
        "Latency",
    );
    text::muted(ui, "hiccup every");
    let mut every = u64::from(trouble.hiccup_every);
    let unit = if every == 1 { "call" } else { "calls" };
    let response = field::number(ui, &mut every, 0..=100, "Hiccup every", unit)
        .on_hover_text("0 calls: no hiccups");
    if response.changed() {
        trouble.hiccup_every = every as u32;
    }
    if trouble.hiccup_every > 0 {
        field::duration(
            ui,
            &mut trouble.hiccup,
            Duration::ZERO..=LONGEST_HICCUP,
            "Hiccup",
        );
    }
}
