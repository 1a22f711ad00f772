//! The fields of the selected row, by name and value.

use egui::{Label, Ui};

use crate::app::cell;
use crate::app::command::{BrowseCommand, Commands};
use crate::app::details;
use crate::app::kind::Kind;
use crate::app::state::{AppState, DetailTab};
use crate::offload::View;
use crate::shotgun::{RowRef, Value};
use crate::ui::{card, placeholder, text, tokens};

use super::entity_cells;
use super::failure::Failure;

/// More links than this would fill the pane with names.
const MOST_NAMES: usize = 12;

/// Draws them.
pub(super) fn ui(ui: &mut Ui, state: &AppState, kind: Kind, out: &mut Commands) {
    let view = state.browse.details.view(DetailTab::Fields);
    if let View::Failed { error, .. } = &view {
        Failure::of(error).short_ui(ui, BrowseCommand::ReloadDetails, out);
    }
    match (view.value().map(|rows| rows.first()), view) {
        (Some(Some(row)), _) => fields_ui(ui, state, kind, row),
        (Some(None), _) => {
            text::muted(ui, "It is not on the site any more");
        }
        (None, View::Loading { .. }) => {
            let rows = details::fields(kind).len() - 1;
            placeholder::skeleton_rows(ui, "Loading the fields", rows, &[0.3, 0.7]);
        }
        (None, View::Idle | View::Failed { .. } | View::Ready(_)) => (),
    }
}

fn fields_ui(ui: &mut Ui, state: &AppState, kind: Kind, row: RowRef<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let shown = |field: &&&str| **field != "image" && **field != kind.name_field();
    // A note's text is its point, although tasks are called by a field of the same name.
    for field in details::fields(kind).iter().filter(shown) {
        let value = row.get(field);
        card::field_row(ui, &title(kind, field), tokens::FIELD_NAME_WIDTH, |ui| {
            value_ui(ui, state, field, value);
        });
    }
}

fn value_ui(ui: &mut Ui, state: &AppState, field: &str, value: Option<&Value>) {
    match value {
        Some(Value::Text(_)) if field == "sg_status_list" => {
            entity_cells::status_ui(ui, state, value);
        }
        Some(Value::Int(_) | Value::Float(_)) => {
            text::number(ui, value.map(cell::text).unwrap_or_default());
        }
        Some(value) if !is_empty(value) => {
            ui.add(Label::new(long_text(value)).wrap().selectable(true));
        }
        Some(_) | None => {
            text::faint(ui, "–");
        }
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null()
        || matches!(value, Value::Entities(all) if all.is_empty())
        || matches!(value, Value::Text(text) if text.trim().is_empty())
}

/// All lines of a text, and the first names of many.
fn long_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.trim_end().to_owned(),
        Value::Entities(all) if all.len() > MOST_NAMES => {
            let names: Vec<_> = all
                .iter()
                .take(MOST_NAMES)
                .map(ToString::to_string)
                .collect();
            format!("{} and {} more", names.join(", "), all.len() - MOST_NAMES)
        }
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Entity(_)
        | Value::Entities(_)
        | Value::Json(_) => cell::text(value),
    }
}

/// What people call a field: as in the table's header, or its name without the technical parts.
fn title(kind: Kind, field: &str) -> String {
    let column = kind.columns().iter().find(|column| column.field == field);
    if let Some(column) = column {
        return column.title.to_owned();
    }
    let short = field.strip_prefix("sg_").unwrap_or(field);
    match short {
        "created_at" => "Created".to_owned(),
        "updated_at" => "Updated".to_owned(),
        "addressings_to" => "To".to_owned(),
        "path_to_movie" => "Movie".to_owned(),
        _ => {
            let words = short.replace('_', " ");
            let mut letters = words.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect())
                .unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_called_as_in_the_table_or_in_plain_words() {
        assert_eq!(title(Kind::Shot, "sg_status_list"), "Status");
        assert_eq!(title(Kind::Task, "task_assignees"), "Assigned");
        assert_eq!(title(Kind::Shot, "created_by"), "Created by");
        assert_eq!(title(Kind::Version, "frame_range"), "Frame range");
    }

    #[test]
    fn many_links_are_cut_short() {
        let all = (1..=20)
            .map(|id| crate::shotgun::EntityRef::new("Shot", id))
            .collect();
        let text = long_text(&Value::Entities(all));
        assert!(text.ends_with("Shot 12 and 8 more"), "{text}");
    }
}
