//! The tree of a site, as its pages show it. Experimental on the server's side, so the answers stay as they come.

use serde_json::{Value as Json, json};

use crate::shotgun::call::rpc::Rpc;
use crate::shotgun::client::Client;
use crate::shotgun::entity::EntityRef;
use crate::shotgun::error::Error;

impl Client {
    /// The node at `path`, such as `/Project/70`, and what is below it. On the wire `nav_expand`.
    pub fn nav_expand(
        &self,
        path: &str,
        seed_entity_field: Option<&str>,
        entity_fields: Option<&Json>,
    ) -> Result<Json, Error> {
        let argument = json!({
            "path": path,
            "seed_entity_field": seed_entity_field,
            "entity_fields": entity_fields,
        });
        let rpc = Rpc::read("nav_expand", Some(argument));
        self.ask("nav_expand", None, &rpc)
    }

    /// Nodes below `root_path` with this text in their label. On the wire `nav_search`.
    pub fn nav_search_string(
        &self,
        root_path: &str,
        text: &str,
        seed_entity_field: Option<&str>,
    ) -> Result<Json, Error> {
        let criteria = json!({ "search_string": text });
        self.nav_search("nav_search_string", root_path, seed_entity_field, &criteria)
    }

    /// Nodes below `root_path` that lead to an entity. On the wire `nav_search`.
    pub fn nav_search_entity(
        &self,
        root_path: &str,
        entity: &EntityRef,
        seed_entity_field: Option<&str>,
    ) -> Result<Json, Error> {
        let criteria = json!({ "entity": entity });
        self.nav_search("nav_search_entity", root_path, seed_entity_field, &criteria)
    }

    fn nav_search(
        &self,
        method: &'static str,
        root_path: &str,
        seed_entity_field: Option<&str>,
        criteria: &Json,
    ) -> Result<Json, Error> {
        let argument = json!({
            "root_path": root_path,
            "seed_entity_field": seed_entity_field,
            "search_criteria": criteria,
        });
        self.ask(method, None, &Rpc::read("nav_search", Some(argument)))
    }
}
