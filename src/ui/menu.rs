//! Menus: a button that opens a list, and the entries of that list.

use egui::{Align2, InnerResponse, Popup, Rect, Response, Role, Sense, Ui, WidgetInfo};

use super::button::{Button, focus_ring};
use super::icons::{self, Icon};
use super::tokens::{self, Palette};
use super::{font, text};

/// A button with a chevron that opens a menu below it.
pub fn menu<R>(
    ui: &mut Ui,
    button: Button<'_>,
    add_entries: impl FnOnce(&mut Ui) -> R,
) -> InnerResponse<Option<R>> {
    let response = ui.add(button.chevron());
    let inner = Popup::menu(&response).gap(tokens::GRID).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.set_min_width(response.rect.width().max(tokens::CONTROL * 6.0));
        add_entries(ui)
    });
    InnerResponse::new(inner.map(|inner| inner.inner), response)
}

/// What the entries below are about, under a line that ends the ones above.
pub fn section(ui: &mut Ui, title: &str) {
    let palette = Palette::of(ui);
    let galley = text::line(ui, title, font::small(), palette.muted, f32::INFINITY);
    let padding = tokens::GRID * 2.0;
    let needed = galley.size().x + padding * 2.0;
    let (rect, response) = place(ui, needed, tokens::ROW_HEIGHT, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), title));
    let line = rect.top() + tokens::GRID * 0.5;
    ui.painter().hline(rect.x_range(), line, palette.hairline());
    let below = rect.with_min_y(line).with_min_x(rect.left() + padding);
    text::paint(ui, below, Align2::LEFT_CENTER, galley);
}

/// One entry of a menu: a label, and the keys that do the same.
pub fn entry(ui: &mut Ui, icon: Option<Icon>, label: &str, keys: &str) -> Response {
    Entry {
        icon,
        keys,
        ..Entry::new(label)
    }
    .show(ui)
}

/// One entry of a list to choose from; the chosen one carries a tick.
pub fn choice(ui: &mut Ui, chosen: bool, label: &str) -> Response {
    choice_about(ui, chosen, label, "")
}

/// The same, with a line below that says what it is about.
pub fn choice_about(ui: &mut Ui, chosen: bool, label: &str, about: &str) -> Response {
    Entry {
        icon: chosen.then_some(Icon::Check),
        chosen: Some(chosen),
        about,
        ..Entry::new(label)
    }
    .show(ui)
}

/// A list to choose one of; writes it into `current` and says whether it changed.
pub fn choose<T: PartialEq + Clone>(
    ui: &mut Ui,
    name: &str,
    current: &mut T,
    all: &[(T, &str)],
) -> bool {
    let label = all
        .iter()
        .find(|(value, _)| value == current)
        .map_or("", |(_, label)| *label);
    let mut changed = false;
    let shown = menu(ui, Button::secondary(label).name(name), |ui| {
        for (value, label) in all {
            if choice(ui, value == current, label).clicked() {
                changed = value != current;
                *current = value.clone();
            }
        }
    });
    shown.response.on_hover_text(name);
    changed
}

/// How wide all entries are is found out in the first pass; from then on each is as wide as the menu.
fn place(ui: &mut Ui, needed: f32, height: f32, sense: Sense) -> (Rect, Response) {
    let width = if ui.is_sizing_pass() {
        needed
    } else {
        needed.max(ui.available_width())
    };
    ui.allocate_exact_size(egui::vec2(width, height), sense)
}

/// What an entry shows.
struct Entry<'a> {
    label: &'a str,
    icon: Option<Icon>,
    /// Whether it is the chosen one, in a list to choose from.
    chosen: Option<bool>,
    /// Below the label, if it is not empty.
    about: &'a str,
    /// At the right end.
    keys: &'a str,
}

impl<'a> Entry<'a> {
    fn new(label: &'a str) -> Self {
        Self {
            label,
            icon: None,
            chosen: None,
            about: "",
            keys: "",
        }
    }

    fn show(self, ui: &mut Ui) -> Response {
        let palette = Palette::of(ui);
        let widest = tokens::TOOLTIP_WIDTH;
        let keys = text::line(ui, self.keys, font::small(), palette.muted, f32::INFINITY);
        let label = text::line(ui, self.label, font::body(), palette.text, widest);
        let about = text::line(ui, self.about, font::small(), palette.muted, widest);
        let elided = label.elided || about.elided;
        let before = tokens::GRID * 2.0 + tokens::ICON + tokens::GAP;
        let after = keys.size().x + tokens::PANEL_PADDING;
        let needed = before + label.size().x.max(about.size().x) + after;
        let below = if self.about.is_empty() {
            0.0
        } else {
            tokens::GRID * 4.0
        };
        let (rect, response) = place(ui, needed, tokens::ROW_HEIGHT + below, Sense::click());
        self.tell(ui, &response);
        if response.hovered() || response.has_focus() {
            ui.painter()
                .rect_filled(rect, tokens::GRID, palette.hovered);
        }
        let first = rect.with_max_y(rect.top() + tokens::ROW_HEIGHT);
        let inner = first.shrink2(egui::vec2(tokens::GRID * 2.0, 0.0));
        self.paint_icon(ui, inner.with_max_x(inner.left() + tokens::ICON));
        text::paint(ui, inner, Align2::RIGHT_CENTER, keys);
        let labels = first.with_min_x(rect.left() + before);
        text::paint(ui, labels, Align2::LEFT_CENTER, label);
        let second = labels.translate(egui::vec2(0.0, below));
        text::paint(ui, second, Align2::LEFT_CENTER, about);
        focus_ring(ui, rect.shrink(tokens::MARK), &response);
        let whole = format!("{} {}", self.label, self.about);
        text::tooltip_if_cut(response, elided, whole.trim_end())
    }

    /// What screen readers say.
    fn tell(&self, ui: &Ui, response: &Response) {
        let enabled = ui.is_enabled();
        response.widget_info(|| match self.chosen {
            Some(chosen) => WidgetInfo::selected(Role::MenuItemRadio, enabled, chosen, self.label),
            None => WidgetInfo::labeled(Role::MenuItem, enabled, self.label),
        });
        if !self.about.is_empty() {
            let ctx = ui.ctx();
            ctx.accesskit_node_builder(response.id, |node| node.set_description(self.about));
        }
    }

    fn paint_icon(&self, ui: &Ui, rect: Rect) {
        let palette = Palette::of(ui);
        let color = if self.chosen.is_some() {
            palette.accent
        } else {
            palette.muted
        };
        if let Some(icon) = self.icon {
            icons::paint(ui, rect, icon, tokens::ICON, color);
        }
    }
}
