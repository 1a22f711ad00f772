//! Changing the schema: fields that people make, change and delete while the site runs.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{Call, schema};
use crate::sandbox::coerce;
use crate::sandbox::error::Fault;
use crate::sandbox::schema::{Choice, DataType, Family, Field, Origin, STATUSES, custom_name};
use crate::sandbox::store::Store;
use crate::sandbox::transaction::Transaction;
use crate::sandbox::value::Kind;
use crate::sandbox::write::kind;

/// Answers `schema_field_create` with the name of the new field.
pub fn create(change: &mut Transaction<'_>, call: &Call<'_>) -> Result<Json, Fault> {
    let store = change.store();
    let kind = kind(store.schema(), call.method, call.argument)?;
    let data_type = call.text("data_type").and_then(DataType::creatable);
    let data_type = data_type.ok_or_else(|| {
        let given = &call.argument["data_type"];
        call.invalid(format!("invalid/missing string 'data_type': {given}"))
    })?;
    let properties = properties(call)?;
    let label = properties.iter().find_map(|(name, value)| {
        let label = value.as_str().filter(|_| *name == "name")?.trim();
        (!label.is_empty()).then_some(label)
    });
    let label = label.ok_or_else(|| call.invalid("missing property 'name'"))?;
    let entity = store.schema().entity(kind);
    let name = custom_name(entity, label).map_err(|taken| {
        call.invalid(format!(
            "{}.{taken} is the name of a deleted field. Delete that field forever to use the name again.",
            entity.name
        ))
    })?;
    let mut field = Field::custom(&name, label, data_type);
    if data_type == DataType::StatusList {
        field.choices = every_status();
    }
    let edit = Edit {
        store,
        kind,
        project: None,
    };
    for (property, value) in properties {
        edit.apply(&mut field, property, value)
            .map_err(|message| call.invalid(message))?;
    }
    if data_type.family() == Family::Link && field.valid_types.is_empty() {
        return Err(call.invalid("missing property 'valid_types'"));
    }
    change.add_field(kind, field);
    Ok(Json::from(name))
}

/// Answers `schema_field_update`.
pub fn update(change: &mut Transaction<'_>, call: &Call<'_>) -> Result<Json, Fault> {
    let store = change.store();
    let kind = kind(store.schema(), call.method, call.argument)?;
    let at = schema::field(store.schema(), call, kind)?;
    let edit = Edit {
        store,
        kind,
        project: call.project(store)?,
    };
    let mut field = store.schema().field(kind, at).clone();
    for (property, value) in properties(call)? {
        edit.apply(&mut field, property, value)
            .map_err(|message| call.invalid(message))?;
    }
    change.replace_field(kind, at, field);
    Ok(json!(true))
}

/// Answers `schema_field_delete`. The values stay in their rows, out of sight.
pub fn delete(change: &mut Transaction<'_>, call: &Call<'_>) -> Result<Json, Fault> {
    let store = change.store();
    let kind = kind(store.schema(), call.method, call.argument)?;
    let at = schema::field(store.schema(), call, kind)?;
    let mut field = store.schema().field(kind, at).clone();
    if field.origin != Origin::Custom {
        let entity = store.schema().entity(kind).name;
        return Err(call.invalid(format!(
            "{entity}.{} is built in and cannot be deleted.",
            field.name
        )));
    }
    field.origin = Origin::Retired;
    change.replace_field(kind, at, field);
    Ok(json!(true))
}

/// Names and values of the argument's `properties`; what a row starts with comes last, because the others say what it may be.
fn properties<'a>(call: &Call<'a>) -> Result<Vec<(&'a str, &'a Json)>, Fault> {
    let missing = || {
        call.invalid(format!(
            "invalid/missing array 'properties':\n{}",
            call.argument
        ))
    };
    let list = call.argument["properties"].as_array().ok_or_else(missing)?;
    let property =
        |item: &'a Json| Some((item.get("property_name")?.as_str()?, item.get("value")?));
    let all: Option<Vec<_>> = list.iter().map(property).collect();
    let mut all = all.ok_or_else(missing)?;
    all.sort_by_key(|(name, _)| *name == "default_value");
    Ok(all)
}

/// Where a field is changed.
struct Edit<'a> {
    store: &'a Store,
    kind: Kind,
    project: Option<u32>,
}

impl Edit<'_> {
    /// Writes one property into `field`. The error says what is wrong.
    fn apply(&self, field: &mut Field, property: &str, value: &Json) -> Result<(), String> {
        let done = match (property, self.project) {
            ("visible", Some(project)) => show(field, project, value),
            ("visible", None) => {
                return Err(self.named(field, "'visible' can only be changed for a project."));
            }
            (other, Some(_project)) => {
                let message = format!("'{other}' cannot be changed for a project.");
                return Err(self.named(field, &message));
            }
            ("default_value", None) => {
                let default = coerce::value(self.store, field, value);
                field.default = default.map_err(|message| self.named(field, &message))?;
                return Ok(());
            }
            (everywhere, None) => self.write(field, everywhere, value),
        };
        done.ok_or_else(|| {
            let message = format!("the property '{property}' cannot be set to {value}.");
            self.named(field, &message)
        })
    }

    /// Writes a property that is the same in all projects. Nothing if there is no such property, or it takes no such value.
    fn write(&self, field: &mut Field, property: &str, value: &Json) -> Option<()> {
        match property {
            "name" => field.label = text(value).filter(|label| !label.is_empty())?,
            "description" => field.description = text(value)?,
            "summary_default" => field.summary_default = text(value)?,
            "valid_types" if field.data_type.family() == Family::Link => {
                let kind = |name: &Json| self.store.schema().kind(name.as_str()?);
                let types = all(value, kind)?;
                // Links that show at their other end can lead only where there is one.
                let is_new = |kind: &Kind| !field.valid_types.contains(kind);
                if field.other_end.is_some() && types.iter().any(is_new) {
                    return None;
                }
                field.valid_types = types;
            }
            "valid_values" if field.data_type.is_list() => {
                field.choices = all(value, |value| Some(choice(field, value.as_str()?)))?;
            }
            _unknown => return None,
        }
        Some(())
    }

    fn named(&self, field: &Field, message: &str) -> String {
        let entity = self.store.schema().entity(self.kind).name;
        format!("{entity}.{}: {message}", field.name)
    }
}

/// Shows or hides a field in a project.
fn show(field: &mut Field, project: u32, value: &Json) -> Option<()> {
    if value.as_bool()? {
        field.hidden_in.remove(&project);
    } else {
        field.hidden_in.insert(project);
    }
    Some(())
}

fn text(value: &Json) -> Option<String> {
    value.as_str().map(|text| text.trim().to_owned())
}

/// What `read` makes of each item of a list, if it makes something of all of them.
fn all<T>(value: &Json, read: impl Fn(&Json) -> Option<T>) -> Option<Vec<T>> {
    value.as_array()?.iter().map(read).collect()
}

/// A value of the list `field`, called as it has been so far.
fn choice(field: &Field, value: &str) -> Choice {
    let known = field.choices.iter().find(|(known, _)| **known == *value);
    known
        .cloned()
        .unwrap_or_else(|| (Arc::from(value), Arc::from(value)))
}

fn every_status() -> Vec<Choice> {
    STATUSES
        .iter()
        .map(|(code, name, _)| (Arc::from(*code), Arc::from(*name)))
        .collect()
}
