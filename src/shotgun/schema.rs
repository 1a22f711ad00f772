//! What a site knows: its entity types, their fields, and what may stand in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use crate::shotgun::entity::{EntityType, FieldName};
use crate::shotgun::value::Value;

/// Fields of entity types, by type.
pub type Schema = BTreeMap<EntityType, FieldSchemas>;

/// Fields of one entity type, by name.
pub type FieldSchemas = BTreeMap<FieldName, FieldSchema>;

/// Entity types by name.
pub type EntitySchemas = BTreeMap<EntityType, EntitySchema>;

/// What a site says about an entity type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntitySchema {
    /// What people call it.
    pub display_name: Arc<str>,
    /// Whether it is switched on.
    pub visible: bool,
}

/// What a site says about a field.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the site has that many switches"
)]
pub struct FieldSchema {
    /// Its name in filters and answers.
    pub name: FieldName,
    /// What people call it.
    pub display_name: Arc<str>,
    /// What it is for.
    pub description: Arc<str>,
    /// The kind of value: `text`, `status_list`, `entity`…
    pub data_type: Arc<str>,
    /// Whether it can be written.
    pub editable: bool,
    /// Whether it must have a value.
    pub mandatory: bool,
    /// Whether no two entities may share a value.
    pub unique: bool,
    /// Whether it is shown, in the project asked about if there was one.
    pub visible: bool,
    /// The types it may link to.
    pub valid_types: Vec<EntityType>,
    /// The values of a list, or the codes of statuses.
    pub valid_values: Vec<Arc<str>>,
    /// What people call those values.
    pub display_values: BTreeMap<Arc<str>, Arc<str>>,
    /// Values of the list that are not offered in this project.
    pub hidden_values: Vec<Arc<str>>,
    /// What it holds until someone changes it.
    pub default_value: Value,
}

impl FieldSchema {
    /// What people call `value`, if it is one of a list.
    pub fn display_value<'a>(&'a self, value: &'a str) -> &'a str {
        self.display_values.get(value).map_or(value, |shown| shown)
    }
}

/// Every leaf of a schema: a value and whether it may be changed.
struct Leaf(Json);

impl<'de> Deserialize<'de> for Leaf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            #[serde(default)]
            value: Json,
        }
        Wire::deserialize(deserializer).map(|wire| Self(wire.value))
    }
}

impl Leaf {
    fn text(&self) -> Arc<str> {
        self.0.as_str().unwrap_or_default().into()
    }

    fn is_true(&self) -> bool {
        self.0 == Json::Bool(true)
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.0
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
    }
}

/// Sites differ in what they send along, so only what is needed is required.
#[derive(Deserialize)]
struct WireField {
    name: Option<Leaf>,
    description: Option<Leaf>,
    data_type: Leaf,
    editable: Option<Leaf>,
    mandatory: Option<Leaf>,
    unique: Option<Leaf>,
    visible: Option<Leaf>,
    #[serde(default)]
    properties: BTreeMap<String, Leaf>,
}

impl<'de> Deserialize<'de> for FieldSchema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = WireField::deserialize(deserializer)?;
        let text = |leaf: &Option<Leaf>| leaf.as_ref().map(Leaf::text).unwrap_or_default();
        let flag = |leaf: &Option<Leaf>, otherwise| leaf.as_ref().map_or(otherwise, Leaf::is_true);
        let property = |name: &str| wire.properties.get(name);
        let shared = |name: &str| {
            property(name)
                .into_iter()
                .flat_map(Leaf::texts)
                .map(Arc::from)
                .collect()
        };
        let display = property("display_values")
            .and_then(|leaf| leaf.0.as_object())
            .into_iter()
            .flatten();
        Ok(Self {
            name: FieldName::default(),
            display_name: text(&wire.name),
            description: text(&wire.description),
            data_type: wire.data_type.text(),
            editable: flag(&wire.editable, true),
            mandatory: flag(&wire.mandatory, false),
            unique: flag(&wire.unique, false),
            visible: flag(&wire.visible, true),
            valid_types: property("valid_types")
                .into_iter()
                .flat_map(Leaf::texts)
                .map(EntityType::from)
                .collect(),
            valid_values: shared("valid_values"),
            hidden_values: shared("hidden_values"),
            display_values: display
                .filter_map(|(value, shown)| Some((value.as_str().into(), shown.as_str()?.into())))
                .collect(),
            default_value: property("default_value")
                .map(|leaf| leaf.0.clone().into())
                .unwrap_or_default(),
        })
    }
}

impl<'de> Deserialize<'de> for EntitySchema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            name: Leaf,
            visible: Option<Leaf>,
        }
        let wire = Wire::deserialize(deserializer)?;
        Ok(Self {
            display_name: wire.name.text(),
            visible: wire.visible.is_none_or(|leaf| leaf.is_true()),
        })
    }
}

/// Writes into each field the name it goes by.
pub(super) fn named(mut fields: FieldSchemas) -> FieldSchemas {
    for (name, field) in &mut fields {
        field.name = name.clone();
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_with_all_that_hangs_on_it() {
        let json = r#"{"sg_status_list": {"name": {"value": "Status", "editable": true}, "data_type": {"value": "status_list", "editable": false},
            "editable": {"value": true, "editable": false}, "visible": {"value": true, "editable": true}, "entity_type": {"value": "Shot", "editable": false},
            "properties": {"default_value": {"value": "wtg", "editable": true}, "valid_values": {"value": ["wtg", "ip"], "editable": true},
                "display_values": {"value": {"wtg": "Waiting", "ip": "In Progress"}, "editable": false}, "hidden_values": {"value": null, "editable": false}}},
          "id": {"data_type": {"value": "number"}, "editable": {"value": false}}}"#;
        let fields = named(serde_json::from_str(json).unwrap());
        let status = &fields["sg_status_list"];
        assert_eq!(
            (
                status.name.as_str(),
                &*status.display_name,
                &*status.data_type
            ),
            ("sg_status_list", "Status", "status_list")
        );
        assert_eq!(status.display_value("ip"), "In Progress");
        assert_eq!(status.display_value("fin"), "fin");
        assert_eq!(status.default_value.as_str(), Some("wtg"));
        assert!(status.editable && !fields["id"].editable);
    }
}
