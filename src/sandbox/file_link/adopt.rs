//! Gives a link the Attachment that stands for it.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::storages;
use crate::sandbox::error::Fault;
use crate::sandbox::store::Store;
use crate::sandbox::value::{Ref, Value};
use crate::sandbox::write::Writer;

/// Whose field a link is written into.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// The row, or the one that is about to be.
    pub at: Ref,
    /// The field's name.
    pub field: &'a str,
    /// The project that the row is in.
    pub project: Option<Ref>,
    /// What is being done, as the wire has it.
    pub method: &'a str,
}

/// What `owner` is to store for a link as it was written: one that has no attachment yet gets one. The file of an attachment is
/// its own. The fault: a local file lies under no storage.
pub fn adopt(writer: &mut Writer<'_>, owner: Owner<'_>, link: &Json) -> Result<Value, Fault> {
    let mut link = placed(writer.store(), owner.method, link)?;
    let schema = Arc::clone(writer.store().schema());
    let stored = |link: Json| Value::Json(Arc::new(link));
    let Some(kind) = schema.kind("Attachment") else {
        return Ok(stored(link));
    };
    link["type"] = "Attachment".into();
    if owner.at.kind == kind && owner.field == "this_file" {
        link["id"] = owner.at.id.into();
        return Ok(stored(link));
    }
    if link.get("id").is_some() {
        return Ok(stored(link));
    }
    link["id"] = writer.store().next_id(kind).into();
    let entity = schema.entity(kind);
    let mut values = writer.blank(entity);
    let name = link["name"].as_str().unwrap_or_default();
    let project = owner.project.map_or(Value::Null, Value::Link);
    let fields = [
        ("this_file", stored(link.clone())),
        ("display_name", Value::text(name)),
        ("project", project),
    ];
    for (name, value) in fields {
        if let Some(field) = entity.field_index(name) {
            values[field] = value;
        }
    }
    writer.insert(kind, values, entity.field_index("this_file").into_iter());
    Ok(stored(link))
}

/// The link with the storage that its file lies under.
fn placed(store: &Store, method: &str, link: &Json) -> Result<Json, Fault> {
    let mut link = link.clone();
    let Some(path) = link["local_path"].as_str() else {
        return Ok(link);
    };
    let (storage, rest) = storages::find(store, path).ok_or_else(|| {
        Fault::refused(format!(
            "API {method}() CRUD ERROR #6: Create failed for [Attachment]: Path {path} doesn't match any defined Local Storage."
        ))
    })?;
    link["local_storage"] = json!({"type": "LocalStorage", "id": storage.id});
    link["relative_path"] = rest.into();
    if let Some(link) = link.as_object_mut() {
        link.remove("local_path");
    }
    Ok(link)
}
