//! Rows into structs of one's own: serde reads from the cells themselves, without JSON in between.

use serde::de::value::{Error as Mistake, MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Value as Json;

use crate::shotgun::entity::{EntityRef, FieldName};
use crate::shotgun::error::Error;
use crate::shotgun::rows::{Entity, RowRef, Rows};
use crate::shotgun::value::Value;

impl Rows {
    /// Every row as a `T` of yours. Fields go by name; a path through links is a name like any other.
    ///
    /// A field is an `Option` if it may be null or absent, an [`EntityRef`] or a struct of yours if it links, a
    /// `jiff::civil::Date` or a `jiff::Timestamp` if it is a date or a time, and a [`Value`] if it may be anything.
    ///
    /// ```
    /// use callboard::shotgun::{EntityRef, Rows};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Task {
    ///     id: u64,
    ///     content: String,
    ///     entity: Option<EntityRef>,
    ///     due_date: Option<jiff::civil::Date>,
    ///     #[serde(rename = "entity.Shot.code")]
    ///     shot_code: Option<String>,
    /// }
    ///
    /// # let json = r#"[{"type": "Task", "id": 7, "content": "Animation", "due_date": "2026-03-01",
    /// #     "entity": {"type": "Shot", "id": 12, "name": "sh010"}, "entity.Shot.code": "sh010"}]"#;
    /// # let rows: Rows = serde_json::from_str(json)?;
    /// let tasks: Vec<Task> = rows.deserialize()?;
    /// assert_eq!(tasks[0].shot_code.as_deref(), Some("sh010"));
    /// # assert_eq!((tasks[0].id, tasks[0].content.as_str()), (7, "Animation"));
    /// # assert!(tasks[0].entity.is_some() && tasks[0].due_date.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Fails with [`Error::Decode`], which names the row, the entity and the field.
    pub fn deserialize<'a, T: Deserialize<'a>>(&'a self) -> Result<Vec<T>, Error> {
        let numbered = self.iter().zip(1..);
        numbered
            .map(|(row, number)| {
                read(row).map_err(|reason| Error::decode(format!("row {number}, {reason}")))
            })
            .collect()
    }
}

impl<'a> RowRef<'a> {
    /// The row as a `T` of yours, like [`Rows::deserialize`]. A `T` with `&str` in it borrows from the rows.
    pub fn deserialize<T: Deserialize<'a>>(&self) -> Result<T, Error> {
        read(*self).map_err(Error::decode)
    }
}

impl Entity {
    /// The entity as a `T` of yours, like [`Rows::deserialize`].
    pub fn deserialize<'a, T: Deserialize<'a>>(&'a self) -> Result<T, Error> {
        self.row().deserialize()
    }
}

fn read<'de, T: Deserialize<'de>>(row: RowRef<'de>) -> Result<T, String> {
    T::deserialize(Part::Row(row))
        .map_err(|reason| format!("{} {}: {reason}", row.entity_type(), row.id()))
}

/// What serde reads from: a row, and what is in it.
#[derive(Clone, Copy)]
enum Part<'de> {
    /// A map of its fields.
    Row(RowRef<'de>),
    Value(&'de Value),
    /// The object that it is on the wire.
    Link(&'de EntityRef),
    Text(&'de str),
    Id(u64),
}

impl<'de> Deserializer<'de> for Part<'de> {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self {
            Self::Row(row) => visitor.visit_map(Cells {
                cells: row.iter(),
                current: None,
            }),
            Self::Value(value) => visit_value(value, visitor),
            Self::Link(link) => visit_link(link, visitor),
            Self::Text(text) => visitor.visit_borrowed_str(text),
            Self::Id(id) => visitor.visit_u64(id),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        if let Self::Value(Value::Null) = self {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        let text = match self {
            Self::Value(Value::Json(json)) => {
                let json: &Json = json;
                return json
                    .deserialize_enum(name, variants, visitor)
                    .map_err(Mistake::custom);
            }
            Self::Value(value) => value.text(),
            Self::Text(text) => Some(text.into()),
            Self::Row(_) | Self::Link(_) | Self::Id(_) => None,
        };
        let text =
            text.ok_or_else(|| Mistake::custom(format_args!("it is none of {variants:?}")))?;
        let text: StrDeserializer<'_, Mistake> = text.as_ref().into_deserializer();
        text.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Mistake> for Part<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

fn visit_value<'de, V: Visitor<'de>>(value: &'de Value, visitor: V) -> Result<V::Value, Mistake> {
    match value {
        Value::Null => visitor.visit_unit(),
        Value::Bool(on) => visitor.visit_bool(*on),
        Value::Int(number) => visitor.visit_i64(*number),
        Value::Float(number) => visitor.visit_f64(*number),
        Value::Text(text) => visitor.visit_borrowed_str(text),
        Value::Date(_) | Value::DateTime(_) => visitor.visit_string(value.to_string()),
        Value::Entity(link) => visit_link(link, visitor),
        Value::Entities(links) => {
            visitor.visit_seq(SeqDeserializer::new(links.iter().map(Part::Link)))
        }
        Value::Json(json) => {
            let json: &Json = json;
            json.deserialize_any(visitor).map_err(Mistake::custom)
        }
    }
}

fn visit_link<'de, V: Visitor<'de>>(link: &'de EntityRef, visitor: V) -> Result<V::Value, Mistake> {
    let parts = [
        ("type", Part::Text(link.entity_type.as_str())),
        ("id", Part::Id(link.id.0)),
    ];
    let name = link.name.as_deref().map(|name| ("name", Part::Text(name)));
    visitor.visit_map(MapDeserializer::new(parts.into_iter().chain(name)))
}

/// The cells of a row, of which `current` has told its name.
struct Cells<'de, I> {
    cells: I,
    current: Option<(&'de FieldName, &'de Value)>,
}

impl<'de, I: Iterator<Item = (&'de FieldName, &'de Value)>> MapAccess<'de> for Cells<'de, I> {
    type Error = Mistake;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Mistake> {
        self.current = self.cells.next();
        self.current
            .map(|(name, _)| seed.deserialize(Part::Text(name.as_str())))
            .transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Mistake> {
        let (name, value) = self
            .current
            .take()
            .ok_or_else(|| Mistake::custom("a value was asked for before its name"))?;
        seed.deserialize(Part::Value(value))
            .map_err(|reason| Mistake::custom(format_args!("field `{name}`: {reason}")))
    }
}
