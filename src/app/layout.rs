//! Where panels sit.
//!
//! ```text
//! ┌ top bar: site · project · pages                                   in flight · theme ┐
//! ├─────────────────────────────────────────────────────────────────────────────────────┤
//! │ the page: Browse, Calls or Compare                                                  │
//! ├─────────────────────────────────────────────────────────────────────────────────────┤
//! │ calls, docked (F12), unless the page shows them anyway                              │
//! └─────────────────────────────────────────────────────────────────────────────────────┘
//!   over it: a notice at the bottom, a dialog in the middle
//! ```

use egui::{Key, Panel, Ui};

use super::command::{Command, Commands};
use super::dialogs::connect::ConnectDialog;
use super::pages::browse::BrowsePage;
use super::pages::calls::CallsPage;
use super::pages::compare::ComparePage;
use super::panels::calls::CallsPanel;
use super::panels::{notice, top_bar};
use super::state::{AppState, Dialog, Page};
use crate::ui::tokens;

/// Height of the docked calls to begin with: the frame strip and five rows.
const DOCK_HEIGHT: f32 = 236.0;

/// The panels, each with what is only its own: texts being typed, scroll positions.
#[derive(Default)]
pub(super) struct Layout {
    browse: BrowsePage,
    calls: CallsPage,
    compare: ComparePage,
    docked: CallsPanel,
    connect: ConnectDialog,
}

impl Layout {
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        let Self { browse, calls, compare, docked, connect } = self;
        out.enter("Window");
        keys(ui, out);
        Panel::top("top bar").exact_size(tokens::BAR).show(ui, |ui| top_bar::ui(ui, state, out));
        if state.calls_docked && state.page != Page::Calls {
            out.enter("Calls");
            Panel::bottom("calls").resizable(true).default_size(DOCK_HEIGHT).show(ui, |ui| docked.ui(ui, state, out));
        }
        out.enter(state.page.title());
        egui::CentralPanel::default().show(ui, |ui| match state.page {
            Page::Browse => browse.ui(ui, state, out),
            Page::Calls => calls.ui(ui, state, out),
            Page::Compare => compare.ui(ui, state, out),
        });
        out.enter("Window");
        notice::ui(ui, state, out);
        match state.dialog {
            Some(Dialog::Connect) => connect.ui(ui, state, out),
            None => *connect = ConnectDialog::default(),
        }
    }
}

/// Keys that work on every page.
fn keys(ui: &Ui, out: &mut Commands) {
    if ui.input(|input| input.key_pressed(Key::F12)) {
        out.push(Command::ToggleCalls);
    }
}
