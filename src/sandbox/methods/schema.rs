//! The schema: which types and fields there are.

use serde_json::{Value as Json, json};

use super::Call;
use crate::sandbox::error::Fault;
use crate::sandbox::store::Store;
use crate::sandbox::write::kind;

/// Answers `schema_read`.
pub fn read(store: &Store) -> Json {
    store.schema().describe_all()
}

/// Answers `schema_entity_read`.
pub fn entity_read(store: &Store) -> Json {
    store.schema().describe_types()
}

/// Answers `schema_field_read`: all fields of a type, or one.
pub fn field_read(store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
    let schema = store.schema();
    let kind = kind(schema, call.method, call.argument)?;
    let Some(name) = call.text("field_name") else {
        return Ok(schema.describe_fields(kind));
    };
    let entity = schema.entity(kind);
    let unknown = || call.invalid(format!("{}.{name} doesn't exist.", entity.name));
    let field = &entity.fields[entity.field_index(name).ok_or_else(unknown)?];
    Ok(json!({name: schema.describe_field(kind, field)}))
}
