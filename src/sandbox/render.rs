//! Rows as the JSON of an answer, written straight into the answer's bytes.

use std::fmt::Write as _;

use super::file_link;
use super::query::{Path, Reached};
use super::schema::DataType;
use super::store::{Row, Store};
use super::value::{Kind, Ref, Value};

/// What to tell of each row, worked out once per request.
#[derive(Debug)]
pub struct Columns {
    /// What every row starts with, up to its id.
    start: String,
    columns: Vec<Column>,
}

#[derive(Debug)]
struct Column {
    /// Comma, name and colon.
    key: String,
    path: Path,
    data_type: DataType,
}

impl Columns {
    /// The columns for `names`; a name that the type does not have is left out, as on a real site.
    pub fn new(store: &Store, kind: Kind, names: &[&str], viewer: Ref) -> Self {
        let mut columns: Vec<Column> = Vec::with_capacity(names.len());
        for name in names.iter().filter(|name| !matches!(**name, "id" | "type")) {
            let Ok(path) = Path::parse(store, kind, name, viewer) else {
                continue;
            };
            let mut key = String::from(",");
            string(&mut key, name);
            key.push(':');
            if columns.iter().all(|known| known.key != key) {
                let data_type = store.schema().field(path.kind, path.field).data_type;
                columns.push(Column {
                    key,
                    path,
                    data_type,
                });
            }
        }
        let mut start = String::from("{\"type\":");
        string(&mut start, store.schema().entity(kind).name);
        start.push_str(",\"id\":");
        Self { start, columns }
    }

    /// Writes a row as an object that starts with `type` and `id`.
    pub fn write(&self, out: &mut String, store: &Store, base_url: &str, row: &Row) {
        out.push_str(&self.start);
        number(out, row.at.id.into());
        for column in &self.columns {
            match column.path.reach(store, row) {
                Reached::Row(row) => {
                    out.push_str(&column.key);
                    let held = column.path.value(store, row);
                    value(out, store, base_url, column.data_type, &held);
                }
                Reached::Null => {
                    out.push_str(&column.key);
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
        Value::Number(value) => number(out, *value),
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
        Value::Json(link) if data_type == DataType::Url => {
            let link = file_link::shown(store, base_url, link);
            write!(out, "{link}").unwrap_or_default();
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
    out.push_str("{\"type\":\"");
    out.push_str(store.schema().entity(link.kind).name);
    out.push_str("\",\"id\":");
    number(out, link.id.into());
    out.push_str(",\"name\":");
    string(out, store.display_name(row));
    out.push('}');
    true
}

/// Writes a string with its quotes. Non-ASCII characters stay as they are.
pub fn string(out: &mut String, text: &str) {
    out.push('"');
    // All that needs escaping is ASCII, so bytes can be looked at one by one.
    let escapes = |byte: &u8| matches!(byte, b'"' | b'\\' | ..b' ');
    let mut rest = text;
    while let Some(at) = rest.as_bytes().iter().position(escapes) {
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

/// Writes a whole number, a good deal faster than `write!` does.
fn number(out: &mut String, number: i64) {
    if number < 0 {
        out.push('-');
    }
    let mut rest = number.unsigned_abs();
    let mut digits = [0; 20];
    let mut start = digits.len();
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        start -= 1;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    let digits = digits.iter().skip(start);
    out.extend(digits.map(|digit| char::from(*digit)));
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

    #[test]
    fn numbers_are_written_as_rust_writes_them() {
        for value in [0, 7, 10, -1, 123_456_789, i64::MAX, i64::MIN] {
            let mut out = String::new();
            number(&mut out, value);
            assert_eq!(out, value.to_string());
        }
    }
}
