//! Licenses of people, and the projects they were last in.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Call, Facts};
use crate::sandbox::error::Fault;
use crate::sandbox::store::Store;
use crate::sandbox::value::{Kind, Ref};

/// The license that people have until they are given another.
const USUAL: &str = "Flow Production Tracking";

/// Licenses that were given out, by the person's id.
#[derive(Debug, Default)]
pub struct Subscriptions(BTreeMap<u32, Json>);

impl Subscriptions {
    /// Answers `user_subscriptions_read`: everybody with their license.
    pub fn read(&self, store: &Store) -> Json {
        let Some(kind) = store.schema().kind("HumanUser") else {
            return json!([]);
        };
        let people = store.rows(kind).iter().filter(|row| !row.retired);
        let describe = |id: u32| {
            let subscription = self.0.get(&id).cloned().unwrap_or_else(|| json!(USUAL));
            json!({"humanUserId": id, "subscription": subscription})
        };
        people.map(|row| describe(row.at.id)).collect()
    }

    /// Answers `user_subscriptions_create`: gives out licenses, or takes them away with null. All of them or none.
    pub fn create(&mut self, store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
        let invalid = |item: &Json| call.invalid(format!("invalid 'users':\n{item}"));
        let users = &call.argument["users"];
        let subscription = |user: &Json| {
            let person = user["humanUserId"]
                .as_u64()
                .and_then(|id| person(store, id));
            let subscription = &user["subscription"];
            let known = subscription.is_null() || subscription.is_string();
            let person = person.filter(|_| known).ok_or_else(|| invalid(user))?;
            Ok((person.id, subscription.clone()))
        };
        let users = users.as_array().ok_or_else(|| invalid(users))?;
        let given = users
            .iter()
            .map(subscription)
            .collect::<Result<Vec<_>, Fault>>()?;
        self.0.extend(given);
        Ok(json!({"status": "success"}))
    }
}

/// Answers `update_project_last_accessed_by_current_user` with the project, as the visitor sees it: by default whoever calls.
pub fn visit_project(
    store: &mut Store,
    base_url: &str,
    stamp: &str,
    call: &Call<'_>,
) -> Result<Json, Fault> {
    let project = row(store, call, "Project", "project_id")?;
    let visitor = if call.argument["user_id"].is_null() {
        call.caller
    } else {
        row(store, call, "HumanUser", "user_id")?
    };
    store.visit(visitor, project, stamp);
    let facts = Facts {
        store,
        base_url,
        viewer: visitor,
    };
    let told = store
        .live(project)
        .map(|row| facts.fields(row, &["name", "last_accessed_by_current_user"]));
    Ok(json!([told]))
}

fn row(store: &Store, call: &Call<'_>, entity: &str, key: &str) -> Result<Ref, Fault> {
    let id = call.argument[key].as_u64();
    let id = id.ok_or_else(|| call.invalid(format!("invalid/missing integer '{key}'")))?;
    let at = store
        .schema()
        .kind(entity)
        .and_then(|kind| living(store, kind, id));
    at.ok_or_else(|| call.invalid(format!("'{key}': there is no {entity} with id {id}.")))
}

fn person(store: &Store, id: u64) -> Option<Ref> {
    living(store, store.schema().kind("HumanUser")?, id)
}

fn living(store: &Store, kind: Kind, id: u64) -> Option<Ref> {
    let id = u32::try_from(id).ok()?;
    store.live(Ref { kind, id }).map(|row| row.at)
}
