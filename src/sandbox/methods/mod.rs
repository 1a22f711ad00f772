//! What each API method does, one file per family. Here is only who answers what.

mod call;
mod schema;

pub use self::call::{Answer, Call};

use super::error::Fault;
use super::site::Site;

/// Answers a call whose sender is known.
pub fn answer(site: &Site, call: &Call<'_>) -> Result<Answer, Fault> {
    let result = match call.method {
        "schema_read" => schema::read(&site.store.read()),
        "schema_entity_read" => schema::entity_read(&site.store.read()),
        "schema_field_read" => schema::field_read(&site.store.read(), call)?,
        other => return Err(Fault::invalid(format!("API Unknown method '{other}'"))),
    };
    Ok(Answer::results(&result.to_string()))
}
