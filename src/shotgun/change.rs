//! A change to an entity, as a value: what a batch is made of.

pub(super) mod check;

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Value as Json, json};

use crate::shotgun::entity::{EntityId, EntityType, FieldName};
use crate::shotgun::rows::Entity;
use crate::shotgun::rows::decode::{EntitySeed, RowsSeed};
use crate::shotgun::value::Value;

/// What writing a field of several links does to those that are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UpdateMode {
    /// Takes their place.
    #[default]
    Set,
    /// Comes in addition.
    Add,
    /// Takes away those written, and leaves the others.
    Remove,
}

impl UpdateMode {
    /// Its word on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Add => "add",
            Self::Remove => "remove",
        }
    }
}

/// One of the changes that [`Client::batch`](crate::shotgun::Client::batch) makes together.
///
/// ```
/// use callboard::shotgun::{Change, EntityRef, UpdateMode, Value};
///
/// let bunny = vec![EntityRef::new("Asset", 9)];
/// let changes = [
///     Change::create("Shot", &[("code", "sh020".into()), ("project", Value::entity("Project", 70))], &[]),
///     Change::update_with_modes("Shot", 12, &[("assets", bunny.into())], &[("assets", UpdateMode::Add)]),
///     Change::delete("Shot", 11),
/// ];
/// # assert_eq!(changes.len(), 3);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Makes an entity.
    Create {
        /// Of this type.
        entity_type: EntityType,
        /// With these values.
        data: Vec<(FieldName, Value)>,
        /// Fields to answer with besides those set.
        return_fields: Vec<FieldName>,
    },
    /// Changes fields of an entity.
    Update {
        /// Its type.
        entity_type: EntityType,
        /// Its number.
        id: EntityId,
        /// The new values.
        data: Vec<(FieldName, Value)>,
        /// What happens to links that are there; those of fields not listed are replaced.
        modes: Vec<(FieldName, UpdateMode)>,
    },
    /// Retires an entity.
    Delete {
        /// Its type.
        entity_type: EntityType,
        /// Its number.
        id: EntityId,
    },
}

impl Change {
    /// Makes an entity, like [`Client::create`](crate::shotgun::Client::create).
    pub fn create(entity_type: &str, data: &[(&str, Value)], return_fields: &[&str]) -> Self {
        Self::Create {
            entity_type: entity_type.into(),
            data: owned(data),
            return_fields: return_fields.iter().map(FieldName::from).collect(),
        }
    }

    /// Changes fields of an entity, like [`Client::update`](crate::shotgun::Client::update).
    pub fn update(entity_type: &str, id: impl Into<EntityId>, data: &[(&str, Value)]) -> Self {
        Self::update_with_modes(entity_type, id, data, &[])
    }

    /// Changes fields of an entity, like [`Client::update_with_modes`](crate::shotgun::Client::update_with_modes).
    pub fn update_with_modes(
        entity_type: &str,
        id: impl Into<EntityId>,
        data: &[(&str, Value)],
        modes: &[(&str, UpdateMode)],
    ) -> Self {
        Self::Update {
            entity_type: entity_type.into(),
            id: id.into(),
            data: owned(data),
            modes: owned(modes),
        }
    }

    /// Retires an entity, like [`Client::delete`](crate::shotgun::Client::delete).
    pub fn delete(entity_type: &str, id: impl Into<EntityId>) -> Self {
        Self::Delete {
            entity_type: entity_type.into(),
            id: id.into(),
        }
    }

    /// What the method of the same name is given.
    pub(super) fn argument(&self) -> Json {
        match self {
            Self::Create {
                entity_type,
                data,
                return_fields,
            } => {
                let others = return_fields.iter().map(FieldName::as_str);
                let fields: Vec<_> = std::iter::once("id")
                    .chain(others.filter(|field| *field != "id"))
                    .collect();
                json!({ "type": entity_type, "fields": wire_fields(data, &[]), "return_fields": fields })
            }
            Self::Update {
                entity_type,
                id,
                data,
                modes,
            } => json!({ "type": entity_type, "id": id, "fields": wire_fields(data, modes) }),
            Self::Delete { entity_type, id } => json!({ "type": entity_type, "id": id }),
        }
    }

