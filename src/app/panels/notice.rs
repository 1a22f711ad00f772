//! A sentence at the bottom of the window.

use egui::Ui;

use crate::app::command::Commands;
use crate::app::state::AppState;

pub fn ui(_ui: &mut Ui, _state: &AppState, _out: &mut Commands) {}
