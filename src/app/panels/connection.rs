//! The page while there is no connection to show anything of.

use egui::Ui;

use crate::app::command::{Command, Commands};
use crate::app::connect::Target;
use crate::app::state::AppState;
use crate::offload::View;
use crate::ui::button::{self, Button};
use crate::ui::icons::Icon;
use crate::ui::{card, placeholder, text};

use super::failure::Failure;

/// How many rows to hint at while connecting.
const ROWS: usize = 14;

/// Draws it.
pub fn ui(ui: &mut Ui, state: &AppState, out: &mut Commands) {
    match state.session.view() {
        View::Idle | View::Ready(_) => idle_ui(ui, out),
        View::Loading { .. } => connecting_ui(ui, state, out),
        View::Failed { error, .. } => {
            failed_ui(ui, state, &Failure::of_connecting(error), out);
        }
    }
}

fn idle_ui(ui: &mut Ui, out: &mut Commands) {
    let hint = "Connect to your site, or look around in the sandbox that is built in.";
    placeholder::empty_with(ui, "Not connected", hint, |ui| ways_ui(ui, out));
}

fn connecting_ui(ui: &mut Ui, state: &AppState, out: &mut Commands) {
    let name = state.target.as_ref().map_or("the site", Target::name);
    let label = format!("Connecting to {name}…");
    card::bar(ui, |ui| {
        card::beside(
            ui,
            |ui| text::muted(ui, &label),
            |ui| {
                if button::secondary(ui, "Cancel").clicked() {
                    out.push(Command::CancelConnect);
                }
            },
        );
    });
    placeholder::skeleton_rows(ui, &label, ROWS, &[0.08, 0.2, 0.2, 0.4, 0.12]);
}

fn failed_ui(ui: &mut Ui, state: &AppState, failure: &Failure, out: &mut Commands) {
    placeholder::failed_with(ui, &failure.headline, failure.advice, |ui| {
        if let Some(target) = &state.target
            && button::secondary(ui, "Try again").clicked()
        {
            out.push(Command::Connect(target.clone()));
        }
        ways_ui(ui, out);
    });
}

fn ways_ui(ui: &mut Ui, out: &mut Commands) {
    let connect = Button::primary("Connect to a site…").icon(Icon::Key);
    if ui.add(connect).clicked() {
        out.push(Command::OpenConnect);
    }
    if button::quiet(ui, "Use the sandbox").clicked() {
        out.push(Command::Connect(Target::Sandbox));
    }
}
