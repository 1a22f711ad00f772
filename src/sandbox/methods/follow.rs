//! Who follows what.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::{Call, Facts};
use crate::sandbox::error::Fault;
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::Ref;

/// Pairs of an entity and a person who follows it.
#[derive(Debug, Default)]
pub struct Follows(BTreeSet<(Ref, Ref)>);

impl Follows {
    /// Answers `follow`. Someone who follows the entity already goes on doing so.
    pub fn follow(&mut self, store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
        let (user, entity) = pair(store, call)?;
        self.0.insert((entity, user));
        Ok(echo(call, "followed"))
    }

    /// Answers `unfollow`. Someone who does not follow the entity goes on doing so.
    pub fn unfollow(&mut self, store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
        let (user, entity) = pair(store, call)?;
        self.0.remove(&(entity, user));
        Ok(echo(call, "unfollowed"))
    }

    /// Answers `followers`: the people who follow an entity, with their status.
    pub fn followers(&self, facts: Facts<'_>, call: &Call<'_>) -> Result<Json, Fault> {
        let entity = call.needed_row(facts.store, "entity")?.at;
        let users = self.0.iter().filter(|(followed, _)| *followed == entity);
        let describe = |(_, user): &(Ref, Ref)| {
            let row = facts.store.live(*user)?;
            let mut hash = facts.hash(row);
            hash["status"] = facts.status(row);
            hash["valid"] = json!("valid");
            Some(hash)
        };
        Ok(users.filter_map(describe).collect())
    }

    /// Answers `following`: what a person follows, all of it, or only in a project or of a type.
    pub fn following(&self, store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
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
        let followed = self.0.iter().filter(|(_, follower)| *follower == user);
        let rows = followed.filter_map(|(entity, _)| store.live(*entity));
        Ok(rows
            .filter(wanted)
            .map(|row| json!({"type": store.schema().entity(row.at.kind).name, "id": row.at.id}))
            .collect())
    }
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
