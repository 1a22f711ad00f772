//! Finding entities by what people call them.

use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json, json};

use crate::shotgun::call::rpc::Rpc;
use crate::shotgun::client::Client;
use crate::shotgun::entity::{EntityId, EntityRef, EntityType};
use crate::shotgun::error::Error;
use crate::shotgun::filter::{Filter, conditions};

/// What [`Client::text_search`] finds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TextMatches {
    /// The words that were looked for, in lower case.
    #[serde(default)]
    pub terms: Vec<Arc<str>>,
    /// Entities with all of them in their names.
    pub matches: Vec<TextMatch>,
}

/// An entity whose name matches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextMatch {
    /// The entity, with its name.
    pub entity: EntityRef,
    /// The project it is in.
    pub project_id: Option<EntityId>,
    /// Where its thumbnail is.
    pub image: Option<Arc<str>>,
    /// Type and name of what a task or a version is on.
    pub link: Option<(EntityType, Arc<str>)>,
    /// The code of its status.
    pub status: Option<Arc<str>>,
}

#[derive(Deserialize)]
struct Wire {
    #[serde(flatten)]
    entity: EntityRef,
    project_id: Option<EntityId>,
    image: Option<Arc<str>>,
    #[serde(default)]
    links: Option<Vec<Option<Arc<str>>>>,
    status: Option<Arc<str>>,
}

impl<'de> Deserialize<'de> for TextMatch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Wire {
            entity,
            project_id,
            image,
            links,
            status,
        } = Wire::deserialize(deserializer)?;
        // A pair of texts, both empty if it is on nothing.
        let link = match links.as_deref() {
            Some([Some(entity_type), Some(name)]) if !entity_type.is_empty() => {
                Some((Arc::clone(entity_type).into(), Arc::clone(name)))
            }
            Some(_) | None => None,
        };
        Ok(Self {
            entity,
            project_id,
            image,
            link,
            status,
        })
    }
}

impl Client {
    /// Entities of these types that pass these filters, and have all words of `text` in their display names, in any case. A
    /// text of fewer than three characters is refused by the site. No projects means all; at most `limit` are found, or what
    /// the site thinks right. On the wire `query_display_name_cache`.
    ///
    /// ```no_run
    /// # use callboard::shotgun::{Client, Filter};
    /// # let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
    /// let living = [Filter::is_not("sg_status_list", "omt")];
    /// let found = client.text_search("bunny run", &[("Asset", &[]), ("Shot", &living)], &[], Some(20))?;
    /// for found in found.matches {
    ///     println!("{}", found.entity);
    /// }
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn text_search(
        &self,
        text: &str,
        entity_types: &[(&str, &[Filter])],
        project_ids: &[EntityId],
        limit: Option<u32>,
    ) -> Result<TextMatches, Error> {
        let filtered = |(entity_type, filters): &(&str, &[Filter])| {
            Ok(((*entity_type).to_owned(), conditions(filters)?))
        };
        let types: Map<String, Json> = entity_types
            .iter()
            .map(filtered)
            .collect::<Result<_, _>>()?;
        let argument = json!({
            "text": text,
            "entity_types": types,
            "project_ids": project_ids,
            "max_results": limit,
        });
        let entity_type = match entity_types {
            [(only, _)] => Some(EntityType::from(*only)),
            _ => None,
        };
        let rpc = Rpc::read("query_display_name_cache", Some(argument));
        self.ask("text_search", entity_type.as_ref(), &rpc)
    }
}
