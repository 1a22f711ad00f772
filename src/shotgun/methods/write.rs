//! Changing entities. None of these is ever repeated by itself: see [`Error::UnknownOutcome`].
//!
//! None of them takes the path of a picture for `image`, as `shotgun_api3` does: see [`Client::upload_thumbnail`].

use serde_json::{Value as Json, json};

use crate::shotgun::call::rpc::Rpc;
use crate::shotgun::change::check;
use crate::shotgun::change::{BatchSeed, Change, Changed, UpdateMode};
use crate::shotgun::client::Client;
use crate::shotgun::decode::FirstOf;
use crate::shotgun::entity::{EntityId, EntityType};
use crate::shotgun::error::Error;
use crate::shotgun::rows::Entity;
use crate::shotgun::value::Value;

impl Client {
    /// Makes an entity; answers with what was set, as the site stored it, and with `return_fields`. On the wire `create`.
    ///
    /// A thumbnail is no field to be set: see [`Client::upload_thumbnail`].
    ///
    /// ```no_run
    /// # use callboard::shotgun::{Client, Value};
    /// # let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
    /// let shot = client.create("Shot", &[("code", "SH0100".into()), ("project", Value::entity("Project", 70))], &["sg_status_list"])?;
    /// println!("{}", shot.id());
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn create(
        &self,
        entity_type: &str,
        data: &[(&str, Value)],
        return_fields: &[&str],
    ) -> Result<Entity, Error> {
        self.change(&Change::create(entity_type, data, return_fields))
    }

    /// Changes fields of an entity; answers with them as the site stored them. Links in a field of several links take the
    /// place of those that are there. On the wire `update`.
    pub fn update(
        &self,
        entity_type: &str,
        id: impl Into<EntityId>,
        data: &[(&str, Value)],
    ) -> Result<Entity, Error> {
        self.change(&Change::update(entity_type, id, data))
    }

    /// Changes fields of an entity, and says for fields of several links what happens to those that are there. A mode for a
    /// field that is not in `data` means nothing. On the wire `update`.
    ///
    /// ```no_run
    /// # use callboard::shotgun::{Client, EntityRef, UpdateMode};
    /// # let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
    /// let bunny = vec![EntityRef::new("Asset", 9)];
    /// client.update_with_modes("Shot", 12, &[("assets", bunny.into())], &[("assets", UpdateMode::Add)])?;
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn update_with_modes(
        &self,
        entity_type: &str,
        id: impl Into<EntityId>,
        data: &[(&str, Value)],
        modes: &[(&str, UpdateMode)],
    ) -> Result<Entity, Error> {
        self.change(&Change::update_with_modes(entity_type, id, data, modes))
    }

    /// Retires an entity. `false` if it was retired already. On the wire `delete`.
    pub fn delete(&self, entity_type: &str, id: impl Into<EntityId>) -> Result<bool, Error> {
        self.switch("delete", entity_type, id.into())
    }

    /// Brings a retired entity back. `false` if it was alive already. On the wire `revive`.
    pub fn revive(&self, entity_type: &str, id: impl Into<EntityId>) -> Result<bool, Error> {
        self.switch("revive", entity_type, id.into())
    }

    /// Makes all these changes, or none of them; answers in their order. If one is refused, the error names it by its place,
    /// from 0, and nothing was changed. Without any change nobody is asked. On the wire `batch`.
    ///
    /// ```no_run
    /// # use callboard::shotgun::{Change, Client};
    /// # let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
    /// let statuses = [12, 13].map(|id| Change::update("Shot", id, &[("sg_status_list", "fin".into())]));
    /// let changed = client.batch(&statuses)?;
    /// assert_eq!(changed.len(), 2);
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn batch(&self, changes: &[Change]) -> Result<Vec<Changed>, Error> {
        let Some(first) = changes.first() else {
            return Ok(Vec::new());
        };
        let same = |change: &Change| change.entity_type() == first.entity_type();
        let entity_type = changes.iter().all(same).then(|| first.entity_type());
        let requests: Vec<Json> = changes.iter().map(Change::request).collect();
        let seed = BatchSeed(changes.iter().map(Change::seed).collect());
        self.call("batch", entity_type, |talk| {
            talk.ask(&Rpc::write("batch", requests.into()), seed)
        })
    }

    fn change(&self, change: &Change) -> Result<Entity, Error> {
        let rpc = Rpc::write(change.method(), change.argument()).checked_by(change.check());
        self.call(change.method(), Some(change.entity_type()), |talk| {
            talk.ask(&rpc, FirstOf(change.seed()))
        })
    }

    fn switch(&self, method: &'static str, entity_type: &str, id: EntityId) -> Result<bool, Error> {
        let rpc = Rpc::write(method, json!({ "type": entity_type, "id": id }))
            .checked_by(Some(check::entity(entity_type, id)));
        self.ask(method, Some(&EntityType::from(entity_type)), &rpc)
    }
}
