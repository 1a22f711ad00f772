//! `export_page`: what a page of the site shows, as a table.

use serde_json::Value as Json;

use super::{Call, Facts};
use crate::sandbox::error::Fault;
use crate::sandbox::query::{Filter, Scope, select};
use crate::sandbox::schema::{DataType, EntityType};
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref, Value};

/// The columns of every page, as far as its type has them; after the id and the name.
const COLUMNS: [&str; 2] = ["sg_status_list", "description"];

/// Answers it with CSV. Only a page that is marked for it can be exported, and only in its one layout, which has no name.
pub fn export(facts: Facts<'_>, call: &Call<'_>) -> Result<String, Fault> {
    let format = call.text("format");
    let format = format.ok_or_else(|| call.invalid("'format' missing"))?;
    let id = call.argument["page_id"].as_u64();
    let id = id.ok_or_else(|| call.invalid("'page_id' missing"))?;
    if format != "csv" {
        return Err(Fault::invalid(
            "This functionality is currently not available",
        ));
    }
    let layout = call.text("layout_name");
    let shown = page(facts.store, id).filter(|_| layout.is_none());
    let shown = shown.and_then(|page| content(facts.store, page));
    let (kind, project) =
        shown.ok_or_else(|| Fault::invalid(format!("Export for Page id={id} not available")))?;
    Ok(table(facts, kind, project))
}

fn page(store: &Store, id: u64) -> Option<&Row> {
    let kind = store.schema().kind("Page")?;
    let id = u32::try_from(id).ok()?;
    store.live(Ref { kind, id })
}

/// The type of the rows that a page lists, and the project they are in; nothing if it may not be exported.
fn content(store: &Store, page: &Row) -> Option<(Kind, Option<Ref>)> {
    let entity = store.schema().entity(page.at.kind);
    let value = |name: &str| Some(&page.values[entity.field_index(name)?]);
    value("api_exportable").filter(|flag| **flag == Value::Flag(true))?;
    let kind = store.schema().kind(value("entity_type")?.as_text()?)?;
    Some((kind, value("project")?.links().first().copied()))
}

fn table(facts: Facts<'_>, kind: Kind, project: Option<Ref>) -> String {
    let store = facts.store;
    let entity = store.schema().entity(kind);
    let columns = columns(entity);
    let mut out = String::new();
    line(
        &mut out,
        columns.iter().map(|at| entity.fields[*at].label.clone()),
    );
    let names: Vec<&str> = columns
        .iter()
        .map(|at| entity.fields[*at].name.as_str())
        .collect();
    let scope = Scope {
        retired: false,
        archived: true,
    };
    for row in select(store, kind, &Filter::All(Vec::new()), scope) {
        if project.is_some() && store.project(row) != project {
            continue;
        }
        let fields = facts.fields(row, &names);
        line(&mut out, names.iter().map(|name| cell(&fields[*name])));
    }
    out
}

fn columns(entity: &EntityType) -> Vec<usize> {
    let others = COLUMNS.iter().filter_map(|name| entity.field_index(name));
    let plain = |at: &usize| entity.fields[*at].data_type != DataType::Serializable;
    entity
        .field_index("id")
        .into_iter()
        .chain([entity.display])
        .chain(others)
        .filter(plain)
        .collect()
}

fn cell(value: &Json) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.is_null() => String::new(),
        None => value.to_string(),
    }
}

/// One line of CSV; what has a comma, a quote or a line end in it is quoted.
fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    let mut separator = "";
    for cell in cells {
        out.push_str(separator);
        separator = ",";
        if cell.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&cell);
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_break_a_line_is_quoted() {
        let mut out = String::new();
        line(
            &mut out,
            ["a", "b, c", "say \"d\"", ""]
                .map(str::to_owned)
                .into_iter(),
        );
        assert_eq!(out, "a,\"b, c\",\"say \"\"d\"\"\",\n");
    }
}
