//! How a [`Button`] is laid out and painted.

use std::sync::Arc;

use egui::{Align2, Color32, Galley, Rect, Response, Stroke, Ui, Vec2};

use super::button::{Button, Kind};
use super::icons::{self, Icon};
use super::tokens::{self, Palette};
use super::{font, text};

/// What stands in a button, laid out.
pub(super) struct Parts {
    label: Option<Arc<Galley>>,
    detail: Option<Arc<Galley>>,
    /// Whether the label was cut.
    pub elided: bool,
    /// The size of the whole button.
    pub size: Vec2,
}

impl Parts {
    /// Lay out what `button` shows.
    pub fn lay_out(button: &Button<'_>, ui: &Ui) -> Self {
        let mut width = button.padding() * 2.0;
        if button.has_chevron {
            width -= tokens::GRID; // the chevron is narrower than its place
        }
        let mut gaps = -1.0;
        for (shown, part) in [
            (button.dot.is_some(), tokens::DOT * 2.0),
            (button.icon.is_some(), tokens::ICON),
            (button.has_chevron, tokens::ICON_SMALL),
        ] {
            if shown {
                width += part;
                gaps += 1.0;
            }
        }
        let detail = button.detail_text.map(|detail| {
            let galley = text::line(
                ui,
                detail,
                font::number(),
                Color32::PLACEHOLDER,
                f32::INFINITY,
            );
            width += galley.size().x;
            gaps += 1.0;
            galley
        });
        let label = button.label_shown.then(|| {
            gaps += 1.0;
            let room = ui.available_width() - width - gaps * tokens::GAP;
            // A wrapping row gives what does not fit a row of its own.
            let room = if ui.layout().main_wrap() {
                ui.max_rect().width() - width
            } else {
                room
            };
            let galley = text::line(
                ui,
                button.label,
                button.font(),
                Color32::PLACEHOLDER,
                room.max(tokens::CONTROL),
            );
            width += galley.size().x;
            galley
        });
        width += f32::max(gaps, 0.0) * tokens::GAP;
        let elided = label.as_ref().is_some_and(|label| label.elided);
        let size = egui::vec2(width.max(button.width).ceil(), tokens::CONTROL);
        Self {
            label,
            detail,
            elided,
            size,
        }
    }

    /// Paint it into `rect`.
    pub fn paint(&self, button: &Button<'_>, ui: &Ui, rect: Rect, color: Color32) {
        let palette = Palette::of(ui);
        let mut left = rect.shrink2(egui::vec2(button.padding(), 0.0));
        let mut take = |width: f32| {
            let part = left.with_max_x(left.left() + width);
            left.min.x += width + tokens::GAP;
            part
        };
        if let Some(dot) = button.dot {
            ui.painter()
                .circle_filled(take(tokens::DOT * 2.0).center(), tokens::DOT, dot);
        }
        if let Some(icon) = button.icon {
            icons::paint(ui, take(tokens::ICON), icon, tokens::ICON, color);
        }
        for (galley, color) in [(&self.label, color), (&self.detail, palette.muted)] {
            if let Some(galley) = galley {
                let part = take(galley.size().x);
                let at = Align2::LEFT_CENTER
                    .align_size_within_rect(galley.size(), part)
                    .min;
                ui.painter().galley(at, Arc::clone(galley), color);
            }
        }
        if button.has_chevron {
            let right = rect.right() - button.padding() + tokens::GRID;
            let part = rect
                .with_min_x(right - tokens::ICON_SMALL)
                .with_max_x(right);
            icons::paint(
                ui,
                part,
                Icon::ChevronDown,
                tokens::ICON_SMALL,
                palette.muted,
            );
        }
    }
}

/// The colors of a button in its present state.
pub(super) struct Look {
    /// Of the ground.
    pub fill: Color32,
    /// Of the line around it.
    pub border: Stroke,
    /// Of label and icon.
    pub text: Color32,
}

/// The colors of a button of `kind`, given where the pointer and the keyboard are.
pub(super) fn look(kind: Kind, palette: &Palette, response: &Response) -> Look {
    let hovered = response.hovered() || response.has_focus();
    let pressed = response.is_pointer_button_down_on();
    let border = |color| Stroke::new(tokens::HAIRLINE, color);
    match kind {
        Kind::Primary => {
            let fill = if hovered && !pressed {
                palette.accent_hovered
            } else {
                palette.accent
            };
            Look {
                fill,
                border: Stroke::NONE,
                text: palette.on_accent,
            }
        }
        Kind::Secondary if pressed => Look {
            fill: palette.panel,
            border: border(palette.hairline_strong),
            text: palette.text,
        },
        Kind::Secondary if hovered => Look {
            fill: palette.hovered,
            border: border(palette.hairline_strong),
            text: palette.text,
        },
        Kind::Secondary => Look {
            fill: palette.raised,
            border: border(palette.hairline),
            text: palette.text,
        },
        Kind::Tab { selected: true } => Look {
            fill: palette.selection,
            border: Stroke::NONE,
            text: palette.text,
        },
        Kind::Quiet | Kind::Tab { selected: false } if hovered => Look {
            fill: palette.hovered,
            border: Stroke::NONE,
            text: palette.text,
        },
        Kind::Quiet | Kind::Tab { selected: false } => Look {
            fill: Color32::TRANSPARENT,
            border: Stroke::NONE,
            text: palette.muted,
        },
    }
}
