//! Values as JSON, in words that outlive the order of types and fields: links by the name of the type.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::sandbox::coerce::reference;
use crate::sandbox::schema::{DataType, Family, Field, ID, Schema, Source};
use crate::sandbox::store::Row;
use crate::sandbox::value::{Ref, Value};

/// A value as JSON.
pub fn to_json(schema: &Schema, value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Flag(flag) => json!(flag),
        Value::Number(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Text(text) => json!(**text),
        Value::Link(at) => link(schema, *at),
        Value::Links(links) => links.iter().map(|at| link(schema, *at)).collect(),
        Value::Json(json) => (**json).clone(),
    }
}

/// Reads what [`to_json`] wrote for a value of `field`. The error says what was expected. Whether links lead somewhere is not
/// looked at.
pub fn from_json(schema: &Schema, field: &Field, json: &Json) -> Result<Value, &'static str> {
    if json.is_null() {
        return Ok(field.data_type.empty());
    }
    match field.data_type.family() {
        Family::Opaque if field.data_type != DataType::Password => {
            Ok(Value::Json(Arc::new(json.clone())))
        }
        Family::Tags if json.is_array() => Ok(Value::Json(Arc::new(json.clone()))),
        Family::Tags => Err("an array of names"),
        Family::Link if field.data_type.is_multi() => {
            let links = json.as_array().and_then(|links| {
                let read = links.iter().map(|link| reference(schema, link));
                read.collect::<Option<Vec<Ref>>>()
            });
            links.map(Value::Links).ok_or("an array of links")
        }
        Family::Link => reference(schema, json).map(Value::Link).ok_or("a link"),
        Family::Flag => json.as_bool().map(Value::Flag).ok_or("true or false"),
        Family::Number => number(field.data_type, json).ok_or("a number"),
        Family::Text
        | Family::Date
        | Family::DateTime
        | Family::Choice
        | Family::Image
        | Family::Opaque => json.as_str().map(Value::from).ok_or("a text"),
    }
}

/// The values of a row by field name, as far as there are any. The id is not among them.
pub fn fields(schema: &Schema, row: &Row) -> Map<String, Json> {
    let definitions = schema.entity(row.at.kind).fields.iter();
    let fields = definitions.zip(&row.values).enumerate();
    fields
        .filter(|(at, (field, value))| {
            *at != ID && field.source == Source::Row && **value != field.data_type.empty()
        })
        .map(|(_, (field, value))| (field.name.clone(), to_json(schema, value)))
        .collect()
}

fn link(schema: &Schema, at: Ref) -> Json {
    json!({"type": schema.entity(at.kind).name, "id": at.id})
}

fn number(data_type: DataType, json: &Json) -> Option<Value> {
    if matches!(data_type, DataType::Float | DataType::Currency) {
        json.as_f64().map(Value::Float)
    } else {
        json.as_i64().map(Value::Number)
    }
}
