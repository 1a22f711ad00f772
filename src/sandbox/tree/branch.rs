//! What projects show: types, and how their entities are grouped.

use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref, Value};

/// A type that projects show, and what its entities are grouped by.
#[derive(Debug, PartialEq, Eq)]
pub struct Branch {
    pub(super) entity: &'static str,
    pub(super) label: &'static str,
    pub(super) field: &'static str,
}

/// Which there are.
pub(super) const BRANCHES: [Branch; 2] = [
    Branch {
        entity: "Asset",
        label: "Assets",
        field: "sg_asset_type",
    },
    Branch {
        entity: "Shot",
        label: "Shots",
        field: "sg_sequence",
    },
];

impl Branch {
    /// The type's name in requests.
    pub fn entity(&self) -> &'static str {
        self.entity
    }

    /// What people call it.
    pub fn label(&self) -> &'static str {
        self.label
    }

    /// What the group of what is in no group is called.
    pub(super) fn ungrouped(&self, store: &Store) -> String {
        let kind = store.schema().kind(self.entity);
        let at = kind.and_then(|kind| store.schema().entity(kind).field_index(self.field));
        let group = match (self.group_kind(store), kind, at) {
            (Some(group), ..) => store.schema().entity(group).label,
            (None, Some(kind), Some(at)) => &store.schema().field(kind, at).label,
            (None, ..) => self.field,
        };
        format!("{} with no {group}", self.label)
    }

    /// The type that groups are of, if they are rows.
    pub(super) fn group_kind(&self, store: &Store) -> Option<Kind> {
        let kind = store.schema().kind(self.entity)?;
        let at = store.schema().entity(kind).field_index(self.field)?;
        store.schema().field(kind, at).valid_types.first().copied()
    }

    pub(super) fn rows<'a>(
        &self,
        store: &'a Store,
        project: Ref,
    ) -> impl Iterator<Item = &'a Row> + 'a {
        living_in(store, store.schema().kind(self.entity), project)
    }

    /// Groups that are rows are there even if there is nothing in them.
    pub(super) fn empty_groups<'a>(
        &self,
        store: &'a Store,
        project: Ref,
    ) -> impl Iterator<Item = Value> + 'a {
        living_in(store, self.group_kind(store), project).map(|row| Value::Link(row.at))
    }

    /// The value by which a row is grouped; nothing if it leads to a deleted row.
    pub(super) fn group_of(&self, store: &Store, row: &Row) -> Value {
        let field = store.schema().entity(row.at.kind).field_index(self.field);
        let value = field.map_or(Value::Null, |field| row.values[field].clone());
        match value.links().first() {
            Some(link) if store.live(*link).is_none() => Value::Null,
            _living => value,
        }
    }
}

fn living_in(store: &Store, kind: Option<Kind>, project: Ref) -> impl Iterator<Item = &Row> {
    let ids = kind.map_or(&[][..], |kind| store.in_project(kind, project.id));
    let refs = ids.iter().filter_map(move |id| {
        Some(Ref {
            kind: kind?,
            id: *id,
        })
    });
    refs.filter_map(|at| store.live(at))
}
