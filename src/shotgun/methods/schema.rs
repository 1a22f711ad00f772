//! Reading the schema.

use serde_json::{Value as Json, json};

use crate::shotgun::client::Client;
use crate::shotgun::entity::{EntityId, EntityRef};
use crate::shotgun::error::Error;
use crate::shotgun::schema::{EntitySchemas, FieldSchemas, Schema, named};
use crate::shotgun::talk::Rpc;

impl Client {
    /// All fields of all entity types; megabytes on a big site. With a project: what is visible there.
    pub fn schema_read(&self, project: Option<EntityId>) -> Result<Schema, Error> {
        let argument = project.map(|id| json!({ "project": wire_project(id) }));
        let schema: Schema = self.ask("schema_read", None, &Rpc::read("schema_read", argument))?;
        Ok(schema
            .into_iter()
            .map(|(entity_type, fields)| (entity_type, named(fields)))
            .collect())
    }

    /// The fields of one entity type, or one field of it.
    pub fn schema_field_read(
        &self,
        entity_type: &str,
        field: Option<&str>,
        project: Option<EntityId>,
    ) -> Result<FieldSchemas, Error> {
        let mut argument = json!({ "type": entity_type });
        if let Some(field) = field {
            argument["field_name"] = field.into();
        }
        if let Some(id) = project {
            argument["project"] = wire_project(id);
        }
        self.ask(
            "schema_field_read",
            Some(&entity_type.into()),
            &Rpc::read("schema_field_read", Some(argument)),
        )
        .map(named)
    }

    /// All entity types, with their display names and whether they are switched on.
    pub fn schema_entity_read(&self, project: Option<EntityId>) -> Result<EntitySchemas, Error> {
        let argument = project.map(|id| json!({ "project": wire_project(id) }));
        self.ask(
            "schema_entity_read",
            None,
            &Rpc::read("schema_entity_read", argument),
        )
    }
}

fn wire_project(id: EntityId) -> Json {
    json!(EntityRef::new("Project", id))
}
