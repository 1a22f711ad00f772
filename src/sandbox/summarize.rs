//! `summarize`, as far as counting goes: `count` and `record_count`, grouped by exact values.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::error::Fault;
use super::query::{Parser, Path, Reached, select};
use super::read::scope;
use super::render;
use super::schema::Family;
use super::store::{Row, Store};
use super::value::{Kind, Ref, Value};
use super::write::kind;

/// What to count and how to group, names resolved.
struct Plan<'a> {
    store: &'a Store,
    summaries: Vec<(String, Option<Path>)>,
    grouping: Vec<(Path, bool)>,
}

/// Answers `summarize`.
pub fn summarize(
    store: &Store,
    now: Timestamp,
    viewer: Ref,
    argument: &Json,
) -> Result<String, Fault> {
    let kind = kind(store.schema(), "summarize", argument)?;
    let filter = Parser {
        schema: store.schema(),
        now,
        method: "summarize",
        viewer,
    }
    .group(kind, &argument["filters"])?;
    let plan = Plan {
        store,
        summaries: list(argument, "summaries")
            .map(|item| summary(store, kind, viewer, item))
            .collect::<Result<_, _>>()?,
        grouping: list(argument, "grouping")
            .map(|item| grouping(store, kind, viewer, item))
            .collect::<Result<_, _>>()?,
    };
    let mut live = scope(argument);
    live.retired = false;
    let rows: Vec<&Row> = select(store, kind, &filter, live).collect();
    Ok(plan.summarize(&rows, &plan.grouping).to_string())
}

impl Plan<'_> {
    fn summarize(&self, rows: &[&Row], grouping: &[(Path, bool)]) -> Json {
        let count = |(name, path): &(String, Option<Path>)| {
            let count = path.as_ref().map_or(rows.len(), |path| {
                rows.iter()
                    .filter(|row| path.any(self.store, row, &|value| *value != Value::Null))
                    .count()
            });
            (name.clone(), Json::from(count))
        };
        let summaries: Map<_, _> = self.summaries.iter().map(count).collect();
        json!({"summaries": summaries, "groups": self.groups(rows, grouping)})
    }

    fn groups(&self, rows: &[&Row], grouping: &[(Path, bool)]) -> Vec<Json> {
        let Some(((path, descending), rest)) = grouping.split_first() else {
            return Vec::new();
        };
        let mut groups: BTreeMap<(String, String), Vec<&Row>> = BTreeMap::new();
        for row in rows {
            groups.entry(self.group(row, path)).or_default().push(row);
        }
        let mut groups: Vec<Json> = groups
            .into_iter()
            .map(|((name, value), rows)| {
                let mut group = self.summarize(&rows, rest);
                if rest.is_empty()
                    && let Some(group) = group.as_object_mut()
                {
                    group.remove("groups");
                }
                let mut value: Json = serde_json::from_str(&value).unwrap_or_default();
                if value.get("id").is_some() {
                    value["valid"] = json!("valid");
                }
                group["group_name"] = json!(name);
                group["group_value"] = value;
                group
            })
            .collect();
        if *descending {
            groups.reverse();
        }
        groups
    }

    /// The name of the group that a row is in, and the value it stands for as JSON.
    fn group(&self, row: &Row, path: &Path) -> (String, String) {
        let Reached::Row(row) = path.reach(self.store, row) else {
            return (String::new(), "null".to_owned());
        };
        let value = path.value(self.store, row);
        let data_type = self.store.schema().field(path.kind, path.field).data_type;
        let mut json = String::new();
        render::value(&mut json, self.store, "", data_type, &value);
        let names: Vec<&str> = value
            .links()
            .iter()
            .filter_map(|link| self.store.live(*link))
            .map(|row| self.store.display_name(row))
            .collect();
        let name = match (data_type.family(), value.as_text()) {
            (Family::Link, _) => names.join(", "),
            (Family::Flag, _) => if *value == Value::Flag(true) {
                "[X]"
            } else {
                "[ ]"
            }
            .to_owned(),
            (_, Some(text)) => text.to_owned(),
            (_, None) => {
                if *value == Value::Null {
                    String::new()
                } else {
                    json.clone()
                }
            }
        };
        (name, json)
    }
}

fn list<'a>(argument: &'a Json, name: &str) -> impl Iterator<Item = &'a Json> {
    argument[name].as_array().into_iter().flatten()
}

fn summary(
    store: &Store,
    kind: Kind,
    viewer: Ref,
    item: &Json,
) -> Result<(String, Option<Path>), Fault> {
    let path = path(store, kind, viewer, item)?;
    let name = item["field"].as_str().unwrap_or_default().to_owned();
    match item["type"].as_str() {
        Some("record_count") => Ok((name, None)),
        Some("count") => Ok((name, Some(path))),
        _other => Err(Fault::invalid(format!(
            "API summarize() invalid/unsupported summary 'type': {}",
            item["type"]
        ))),
    }
}

fn grouping(store: &Store, kind: Kind, viewer: Ref, item: &Json) -> Result<(Path, bool), Fault> {
    if item["type"] != "exact" {
        return Err(Fault::invalid(format!(
            "API summarize() invalid/unsupported grouping 'type': {}",
            item["type"]
        )));
    }
    Ok((
        path(store, kind, viewer, item)?,
        item["direction"] == "desc",
    ))
}

fn path(store: &Store, kind: Kind, viewer: Ref, item: &Json) -> Result<Path, Fault> {
    let name = item["field"].as_str().unwrap_or_default();
    Path::parse(store.schema(), kind, name, viewer)
        .map_err(|missing| Fault::invalid(format!("API summarize() {missing} doesn't exist.")))
}
