//! One side of an exchange in the inspector: the head, and the body as a tree. Parsed once, when it is first looked at.

use egui::{ScrollArea, Ui};
use serde_json::Value as Json;

use super::call_detail::inset;
use crate::shotgun::{CallId, Captured};
use crate::ui::tree::{Tree, Value};
use crate::ui::{card, font, format, text, tokens};

/// Lines of a text longer than this, in characters, are cut.
const LONGEST_LINE: usize = 500;

/// Which side of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// What was asked.
    Request,
    /// What was answered.
    Response,
}

/// The body that is looked at.
#[derive(Debug, Default)]
pub(super) struct CallBody {
    of: Option<(CallId, usize, Side)>,
    content: Content,
}

#[derive(Debug, Default)]
enum Content {
    #[default]
    Nothing,
    Json(Tree),
    /// Not JSON, or damaged: as it came.
    Lines(Vec<String>),
}

impl CallBody {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, of: (CallId, usize, Side), captured: &Captured) {
        if self.of != Some(of) {
            self.of = Some(of);
            self.content = Content::of(captured);
        }
        inset(ui, |ui| {
            for (name, value) in &captured.head {
                card::text_row(ui, head_name(name), tokens::FACT_NAME_WIDTH, value);
            }
            ui.add_space(tokens::GRID * 2.0);
            if captured.cut && !captured.body.is_empty() {
                let kept = format::bytes(captured.body.len() as u64);
                text::muted(ui, format!("Only the first {kept} are kept"));
                ui.add_space(tokens::GRID);
            }
        });
        match &mut self.content {
            Content::Nothing if captured.cut => {
                text::muted(ui, "A body that is not text is not kept");
            }
            Content::Nothing => {
                text::muted(ui, "No body");
            }
            Content::Json(tree) => tree.show(ui, "Body"),
            Content::Lines(lines) => lines_ui(ui, lines),
        }
    }
}

fn lines_ui(ui: &mut Ui, lines: &[String]) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let color = ui.visuals().text_color();
    let area = ScrollArea::vertical()
        .id_salt("lines")
        .auto_shrink([false, true]);
    area.show_rows(ui, tokens::CODE_LINE, lines.len(), |ui, rows| {
        ui.ctx().allow_widget_id_changes_in(ui.clip_rect());
        for line in &lines[rows] {
            text::styled(ui, line, font::number(), color);
        }
    });
}

/// The first line of a head has a name of HTTP/2; people have others for it.
fn head_name(name: &str) -> &str {
    match name {
        ":request" => "Request",
        ":status" => "Status",
        _ => name,
    }
}

// ----------------------------------------------------------------------------

impl Content {
    fn of(captured: &Captured) -> Self {
        let body = captured.body.trim();
        if body.is_empty() {
            return Self::Nothing;
        }
        let closed = captured.cut.then(|| closed(body));
        match serde_json::from_str(closed.as_deref().unwrap_or(body)) {
            Ok(json) => {
                let mut tree = Tree::default();
                fill(&mut tree, String::new(), &json);
                Self::Json(tree)
            }
            Err(_not_json) => Self::Lines(body.lines().map(cut_line).collect()),
        }
    }
}

fn cut_line(line: &str) -> String {
    match line.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// `serde_json` reads at most 128 levels, so this goes no deeper.
fn fill(tree: &mut Tree, name: String, json: &Json) {
    match json {
        Json::Null => tree.leaf(name, "null", Value::Literal),
        Json::Bool(value) => tree.leaf(name, &value.to_string(), Value::Literal),
        Json::Number(value) => tree.leaf(name, &value.to_string(), Value::Number),
        Json::String(value) => tree.leaf(name, value, Value::Text),
        Json::Array(values) => {
            tree.begin(name, Value::List);
            for (index, value) in values.iter().enumerate() {
                fill(tree, index.to_string(), value);
            }
            tree.end();
        }
        Json::Object(values) => {
            tree.begin(name, Value::Object);
            for (name, value) in values {
                fill(tree, name.clone(), value);
            }
            tree.end();
        }
    }
}

/// JSON that was cut off, up to its last complete value, with everything closed that was open there.
fn closed(text: &str) -> String {
    let mut open: Vec<char> = Vec::new();
    let (mut end, mut in_string, mut escaped) = (0, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ if in_string => (),
            '{' | '[' => {
                open.push(if letter == '{' { '}' } else { ']' });
                end = at + 1;
            }
            '}' | ']' => {
                open.pop();
                end = at + 1;
            }
            // What stands before a comma is complete.
            ',' => end = at,
            _ => (),
        }
    }
    let mut closed = text[..end].to_owned();
    closed.extend(open.iter().rev());
    closed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn json_that_was_cut_is_read_up_to_its_last_complete_value() {
        assert_eq!(
            closed(r#"{"a": [1, {"b": "x, y"}, {"c": "hal"#),
            r#"{"a": [1, {"b": "x, y"}, {}]}"#
        );
        assert_eq!(closed(r#"{"a": 1, "b\"": 2"#), r#"{"a": 1}"#);
        assert_eq!(closed("[[1], ["), "[[1], []]");
    }

    #[test]
    fn what_is_not_json_is_shown_line_by_line() {
        let html = Captured {
            body: "<html>\n<p>Sorry".into(),
            ..Captured::default()
        };
        assert!(
            matches!(Content::of(&html), Content::Lines(lines) if lines == ["<html>", "<p>Sorry"])
        );
        assert!(matches!(
            Content::of(&Captured::default()),
            Content::Nothing
        ));
    }

    proptest! {
        #[test]
        fn an_answer_cut_anywhere_is_still_a_tree(at in 2_usize..160) {
            let whole = json_with_everything();
            let at = whole.floor_char_boundary(at.min(whole.len()));
            let cut = Captured { body: whole[..at].into(), cut: true, ..Captured::default() };
            prop_assert!(matches!(Content::of(&cut), Content::Json(_)), "{}", closed(&whole[..at]));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,60}", odd in r#"[\[\]{},:"\\a1é]{0,40}"#) {
            for body in [text, odd] {
                let captured = Captured { body: body.as_str().into(), cut: true, ..Captured::default() };
                Content::of(&captured);
            }
        }
    }

    fn json_with_everything() -> String {
        serde_json::json!({
            "results": { "entities": [{ "code": "é, \"x\" {[", "id": 1.5e3, "none": null }, [], {}, true], "paging_info": {} },
            "exception": false,
        })
        .to_string()
    }
}
