//! The tags that a form names.

use super::super::schema::{CREATED_AT, CREATED_BY, Schema, UPDATED_AT, UPDATED_BY};
use super::super::store::Store;
use super::super::value::{Kind, Ref, Value};
use super::super::write::Writer;
use super::form::Form;

/// Links to the tags of `form`, in its order. Those that there are not yet come to be.
pub fn tags(writer: &mut Writer<'_>, form: &Form) -> Vec<Ref> {
    let Some(tag) = kind_and_name(writer.store().schema()) else {
        return Vec::new();
    };
    let names = form.get("tag_list").unwrap_or_default().split(',');
    let mut tags = Vec::new();
    for name in names.map(str::trim).filter(|name| !name.is_empty()) {
        let known = named(writer.store(), tag, name);
        let at = known.unwrap_or_else(|| add(writer, tag, name));
        if !tags.contains(&at) {
            tags.push(at);
        }
    }
    tags
}

/// What tags are, and which field has their name.
fn kind_and_name(schema: &Schema) -> Option<(Kind, usize)> {
    let kind = schema.kind("Tag")?;
    Some((kind, schema.entity(kind).field_index("name")?))
}

/// The tag of this name, whatever its case.
fn named(store: &Store, (kind, field): (Kind, usize), name: &str) -> Option<Ref> {
    let name = name.to_lowercase();
    let is_named = |value: &Value| value.as_text().map(str::to_lowercase) == Some(name.clone());
    let mut rows = store.rows(kind).iter();
    rows.find(|row| !row.retired && is_named(&row.values[field]))
        .map(|row| row.at)
}

fn add(writer: &mut Writer<'_>, (kind, field): (Kind, usize), name: &str) -> Ref {
    let by = writer.by();
    let mut values = writer.store().schema().entity(kind).blank();
    values[field] = Value::text(name);
    values[CREATED_AT] = Value::text(by.stamp);
    values[UPDATED_AT] = Value::text(by.stamp);
    values[CREATED_BY] = Value::Link(by.actor);
    values[UPDATED_BY] = Value::Link(by.actor);
    writer.insert(kind, values, std::iter::once(field))
}
