//! A block of Rust to read: monospace, a little color, some lines marked.

use std::ops::Range;

use egui::text::LayoutJob;
use egui::{Align2, Color32, Rect, Role, Sense, TextFormat, Ui, WidgetInfo};

use super::tokens::{self, Palette};
use super::{card, font, text};

const KEYWORDS: [&str; 28] = [
    "as", "break", "const", "continue", "else", "enum", "false", "fn", "for", "if", "impl", "in",
    "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "struct", "trait",
    "true", "type", "use", "where", "while",
];

/// What a piece of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Plain,
    Keyword,
    Text,
    Comment,
}

/// Show `code` in a well; lines in `marked` (counted from 0) stand out. `name` is for screen readers and tests.
///
/// Lines that are too long end in `…` and say the rest in a tooltip.
pub fn block(ui: &mut Ui, name: &str, code: &str, marked: &[Range<usize>]) {
    card::well(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let size = egui::vec2(ui.available_width(), tokens::GRID * 2.0);
        let (_, response) = ui.allocate_exact_size(size, Sense::hover());
        response.widget_info(|| WidgetInfo {
            current_text_value: Some(code.to_owned()),
            ..WidgetInfo::labeled(Role::Code, true, name)
        });
        for (number, line) in code.split('\n').enumerate() {
            line_ui(ui, line, marked.iter().any(|range| range.contains(&number)));
        }
        ui.add_space(tokens::GRID * 2.0);
    });
}

fn line_ui(ui: &mut Ui, line: &str, marked: bool) {
    let palette = Palette::of(ui);
    let size = egui::vec2(ui.available_width(), tokens::CODE_LINE);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    if marked {
        let inside = rect.shrink2(egui::vec2(tokens::HAIRLINE, 0.0));
        ui.painter().rect_filled(inside, 0.0, palette.selection);
        let bar = Rect::from_min_size(inside.min, egui::vec2(tokens::MARK, rect.height()));
        ui.painter().rect_filled(bar, 0.0, palette.accent);
    }
    let inner = rect.shrink2(egui::vec2(tokens::PANEL_PADDING, 0.0));
    let mut job = LayoutJob::default();
    for (piece, text) in pieces(line) {
        job.append(
            text,
            0.0,
            TextFormat::simple(font::number(), color(piece, palette)),
        );
    }
    job.wrap = egui::text::TextWrapping::truncate_at_width(inner.width());
    let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
    let elided = galley.elided;
    text::paint(ui, inner, Align2::LEFT_CENTER, galley);
    text::tooltip_if_cut(response, elided, line.trim());
}

fn color(piece: Piece, palette: &Palette) -> Color32 {
    match piece {
        Piece::Plain => palette.text,
        Piece::Keyword => palette.connect,
        Piece::Text => palette.ok,
        Piece::Comment => palette.muted,
    }
}

/// Cut a line into pieces. Knows no block comments and no raw strings: what we show has none.
fn pieces(line: &str) -> Vec<(Piece, &str)> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (piece, length) = if rest.starts_with("//") {
            (Piece::Comment, rest.len())
        } else if first == '"' {
            (Piece::Text, string_length(rest))
        } else if first.is_alphabetic() || first == '_' {
            let word = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            let piece = if KEYWORDS.contains(&&rest[..word]) {
                Piece::Keyword
            } else {
                Piece::Plain
            };
            (piece, word)
        } else {
            let next = |c: char| c.is_alphabetic() || matches!(c, '_' | '"' | '/');
            let after = first.len_utf8();
            (
                Piece::Plain,
                rest[after..].find(next).map_or(rest.len(), |at| at + after),
            )
        };
        let (text, after) = rest.split_at(length);
        pieces.push((piece, text));
        rest = after;
    }
    pieces
}

/// Bytes of the string that `text` starts with, its quotes included; all of it where the string does not end.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str, wanted: Piece) -> Vec<&str> {
        pieces(line)
            .into_iter()
            .filter(|(piece, _)| *piece == wanted)
            .map(|(_, text)| text)
            .collect()
    }

    #[test]
    fn keywords_strings_and_comments_are_told_apart() {
        let line = r#"    let letter = "a \"let\" // b"; // let it be"#;
        assert_eq!(of(line, Piece::Keyword), ["let"]);
        assert_eq!(of(line, Piece::Text), [r#""a \"let\" // b""#]);
        assert_eq!(of(line, Piece::Comment), ["// let it be"]);
    }

    #[test]
    fn nothing_of_a_line_is_lost() {
        for line in [
            "",
            "a / b",
            "\"open",
            "fn f(&mut self) -> Ü { x => 'ß' }",
            "//",
            "\"\\",
        ] {
            let together: String = pieces(line).into_iter().map(|(_, text)| text).collect();
            assert_eq!(together, line);
        }
    }
}
