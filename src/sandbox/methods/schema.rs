//! The schema: which types and fields there are, and what of it a project shows.

use serde_json::{Value as Json, json};

use super::Call;
use crate::sandbox::error::Fault;
use crate::sandbox::schema::Schema;
use crate::sandbox::store::Store;
use crate::sandbox::value::Kind;
use crate::sandbox::write::kind;

/// Answers `schema_read`.
pub fn read(store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
    let project = call.project(store)?;
    Ok(store.schema().describe_all(project))
}

/// Answers `schema_entity_read`. Every project shows every type.
pub fn entity_read(store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
    call.project(store)?;
    Ok(store.schema().describe_types())
}

/// Answers `schema_field_read`: all fields of a type, or one.
pub fn field_read(store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
    let schema = store.schema();
    let kind = kind(schema, call.method, call.argument)?;
    let project = call.project(store)?;
    let Some(name) = call.text("field_name") else {
        return Ok(schema.describe_fields(kind, project));
    };
    let at = field(schema, call, kind)?;
    Ok(json!({name: schema.describe_field(kind, schema.field(kind, at), project)}))
}

/// Which field of `kind` the argument's `field_name` means.
pub fn field(schema: &Schema, call: &Call<'_>, kind: Kind) -> Result<usize, Fault> {
    let name = call
        .text("field_name")
        .ok_or_else(|| call.invalid("invalid/missing string 'field_name'"))?;
    let entity = schema.entity(kind);
    let unknown = || call.invalid(format!("{}.{name} doesn't exist.", entity.name));
    entity.field_index(name).ok_or_else(unknown)
}
