//! The columns of the table of entities, and what stands in their cells.

use egui::Ui;

use crate::app::cell;
use crate::app::kind::{self, Kind, Look};
use crate::app::listing::Sort;
use crate::app::state::AppState;
use crate::shotgun::{RowRef, Value};
use crate::ui::table::{self, Column};
use crate::ui::tokens::{self, Palette};
use crate::ui::{badge, text};

use super::picture;

/// Narrowest column that takes what is left.
const LEAST_FILL: f32 = tokens::FILTER_WIDTH * 0.2;

/// How the table draws the columns of `kind`.
pub(super) fn columns(kind: Kind) -> Vec<Column<'static>> {
    kind.columns().iter().map(column).collect()
}

fn column(column: &'static kind::Column) -> Column<'static> {
    let title = column.title;
    match column.look {
        Look::Thumbnail => Column::text(title, tokens::THUMBNAIL.x),
        Look::Number => Column::number(title, column.width).sortable(),
        Look::Name | Look::Text | Look::Status if column.width == 0.0 => {
            Column::fill(title, LEAST_FILL).sortable()
        }
        Look::Name | Look::Text | Look::Status => Column::text(title, column.width).sortable(),
    }
}

/// Which column carries the arrow.
pub(super) fn sorted(kind: Kind, sort: Option<Sort>) -> Option<table::Sort> {
    let sort = sort?;
    let column = kind
        .columns()
        .iter()
        .position(|column| column.field == sort.field)?;
    Some(table::Sort {
        column,
        descending: sort.descending,
    })
}

/// The widths of a row that is not there yet, in a table `width` wide: bars stand where the values will.
pub(super) fn skeleton(kind: Kind, width: f32) -> Vec<f32> {
    let columns = kind.columns();
    let known = |column: &kind::Column| match column.look {
        Look::Thumbnail => tokens::THUMBNAIL.x,
        Look::Name | Look::Text | Look::Number | Look::Status => column.width,
    };
    let taken: f32 = columns
        .iter()
        .map(|column| known(column) + tokens::CELL_GAP)
        .sum();
    let filling = (width - taken).max(LEAST_FILL);
    let full = |column: &kind::Column| match known(column) {
        0.0 => filling + tokens::CELL_GAP,
        known => known + tokens::CELL_GAP,
    };
    columns.iter().map(full).collect()
}

/// One cell.
pub(super) fn cell_ui(ui: &mut Ui, state: &AppState, row: RowRef<'_>, column: &kind::Column) {
    let value = row.get(column.field);
    match column.look {
        Look::Thumbnail => picture::small_ui(ui, &state.thumbnails, value),
        Look::Status => status_ui(ui, state, value),
        Look::Name => {
            table::cell_text(ui, value.map(cell::text).unwrap_or_default());
        }
        Look::Number => table::cell_number(ui, value.map(cell::text).unwrap_or_default()),
        Look::Text => table::cell_muted(ui, value.map(cell::text).unwrap_or_default()),
    }
}

/// A status as the site names and colors it.
pub(super) fn status_ui(ui: &mut Ui, state: &AppState, code: Option<&Value>) {
    match code {
        None | Some(Value::Null) => {
            text::faint(ui, "–");
        }
        Some(code) => {
            let statuses = &state.browse.statuses;
            let color = statuses
                .color(code)
                .map_or(Palette::of(ui).faint, tokens::site_color);
            badge::status(ui, color, &statuses.name(code));
        }
    }
}
