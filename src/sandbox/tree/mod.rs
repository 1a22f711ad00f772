//! The site as a tree: projects, in them types, in those groups by a field, in those the entities.
//!
//! Every place has a path: `/`, `/Project/70`, `/Project/70/Shot`, `/Project/70/Shot/sg_sequence/Sequence/5`, and below that
//! `…/id/12`. What is in no group is in `…/sg_sequence/Sequence/__none__`. In values of lists, `%` and `/` are written `%25`
//! and `%2F`.

mod branch;
mod path;

use std::collections::BTreeMap;

use self::branch::{BRANCHES, Branch};
use super::store::{Row, Store};
use super::value::{Kind, Ref, Value};

/// A place in the tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// The root.
    Site,
    /// A project.
    Project(Ref),
    /// A type in a project.
    Branch(Ref, &'static Branch),
    /// The entities of a type with the same value in the branch's field.
    Group(Ref, &'static Branch, Value),
    /// An entity, in its group.
    Entity(Ref, &'static Branch, Value, Ref),
}

impl Place {
    /// Where a row is in the tree, if it is in it.
    pub fn of(store: &Store, row: &Row) -> Option<Self> {
        let name = store.schema().entity(row.at.kind).name;
        if name == "Project" {
            return Some(Self::Project(row.at));
        }
        let project = store.live(store.project(row)?)?.at;
        let of = |branch: &'static Branch| {
            if branch.entity == name {
                let group = branch.group_of(store, row);
                return Some(Self::Entity(project, branch, group, row.at));
            }
            let group = Self::Group(project, branch, Value::Link(row.at));
            (branch.group_kind(store) == Some(row.at.kind)).then_some(group)
        };
        BRANCHES.iter().find_map(of)
    }

    /// What people read.
    pub fn label(&self, store: &Store) -> String {
        let name = |at: Ref| {
            store
                .row(at)
                .map_or("", |row| store.display_name(row))
                .to_owned()
        };
        match self {
            Self::Site => "Site".to_owned(),
            Self::Branch(_, branch) => branch.label.to_owned(),
            Self::Group(_, branch, value) => match value.links().first() {
                Some(link) => name(*link),
                None => value
                    .as_text()
                    .map_or_else(|| branch.ungrouped(store), str::to_owned),
            },
            Self::Project(at) | Self::Entity(.., at) => name(*at),
        }
    }

    /// The place above.
    pub fn parent(&self) -> Option<Self> {
        match self {
            Self::Site => None,
            Self::Project(_) => Some(Self::Site),
            Self::Branch(project, _) => Some(Self::Project(*project)),
            Self::Group(project, branch, _) => Some(Self::Branch(*project, branch)),
            Self::Entity(project, branch, group, _) => {
                Some(Self::Group(*project, branch, group.clone()))
            }
        }
    }

    /// This place and those above it, from the root on.
    pub fn line(&self) -> Vec<Self> {
        let mut line: Vec<Self> = std::iter::successors(Some(self.clone()), Self::parent).collect();
        line.reverse();
        line
    }

    /// The places right below.
    pub fn children(&self, store: &Store) -> Vec<Self> {
        match self {
            Self::Site => living_rows(store, "Project")
                .map(|row| Self::Project(row.at))
                .collect(),
            Self::Project(project) => BRANCHES
                .iter()
                .map(|branch| Self::Branch(*project, branch))
                .collect(),
            Self::Branch(project, branch) => {
                let groups = branch
                    .rows(store, *project)
                    .map(|row| branch.group_of(store, row));
                let empty = branch.empty_groups(store, *project);
                let places = groups
                    .chain(empty)
                    .map(|group| Self::Group(*project, branch, group));
                let key =
                    |place: &Self| (place.row().is_none(), place.label(store), place.path(store));
                let by_name: BTreeMap<_, _> = places.map(|place| (key(&place), place)).collect();
                by_name.into_values().collect()
            }
            Self::Group(project, branch, group) => branch
                .rows(store, *project)
                .filter(|row| branch.group_of(store, row) == *group)
                .map(|row| Self::Entity(*project, branch, group.clone(), row.at))
                .collect(),
            Self::Entity(..) => Vec::new(),
        }
    }

    /// The project that the place is in, or is.
    pub fn project(&self) -> Option<Ref> {
        match self {
            Self::Site => None,
            Self::Project(project)
            | Self::Branch(project, _)
            | Self::Group(project, ..)
            | Self::Entity(project, ..) => Some(*project),
        }
    }

    /// Whether the place is below `root`, or is it.
    pub fn is_under(&self, root: &Self) -> bool {
        self.line().contains(root)
    }

    /// The row that the place is.
    pub fn row(&self) -> Option<Ref> {
        match self {
            Self::Site | Self::Branch(..) => None,
            Self::Group(_, _, value) => value.links().first().copied(),
            Self::Project(at) | Self::Entity(.., at) => Some(*at),
        }
    }

    /// Every place that is a row: this one and those below it.
    pub fn rows(&self, store: &Store) -> Vec<Self> {
        let own = self.row().map(|_| self.clone());
        let below = self.children(store).into_iter();
        let below = below.flat_map(|child| child.rows(store));
        own.into_iter().chain(below).collect()
    }
}

fn living_rows<'a>(store: &'a Store, entity: &str) -> impl Iterator<Item = &'a Row> + 'a {
    let kind: Option<Kind> = store.schema().kind(entity);
    let rows = kind.map_or(&[][..], |kind| store.rows(kind));
    rows.iter().filter(|row| !row.retired)
}
