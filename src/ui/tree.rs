//! A tree of names and values to unfold: how a JSON answer is read. Knows nothing of JSON itself.
//!
//! Fill a [`Tree`] once, when the answer comes; drawing it lays out only the lines that are seen.

use egui::text::LayoutJob;
use egui::{Align2, Color32, Rect, Role, ScrollArea, Sense, TextFormat, Ui, WidgetInfo};

use super::icons::{self, Icon};
use super::tokens::{self, Palette};
use super::{button, font, text};

/// What kind of value a line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text, shown in quotes.
    Text,
    /// A number.
    Number,
    /// True, false, nothing.
    Literal,
    /// Holds other lines, in order.
    List,
    /// Holds other lines, by name.
    Object,
}

#[derive(Clone, Debug)]
struct Line {
    depth: usize,
    name: String,
    value: String,
    kind: Value,
    /// Where the lines inside it end.
    end: usize,
    open: bool,
}

impl Line {
    fn is_group(&self) -> bool {
        matches!(self.kind, Value::List | Value::Object)
    }
}

/// Lines to unfold.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    lines: Vec<Line>,
    /// Groups that were begun and not ended.
    begun: Vec<usize>,
    /// The lines that are not folded away.
    unfolded: Vec<usize>,
}

/// Groups deeper than this start folded.
const OPEN_DEPTH: usize = 2;
/// Groups of more lines than this start folded.
const OPEN_LINES: usize = 50;
/// Values longer than this are cut: a tooltip of a megabyte helps nobody.
const LONGEST_VALUE: usize = 2000;

impl Tree {
    /// Add a value. The `name` is empty for entries of a list that need none.
    pub fn leaf(&mut self, name: impl Into<String>, value: &str, kind: Value) {
        let value = match value.char_indices().nth(LONGEST_VALUE) {
            Some((cut, _)) => format!("{}…", &value[..cut]),
            None => value.to_owned(),
        };
        self.add(name.into(), value, kind);
    }

    /// Begin a group; what is added until [`Self::end`] is inside it.
    pub fn begin(&mut self, name: impl Into<String>, kind: Value) {
        let at = self.lines.len();
        self.add(name.into(), String::new(), kind);
        self.begun.push(at);
    }

    /// End the group begun last.
    pub fn end(&mut self) {
        let Some(at) = self.begun.pop() else {
            return;
        };
        let end = self.lines.len();
        let depth = self.begun.len();
        let inside = self.lines[at + 1..]
            .iter()
            .filter(|line| line.depth == depth + 1)
            .count();
        let group = &mut self.lines[at];
        group.end = end;
        group.open = depth < OPEN_DEPTH && inside <= OPEN_LINES;
        group.value = match (group.kind, inside) {
            (Value::List, _) => format!("[ {inside} ]"),
            (_, 0) => "{ }".to_owned(),
            _ => "{ … }".to_owned(),
        };
        if depth == 0 {
            self.unfold();
        }
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    fn add(&mut self, name: String, value: String, kind: Value) {
        let at = self.lines.len();
        self.lines.push(Line {
            depth: self.begun.len(),
            name,
            value,
            kind,
            end: at + 1,
            open: false,
        });
        if self.begun.is_empty() {
            self.unfolded.push(at);
        }
    }

    fn unfold(&mut self) {
        self.unfolded.clear();
        let mut at = 0;
        while let Some(line) = self.lines.get(at) {
            self.unfolded.push(at);
            at = if line.is_group() && !line.open {
                line.end
            } else {
                at + 1
            };
        }
    }

    /// Draw it in what room there is, scrolling. `name` is for screen readers and tests.
    pub fn show(&mut self, ui: &mut Ui, name: &str) {
        let mut toggled = None;
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let area = ScrollArea::vertical()
                .id_salt(name)
                .auto_shrink([false, true]);
            area.show_rows(ui, tokens::CODE_LINE, self.unfolded.len(), |ui, rows| {
                ui.ctx().allow_widget_id_changes_in(ui.clip_rect());
                for &at in &self.unfolded[rows] {
                    if line_ui(ui, at, &self.lines[at]) {
                        toggled = Some(at);
                    }
                }
            });
        });
        if let Some(line) = toggled.and_then(|at| self.lines.get_mut(at)) {
            line.open = !line.open;
            self.unfold();
        }
    }
}

