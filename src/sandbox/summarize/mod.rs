//! `summarize`: numbers about the rows that pass a filter, and about groups of them.
//!
//! Which rows count, what a value is and what comes first is all up to `query`, as it is for `read`.

mod bucket;
mod grouping;
mod summary;

use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use self::grouping::Grouping;
use self::summary::Summary;
use super::error::Fault;
use super::query::{Parser, Path, select};
use super::read::scope;
use super::store::{Row, Store};
use super::value::Ref;
use super::write::kind;

/// What to work out and how to group, names resolved.
struct Plan<'a> {
    store: &'a Store,
    summaries: Vec<(&'a str, Summary)>,
}

/// Answers `summarize`.
pub fn summarize(
    store: &Store,
    now: Timestamp,
    viewer: Ref,
    argument: &Json,
) -> Result<String, Fault> {
    let kind = kind(store.schema(), "summarize", argument)?;
    let parser = Parser {
        store,
        now,
        method: "summarize",
        viewer,
    };
    let filter = parser.group(kind, &argument["filters"])?;
    let path = |item: &Json| {
        let name = item["field"].as_str().unwrap_or_default();
        Path::parse(store, kind, name, viewer).map_err(invalid)
    };
    let summaries = list(argument, "summaries")?.iter().map(|item| {
        let summary = Summary::parse(store, path(item)?, item)?;
        Ok((item["field"].as_str().unwrap_or_default(), summary))
    });
    let summaries = summaries.collect::<Result<_, _>>()?;
    let groupings = list(argument, "grouping")?
        .iter()
        .map(|item| Grouping::parse(store, path(item)?, now, item));
    let groupings = groupings.collect::<Result<Vec<_>, _>>()?;
    let mut living = scope("summarize", argument)?;
    living.retired = false;
    let rows: Vec<&Row> = select(store, kind, &filter, living).collect();
    let plan = Plan { store, summaries };
    Ok(plan.answer(&rows, &groupings).to_string())
}

impl Plan<'_> {
    fn answer(&self, rows: &[&Row], groupings: &[Grouping]) -> Json {
        let groups = groupings.split_first();
        let groups = groups.map(|(first, rest)| self.groups(rows, first, rest));
        json!({"summaries": self.summaries(rows), "groups": groups.unwrap_or_default()})
    }

    /// One type per field; the last one wins.
    fn summaries(&self, rows: &[&Row]) -> Map<String, Json> {
        let summaries = self.summaries.iter();
        let summaries =
            summaries.map(|(name, summary)| ((*name).to_owned(), summary.of(self.store, rows)));
        summaries.collect()
    }

    fn groups(&self, rows: &[&Row], grouping: &Grouping, rest: &[Grouping]) -> Vec<Json> {
        let groups = grouping.split(self.store, rows).into_iter();
        let groups = groups.map(|group| {
            let mut told = json!({
                "group_name": group.name,
                "group_value": group.value,
                "summaries": self.summaries(&group.rows),
            });
            if let Some((next, rest)) = rest.split_first() {
                told["groups"] = self.groups(&group.rows, next, rest).into();
            }
            told
        });
        groups.collect()
    }
}

fn list<'a>(argument: &'a Json, name: &str) -> Result<&'a [Json], Fault> {
    let items = &argument[name];
    match items.as_array() {
        Some(items) => Ok(items),
        None if items.is_null() => Ok(&[]),
        None => Err(invalid(format!("invalid/missing array '{name}': {items}"))),
    }
}

fn invalid(message: impl std::fmt::Display) -> Fault {
    Fault::invalid(format!("API summarize() {message}"))
}

/// The fault of a `type` that is none, or none for fields such as the one at the path's end.
fn refused(store: &Store, path: &Path, known: &[&str], given: &Json) -> Fault {
    if !known.iter().any(|name| given == name) {
        let known = known.join(", ");
        return invalid(format!("type must be one of: {known}; not {given}"));
    }
    let field = store.schema().field(path.kind, path.field);
    invalid(format!(
        "{}.{}'s '{}' data type doesn't support the type {given}.",
        store.schema().entity(path.kind).name,
        field.name,
        field.data_type.name(),
    ))
}
