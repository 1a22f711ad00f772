//! The top bar: where we are connected, what is on show, and how the site is doing.

use egui::{Theme, Ui};

use crate::app::command::{BrowseCommand, Command, Commands};
use crate::app::connect::Target;
use crate::app::state::{AppState, Page};
use crate::calls::Percentiles;
use crate::ui::badge::Health;
use crate::ui::button::{self, Button};
use crate::ui::icons::Icon;
use crate::ui::tokens::Palette;
use crate::ui::{badge, card, format, menu, text, tokens};

/// Calls that the p95 in the corner looks at.
const RECENT_CALLS: usize = 200;

pub fn ui(ui: &mut Ui, state: &AppState, out: &mut Commands) {
    ui.horizontal_centered(|ui| {
        site_ui(ui, state, out);
        project_ui(ui, state, out);
        ui.add_space(tokens::GRID * 2.0);
        for page in Page::ALL {
            if button::tab(ui, state.page == page, page.title()).clicked() {
                out.push(Command::ShowPage(page));
            }
        }
        card::at_right(ui, |ui| {
            theme_ui(ui, out);
            health_ui(ui, state);
        });
    });
}

fn site_ui(ui: &mut Ui, state: &AppState, out: &mut Commands) {
    let palette = Palette::of(ui);
    let session = state.session.value();
    let name = session.map_or_else(|| "Not connected".to_owned(), |session| session.name());
    let color = match (session.is_some(), state.session.is_loading()) {
        (_, true) => palette.warning,
        (true, false) => palette.ok,
        (false, false) => palette.bad,
    };
    menu::menu(ui, Button::secondary(&name).dot(color).chevron().name("Site"), |ui| {
        if menu::entry(ui, None, "Sandbox", "").clicked() {
            out.push(Command::Connect(Target::Sandbox));
        }
        if menu::entry(ui, Some(Icon::Key), "Connect to a site…", "").clicked() {
            out.push(Command::OpenConnect);
        }
    });
}

fn project_ui(ui: &mut Ui, state: &AppState, out: &mut Commands) {
    let name = state.browse.project_name().unwrap_or_else(|| "No project".to_owned());
    let Some(projects) = state.browse.projects.value() else { return };
    menu::menu(ui, Button::secondary(&name).chevron().name("Project"), |ui| {
        for row in projects.iter() {
            let chosen = state.browse.project == Some(row.id());
            if menu::choice(ui, chosen, &row.text("name")).clicked() {
                out.push(BrowseCommand::PickProject(row.id()));
                out.push(Command::ShowPage(Page::Browse));
            }
        }
    });
}

fn health_ui(ui: &mut Ui, state: &AppState) {
    let calls = &state.calls.snapshot.calls;
    let recent = calls.iter().rev().take(RECENT_CALLS).filter(|call| !call.is_in_flight());
    let health = if state.calls.snapshot.in_flight() > 0 { Health::Busy } else { Health::Good };
    if let Some(found) = Percentiles::of(recent.map(|call| call.total(state.now))) {
        text::number(ui, format::millis(found.p95));
        text::faint(ui, "p95");
    }
    badge::connection(ui, health, &format!("{} in flight", state.calls.snapshot.in_flight()));
}

fn theme_ui(ui: &mut Ui, out: &mut Commands) {
    let (icon, label) = match ui.ctx().theme() {
        Theme::Dark => (Icon::ThemeLight, "Light theme"),
        Theme::Light => (Icon::ThemeDark, "Dark theme"),
    };
    if button::icon(ui, icon, label).clicked() {
        out.push(Command::ToggleTheme);
    }
}
