//! The calls, one a row, with their bars on the time axis.

use egui::{Rangef, Rect, Sense, Ui};

use super::call_list::{By, CallList, Query};
use super::call_parts as parts;
use crate::app::state::AppState;
use crate::calls::CallRecord;
use crate::shotgun::CallId;
use crate::ui::table::{self, Column, Sort, Table};
use crate::ui::time_scale::TimeScale;
use crate::ui::tokens::{self, Palette};
use crate::ui::waterfall::{self, SegmentKind};
use crate::ui::{font, format, text};

/// The table, with where it was scrolled to.
#[derive(Debug)]
pub(super) struct CallTable {
    /// Whether new calls are scrolled into view.
    follows: bool,
    /// The last row and the height when it was drawn last: whether there is reason to scroll.
    last: (Option<CallId>, f32),
    /// Where the bars are. Known once a row was drawn.
    pub bars: Option<Rangef>,
}

impl Default for CallTable {
    fn default() -> Self {
        Self {
            follows: true,
            last: (None, 0.0),
            bars: None,
        }
    }
}

/// What the user did.
#[derive(Debug, Default)]
pub(super) struct TableAnswer {
    pub selected: Option<CallId>,
    pub opened: Option<CallId>,
    pub sort: Option<By>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    Asked,
    Call,
    Thread,
    AskedBy,
    Status,
    Total,
    Bars,
}

impl Cell {
    const FULL: [Self; 6] = [
        Self::Asked,
        Self::Call,
        Self::Thread,
        Self::Status,
        Self::Total,
        Self::Bars,
    ];
    const NARROW: [Self; 5] = [
        Self::Asked,
        Self::Call,
        Self::Status,
        Self::Total,
        Self::Bars,
    ];
    const COMPACT: [Self; 5] = [
        Self::Call,
        Self::Status,
        Self::AskedBy,
        Self::Total,
        Self::Bars,
    ];

    /// Where there is little room, the bars come first: the inspector says the rest, too.
    fn all(look: Look) -> &'static [Self] {
        match (look.compact, look.narrow) {
            (true, _) => &Self::COMPACT,
            (false, false) => &Self::FULL,
            (false, true) => &Self::NARROW,
        }
    }

    fn column(self, look: Look) -> Column<'static> {
        match self {
            Self::Asked => Column::number("Asked", 92.0).sortable(),
            Self::Call => Column::text(
                "Call",
                if look.compact || look.narrow {
                    170.0
                } else {
                    210.0
                },
            ),
            Self::Thread => Column::text("Thread", 92.0),
            Self::AskedBy => Column::text("Asked by", 150.0),
            Self::Status => Column::number("Status", 70.0),
            Self::Total => Column::number("Total", 70.0).sortable(),
            Self::Bars => Column::fill(if look.compact { "" } else { "Waterfall" }, 120.0),
        }
    }
}

impl CallTable {
    /// Draws the listed calls. The compact one leaves room for a strip above the bars, where titles are otherwise.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        list: &CallList,
        query: &Query,
        look: Look,
    ) -> TableAnswer {
        let calls = &state.calls;
        let cells = Cell::all(look);
        let columns: Vec<_> = cells.iter().map(|cell| cell.column(look)).collect();
        let call = |row: usize| {
            list.rows
                .get(row)
                .and_then(|&index| calls.snapshot.calls.get(index))
        };
        let selected = calls.inspected.and_then(|call_id| {
            (0..list.rows.len()).find(|&row| call(row).is_some_and(|call| call.call_id == call_id))
        });
        let sort = cells.iter().position(|cell| cell.sorts() == Some(query.by));
        let rows = list.rows.len();
        let last = (
            rows.checked_sub(1).and_then(call).map(|call| call.call_id),
            ui.available_height(),
        );
        let changed = last != self.last;
        self.last = last;
        let grows_below = query.by == By::Asked && !query.descending;
        let scrolls = changed && self.follows && grows_below && selected.is_none();

        let row_ui = RowUi {
            state,
            scale: look.scale,
            area: ui.available_rect_before_wrap(),
        };
        let answer = Table::new("Calls", &columns, rows)
            .selected(selected)
            .sort(sort.map(|column| Sort {
                column,
                descending: query.descending,
            }))
            .scroll_to(scrolls.then(|| rows - 1))
            .room_below(look.room_below())
            .show(ui, |ui, row, column| {
                if let (Some(call), Some(cell)) = (call(row), cells.get(column)) {
                    if column == 0 && call.is_on_ui_thread() {
                        row_ui.mark_ui(ui, selected == Some(row));
                    }
                    row_ui.cell_ui(ui, call, *cell);
                    if *cell == Cell::Bars {
                        self.bars = Some(ui.max_rect().x_range());
                    }
                }
            });
        if !changed {
            self.follows = answer.visible.end >= rows;
        }
        let call_id = |row: Option<usize>| row.and_then(call).map(|call| call.call_id);
        TableAnswer {
            selected: call_id(answer.selected_row()),
            opened: call_id(answer.opened_row),
            sort: answer
                .sort_clicked
                .and_then(|column| cells.get(column))
                .and_then(|cell| cell.sorts()),
        }
    }

    /// Where the bars will be in `area`, as far as that can be known before a row was drawn.
    pub fn bars_in(&self, area: Rect) -> Rangef {
        let guess = Rangef::new(
            area.left() + area.width().min(540.0),
            area.right() - tokens::CELL_GAP * 0.5,
        );
        let bars = self.bars.unwrap_or(guess);
        Rangef::new(bars.min.max(area.left()), bars.max.min(area.right()))
    }
}

