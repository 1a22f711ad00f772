//! `read`: a page of the rows that pass a filter.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::error::Fault;
use super::query::{Filter, Parser, Scope, Sorting, preset_filters, select};
use super::render::Columns;
use super::store::{Row, Store};
use super::value::{Kind, Ref};
use super::write::kind;

/// No site gives out more rows than this at once.
const LARGEST_PAGE: u64 = 5000;

/// Answers `read`. The store is only looked at.
pub fn read(
    store: &Store,
    base_url: &str,
    now: Timestamp,
    viewer: Ref,
    argument: &Json,
) -> Result<String, Fault> {
    let kind = kind(store.schema(), "read", argument)?;
    let filter = Parser {
        store,
        now,
        method: "read",
        viewer,
    }
    .group(kind, &argument["filters"])?;
    let page = Page::parse(argument)?;
    let mut filters = vec![filter];
    filters.extend(preset_filters(store, kind, argument)?);
    let filter = Filter::All(filters);
    let sorting = Sorting::parse(store, kind, &argument["sorts"], viewer)?;
    let scope = scope("read", argument)?;
    let found = found(store, kind, &filter, scope, &sorting, &page);

    let names: Vec<&str> = argument["return_fields"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    let columns = Columns::new(store, kind, &names, viewer);
    let mut out = String::with_capacity(found.rows.len() * 512 + 128);
    out.push_str("{\"entities\":[");
    for (place, row) in found.rows.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        columns.write(&mut out, store, base_url, row);
    }
    out.push_str("],\"paging_info\":");
    out.push_str(&page.info(&found).to_string());
    out.push('}');
    Ok(out)
}

/// Which rows `read` and `summarize` look at.
pub fn scope(method: &str, argument: &Json) -> Result<Scope, Fault> {
    let only = &argument["return_only"];
    let retired = only == "retired";
    if !retired && !only.is_null() && only != "active" {
        return Err(Fault::invalid(format!(
            "API {method}() invalid/missing string 'return_only': {only}"
        )));
    }
    Ok(Scope {
        retired,
        archived: argument["include_archived_projects"] != false,
    })
}

/// The part of the rows that was asked for.
struct Page {
    size: usize,
    number: usize,
    counts: bool,
}

/// The rows of a page and what is known of the others.
struct Found<'a> {
    rows: Vec<&'a Row>,
    has_next: bool,
    /// Known only if someone asked.
    total: Option<usize>,
}

impl Page {
    fn parse(argument: &Json) -> Result<Self, Fault> {
        let integer = |name: &str| {
            let value = argument["paging"][name]
                .as_u64()
                .filter(|value| (1..=LARGEST_PAGE).contains(value) || name == "current_page");
            let value = value
                .filter(|value| *value > 0)
                .and_then(|value| usize::try_from(value).ok());
            value.ok_or_else(|| {
                Fault::invalid(format!(
                    "API read() invalid/missing integer 'paging' '{name}':\n{}",
                    argument["paging"]
                ))
            })
        };
        Ok(Self {
            size: integer("entities_per_page")?,
            number: integer("current_page")?,
            counts: argument["return_paging_info"] == true,
        })
    }

    fn start(&self) -> usize {
        self.size.saturating_mul(self.number - 1)
    }

    fn info(&self, found: &Found<'_>) -> Json {
        match found.total {
            Some(total) => json!({
                "current_page": self.number,
                "page_count": total.div_ceil(self.size),
                "entity_count": total,
                "entities_per_page": self.size,
            }),
            None => json!({"has_next_page": found.has_next}),
        }
    }
}

fn found<'a>(
    store: &'a Store,
    kind: Kind,
    filter: &'a Filter,
    scope: Scope,
    sorting: &Sorting,
    page: &Page,
) -> Found<'a> {
    let rows = select(store, kind, filter, scope);
    if sorting.is_by_id() && !page.counts {
        let mut rows: Vec<_> = rows
            .skip(page.start())
            .take(page.size.saturating_add(1))
            .collect();
        let has_next = rows.len() > page.size;
        rows.truncate(page.size);
        return Found {
            rows,
            has_next,
            total: None,
        };
    }
    let rows: Vec<_> = rows.collect();
    let total = rows.len();
    let end = page.start().saturating_add(page.size);
    Found {
        rows: sorting.page(store, &rows, page.start(), end),
        has_next: total > end,
        total: page.counts.then_some(total),
    }
}
