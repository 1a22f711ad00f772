//! A sentence at the bottom of the window.

use egui::Ui;

use crate::app::command::{Command, Commands};
use crate::app::state::{AppState, Notice};
use crate::ui::placeholder::Kind;
use crate::ui::toast::Toasts;

/// The notices on show. Good ones go by themselves, bad ones stay until they are put away.
#[derive(Default)]
pub struct NoticePanel {
    toasts: Toasts,
    /// What was put up last.
    put_up: Option<Notice>,
}

impl NoticePanel {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        let Self { toasts, put_up } = self;
        if state.notice != *put_up {
            if let Some(notice) = &state.notice {
                let kind = if notice.is_error {
                    Kind::Bad
                } else {
                    Kind::Done
                };
                toasts.push(kind, &notice.text);
            }
            put_up.clone_from(&state.notice);
        }
        if toasts.is_empty() {
            return;
        }
        // Notices have no action: there is only the one to put them away.
        let _acted = toasts.show(ui.ctx());
        if toasts.is_empty() && state.notice.is_some() {
            out.push(Command::DismissNotice);
        }
    }
}
