//! Licenses of people, and the projects they were last in.

use serde_json::{Value as Json, json};

use super::{Call, Facts};
use crate::sandbox::beside::Mark;
use crate::sandbox::error::Fault;
use crate::sandbox::store::Store;
use crate::sandbox::transaction::Transaction;
use crate::sandbox::value::{Kind, Ref};

/// The license that people have until they are given another.
const USUAL: &str = "Flow Production Tracking";

/// Answers `user_subscriptions_read`: everybody with their license.
pub fn licenses(store: &Store) -> Json {
    let Some(kind) = store.schema().kind("HumanUser") else {
        return json!([]);
    };
    let people = store.rows(kind).iter().filter(|row| !row.retired);
    let describe = |user: Ref| {
        let given = store.mark(&Mark::License { user }).cloned();
        json!({"humanUserId": user.id, "subscription": given.unwrap_or_else(|| json!(USUAL))})
    };
    people.map(|row| describe(row.at)).collect()
}

/// Answers `user_subscriptions_create`: gives out licenses, or takes them away with null. All of them or none.
pub fn license(change: &mut Transaction<'_>, call: &Call<'_>) -> Result<Json, Fault> {
    let invalid = |item: &Json| call.invalid(format!("invalid 'users':\n{item}"));
    let users = &call.argument["users"];
    for item in users.as_array().ok_or_else(|| invalid(users))? {
        let user = item["humanUserId"]
            .as_u64()
            .and_then(|id| person(change.store(), id));
        let license = &item["subscription"];
        let known = license.is_null() || license.is_string();
        let user = user.filter(|_| known).ok_or_else(|| invalid(item))?;
        change.mark(Mark::License { user }, Some(license.clone()));
    }
    Ok(json!({"status": "success"}))
}

/// Answers `update_project_last_accessed_by_current_user` with the project, as the visitor sees it: by default whoever calls.
pub fn visit_project(
    change: &mut Transaction<'_>,
    base_url: &str,
    stamp: &str,
    call: &Call<'_>,
) -> Result<Json, Fault> {
    let at = row(change.store(), call, "Project", "project_id")?;
    let visitor = if call.argument["user_id"].is_null() {
        call.caller
    } else {
        row(change.store(), call, "HumanUser", "user_id")?
    };
    change.mark(Mark::Visit { visitor, at }, Some(json!(stamp)));
    let store = change.store();
    let facts = Facts {
        store,
        base_url,
        viewer: visitor,
    };
    let told = store
        .live(at)
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
