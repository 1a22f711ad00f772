//! Values as they come over the wire, turned into what the rows store, or refused.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde_json::Value as Json;

use super::auth::password;
use super::clock::stamp;
use super::file_link;
use super::schema::{DataType, Field, Schema};
use super::store::Store;
use super::value::{Ref, Value};

/// The first year that a date can be in.
const FIRST_YEAR: i16 = 1970;
/// The largest number with a fraction, and how many decimals are kept of it.
const FLOATS: (f64, i32) = (999_999_999.999_999, 6);
/// The largest sum of money, and how many decimals are kept of it.
const SUMS: (f64, i32) = (9_999_999_999_999.99, 2);

/// What `field` stores for `value`. The error says what is wrong, to follow the field's name.
pub fn value(store: &Store, field: &Field, value: &Json) -> Result<Value, String> {
    if value.is_null() {
        return Ok(field.data_type.empty());
    }
    let converted = match field.data_type {
        DataType::Text => value.as_str().map(|text| text_or_null(text.trim())),
        DataType::Footage => return footage(field, value),
        DataType::Number | DataType::Percent | DataType::Timecode => {
            whole(value).map(Value::Number)
        }
        DataType::Duration => number(value).and_then(minutes).map(Value::Number),
        DataType::Float => decimal(value, FLOATS).map(Value::Float),
        DataType::Currency => decimal(value, SUMS).map(Value::Float),
        DataType::Checkbox => value.as_bool().map(Value::Flag),
        DataType::Date => date(value).map(|date| Value::text(date.to_string())),
        DataType::DateTime => moment(value)
            .filter(|moment| Offset::UTC.to_datetime(*moment).year() >= FIRST_YEAR)
            .map(|moment| Value::text(stamp(moment))),
        DataType::List | DataType::StatusList => return choice(field, value),
        DataType::Color | DataType::EntityType | DataType::Uuid | DataType::SystemTaskType => {
            value.as_str().map(Value::text)
        }
        DataType::TagList => tags(value),
        DataType::Password => value.as_str().map(secret),
        DataType::Entity => return link(store, field, value).map(Value::Link),
        DataType::MultiEntity | DataType::Addressing => return links(store, field, value),
        DataType::Image => {
            return Err("can only be set to null; upload a thumbnail instead.".to_owned());
        }
        DataType::Url if value.is_object() => return file_link::read(store, value),
        // Nobody writes a pivot column.
        DataType::Url | DataType::PivotColumn => None,
        DataType::Serializable => value
            .is_object()
            .then(|| Value::Json(Arc::new(value.clone()))),
    };
    converted.ok_or_else(|| mismatch(field, value))
}

/// Any number, also one that is written as a string.
pub fn number(value: &Json) -> Option<f64> {
    value
        .as_f64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

/// A day. Of a date-time, the day it is in.
pub fn date(value: &Json) -> Option<Date> {
    let text = value.as_str()?;
    let date = text
        .parse::<Date>()
        .ok()
        .or_else(|| Some(Offset::UTC.to_datetime(moment(value)?).date()))?;
    (date.year() >= FIRST_YEAR).then_some(date)
}

/// A moment; without a zone it is UTC, without a time midnight.
pub fn moment(value: &Json) -> Option<Timestamp> {
    let text = value.as_str()?;
    let zoneless = || {
        Offset::UTC
            .to_timestamp(text.parse::<DateTime>().ok()?)
            .ok()
    };
    text.parse().ok().or_else(zoneless)
}

/// Which row a hash with `type` and `id` names. It need not exist.
pub fn reference(schema: &Schema, value: &Json) -> Option<Ref> {
    let kind = schema.kind(value.get("type")?.as_str()?)?;
    let id = u32::try_from(value.get("id")?.as_u64()?).ok()?;
    Some(Ref { kind, id })
}

/// A 32-bit whole number, also one that is written as a string.
fn whole(value: &Json) -> Option<i64> {
    let whole = value
        .as_i64()
        .or_else(|| value.as_str()?.trim().parse().ok())?;
    i32::try_from(whole).ok().map(i64::from)
}

/// Whole minutes that fit in 32 bits; what is less than one is cut off.
fn minutes(number: f64) -> Option<i64> {
    let whole = number.trunc();
    let fits = (f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&whole);
    fits.then_some(whole as i64)
}

/// A number that is not beyond `largest` in either direction, rounded to so many decimals.
fn decimal(value: &Json, (largest, decimals): (f64, i32)) -> Option<f64> {
    let number = value.as_f64().filter(|number| number.abs() <= largest)?;
    let scale = 10_f64.powi(decimals);
    Some((number * scale).round() / scale)
}

fn text_or_null(text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        Value::text(text)
    }
}

