//! What goes wrong in the sandbox on purpose: what there is to choose from, and what the top bar says while it goes on.

use egui::{Align, Layout, Ui};

use crate::app::command::{Command, Commands};
use crate::app::incident::Incident;
use crate::app::state::AppState;
use crate::sandbox::Preset;
use crate::ui::icons::Icon;
use crate::ui::tokens::{self, Palette};
use crate::ui::{badge, button, menu};

/// Where the title has less room than this, the button that ends the incident stands alone.
const LEAST_ROOM: f32 = tokens::CONTROL;

/// Entries of the site's menu.
pub fn choices_ui(ui: &mut Ui, state: &AppState, out: &mut Commands) {
    menu::section(ui, "How the sandbox behaves");
    let well = "all calls are answered at once";
    if menu::choice_about(ui, state.incident.is_none(), "Well behaved", well).clicked() {
        out.push(Command::Rehearse(None));
    }
    for preset in Preset::ALL {
        let chosen = state.incident == Some(Incident::Known(preset));
        if menu::choice_about(ui, chosen, preset.title(), preset.description()).clicked() {
            out.push(Command::Rehearse(Some(preset)));
        }
    }
}

/// What the sandbox is put through, in what room the bar has left, and a button that ends it.
pub fn bar_ui(ui: &mut Ui, incident: Incident, state: &AppState, out: &mut Commands) {
    let end = format!("End “{}”", incident.title());
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        let room = ui.available_width() - tokens::CONTROL - ui.spacing().item_spacing.x;
        if room >= LEAST_ROOM {
            ui.scope(|ui| {
                ui.set_max_width(room);
                // The comparison has troubles of its own, and gives these back when it ends.
                let is_paused = state.compare.progress().is_some();
                title_ui(ui, incident, is_paused);
            });
        }
        if button::icon(ui, Icon::Close, &end).clicked() {
            out.push(Command::Rehearse(None));
        }
    });
}

fn title_ui(ui: &mut Ui, incident: Incident, is_paused: bool) {
    let palette = Palette::of(ui);
    let title = incident.title();
    if is_paused {
        badge::pill(ui, &format!("{title} · paused"), palette.muted)
            .on_hover_text(format!("{title} goes on after the comparison"));
    } else {
        badge::pill(ui, title, palette.warning).on_hover_text(incident.description());
    }
}
