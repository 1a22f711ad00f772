//! Menus: a button that opens a list, and the entries of that list.

use egui::{Align2, Color32, InnerResponse, Popup, Response, Role, Sense, Ui, WidgetInfo};

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

/// One entry of a menu: a label, and the keys that do the same.
pub fn entry(ui: &mut Ui, icon: Option<Icon>, label: &str, keys: &str) -> Response {
    entry_ui(ui, icon, None, label, keys)
}

/// One entry of a list to choose from; the chosen one carries a tick.
pub fn choice(ui: &mut Ui, chosen: bool, label: &str) -> Response {
    let icon = if chosen { Some(Icon::Check) } else { None };
    entry_ui(ui, icon, Some(chosen), label, "")
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

fn entry_ui(
    ui: &mut Ui,
    icon: Option<Icon>,
    chosen: Option<bool>,
    label: &str,
    keys: &str,
) -> Response {
    let palette = Palette::of(ui);
    let before = tokens::GRID * 2.0 + tokens::ICON + tokens::GAP;
    let keys = text::line(ui, keys, font::small(), palette.muted, f32::INFINITY);
    let after = keys.size().x + tokens::PANEL_PADDING;
    let galley = text::line(
        ui,
        label,
        font::body(),
        Color32::PLACEHOLDER,
        tokens::TOOLTIP_WIDTH,
    );
    let elided = galley.elided;
    let needed = before + galley.size().x + after;
    // The first pass finds out how wide the menu has to be; from then on all entries are as wide as it is.
    let width = if ui.is_sizing_pass() {
        needed
    } else {
        needed.max(ui.available_width())
    };
    let (rect, response) =
        ui.allocate_exact_size(egui::vec2(width, tokens::ROW_HEIGHT), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| match chosen {
        Some(chosen) => WidgetInfo::selected(Role::MenuItemRadio, enabled, chosen, label),
        None => WidgetInfo::labeled(Role::MenuItem, enabled, label),
    });
    if response.hovered() || response.has_focus() {
        ui.painter()
            .rect_filled(rect, tokens::GRID, palette.hovered);
    }
    let inner = rect.shrink2(egui::vec2(tokens::GRID * 2.0, 0.0));
    if let Some(icon) = icon {
        let color = if chosen.is_some() {
            palette.accent
        } else {
            palette.muted
        };
        icons::paint(
            ui,
            inner.with_max_x(inner.left() + tokens::ICON),
            icon,
            tokens::ICON,
            color,
        );
    }
    let at = Align2::LEFT_CENTER
        .align_size_within_rect(galley.size(), rect.with_min_x(rect.left() + before))
        .min;
    ui.painter().galley(at, galley, palette.text);
    text::paint(ui, inner, Align2::RIGHT_CENTER, keys);
    focus_ring(ui, rect.shrink(tokens::MARK), &response);
    text::tooltip_if_cut(response, elided, label)
}
