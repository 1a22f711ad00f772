//! What an upload does to the rows: an Attachment comes to be, and the entity shows it.

use std::sync::Arc;

use serde_json::json;

use super::super::coerce;
use super::super::error::Fault;
use super::super::schema::{
    Access, CREATED_AT, CREATED_BY, DataType, Schema, UPDATED_AT, UPDATED_BY,
};
use super::super::store::Store;
use super::super::transaction::Transaction;
use super::super::value::{Ref, Value};
use super::super::write::By;
use super::form::{File, Form};
use super::storage::Storage;

/// Where on the entity the file is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// As a link in this field.
    Field(usize),
    /// As a picture in this field.
    Picture(usize),
    /// Nowhere: only the attachment links to the entity.
    Links,
}

/// Whether a file is a thumbnail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A file of its own.
    Attachment,
    /// A picture of the entity.
    Thumbnail,
}

/// Takes in `file` as `form` says, and gives back the id of its attachment.
pub fn attach(
    change: &mut Transaction<'_>,
    by: By<'_>,
    storage: &Storage,
    (form, purpose): (&Form, Purpose),
    file: File,
) -> Result<u32, Fault> {
    let schema = Arc::clone(change.store().schema());
    let target = target(change.store(), form)?;
    let place = place(&schema, target, form, purpose)?;
    if file.body.len() == 0 {
        return Err(Fault::invalid(format!(
            "The file '{}' is empty.",
            file.name
        )));
    }
    let at = insert(change, by, (form, target, place), &file)?;
    match place {
        Place::Field(field) => {
            let link = link(by, form, at.id, &file);
            change.set(target, field, link);
        }
        Place::Picture(field) => {
            let path = change.store().pictures().add(at.id, file.clone());
            change.set(target, field, Value::text(path));
        }
        Place::Links => {}
    }
    touch(change, by, target);
    storage.keep(at.id, file);
    Ok(at.id)
}

/// Notes who changed `target`, and when.
pub fn touch(change: &mut Transaction<'_>, by: By<'_>, target: Ref) {
    change.set(target, UPDATED_AT, Value::text(by.stamp));
    change.set(target, UPDATED_BY, Value::Link(by.actor));
}

/// The row that `form` is about.
pub fn target(store: &Store, form: &Form) -> Result<Ref, Fault> {
    let (name, id) = (
        form.require("entity_type").map_err(Fault::invalid)?,
        form.require("entity_id").map_err(Fault::invalid)?,
    );
    row(store, name, id)
}

/// The row of type `name` with `id`, if it is not retired.
pub fn row(store: &Store, name: &str, id: &str) -> Result<Ref, Fault> {
    let kind = store.schema().kind(name);
    let kind = kind.ok_or_else(|| Fault::invalid(format!("There is no entity type '{name}'.")))?;
    let at = id.parse().ok().map(|id| Ref { kind, id });
    at.filter(|at| store.live(*at).is_some()).ok_or_else(|| {
        Fault::refused(format!(
            "Entity of type [{name}] with id={id} does not exist."
        ))
    })
}

/// The field that holds the picture of a row's type.
pub fn picture_field(schema: &Schema, target: Ref, is_filmstrip: bool) -> Result<usize, Fault> {
    let entity = schema.entity(target.kind);
    let name = if is_filmstrip {
        "filmstrip_image"
    } else {
        "image"
    };
    let field = entity.field_index(name);
    field.ok_or_else(|| Fault::invalid(format!("{}.{name} doesn't exist.", entity.name)))
}

fn place(schema: &Schema, target: Ref, form: &Form, purpose: Purpose) -> Result<Place, Fault> {
    if purpose == Purpose::Thumbnail {
        return picture_field(schema, target, form.says("filmstrip")).map(Place::Picture);
    }
    let entity = schema.entity(target.kind);
    let Some(name) = form.get("field_name") else {
        return Ok(Place::Links);
    };
    let refused = |why: &str| Fault::invalid(format!("{}.{name} {why}", entity.name));
    let field = entity
        .field_index(name)
        .ok_or_else(|| refused("doesn't exist."))?;
    let definition = &entity.fields[field];
    if definition.data_type != DataType::Url || definition.access != Access::Writable {
        return Err(refused("does not take files."));
    }
    Ok(Place::Field(field))
}

fn insert(
    change: &mut Transaction<'_>,
    by: By<'_>,
    (form, target, place): (&Form, Ref, Place),
    file: &File,
) -> Result<Ref, Fault> {
    let schema = Arc::clone(change.store().schema());
    let kind = schema
        .kind("Attachment")
        .ok_or_else(|| Fault::invalid("This site has no files."))?;
    let entity = schema.entity(kind);
    let mut values = entity.blank();
    values[CREATED_AT] = created_at(change.store(), form, by)?;
    values[UPDATED_AT] = Value::text(by.stamp);
    values[CREATED_BY] = Value::Link(by.actor);
    values[UPDATED_BY] = Value::Link(by.actor);
    let mut put = |name: &str, value: Value| {
        if let Some(field) = entity.field_index(name) {
            values[field] = value;
        }
    };
    put(
        "this_file",
        link(by, form, change.store().next_id(kind), file),
    );
    put("display_name", Value::text(display_name(form, file)));
    put("filename", Value::text(file.name.as_str()));
    put("file_size", Value::Number(file.body.len().cast_signed()));
    if let Some(project) = project(change.store(), target) {
        put("project", Value::Link(project));
    }
    if place == Place::Links {
        let links = entity
            .field_index("attachment_links")
            .map(|field| &entity.fields[field]);
        if links.is_none_or(|links| !links.valid_types.contains(&target.kind)) {
            let name = schema.entity(target.kind).name;
            return Err(Fault::invalid(format!(
                "A {name} has no files of its own: name a field."
            )));
        }
        put("attachment_links", Value::Links(vec![target]));
    }
    Ok(change.insert(kind, values))
}

/// The value of a field that holds an uploaded file.
fn link(by: By<'_>, form: &Form, attachment: u32, file: &File) -> Value {
    Value::Json(Arc::new(json!({
        "link_type": "upload",
        "type": "Attachment",
        "id": attachment,
        "name": display_name(form, file),
        "content_type": file.content_type,
        "url": format!("{}{}{attachment}", by.base_url, super::DOWNLOAD),
    })))
}

fn display_name<'a>(form: &'a Form, file: &'a File) -> &'a str {
    form.get("display_name").unwrap_or(&file.name)
}

fn created_at(store: &Store, form: &Form, by: By<'_>) -> Result<Value, Fault> {
    let Some(text) = form.get("created_at") else {
        return Ok(Value::text(by.stamp));
    };
    let attachment = store.schema().kind("Attachment");
    let field = attachment.map(|kind| store.schema().field(kind, CREATED_AT));
    let value = field.map(|field| coerce::value(store, field, &text.into()));
    let value = value.unwrap_or_else(|| Ok(Value::text(by.stamp)));
    value.map_err(|why| Fault::invalid(format!("Attachment.created_at {why}")))
}

fn project(store: &Store, target: Ref) -> Option<Ref> {
    if store.schema().entity(target.kind).name == "Project" {
        return Some(target);
    }
    store.project(store.row(target)?)
}
