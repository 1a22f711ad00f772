//! Reading the schema, and changing the fields of entity types.

use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::shotgun::call::rpc::Rpc;
use crate::shotgun::client::Client;
use crate::shotgun::entity::{EntityId, EntityRef, FieldName};
use crate::shotgun::error::Error;
use crate::shotgun::schema::{EntitySchemas, FieldSchemas, Schema, named};
use crate::shotgun::value::Value;

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

    /// Adds a field of this data type and display name to an entity type; answers with the name that the site made of it, such
    /// as `sg_my_field`. Other properties, such as `description` or `valid_values`, may come along. On the wire
    /// `schema_field_create`.
    ///
    /// ```no_run
    /// # use callboard::shotgun::Client;
    /// # let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
    /// let field = client.schema_field_create("Shot", "text", "Weather", &[("description", "On the day of the shoot".into())])?;
    /// assert_eq!(field, "sg_weather");
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn schema_field_create(
        &self,
        entity_type: &str,
        data_type: &str,
        display_name: &str,
        properties: &[(&str, Value)],
    ) -> Result<FieldName, Error> {
        let mut all = vec![("name", display_name.into())];
        all.extend_from_slice(properties);
        let argument = json!({
            "type": entity_type,
            "data_type": data_type,
            "properties": wire_properties(&all),
        });
        self.change_schema("schema_field_create", entity_type, argument)
    }

    /// Changes properties of a field. With a project: for that project, which only the property `visible` can be. On the wire
    /// `schema_field_update`.
    pub fn schema_field_update(
        &self,
        entity_type: &str,
        field: &str,
        properties: &[(&str, Value)],
        project: Option<EntityId>,
    ) -> Result<bool, Error> {
        let mut argument = json!({
            "type": entity_type,
            "field_name": field,
            "properties": wire_properties(properties),
        });
        if let Some(id) = project {
            argument["project"] = wire_project(id);
        }
        self.change_schema("schema_field_update", entity_type, argument)
    }

    /// Retires a field, and hides what it holds. On the wire `schema_field_delete`.
    pub fn schema_field_delete(&self, entity_type: &str, field: &str) -> Result<bool, Error> {
        let argument = json!({ "type": entity_type, "field_name": field });
        self.change_schema("schema_field_delete", entity_type, argument)
    }

    fn change_schema<T: DeserializeOwned>(
        &self,
        method: &'static str,
        entity_type: &str,
        argument: Json,
    ) -> Result<T, Error> {
        self.ask(
            method,
            Some(&entity_type.into()),
            &Rpc::write(method, argument),
        )
    }
}

fn wire_properties(properties: &[(&str, Value)]) -> Json {
    properties
        .iter()
        .map(|(name, value)| json!({ "property_name": name, "value": value }))
        .collect()
}

pub(super) fn wire_project(id: EntityId) -> Json {
    json!(EntityRef::new("Project", id))
}