impl Look {
    /// On the page a line below says what is listed.
    fn room_below(self) -> f32 {
        if self.compact {
            0.0
        } else {
            tokens::ROW_HEIGHT
        }
    }
}

/// How the table is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// The time on show; where on the screen follows from the column.
    pub scale: TimeScale,
    /// Fewer columns, and no title above the bars.
    pub compact: bool,
    /// Fewer columns, because the window is narrow.
    pub narrow: bool,
}

impl Cell {
    fn sorts(self) -> Option<By> {
        match self {
            Self::Asked => Some(By::Asked),
            Self::Total => Some(By::Total),
            Self::Call | Self::Thread | Self::AskedBy | Self::Status | Self::Bars => None,
        }
    }
}

struct RowUi<'a> {
    state: &'a AppState,
    scale: TimeScale,
    area: Rect,
}

impl RowUi<'_> {
    fn cell_ui(&self, ui: &mut Ui, call: &CallRecord, cell: Cell) {
        let palette = Palette::of(ui);
        let clock = &self.state.calls.snapshot.clock;
        match cell {
            Cell::Asked => table::cell_number(ui, clock.time_of_day(call.asked())),
            Cell::Call => table::cell_text(ui, parts::title(call)),
            Cell::Thread if call.is_on_ui_thread() => {
                text::styled(ui, &*call.thread, font::body(), palette.bad);
            }
            Cell::Thread => table::cell_muted(ui, &*call.thread),
            Cell::AskedBy => match parts::asked_by(call) {
                Some(view) => table::cell_muted(ui, view),
                None => {
                    text::styled(ui, &*call.thread, font::body(), palette.bad);
                }
            },
            Cell::Status => {
                let (status, bad) = parts::status(call);
                text::colored_number(ui, status, if bad { palette.bad } else { palette.muted });
            }
            Cell::Total => {
                let total = call.total(self.state.now);
                let color = if call.is_failed() {
                    palette.bad
                } else if total > CallList::SLOW {
                    palette.warning
                } else {
                    palette.muted
                };
                text::colored_number(ui, format::millis(total), color);
            }
            Cell::Bars => self.bars_ui(ui, call),
        }
    }

    fn bars_ui(&self, ui: &Ui, call: &CallRecord) {
        let clock = &self.state.calls.snapshot.clock;
        let rect = ui.max_rect();
        let scale = self.scale.across(rect.x_range());
        let segments = parts::segments(&parts::parts(call, clock));
        let shown = call.shown.map(|(_, at)| clock.secs(at));
        if let Some((from, to)) = parts::unknown_yet(call, clock, self.state.now)
            && let Some(x) = scale.range(from, to)
        {
            let bar = Rangef::point(rect.center().y).expand(tokens::TIME_BAR * 0.5);
            let color = SegmentKind::Wait
                .color(Palette::of(ui))
                .gamma_multiply(0.45);
            ui.painter()
                .rect_filled(Rect::from_x_y_ranges(x, bar), tokens::RADIUS_SMALL, color);
        }
        waterfall::paint(ui, rect, &scale, &segments, shown);
        if !segments.is_empty() {
            let response = ui.interact(rect, ui.scope_id().with("bars"), Sense::hover());
            response.on_hover_ui_at_pointer(|ui| {
                waterfall::tooltip_ui(ui, &parts::title(call), &segments);
            });
        }
    }

    /// Marks the whole row: the window stood still for it.
    fn mark_ui(&self, ui: &mut Ui, selected: bool) {
        let palette = Palette::of(ui);
        let cell = ui.clip_rect();
        let row = Rect::from_x_y_ranges(self.area.x_range(), ui.max_rect().y_range());
        ui.set_clip_rect(Rect::from_x_y_ranges(self.area.x_range(), cell.y_range()));
        if !selected {
            ui.painter()
                .rect_filled(row, 0.0, Palette::tinted(palette.bad));
        }
        ui.painter()
            .rect_filled(row.with_max_x(row.left() + tokens::MARK), 0.0, palette.bad);
        ui.set_clip_rect(cell);
    }
}
