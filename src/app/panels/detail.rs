//! The details pane: the selected row, its fields, and what is linked to it.

use egui::{Frame, Margin, ScrollArea, Ui};

use crate::app::cell;
use crate::app::command::{BrowseCommand, Commands};
use crate::app::details;
use crate::app::kind::{Kind, Look};
use crate::app::state::{AppState, DetailTab};
use crate::shotgun::{EntityRef, RowRef, Value};
use crate::ui::button::{self, Button};
use crate::ui::icons::Icon;
use crate::ui::{card, format, placeholder, text, tokens};

use super::{detail_fields, detail_links, picture};

/// Draws it. A pane that can be put away carries a button for that.
pub fn ui(ui: &mut Ui, state: &AppState, closable: bool, out: &mut Commands) {
    let Some((kind, entity)) = state.browse.details.of() else {
        let hint = "Pick a row to see its fields, and what is linked to it.";
        return placeholder::empty(ui, "Nothing is selected", hint);
    };
    ScrollArea::vertical()
        .id_salt(("details", entity.id))
        .auto_shrink([false, false])
        .show(ui, |ui| {
            Frame::new()
                .inner_margin(Margin::same(tokens::PANEL_PADDING as i8))
                .show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    entity_ui(ui, state, kind, entity, closable, out);
                });
        });
}

fn entity_ui(
    ui: &mut Ui,
    state: &AppState,
    kind: Kind,
    entity: &EntityRef,
    closable: bool,
    out: &mut Commands,
) {
    let row = row(state, entity);
    if kind
        .columns()
        .iter()
        .any(|column| column.look == Look::Thumbnail)
    {
        picture::large_ui(ui, &state.thumbnails, row.and_then(|row| row.get("image")));
        ui.add_space(tokens::GRID);
    }
    card::beside(
        ui,
        |ui| text::heading(ui, row.map(|row| name(kind, row)).unwrap_or_default()),
        |ui| {
            if closable && button::icon(ui, Icon::Close, "Close the details").clicked() {
                out.push(BrowseCommand::Select(None));
            }
        },
    );
    let subtitle = row.map(|row| subtitle(kind, row)).unwrap_or_default();
    if !subtitle.is_empty() {
        text::muted(ui, subtitle);
    }
    ui.add_space(tokens::GRID);
    tabs_ui(ui, state, kind, out);
    ui.add_space(tokens::GRID);
    let details = &state.browse.details;
    match details.tab {
        DetailTab::Fields => detail_fields::ui(ui, state, kind, out),
        tab @ (DetailTab::Tasks | DetailTab::Versions | DetailTab::Notes) => {
            detail_links::ui(ui, state, kind, tab, out);
        }
    }
    ui.add_space(tokens::GRID * 3.0);
    actions_ui(ui, entity, out);
}

/// What is known of the entity: its details or, until they come, its row in the table.
fn row<'a>(state: &'a AppState, entity: &EntityRef) -> Option<RowRef<'a>> {
    let browse = &state.browse;
    let fields = browse.details.view(DetailTab::Fields).value();
    let fetched = fields.and_then(|rows| rows.first());
    fetched.or_else(|| {
        let rows = browse.listing.arranged()?;
        rows.row(rows.position(entity.id)?)
    })
}

/// What the entity is called.
fn name(kind: Kind, row: RowRef<'_>) -> String {
    let name = row
        .get(kind.name_field())
        .map(cell::text)
        .unwrap_or_default();
    if name.is_empty() {
        format!("{} {}", kind.entity_type(), row.id())
    } else {
        name
    }
}

/// What tells it from others of its name: `Ice shelf · 118 frames`.
fn subtitle(kind: Kind, row: RowRef<'_>) -> String {
    let text = |field| {
        row.get(field)
            .map(cell::text)
            .filter(|text| !text.is_empty())
    };
    let frames = |field| {
        let frames = row.get(field).and_then(Value::as_i64)?;
        Some(format::plural(
            u64::try_from(frames).ok()?,
            "frame",
            "frames",
        ))
    };
    let parts = match kind {
        Kind::Shot => [text("sg_sequence"), frames("sg_cut_duration")],
        Kind::Asset => [text("sg_asset_type"), None],
        Kind::Task => [text("entity"), text("step")],
        Kind::Version => [text("entity"), text("user")],
        Kind::Note => [text("user"), text("created_at")],
        Kind::Playlist => [text("sg_date_and_time"), None],
        Kind::Person => [text("department"), None],
    };
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn tabs_ui(ui: &mut Ui, state: &AppState, kind: Kind, out: &mut Commands) {
    let details = &state.browse.details;
    let tabs = details::tabs(kind);
    if tabs.len() < 2 {
        return;
    }
    ui.horizontal(|ui| {
        // Four tabs with counts have just enough room without a gap.
        ui.spacing_mut().item_spacing.x = 0.0;
        for tab in tabs {
            let title = match tab {
                DetailTab::Fields => "Fields",
                DetailTab::Tasks => "Tasks",
                DetailTab::Versions => "Versions",
                DetailTab::Notes => "Notes",
            };
            let links = details.view(*tab).value();
            let count = links
                .filter(|_| *tab != DetailTab::Fields)
                .map(|rows| count_text(rows.len()));
            let mut button = Button::tab(details.tab == *tab, title).compact();
            if let Some(count) = &count {
                button = button.detail(count);
            }
            if ui.add(button).clicked() {
                out.push(BrowseCommand::ShowTab(*tab));
            }
        }
    });
}

/// A full list may not be all of them.
fn count_text(len: usize) -> String {
    if len >= details::MOST_LINKED as usize {
        format!("{len}+")
    } else {
        len.to_string()
    }
}

fn actions_ui(ui: &mut Ui, entity: &EntityRef, out: &mut Commands) {
    ui.horizontal(|ui| {
        if button::secondary(ui, "Open on the site").clicked() {
            out.push(BrowseCommand::OpenOnSite(entity.clone()));
        }
        if button::secondary(ui, "Copy link").clicked() {
            out.push(BrowseCommand::CopyLink(entity.clone()));
        }
    });
}
