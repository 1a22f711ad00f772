//! Text that is never clipped: it ends in `…` and says the rest in a tooltip.

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, FontId, Galley, Label, Rect, Response, RichText, Ui};

use super::font;
use super::tokens::Palette;

/// Lay out one line, at most `width` wide; `Galley::elided` says whether it was cut.
pub fn line(ui: &Ui, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width);
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// Paint `galley` into `rect`, aligned.
pub fn paint(ui: &Ui, rect: Rect, align: Align2, galley: Arc<Galley>) {
    let at = align.align_size_within_rect(galley.size(), rect).min;
    ui.painter().galley(at, galley, Color32::PLACEHOLDER);
}

/// The whole text in a tooltip, where only a part of it could be shown.
pub fn tooltip_if_cut(response: Response, cut: bool, text: &str) -> Response {
    if cut {
        response.on_hover_text(text)
    } else {
        response
    }
}

/// One line of text in a color and a font.
pub fn styled(ui: &mut Ui, text: impl Into<String>, font: FontId, color: Color32) -> Response {
    ui.add(Label::new(RichText::new(text).font(font).color(color)).truncate())
}

/// One line of body text.
pub fn body(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = Palette::of(ui).text;
    styled(ui, text, font::body(), color)
}

/// One line of secondary text.
pub fn muted(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = Palette::of(ui).muted;
    styled(ui, text, font::body(), color)
}

/// One line of text that is read last.
pub fn faint(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = Palette::of(ui).faint;
    styled(ui, text, font::body(), color)
}

/// One line of small secondary text.
pub fn small(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = Palette::of(ui).muted;
    styled(ui, text, font::small(), color)
}

/// One line of body text that stands out.
pub fn strong(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = Palette::of(ui).text;
    styled(ui, text, font::semibold(), color)
}

/// The heading of a region.
pub fn heading(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = Palette::of(ui).text;
    styled(ui, text, font::heading(), color)
}

/// A number in monospace.
pub fn number(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = Palette::of(ui).text;
    styled(ui, text, font::number(), color)
}

/// A number in monospace, in a color that says how it is meant.
pub fn colored_number(ui: &mut Ui, text: impl Into<String>, color: Color32) -> Response {
    styled(ui, text, font::number(), color)
}

/// A sentence of several styles, wrapped: `[("Same 20 calls.", Weight::Strong), …]`.
pub fn sentence(ui: &mut Ui, parts: &[(&str, Tone)]) -> Response {
    let palette = Palette::of(ui);
    let mut job = LayoutJob::default();
    for (text, tone) in parts {
        let (font, color) = match *tone {
            Tone::Plain => (font::body(), palette.text),
            Tone::Muted => (font::body(), palette.muted),
            Tone::Strong => (font::semibold(), palette.text),
            Tone::Number(color) => (font::number(), color),
            Tone::Code => (font::number(), palette.text),
        };
        let mut format = egui::TextFormat::simple(font, color);
        format.valign = egui::Align::Center;
        job.append(text, 0.0, format);
    }
    ui.add(Label::new(job).wrap())
}

/// How a part of a [`sentence`] looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tone {
    /// Body text.
    Plain,
    /// Secondary text.
    Muted,
    /// The point of the sentence.
    Strong,
    /// A figure, in the color of its meaning.
    Number(Color32),
    /// A piece of code.
    Code,
}
