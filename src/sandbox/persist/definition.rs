//! Definitions of fields as JSON: those that were made on the site, and built-in ones that were changed there.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::codec;
use crate::sandbox::schema::{Choice, DataType, Field, Origin, Schema};
use crate::sandbox::value::Kind;

/// What can be changed of a field's definition, and what it takes to make the field.
pub fn to_json(schema: &Schema, kind: Kind, field: &Field) -> Json {
    let types = field.valid_types.iter();
    let types: Vec<_> = types.map(|kind| schema.entity(*kind).name).collect();
    let choices = field.choices.iter();
    let choices: Vec<_> = choices
        .map(|(value, label)| json!([value, label]))
        .collect();
    json!({
        "type": schema.entity(kind).name,
        "name": field.name,
        "label": field.label,
        "description": field.description,
        "data_type": field.data_type.name(),
        "default": codec::to_json(schema, &field.default),
        "summary_default": field.summary_default,
        "valid_types": types,
        "choices": choices,
        "hidden_in": field.hidden_in,
        "deleted": field.origin == Origin::Retired,
    })
}

/// Reads what [`to_json`] wrote: the type, where the field is there if it is there already, and the field. The error says what
/// is wrong.
pub fn from_json(schema: &Schema, json: &Json) -> Result<(Kind, Option<usize>, Field), String> {
    let text = |key: &str| {
        json[key]
            .as_str()
            .ok_or_else(|| format!("'{key}' is no text"))
    };
    let kind = text("type")?;
    let kind = schema
        .kind(kind)
        .ok_or_else(|| format!("there is no type '{kind}'"))?;
    let name = text("name")?;
    let mut fields = schema.entity(kind).fields.iter();
    let at = fields.position(|field| field.name == name);
    let mut field = match at {
        Some(at) => schema.field(kind, at).clone(),
        None => made(name, text("label")?, text("data_type")?)?,
    };
    text("label")?.clone_into(&mut field.label);
    text("description")?.clone_into(&mut field.description);
    text("summary_default")?.clone_into(&mut field.summary_default);
    let types = all(json, "valid_types", |name| schema.kind(name.as_str()?))?;
    field.valid_types = types;
    field.choices = all(json, "choices", choice)?;
    let hidden = all(json, "hidden_in", |id| u32::try_from(id.as_u64()?).ok())?;
    field.hidden_in = hidden.into_iter().collect();
    let default = codec::from_json(schema, &field, &json["default"]);
    field.default = default.map_err(|expected| format!("'default' is not {expected}"))?;
    if json["deleted"] == true {
        field.origin = Origin::Retired;
    }
    Ok((kind, at, field))
}

/// The fields that are not as on every site.
pub fn changed(schema: &Schema) -> Vec<(Kind, usize)> {
    let usual = Schema::studio();
    let mut changed = Vec::new();
    for (entity, kind) in schema.types().iter().zip((0..).map(Kind)) {
        let known = &usual.entity(kind).fields;
        for (at, field) in entity.fields.iter().enumerate() {
            let is_usual = known
                .get(at)
                .is_some_and(|known| to_json(&usual, kind, known) == to_json(schema, kind, field));
            if !is_usual {
                changed.push((kind, at));
            }
        }
    }
    changed
}

fn made(name: &str, label: &str, data_type: &str) -> Result<Field, String> {
    let creatable = DataType::creatable(data_type);
    let data_type = creatable.ok_or_else(|| format!("no field is made of '{data_type}'"))?;
    Ok(Field::custom(name, label, data_type))
}

fn choice(json: &Json) -> Option<Choice> {
    let pair = json.as_array()?;
    let text = |at: usize| pair.get(at).and_then(Json::as_str).map(Arc::from);
    Some((text(0)?, text(1)?))
}

fn all<T>(json: &Json, key: &str, read: impl Fn(&Json) -> Option<T>) -> Result<Vec<T>, String> {
    let items = json[key].as_array();
    let items = items.and_then(|items| items.iter().map(read).collect());
    items.ok_or_else(|| format!("'{key}' is not as it should be"))
}
