//! Who follows what.

use serde_json::{Value as Json, json};

use super::{Call, Facts};
use crate::sandbox::beside::Mark;
use crate::sandbox::error::Fault;
use crate::sandbox::store::{Row, Store};
use crate::sandbox::transaction::Transaction;
use crate::sandbox::value::Ref;

/// Answers `follow`. Someone who follows the entity already goes on doing so.
pub fn follow(change: &mut Transaction<'_>, call: &Call<'_>) -> Result<Json, Fault> {
    let (user, entity) = pair(change.store(), call)?;
    change.mark(Mark::Follow { entity, user }, Some(json!(true)));
    Ok(echo(call, "followed"))
}

/// Answers `unfollow`. Someone who does not follow the entity goes on doing so.
pub fn unfollow(change: &mut Transaction<'_>, call: &Call<'_>) -> Result<Json, Fault> {
    let (user, entity) = pair(change.store(), call)?;
    change.mark(Mark::Follow { entity, user }, None);
    Ok(echo(call, "unfollowed"))
}

/// Answers `followers`: the people who follow an entity, with their status.
pub fn followers(facts: Facts<'_>, call: &Call<'_>) -> Result<Json, Fault> {
    let entity = call.needed_row(facts.store, "entity")?.at;
    let users = follows(facts.store).filter(|(followed, _)| *followed == entity);
    let describe = |(_, user): (Ref, Ref)| {
        let row = facts.store.live(user)?;
        let mut hash = facts.hash(row);
        hash["status"] = facts.status(row);
        hash["valid"] = json!("valid");
        Some(hash)
    };
    Ok(users.filter_map(describe).collect())
}

/// Answers `following`: what a person follows, all of it, or only in a project or of a type.
pub fn following(store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
    let user = person(store, call)?;
    let project = call.project(store)?;
    let kind = match call.text("entity_type") {
        None => None,
        Some(name) => Some(store.schema().kind(name).ok_or_else(|| {
            call.invalid(format!("invalid/missing string entity 'type': {name}"))
        })?),
    };
    let wanted = |row: &&Row| {
        kind.is_none_or(|kind| row.at.kind == kind)
            && project.is_none_or(|project| is_in(store, row, project))
    };
    let followed = follows(store).filter(|(_, follower)| *follower == user);
    let rows = followed.filter_map(|(entity, _)| store.live(entity));
    Ok(rows
        .filter(wanted)
        .map(|row| json!({"type": store.schema().entity(row.at.kind).name, "id": row.at.id}))
        .collect())
}

/// Pairs of an entity and a person who follows it.
fn follows(store: &Store) -> impl Iterator<Item = (Ref, Ref)> {
    store.marks().keys().filter_map(|mark| match mark {
        Mark::Follow { entity, user } => Some((*entity, *user)),
        Mark::Visit { .. }
        | Mark::WorkDay { .. }
        | Mark::License { .. }
        | Mark::FileState { .. }
        | Mark::UsedCode { .. }
        | Mark::Session { .. } => None,
    })
}

fn pair(store: &Store, call: &Call<'_>) -> Result<(Ref, Ref), Fault> {
    let user = person(store, call)?;
    Ok((user, call.needed_row(store, "entity")?.at))
}

fn person(store: &Store, call: &Call<'_>) -> Result<Ref, Fault> {
    let row = call.needed_row(store, "user")?;
    if store.schema().entity(row.at.kind).name == "HumanUser" {
        Ok(row.at)
    } else {
        Err(call.invalid("'user' is no HumanUser."))
    }
}

/// The answer to a change: that it was done, and what was asked for.
fn echo(call: &Call<'_>, done: &str) -> Json {
    json!({done: true, "user": call.argument["user"], "entity": call.argument["entity"]})
}

/// Whether a row is in a project, or is it.
fn is_in(store: &Store, row: &Row, project: u32) -> bool {
    let own = (store.schema().entity(row.at.kind).name == "Project").then_some(row.at);
    own.or_else(|| store.project(row))
        .is_some_and(|at| at.id == project)
}
