//! Fields to type into: text, numbers, durations.

use std::ops::RangeInclusive;
use std::time::Duration;

use egui::{Align, DragValue, Frame, Key, Layout, Rect, Response, StrokeKind, TextEdit, Ui};

use super::icons::{self, Icon};
use super::tokens::{self, Palette};
use super::{badge, button, format};

/// A field for one line of text.
#[must_use = "show it"]
pub struct Field<'a> {
    text: &'a mut String,
    name: &'a str,
    hint: &'a str,
    icon: Option<Icon>,
    keys: Option<&'a str>,
    clearable: bool,
    password: bool,
    bad: bool,
    width: Option<f32>,
}

/// What happened to a [`Field`].
#[derive(Debug)]
pub struct FieldResponse {
    /// Of the text: `changed`, `has_focus`, `request_focus`.
    pub response: Response,
    /// Enter was pressed in it.
    pub submitted: bool,
    /// It was emptied with the button or Escape; `response.changed()` also says so.
    pub cleared: bool,
}

impl<'a> Field<'a> {
    /// A field for `text`; `name` is for screen readers and tests.
    pub fn new(text: &'a mut String, name: &'a str) -> Self {
        Self {
            text,
            name,
            hint: "",
            icon: None,
            keys: None,
            clearable: false,
            password: false,
            bad: false,
            width: None,
        }
    }

    /// A search or filter field: a glass in front, a button that empties it.
    pub fn search(text: &'a mut String, name: &'a str) -> Self {
        Self {
            icon: Some(Icon::Search),
            clearable: true,
            ..Self::new(text, name)
        }
    }

    /// Shown while the field is empty.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// The keys that jump here, shown while the field is empty.
    pub fn keys(mut self, keys: &'a str) -> Self {
        self.keys = Some(keys);
        self
    }

    /// A button that empties the field.
    pub fn clearable(mut self) -> Self {
        self.clearable = true;
        self
    }

    /// Dots instead of characters.
    pub fn password(mut self) -> Self {
        self.password = true;
        self
    }

    /// What it holds cannot be understood: marks the border.
    pub fn bad(mut self, bad: bool) -> Self {
        self.bad = bad;
        self
    }

    /// How wide; otherwise as wide as there is room.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Draw it, and say what happened.
    pub fn show(self, ui: &mut Ui) -> FieldResponse {
        let width = self
            .width
            .unwrap_or(f32::INFINITY)
            .min(ui.available_width());
        let size = egui::vec2(width.max(tokens::CONTROL * 2.0), tokens::CONTROL);
        let (_, rect) = ui.allocate_space(size);
        let frame = ui.painter().add(egui::Shape::Noop);
        let bad = self.bad;

        let inner = rect.shrink2(egui::vec2(tokens::CONTROL_PADDING - tokens::GRID, 0.0));
        let builder = egui::UiBuilder::new()
            .max_rect(inner)
            .layout(Layout::left_to_right(Align::Center));
        // A child of its own, not a scope: its size must not move what comes next.
        let answer = self.contents_ui(&mut ui.new_child(builder));

        let palette = Palette::of(ui);
        let hovered = ui.rect_contains_pointer(rect);
        let border = match (bad, answer.response.has_focus(), hovered) {
            (true, ..) => palette.bad,
            (_, true, _) => palette.accent,
            (_, _, true) => palette.hairline_strong,
            _ => palette.hairline,
        };
        let shape = egui::epaint::RectShape::new(
            rect,
            tokens::RADIUS,
            palette.raised,
            (tokens::HAIRLINE, border),
            StrokeKind::Inside,
        );
        ui.painter().set(frame, shape);
        answer
    }

    fn contents_ui(self, ui: &mut Ui) -> FieldResponse {
        let Self {
            text,
            name,
            hint,
            icon,
            keys,
            clearable,
            password,
            ..
        } = self;
        let palette = Palette::of(ui);
        ui.spacing_mut().item_spacing.x = tokens::GAP;
        if let Some(icon) = icon {
            icons::icon(ui, icon, tokens::ICON, palette.muted);
        }
        let mut cleared = false;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if clearable && !text.is_empty() {
                cleared = clear_button(ui).clicked();
            } else if let Some(keys) = keys
                && text.is_empty()
            {
                badge::key_hint(ui, keys);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let edit = TextEdit::singleline(text)
                    .hint_text(egui::RichText::new(hint).color(palette.faint))
                    .password(password)
                    .frame(Frame::NONE)
                    .align(egui::Align2::LEFT_CENTER)
                    .desired_width(f32::INFINITY)
                    .id_salt(name);
                let mut response = ui.add(edit).accessible_name(name);
                let enter = response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
                // The first Escape empties a filter, the second leaves it.
                if clearable
                    && response.lost_focus()
                    && ui.input(|i| i.key_pressed(Key::Escape))
                    && !text.is_empty()
                {
                    cleared = true;
                    response.request_focus();
                }
                if cleared {
                    text.clear();
                    response.mark_changed();
                }
                FieldResponse {
                    response,
                    submitted: enter,
                    cleared,
                }
            })
            .inner
        })
        .inner
    }
}

fn clear_button(ui: &mut Ui) -> Response {
    let palette = Palette::of(ui);
    let (rect, response) =
        ui.allocate_exact_size(egui::Vec2::splat(tokens::ICON), egui::Sense::click());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), "Clear the field")
    });
    let color = if response.hovered() {
        palette.text
    } else {
        palette.muted
    };
    icons::paint(ui, rect, Icon::Close, tokens::ICON_SMALL, color);
    button::focus_ring(ui, rect, &response);
    response.on_hover_text("Clear the field")
}

// ----------------------------------------------------------------------------

/// A whole number, to drag or to type: `20 calls`.
pub fn number(
    ui: &mut Ui,
    value: &mut u64,
    range: RangeInclusive<u64>,
    name: &str,
    unit: &str,
) -> Response {
    let speed = step(*range.end() as f64);
    let drag = DragValue::new(value)
        .range(range)
        .speed(speed)
        .max_decimals(0);
    let drag = drag
        .custom_formatter(|n, _| format::count(n as u64))
        .custom_parser(|text| text.replace([',', ' '], "").parse().ok());
    let response = if unit.is_empty() {
        ui.add(drag)
    } else {
        ui.add(drag.suffix(format!(" {unit}")))
    };
    response.accessible_name(name)
}

/// A duration, to drag or to type: `500 ms`, `2 s`.
pub fn duration(
    ui: &mut Ui,
    value: &mut Duration,
    range: RangeInclusive<Duration>,
    name: &str,
) -> Response {
    let mut ms = value.as_millis() as f64;
    let bounds = range.start().as_millis() as f64..=range.end().as_millis() as f64;
    let from_ms = |ms: f64| Duration::from_millis(ms.max(0.0).round() as u64);
    let drag = DragValue::new(&mut ms)
        .range(bounds.clone())
        .speed(step(*bounds.end()))
        .custom_formatter(move |ms, _| format::setting(from_ms(ms)))
        .custom_parser(|text| Some(format::parse_setting(text)?.as_millis() as f64));
    let response = ui.add(drag).accessible_name(name);
    if response.changed() {
        *value = from_ms(ms);
    }
    response
}

/// How much one point of dragging changes a value that may grow up to `largest`.
fn step(largest: f64) -> f64 {
    (largest / 400.0).clamp(0.1, 50.0)
}

/// A rectangle of a control's height for something drawn by hand in a row of controls.
pub fn slot(ui: &mut Ui, width: f32) -> Rect {
    ui.allocate_space(egui::vec2(width, tokens::CONTROL)).1
}