/// No one logs in with an empty password.
fn secret(text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        Value::text(password::hash(text))
    }
}

/// Feet, a dash, frames.
fn footage(field: &Field, value: &Json) -> Result<Value, String> {
    let text = value.as_str().ok_or_else(|| mismatch(field, value))?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = text.split_once('-');
    if parts.is_some_and(|(feet, frames)| digits(feet) && digits(frames)) {
        Ok(Value::text(text))
    } else {
        Err(format!("'{text}' is not feet and frames, such as '10-05'."))
    }
}

fn choice(field: &Field, value: &Json) -> Result<Value, String> {
    let text = value.as_str().ok_or_else(|| mismatch(field, value))?;
    let known = field
        .choices
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(text));
    let valid = || {
        let values = field.choices.iter().map(|(value, _)| &**value);
        values.collect::<Vec<&str>>()
    };
    known
        .map(|(known, _)| Value::Text(Arc::clone(known)))
        .ok_or_else(|| {
            format!(
                "'{text}' is not a valid value. Valid values are: {}",
                Json::from(valid())
            )
        })
}

fn link(store: &Store, field: &Field, value: &Json) -> Result<Ref, String> {
    let target = reference(store.schema(), value).ok_or_else(|| mismatch(field, value))?;
    let name = store.schema().entity(target.kind).name;
    if !field.valid_types.contains(&target.kind) {
        return Err(format!(
            "does not take a link to an entity of type '{name}'."
        ));
    }
    match store.live(target) {
        Some(_) => Ok(target),
        None => Err(format!(
            "links to a {name} with id {} that does not exist.",
            target.id
        )),
    }
}

fn links(store: &Store, field: &Field, value: &Json) -> Result<Value, String> {
    let mut links = Vec::new();
    for item in value.as_array().ok_or_else(|| mismatch(field, value))? {
        let target = link(store, field, item)?;
        if !links.contains(&target) {
            links.push(target);
        }
    }
    Ok(Value::Links(links))
}

