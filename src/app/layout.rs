//! Where panels sit.
//!
//! ```text
//! ┌ top bar: site · project · pages · incident                        in flight · theme ┐
//! ├─────────────────────────────────────────────────────────────────────────────────────┤
//! │ the page: Browse, Calls or Compare                                                  │
//! ├─────────────────────────────────────────────────────────────────────────────────────┤
//! │ calls, docked (F12), unless the page shows them anyway                              │
//! └─────────────────────────────────────────────────────────────────────────────────────┘
//!   over it: a notice at the bottom, a dialog in the middle
//! ```

use egui::{CentralPanel, Frame, Key, Panel, Ui};

use super::command::{Command, Commands};
use super::dialogs::connect::ConnectDialog;
use super::pages::browse::BrowsePage;
use super::pages::compare::ComparePage;
use super::panels::calls::CallsPanel;
use super::panels::notice::NoticePanel;
use super::panels::top_bar::TopBar;
use super::state::{AppState, Dialog, Page};
use crate::ui::tokens::{self, Palette};

/// Height of the docked calls to begin with: the frame strip and five rows.
const DOCK_HEIGHT: f32 = 236.0;

/// The panels, each with what is only its own: texts being typed, scroll positions.
#[derive(Default)]
pub(super) struct Layout {
    top_bar: TopBar,
    browse: BrowsePage,
    calls: CallsPanel,
    compare: ComparePage,
    connect: ConnectDialog,
    notices: NoticePanel,
}

impl Layout {
    pub(super) fn ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        let Self {
            top_bar,
            browse,
            calls,
            compare,
            connect,
            notices,
        } = self;
        out.enter("Window");
        keys(ui, out);
        let bar = Frame::new()
            .fill(Palette::of(ui).panel)
            .inner_margin(tokens::BAR_MARGIN);
        Panel::top("top bar")
            .exact_size(tokens::BAR)
            .frame(bar)
            .show(ui, |ui| top_bar.ui(ui, state, out));
        if state.calls_docked && state.page != Page::Calls {
            out.enter("Calls");
            Panel::bottom("calls")
                .resizable(true)
                .default_size(DOCK_HEIGHT)
                .frame(Frame::new().fill(Palette::of(ui).panel))
                .show(ui, |ui| calls.docked_ui(ui, state, out));
        }
        out.enter(state.page.title());
        CentralPanel::no_frame().show(ui, |ui| match state.page {
            Page::Browse => browse.ui(ui, state, out),
            Page::Calls => calls.page_ui(ui, state, out),
            Page::Compare => compare.ui(ui, state, out),
        });
        out.enter("Window");
        notices.ui(ui, state, out);
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
