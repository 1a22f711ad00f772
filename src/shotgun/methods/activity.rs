//! Who follows what, and what happened to it.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::schema::wire_project;
use crate::shotgun::call::rpc::Rpc;
use crate::shotgun::client::Client;
use crate::shotgun::entity::{EntityId, EntityRef, EntityType};
use crate::shotgun::error::Error;
use crate::shotgun::rows::{Entity, Rows};
use crate::shotgun::value::Value;

/// Which part of a stream to read. By default the newest 25 updates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ActivityRange {
    /// Only updates with greater numbers.
    pub min_id: Option<u64>,
    /// Only updates with smaller numbers.
    pub max_id: Option<u64>,
    /// At most so many, up to 500.
    pub limit: Option<u32>,
}

/// What happened to an entity, newest first.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct ActivityStream {
    /// The type of the entity.
    pub entity_type: EntityType,
    /// Its number.
    pub entity_id: EntityId,
    /// The smallest number among the updates; goes into [`ActivityRange::max_id`] to read on.
    pub earliest_update_id: Option<u64>,
    /// The greatest number among the updates; goes into [`ActivityRange::min_id`] to learn what is new.
    pub latest_update_id: Option<u64>,
    /// The updates.
    pub updates: Vec<Activity>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Activity {
    /// Its number.
    pub id: u64,
    /// `create`, `update`, `delete` or `create_reply`.
    pub update_type: Arc<str>,
    /// When. A time, or text where the site writes it in another way.
    #[serde(default)]
    pub created_at: Value,
    /// Whether the person who asks has seen it.
    #[serde(default)]
    pub read: Option<bool>,
    /// What exactly, in the words of an event.
    #[serde(default)]
    pub meta: Json,
    /// Who did it.
    #[serde(default)]
    pub created_by: Option<EntityRef>,
    /// What it is about, with its `name`, its `status`, and the fields asked for.
    #[serde(default)]
    pub primary_entity: Option<Entity>,
}

#[derive(Deserialize)]
struct Followed {
    followed: bool,
}

#[derive(Deserialize)]
struct Unfollowed {
    unfollowed: bool,
}

impl Client {
    /// Has a person follow an entity. Whether it worked. On the wire `follow`.
    pub fn follow(&self, user: &EntityRef, entity: &EntityRef) -> Result<bool, Error> {
        let argument = json!({ "user": user, "entity": entity });
        let rpc = Rpc::write("follow", argument);
        self.ask("follow", Some(&entity.entity_type), &rpc)
            .map(|Followed { followed }| followed)
    }

    /// Has a person no longer follow an entity. Whether it worked. On the wire `unfollow`.
    pub fn unfollow(&self, user: &EntityRef, entity: &EntityRef) -> Result<bool, Error> {
        let argument = json!({ "user": user, "entity": entity });
        let rpc = Rpc::write("unfollow", argument);
        self.ask("unfollow", Some(&entity.entity_type), &rpc)
            .map(|Unfollowed { unfollowed }| unfollowed)
    }

    /// The people who follow an entity, with their `name` and `status`. On the wire `followers`.
    pub fn followers(&self, entity: &EntityRef) -> Result<Rows, Error> {
        let rpc = Rpc::read("followers", Some(json!({ "entity": entity })));
        self.ask("followers", Some(&entity.entity_type), &rpc)
    }

    /// What a person follows: all of it, or what is in a project or of a type. On the wire `following`.
    pub fn following(
        &self,
        user: &EntityRef,
        project: Option<EntityId>,
        entity_type: Option<&str>,
    ) -> Result<Rows, Error> {
        let mut argument = json!({ "user": user });
        if let Some(id) = project {
            argument["project"] = wire_project(id);
        }
        if let Some(entity_type) = entity_type {
            argument["entity_type"] = entity_type.into();
        }
        let entity_type = entity_type.map(EntityType::from);
        let rpc = Rpc::read("following", Some(argument));
        self.ask("following", entity_type.as_ref(), &rpc)
    }

    /// A note with all its replies and attachments, in the order of time; of each type the fields asked for as well. On the
    /// wire `note_thread_contents`.
    pub fn note_thread_read(
        &self,
        note_id: impl Into<EntityId>,
        entity_fields: &[(&str, &[&str])],
    ) -> Result<Rows, Error> {
        let argument =
            json!({ "note_id": note_id.into(), "entity_fields": wire_fields(entity_fields) });
        let rpc = Rpc::read("note_thread_contents", Some(argument));
        self.ask("note_thread_read", Some(&"Note".into()), &rpc)
    }

    /// What happened to an entity, newest first; of the entities concerned the fields asked for as well. On the wire
    /// `activity_stream`.
    ///
    /// ```no_run
    /// # use callboard::shotgun::{ActivityRange, Client};
    /// # let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
    /// let newest = ActivityRange { limit: Some(50), ..ActivityRange::default() };
    /// for activity in client.activity_stream_read("Shot", 12, &[("Version", &["image"])], newest)?.updates {
    ///     println!("{} {}", activity.created_at, activity.update_type);
    /// }
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn activity_stream_read(
        &self,
        entity_type: &str,
        id: impl Into<EntityId>,
        entity_fields: &[(&str, &[&str])],
        range: ActivityRange,
    ) -> Result<ActivityStream, Error> {
        let ActivityRange {
            min_id,
            max_id,
            limit,
        } = range;
        let argument = json!({
            "type": entity_type,
            "id": id.into(),
            "max_id": max_id,
            "min_id": min_id,
            "limit": limit,
            "entity_fields": wire_fields(entity_fields),
        });
        let rpc = Rpc::read("activity_stream", Some(argument));
        self.ask("activity_stream_read", Some(&entity_type.into()), &rpc)
    }
}

fn wire_fields(entity_fields: &[(&str, &[&str])]) -> Map<String, Json> {
    entity_fields
        .iter()
        .map(|(entity_type, fields)| ((*entity_type).to_owned(), json!(fields)))
        .collect()
}
