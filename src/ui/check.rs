//! Boxes to tick, and one of several to choose.

use egui::{
    Align2, Color32, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
};

use super::button::focus_ring;
use super::icons::{self, Icon};
use super::tokens::{self, Palette};
use super::{font, text};

/// A box to tick. `response.changed()` says whether it was.
pub fn checkbox(ui: &mut Ui, ticked: &mut bool, label: &str) -> Response {
    let (rect, mut response) = lay_out(ui, Role::CheckBox, *ticked, label);
    if response.clicked() {
        *ticked = !*ticked;
        response.mark_changed();
    }
    let palette = Palette::of(ui);
    let place = mark_place(rect);
    let (fill, border) = colors(palette, *ticked, &response);
    ui.painter()
        .rect(place, tokens::GRID, fill, border, StrokeKind::Inside);
    if *ticked {
        icons::paint(
            ui,
            place,
            Icon::Check,
            tokens::ICON_SMALL,
            palette.on_accent,
        );
    }
    finish(ui, rect, response, label)
}

/// One of several to choose. `response.clicked()` says that it is to be chosen.
pub fn radio(ui: &mut Ui, chosen: bool, label: &str) -> Response {
    let (rect, response) = lay_out(ui, Role::RadioButton, chosen, label);
    let palette = Palette::of(ui);
    let place = mark_place(rect);
    let (fill, border) = colors(palette, chosen, &response);
    ui.painter().circle(
        place.center(),
        place.width() * 0.5 - tokens::HAIRLINE * 0.5,
        fill,
        border,
    );
    if chosen {
        ui.painter().circle_filled(
            place.center(),
            tokens::DOT - tokens::HAIRLINE,
            palette.on_accent,
        );
    }
    finish(ui, rect, response, label)
}

fn lay_out(ui: &mut Ui, role: Role, on: bool, label: &str) -> (Rect, Response) {
    let before = tokens::ICON + tokens::GAP;
    let galley = text::line(
        ui,
        label,
        font::body(),
        Color32::PLACEHOLDER,
        ui.available_width() - before,
    );
    let (rect, response) = ui.allocate_exact_size(
        egui::vec2(before + galley.size().x, tokens::CONTROL),
        Sense::click(),
    );
    response.widget_info(|| WidgetInfo::selected(role, ui.is_enabled(), on, label));
    (rect, response)
}

fn mark_place(rect: Rect) -> Rect {
    Align2::LEFT_CENTER.align_size_within_rect(Vec2::splat(tokens::ICON), rect)
}

fn colors(palette: &Palette, on: bool, response: &Response) -> (Color32, Stroke) {
    let hovered = response.hovered() || response.has_focus();
    let (fill, border) = match (on, hovered) {
        (true, true) => (palette.accent_hovered, palette.accent_hovered),
        (true, false) => (palette.accent, palette.accent),
        (false, true) => (palette.hovered, palette.muted),
        (false, false) => (palette.raised, palette.hairline_strong),
    };
    (fill, Stroke::new(tokens::HAIRLINE, border))
}

fn finish(ui: &Ui, rect: Rect, response: Response, label: &str) -> Response {
    let room = rect.with_min_x(rect.left() + tokens::ICON + tokens::GAP);
    let galley = text::line(
        ui,
        label,
        font::body(),
        Palette::of(ui).text,
        room.width().max(0.0),
    );
    let elided = galley.elided;
    text::paint(ui, room, Align2::LEFT_CENTER, galley);
    focus_ring(ui, rect.expand2(egui::vec2(tokens::GRID, 0.0)), &response);
    text::tooltip_if_cut(response, elided, label)
}
