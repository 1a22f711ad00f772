//! The schema in the form that `schema_read` and its kin answer with.

use serde_json::{Map, Value as Json, json};

use super::data_type::Family;
use super::entity_type::{EntityType, Schema};
use super::field::{Access, Field};
use crate::sandbox::value::{Kind, Value};

impl Schema {
    /// `schema_entity_read`: every type with its name for people.
    pub fn describe_types(&self) -> Json {
        let describe = |entity: &EntityType| {
            (
                entity.name.to_owned(),
                json!({"name": leaf(entity.label, false), "visible": leaf(true, false)}),
            )
        };
        Json::Object(self.types().iter().map(describe).collect())
    }

    /// `schema_read`: every field of every type.
    pub fn describe_all(&self) -> Json {
        let kinds = (0..).map(Kind);
        let describe = |(entity, kind): (&EntityType, Kind)| {
            (entity.name.to_owned(), self.describe_fields(kind))
        };
        Json::Object(self.types().iter().zip(kinds).map(describe).collect())
    }

    /// `schema_field_read` without a field name: every field of one type.
    pub fn describe_fields(&self, kind: Kind) -> Json {
        let fields = &self.entity(kind).fields;
        Json::Object(
            fields
                .iter()
                .map(|field| (field.name.clone(), self.describe_field(kind, field)))
                .collect(),
        )
    }

    /// The properties of one field.
    pub fn describe_field(&self, kind: Kind, field: &Field) -> Json {
        let custom = field.name.starts_with("sg_");
        json!({
            "name": leaf(field.label.as_str(), true),
            "description": leaf("", true),
            "entity_type": leaf(self.entity(kind).name, false),
            "data_type": leaf(field.data_type.name(), false),
            "editable": leaf(field.access != Access::ReadOnly, false),
            "mandatory": leaf(field.mandatory, false),
            "unique": leaf(field.unique, false),
            "visible": leaf(true, custom),
            "ui_value_displayable": leaf(field.data_type.family() != Family::Opaque, false),
            "properties": self.properties(field),
        })
    }

    fn properties(&self, field: &Field) -> Json {
        let mut all = Map::new();
        let mut put = |name: &str, value: Json| all.insert(name.to_owned(), value);
        put("default_value", leaf(default_value(&field.default), false));
        put(
            "summary_default",
            leaf(field.data_type.summary_default(), true),
        );
        if field.data_type.family() == Family::Link {
            let names: Vec<_> = field
                .valid_types
                .iter()
                .map(|kind| self.entity(*kind).name)
                .collect();
            put("valid_types", leaf(names, true));
        }
        if !field.choices.is_empty() {
            let values: Vec<_> = field.choices.iter().map(|(value, _)| *value).collect();
            let display: Map<_, _> = field
                .choices
                .iter()
                .map(|(value, label)| ((*value).to_owned(), Json::from(*label)))
                .collect();
            put("valid_values", leaf(values, true));
            put("display_values", leaf(display, false));
            put("hidden_values", leaf(Vec::<Json>::new(), false));
        }
        if field.data_type.name() == "url" {
            put("open_in_new_window", leaf(true, true));
        }
        Json::Object(all)
    }
}

/// Every leaf of the schema says whether it can be changed.
fn leaf(value: impl Into<Json>, editable: bool) -> Json {
    json!({"value": value.into(), "editable": editable})
}

fn default_value(value: &Value) -> Json {
    if let Value::Flag(flag) = value {
        Json::from(*flag)
    } else {
        Json::from(value.as_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_field_tells_its_values_and_how_people_read_them() {
        let schema = Schema::studio();
        let fields = schema.describe_fields(schema.kind("Shot").unwrap());
        let status = &fields["sg_status_list"];
        assert_eq!(
            status["data_type"],
            json!({"value": "status_list", "editable": false})
        );
        assert_eq!(status["properties"]["valid_values"]["value"][2], "ip");
        assert_eq!(
            status["properties"]["display_values"]["value"]["ip"],
            "In progress"
        );
        assert_eq!(status["properties"]["default_value"]["value"], "wtg");
    }

    #[test]
    fn a_link_tells_where_it_may_lead() {
        let schema = Schema::studio();
        let fields = schema.describe_fields(schema.kind("Task").unwrap());
        assert_eq!(
            fields["entity"]["properties"]["valid_types"]["value"],
            json!(["Asset", "Shot", "Sequence", "Project"])
        );
        assert_eq!(fields["id"]["editable"]["value"], false);
    }
}
