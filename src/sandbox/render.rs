//! Rows as the JSON of an answer, written straight into the answer's bytes.

use std::fmt::Write as _;

use super::query::{Path, Reached};
use super::schema::DataType;
use super::store::{Row, Store};
use super::value::{Kind, Ref, Value};

/// What to tell of each row, worked out once per request.
#[derive(Debug)]
pub struct Columns {
    columns: Vec<(String, Path)>,
}

impl Columns {
    /// The columns for `names`; a name that the type does not have is left out, as on a real site.
    pub fn new(store: &Store, kind: Kind, names: &[&str], viewer: Ref) -> Self {
        let mut columns: Vec<(String, Path)> = Vec::with_capacity(names.len());
        for name in names.iter().filter(|name| !matches!(**name, "id" | "type")) {
            let Ok(path) = Path::parse(store.schema(), kind, name, viewer) else {
                continue;
            };
            let mut key = String::from(",");
            string(&mut key, name);
            key.push(':');
            if columns.iter().all(|(known, _)| *known != key) {
                columns.push((key, path));
            }
        }
        Self { columns }
    }

    /// Writes a row as an object that starts with `type` and `id`.
    pub fn write(&self, out: &mut String, store: &Store, base_url: &str, row: &Row) {
        out.push_str("{\"type\":");
        string(out, store.schema().entity(row.at.kind).name);
        write!(out, ",\"id\":{}", row.at.id).ok();
        for (key, path) in &self.columns {
            match path.reach(store, row) {
                Reached::Row(row) => {
                    out.push_str(key);
                    let data_type = store.schema().field(path.kind, path.field).data_type;
                    value(out, store, base_url, data_type, &path.value(store, row));
                }
                Reached::Null => {
                    out.push_str(key);
                    out.push_str("null");
                }
                Reached::Many => {}
            }
        }
        out.push('}');
    }
}

/// Writes the value of a field.
pub fn value(out: &mut String, store: &Store, base_url: &str, data_type: DataType, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => write!(out, "{number}").unwrap_or_default(),
        // `{:?}` keeps the fraction of a whole number: a float is `2.0`, never `2`.
        Value::Float(number) => write!(out, "{number:?}").unwrap_or_default(),
        Value::Text(_) if data_type == DataType::Password => out.push_str("\"*******\""),
        Value::Text(text) if data_type == DataType::Image && text.starts_with('/') => {
            string(out, &format!("{base_url}{}", store.pictures().look(text)));
        }
        Value::Text(text) => string(out, text),
        Value::Link(link) => {
            if !entity(out, store, *link, "") {
                out.push_str("null");
            }
        }
        Value::Links(links) => {
            out.push('[');
            let mut separator = "";
            for link in links {
                if entity(out, store, *link, separator) {
                    separator = ",";
                }
            }
            out.push(']');
        }
        Value::Json(json) if json["link_type"] == "upload" => {
            let mut json = (**json).clone();
            if let Some(path) = json["url"].as_str().filter(|url| url.starts_with('/')) {
                json["url"] = format!("{base_url}{path}").into();
            }
            write!(out, "{json}").unwrap_or_default();
        }
        Value::Json(json) => write!(out, "{json}").unwrap_or_default(),
    }
}

/// Writes `separator` and the hash of a linked row. Nothing and `false` if the row is retired: such links are not shown.
fn entity(out: &mut String, store: &Store, link: Ref, separator: &str) -> bool {
    let Some(row) = store.live(link) else {
        return false;
    };
    out.push_str(separator);
    write!(
        out,
        "{{\"type\":\"{}\",\"id\":{},\"name\":",
        store.schema().entity(link.kind).name,
        link.id
    )
    .ok();
    string(out, store.display_name(row));
    out.push('}');
    true
}

/// Writes a string with its quotes. Non-ASCII characters stay as they are.
pub fn string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '\\' || c < ' ') {
        let (clean, tail) = rest.split_at(at);
        out.push_str(clean);
        let mut characters = tail.chars();
        match characters.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some(control) => write!(out, "\\u{:04x}", u32::from(control)).unwrap_or_default(),
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_survives_the_way_through_json() {
        for text in [
            "",
            "plain",
            "a \"quoted\" back\\slash",
            "line\nfeed\ttab\u{1}",
            "夜間飛行 é",
        ] {
            let mut out = String::new();
            string(&mut out, text);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }
    }
}
