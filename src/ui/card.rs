//! Frames of regions, headings, and rows of names and values.

use egui::{Align, Color32, Frame, InnerResponse, Layout, Margin, Response, Sense, Ui};

use super::tokens::{self, Palette};
use super::{font, text};

/// A bordered region on the panel color.
pub fn card<R>(ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    framed(ui, Palette::of(ui).panel, tokens::CARD_MARGIN, add_contents)
}

/// A bordered region on the raised color: a note inside a panel.
pub fn note<R>(ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    framed(
        ui,
        Palette::of(ui).raised,
        tokens::CARD_MARGIN,
        add_contents,
    )
}

/// A bordered region on the background color, without a margin: code, a picture.
pub fn well<R>(ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    framed(ui, Palette::of(ui).background, Margin::ZERO, add_contents)
}

fn framed<R>(
    ui: &mut Ui,
    fill: Color32,
    margin: Margin,
    add_contents: impl FnOnce(&mut Ui) -> R,
) -> InnerResponse<R> {
    Frame::new()
        .fill(fill)
        .stroke(Palette::of(ui).hairline())
        .corner_radius(tokens::RADIUS)
        .inner_margin(margin)
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            add_contents(ui)
        })
}

/// A bar of controls, [`tokens::BAR`] high, closed by a hairline below.
pub fn bar<R>(ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> R {
    let size = egui::vec2(ui.available_width(), tokens::BAR);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let line = rect.bottom() - tokens::HAIRLINE * 0.5;
    ui.painter()
        .hline(rect.x_range(), line, Palette::of(ui).hairline());
    let inner = rect - egui::epaint::MarginF32::from(tokens::BAR_MARGIN);
    let layout = Layout::left_to_right(Align::Center);
    add_contents(&mut ui.new_child(egui::UiBuilder::new().max_rect(inner).layout(layout)))
}

/// Put what follows at the right end of a row.
pub fn at_right<R>(ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> R {
    ui.with_layout(Layout::right_to_left(Align::Center), add_contents)
        .inner
}

/// Something that takes what room is left, and actions at the right end of the same row.
pub fn beside<A, B>(
    ui: &mut Ui,
    left: impl FnOnce(&mut Ui) -> A,
    right: impl FnOnce(&mut Ui) -> B,
) -> B {
    let size = egui::vec2(ui.available_width(), tokens::CONTROL);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        let inner = right(ui);
        ui.with_layout(Layout::left_to_right(Align::Center), left);
        inner
    })
    .inner
}

/// A line across the region.
pub fn hairline(ui: &mut Ui) {
    let size = egui::vec2(ui.available_width(), tokens::HAIRLINE);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    ui.painter()
        .hline(rect.x_range(), rect.center().y, Palette::of(ui).hairline());
}

/// The heading of a group of entries: `Polar Night`.
pub fn section(ui: &mut Ui, title: &str) -> Response {
    let color = Palette::of(ui).muted;
    ui.add_space(tokens::GRID);
    text::styled(ui, title, font::header(), color)
}

/// A heading and what it is about: `Sync  on the window's own thread`.
pub fn title(ui: &mut Ui, heading: &str, about: &str) {
    ui.horizontal(|ui| {
        text::heading(ui, heading);
        if !about.is_empty() {
            text::muted(ui, about);
        }
    });
}

// ----------------------------------------------------------------------------

/// A name at the left, a value beside it, a hairline below. The value wraps.
pub fn field_row<R>(
    ui: &mut Ui,
    name: &str,
    name_width: f32,
    add_value: impl FnOnce(&mut Ui) -> R,
) -> R {
    row(ui, |ui| {
        let (names, _) =
            ui.allocate_exact_size(egui::vec2(name_width, line_height(ui)), Sense::hover());
        text::muted(
            &mut ui.new_child(egui::UiBuilder::new().max_rect(names)),
            name,
        );
        ui.vertical(add_value).inner
    })
}

/// A name and a text that wraps, and that can be selected and copied.
pub fn text_row(ui: &mut Ui, name: &str, name_width: f32, value: &str) -> Response {
    field_row(ui, name, name_width, |ui| {
        ui.add(egui::Label::new(value).wrap().selectable(true))
    })
}

/// A name at the left and a figure at the right end: `Longest freeze    2,004 ms`.
pub fn figure_row(ui: &mut Ui, name: &str, value: &str, color: Color32) -> Response {
    row(ui, |ui| {
        at_right(ui, |ui| {
            let response = text::colored_number(ui, value, color);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                text::muted(ui, name)
            });
            response
        })
    })
}

fn row<R>(ui: &mut Ui, add_contents: impl FnOnce(&mut Ui) -> R) -> R {
    let padding = (tokens::ROW_HEIGHT - line_height(ui)) * 0.5;
    let spacing = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
    ui.add_space(padding);
    let layout = Layout::left_to_right(Align::TOP);
    let size = egui::vec2(ui.available_width(), line_height(ui));
    let inner = ui.allocate_ui_with_layout(size, layout, add_contents).inner;
    ui.add_space(padding - tokens::HAIRLINE);
    hairline(ui);
    ui.spacing_mut().item_spacing.y = spacing;
    inner
}

fn line_height(ui: &Ui) -> f32 {
    ui.fonts_mut(|fonts| fonts.row_height(&font::body())).ceil()
}
