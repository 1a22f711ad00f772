//! Buttons, tabs and links. All return the [`Response`] and carry their label for screen readers and tests.

use egui::{
    Align2, Color32, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Widget,
    WidgetInfo,
};

use super::button_paint::{Parts, look};
use super::icons::Icon;
use super::tokens::{self, Palette};
use super::{font, text};

/// How much a button asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The one thing to do here.
    Primary,
    /// One of several things to do.
    Secondary,
    /// Shows its border only under the pointer.
    Quiet,
    /// One of several pages; says whether it is the current one.
    Tab { selected: bool },
}

/// A button that needs more than a label: an icon, a menu's chevron, a fixed width.
#[must_use = "add it to a `Ui`"]
pub struct Button<'a> {
    pub(super) kind: Kind,
    pub(super) label: &'a str,
    name: Option<&'a str>,
    pub(super) icon: Option<Icon>,
    pub(super) dot: Option<Color32>,
    pub(super) label_shown: bool,
    is_compact: bool,
    pub(super) has_chevron: bool,
    pub(super) detail_text: Option<&'a str>,
    pub(super) width: f32,
}

impl<'a> Button<'a> {
    /// The one thing to do here, in the accent color.
    pub fn primary(label: &'a str) -> Self {
        Self::new(Kind::Primary, label)
    }

    /// One of several things to do.
    pub fn secondary(label: &'a str) -> Self {
        Self::new(Kind::Secondary, label)
    }

    /// Without a border until the pointer is over it.
    pub fn quiet(label: &'a str) -> Self {
        Self::new(Kind::Quiet, label)
    }

    /// One of several pages.
    pub fn tab(selected: bool, label: &'a str) -> Self {
        Self::new(Kind::Tab { selected }, label)
    }

    /// Only an icon; `label` is its name and its tooltip.
    pub fn icon_only(icon: Icon, label: &'a str) -> Self {
        Self {
            label_shown: false,
            ..Self::quiet(label)
        }
        .icon(icon)
    }

    fn new(kind: Kind, label: &'a str) -> Self {
        Self {
            kind,
            label,
            name: None,
            icon: None,
            dot: None,
            label_shown: true,
            is_compact: false,
            has_chevron: false,
            detail_text: None,
            width: 0.0,
        }
    }

    /// An icon before the label.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// A colored dot before the label: the state of what the button stands for.
    pub fn dot(mut self, color: Color32) -> Self {
        self.dot = Some(color);
        self
    }

    /// A chevron after the label: the button opens a menu.
    pub fn chevron(mut self) -> Self {
        self.has_chevron = true;
        self
    }

    /// Fainter text after the label, such as a count.
    pub fn detail(mut self, detail: &'a str) -> Self {
        self.detail_text = Some(detail);
        self
    }

    /// A name for screen readers and tests, where the label is a value: `Project` for `Polar Night`.
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// With less room around the label: for a row that is short of it.
    pub fn compact(mut self) -> Self {
        self.is_compact = true;
        self
    }

    /// At least this wide.
    pub fn min_width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    pub(super) fn padding(&self) -> f32 {
        match (self.label_shown, self.is_compact) {
            (true, false) => tokens::CONTROL_PADDING,
            (true, true) => tokens::GRID * 2.0,
            (false, _) => tokens::GRID + 1.0,
        }
    }

    pub(super) fn font(&self) -> FontId {
        match self.kind {
            Kind::Primary => font::semibold(),
            Kind::Secondary | Kind::Quiet | Kind::Tab { .. } => font::medium(),
        }
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let Self {
            label, label_shown, ..
        } = self;
        let parts = Parts::lay_out(&self, ui);
        let (rect, response) = ui.allocate_exact_size(parts.size, Sense::click());
        let name = self.name.unwrap_or(label);
        let enabled = ui.is_enabled();
        response.widget_info(|| match self.kind {
            Kind::Tab { selected } => WidgetInfo::selected(Role::Tab, enabled, selected, name),
            Kind::Primary | Kind::Secondary | Kind::Quiet => WidgetInfo {
                current_text_value: self.name.map(|_| label.to_owned()),
                ..WidgetInfo::labeled(Role::Button, enabled, name)
            },
        });
        if ui.is_rect_visible(rect) {
            let look = look(self.kind, Palette::of(ui), &response);
            ui.painter().rect(
                rect,
                tokens::RADIUS,
                look.fill,
                look.border,
                StrokeKind::Inside,
            );
            parts.paint(&self, ui, rect, look.text);
            focus_ring(ui, rect, &response);
        }
        text::tooltip_if_cut(response, parts.elided || !label_shown, label)
    }
}

