//! A call on its way through the site, and what comes of it.

use serde_json::Value as Json;

use crate::sandbox::coerce;
use crate::sandbox::error::Fault;
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::Ref;

/// Who asks for what.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The method, as the wire has it.
    pub method: &'a str,
    /// The person or script.
    pub caller: Ref,
    /// What the method is given; null if nothing.
    pub argument: &'a Json,
}

/// What goes out with status 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// JSON, as a whole.
    Json(String),
    /// A table for spreadsheets.
    Csv(String),
}

impl Answer {
    /// The usual form: the JSON of a result, wrapped.
    pub fn results(json: &str) -> Self {
        Self::Json(format!("{{\"results\":{json}}}"))
    }
}

impl<'a> Call<'a> {
    /// The text at `key` of the argument.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.argument.get(key).and_then(Json::as_str)
    }

    /// The whole number at `key` of the argument; none for null.
    pub fn number(&self, key: &str) -> Result<Option<u64>, Fault> {
        let value = &self.argument[key];
        let number = value.as_u64();
        if number.is_none() && !value.is_null() {
            return Err(self.invalid(format!("invalid integer '{key}': {value}")));
        }
        Ok(number)
    }

    /// The living row that the hash at `key` of the argument names; none for null.
    pub fn row<'b>(&self, store: &'b Store, key: &str) -> Result<Option<&'b Row>, Fault> {
        let hash = &self.argument[key];
        if hash.is_null() {
            return Ok(None);
        }
        let at = coerce::reference(store.schema(), hash)
            .ok_or_else(|| self.invalid(format!("invalid/missing entity '{key}':\n{hash}")))?;
        let name = store.schema().entity(at.kind).name;
        let unknown = || self.invalid(format!("'{key}': there is no {name} with id {}.", at.id));
        store.live(at).map(Some).ok_or_else(unknown)
    }

    /// The living row that the hash at `key` of the argument must name.
    pub fn needed_row<'b>(&self, store: &'b Store, key: &str) -> Result<&'b Row, Fault> {
        let missing = || {
            self.invalid(format!(
                "invalid/missing entity '{key}':\n{}",
                self.argument
            ))
        };
        self.row(store, key)?.ok_or_else(missing)
    }

    /// The id of the project at `project` of the argument; none for null.
    pub fn project(&self, store: &Store) -> Result<Option<u32>, Fault> {
        let row = self.row(store, "project")?;
        match row.filter(|row| store.schema().entity(row.at.kind).name != "Project") {
            Some(_other) => Err(self.invalid("'project' is no Project.")),
            None => Ok(row.map(|row| row.at.id)),
        }
    }

    /// A fault that begins with the method's name.
    pub fn invalid(&self, message: impl std::fmt::Display) -> Fault {
        Fault::invalid(format!("API {}() {message}", self.method))
    }
}
