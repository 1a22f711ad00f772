//! The values of a filter, turned into what the rows store, or refused in the site's words.

use serde_json::Value as Json;

use super::filter::Operand;
use crate::sandbox::clock::stamp;
use crate::sandbox::coerce;
use crate::sandbox::schema::{DataType, Family, Field, Schema};

/// What `field` would store for `value`, as something to compare with. Nothing if the field cannot hold it.
pub(super) fn operand(schema: &Schema, field: &Field, value: &Json) -> Option<Operand> {
    let family = field.data_type.family();
    if value.is_null() {
        return (family != Family::Flag).then_some(Operand::Null);
    }
    match family {
        Family::Text | Family::Choice => value
            .as_str()
            .map(|text| Operand::Text(text.trim().to_lowercase())),
        Family::Number => coerce::number(value)
            .filter(|number| number.is_finite())
            .map(Operand::Number),
        Family::Date => coerce::date(value).map(|date| Operand::Text(date.to_string())),
        Family::DateTime => {
            coerce::moment(value).map(|moment| Operand::Text(stamp(moment).to_ascii_lowercase()))
        }
        Family::Flag => flag(value).map(Operand::Flag),
        Family::Link => coerce::reference(schema, value).map(Operand::Link),
        Family::Image | Family::Tags | Family::Opaque => None,
    }
}

fn flag(value: &Json) -> Option<bool> {
    match value.as_str() {
        Some(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Some(text) if text.eq_ignore_ascii_case("false") => Some(false),
        Some(_) => None,
        None => value.as_bool(),
    }
}

/// What to say of a value that a field of this type is not compared with, to follow the field's name.
pub(super) fn mismatch(data_type: DataType, value: &Json) -> String {
    let expected = match data_type.family() {
        Family::Text | Family::Choice | Family::Date | Family::DateTime | Family::Tags => {
            "String, NilClass"
        }
        Family::Number => "Integer, Float, String, NilClass",
        Family::Flag => "String, FalseClass, TrueClass",
        Family::Link => "Hash, NilClass",
        Family::Image | Family::Opaque => "NilClass",
    };
    expected_but_got(expected, value)
}

/// What to say of a value where one of the types `expected` belongs. A site's types are those of Ruby.
pub(super) fn expected_but_got(expected: &str, value: &Json) -> String {
    let class = match value {
        Json::Null => "NilClass",
        Json::Bool(true) => "TrueClass",
        Json::Bool(false) => "FalseClass",
        Json::Number(number) if number.is_f64() => "Float",
        Json::Number(_) => "Integer",
        Json::String(_) => "String",
        Json::Array(_) => "Array",
        Json::Object(_) => "Hash",
    };
    let shown = if value.is_null() {
        "nil".to_owned()
    } else {
        value.to_string()
    };
    format!("expected [{expected}] data type(s) but got {class}: {shown}")
}
