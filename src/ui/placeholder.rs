//! What a region shows while it has nothing to show, or not all of it, or not the latest.

use egui::{Align, Align2, Color32, Layout, Rect, Response, Role, Sense, Ui, WidgetInfo};

use super::icons::{self, Icon};
use super::tokens::{self, Palette};
use super::{button, card, font, text};

/// Nothing here: what that means, and what to do about it.
pub fn empty(ui: &mut Ui, headline: &str, hint: &str) {
    empty_with(ui, headline, hint, |_| ());
}

/// The same with something to do about it: buttons, one below the other.
pub fn empty_with<R>(
    ui: &mut Ui,
    headline: &str,
    hint: &str,
    add_buttons: impl FnOnce(&mut Ui) -> R,
) -> R {
    centered(ui, 3, |ui| {
        let palette = Palette::of(ui);
        icons::icon(ui, Icon::Empty, tokens::ICON * 1.5, palette.faint);
        wrapped_in(ui, headline, font::semibold(), palette.text);
        if !hint.is_empty() {
            wrapped(ui, hint, palette.muted);
        }
        ui.add_space(tokens::GRID * 2.0);
        add_buttons(ui)
    })
}

/// It failed: what happened, what to do, and the button that does it. Returns whether the button was clicked.
#[must_use = "the button wants to be heard"]
pub fn failed(ui: &mut Ui, headline: &str, advice: &str, button_label: &str) -> bool {
    failed_with(ui, headline, advice, |ui| {
        button::secondary(ui, button_label).clicked()
    })
}

/// The same with buttons of your own, one below the other.
pub fn failed_with<R>(
    ui: &mut Ui,
    headline: &str,
    advice: &str,
    add_buttons: impl FnOnce(&mut Ui) -> R,
) -> R {
    centered(ui, 5, |ui| {
        let palette = Palette::of(ui);
        icons::icon(ui, Icon::Error, tokens::ICON * 1.5, palette.bad);
        wrapped_in(ui, headline, font::semibold(), palette.text);
        wrapped(ui, advice, palette.muted);
        ui.add_space(tokens::GRID * 2.0);
        add_buttons(ui)
    })
}

/// In the upper middle of the region, for about `lines` lines.
fn centered<R>(ui: &mut Ui, lines: u8, add_contents: impl FnOnce(&mut Ui) -> R) -> R {
    let height = f32::from(lines) * tokens::ROW_HEIGHT;
    let above = ((ui.available_height() - height) * 0.4)
        .clamp(tokens::GRID * 2.0, tokens::ROW_HEIGHT * 8.0);
    ui.add_space(above);
    ui.with_layout(Layout::top_down(Align::Center), add_contents)
        .inner
}

fn wrapped(ui: &mut Ui, text: &str, color: Color32) {
    wrapped_in(ui, text, font::body(), color);
}

fn wrapped_in(ui: &mut Ui, text: &str, font: egui::FontId, color: Color32) {
    ui.scope(|ui| {
        // Lines longer than this are hard to read.
        let room = ui.available_width() - tokens::PANEL_PADDING * 2.0;
        ui.set_max_width(room.min(tokens::TOOLTIP_WIDTH));
        ui.add(egui::Label::new(egui::RichText::new(text).font(font).color(color)).wrap());
    });
}

/// Loading for the first time: gray bars where the rows will be, as wide as `columns` (parts of the whole) say.
///
/// Nothing moves, so that waiting draws no frames. `label` says what is loading.
pub fn skeleton_rows(ui: &mut Ui, label: &str, rows: usize, columns: &[f32]) -> Response {
    let palette = Palette::of(ui);
    let size = egui::vec2(ui.available_width(), tokens::ROW_HEIGHT * rows as f32);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, label));
    let total: f32 = columns.iter().sum();
    let painter = ui.painter_at(rect);
    for row in 0..rows {
        let top = rect.top() + tokens::ROW_HEIGHT * row as f32;
        let mut left = rect.left() + tokens::CELL_GAP * 0.5;
        // Fades downwards: it is not known how many rows will come.
        let strength = 1.0 - 0.8 * row as f32 / rows as f32;
        for (column, part) in columns.iter().enumerate() {
            let width = rect.width() * part / total;
            let bar = egui::vec2(
                width * skeleton_part(row, column) - tokens::CELL_GAP,
                tokens::GRID * 2.0,
            );
            let at = egui::pos2(left, top + (tokens::ROW_HEIGHT - bar.y) * 0.5);
            let color = palette.hairline.gamma_multiply(strength);
            painter.rect_filled(
                Rect::from_min_size(at, bar.max(egui::Vec2::splat(tokens::GRID))),
                tokens::GRID,
                color,
            );
            left += width;
        }
        let line = top + tokens::ROW_HEIGHT - tokens::HAIRLINE * 0.5;
        painter.hline(
            rect.x_range(),
            line,
            (
                tokens::HAIRLINE,
                palette.hairline.gamma_multiply(strength * 0.6),
            ),
        );
    }
    response
}

