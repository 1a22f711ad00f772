//! What is linked to the selected row: its tasks, versions or notes, in a compact list.

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo};

use crate::app::cell;
use crate::app::command::{BrowseCommand, Commands};
use crate::app::details;
use crate::app::kind::Kind;
use crate::app::state::{AppState, DetailTab};
use crate::offload::View;
use crate::shotgun::{RowRef, Rows};
use crate::ui::tokens::{self, Palette};
use crate::ui::{font, placeholder, text};

use super::failure::Failure;

/// How many rows to hint at while they are on their way.
const SKELETON_ROWS: usize = 6;
/// The part of a row that its name may take when both sides are long.
const NAME_PART: f32 = 0.6;

/// Draws them. `kind` is what they are linked to.
pub(super) fn ui(ui: &mut Ui, state: &AppState, kind: Kind, tab: DetailTab, out: &mut Commands) {
    let Some((linked, _)) = details::linked(kind, tab) else {
        return;
    };
    let view = state.browse.details.view(tab);
    if let View::Failed { error, .. } = &view {
        Failure::of(error).short_ui(ui, BrowseCommand::ReloadDetails, out);
    }
    match (view.value(), view) {
        (Some(rows), _) => rows_ui(ui, state, linked, rows),
        (None, View::Loading { .. }) => {
            let label = format!("Loading {}", linked.plural());
            placeholder::skeleton_rows(ui, &label, SKELETON_ROWS, &[0.65, 0.35]);
        }
        (None, View::Idle | View::Failed { .. } | View::Ready(_)) => (),
    }
}

fn rows_ui(ui: &mut Ui, state: &AppState, linked: Kind, rows: &Rows) {
    if rows.is_empty() {
        text::muted(ui, format!("No {} yet", linked.plural()));
        return;
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    for row in rows {
        row_ui(ui, state, linked, row);
    }
    if rows.len() >= details::MOST_LINKED as usize {
        let all = format!("The newest {}; the site has all of them", rows.len());
        text::faint(ui, all);
    }
}

/// `● Comp            Mira Okafor`
fn row_ui(ui: &mut Ui, state: &AppState, linked: Kind, row: RowRef<'_>) {
    let palette = Palette::of(ui);
    let size = egui::vec2(ui.available_width(), tokens::ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    if !ui.is_rect_visible(rect) {
        return;
    }
    let name = row.text(linked.name_field());
    let about = about(linked, row);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), &name));

    let statuses = &state.browse.statuses;
    let status = row.get("sg_status_list").filter(|code| !code.is_null());
    let dot = status
        .and_then(|code| statuses.color(code))
        .map_or(palette.faint, tokens::site_color);
    let center = egui::pos2(rect.left() + tokens::DOT, rect.center().y);
    ui.painter().circle_filled(center, tokens::DOT, dot);

    let room = rect.with_min_x(rect.left() + tokens::DOT * 2.0 + tokens::GAP);
    let cut = sides_ui(ui, room, &name, &about);
    let line = rect.bottom() - tokens::HAIRLINE * 0.5;
    ui.painter().hline(rect.x_range(), line, palette.hairline());

    let status = status.map(|code| statuses.name(code));
    let mut told: Vec<&str> = status.as_deref().into_iter().collect();
    if cut {
        told.splice(0..0, [name.as_str(), about.as_str()]);
    }
    response.on_hover_text(told.join("\n"));
}

/// A name at the left and what is said about it at the right; whether something was cut.
fn sides_ui(ui: &Ui, room: Rect, name: &str, about: &str) -> bool {
    let palette = Palette::of(ui);
    let both = room.width() - tokens::GAP;
    let name_width = text::line(ui, name, font::body(), palette.text, f32::INFINITY)
        .size()
        .x;
    // The name may take what the other side leaves free.
    let most_about = (both - name_width).max(both * (1.0 - NAME_PART));
    let about = text::line(ui, about, font::body(), palette.muted, most_about);
    let name = text::line(ui, name, font::body(), palette.text, both - about.size().x);
    let cut = about.elided || name.elided;
    text::paint(ui, room, Align2::LEFT_CENTER, name);
    text::paint(ui, room, Align2::RIGHT_CENTER, about);
    cut
}

/// What tells it from the others in the list.
fn about(linked: Kind, row: RowRef<'_>) -> String {
    let field = match linked {
        Kind::Task => "task_assignees",
        Kind::Shot | Kind::Asset | Kind::Playlist => "description",
        Kind::Version | Kind::Note => "user",
        Kind::Person => "department",
    };
    row.get(field).map(cell::text).unwrap_or_default()
}
