//! Reads the folder of JSON that `export` writes, and that people edit.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::export::{MARKS, SCHEMA};
use super::{codec, definition, invalid};
use crate::sandbox::beside::Mark;
use crate::sandbox::coerce;
use crate::sandbox::schema::{DataType, Family, Field, ID, Schema, Source};
use crate::sandbox::store::Store;
use crate::sandbox::transaction::Transaction;
use crate::sandbox::value::{Kind, Ref, Value};

/// The largest id that a row may have: ids have no gaps in memory.
const LARGEST_ID: u64 = 10_000_000;

/// One file, and how it is called in errors.
struct File {
    name: String,
    objects: Vec<Map<String, Json>>,
}

/// Loads the files of `folder` on top of what every site has. An error names the file, the row and the field.
pub fn load(store: &mut Store, folder: &Path) -> io::Result<()> {
    let files = files(folder)?;
    let mut change = Transaction::for_seeding(store);
    for file in files.iter().filter(|file| file.name == SCHEMA) {
        for object in &file.objects {
            let json = Json::Object(object.clone());
            let read = definition::from_json(change.store().schema(), &json);
            let (kind, at, field) = read.map_err(|why| file.wrong(&why))?;
            match at {
                Some(at) => change.replace_field(kind, at, field),
                None => change.add_field(kind, field),
            }
        }
    }
    let schema = Arc::clone(change.store().schema());
    // All rows are there before the first link.
    let mut rows = Vec::new();
    for (file, kind) in in_order(&files, &schema)? {
        let mut seen = BTreeSet::new();
        for object in &file.objects {
            let at = file.row(&mut change, kind, object)?;
            if !seen.insert(at) {
                return Err(file.wrong(&format!("row {} is there twice", at.id)));
            }
            rows.push((file, object, at));
        }
    }
    for (file, object, at) in rows {
        file.fill(&mut change, &schema, at, object)?;
    }
    for file in files.iter().filter(|file| file.name == MARKS) {
        for object in &file.objects {
            let json = Json::Object(object.clone());
            let mark = Mark::from_json(&schema, &json);
            let mark =
                mark.ok_or_else(|| file.wrong(&format!("nobody knows what this is: {json}")))?;
            change.mark(mark, Some(json["known"].clone()));
        }
    }
    drop(change.commit());
    Ok(())
}

fn files(folder: &Path) -> io::Result<Vec<File>> {
    let named = |error: io::Error| {
        let what = format!("the fixtures in '{}': {error}", folder.display());
        io::Error::new(error.kind(), what)
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(named)? {
        let path = entry.map_err(named)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let text = fs::read_to_string(&path).map_err(named)?;
            let objects = serde_json::from_str(&text);
            files.push(File {
                objects: objects.map_err(|error| {
                    invalid(format!("{name} is no array of JSON objects: {error}"))
                })?,
                name: name.into_owned(),
            });
        }
    }
    Ok(files)
}

/// The files of rows with their types, in the order of the schema, whatever the folder's.
fn in_order<'a>(files: &'a [File], schema: &Schema) -> io::Result<Vec<(&'a File, Kind)>> {
    let rows = files
        .iter()
        .filter(|file| file.name != SCHEMA && file.name != MARKS);
    let with_kind = |file: &'a File| {
        let kind = file.name.strip_suffix(".json");
        let kind = kind.and_then(|name| schema.kind(name));
        let kind = kind.ok_or_else(|| file.wrong("there is no entity type of this name"))?;
        Ok((file, kind))
    };
    let mut all = rows.map(with_kind).collect::<io::Result<Vec<_>>>()?;
    all.sort_by_key(|(_, kind)| *kind);
    Ok(all)
}

impl File {
    fn wrong(&self, why: &str) -> io::Error {
        invalid(format!("{}: {why}", self.name))
    }

    /// Sees to it that there is a row for `object`. Ids that are passed over become rows that were never there.
    fn row(
        &self,
        change: &mut Transaction<'_>,
        kind: Kind,
        object: &Map<String, Json>,
    ) -> io::Result<Ref> {
        let id = object.get("id").and_then(Json::as_u64);
        let id = id.filter(|id| (1..=LARGEST_ID).contains(id));
        let id = id.ok_or_else(|| {
            let json = Json::Object(object.clone());
            self.wrong(&format!("a row has no 'id' from 1 to {LARGEST_ID}: {json}"))
        })?;
        let at = Ref {
            kind,
            id: id as u32,
        };
        while change.store().next_id(kind) <= at.id {
            let blank = change.store().schema().entity(kind).blank();
            let gap = change.insert(kind, blank);
            change.set_retired(gap, true);
        }
        Ok(at)
    }

    /// Writes the values of a row; what is not named is as in a new row.
    fn fill(
        &self,
        change: &mut Transaction<'_>,
        schema: &Schema,
        at: Ref,
        object: &Map<String, Json>,
    ) -> io::Result<()> {
        let entity = schema.entity(at.kind);
        let wrong = |name: &str, why: &str| self.wrong(&format!("row {}: {name} {why}", at.id));
        change.set_retired(at, object.get("retired") == Some(&Json::Bool(true)));
        for name in object.keys() {
            let is_known = entity.fields.iter().any(|field| field.name == *name);
            if !is_known && name != "retired" {
                return Err(wrong(name, "is no field of this type"));
            }
        }
        for (place, field) in entity.fields.iter().enumerate() {
            let is_secret = field.data_type == DataType::Password;
            if place == ID || is_secret || field.source != Source::Row {
                continue;
            }
            let value = match object.get(&field.name) {
                Some(json) => {
                    read(change.store(), field, json).map_err(|why| wrong(&field.name, &why))?
                }
                None if field.other_end.is_some() => continue,
                None => field.default.clone(),
            };
            let value = with_links_there(change.store(), at, place, value);
            change.set(at, place, value);
        }
        Ok(())
    }
}

/// The other end of a link may have told of it already.
fn with_links_there(store: &Store, at: Ref, field: usize, value: Value) -> Value {
    let Value::Links(mut links) = value else {
        return value;
    };
    let there = store.row(at).map(|row| row.values[field].links());
    let mut all = there.unwrap_or_default().to_vec();
    links.retain(|link| !all.contains(link));
    all.extend(links);
    Value::Links(all)
}

/// A value as people may have written it. The error says what is wrong, to follow the field's name.
fn read(store: &Store, field: &Field, json: &Json) -> Result<Value, String> {
    let value = codec::from_json(store.schema(), field, json);
    let value = value.map_err(|expected| format!("is not {expected}: {json}"))?;
    for target in value.links() {
        if store.row(*target).is_none() {
            return Err(format!("leads to a row that is not there: {json}"));
        }
        if !field.valid_types.contains(&target.kind) {
            return Err(format!("does not lead to rows of this type: {json}"));
        }
    }
    let is_wrong = !json.is_null()
        && match field.data_type.family() {
            Family::Date => coerce::date(json).is_none(),
            Family::DateTime => coerce::moment(json).is_none(),
            Family::Choice => {
                let mut choices = field.choices.iter();
                !field.choices.is_empty()
                    && !choices.any(|(known, _)| Some(&**known) == value.as_text())
            }
            Family::Text
            | Family::Number
            | Family::Flag
            | Family::Link
            | Family::Image
            | Family::Tags
            | Family::Opaque => false,
        };
    if is_wrong {
        return Err(format!("cannot be {json}"));
    }
    Ok(value)
}