/// Bars of different lengths read as text; the same ones each frame do not flicker.
fn skeleton_part(row: usize, column: usize) -> f32 {
    const PARTS: [f32; 7] = [0.9, 0.62, 0.78, 0.55, 0.85, 0.7, 0.95];
    PARTS[(row * 3 + column * 2) % PARTS.len()]
}

/// Old rows are shown while new ones are on their way: `refreshing …`.
pub fn refreshing(ui: &mut Ui, label: &str) -> Response {
    let palette = Palette::of(ui);
    let before = tokens::ICON_SMALL + tokens::GRID;
    let galley = text::line(
        ui,
        label,
        font::body(),
        palette.muted,
        ui.available_width() - before,
    );
    let elided = galley.elided;
    let size = egui::vec2(before + galley.size().x, galley.size().y);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, label));
    let icon = rect.with_max_x(rect.left() + tokens::ICON_SMALL);
    icons::paint(ui, icon, Icon::Refresh, tokens::ICON_SMALL, palette.accent);
    text::paint(ui, rect, Align2::RIGHT_CENTER, galley);
    text::tooltip_if_cut(response, elided, label)
}

/// How far a list has arrived, in words and as a thin line: `Rows 1 to 500 shown while 2,500 more arrive`.
pub fn progress_line(ui: &mut Ui, label: &str, fraction: f32) -> Response {
    let palette = Palette::of(ui);
    let after = tokens::PROGRESS_WIDTH + tokens::PANEL_PADDING;
    let galley = text::line(
        ui,
        label,
        font::body(),
        palette.muted,
        ui.available_width() - after,
    );
    let elided = galley.elided;
    let size = egui::vec2(galley.size().x + after, tokens::ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo {
        value: Some(f64::from(fraction)),
        ..WidgetInfo::labeled(Role::ProgressIndicator, true, label)
    });
    text::paint(ui, rect, Align2::LEFT_CENTER, galley);
    let track = egui::vec2(tokens::PROGRESS_WIDTH, tokens::PROGRESS_HEIGHT);
    let track = Align2::RIGHT_CENTER.align_size_within_rect(track, rect);
    ui.painter()
        .rect_filled(track, tokens::RADIUS_SMALL, palette.hairline);
    let done = track.with_max_x(egui::lerp(track.x_range(), fraction.clamp(0.0, 1.0)));
    ui.painter()
        .rect_filled(done, tokens::RADIUS_SMALL, palette.accent);
    text::tooltip_if_cut(response, elided, label)
}

/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Worth knowing.
    Info,
    /// It worked.
    Done,
    /// Needs a look.
    Warning,
    /// It failed.
    Bad,
}

impl Kind {
    /// Its color.
    pub fn color(self, palette: &Palette) -> Color32 {
        match self {
            Self::Info => palette.muted,
            Self::Done => palette.ok,
            Self::Warning => palette.warning,
            Self::Bad => palette.bad,
        }
    }

    /// Its icon.
    pub fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Done => Icon::Done,
            Self::Warning => Icon::Warning,
            Self::Bad => Icon::Error,
        }
    }
}

/// A message across the region, above what it is about. Put a button after it in `add_actions`.
pub fn banner<R>(
    ui: &mut Ui,
    kind: Kind,
    message: &str,
    add_actions: impl FnOnce(&mut Ui) -> R,
) -> R {
    let palette = Palette::of(ui);
    let color = kind.color(palette);
    egui::Frame::new()
        .fill(Palette::tinted(color))
        .corner_radius(tokens::RADIUS)
        .inner_margin(egui::Margin::symmetric(12, 6))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                icons::icon(ui, kind.icon(), tokens::ICON, color);
                card::beside(
                    ui,
                    |ui| ui.add(egui::Label::new(message).wrap()),
                    add_actions,
                )
            })
            .inner
        })
        .inner
}
