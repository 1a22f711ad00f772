//! From the bytes of an answer to values, in one pass and without a tree in between.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::Value as Json;

use crate::shotgun::entity::EntityRef;
use crate::shotgun::rows::recent::Recent;
use crate::shotgun::value::Value;

/// Decodes one value. What repeats in a column shares its memory.
pub(super) struct CellSeed<'a>(pub(super) &'a mut Recent);

impl<'de> DeserializeSeed<'de> for CellSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(CellVisitor {
            recent: self.0,
            is_item: false,
        })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        CellSeed(&mut Recent::default()).deserialize(deserializer)
    }
}

/// Decodes an item of a list.
struct ItemSeed<'a>(&'a mut Recent);

impl<'de> DeserializeSeed<'de> for ItemSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(CellVisitor {
            recent: self.0,
            is_item: true,
        })
    }
}

struct CellVisitor<'a> {
    recent: &'a mut Recent,
    is_item: bool,
}

impl<'de> Visitor<'de> for CellVisitor<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value of a field")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, on: bool) -> Result<Value, E> {
        Ok(Value::Bool(on))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        // Beyond 63 bits we keep the number as it was written.
        Ok(i64::try_from(number).map_or_else(
            |_too_large| Value::Json(Box::new(number.into())),
            Value::Int,
        ))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        // Sites escape this one character, and only this one, and `shotgun_api3` undoes it here and nowhere deeper.
        if !self.is_item && text.as_bytes().contains(&b'&') && text.contains("&lt;") {
            return Ok(Value::Text(text.replace("&lt;", "<").into()));
        }
        Ok(Value::dated(text).unwrap_or_else(|| Value::Text(self.recent.text(text))))
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a list is either links or something else"
    )]
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut entities = Vec::new();
        while let Some(value) = seq.next_element_seed(ItemSeed(self.recent))? {
            match value {
                Value::Entity(entity) => entities.push(Arc::unwrap_or_clone(entity)),
                odd => return mixed_list(&entities, &odd, seq),
            }
        }
        Ok(Value::Entities(entities))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        object(map, self.recent)
    }
}

/// A list that turned out to hold something else than links.
fn mixed_list<'de, A: SeqAccess<'de>>(
    entities: &[EntityRef],
    odd: &Value,
    mut seq: A,
) -> Result<Value, A::Error> {
    let mut list: Vec<Json> = entities
        .iter()
        .map(|entity| Value::from(entity).to_json())
        .collect();
    list.push(odd.to_json());
    while let Some(value) = seq.next_element::<Json>()? {
        list.push(value);
    }
    Ok(Value::Json(Box::new(Json::Array(list))))
}

/// An object is a link if it has the type of an entity and a number and is not a file link; otherwise it stays JSON.
fn object<'de, A: MapAccess<'de>>(mut map: A, recent: &mut Recent) -> Result<Value, A::Error> {
    let (mut entity_type, mut id, mut name) = (None, None, None);
    let mut rest = serde_json::Map::new();
    while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
        match &*key {
            "type" => entity_type = Some(map.next_value::<Scalar<'de>>()?),
            "id" => id = Some(map.next_value::<Scalar<'de>>()?),
            "name" => name = Some(map.next_value::<Scalar<'de>>()?),
            _ => {
                rest.insert(key.into_owned(), map.next_value()?);
            }
        }
    }
    let file = rest.contains_key("link_type") || rest.contains_key("url");
    if let (
        Some(Scalar::Text(entity_type)),
        Some(Scalar::Id(id)),
        None | Some(Scalar::Text(_) | Scalar::Null),
        false,
    ) = (&entity_type, &id, &name, file)
        // The `meta` of an event has a type, too, in small letters.
        && entity_type.starts_with(|c: char| c.is_ascii_uppercase())
    {
        let name = if let Some(Scalar::Text(name)) = &name {
            Some(&**name)
        } else {
            None
        };
        return Ok(Value::Entity(recent.link(entity_type, *id, name)));
    }
    for (key, scalar) in [("type", entity_type), ("id", id), ("name", name)] {
        if let Some(scalar) = scalar {
            rest.insert(key.into(), scalar.into_json());
        }
    }
    Ok(Value::Json(Box::new(Json::Object(rest))))
}

/// Text that is borrowed from the answer where it holds no escapes.
pub(super) struct Text<'de>(pub(super) Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

/// What `type`, `id` and `name` hold in a link, or whatever they hold in an object that is none.
enum Scalar<'de> {
    Null,
    Text(Cow<'de, str>),
    Id(u64),
    Other(Json),
}

impl Scalar<'_> {
    fn into_json(self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Text(text) => text.into(),
            Self::Id(id) => id.into(),
            Self::Other(json) => json,
        }
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Null)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, id: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Id(id))
    }

    fn visit_i64<E>(self, id: i64) -> Result<Scalar<'de>, E> {
        Ok(u64::try_from(id).map_or(Scalar::Other(id.into()), Scalar::Id))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other(number.into()))
    }

    fn visit_bool<E>(self, on: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Other(on.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Scalar<'de>, A::Error> {
        Json::deserialize(serde::de::value::SeqAccessDeserializer::new(seq)).map(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scalar<'de>, A::Error> {
        Json::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(Scalar::Other)
    }
}

/// Takes the first item of a list, or the value itself: `create` answers in either way.
#[derive(Clone)]
pub(super) struct FirstOf<S>(pub(super) S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for FirstOf<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for FirstOf<S> {
    type Value = S::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entity, or a list that begins with one")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<S::Value, A::Error> {
        let first = seq
            .next_element_seed(self.0)?
            .ok_or_else(|| A::Error::custom("the list is empty"))?;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<S::Value, A::Error> {
        self.0
            .deserialize(serde::de::value::MapAccessDeserializer::new(map))
    }
}