/// One line; says whether it is to be folded or unfolded.
fn line_ui(ui: &mut Ui, at: usize, line: &Line) -> bool {
    let palette = Palette::of(ui);
    let size = egui::vec2(ui.available_width(), tokens::CODE_LINE);
    let (_, rect) = ui.allocate_space(size);
    let sense = if line.is_group() {
        Sense::click()
    } else {
        Sense::hover()
    };
    let response = ui.interact(rect, ui.scope_id().with(at), sense);
    let whole = if line.name.is_empty() {
        line.value.clone()
    } else {
        format!("{}: {}", line.name, line.value)
    };
    response.widget_info(|| WidgetInfo::labeled(Role::TreeItem, ui.is_enabled(), &whole));
    if line.is_group() && response.hovered() {
        ui.painter()
            .rect_filled(rect, tokens::RADIUS_SMALL, palette.row_hovered);
    }
    let left = rect.left() + line.depth as f32 * tokens::ICON;
    if line.is_group() && line.end > at + 1 {
        let icon = if line.open {
            Icon::ChevronDown
        } else {
            Icon::ChevronRight
        };
        let place = Rect::from_x_y_ranges(left..=left + tokens::ICON, rect.y_range());
        icons::paint(ui, place, icon, tokens::ICON_SMALL, palette.muted);
    }
    let inner = rect.with_min_x(left + tokens::ICON + tokens::GRID);
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job(line, palette, inner.width())));
    let elided = galley.elided;
    text::paint(ui, inner, Align2::LEFT_CENTER, galley);
    button::focus_ring(ui, rect.shrink(tokens::MARK), &response);
    let clicked = response.clicked();
    text::tooltip_if_cut(response, elided, &whole);
    clicked
}

fn job(line: &Line, palette: &Palette, width: f32) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut add = |text: &str, color: Color32| {
        job.append(text, 0.0, TextFormat::simple(font::number(), color));
    };
    if !line.name.is_empty() {
        add(&line.name, palette.muted);
        add("  ", palette.muted);
    }
    match line.kind {
        Value::Text => add(
            &format!("\"{}\"", line.value.replace('\n', " ")),
            palette.ok,
        ),
        Value::Number => add(&line.value, palette.text),
        Value::Literal => add(&line.value, palette.connect),
        Value::List | Value::Object => add(&line.value, palette.muted),
    }
    job.wrap = egui::text::TextWrapping::truncate_at_width(width);
    job
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let mut tree = Tree::default();
        tree.begin("", Value::Object);
        tree.begin("data", Value::List);
        tree.begin("", Value::Object);
        tree.leaf("id", "862", Value::Number);
        tree.end();
        tree.end();
        tree.leaf("next", "null", Value::Literal);
        tree.end();
        tree
    }

    #[test]
    fn deep_groups_start_folded() {
        let tree = tree();
        let seen: Vec<_> = tree
            .unfolded
            .iter()
            .map(|at| tree.lines[*at].name.as_str())
            .collect();
        assert_eq!(seen, ["", "data", "", "next"]);
        assert_eq!(tree.lines[1].value, "[ 1 ]");
    }

    #[test]
    fn a_folded_group_hides_all_that_is_inside() {
        let mut tree = tree();
        tree.lines[1].open = false;
        tree.unfold();
        assert_eq!(tree.unfolded, [0, 1, 4]);
    }

    #[test]
    fn a_tree_that_is_ended_too_often_stays_as_it_is() {
        let mut tree = tree();
        tree.end();
        assert_eq!(tree.lines.len(), 5);
    }
}
