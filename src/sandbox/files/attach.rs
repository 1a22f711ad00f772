//! What an upload does to the rows: an Attachment comes to be, and the entity shows it.

use std::fmt::Display;
use std::sync::Arc;

use serde_json::json;

use super::super::coerce;
use super::super::error::Fault;
use super::super::schema::{
    Access, CREATED_AT, CREATED_BY, DataType, Field, Schema, UPDATED_AT, UPDATED_BY,
};
use super::super::store::Store;
use super::super::value::{Kind, Ref, Value};
use super::super::write::{By, Writer};
use super::form::{File, Form};
use super::storage::{Prepared, Storage};
use super::subject::{picture_field, target};
use super::tags::tags;

/// A file on its way to an entity.
#[derive(Debug)]
pub struct Upload<'a> {
    /// Says which entity, and the rest.
    pub form: &'a Form,
    /// What the file is for.
    pub purpose: Purpose,
    /// The file.
    pub file: File,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A file of its own.
    Attachment,
    /// A picture of the entity.
    Thumbnail,
}

/// Where on the entity the file is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// As a link in this field.
    Field(usize),
    /// As a picture in this field.
    Picture(usize),
    /// Nowhere: the attachment links to the entity.
    Links,
}

impl Upload<'_> {
    /// Takes the file in, whose bytes are `prepared`, and gives back the id of its attachment.
    pub fn attach(
        self,
        writer: &mut Writer<'_>,
        storage: &Storage,
        prepared: Prepared,
    ) -> Result<u32, Fault> {
        let schema = Arc::clone(writer.store().schema());
        let target = target(writer.store(), self.form)?;
        let kind = schema.kind("Attachment");
        let kind = kind.ok_or_else(|| Fault::invalid("This site has no files."))?;
        let place = self.place(&schema, kind, target)?;
        if self.file.body.len() == 0 {
            let message = format!("The file '{}' is empty.", self.file.name);
            return Err(Fault::invalid(message));
        }
        let mut values = self.values(writer.store(), writer.by(), kind, (target, place))?;
        if let Some(field) = schema.entity(kind).field_index("tags") {
            values[field] = Value::Links(tags(writer, self.form));
        }
        let told =
            ["this_file", "attachment_links"].map(|name| schema.entity(kind).field_index(name));
        let at = writer.insert(kind, values, told.into_iter().flatten());
        match place {
            Place::Field(field) => writer.put(target, field, self.link(at.id)),
            Place::Picture(field) => {
                let path = writer.store().pictures().add(at.id);
                writer.put_picture(target, field, path);
            }
            Place::Links => {}
        }
        writer.touch(target);
        // The bytes are there before any row that leads to them.
        storage.keep(at.id, prepared).map_err(not_kept)?;
        Ok(at.id)
    }

    fn place(&self, schema: &Schema, attachment: Kind, target: Ref) -> Result<Place, Fault> {
        if self.purpose == Purpose::Thumbnail {
            let is_filmstrip = self.form.says("filmstrip");
            return picture_field(schema, target, is_filmstrip).map(Place::Picture);
        }
        let entity = schema.entity(target.kind);
        let Some(name) = self.form.get("field_name") else {
            return if may_link(schema, attachment, target.kind) {
                Ok(Place::Links)
            } else {
                Err(Fault::invalid(format!(
                    "A {} has no files of its own: name a field.",
                    entity.name
                )))
            };
        };
        let refused = |why: &str| Fault::invalid(format!("{}.{name} {why}", entity.name));
        let field = entity.field_index(name);
        let field = field.ok_or_else(|| refused("doesn't exist."))?;
        let definition = &entity.fields[field];
        if definition.data_type != DataType::Url || definition.access != Access::Writable {
            return Err(refused("does not take files."));
        }
        Ok(Place::Field(field))
    }

    /// The values of the attachment's row.
    fn values(
        &self,
        store: &Store,
        by: By<'_>,
        kind: Kind,
        (target, place): (Ref, Place),
    ) -> Result<Vec<Value>, Fault> {
        let entity = store.schema().entity(kind);
        let mut values = entity.blank();
        values[CREATED_AT] = self.created_at(store, by, &entity.fields[CREATED_AT])?;
        values[UPDATED_AT] = Value::text(by.stamp);
        values[CREATED_BY] = Value::Link(by.actor);
        values[UPDATED_BY] = Value::Link(by.actor);
        let mut put = |name: &str, value: Value| {
            if let Some(field) = entity.field_index(name) {
                values[field] = value;
            }
        };
        put("this_file", self.link(store.next_id(kind)));
        put("display_name", Value::text(self.display_name()));
        put("filename", Value::text(self.file.name.as_str()));
        put(
            "file_size",
            Value::Number(self.file.body.len().cast_signed()),
        );
        put("project", project(store, target));
        if place == Place::Links {
            put("attachment_links", Value::Links(vec![target]));
        }
        Ok(values)
    }

    /// The value of a field that holds the file. Its address has no host: that may be another at the next start.
    fn link(&self, attachment: u32) -> Value {
        Value::Json(Arc::new(json!({
            "link_type": "upload",
            "type": "Attachment",
            "id": attachment,
            "name": self.display_name(),
            "content_type": self.file.content_type,
            "url": format!("{}{attachment}", super::DOWNLOAD),
        })))
    }

    fn display_name(&self) -> &str {
        self.form.get("display_name").unwrap_or(&self.file.name)
    }

    /// Now, unless the form knows better.
    fn created_at(&self, store: &Store, by: By<'_>, field: &Field) -> Result<Value, Fault> {
        let Some(text) = self.form.get("created_at") else {
            return Ok(Value::text(by.stamp));
        };
        let value = coerce::value(store, field, &text.into());
        value.map_err(|why| Fault::invalid(format!("Attachment.created_at {why}")))
    }
}

/// What callers are told if bytes cannot be written.
pub fn not_kept(error: impl Display) -> Fault {
    Fault::refused(format!("The file could not be kept: {error}"))
}

/// Whether attachments may link to rows of type `target`.
fn may_link(schema: &Schema, attachment: Kind, target: Kind) -> bool {
    let attachment = schema.entity(attachment);
    let field = attachment.field_index("attachment_links");
    field.is_some_and(|field| attachment.fields[field].valid_types.contains(&target))
}

/// The project that a row is in, or is.
fn project(store: &Store, target: Ref) -> Value {
    let project = if store.schema().entity(target.kind).name == "Project" {
        Some(target)
    } else {
        store.row(target).and_then(|row| store.project(row))
    };
    project.map_or(Value::Null, Value::Link)
}