/// Show which widget has the keyboard.
pub fn focus_ring(ui: &Ui, rect: Rect, response: &Response) {
    if response.has_focus() {
        let stroke = Stroke::new(tokens::HAIRLINE * 1.5, Palette::of(ui).accent);
        ui.painter().rect_stroke(
            rect.expand(1.0),
            tokens::RADIUS,
            stroke,
            StrokeKind::Outside,
        );
    }
}

// ----------------------------------------------------------------------------

/// The one thing to do here, in the accent color.
pub fn primary(ui: &mut Ui, label: &str) -> Response {
    ui.add(Button::primary(label))
}

/// One of several things to do.
pub fn secondary(ui: &mut Ui, label: &str) -> Response {
    ui.add(Button::secondary(label))
}

/// Without a border until the pointer is over it.
pub fn quiet(ui: &mut Ui, label: &str) -> Response {
    ui.add(Button::quiet(label))
}

/// Only an icon; `label` is its name and its tooltip.
pub fn icon(ui: &mut Ui, icon: Icon, label: &str) -> Response {
    ui.add(Button::icon_only(icon, label))
}

/// One of several pages.
pub fn tab(ui: &mut Ui, selected: bool, label: &str) -> Response {
    ui.add(Button::tab(selected, label))
}

/// A row of tabs; writes the one that was clicked into `current` and says whether it changed.
pub fn tabs<T: PartialEq + Copy>(ui: &mut Ui, current: &mut T, tabs: &[(T, &str)]) -> bool {
    let before = *current;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = tokens::GRID;
        for (value, label) in tabs {
            if tab(ui, *value == before, label).clicked() {
                *current = *value;
            }
        }
    });
    *current != before
}

/// Text in the accent color that does something.
pub fn link(ui: &mut Ui, label: &str) -> Response {
    let color = Palette::of(ui).accent;
    let galley = text::line(
        ui,
        label,
        font::body(),
        color,
        ui.available_width().max(tokens::CONTROL),
    );
    let elided = galley.elided;
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Link, ui.is_enabled(), label));
    if response.hovered() || response.has_focus() {
        let stroke = Stroke::new(tokens::HAIRLINE, color);
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - tokens::HAIRLINE, stroke);
    }
    text::paint(ui, rect, Align2::LEFT_CENTER, galley);
    focus_ring(ui, rect, &response);
    text::tooltip_if_cut(
        response.on_hover_cursor(egui::CursorIcon::PointingHand),
        elided,
        label,
    )
}

/// One entry of a list of places, as wide as the list: `Shots    3,000`.
pub fn nav_item(ui: &mut Ui, selected: bool, label: &str, detail: Option<&str>) -> Response {
    let palette = Palette::of(ui);
    let size = egui::vec2(ui.available_width(), tokens::ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, ui.is_enabled(), selected, label));
    let look = look(Kind::Tab { selected }, palette, &response);
    ui.painter().rect_filled(rect, tokens::RADIUS, look.fill);
    let inner = rect.shrink2(egui::vec2(tokens::GRID * 2.0, 0.0));
    let mut room = inner.width();
    if let Some(detail) = detail {
        let galley = text::line(ui, detail, font::number(), palette.muted, room * 0.5);
        room -= galley.size().x + tokens::GAP;
        text::paint(ui, inner, Align2::RIGHT_CENTER, galley);
    }
    let galley = text::line(
        ui,
        label,
        font::body(),
        if selected { palette.text } else { look.text },
        room,
    );
    let elided = galley.elided;
    text::paint(ui, inner, Align2::LEFT_CENTER, galley);
    focus_ring(ui, rect.shrink(tokens::MARK), &response);
    text::tooltip_if_cut(response, elided, label)
}