    /// What a batch is given.
    pub(super) fn request(&self) -> Json {
        let mut request = self.argument();
        request["request_type"] = self.method().into();
        request
    }

    /// The name of the method that does it alone.
    pub(super) const fn method(&self) -> &'static str {
        match self {
            Self::Create { .. } => "create",
            Self::Update { .. } => "update",
            Self::Delete { .. } => "delete",
        }
    }

    /// What it is about.
    pub const fn entity_type(&self) -> &EntityType {
        match self {
            Self::Create { entity_type, .. }
            | Self::Update { entity_type, .. }
            | Self::Delete { entity_type, .. } => entity_type,
        }
    }

    /// Decodes the entity it is answered with.
    pub(super) fn seed(&self) -> EntitySeed {
        let (data, fields) = match self {
            Self::Create {
                data,
                return_fields,
                ..
            } => (&data[..], &return_fields[..]),
            Self::Update { data, .. } => (&data[..], &[][..]),
            Self::Delete { .. } => (&[][..], &[][..]),
        };
        let columns = data.iter().map(|(name, _)| name).chain(fields);
        EntitySeed(RowsSeed::new(columns))
    }
}

fn owned<T: Clone>(pairs: &[(&str, T)]) -> Vec<(FieldName, T)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).into(), value.clone()))
        .collect()
}

/// Values to set, and what happens to the links that are there.
fn wire_fields(data: &[(FieldName, Value)], modes: &[(FieldName, UpdateMode)]) -> Json {
    let field = |(name, value): &(FieldName, Value)| {
        let mut field = json!({ "field_name": name, "value": value });
        if let Some((_, mode)) = modes.iter().find(|(of, _)| of == name) {
            field["multi_entity_update_mode"] = mode.name().into();
        }
        field
    };
    data.iter().map(field).collect()
}

/// What came of a [`Change`].
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    /// The entity that was made or changed, with what was set, as the site stored it.
    Entity(Entity),
    /// Whether the entity was retired by this; `false` if it had been before.
    Deleted(bool),
}

impl Changed {
    /// The entity that was made or changed.
    pub const fn entity(&self) -> Option<&Entity> {
        match self {
            Self::Entity(entity) => Some(entity),
            Self::Deleted(_) => None,
        }
    }
}

/// Decodes the answer to one change.
#[derive(Clone)]
struct ChangedSeed(EntitySeed);

impl<'de> DeserializeSeed<'de> for ChangedSeed {
    type Value = Changed;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Changed, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ChangedSeed {
    type Value = Changed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entity, or whether one was deleted")
    }

    fn visit_bool<E>(self, done: bool) -> Result<Changed, E> {
        Ok(Changed::Deleted(done))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Changed, A::Error> {
        self.0
            .deserialize(serde::de::value::MapAccessDeserializer::new(map))
            .map(Changed::Entity)
    }
}

/// Decodes the answers to a batch, one for each change.
#[derive(Clone)]
pub(super) struct BatchSeed(pub(super) Vec<EntitySeed>);

impl<'de> DeserializeSeed<'de> for BatchSeed {
    type Value = Vec<Changed>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for BatchSeed {
    type Value = Vec<Changed>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of {} answers", self.0.len())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let expected = self.0.len();
        let mut changed = Vec::with_capacity(expected);
        for seed in self.0 {
            let answer = seq.next_element_seed(ChangedSeed(seed))?;
            changed.push(answer.ok_or_else(|| {
                A::Error::custom(format_args!(
                    "{} answers to {expected} changes",
                    changed.len()
                ))
            })?);
        }
        if seq.next_element::<serde::de::IgnoredAny>()?.is_some() {
            let text = format_args!("more than {expected} answers to {expected} changes");
            return Err(A::Error::custom(text));
        }
        Ok(changed)
    }
}
