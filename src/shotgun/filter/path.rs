//! From the name of a field, or a path through links, to what the schema says about it.

use crate::shotgun::entity::{EntityType, FieldName};
use crate::shotgun::filter::nearest::nearest;
use crate::shotgun::schema::{FieldSchema, FieldSchemas, Schema};

/// The data types of fields that a path can go through.
const LINKS: [&str; 4] = ["entity", "multi_entity", "addressing", "url"];

/// What the schema says about `path`, seen from `entity_type`. None if it says nothing about that type, or the path is of a
/// kind that schemas do not tell of; an error if it knows better.
pub(in crate::shotgun) fn resolve<'a>(
    path: &str,
    entity_type: &str,
    schema: &'a Schema,
) -> Result<Option<&'a FieldSchema>, String> {
    // The web application's way against the direction of a link is in no schema.
    if path.starts_with('$') {
        return Ok(None);
    }
    let mut parts = path.split('.');
    let mut name = parts.next().unwrap_or_default();
    let mut holder = entity_type;
    loop {
        let field = field(name, holder, schema)?;
        let Some(linked) = parts.next() else {
            return Ok(field);
        };
        let Some(next) = parts.next() else {
            return Err(format!(
                "`{path}` is no path: after `{name}` come the type it links to and a field of that, as in `sg_sequence.Sequence.code`"
            ));
        };
        if let Some(field) = field {
            check_link(field, holder, linked)?;
        }
        (name, holder) = (next, linked);
    }
}

/// The field called `name`, or what is wrong with that name.
fn field<'a>(
    name: &str,
    entity_type: &str,
    schema: &'a Schema,
) -> Result<Option<&'a FieldSchema>, String> {
    let Some(fields) = schema.get(entity_type) else {
        return Ok(None);
    };
    let field = fields.get(name);
    // Every entity has these two, whether the schema lists them or not.
    if field.is_some() || matches!(name, "id" | "type") {
        return Ok(field);
    }
    let hint = meant(name, fields)
        .map(|meant| format!("; did you mean `{meant}`?"))
        .unwrap_or_default();
    Err(format!("there is no field `{name}` of {entity_type}{hint}"))
}

/// The field that was probably meant: by what people call it, without its `sg_`, or misspelt.
fn meant<'a>(name: &str, fields: &'a FieldSchemas) -> Option<&'a str> {
    let called = fields
        .iter()
        .find(|(_, field)| field.display_name.eq_ignore_ascii_case(name));
    let custom = || fields.get_key_value(format!("sg_{name}").as_str());
    called
        .or_else(custom)
        .map(|(name, _)| name.as_str())
        .or_else(|| nearest(name, fields.keys().map(FieldName::as_str)))
}

fn check_link(field: &FieldSchema, holder: &str, linked: &str) -> Result<(), String> {
    let name = &field.name;
    if !LINKS.contains(&&*field.data_type) {
        return Err(format!(
            "`{name}` of {holder} is of type {} and links to nothing",
            field.data_type
        ));
    }
    let types = &field.valid_types;
    if types.is_empty() || types.iter().any(|known| *known == *linked) {
        return Ok(());
    }
    let types: Vec<&str> = types.iter().map(EntityType::as_str).collect();
    Err(format!(
        "`{name}` of {holder} links to {}, not to {linked}",
        types.join(", ")
    ))
}
