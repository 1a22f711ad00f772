//! What each API method does, one file per family. Here is only who answers what.

mod activity;
mod call;
mod facts;
mod follow;
mod navigate;
mod notes;
mod pages;
mod people;
mod preferences;
mod schedule;
mod schema;
mod schema_change;
mod search;

pub use self::call::{Answer, Call};
pub use self::facts::Facts;

use super::error::Fault;
use super::query::Parser;
use super::site::Site;

/// All methods there are, also those that are answered elsewhere. Whatever is not here is unknown.
pub const NAMES: [&str; 31] = [
    "activity_stream",
    "batch",
    "create",
    "delete",
    "export_page",
    "follow",
    "followers",
    "following",
    "get_session_token",
    "info",
    "nav_expand",
    "nav_search",
    "note_thread_contents",
    "preferences_read",
    "query_display_name_cache",
    "read",
    "revive",
    "schema_entity_read",
    "schema_field_create",
    "schema_field_delete",
    "schema_field_read",
    "schema_field_update",
    "schema_read",
    "summarize",
    "unfollow",
    "update",
    "update_project_last_accessed_by_current_user",
    "user_subscriptions_create",
    "user_subscriptions_read",
    "work_schedule_read",
    "work_schedule_update",
];

/// Answers a call whose sender is known.
pub fn answer(site: &Site, call: &Call<'_>) -> Result<Answer, Fault> {
    let result = match call.method {
        unknown if !NAMES.contains(&unknown) => {
            return Err(Fault::invalid(format!("API Unknown method '{unknown}'")));
        }
        "schema_field_create" => site.transact(|change| schema_change::create(change, call)),
        "schema_field_update" => site.transact(|change| schema_change::update(change, call)),
        "schema_field_delete" => site.transact(|change| schema_change::delete(change, call)),
        "follow" => site.transact(|change| follow::follow(change, call)),
        "unfollow" => site.transact(|change| follow::unfollow(change, call)),
        "work_schedule_update" => site.transact(|change| schedule::update(change, call)),
        "user_subscriptions_create" => site.transact(|change| people::license(change, call)),
        "update_project_last_accessed_by_current_user" => {
            let stamp = site.clock.stamp();
            site.transact(|change| people::visit_project(change, &site.base_url, &stamp, call))
        }
        _reads_only => return look(site, call),
    }?;
    Ok(Answer::results(&result.to_string()))
}

/// Answers a call that leaves everything as it is.
fn look(site: &Site, call: &Call<'_>) -> Result<Answer, Fault> {
    let store = &*site.store.read();
    let facts = Facts {
        store,
        base_url: &site.base_url,
        viewer: call.caller,
    };
    let parser = Parser {
        store,
        now: site.clock.now(),
        method: call.method,
        viewer: call.caller,
    };
    let result = match call.method {
        "schema_read" => schema::read(store, call),
        "schema_entity_read" => schema::entity_read(store, call),
        "schema_field_read" => schema::field_read(store, call),
        "query_display_name_cache" => search::answer(facts, &parser, call),
        "followers" => follow::followers(facts, call),
        "following" => follow::following(store, call),
        "activity_stream" => activity::answer(facts, call),
        "note_thread_contents" => notes::answer(facts, call),
        "nav_expand" => navigate::expand(store, call),
        "nav_search" => navigate::search(store, call),
        "preferences_read" => preferences::read(call),
        "work_schedule_read" => schedule::read(store, call),
        "user_subscriptions_read" => Ok(people::licenses(store)),
        "export_page" => return pages::export(facts, call).map(Answer::Csv),
        other => Err(Fault::invalid(format!("API Unknown method '{other}'"))),
    }?;
    Ok(Answer::results(&result.to_string()))
}
