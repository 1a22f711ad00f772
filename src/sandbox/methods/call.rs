//! A call on its way through the site, and what comes of it.

use serde_json::Value as Json;

use crate::sandbox::error::Fault;

/// Who asks for what.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The method, as the wire has it.
    pub method: &'a str,
    /// What the method is given; null if nothing.
    pub argument: &'a Json,
}

/// What goes out with status 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// JSON, as a whole.
    Json(String),
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

    /// A fault that begins with the method's name.
    pub fn invalid(&self, message: impl std::fmt::Display) -> Fault {
        Fault::invalid(format!("API {}() {message}", self.method))
    }
}
