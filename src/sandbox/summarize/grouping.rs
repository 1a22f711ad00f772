//! Rows divided into groups by what a field says.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Value as Json, json};

use super::bucket::{Bucket, TYPES};
use super::refused;
use crate::sandbox::error::Fault;
use crate::sandbox::query::{Key, Path, Reached};
use crate::sandbox::render;
use crate::sandbox::schema::{DataType, Family};
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::Value;

/// How to group.
#[derive(Debug)]
pub(super) struct Grouping {
    path: Path,
    data_type: DataType,
    bucket: Bucket,
    descending: bool,
}

/// Rows that have a value in common.
#[derive(Debug)]
pub(super) struct Group<'a> {
    /// The value for people.
    pub(super) name: String,
    /// The value as the wire has it.
    pub(super) value: Json,
    /// The rows, by id.
    pub(super) rows: Vec<&'a Row>,
}

impl Grouping {
    /// Reads an item of `grouping` whose field is at the end of `path`.
    pub(super) fn parse(
        store: &Store,
        path: Path,
        now: Timestamp,
        item: &Json,
    ) -> Result<Self, Fault> {
        let data_type = store.schema().field(path.kind, path.field).data_type;
        let today = Offset::UTC.to_datetime(now).date();
        let name = item["type"].as_str().unwrap_or_default();
        let Some(bucket) = Bucket::parse(name, data_type.family(), today) else {
            return Err(refused(store, &path, &TYPES, &item["type"]));
        };
        Ok(Self {
            path,
            data_type,
            bucket,
            descending: item["direction"] == "desc",
        })
    }

    /// The groups in their order: that of the values as rows are sorted by them.
    pub(super) fn split<'a>(&self, store: &'a Store, rows: &[&'a Row]) -> Vec<Group<'a>> {
        let values: Vec<Cow<'_, Value>> = rows.iter().map(|row| self.value(store, row)).collect();
        let mut keyed: Vec<(Key<'_>, &Value, &'a Row)> = values
            .iter()
            .zip(rows)
            .map(|(value, row)| (Key::of(store, Cow::Borrowed(&**value)), &**value, *row))
            .collect();
        keyed.sort_by(|(key, value, _), (other_key, other, _)| {
            let order = key.compare(other_key).then_with(|| exact(value, other));
            if self.descending {
                order.reverse()
            } else {
                order
            }
        });
        let groups = keyed.chunk_by(|(_, value, _), (_, other, _)| value == other);
        let groups = groups.filter_map(|members| {
            let (_, value, _) = members.first()?;
            let (name, value) = self.describe(store, value);
            let rows = members.iter().map(|(_, _, row)| *row).collect();
            Some(Group { name, value, rows })
        });
        groups.collect()
    }

    /// What stands for the group that a row is in.
    fn value<'a>(&self, store: &'a Store, row: &'a Row) -> Cow<'a, Value> {
        let Reached::Row(row) = self.path.reach(store, row) else {
            return Cow::Owned(Value::Null);
        };
        let value = self.path.value(store, row);
        let retired = |link: &&_| store.live(**link).is_none();
        let value = if value.links().iter().any(|link| retired(&link)) || is_empty(&value) {
            let mut living = value.links().to_vec();
            living.retain(|link| !retired(&link));
            Cow::Owned(match (&*value, living.as_slice()) {
                (_, []) => Value::Null,
                (Value::Link(_), [link, ..]) => Value::Link(*link),
                _many => Value::Links(living),
            })
        } else {
            value
        };
        self.bucket.of(store, value)
    }

    /// The name and the value of a group.
    fn describe(&self, store: &Store, value: &Value) -> (String, Json) {
        if let Some(described) = self.bucket.describe(value) {
            return described;
        }
        let mut written = String::new();
        render::value(&mut written, store, "", self.data_type, value);
        let mut json: Json = serde_json::from_str(&written).unwrap_or_default();
        let names: Vec<&str> = value
            .links()
            .iter()
            .filter_map(|link| store.live(*link))
            .map(|row| store.display_name(row))
            .collect();
        if let Some(links) = json.as_array_mut() {
            links.iter_mut().for_each(mark);
        } else if self.data_type.family() == Family::Link {
            mark(&mut json);
        }
        let name = match value {
            Value::Null => String::new(),
            Value::Flag(true) => "[X]".to_owned(),
            Value::Flag(false) => "[ ]".to_owned(),
            Value::Text(text) => text.as_ref().to_owned(),
            Value::Number(_) | Value::Float(_) | Value::Json(_) => written,
            Value::Link(_) | Value::Links(_) => names.join(", "),
        };
        (name, json)
    }
}

/// Marks the hash of a link as a real site does.
fn mark(link: &mut Json) {
    if let Some(link) = link.as_object_mut() {
        link.insert("valid".to_owned(), json!("valid"));
    }
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Links(links) if links.is_empty())
}

/// Tells values apart that sort alike: texts that differ in case only, rows of one name.
fn exact(value: &Value, other: &Value) -> Ordering {
    let links = value.links().cmp(other.links());
    links.then_with(|| value.as_text().cmp(&other.as_text()))
}
