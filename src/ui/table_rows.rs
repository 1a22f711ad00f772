//! What a table draws: the titles of its columns, and the rows that are seen.

use egui::{Align, Align2, Layout, Rangef, Rect, Response, Role, Sense, Ui, WidgetInfo};
use egui_extras::TableRow;

use super::icons::{self, Icon};
use super::table::{Column, Sort, TableResponse};
use super::tokens::{self, Palette};
use super::{button, font, text};

/// Draws the rows, and notes what happens to them.
pub(super) struct RowsUi<'a> {
    /// What the cells of a row are.
    pub columns: &'a [Column<'a>],
    /// The row that is selected.
    pub selected: Option<usize>,
    /// Where rows may paint: as wide as the region, as high as the body.
    pub clip: Rect,
    /// Stands for the table as a whole: has the keyboard or not.
    pub focus: &'a Response,
    /// Where to note what happens.
    pub answer: &'a mut TableResponse,
}

impl RowsUi<'_> {
    /// One row, with `cell` for each of its columns.
    pub fn row_ui(
        &mut self,
        mut row: TableRow<'_, '_>,
        cell: &mut dyn FnMut(&mut Ui, usize, usize),
    ) {
        let index = row.index();
        let visible = &mut self.answer.visible;
        let first = if visible.start < visible.end {
            visible.start
        } else {
            index
        };
        *visible = first..index + 1;
        for (number, column) in self.columns.iter().enumerate() {
            row.col(|ui| {
                if number == 0 {
                    self.background_ui(ui, index);
                }
                ui.spacing_mut().item_spacing = tokens::ITEM_SPACING;
                if column.number {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        cell(ui, index, number);
                    });
                } else {
                    cell(ui, index, number);
                }
            });
        }
    }

    /// The whole row, below its cells: one thing to click, one background.
    fn background_ui(&mut self, ui: &mut Ui, index: usize) {
        let palette = Palette::of(ui);
        let rect = Rect::from_x_y_ranges(self.clip.x_range(), ui.max_rect().y_range());
        let cell_clip = ui.clip_rect();
        ui.set_clip_rect(self.clip);
        // Not focusable: thousands of rows would be thousands of stops for the Tab key.
        let response = ui.interact(rect, self.focus.id.with(("row", index)), Sense::CLICK);
        let selected = self.selected == Some(index);
        response.widget_info(|| {
            WidgetInfo::selected(
                Role::Row,
                ui.is_enabled(),
                selected,
                format!("Row {}", index + 1),
            )
        });
        if selected {
            ui.painter().rect_filled(rect, 0.0, palette.selection);
            ui.painter().rect_filled(
                rect.with_max_x(rect.left() + tokens::MARK),
                0.0,
                palette.accent,
            );
        } else if response.contains_pointer() {
            ui.painter().rect_filled(rect, 0.0, palette.row_hovered);
        }
        let line = rect.bottom() - tokens::HAIRLINE * 0.5;
        ui.painter().hline(rect.x_range(), line, palette.hairline());
        ui.set_clip_rect(cell_clip);
        self.note(&response, index);
    }

    fn note(&mut self, response: &Response, index: usize) {
        if response.contains_pointer() {
            self.answer.hovered_row = Some(index);
        }
        if response.clicked() {
            self.answer.clicked_row = Some(index);
            self.focus.request_focus();
        }
        if response.double_clicked() {
            self.answer.opened_row = Some(index);
        }
        if response.secondary_clicked() {
            self.answer.menu_row = Some(index);
        }
    }
}

/// The line below the titles, across the region.
pub(super) fn header_line(ui: &mut Ui, wide: Rangef) {
    let cell_clip = ui.clip_rect();
    let rect = Rect::from_x_y_ranges(wide, ui.max_rect().y_range());
    ui.set_clip_rect(rect);
    let line = rect.bottom() - tokens::HAIRLINE * 0.5;
    ui.painter().hline(wide, line, Palette::of(ui).hairline());
    ui.set_clip_rect(cell_clip);
}

/// The title of a column; says whether it was clicked.
pub(super) fn title_ui(ui: &mut Ui, column: &Column<'_>, sort: Option<Sort>) -> bool {
    if column.title.is_empty() {
        return false;
    }
    let rect = ui.max_rect();
    let sense = if column.sortable {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(rect, ui.next_auto_id(), sense);
    ui.skip_ahead_auto_ids(1);
    response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, ui.is_enabled(), column.title));

    let palette = Palette::of(ui);
    let lit = sort.is_some() || column.sortable && response.hovered();
    let color = if lit { palette.text } else { palette.muted };
    let arrow = if sort.is_some() {
        tokens::ICON_SMALL
    } else {
        0.0
    };
    let galley = text::line(
        ui,
        column.title,
        font::header(),
        color,
        rect.width() - arrow,
    );
    let elided = galley.elided;
    let align = if column.number {
        Align2::RIGHT_CENTER
    } else {
        Align2::LEFT_CENTER
    };
    let both = egui::vec2(galley.size().x + arrow, galley.size().y);
    let both = align.align_size_within_rect(both, rect);
    text::paint(ui, both, Align2::LEFT_CENTER, galley);
    if let Some(sort) = sort {
        let icon = if sort.descending {
            Icon::SortDown
        } else {
            Icon::SortUp
        };
        icons::paint(
            ui,
            both.with_min_x(both.right() - arrow),
            icon,
            tokens::SMALL,
            color,
        );
    }
    button::focus_ring(ui, rect.shrink(tokens::MARK), &response);
    let clicked = response.clicked();
    text::tooltip_if_cut(response, elided, column.title);
    clicked
}
