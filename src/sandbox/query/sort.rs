//! The order of rows: by fields, then by id.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value as Json;

use super::digest::Digest;
use super::fold;
use super::path::{Path, Reached};
use crate::sandbox::error::Fault;
use crate::sandbox::schema::DataType;
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref, Value};

/// What to sort by.
#[derive(Debug, Default)]
pub struct Sorting {
    by: Vec<(Path, bool)>,
}

/// A value in a form that sorts.
///
/// Null comes last when ascending and first when descending: no document says so, but the site's database is a `PostgreSQL`, and
/// that is its default.
#[derive(Debug)]
pub enum Key<'a> {
    /// A number of any sort; no comes before yes.
    Number(f64),
    /// Text in lower case, dates, or the name of the first row that is linked.
    Text(Cow<'a, str>),
    /// Nothing, or nothing that sorts.
    Null,
}

impl Sorting {
    /// Reads `sorts`. A name that the type does not have is passed over, as on a real site. The error is a column that cannot be
    /// sorted by.
    pub fn parse(store: &Store, kind: Kind, sorts: &Json, viewer: Ref) -> Result<Self, Fault> {
        let mut by = Vec::new();
        for sort in sorts.as_array().into_iter().flatten() {
            let name = sort.get("field_name").or_else(|| sort.get("column"));
            let path = name
                .and_then(Json::as_str)
                .and_then(|name| Path::parse(store, kind, name, viewer).ok());
            let Some(path) = path else { continue };
            let field = store.schema().field(path.kind, path.field);
            if field.data_type == DataType::PivotColumn {
                return Err(Fault::invalid(format!(
                    "API read() {}.{}'s 'pivot_column' data type cannot be sorted by.",
                    store.schema().entity(path.kind).name,
                    field.name
                )));
            }
            let descending = sort.get("direction").and_then(Json::as_str) == Some("desc");
            by.push((path, descending));
        }
        Ok(Self { by })
    }

    /// Whether rows stay in the order of their ids.
    pub fn is_by_id(&self) -> bool {
        self.by.is_empty()
    }

    /// The rows from `start` up to `end` in this order; `rows` come in the order of their ids, which decides between equals.
    ///
    /// What lies behind `end` is not sorted, so a page costs little more than a look at each row.
    pub fn page<'a>(
        &self,
        store: &'a Store,
        rows: &[&'a Row],
        start: usize,
        end: usize,
    ) -> Vec<&'a Row> {
        let (start, end) = (start.min(rows.len()), end.min(rows.len()));
        if self.is_by_id() || start == end {
            return rows[start..end].to_vec();
        }
        let digests = self.digests(store, rows);
        let first = |place: usize| {
            let digest = digests[place * self.by.len()];
            self.directed(0, digest)
        };
        let mut places: Vec<_> = (0..rows.len()).map(|place| (first(place), place)).collect();
        let compare = |left: &(Digest, usize), right: &(Digest, usize)| {
            let equals = || self.compare(store, (rows, &digests), left.1, right.1);
            left.0.cmp(&right.0).then_with(equals)
        };
        if end < places.len() {
            places.select_nth_unstable_by(end, compare);
            places.truncate(end);
        }
        places.sort_unstable_by(compare);
        places[start..]
            .iter()
            .map(|(_, place)| rows[*place])
            .collect()
    }

    /// The beginnings of all keys; those of a row stand side by side.
    fn digests(&self, store: &Store, rows: &[&Row]) -> Vec<Digest> {
        let mut digests = Vec::with_capacity(rows.len() * self.by.len());
        for row in rows {
            let keys = self.by.iter().map(|(path, _)| key(store, row, path));
            digests.extend(keys.map(|key| Digest::of(&key)));
        }
        digests
    }

    /// The digest as this sorts by the field at `by`.
    fn directed(&self, by: usize, digest: Digest) -> Digest {
        if self.by[by].1 {
            digest.reversed()
        } else {
            digest
        }
    }

    /// Which of two places comes first. The keys themselves are looked up only where their beginnings do not tell.
    fn compare(
        &self,
        store: &Store,
        (rows, digests): (&[&Row], &[Digest]),
        left: usize,
        right: usize,
    ) -> Ordering {
        let width = self.by.len();
        for (by, (path, descending)) in self.by.iter().enumerate() {
            let [one, other] = [left, right].map(|place| digests[place * width + by]);
            let order = if one == other && !one.is_whole() {
                key(store, rows[left], path).compare(&key(store, rows[right], path))
            } else {
                one.cmp(&other)
            };
            if order.is_ne() {
                return if *descending { order.reverse() } else { order };
            }
        }
        left.cmp(&right)
    }
}

impl<'a> Key<'a> {
    /// What `value` is sorted by.
    pub fn of(store: &'a Store, value: Cow<'a, Value>) -> Self {
        match value {
            Cow::Borrowed(Value::Text(text)) => Self::Text(fold::lower(text)),
            Cow::Owned(Value::Text(text)) => Self::Text(Cow::Owned(text.to_lowercase())),
            Cow::Borrowed(value) => Self::of_other(store, value),
            Cow::Owned(value) => Self::of_other(store, &value),
        }
    }

    fn of_other(store: &'a Store, value: &Value) -> Self {
        match value {
            Value::Null | Value::Json(_) | Value::Text(_) => Self::Null,
            Value::Flag(flag) => Self::Number(f64::from(u8::from(*flag))),
            Value::Number(number) => Self::Number(*number as f64),
            Value::Float(number) => Self::Number(*number),
            links @ (Value::Link(_) | Value::Links(_)) => {
                let first = links.links().iter().find_map(|link| store.live(*link));
                first.map_or(Self::Null, |row| {
                    Self::Text(fold::lower(store.display_name(row)))
                })
            }
        }
    }

    /// Which of the two comes first when ascending.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.total_cmp(right),
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (left, right) => left.rank().cmp(&right.rank()),
        }
    }

    /// Numbers come before texts, and nothing comes last.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Null => 2,
        }
    }
}

fn key<'a>(store: &'a Store, row: &'a Row, path: &Path) -> Key<'a> {
    match path.reach(store, row) {
        Reached::Row(row) => Key::of(store, path.value(store, row)),
        Reached::Null | Reached::Many => Key::Null,
    }
}
