//! Writes a site as JSON that reads and compares well: a file for each entity type, rows by id, a line for each value.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::{codec, definition};
use crate::sandbox::schema::{DataType, Field, ID, Schema, Source};
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref, Value};

/// The file for fields that are not as on every site.
pub const SCHEMA: &str = "schema.json";
/// The file for what is known beside the rows.
pub const MARKS: &str = "beside.json";

/// Writes all of `store` into `folder`. Files of types that have no rows are removed.
pub fn write(store: &Store, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let schema = store.schema();
    for (entity, kind) in schema.types().iter().zip((0..).map(Kind)) {
        let rows = store.rows(kind).iter().filter(|row| !is_gap(schema, row));
        let rows: Vec<_> = rows.map(|row| lines(store, row)).collect();
        put(&folder.join(format!("{}.json", entity.name)), &rows)?;
    }
    let fields = definition::changed(schema).into_iter();
    let fields: Vec<_> = fields
        .map(|(kind, at)| object(&definition::to_json(schema, kind, schema.field(kind, at))))
        .collect();
    put(&folder.join(SCHEMA), &fields)?;
    let marks = store.marks().iter().filter(|(mark, _)| mark.is_public());
    let marks: Vec<_> = marks
        .map(|(mark, known)| {
            let mut mark = mark.to_json(schema);
            mark["known"] = known.clone();
            object(&mark)
        })
        .collect();
    put(&folder.join(MARKS), &marks)
}

/// Whether a link in `field` to a row of type `target` is told there, and not at the other end: where there is one link and
/// not many; or else where it may lead to more types; or else where the name comes first.
pub fn is_told(schema: &Schema, kind: Kind, field: &Field, target: Kind) -> bool {
    let Some(end) = schema.other_end(field, target) else {
        return true;
    };
    let other = schema.field(target, end);
    let rank = |kind: Kind, field: &Field| {
        (
            field.data_type.is_multi(),
            usize::MAX - field.valid_types.len(),
            schema.entity(kind).name,
            field.name.clone(),
        )
    };
    rank(kind, field) <= rank(target, other)
}

/// Whether a row only keeps the ids of others in place.
fn is_gap(schema: &Schema, row: &Row) -> bool {
    row.retired && codec::fields(schema, row) == codec::fields(schema, &blank(schema, row.at))
}

fn blank(schema: &Schema, at: Ref) -> Row {
    Row {
        at,
        retired: true,
        values: schema.entity(at.kind).blank(),
    }
}

/// The lines of a row: its id, whether it is retired, and what is not as in a new row.
fn lines(store: &Store, row: &Row) -> Vec<(String, Json)> {
    let schema = store.schema();
    let entity = schema.entity(row.at.kind);
    let mut lines = vec![];
    for (at, field) in entity.fields.iter().enumerate() {
        let is_secret = field.data_type == DataType::Password;
        if at == ID || is_secret || field.source != Source::Row {
            continue;
        }
        let value = told(schema, row.at.kind, field, &row.values[at]);
        if value != field.default {
            lines.push((field.name.clone(), codec::to_json(schema, &value)));
        }
    }
    lines.sort_by(|(one, _), (other, _)| one.cmp(other));
    let retired = row.retired.then(|| ("retired".to_owned(), json!(true)));
    let id = ("id".to_owned(), json!(row.at.id));
    [id].into_iter().chain(retired).chain(lines).collect()
}

/// What is told of a value: of links only those that the other end does not tell of.
fn told(schema: &Schema, kind: Kind, field: &Field, value: &Value) -> Value {
    let is_told = |target: &&Ref| is_told(schema, kind, field, target.kind);
    match value {
        Value::Link(target) if !is_told(&target) => Value::Null,
        Value::Links(targets) => Value::Links(targets.iter().filter(is_told).copied().collect()),
        Value::Null
        | Value::Flag(_)
        | Value::Number(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::Link(_)
        | Value::Json(_) => value.clone(),
    }
}

fn object(json: &Json) -> Vec<(String, Json)> {
    let entries = json.as_object().into_iter().flatten();
    entries
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn put(file: &Path, objects: &[Vec<(String, Json)>]) -> io::Result<()> {
    if objects.is_empty() {
        return match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        };
    }
    let mut text = String::from("[");
    for (place, object) in objects.iter().enumerate() {
        text.push_str(if place == 0 { "\n  {" } else { ",\n  {" });
        for (place, (name, value)) in object.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(text, "{comma}\n    {}: {value}", json!(name)).ok();
        }
        text.push_str("\n  }");
    }
    text.push_str("\n]\n");
    fs::write(file, text)
}
