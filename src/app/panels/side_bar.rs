//! The side bar of Browse: what a project holds, and how much of it.

use egui::{Frame, Margin, ScrollArea, Ui};

use crate::app::command::{BrowseCommand, Commands};
use crate::app::kind::Kind;
use crate::app::state::{AppState, Browse};
use crate::offload::View;
use crate::ui::{button, card, format, tokens};

use super::failure::Failure;

/// Draws it.
pub fn ui(ui: &mut Ui, state: &AppState, out: &mut Commands) {
    let browse = &state.browse;
    let inset = (tokens::GRID * 2.0) as i8;
    ScrollArea::vertical()
        .id_salt("side bar")
        .auto_shrink([false, false])
        .show(ui, |ui| {
            Frame::new()
                .inner_margin(Margin::same(inset))
                .show(ui, |ui| kinds_ui(ui, browse, out));
        });
}

fn kinds_ui(ui: &mut Ui, browse: &Browse, out: &mut Commands) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let title = browse
        .project_name()
        .unwrap_or_else(|| "No project".to_owned());
    ui.horizontal(|ui| {
        // In line with the entries below it.
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(tokens::GRID * 2.0);
        card::section(ui, &title);
    });
    ui.add_space(tokens::GRID);
    ui.add_enabled_ui(browse.project.is_some(), |ui| {
        for kind in Kind::ALL {
            kind_ui(ui, browse, kind, out);
        }
    });
}

fn kind_ui(ui: &mut Ui, browse: &Browse, kind: Kind, out: &mut Commands) {
    let selected = browse.project.is_some() && browse.kind == kind;
    let (count, trouble) = count(browse, kind);
    let response = button::nav_item(ui, selected, kind.title(), count.as_deref());
    let response = match trouble {
        Some(trouble) => {
            response.on_hover_text(format!("The count did not arrive: {}", trouble.headline))
        }
        None => response,
    };
    if response.clicked() {
        out.push(BrowseCommand::PickKind(kind));
    }
}

/// How many, if that is known; a dash and the reason, if it cannot be known.
fn count(browse: &Browse, kind: Kind) -> (Option<String>, Option<Failure>) {
    match browse.count(kind) {
        View::Idle | View::Loading { previous: None } => (None, None),
        View::Ready(count)
        | View::Loading {
            previous: Some(count),
        }
        | View::Failed {
            previous: Some(count),
            ..
        } => (Some(format::count(*count)), None),
        View::Failed {
            error,
            previous: None,
        } => (Some("–".to_owned()), Some(Failure::of(error))),
    }
}
