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

use parking_lot::Mutex;

pub use self::call::{Answer, Call};
pub use self::facts::Facts;

use self::follow::Follows;
use self::people::Subscriptions;
use self::schedule::WorkSchedule;
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

/// What the site knows that is in no row.
#[derive(Debug, Default)]
pub struct Beside {
    follows: Mutex<Follows>,
    schedule: Mutex<WorkSchedule>,
    subscriptions: Mutex<Subscriptions>,
}

/// Answers a call whose sender is known.
pub fn answer(site: &Site, call: &Call<'_>) -> Result<Answer, Fault> {
    let result = match call.method {
        unknown if !NAMES.contains(&unknown) => {
            return Err(Fault::invalid(format!("API Unknown method '{unknown}'")));
        }
        "schema_field_create" => schema_change::create(&mut site.store.write(), call),
        "schema_field_update" => schema_change::update(&mut site.store.write(), call),
        "schema_field_delete" => schema_change::delete(&mut site.store.write(), call),
        "update_project_last_accessed_by_current_user" => {
            let (stamp, mut store) = (site.clock.stamp(), site.store.write());
            people::visit_project(&mut store, &site.base_url, &stamp, call)
        }
        _reads_rows => return look(site, call),
    }?;
    Ok(Answer::results(&result.to_string()))
}

/// Answers a call that leaves the rows as they are.
fn look(site: &Site, call: &Call<'_>) -> Result<Answer, Fault> {
    let store = &*site.store.read();
    let beside = &site.beside;
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
        "follow" => beside.follows.lock().follow(store, call),
        "unfollow" => beside.follows.lock().unfollow(store, call),
        "followers" => beside.follows.lock().followers(facts, call),
        "following" => beside.follows.lock().following(store, call),
        "activity_stream" => activity::answer(facts, call),
        "note_thread_contents" => notes::answer(facts, call),
        "nav_expand" => navigate::expand(store, call),
        "nav_search" => navigate::search(store, call),
        "preferences_read" => preferences::read(call),
        "work_schedule_read" => beside.schedule.lock().read(store, call),
        "work_schedule_update" => beside.schedule.lock().update(facts, call),
        "user_subscriptions_read" => Ok(beside.subscriptions.lock().read(store)),
        "user_subscriptions_create" => beside.subscriptions.lock().create(store, call),
        "export_page" => return pages::export(facts, call).map(Answer::Csv),
        other => Err(Fault::invalid(format!("API Unknown method '{other}'"))),
    }?;
    Ok(Answer::results(&result.to_string()))
}
