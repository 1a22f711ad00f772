//! Which site to connect to.

use egui::Ui;

use crate::app::command::Commands;
use crate::app::state::AppState;

/// The dialog, with what is being typed.
#[derive(Default)]
pub struct ConnectDialog {}

impl ConnectDialog {
    /// Draws it.
    pub fn ui(&mut self, _ui: &mut Ui, _state: &AppState, _out: &mut Commands) {}
}
