//! The Browse page: what a project holds at the left, the table, and the details of the selected row at the right.

use egui::{CentralPanel, Frame, Key, Modifiers, Panel, Popup, Ui};

use crate::app::command::{BrowseCommand, Commands};
use crate::app::panels::entity_table::EntityTable;
use crate::app::panels::failure::Failure;
use crate::app::panels::{connection, detail, side_bar};
use crate::app::state::AppState;
use crate::offload::View;
use crate::ui::tokens::{self, Palette};
use crate::ui::{button, placeholder};

/// The Browse page, with what is only its own.
#[derive(Default)]
pub struct BrowsePage {
    table: EntityTable,
}

impl BrowsePage {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        let palette = Palette::of(ui);
        let center = CentralPanel::default().frame(Frame::new().fill(palette.panel));
        if state.session.value().is_none() {
            center.show(ui, |ui| connection::ui(ui, state, out));
            return;
        }
        let narrow = ui.ctx().content_rect().width() < tokens::NARROW_WINDOW;
        keys(ui, state, out);
        Panel::left("side bar")
            .exact_size(tokens::SIDE_BAR_WIDTH)
            .resizable(false)
            .frame(Frame::new().fill(palette.panel))
            .show(ui, |ui| side_bar::ui(ui, state, out));
        if !narrow || state.browse.selected.is_some() {
            out.enter("Details");
            Panel::right("details")
                .exact_size(tokens::DETAIL_WIDTH)
                .resizable(false)
                .frame(Frame::new().fill(palette.background))
                .show(ui, |ui| detail::ui(ui, state, narrow, out));
            out.enter(state.page.title());
        }
        center.show(ui, |ui| self.table_ui(ui, state, out));
    }

    fn table_ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        let browse = &state.browse;
        match (browse.project, browse.projects.view()) {
            (Some(_), _) => self.table.ui(ui, state, out),
            (None, View::Failed { error, .. }) => {
                Failure::of(error).region_ui(ui, BrowseCommand::ReloadProjects, out);
            }
            (None, View::Idle | View::Loading { .. }) => self.table.waiting_ui(ui, state, out),
            (None, View::Ready(_)) => no_projects_ui(ui, out),
        }
    }
}

fn no_projects_ui(ui: &mut Ui, out: &mut Commands) {
    let hint = "Whoever runs the site can make one, or give you access to one.";
    placeholder::empty_with(ui, "No projects on this site", hint, |ui| {
        if button::secondary(ui, "Look again").clicked() {
            out.push(BrowseCommand::ReloadProjects);
        }
    });
}

fn keys(ui: &Ui, state: &AppState, out: &mut Commands) {
    if state.dialog.is_some() {
        return;
    }
    let refresh = ui.input_mut(|input| {
        input.consume_key(Modifiers::NONE, Key::F5) || input.consume_key(Modifiers::COMMAND, Key::R)
    });
    if refresh && state.browse.project.is_some() {
        out.push(BrowseCommand::Refresh);
    } else if refresh {
        out.push(BrowseCommand::ReloadProjects);
    }
    // A menu, or a field with the keyboard, has the first claim to Escape; egui takes the keyboard from what had it.
    let claimed = Popup::is_any_open(ui.ctx()) || ui.memory(|memory| memory.focused().is_some());
    if !claimed
        && state.browse.selected.is_some()
        && ui.input(|input| input.key_pressed(Key::Escape))
    {
        out.push(BrowseCommand::Select(None));
    }
}
