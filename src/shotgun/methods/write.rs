//! Changing entities. None of these is ever repeated by itself: see [`Error::UnknownOutcome`].

use serde_json::{Value as Json, json};

use crate::shotgun::client::Client;
use crate::shotgun::decode::FirstOf;
use crate::shotgun::entity::{EntityId, EntityType, FieldName};
use crate::shotgun::error::Error;
use crate::shotgun::rows::Entity;
use crate::shotgun::rows_decode::{EntitySeed, RowsSeed};
use crate::shotgun::talk::{Plain, Rpc};
use crate::shotgun::value::Value;

impl Client {
    /// Makes an entity; answers with what was set, as the site stored it, and with `return_fields`.
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
        let mut fields = vec!["id"];
        fields.extend(return_fields.iter().filter(|field| **field != "id"));
        let argument =
            json!({ "type": entity_type, "fields": wire_fields(data), "return_fields": fields });
        self.write_entity("create", entity_type, data, &fields, argument)
    }

    /// Changes fields of an entity; answers with them as the site stored them.
    pub fn update(
        &self,
        entity_type: &str,
        id: impl Into<EntityId>,
        data: &[(&str, Value)],
    ) -> Result<Entity, Error> {
        let argument = json!({ "type": entity_type, "id": id.into(), "fields": wire_fields(data) });
        self.write_entity("update", entity_type, data, &[], argument)
    }

    /// Retires an entity. `false` if it was retired already.
    pub fn delete(&self, entity_type: &str, id: impl Into<EntityId>) -> Result<bool, Error> {
        let rpc = Rpc::write("delete", json!({ "type": entity_type, "id": id.into() }));
        self.ask("delete", Some(&entity_type.into()), &rpc)
    }

    /// Brings a retired entity back. `false` if it was alive already.
    pub fn revive(&self, entity_type: &str, id: impl Into<EntityId>) -> Result<bool, Error> {
        let rpc = Rpc::write("revive", json!({ "type": entity_type, "id": id.into() }));
        self.call("revive", Some(&EntityType::from(entity_type)), |talk| {
            talk.ask(&rpc, Plain::new())
        })
    }

    fn write_entity(
        &self,
        method: &'static str,
        entity_type: &str,
        data: &[(&str, Value)],
        fields: &[&str],
        argument: Json,
    ) -> Result<Entity, Error> {
        let columns: Vec<FieldName> = data
            .iter()
            .map(|(name, _)| *name)
            .chain(fields.iter().copied())
            .map(FieldName::from)
            .collect();
        let seed = FirstOf(EntitySeed(RowsSeed::new(&columns)));
        let rpc = Rpc::write(method, argument);
        self.call(method, Some(&entity_type.into()), |talk| {
            talk.ask(&rpc, seed)
        })
    }
}

fn wire_fields(data: &[(&str, Value)]) -> Json {
    data.iter()
        .map(|(name, value)| json!({ "field_name": name, "value": value }))
        .collect()
}
