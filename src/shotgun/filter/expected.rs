//! What kind of value a condition takes, and whether it got that.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value as Json;

use crate::shotgun::filter::relations::{Arity, Relation};
use crate::shotgun::value::{Value, date};

/// The units of a span of time, as the server spells them.
pub(in crate::shotgun) const UNITS: [&str; 5] = ["HOUR", "DAY", "WEEK", "MONTH", "YEAR"];

/// Relations to a number, whatever the field holds.
const COUNTED: [Relation; 5] = [
    Relation::InCalendarDay,
    Relation::InCalendarWeek,
    Relation::InCalendarMonth,
    Relation::InCalendarYear,
    Relation::NameId,
];

/// Relations to text, whatever the field holds.
const SPELLED: [Relation; 9] = [
    Relation::Contains,
    Relation::NotContains,
    Relation::StartsWith,
    Relation::EndsWith,
    Relation::NameIs,
    Relation::NameContains,
    Relation::NameNotContains,
    Relation::NameStartsWith,
    Relation::NameEndsWith,
];

/// The kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shotgun) enum Expected {
    Text,
    Number,
    WholeNumber,
    Moment,
    Switch,
    Link,
    TypeName,
    Nothing,
    /// A number and a unit.
    Span,
    /// We do not know.
    Anything,
}

impl Expected {
    /// For a field of this data type, in this relation.
    pub(in crate::shotgun) fn of(data_type: &str, relation: Relation) -> Self {
        if relation.arity() == Arity::Span {
            return Self::Span;
        }
        if COUNTED.contains(&relation) {
            return Self::WholeNumber;
        }
        if matches!(relation, Relation::TypeIs | Relation::TypeIsNot) {
            return Self::TypeName;
        }
        if SPELLED.contains(&relation) {
            return Self::Text;
        }
        match data_type {
            "text" | "footage" | "list" | "status_list" | "color" | "entity_type" | "uuid"
            | "tag_list" | "system_task_type" => Self::Text,
            "number" | "percent" | "duration" | "timecode" | "float" | "currency" => Self::Number,
            "date" | "date_time" => Self::Moment,
            "checkbox" => Self::Switch,
            "entity" | "multi_entity" | "addressing" => Self::Link,
            "image" => Self::Nothing,
            _ => Self::Anything,
        }
    }

    /// In words.
    pub(in crate::shotgun) const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::WholeNumber => "a whole number",
            Self::Moment => "a date or a time",
            Self::Switch => "true or false",
            Self::Link => "an entity",
            Self::TypeName => "the name of a type, such as `Shot`",
            Self::Nothing => "null",
            Self::Span => "a number from 1 up and HOUR, DAY, WEEK, MONTH or YEAR",
            Self::Anything => "anything",
        }
    }

    /// Whether `values`, of which there is the right number, can be compared with. What is refused is told.
    pub(in crate::shotgun) fn refused(self, values: &[Value]) -> Option<&Value> {
        if self != Self::Span {
            return values.iter().find(|value| !self.takes(value));
        }
        let units = |value: &&Value| !value.as_str().is_some_and(|unit| UNITS.contains(&unit));
        let count = |value: &&Value| !matches!(value, Value::Int(1..));
        values
            .first()
            .filter(count)
            .or_else(|| values.get(1).filter(units))
    }

    fn takes(self, value: &Value) -> bool {
        if value.is_null() {
            // Offsets and numbers of tags are counted, not compared.
            return self != Self::WholeNumber;
        }
        match self {
            // What reads like a date is text to a field of text.
            Self::Text => value.text().is_some(),
            Self::Number => value.as_f64().is_some() || is_large(value) || spells_number(value),
            Self::WholeNumber => value.as_i64().is_some(),
            Self::Moment => spells_moment(value),
            Self::Switch => value.as_bool().is_some(),
            Self::Link => value.as_entity().is_some() || is_link(value),
            Self::TypeName => value.as_str().is_some_and(is_type_name),
            Self::Nothing => false,
            Self::Span | Self::Anything => true,
        }
    }
}

/// What kind of value it is, for people.
pub(in crate::shotgun) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Int(_) | Value::Float(_) => "a number",
        Value::Text(_) => "text",
        Value::Date(_) => "a date",
        Value::DateTime(_) => "a time",
        Value::Entity(_) => "an entity",
        Value::Entities(_) => "a list",
        Value::Json(_) => "JSON",
    }
}

/// A whole number of more than 63 bits.
fn is_large(value: &Value) -> bool {
    matches!(value, Value::Json(json) if json.is_number())
}

/// Sites take numbers in quotes.
fn spells_number(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.trim().parse::<f64>().is_ok_and(f64::is_finite))
}

/// Sites take times with a zone or without as well.
fn spells_moment(value: &Value) -> bool {
    value.text().is_some_and(|text| {
        date(&text).is_some()
            || text.parse::<Timestamp>().is_ok()
            || text.parse::<DateTime>().is_ok()
    })
}

/// Whether text can be the name of a type; which ones there are, a schema of a few types does not tell.
fn is_type_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// An entity with more about it than a link tells.
fn is_link(value: &Value) -> bool {
    let Value::Json(json) = value else {
        return false;
    };
    let has = |key, is: fn(&Json) -> bool| json.get(key).is_some_and(is);
    has("type", Json::is_string) && has("id", Json::is_u64)
}
