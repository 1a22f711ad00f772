//! `query_display_name_cache`: rows by what people call them.

use serde_json::{Value as Json, json};

use super::{Call, Facts};
use crate::sandbox::error::Fault;
use crate::sandbox::query::{Filter, Parser, Scope, select};
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::Kind;

/// A shorter text would find nearly everything.
const SHORTEST: usize = 3;
/// How many rows are told of if the caller does not say.
const USUAL: usize = 50;
const LIVING: Scope = Scope {
    retired: false,
    archived: true,
};

/// Answers it: rows of the types asked for that have all words of the text in their names, by name.
pub fn answer(facts: Facts<'_>, parser: &Parser<'_>, call: &Call<'_>) -> Result<Json, Fault> {
    let text = call.text("text").map(str::trim).unwrap_or_default();
    if text.chars().count() < SHORTEST {
        return Err(call.invalid(format!("'text' must have at least {SHORTEST} characters.")));
    }
    let terms: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let projects = project_ids(call)?;
    let limit = limit(call)?;
    let mut found: Vec<(String, &Row)> = Vec::new();
    let types = types(parser, call)?;
    for (kind, filter) in &types {
        let rows = select(facts.store, *kind, filter, LIVING)
            .filter(|row| projects.is_empty() || projects.contains(&project_id(facts.store, row)))
            .map(|row| (facts.store.display_name(row).to_lowercase(), row));
        found.extend(rows.filter(|(name, _)| terms.iter().all(|term| name.contains(term))));
    }
    found.sort_by(|(left, one), (right, other)| (left, one.at).cmp(&(right, other.at)));
    let matches = found.iter().take(limit);
    let matches: Vec<Json> = matches.map(|(_, row)| describe(facts, row)).collect();
    Ok(json!({"terms": terms, "matches": matches}))
}

fn types(parser: &Parser<'_>, call: &Call<'_>) -> Result<Vec<(Kind, Filter)>, Fault> {
    let types = call.argument["entity_types"].as_object();
    let types = types.ok_or_else(|| call.invalid("invalid/missing hash 'entity_types'"))?;
    let read = |(name, filters): (&String, &Json)| {
        let kind = parser
            .schema()
            .kind(name)
            .ok_or_else(|| call.invalid(format!("invalid/missing string entity 'type': {name}")))?;
        Ok((kind, parser.group(kind, filters)?))
    };
    types.iter().map(read).collect()
}

fn project_ids(call: &Call<'_>) -> Result<Vec<Option<u32>>, Fault> {
    let ids = &call.argument["project_ids"];
    if ids.is_null() {
        return Ok(Vec::new());
    }
    let read = |id: &Json| Some(Some(u32::try_from(id.as_u64()?).ok()?));
    let read = ids
        .as_array()
        .and_then(|ids| ids.iter().map(read).collect());
    read.ok_or_else(|| call.invalid(format!("invalid array 'project_ids': {ids}")))
}

fn limit(call: &Call<'_>) -> Result<usize, Fault> {
    let limit = &call.argument["max_results"];
    if limit.is_null() {
        return Ok(USUAL);
    }
    let read = limit.as_u64().filter(|limit| *limit > 0);
    let read = read.and_then(|limit| usize::try_from(limit).ok());
    read.ok_or_else(|| call.invalid(format!("invalid integer 'max_results': {limit}")))
}

/// The project a row is in, or is.
fn project_id(store: &Store, row: &Row) -> Option<u32> {
    if store.schema().entity(row.at.kind).name == "Project" {
        return Some(row.at.id);
    }
    store.project(row).map(|project| project.id)
}

fn describe(facts: Facts<'_>, row: &Row) -> Json {
    let mut found = facts.hash(row);
    found["project_id"] = json!(project_id(facts.store, row));
    found["image"] = facts.image(row);
    found["status"] = facts.status(row);
    found["links"] = links(facts, row);
    found
}

/// Type and name of what a task or a version is on; two empty texts for everything else.
fn links(facts: Facts<'_>, row: &Row) -> Json {
    let entity = facts.store.schema().entity(row.at.kind);
    let on_something = matches!(entity.name, "Task" | "Version");
    let field = entity.field_index("entity").filter(|_| on_something);
    let link = field.and_then(|field| row.values[field].links().first());
    match link.and_then(|link| facts.store.live(*link)) {
        Some(on) => {
            let kind = facts.store.schema().entity(on.at.kind).name;
            json!([kind, facts.store.display_name(on)])
        }
        None => json!(["", ""]),
    }
}
