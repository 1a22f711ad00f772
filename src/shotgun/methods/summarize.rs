//! Questions whose answers are numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::shotgun::call::rpc::Rpc;
use crate::shotgun::client::Client;
use crate::shotgun::entity::FieldName;
use crate::shotgun::error::Error;
use crate::shotgun::filter::{Filter, conditions};
use crate::shotgun::value::Value;

/// How to divide entities into groups.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Grouping {
    /// By what they have in this field.
    pub field: FieldName,
    /// How alike that must be: `exact`, `firstletter`, `tens`, `day`, `week`, `month`, `entitytype`…
    pub how: Arc<str>,
    /// Greatest first.
    pub descending: bool,
}

impl Grouping {
    /// One group for each value of a field, least first.
    pub fn exact(field: impl Into<FieldName>) -> Self {
        Self {
            field: field.into(),
            how: "exact".into(),
            descending: false,
        }
    }
}

/// Sums, counts and the like, of all entities and group by group.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// By field.
    pub summaries: BTreeMap<FieldName, Value>,
    /// In the order asked for. None if nothing was asked to be grouped.
    #[serde(default)]
    pub groups: Vec<Group>,
}

/// Entities that have something in common.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Group {
    /// What people call that; empty for those that have nothing there.
    #[serde(rename = "group_name", default)]
    pub name: Arc<str>,
    /// What they have in common.
    #[serde(rename = "group_value", default)]
    pub value: Value,
    /// By field.
    #[serde(default)]
    pub summaries: BTreeMap<FieldName, Value>,
    /// By the next grouping, if there is one.
    #[serde(default)]
    pub groups: Vec<Self>,
}

#[derive(Deserialize)]
struct Count {
    summaries: Counted,
}

#[derive(Deserialize)]
struct Counted {
    id: u64,
}

impl Client {
    /// How many entities match, without fetching them. On the wire `summarize`.
    pub fn count(&self, entity_type: &str, filters: &[Filter]) -> Result<u64, Error> {
        let argument = json!({
            "type": entity_type,
            "filters": conditions(filters)?,
            "summaries": [{ "field": "id", "type": "count" }],
        });
        let rpc = Rpc::read("summarize", Some(argument));
        self.ask("summarize", Some(&entity_type.into()), &rpc)
            .map(|Count { summaries }| summaries.id)
    }

    /// Counts, sums and the like of fields, over all entities that match, and for each group of them. Per field one of
    /// `record_count`, `count`, `sum`, `maximum`, `minimum`, `average`, `earliest`, `latest`, `percentage`,
    /// `status_percentage`, `status_percentage_as_float`, `status_list`, `checked` and `unchecked`. On the wire `summarize`.
    ///
    /// ```no_run
    /// # use callboard::shotgun::{Client, Grouping};
    /// # let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
    /// let asked = [("id", "count"), ("due_date", "latest")];
    /// for group in client.summarize("Task", &[], &asked, &[Grouping::exact("entity")])?.groups {
    ///     println!("{}: {} tasks until {}", group.name, group.summaries["id"], group.summaries["due_date"]);
    /// }
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn summarize(
        &self,
        entity_type: &str,
        filters: &[Filter],
        summaries: &[(&str, &str)],
        grouping: &[Grouping],
    ) -> Result<Summary, Error> {
        let summary = |(field, kind): &(&str, &str)| json!({ "field": field, "type": kind });
        let mut argument = json!({
            "type": entity_type,
            "filters": conditions(filters)?,
            "summaries": summaries.iter().map(summary).collect::<Vec<_>>(),
        });
        if !grouping.is_empty() {
            argument["grouping"] = grouping.iter().map(wire_grouping).collect();
        }
        let rpc = Rpc::read("summarize", Some(argument));
        self.ask("summarize", Some(&entity_type.into()), &rpc)
    }
}

fn wire_grouping(grouping: &Grouping) -> Json {
    let Grouping {
        field,
        how,
        descending,
    } = grouping;
    json!({ "field": field, "type": how, "direction": if *descending { "desc" } else { "asc" } })
}
