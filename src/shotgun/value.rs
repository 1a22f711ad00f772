//! The value of a field, as it is on the wire or about to be.

pub(super) mod file_link;
mod from;
pub(super) mod measures;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use crate::shotgun::entity::EntityRef;
use crate::shotgun::value::file_link::FileLink;

/// What a field holds.
///
/// Which kind a value is follows from its shape alone, for an answer does not say the field's data type: text that reads
/// `2026-03-01` is a date, and `2026-03-01T10:20:30Z` a time. Both print exactly as they came.
///
/// ```
/// use callboard::shotgun::Value;
///
/// assert_eq!(Value::from("ip").as_str(), Some("ip"));
/// assert_eq!(Value::parse("2026-03-01T10:20:30Z").to_string(), "2026-03-01T10:20:30Z");
/// ```
///
/// | data type of the field | read it with |
/// |---|---|
/// | `text`, `list`, `status_list`, `entity_type`, `uuid`, `password` | [`as_str`](Self::as_str), or [`text`](Self::text) where it may read like a date |
/// | `number`, `percent` | [`as_i64`](Self::as_i64) |
/// | `float`, `currency` | [`as_f64`](Self::as_f64) |
/// | `duration`, `timecode` | [`as_minutes`](Self::as_minutes), [`as_timecode`](Self::as_timecode) |
/// | `checkbox` | [`as_bool`](Self::as_bool) |
/// | `date`, `date_time` | [`as_date`](Self::as_date), [`as_timestamp`](Self::as_timestamp) |
/// | `entity`; `multi_entity`, `addressing` | [`as_entity`](Self::as_entity); [`entities`](Self::entities) |
/// | `tag_list` | [`as_texts`](Self::as_texts) |
/// | `image` | [`as_picture`](Self::as_picture) |
/// | `url` | [`as_file`](Self::as_file) |
/// | `color`, `footage` | [`as_color`](Self::as_color), [`as_footage`](Self::as_footage) |
/// | `serializable`, `jsonb`, and types that come to be | [`as_json`](Self::as_json), [`to_json`](Self::to_json) |
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing is set.
    #[default]
    Null,
    /// A checkbox.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text, a status, a list entry, an image's address…
    Text(Arc<str>),
    /// A day.
    Date(Date),
    /// An instant, to the second.
    DateTime(Timestamp),
    /// A link to one entity. Shared: neighboring rows often link to the same one.
    Entity(Arc<EntityRef>),
    /// Links to any number of entities. An empty list of anything is this, too.
    Entities(Vec<EntityRef>),
    /// Whatever else JSON can say: file links, lists of text, the `meta` of an event.
    Json(Box<Json>),
}

impl Value {
    /// A link to an entity.
    pub fn entity(entity_type: &str, id: u64) -> Self {
        EntityRef::new(entity_type, id).into()
    }

