//! The table of Browse: the rows of one entity type, with all that can be said while they are not all there.

use egui::{Align, Frame, Key, Layout, Margin, Modifiers, Ui};

use crate::app::command::{BrowseCommand, Commands};
use crate::app::kind::Kind;
use crate::app::listing::{Arranged, Listing};
use crate::app::session::PAGE_ROWS;
use crate::app::state::{AppState, Browse};
use crate::shotgun::EntityId;
use crate::ui::button::{self, Button};
use crate::ui::field::Field;
use crate::ui::icons::Icon;
use crate::ui::table::Table;
use crate::ui::{card, format, placeholder, text, tokens};

use super::entity_cells;
use super::failure::Failure;

/// The table, with what is only its own.
#[derive(Default)]
pub struct EntityTable {
    /// The filter as it is being typed.
    filter: String,
    /// What it filters.
    filtered: Option<(Kind, EntityId)>,
    /// Where the selected row was in the last frame: it is nearly always still there.
    selected_at: usize,
}

impl EntityTable {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        let browse = &state.browse;
        if self.filtered != browse.listing.of() {
            self.filtered = browse.listing.of();
            self.filter.clone_from(&browse.listing.filter);
        }
        self.bar_ui(ui, state, out);
        match browse.listing.arranged() {
            Some(rows) => self.rows_ui(ui, state, rows, out),
            None => without_rows_ui(ui, browse, out),
        }
    }

    /// Draws it as it will be, before it is known which project's rows it will hold.
    pub fn waiting_ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        ui.add_enabled_ui(false, |ui| self.bar_ui(ui, state, out));
        loading_ui(ui, state.browse.kind);
    }

    fn bar_ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        ui.spacing_mut().item_spacing.y = 0.0;
        card::bar(ui, |ui| {
            ui.spacing_mut().item_spacing = tokens::ITEM_SPACING;
            self.controls_ui(ui, state, out);
        });
    }

    fn controls_ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        let Browse { kind, listing, .. } = &state.browse;
        text::strong(ui, kind.title());
        let total = total(&state.browse);
        text::muted(ui, count_text(listing, total));
        let many = total.map_or_else(
            || kind.plural().to_owned(),
            |total| format::plural(total, kind.singular(), kind.plural()),
        );
        card::at_right(ui, |ui| {
            let refresh = Button::secondary("Refresh").icon(Icon::Refresh);
            let tip = "Ask the site again (F5)";
            if ui.add(refresh).on_hover_text(tip).clicked() {
                out.push(BrowseCommand::Refresh);
            }
            freshness_ui(ui, state);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                self.filter_ui(ui, &format!("Filter {many}…"), out);
            });
        });
    }

    fn filter_ui(&mut self, ui: &mut Ui, hint: &str, out: &mut Commands) {
        let shown = Field::search(&mut self.filter, "Filter")
            .hint(hint)
            .width(tokens::FILTER_WIDTH)
            .show(ui);
        if shown.response.changed() {
            out.push(BrowseCommand::Filter(self.filter.clone()));
        }
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::F)) {
            shown.response.request_focus();
        }
    }

    fn rows_ui(&mut self, ui: &mut Ui, state: &AppState, rows: &Arranged, out: &mut Commands) {
        let browse = &state.browse;
        if let Some(error) = browse.listing.error() {
            stale_ui(ui, browse, rows, &Failure::of(error), out);
        }
        if rows.arrived() == 0 {
            nothing_ui(ui, browse, out);
        } else if rows.is_empty() && !browse.listing.filter.is_empty() {
            self.no_match_ui(ui, browse, out);
        } else {
            self.table_ui(ui, state, rows, out);
        }
    }

    fn table_ui(&mut self, ui: &mut Ui, state: &AppState, rows: &Arranged, out: &mut Commands) {
        let browse = &state.browse;
        let columns = entity_cells::columns(browse.kind);
        let progress = progress(browse, rows);
        let room_below = if progress.is_some() {
            tokens::ROW_HEIGHT
        } else {
            0.0
        };
        let answer = Table::new(browse.kind.title(), &columns, rows.len())
            .selected(self.selected_position(browse, rows))
            .sort(entity_cells::sorted(browse.kind, browse.listing.sort))
            .room_below(room_below)
            .show(ui, |ui, row, column| {
                if let (Some(row), Some(column)) =
                    (rows.row(row), browse.kind.columns().get(column))
                {
                    entity_cells::cell_ui(ui, state, row, column);
                }
            });
        if let Some((label, fraction)) = progress {
            ui.horizontal(|ui| {
                ui.add_space(tokens::PANEL_PADDING);
                placeholder::progress_line(ui, &label, fraction);
            });
        }
        if let Some(row) = answer.selected_row().and_then(|row| rows.row(row)) {
            out.push(BrowseCommand::Select(Some(row.id())));
        }
        if let Some(row) = answer.opened_row.and_then(|row| rows.row(row)) {
            out.push(BrowseCommand::OpenOnSite(row.to_ref()));
        }
        if let Some(column) = answer
            .sort_clicked
            .and_then(|index| browse.kind.columns().get(index))
        {
            out.push(BrowseCommand::Sort(column.field));
        }
    }

    /// Looks for the selected row only when it has moved.
    fn selected_position(&mut self, browse: &Browse, rows: &Arranged) -> Option<usize> {
        let selected = browse.selected?;
        let still_there = rows
            .row(self.selected_at)
            .is_some_and(|row| row.id() == selected);
        if !still_there {
            self.selected_at = rows.position(selected)?;
        }
        Some(self.selected_at)
    }

    fn no_match_ui(&mut self, ui: &mut Ui, browse: &Browse, out: &mut Commands) {
        let Browse { kind, listing, .. } = browse;
        let headline = format!("No {} matches “{}”", kind.singular(), listing.filter);
        let hint = if listing.is_loading() && !listing.is_refreshing() {
            "More rows are on their way."
        } else {
            "The filter looks for its text in every column."
        };
        placeholder::empty_with(ui, &headline, hint, |ui| {
            if button::secondary(ui, "Clear the filter").clicked() {
                self.filter.clear();
                out.push(BrowseCommand::Filter(String::new()));
            }
        });
    }
}

