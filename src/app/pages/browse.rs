//! The Browse page.

use egui::Ui;

use crate::app::command::Commands;
use crate::app::state::AppState;

/// The Browse page, with what is only its own.
#[derive(Default)]
pub struct BrowsePage {}

impl BrowsePage {
    /// Draws it.
    pub fn ui(&mut self, _ui: &mut Ui, _state: &AppState, _out: &mut Commands) {}
}