    /// A list of text, for fields of type `tag_list`.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        let texts: Vec<Json> = texts
            .into_iter()
            .map(|text| Json::String(text.into()))
            .collect();
        Json::Array(texts).into()
    }

    /// Text, or the date or time that it spells.
    pub fn parse(text: &str) -> Self {
        Self::dated(text).unwrap_or_else(|| Self::Text(text.into()))
    }

    /// The date or time that text spells.
    pub(super) fn dated(text: &str) -> Option<Self> {
        match text.len() {
            10 => date(text).map(Self::Date),
            20 => timestamp(text).map(Self::DateTime),
            _ => None,
        }
    }

    /// Whether nothing is set.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, if it is text. See [`Value::text`] for dates as well.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The text on the wire, if it is a string there: text, a date or a time.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Date(_) | Self::DateTime(_) => Some(Cow::Owned(self.to_string())),
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Float(_)
            | Self::Entity(_)
            | Self::Entities(_)
            | Self::Json(_) => None,
        }
    }

    /// The whole number, if it is one.
    pub const fn as_i64(&self) -> Option<i64> {
        if let Self::Int(number) = self {
            Some(*number)
        } else {
            None
        }
    }

    /// The number, if it is one of either kind.
    pub const fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Null
            | Self::Bool(_)
            | Self::Text(_)
            | Self::Date(_)
            | Self::DateTime(_)
            | Self::Entity(_)
            | Self::Entities(_)
            | Self::Json(_) => None,
        }
    }

    /// The checkbox, if it is one.
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(on) = self {
            Some(*on)
        } else {
            None
        }
    }

    /// The one entity it links to.
    pub fn as_entity(&self) -> Option<&EntityRef> {
        if let Self::Entity(entity) = self {
            Some(entity)
        } else {
            None
        }
    }

    /// The entities it links to: one, many or none.
    pub fn entities(&self) -> &[EntityRef] {
        match self {
            Self::Entity(entity) => std::slice::from_ref(&**entity),
            Self::Entities(entities) => entities,
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Float(_)
            | Self::Text(_)
            | Self::Date(_)
            | Self::DateTime(_)
            | Self::Json(_) => &[],
        }
    }

    /// The day, if it is one.
    pub const fn as_date(&self) -> Option<Date> {
        if let Self::Date(date) = self {
            Some(*date)
        } else {
            None
        }
    }

    /// The instant, if it is one.
    pub const fn as_timestamp(&self) -> Option<Timestamp> {
        if let Self::DateTime(time) = self {
            Some(*time)
        } else {
            None
        }
    }

    /// The texts, if it is a list of nothing else: for fields of type `tag_list`.
    pub fn as_texts(&self) -> Option<Vec<&str>> {
        match self {
            Self::Entities(none) if none.is_empty() => Some(Vec::new()),
            Self::Json(json) => json.as_array()?.iter().map(Json::as_str).collect(),
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Float(_)
            | Self::Text(_)
            | Self::Date(_)
            | Self::DateTime(_)
            | Self::Entity(_)
            | Self::Entities(_) => None,
        }
    }

    /// The file or page that it leads to: for fields of type `url`.
    pub fn as_file(&self) -> Option<FileLink> {
        self.as_json().and_then(FileLink::read)
    }

    /// The JSON, if it is kept as that: objects of fields of type `serializable`, and whatever else is no link.
    pub const fn as_json(&self) -> Option<&Json> {
        if let Self::Json(json) = self {
            Some(json)
        } else {
            None
        }
    }

    /// As JSON, the way it is on the wire.
    pub fn to_json(&self) -> Json {
        // None of our variants can fail to serialize; null stands in if that ever changes.
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// For people: links by name, lists joined by commas, nothing for null.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Bool(on) => on.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::Float(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::DateTime(time) => time.fmt(f),
            Self::Entity(entity) => entity.fmt(f),
            Self::Entities(entities) => {
                for (index, entity) in entities.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    entity.fmt(f)?;
                }
                Ok(())
            }
            Self::Json(json) => json.fmt(f),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(on) => serializer.serialize_bool(*on),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Date(date) => serializer.collect_str(date),
            // The server wants exactly 20 characters: whole seconds, UTC.
            Self::DateTime(time) => serializer.collect_str(&time.strftime("%Y-%m-%dT%H:%M:%SZ")),
            Self::Entity(entity) => entity.serialize(serializer),
            Self::Entities(entities) => entities.serialize(serializer),
            Self::Json(json) => json.serialize(serializer),
        }
    }
}

/// `YYYY-MM-DD`, exactly.
pub(super) fn date(text: &str) -> Option<Date> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *bytes else {
        return None;
    };
    let year = i16::from(pair(y1, y2)?) * 100 + i16::from(pair(y3, y4)?);
    Date::new(year, pair(m1, m2)?, pair(d1, d2)?).ok()
}

/// `YYYY-MM-DDTHH:MM:SSZ`, exactly.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let (day, time) = text.split_at_checked(10)?;
    let bytes: &[u8; 10] = time.as_bytes().try_into().ok()?;
    let [b'T', h1, h2, b':', m1, m2, b':', s1, s2, b'Z'] = *bytes else {
        return None;
    };
    let time = Time::new(pair(h1, h2)?, pair(m1, m2)?, pair(s1, s2)?, 0).ok()?;
    let time = date(day)?.to_datetime(time);
    jiff::tz::Offset::UTC.to_timestamp(time).ok()
}

fn pair(tens: u8, ones: u8) -> Option<i8> {
    let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
    is_number.then(|| ((tens - b'0') * 10 + (ones - b'0')).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_no_larger_than_three_words() {
        assert_eq!(size_of::<Option<Value>>(), 24);
    }

    #[test]
    fn dates_and_times_print_as_they_came() {
        for text in [
            "2026-03-01",
            "2024-02-29",
            "2026-03-01T10:20:30Z",
            "1970-01-01T00:00:00Z",
        ] {
            let value = Value::parse(text);
            assert_eq!(value.as_str(), None, "{text} was not recognized");
            assert_eq!(value.to_string(), text);
            assert_eq!(value.to_json(), Json::from(text));
        }
    }

    #[test]
    fn what_only_looks_like_a_date_stays_text() {
        for text in [
            "2026-02-30",
            "2026-3-01x",
            "2026-03-01T10:20:61Z",
            "2026-03-01T25:20:30Z",
            "2026-03-01 10:20:30Z",
            "äää-ö-ü1",
            "",
        ] {
            assert_eq!(Value::parse(text).as_str(), Some(text));
        }
    }

    #[test]
    fn instants_are_written_without_fractions() {
        let time: Timestamp = "2026-03-01T10:20:30.25Z".parse().unwrap();
        assert_eq!(
            Value::from(time).to_json(),
            Json::from("2026-03-01T10:20:30Z")
        );
    }
}
