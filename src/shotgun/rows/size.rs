//! How much memory rows hold.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::shotgun::entity::EntityRef;
use crate::shotgun::rows::Rows;
use crate::shotgun::value::Value;

/// What an `Arc` keeps besides its content: two counts.
const COUNTS: usize = 2 * size_of::<usize>();

impl Rows {
    /// The bytes held on the heap. Text and links that several cells share count once; what the allocator adds does not count.
    pub fn heap_size(&self) -> usize {
        let mut seen = HashSet::new();
        let cells = self.cells.capacity() * size_of::<Option<Value>>();
        let held: usize = self
            .cells
            .iter()
            .flatten()
            .map(|value| value_size(value, &mut seen))
            .sum();
        cells + held
    }
}

fn value_size(value: &Value, seen: &mut HashSet<usize>) -> usize {
    match value {
        Value::Text(text) => text_size(text, seen),
        Value::Entity(link) if seen.insert(Arc::as_ptr(link).addr()) => {
            COUNTS + size_of::<EntityRef>() + link_size(link, seen)
        }
        Value::Entities(links) => {
            let held: usize = links.iter().map(|link| link_size(link, seen)).sum();
            links.capacity() * size_of::<EntityRef>() + held
        }
        Value::Json(json) => size_of::<Json>() + json_size(json),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Entity(_) => 0,
    }
}

fn link_size(link: &EntityRef, seen: &mut HashSet<usize>) -> usize {
    let name = link.name.as_ref().map_or(0, |name| text_size(name, seen));
    name + text_size(&link.entity_type.to_shared(), seen)
}

fn text_size(text: &Arc<str>, seen: &mut HashSet<usize>) -> usize {
    let is_new = seen.insert(Arc::as_ptr(text).addr());
    if is_new { COUNTS + text.len() } else { 0 }
}

fn json_size(json: &Json) -> usize {
    match json {
        Json::Null | Json::Bool(_) | Json::Number(_) => 0,
        Json::String(text) => text.capacity(),
        Json::Array(items) => {
            let held: usize = items.iter().map(json_size).sum();
            items.capacity() * size_of::<Json>() + held
        }
        Json::Object(fields) => fields
            .iter()
            .map(|(key, value)| size_of::<(String, Json)>() + key.capacity() + json_size(value))
            .sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    #[test]
    fn rows_are_hardly_larger_than_their_json() {
        let mut json = String::from("[");
        for id in 0..10_000 {
            let comma = if id > 0 { "," } else { "" };
            write!(
                json,
                r#"{comma}{{"type":"Shot","id":{id},"code":"SH{id:06}","sg_status_list":"{}","description":"The heroine crosses the ice, take {id}","sg_cut_in":{id},"sg_cut_out":{id},"sg_sequence":{{"type":"Sequence","id":{},"name":"SQ{:03}"}},"project":{{"type":"Project","id":70,"name":"Polar Night"}},"updated_at":"2026-03-01T10:20:30Z"}}"#,
                ["wtg", "ip", "rev", "fin"][id % 4], id / 50, id / 50,
            )
            .unwrap();
        }
        json.push(']');
        let rows: Rows = serde_json::from_str(&json).unwrap();
        let (held, sent) = (rows.heap_size(), json.len());
        assert!(held * 2 <= sent * 3, "{held} bytes for {sent} of JSON");
        assert!(held > rows.len() * rows.fields().len() * size_of::<Value>());
    }

    #[test]
    fn what_cells_share_counts_once() {
        let size = |json| serde_json::from_str::<Rows>(json).unwrap().heap_size();
        let one = size(r#"[{"type":"A","id":1}]"#);
        let two = size(r#"[{"type":"A","id":1},{"type":"A","id":2}]"#);
        assert_eq!(two - one, 2 * size_of::<Option<Value>>());
    }
}
