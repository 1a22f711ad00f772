//! The order of rows: by fields, then by id.

use std::cmp::Ordering;

use serde_json::Value as Json;

use super::path::{Path, Reached};
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref, Value};

/// What to sort by.
#[derive(Debug, Default)]
pub struct Sorting {
    by: Vec<(Path, bool)>,
}

/// A value in a form that sorts.
#[derive(Debug, PartialEq)]
enum Key {
    Number(f64),
    Text(String),
    // Last when ascending.
    Null,
}

impl Sorting {
    /// Reads `sorts`. A name that the type does not have is passed over, as on a real site.
    pub fn parse(store: &Store, kind: Kind, sorts: &Json, viewer: Ref) -> Self {
        let by = sorts.as_array().into_iter().flatten().filter_map(|sort| {
            let name = sort
                .get("field_name")
                .or_else(|| sort.get("column"))?
                .as_str()?;
            let descending = sort.get("direction").and_then(Json::as_str) == Some("desc");
            let path = Path::parse(store.schema(), kind, name, viewer).ok()?;
            Some((path, descending))
        });
        Self { by: by.collect() }
    }

    /// Whether rows stay in the order of their ids.
    pub fn is_by_id(&self) -> bool {
        self.by.is_empty()
    }

    /// Sorts rows that come in the order of their ids, which decides between equals.
    pub fn sort<'a>(&self, store: &Store, rows: Vec<&'a Row>) -> Vec<&'a Row> {
        if self.is_by_id() {
            return rows;
        }
        let mut keyed: Vec<(Vec<Key>, &Row)> = rows
            .into_iter()
            .map(|row| (self.keys(store, row), row))
            .collect();
        keyed.sort_by(|(left, _), (right, _)| self.compare(left, right));
        keyed.into_iter().map(|(_, row)| row).collect()
    }

    fn keys(&self, store: &Store, row: &Row) -> Vec<Key> {
        self.by
            .iter()
            .map(|(path, _)| key(store, row, path))
            .collect()
    }

    fn compare(&self, left: &[Key], right: &[Key]) -> Ordering {
        let pairs = self.by.iter().zip(left.iter().zip(right));
        pairs.fold(
            Ordering::Equal,
            |so_far, ((_, descending), (left, right))| {
                so_far.then_with(|| {
                    if *descending {
                        right.compare(left)
                    } else {
                        left.compare(right)
                    }
                })
            },
        )
    }
}

impl Key {
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.total_cmp(right),
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (left, right) => left.rank().cmp(&right.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Null => 2,
        }
    }
}

fn key(store: &Store, row: &Row, path: &Path) -> Key {
    let Reached::Row(row) = path.reach(store, row) else {
        return Key::Null;
    };
    match &*path.value(store, row) {
        Value::Null | Value::Json(_) => Key::Null,
        Value::Flag(flag) => Key::Number(f64::from(u8::from(*flag))),
        Value::Number(number) => Key::Number(*number as f64),
        Value::Float(number) => Key::Number(*number),
        Value::Text(text) => Key::Text(text.to_lowercase()),
        links @ (Value::Link(_) | Value::Links(_)) => {
            let first = links.links().iter().find_map(|link| store.live(*link));
            first.map_or(Key::Null, |row| {
                Key::Text(store.display_name(row).to_lowercase())
            })
        }
    }
}
