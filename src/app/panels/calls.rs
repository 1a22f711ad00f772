//! The calls, docked below a page.

use egui::Ui;

use crate::app::command::Commands;
use crate::app::state::AppState;

/// The docked calls, with what is only their own.
#[derive(Default)]
pub struct CallsPanel {}

impl CallsPanel {
    /// Draws it.
    pub fn ui(&mut self, _ui: &mut Ui, _state: &AppState, _out: &mut Commands) {}
}
