//! Entity types, and the schema as a whole with its names resolved.

use std::collections::HashMap;

use super::data_type::DataType;
use super::field::{Field, Origin, Source, field, link, text};
use super::{editorial, media, people, production, record, tracking};
use crate::sandbox::value::{Kind, Value};

/// Where `id` is, in every type.
pub const ID: usize = 0;
/// Where `created_at` is, in every type.
pub const CREATED_AT: usize = 2;
/// Where `created_by` is, in every type.
pub const CREATED_BY: usize = 3;
/// Where `updated_at` is, in every type.
pub const UPDATED_AT: usize = 4;
/// Where `updated_by` is, in every type.
pub const UPDATED_BY: usize = 5;

/// An entity type's definition.
#[derive(Clone, Debug)]
pub struct EntityType {
    /// The name in requests.
    pub name: &'static str,
    /// The name for people.
    pub label: &'static str,
    /// Its fields; a row's values have the same order.
    pub fields: Vec<Field>,
    /// Whether a row must belong to a project.
    pub needs_project: bool,
    /// The field a row is called by.
    pub display: usize,
    /// The field that says which project a row is in.
    pub project: Option<usize>,
    display_name: &'static str,
    by_name: HashMap<String, usize>,
}

impl EntityType {
    /// A type whose rows are called by the field `display_name`.
    pub(super) fn new(name: &'static str, label: &'static str, display_name: &'static str) -> Self {
        let fields = vec![
            field("id", "Id", DataType::Number).read_only(),
            text("cached_display_name", "Display Name").taken_from(Source::DisplayName),
            field("created_at", "Date Created", DataType::DateTime).on_create(),
            link("created_by", "Created by", &["HumanUser", "ApiUser"]).on_create(),
            field("updated_at", "Date Updated", DataType::DateTime).read_only(),
            link("updated_by", "Updated by", &["HumanUser", "ApiUser"]).read_only(),
        ];
        Self {
            name,
            label,
            fields,
            needs_project: false,
            display: 0,
            project: None,
            display_name,
            by_name: HashMap::new(),
        }
    }

    /// Its rows live in a project.
    pub(super) fn in_project(mut self) -> Self {
        self.needs_project = true;
        self.fields
            .push(link("project", "Project", &["Project"]).mandatory());
        self
    }

    /// Its rows have a thumbnail and tags.
    pub(super) fn with_thumbnail(mut self) -> Self {
        self.fields
            .push(field("image", "Thumbnail", DataType::Image));
        self.fields.push(field(
            "filmstrip_image",
            "Filmstrip Thumbnail",
            DataType::Image,
        ));
        self.fields
            .push(super::field::links("tags", "Tags", &["Tag"]));
        self.fields
            .push(field("tag_list", "Tag List", DataType::TagList));
        self
    }

    /// Its own fields.
    pub(super) fn fields(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// Where the field `name` is.
    pub fn field_index(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// The fields that are there, without the deleted ones.
    pub fn live_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .filter(|field| field.origin != Origin::Retired)
    }

    /// The values of a row that nobody has written to yet.
    pub fn blank(&self) -> Vec<Value> {
        self.fields
            .iter()
            .map(|field| field.default.clone())
            .collect()
    }

    fn resolve(&mut self, kinds: &HashMap<&'static str, Kind>) {
        for field in &mut self.fields {
            field.valid_types = field
                .valid_type_names
                .iter()
                .filter_map(|name| kinds.get(name).copied())
                .collect();
        }
        self.index();
        self.display = self.field_index(self.display_name).unwrap_or(0);
        self.project = self.field_index("project");
    }

    fn index(&mut self) {
        self.by_name = self
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.origin != Origin::Retired)
            .map(|(at, field)| (field.name.clone(), at))
            .collect();
    }
}

/// All entity types.
#[derive(Clone, Debug)]
pub struct Schema {
    types: Vec<EntityType>,
    kinds: HashMap<&'static str, Kind>,
}

impl Schema {
    /// The studio's schema.
    pub fn studio() -> Self {
        let mut types: Vec<EntityType> = production::types()
            .into_iter()
            .chain(media::types())
            .chain(people::types())
            .chain(editorial::types())
            .chain(tracking::types())
            .chain(record::types())
            .collect();
        let kinds: HashMap<_, _> = types
            .iter()
            .zip(0..)
            .map(|(entity, at)| (entity.name, Kind(at)))
            .collect();
        for entity in &mut types {
            entity.resolve(&kinds);
        }
        Self { types, kinds }
    }

    /// The type called `name`.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        self.kinds.get(name).copied()
    }

    /// The definition of a type.
    pub fn entity(&self, kind: Kind) -> &EntityType {
        &self.types[kind.index()]
    }

    /// The definition of a field.
    pub fn field(&self, kind: Kind, field: usize) -> &Field {
        &self.entity(kind).fields[field]
    }

    /// Every type, in order of [`Kind`].
    pub fn types(&self) -> &[EntityType] {
        &self.types
    }

    /// Adds a field to a type, at the end.
    pub fn add_field(&mut self, kind: Kind, field: Field) {
        let entity = &mut self.types[kind.index()];
        entity.fields.push(field);
        entity.index();
    }

    /// Takes the last field of a type away again.
    pub fn pop_field(&mut self, kind: Kind) {
        let entity = &mut self.types[kind.index()];
        entity.fields.pop();
        entity.index();
    }

    /// Puts another definition in the place of a field's.
    pub fn replace_field(&mut self, kind: Kind, at: usize, field: Field) {
        let entity = &mut self.types[kind.index()];
        entity.fields[at] = field;
        entity.index();
    }

    /// The field at which a link in `field` also shows on rows of type `target`.
    pub fn other_end(&self, field: &Field, target: Kind) -> Option<usize> {
        field
            .other_end
            .and_then(|name| self.entity(target).field_index(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_fields_are_where_they_are_said_to_be() {
        let schema = Schema::studio();
        for entity in schema.types() {
            let at = |name| entity.field_index(name).unwrap();
            assert_eq!(
                [
                    at("id"),
                    at("created_at"),
                    at("created_by"),
                    at("updated_at"),
                    at("updated_by")
                ],
                [ID, CREATED_AT, CREATED_BY, UPDATED_AT, UPDATED_BY],
                "{}",
                entity.name
            );
            assert_ne!(
                entity.display, ID,
                "{} is called by a field it does not have",
                entity.name
            );
        }
    }

    #[test]
    fn every_link_leads_to_types_that_exist() {
        for entity in Schema::studio().types() {
            for field in &entity.fields {
                assert_eq!(
                    field.valid_types.len(),
                    field.valid_type_names.len(),
                    "{}.{}",
                    entity.name,
                    field.name
                );
            }
        }
    }

    #[test]
    fn the_two_ends_of_a_link_name_each_other() {
        let schema = Schema::studio();
        for entity in schema.types() {
            for field in &entity.fields {
                for target in &field.valid_types {
                    let Some(end) = schema.other_end(field, *target) else {
                        continue;
                    };
                    let other = schema.field(*target, end);
                    assert_eq!(
                        other.other_end,
                        Some(field.name.as_str()),
                        "{}.{}",
                        entity.name,
                        field.name
                    );
                    assert!(
                        other
                            .valid_types
                            .contains(&schema.kind(entity.name).unwrap())
                    );
                }
            }
        }
    }
}