/// No row has arrived yet.
fn without_rows_ui(ui: &mut Ui, browse: &Browse, out: &mut Commands) {
    let Browse { kind, listing, .. } = browse;
    if let Some(error) = listing.error() {
        Failure::of(error).region_ui(ui, BrowseCommand::Refresh, out);
    } else if listing.is_loading() || listing.is_arranging() {
        loading_ui(ui, *kind);
    } else {
        placeholder::empty(ui, "No project is open", "Pick one at the top.");
    }
}

/// The header as it will be, and gray bars where the rows will be.
fn loading_ui(ui: &mut Ui, kind: Kind) {
    let columns = entity_cells::columns(kind);
    let height = ui.available_height() - tokens::HEADER_HEIGHT;
    Table::new(kind.title(), &columns, 0)
        .room_below(height)
        .show(ui, |_, _, _| ());
    let rows = (height / tokens::ROW_HEIGHT) as usize;
    let label = format!("Loading {}", kind.plural());
    let columns = entity_cells::skeleton(kind, ui.available_width());
    placeholder::skeleton_rows(ui, &label, rows, &columns);
}

/// The project has none of these.
fn nothing_ui(ui: &mut Ui, browse: &Browse, out: &mut Commands) {
    let project = browse
        .project_name()
        .unwrap_or_else(|| "this project".to_owned());
    let headline = format!("No {} in {project}", browse.kind.plural());
    let hint = "What is made on the site shows up here when you refresh.";
    placeholder::empty_with(ui, &headline, hint, |ui| {
        if button::secondary(ui, "Refresh now").clicked() {
            out.push(BrowseCommand::Refresh);
        }
    });
}

/// Rows are there, but not all of them or not the latest.
fn stale_ui(ui: &mut Ui, browse: &Browse, rows: &Arranged, failure: &Failure, out: &mut Commands) {
    let meaning = match (browse.listing.refreshed(), total(browse)) {
        (Some(_), _) => "Not refreshed, these are the rows from before".to_owned(),
        (None, Some(total)) => {
            let arrived = format::count(rows.arrived() as u64);
            format!(
                "Only {arrived} of {} arrived",
                format::plural(total, "row", "rows")
            )
        }
        (None, None) => "Not all rows arrived".to_owned(),
    };
    Frame::new()
        .inner_margin(Margin::symmetric(12, 8))
        .show(ui, |ui| {
            failure.banner_ui(ui, &meaning, BrowseCommand::Refresh, out);
        });
}

/// When the rows were complete, or that they are being asked for again.
fn freshness_ui(ui: &mut Ui, state: &AppState) {
    let listing = &state.browse.listing;
    if listing.is_refreshing() {
        placeholder::refreshing(ui, "refreshing…");
    } else if let Some(refreshed) = listing.refreshed() {
        // A time of day stays true while the window idles; "4 s ago" would not.
        let time = state.calls.snapshot.clock.time_of_day(refreshed);
        let (short, full) = (time.get(..5), time.get(..8).unwrap_or(&time));
        text::faint(ui, format!("refreshed {}", short.unwrap_or(full)))
            .on_hover_text(format!("The rows are as the site had them at {full}"));
    }
}

// ----------------------------------------------------------------------------

/// How many rows the project has, as far as that is known.
fn total(browse: &Browse) -> Option<u64> {
    let complete = browse.listing.refreshed().and(browse.listing.arranged());
    match complete {
        Some(rows) => Some(rows.arrived() as u64),
        None => browse.count(browse.kind).value().copied(),
    }
}

/// `3,000`, or `12 of 3,000` with a filter.
fn count_text(listing: &Listing, total: Option<u64>) -> String {
    let total = total.map(format::count);
    match (listing.arranged(), total) {
        (Some(rows), Some(total)) if !listing.filter.is_empty() => {
            format!("{} of {total}", format::count(rows.len() as u64))
        }
        (_, total) => total.unwrap_or_default(),
    }
}

/// What stands below the last row while pages arrive.
fn progress(browse: &Browse, rows: &Arranged) -> Option<(String, f32)> {
    let listing = &browse.listing;
    if !listing.is_loading() || listing.is_refreshing() {
        return None;
    }
    let page = listing.pages_arrived() as u64 + 1;
    let arrived = rows.arrived() as u64;
    let shown = if listing.filter.is_empty() {
        format!("Rows 1 to {} shown", format::count(arrived))
    } else {
        let matches = format::count(rows.len() as u64);
        format!(
            "{matches} of the first {} rows match",
            format::count(arrived)
        )
    };
    let total = browse.count(browse.kind).value().copied();
    Some(match total.filter(|total| *total > arrived) {
        Some(total) => {
            let more = format::count(total - arrived);
            let pages = total.div_ceil(u64::from(PAGE_ROWS));
            let label = format!("{shown} while {more} more arrive · page {page} of {pages}");
            (label, arrived as f32 / total as f32)
        }
        None => (format!("{shown} while more arrive · page {page}"), 0.0),
    })
}