/// Names, each of them once.
fn tags(value: &Json) -> Option<Value> {
    let mut tags: Vec<&str> = Vec::new();
    for tag in value.as_array()? {
        let tag = tag.as_str()?.trim();
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    Some(Value::Json(Arc::new(tags.into())))
}

fn mismatch(field: &Field, value: &Json) -> String {
    let expected = match field.data_type {
        DataType::Number | DataType::Percent | DataType::Duration | DataType::Timecode => "Integer",
        DataType::Float | DataType::Currency => "Float",
        DataType::Checkbox => "TrueClass, FalseClass",
        DataType::Date => "Date",
        DataType::DateTime => "Time",
        DataType::Entity | DataType::Url | DataType::Serializable => "Hash",
        DataType::MultiEntity | DataType::Addressing | DataType::TagList => "Array",
        DataType::Text
        | DataType::Footage
        | DataType::List
        | DataType::StatusList
        | DataType::Color
        | DataType::EntityType
        | DataType::Uuid
        | DataType::Password
        | DataType::SystemTaskType
        | DataType::PivotColumn
        | DataType::Image => "String",
    };
    let got = match value {
        Json::Null => "NilClass",
        Json::Bool(_) => "Boolean",
        Json::Number(number) if number.is_f64() => "Float",
        Json::Number(_) => "Integer",
        Json::String(_) => "String",
        Json::Array(_) => "Array",
        Json::Object(_) => "Hash",
    };
    // Nobody reads a password, not even one that is none.
    let shown = if field.data_type == DataType::Password {
        String::new()
    } else {
        format!(" {value}")
    };
    format!("expected [{expected}, NilClass] data type(s) but got: [{got}]{shown}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn stored(entity: &str, name: &str, json: &Json) -> Result<Value, String> {
        let store = Store::new(Schema::studio());
        let entity = store.schema().entity(store.schema().kind(entity).unwrap());
        value(
            &store,
            &entity.fields[entity.field_index(name).unwrap()],
            json,
        )
    }

    #[test]
    fn text_is_stripped_and_an_empty_one_is_null() {
        assert_eq!(stored("Shot", "code", &json!("  a ")), Ok(Value::text("a")));
        assert_eq!(stored("Shot", "code", &json!(" ")), Ok(Value::Null));
        assert!(stored("Shot", "code", &json!(5)).is_err());
    }

    #[test]
    fn numbers_are_whole_and_fit_in_thirty_two_bits() {
        assert_eq!(
            stored("Shot", "sg_cut_in", &json!("42")),
            Ok(Value::Number(42))
        );
        assert!(stored("Shot", "sg_cut_in", &json!(1.5)).is_err());
        assert!(stored("Shot", "sg_cut_in", &json!(1_i64 << 40)).is_err());
        assert_eq!(
            stored("Task", "est_in_mins", &json!(90.7)),
            Ok(Value::Number(90))
        );
    }

    #[test]
    fn durations_fit_in_thirty_two_bits_and_are_numbers() {
        let stored = |value: Json| stored("Task", "est_in_mins", &value);
        assert_eq!(stored(json!(i32::MAX)), Ok(Value::Number(i32::MAX.into())));
        assert_eq!(stored(json!(-90.7)), Ok(Value::Number(-90)));
        for beyond in [
            json!(1_i64 << 31),
            json!(1e300),
            json!("NaN"),
            json!("-inf"),
        ] {
            assert!(stored(beyond.clone()).is_err(), "{beyond}");
        }
    }

    #[test]
    fn fractions_are_rounded_and_refused_when_too_large() {
        let store = Store::new(Schema::studio());
        let stored = |data_type, number: f64| {
            value(
                &store,
                &Field::custom("sg_a", "A", data_type),
                &json!(number),
            )
        };
        let float = |number| stored(DataType::Float, number);
        let currency = |number| stored(DataType::Currency, number);
        assert_eq!(float(0.123_456_7), Ok(Value::Float(0.123_457)));
        assert_eq!(
            float(-999_999_999.999_999),
            Ok(Value::Float(-999_999_999.999_999))
        );
        assert!(float(1e9).is_err() && float(-1e9).is_err());
        assert_eq!(currency(1e9 + 0.126), Ok(Value::Float(1_000_000_000.13)));
        assert_eq!(
            currency(9_999_999_999_999.99),
            Ok(Value::Float(9_999_999_999_999.99))
        );
        assert!(currency(1e13).is_err());
    }

    #[test]
    fn moments_are_in_years_of_four_digits_since_1970() {
        let stored = |text| stored("Playlist", "sg_date_and_time", &json!(text));
        assert_eq!(
            stored("1970-01-01T00:00:00Z"),
            Ok(Value::text("1970-01-01T00:00:00Z"))
        );
        assert_eq!(
            stored("9999-12-30T00:00:00Z"),
            Ok(Value::text("9999-12-30T00:00:00Z"))
        );
        for beyond in [
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:00:00+01:00",
            "-000044-03-15T00:00:00Z",
            "+010000-01-01T00:00:00Z",
        ] {
            assert!(stored(beyond).is_err(), "{beyond}");
        }
    }

    #[test]
    fn moments_become_utc_seconds() {
        let stored = |text| stored("Playlist", "sg_date_and_time", &json!(text));
        assert_eq!(
            stored("2026-03-01T10:20:30Z"),
            Ok(Value::text("2026-03-01T10:20:30Z"))
        );
        assert_eq!(
            stored("2026-03-01T10:20:30.5+02:00"),
            Ok(Value::text("2026-03-01T08:20:30Z"))
        );
        assert_eq!(
            stored("2026-03-01T10:20:30"),
            Ok(Value::text("2026-03-01T10:20:30Z"))
        );
        assert!(stored("soon").is_err());
    }

    #[test]
    fn null_empties_lists_and_unchecks_boxes() {
        assert_eq!(
            stored("Shot", "assets", &Json::Null),
            Ok(Value::Links(vec![]))
        );
        assert_eq!(
            stored("Task", "milestone", &Json::Null),
            Ok(Value::Flag(false))
        );
        assert_eq!(stored("Task", "due_date", &Json::Null), Ok(Value::Null));
    }

    #[test]
    fn a_list_takes_only_what_it_lists() {
        assert_eq!(
            stored("Shot", "sg_status_list", &json!("ip")),
            Ok(Value::text("ip"))
        );
        assert!(
            stored("Shot", "sg_status_list", &json!("gone"))
                .unwrap_err()
                .contains("valid value")
        );
    }
}
