//! The top bar: where we are connected, what is on show, and how the site is doing.

use egui::{Popup, PopupCloseBehavior, ScrollArea, Theme, Ui};

use crate::app::command::{BrowseCommand, Command, Commands};
use crate::app::connect::Target;
use crate::app::session::Session;
use crate::app::state::{AppState, Page};
use crate::calls::Percentiles;
use crate::shotgun::Rows;
use crate::ui::badge::Health;
use crate::ui::button::{self, Button};
use crate::ui::field::Field;
use crate::ui::icons::Icon;
use crate::ui::tokens::Palette;
use crate::ui::{badge, card, format, menu, text, tokens};

use super::incident;

/// Calls that the p95 in the corner looks at.
const RECENT_CALLS: usize = 200;
/// More projects than this are easier to search than to scan.
const MANY_PROJECTS: usize = 15;

/// The top bar, with what is only its own.
#[derive(Default)]
pub struct TopBar {
    /// What is looked for in the project menu.
    search: String,
}

impl TopBar {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        ui.horizontal_centered(|ui| {
            named(ui, |ui| site_ui(ui, state, out));
            named(ui, |ui| self.project_ui(ui, state, out));
            ui.add_space(tokens::GRID * 2.0);
            for page in Page::ALL {
                if button::tab(ui, state.page == page, page.title()).clicked() {
                    out.push(Command::ShowPage(page));
                }
            }
            card::at_right(ui, |ui| {
                theme_ui(ui, out);
                ui.add_space(tokens::GRID);
                health_ui(ui, state);
                if let Some(incident) = state.incident {
                    incident::bar_ui(ui, incident, state, out);
                }
            });
        });
    }

    fn project_ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        let Some(projects) = state.browse.projects.value() else {
            // In its place from the start, so that nothing jumps when the projects come.
            ui.add_enabled(false, Button::secondary("Project").chevron());
            return;
        };
        let name = state.browse.project_name();
        let name = name.as_deref().unwrap_or("No project");
        let button = ui.add(Button::secondary(name).chevron().name("Project"));
        if button.clicked() {
            self.search.clear();
        }
        Popup::menu(&button)
            .gap(tokens::GRID)
            // A click into the search field is not a choice.
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .show(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.set_min_width(button.rect.width().max(tokens::NAME_BUTTON_WIDTH));
                if projects.len() > MANY_PROJECTS {
                    let field = Field::search(&mut self.search, "Find a project")
                        .hint("Find a project…")
                        .show(ui);
                    if button.clicked() {
                        field.response.request_focus();
                    }
                    ui.add_space(tokens::GRID);
                }
                self.projects_ui(ui, projects, state, out);
            });
    }

    fn projects_ui(&self, ui: &mut Ui, projects: &Rows, state: &AppState, out: &mut Commands) {
        let wanted = self.search.trim().to_lowercase();
        let mut none = true;
        ScrollArea::vertical()
            .max_height(tokens::MENU_HEIGHT)
            .show(ui, |ui| {
                for row in projects {
                    let name = row.text("name");
                    if !name.to_lowercase().contains(&wanted) {
                        continue;
                    }
                    none = false;
                    let chosen = state.browse.project == Some(row.id());
                    // Two projects may have the same name.
                    let choice = ui
                        .push_id(row.id(), |ui| menu::choice(ui, chosen, &name))
                        .inner;
                    if choice.clicked() {
                        out.push(BrowseCommand::PickProject(row.id()));
                        out.push(Command::ShowPage(Page::Browse));
                        ui.close();
                    }
                }
            });
        if none {
            text::muted(ui, "No project is called that");
        }
    }
}

/// A name that is not ours may be of any length: the rest of the bar stays where it is.
fn named(ui: &mut Ui, add_button: impl FnOnce(&mut Ui)) {
    ui.scope(|ui| {
        let share = (ui.ctx().content_rect().width() * 0.2).min(tokens::NAME_BUTTON_WIDTH);
        ui.set_max_width(share);
        add_button(ui);
    });
}

fn site_ui(ui: &mut Ui, state: &AppState, out: &mut Commands) {
    let palette = Palette::of(ui);
    let session = state.session.value();
    let connecting = state.session.is_loading();
    let name = match (session, connecting) {
        (Some(session), _) => session.name(),
        (None, true) => "Connecting…".to_owned(),
        (None, false) => "Not connected".to_owned(),
    };
    let color = match (session.is_some(), connecting) {
        (_, true) => palette.warning,
        (true, false) => palette.ok,
        (false, false) => palette.bad,
    };
    menu::menu(ui, Button::secondary(&name).dot(color).name("Site"), |ui| {
        if connecting && menu::entry(ui, Some(Icon::Cancel), "Stop connecting", "").clicked() {
            out.push(Command::CancelConnect);
        }
        if menu::entry(ui, None, "Use the sandbox", "").clicked() {
            out.push(Command::Connect(Target::Sandbox));
        }
        if menu::entry(ui, Some(Icon::Key), "Connect to a site…", "").clicked() {
            out.push(Command::OpenConnect);
        }
        if session.is_some_and(Session::is_sandbox) {
            incident::choices_ui(ui, state, out);
        }
    });
}

fn health_ui(ui: &mut Ui, state: &AppState) {
    let calls = &state.calls.snapshot.calls;
    let recent = calls
        .iter()
        .rev()
        .take(RECENT_CALLS)
        .filter(|call| !call.is_in_flight());
    if let Some(found) = Percentiles::of(recent.map(|call| call.total(state.now))) {
        text::number(ui, format::millis(found.p95))
            .on_hover_text("95 % of the latest calls took at most this");
        text::faint(ui, "p95");
    }
    let in_flight = state.calls.snapshot.in_flight();
    let health = match (state.session.value().is_some(), in_flight) {
        (false, 0) => Health::Unknown,
        (true, 0) => Health::Good,
        (_, _) => Health::Busy,
    };
    badge::connection(ui, health, &format!("{in_flight} in flight"));
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
