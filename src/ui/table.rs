//! A table that lays out only the rows that are seen.
//!
//! A thin layer over [`egui_extras::TableBuilder`]: our look, sorting by a click on a title, selection, arrow keys.
//! It holds nothing: the caller owns rows, selection and order, and reads from [`TableResponse`] what to change.

use std::ops::Range;

use egui::{
    Align, Frame, Layout, Margin, Rangef, Rect, Response, Role, ScrollArea, Sense, Ui, WidgetInfo,
};
use egui_extras::{TableBody, TableBuilder};

use super::table_rows::{RowsUi, header_line, title_ui};
use super::tokens::{self, Palette};
use super::{button, font, table_keys, text};

/// One column: its title, how it is aligned, how wide it is.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "give it to a table"]
pub struct Column<'a> {
    pub(super) title: &'a str,
    pub(super) number: bool,
    width: f32,
    fill: bool,
    pub(super) sortable: bool,
}

impl<'a> Column<'a> {
    /// A column of text, `width` wide until the user drags its edge.
    pub fn text(title: &'a str, width: f32) -> Self {
        Self {
            title,
            number: false,
            width,
            fill: false,
            sortable: false,
        }
    }

    /// A column of numbers: aligned at the right, as is its title.
    pub fn number(title: &'a str, width: f32) -> Self {
        Self {
            number: true,
            ..Self::text(title, width)
        }
    }

    /// A column that takes what room is left, and is at least `width` wide.
    pub fn fill(title: &'a str, width: f32) -> Self {
        Self {
            fill: true,
            ..Self::text(title, width)
        }
    }

    /// A click on the title asks for another order.
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    fn build(&self) -> egui_extras::Column {
        if self.fill {
            egui_extras::Column::remainder()
                .at_least(self.width)
                .resizable(false)
                .clip(true)
        } else {
            let least = self.width.min(tokens::CONTROL);
            egui_extras::Column::initial(self.width)
                .at_least(least)
                .resizable(true)
                .clip(true)
        }
    }
}

/// Which column orders the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// Index of the column.
    pub column: usize,
    /// Largest first.
    pub descending: bool,
}

impl Sort {
    /// The order after a click on the title of `column`: ascending first, then the other way round.
    pub fn clicked(current: Option<Self>, column: usize) -> Self {
        let descending = current.is_some_and(|sort| sort.column == column && !sort.descending);
        Self { column, descending }
    }
}

/// A table about to be shown.
#[must_use = "show it"]
pub struct Table<'a> {
    name: &'a str,
    columns: &'a [Column<'a>],
    rows: usize,
    selected: Option<usize>,
    sort: Option<Sort>,
    scroll_to: Option<usize>,
    room_below: f32,
}

/// What happened to a table in this frame. Rows are indices as given to the cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableResponse {
    /// A row was clicked.
    pub clicked_row: Option<usize>,
    /// A row was opened: by a double click or Enter.
    pub opened_row: Option<usize>,
    /// A row was clicked with the other mouse button.
    pub menu_row: Option<usize>,
    /// The arrow keys moved the selection to this row.
    pub moved_to: Option<usize>,
    /// The title of this column was clicked.
    pub sort_clicked: Option<usize>,
    /// The row under the pointer.
    pub hovered_row: Option<usize>,
    /// The rows that were laid out: what to have ready.
    pub visible: Range<usize>,
}

impl TableResponse {
    /// The row to select now, whether it was clicked or reached with the keyboard.
    pub fn selected_row(&self) -> Option<usize> {
        self.clicked_row.or(self.moved_to)
    }
}

