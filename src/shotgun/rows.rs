//! A table of entities: the names of its columns once, and a value per cell.
//!
//! How the cells lie in memory is nobody's business but this module's and of those within it.

pub(super) mod builder;
pub(super) mod decode;
mod read;
pub(super) mod recent;
mod size;

use std::fmt;
use std::sync::Arc;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::shotgun::entity::{EntityId, EntityRef, EntityType, FieldName};
use crate::shotgun::value::Value;

/// Entities of an answer, in its order. Columns `type` and `id` come first and are always there.
///
/// ```no_run
/// # use callboard::shotgun::Client;
/// # let client = Client::builder("https://mysite.shotgrid.autodesk.com").script("pipeline", "key").build()?;
/// let shots = client.find("Shot", &[], &["code", "sg_status_list"])?;
/// for shot in &shots {
///     println!("{} {}", shot.id(), shot.text("code"));
/// }
/// # Ok::<(), callboard::shotgun::Error>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Rows {
    pub(super) fields: Arc<[FieldName]>,
    /// Row by row; absent where the server sent no such key.
    pub(super) cells: Vec<Option<Value>>,
    pub(super) len: usize,
}

impl Rows {
    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The names of the columns: `type`, `id`, then the fields asked for, then what the server added.
    pub fn fields(&self) -> &[FieldName] {
        &self.fields
    }

    /// Row number `index`, from 0.
    pub fn get(&self, index: usize) -> Option<RowRef<'_>> {
        (index < self.len).then_some(RowRef { rows: self, index })
    }

    /// The first row.
    pub fn first(&self) -> Option<RowRef<'_>> {
        self.get(0)
    }

    /// All rows in order.
    pub fn iter(&self) -> Iter<'_> {
        Iter {
            rows: self,
            range: 0..self.len,
        }
    }

    /// Which column holds `field`. Looking it up once is cheaper than once per row.
    pub fn column(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|name| *name == *field)
    }

    /// Adds the rows of another page. Columns that only one side has are absent on the other.
    pub fn extend(&mut self, other: Self) {
        if self.is_empty() {
            *self = other;
        } else if Arc::ptr_eq(&self.fields, &other.fields) || self.fields == other.fields {
            self.cells.extend(other.cells);
            self.len += other.len;
        } else {
            self.extend_by_name(&other);
        }
    }

    fn extend_by_name(&mut self, other: &Self) {
        let mut fields = self.fields.to_vec();
        fields.extend(
            other
                .fields
                .iter()
                .filter(|name| self.column(name.as_str()).is_none())
                .cloned(),
        );
        let merged: Arc<[FieldName]> = fields.into();
        let mut cells = Vec::with_capacity((self.len + other.len) * merged.len());
        for rows in [&*self, other] {
            let columns: Vec<_> = merged
                .iter()
                .map(|name| rows.column(name.as_str()))
                .collect();
            for row in rows {
                cells.extend(columns.iter().map(|column| row.at((*column)?).cloned()));
            }
        }
        *self = Self {
            fields: merged,
            cells,
            len: self.len + other.len,
        };
    }

    /// Leaves the first `len` rows.
    pub fn truncate(&mut self, len: usize) {
        if len < self.len {
            self.len = len;
            self.cells.truncate(len * self.fields.len());
        }
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// A list of objects, as on the wire.
impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<'a> IntoIterator for &'a Rows {
    type Item = RowRef<'a>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// Goes over the rows of a table.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    rows: &'a Rows,
    range: std::ops::Range<usize>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = RowRef<'a>;

    fn next(&mut self) -> Option<RowRef<'a>> {
        self.range.next().map(|index| RowRef {
            rows: self.rows,
            index,
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.range.size_hint()
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.range.next_back().map(|index| RowRef {
            rows: self.rows,
            index,
        })
    }
}

impl ExactSizeIterator for Iter<'_> {}

/// One entity of a table.
#[derive(Clone, Copy)]
pub struct RowRef<'a> {
    rows: &'a Rows,
    index: usize,
}

impl<'a> RowRef<'a> {
    /// The number of the entity.
    pub fn id(&self) -> EntityId {
        let id = self
            .at(1)
            .and_then(Value::as_i64)
            .and_then(|id| u64::try_from(id).ok());
        EntityId(id.unwrap_or_default())
    }

    /// The type of the entity.
    pub fn entity_type(&self) -> EntityType {
        if let Some(Value::Text(name)) = self.at(0) {
            Arc::clone(name).into()
        } else {
            "".into()
        }
    }

    /// A link to the entity.
    pub fn to_ref(&self) -> EntityRef {
        EntityRef::new(self.entity_type(), self.id())
    }

    /// The value of a field. `None` if the server sent none, which is not the same as null.
    pub fn get(&self, field: &str) -> Option<&'a Value> {
        self.at(self.rows.column(field)?)
    }

    /// The value in a column found with [`Rows::column`].
    pub fn at(&self, column: usize) -> Option<&'a Value> {
        let width = self.rows.fields.len();
        if column >= width {
            return None;
        }
        self.rows.cells.get(self.index * width + column)?.as_ref()
    }

    /// The value of a field as people read it; empty if there is none.
    pub fn text(&self, field: &str) -> String {
        self.get(field).map(ToString::to_string).unwrap_or_default()
    }

    /// All fields that the server sent, with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&'a FieldName, &'a Value)> + use<'a> {
        let row = *self;
        row.rows
            .fields
            .iter()
            .enumerate()
            .filter_map(move |(column, name)| Some((name, row.at(column)?)))
    }
}

impl fmt::Debug for RowRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// An object, as on the wire.
impl Serialize for RowRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// One entity on its own: what `find_one`, `create` and `update` answer.
#[derive(Clone, PartialEq)]
pub struct Entity(Rows);

impl Entity {
    /// The first of `rows`, if there is one.
    pub fn first_of(mut rows: Rows) -> Option<Self> {
        rows.truncate(1);
        (!rows.is_empty()).then_some(Self(rows))
    }

    /// The entity as a row of a table.
    pub const fn row(&self) -> RowRef<'_> {
        RowRef {
            rows: &self.0,
            index: 0,
        }
    }

    /// Its number.
    pub fn id(&self) -> EntityId {
        self.row().id()
    }

    /// Its type.
    pub fn entity_type(&self) -> EntityType {
        self.row().entity_type()
    }

    /// A link to it.
    pub fn to_ref(&self) -> EntityRef {
        self.row().to_ref()
    }

    /// The value of a field. `None` if the server sent none.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.row().get(field)
    }

    /// The value of a field as people read it; empty if there is none.
    pub fn text(&self, field: &str) -> String {
        self.row().text(field)
    }

    /// All fields with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&FieldName, &Value)> {
        self.row().iter()
    }

    /// A table of this one row.
    pub fn into_rows(self) -> Rows {
        self.0
    }
}

impl fmt::Debug for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.row().fmt(f)
    }
}

impl Serialize for Entity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.row().serialize(serializer)
    }
}
