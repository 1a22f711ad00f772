//! Small marks beside text: a status, a count, a key.

use egui::{Align2, Color32, FontId, Response, Role, Sense, StrokeKind, Ui, Vec2, WidgetInfo};

use super::tokens::{self, Palette};
use super::{font, format, text};

/// A dot in `color`, without a name: put text beside it.
pub fn dot(ui: &mut Ui, color: Color32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(tokens::DOT * 2.0), Sense::hover());
    ui.painter()
        .circle_filled(rect.center(), tokens::DOT, color);
    response
}

/// A colored dot and its meaning: `● Final`. The color is the site's, so it is a parameter.
pub fn status(ui: &mut Ui, color: Color32, label: &str) -> Response {
    let text = Palette::of(ui).text;
    dot_and_text(ui, color, label, text)
}

/// The same in secondary text, for columns that are not read first.
pub fn muted_status(ui: &mut Ui, color: Color32, label: &str) -> Response {
    let text = Palette::of(ui).muted;
    dot_and_text(ui, color, label, text)
}

fn dot_and_text(ui: &mut Ui, dot: Color32, label: &str, color: Color32) -> Response {
    let before = tokens::DOT * 2.0 + tokens::GAP;
    let galley = text::line(
        ui,
        label,
        font::body(),
        color,
        ui.available_width() - before,
    );
    let elided = galley.elided;
    let size = egui::vec2(before + galley.size().x, galley.size().y);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), label));
    let center = egui::pos2(rect.left() + tokens::DOT, rect.center().y);
    ui.painter().circle_filled(center, tokens::DOT, dot);
    text::paint(ui, rect, Align2::RIGHT_CENTER, galley);
    text::tooltip_if_cut(response, elided, label)
}

/// A word on a ground tinted with `color`: `new`, `read only`.
pub fn pill(ui: &mut Ui, label: &str, color: Color32) -> Response {
    chip(
        ui,
        label,
        font::small(),
        color,
        Palette::tinted(color),
        None,
    )
}

/// A number that says how many: `3,000`.
pub fn count(ui: &mut Ui, n: u64) -> Response {
    let color = Palette::of(ui).muted;
    text::styled(ui, format::count(n), font::number(), color)
}

/// The keys that do the same as a click: `Ctrl K`.
pub fn key_hint(ui: &mut Ui, keys: &str) -> Response {
    let palette = Palette::of(ui);
    chip(
        ui,
        keys,
        font::small(),
        palette.muted,
        palette.panel,
        Some(palette.hairline),
    )
}

fn chip(
    ui: &mut Ui,
    label: &str,
    font: FontId,
    color: Color32,
    fill: Color32,
    border: Option<Color32>,
) -> Response {
    let padding = egui::vec2(tokens::GAP, tokens::HAIRLINE);
    let galley = text::line(
        ui,
        label,
        font,
        color,
        ui.available_width() - padding.x * 2.0,
    );
    let elided = galley.elided;
    let size = (galley.size() + padding * 2.0).ceil();
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), label));
    let radius = tokens::GRID;
    match border {
        Some(border) => {
            let stroke = egui::Stroke::new(tokens::HAIRLINE, border);
            ui.painter()
                .rect(rect, radius, fill, stroke, StrokeKind::Inside);
        }
        None => {
            ui.painter().rect_filled(rect, radius, fill);
        }
    }
    text::paint(ui, rect, Align2::CENTER_CENTER, galley);
    text::tooltip_if_cut(response, elided, label)
}

/// How well the site answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Answers.
    Good,
    /// Calls are under way.
    Busy,
    /// Answers slowly, or some calls failed.
    Poor,
    /// Does not answer.
    Down,
    /// Never asked.
    Unknown,
}

impl Health {
    /// Its color.
    pub fn color(self, palette: &Palette) -> Color32 {
        match self {
            Self::Good => palette.ok,
            Self::Busy => palette.accent,
            Self::Poor => palette.warning,
            Self::Down => palette.bad,
            Self::Unknown => palette.faint,
        }
    }
}

/// A dot that says how well the site answers, with the words beside it: `● 3 in flight`.
pub fn connection(ui: &mut Ui, health: Health, label: &str) -> Response {
    let color = health.color(Palette::of(ui));
    status(ui, color, label)
}
