//! Questions whose answer is a number.

use serde::Deserialize;
use serde_json::json;

use crate::shotgun::client::Client;
use crate::shotgun::error::Error;
use crate::shotgun::filter::{Filter, conditions};
use crate::shotgun::talk::Rpc;

#[derive(Deserialize)]
struct Summary {
    summaries: Counted,
}

#[derive(Deserialize)]
struct Counted {
    id: u64,
}

impl Client {
    /// How many entities match, without fetching them.
    pub fn count(&self, entity_type: &str, filters: &[Filter]) -> Result<u64, Error> {
        let argument = json!({
            "type": entity_type,
            "filters": conditions(filters)?,
            "summaries": [{ "field": "id", "type": "count" }],
        });
        let summary: Summary = self.ask(
            "summarize",
            Some(&entity_type.into()),
            &Rpc::read("summarize", Some(argument)),
        )?;
        Ok(summary.summaries.id)
    }
}
