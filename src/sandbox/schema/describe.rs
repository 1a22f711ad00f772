//! The schema in the form that `schema_read` and its kin answer with.

use serde_json::{Map, Value as Json, json};

use super::data_type::{DataType, Family};
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

    /// `schema_read`: every field of every type, as `project` shows it.
    pub fn describe_all(&self, project: Option<u32>) -> Json {
        let kinds = (0..).map(Kind);
        let describe = |(entity, kind): (&EntityType, Kind)| {
            (entity.name.to_owned(), self.describe_fields(kind, project))
        };
        Json::Object(self.types().iter().zip(kinds).map(describe).collect())
    }

    /// `schema_field_read` without a field name: every field of one type.
    pub fn describe_fields(&self, kind: Kind, project: Option<u32>) -> Json {
        let describe = |field: &Field| {
            (
                field.name.clone(),
                self.describe_field(kind, field, project),
            )
        };
        Json::Object(self.entity(kind).live_fields().map(describe).collect())
    }

    /// The properties of one field, as `project` shows it.
    pub fn describe_field(&self, kind: Kind, field: &Field, project: Option<u32>) -> Json {
        let custom = field.name.starts_with("sg_");
        let hidden = project.is_some_and(|project| field.hidden_in.contains(&project));
        json!({
            "name": leaf(field.label.as_str(), true),
            "description": leaf(field.description.as_str(), true),
            "entity_type": leaf(self.entity(kind).name, false),
            "data_type": leaf(field.data_type.name(), false),
            "editable": leaf(field.access != Access::ReadOnly, false),
            "mandatory": leaf(field.mandatory, false),
            "unique": leaf(field.unique, false),
            "visible": leaf(!hidden, custom),
            "ui_value_displayable": leaf(field.data_type.family() != Family::Opaque, false),
            "properties": self.properties(field),
        })
    }

    fn properties(&self, field: &Field) -> Json {
        let mut all = Map::new();
        let mut put = |name: &str, value: Json| all.insert(name.to_owned(), value);
        put("default_value", leaf(default_value(&field.default), true));
        put(
            "summary_default",
            leaf(field.summary_default.as_str(), true),
        );
        if field.data_type.family() == Family::Link {
            let names: Vec<_> = field
                .valid_types
                .iter()
                .map(|kind| self.entity(*kind).name)
                .collect();
            put("valid_types", leaf(names, true));
        }
        if field.data_type.is_list() {
            let values: Vec<&str> = field.choices.iter().map(|(value, _)| &**value).collect();
            let display: Map<_, _> = field
                .choices
                .iter()
                .map(|(value, label)| (value.to_string(), Json::from(&**label)))
                .collect();
            put("valid_values", leaf(values, true));
            put("display_values", leaf(display, false));
            put("hidden_values", leaf(Vec::<Json>::new(), false));
        }
        if field.data_type == DataType::Url {
            put("open_in_new_window", leaf(true, false));
        }
        Json::Object(all)
    }
}

/// Every leaf of the schema says whether it can be changed.
fn leaf(value: impl Into<Json>, editable: bool) -> Json {
    json!({"value": value.into(), "editable": editable})
}

fn default_value(value: &Value) -> Json {
    match value {
        Value::Flag(flag) => Json::from(*flag),
        Value::Number(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::Text(text) => Json::from(&**text),
        Value::Null | Value::Link(_) | Value::Links(_) | Value::Json(_) => Json::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_field_tells_its_values_and_how_people_read_them() {
        let schema = Schema::studio();
        let fields = schema.describe_fields(schema.kind("Shot").unwrap(), None);
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
        let fields = schema.describe_fields(schema.kind("Task").unwrap(), None);
        assert_eq!(
            fields["entity"]["properties"]["valid_types"]["value"],
            json!(["Asset", "Shot", "Sequence", "Project"])
        );
        assert_eq!(fields["id"]["editable"]["value"], false);
    }
}
