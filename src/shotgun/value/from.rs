//! Values out of what programs hold.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Json;

use crate::shotgun::entity::{EntityId, EntityRef};
use crate::shotgun::value::Value;

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Arc<str>> for Value {
    fn from(text: Arc<str>) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(on: bool) -> Self {
        Self::Bool(on)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Int(number.into())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(number.into())
    }
}

impl From<EntityId> for Value {
    fn from(id: EntityId) -> Self {
        i64::try_from(id.0).map_or(Self::Float(id.0 as f64), Self::Int)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Self::DateTime(time)
    }
}

impl From<EntityRef> for Value {
    fn from(entity: EntityRef) -> Self {
        Self::Entity(Arc::new(entity))
    }
}

impl From<&EntityRef> for Value {
    fn from(entity: &EntityRef) -> Self {
        entity.clone().into()
    }
}

impl From<Vec<EntityRef>> for Value {
    fn from(entities: Vec<EntityRef>) -> Self {
        Self::Entities(entities)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Any JSON; links, dates and times are recognized.
impl From<Json> for Value {
    fn from(json: Json) -> Self {
        use serde::Deserialize as _;
        Self::deserialize(&json).unwrap_or_else(|_not_ours| Self::Json(Box::new(json)))
    }
}