impl<'a> Table<'a> {
    /// A table of `rows` rows. The `name` tells it from the other tables, also to screen readers.
    pub fn new(name: &'a str, columns: &'a [Column<'a>], rows: usize) -> Self {
        Self {
            name,
            columns,
            rows,
            selected: None,
            sort: None,
            scroll_to: None,
            room_below: 0.0,
        }
    }

    /// The row that is selected.
    pub fn selected(mut self, row: Option<usize>) -> Self {
        self.selected = row;
        self
    }

    /// Which title carries the arrow.
    pub fn sort(mut self, sort: Option<Sort>) -> Self {
        self.sort = sort;
        self
    }

    /// Bring this row into view, in this frame only.
    pub fn scroll_to(mut self, row: Option<usize>) -> Self {
        self.scroll_to = row;
        self
    }

    /// Leave this much room below the table, for a line that stands right under its last row.
    pub fn room_below(mut self, height: f32) -> Self {
        self.room_below = height;
        self
    }

    /// Draw it. `cell` draws the cell of a row and a column; see [`cell_text`] and [`cell_number`].
    pub fn show(self, ui: &mut Ui, mut cell: impl FnMut(&mut Ui, usize, usize)) -> TableResponse {
        let mut answer = TableResponse::default();
        let area = ui.available_rect_before_wrap();
        let id = ui.make_persistent_id(("table", self.name));
        // One stop for the Tab key; within it the arrow keys move.
        let focus = ui.interact(area, id, Sense::focusable_noninteractive());
        focus.widget_info(|| WidgetInfo::labeled(Role::Table, ui.is_enabled(), self.name));
        // Other rows in the same place are the point of a table.
        ui.ctx().allow_widget_id_changes_in(area);

        let page = ((area.height() - self.room_below - tokens::HEADER_HEIGHT) / tokens::ROW_HEIGHT)
            .max(1.0) as usize;
        let keys = table_keys::read(ui, &focus, self.selected, self.rows, page);
        answer.moved_to = keys.moved_to;
        answer.opened_row = keys.opened;

        let height = (area.height() - self.room_below).max(tokens::HEADER_HEIGHT);
        ScrollArea::horizontal()
            .id_salt(("columns", self.name))
            .auto_shrink([false, true])
            .max_height(height)
            .show(ui, |ui| {
                let frame = Frame::new().inner_margin(Margin {
                    left: (tokens::CELL_GAP * 0.5) as i8,
                    ..Margin::ZERO
                });
                frame.show(ui, |ui| {
                    self.table_ui(ui, height, &focus, &mut answer, &mut cell);
                });
            });
        if table_keys::focus_is_visible(ui, &focus, answer.clicked_row.is_some()) {
            button::focus_ring(ui, area.shrink(tokens::MARK), &focus);
        }
        answer
    }

    fn table_ui(
        &self,
        ui: &mut Ui,
        height: f32,
        focus: &Response,
        answer: &mut TableResponse,
        cell: &mut dyn FnMut(&mut Ui, usize, usize),
    ) {
        let wide = ui.clip_rect().x_range();
        // The table of egui_extras takes these for its gaps and for the lines at the edges of columns.
        ui.spacing_mut().item_spacing = egui::vec2(tokens::CELL_GAP, 0.0);
        ui.spacing_mut().scroll.floating_allocated_width = tokens::CELL_GAP * 0.5;
        ui.visuals_mut().widgets.noninteractive.bg_stroke = egui::Stroke::NONE;

        let mut builder = TableBuilder::new(ui)
            .id_salt(self.name)
            .cell_layout(Layout::left_to_right(Align::Center))
            .auto_shrink([false, true])
            .min_scrolled_height(0.0)
            .max_scroll_height((height - tokens::HEADER_HEIGHT).max(0.0))
            .animate_scrolling(false);
        for column in self.columns {
            builder = builder.column(column.build());
        }
        if let Some(row) = self.scroll_to.or(answer.moved_to) {
            builder = builder.scroll_to_row(row, None);
        }
        let table = builder.header(tokens::HEADER_HEIGHT, |mut header| {
            for (index, column) in self.columns.iter().enumerate() {
                header.col(|ui| {
                    if index == 0 {
                        header_line(ui, wide);
                    }
                    if title_ui(ui, column, self.sort.filter(|sort| sort.column == index)) {
                        answer.sort_clicked = Some(index);
                    }
                });
            }
        });
        table.body(|body| self.body_ui(body, wide, focus, answer, cell));
    }

    fn body_ui(
        &self,
        mut body: TableBody<'_>,
        wide: Rangef,
        focus: &Response,
        answer: &mut TableResponse,
        cell: &mut dyn FnMut(&mut Ui, usize, usize),
    ) {
        let clip = Rect::from_x_y_ranges(wide, body.ui_mut().clip_rect().y_range());
        let mut rows = RowsUi {
            columns: self.columns,
            selected: self.selected,
            clip,
            focus,
            answer,
        };
        body.rows(tokens::ROW_HEIGHT, self.rows, |row| rows.row_ui(row, cell));
    }
}

// ----------------------------------------------------------------------------

/// A cell that is read first.
pub fn cell_text(ui: &mut Ui, value: impl Into<String>) {
    text::body(ui, value);
}

/// A cell that is read second.
pub fn cell_muted(ui: &mut Ui, value: impl Into<String>) {
    text::muted(ui, value);
}

/// A cell with a number, in monospace.
pub fn cell_number(ui: &mut Ui, value: impl Into<String>) {
    let color = Palette::of(ui).muted;
    text::styled(ui, value, font::number(), color);
}
