//! The site as a tree: projects, in them types, in those groups by a field, in those the entities.
//!
//! Every place has a path: `/`, `/Project/70`, `/Project/70/Shot`, `/Project/70/Shot/sg_sequence/Sequence/5`, and below that
//! `…/id/12`. What is in no group is in `…/sg_sequence/Sequence/__none__`. In values of lists, `%` and `/` are written `%25`
//! and `%2F`.

use std::collections::BTreeMap;

use super::store::{Row, Store};
use super::value::{Kind, Ref, Value};

/// A type that projects show, and what its entities are grouped by.
#[derive(Debug, PartialEq, Eq)]
pub struct Branch {
    entity: &'static str,
    label: &'static str,
    field: &'static str,
}

const BRANCHES: [Branch; 2] = [
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
/// What the group of the ungrouped is called in paths.
const NONE: &str = "__none__";

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
    /// The place at `path`. The error says where the path leaves the tree.
    pub fn parse(store: &Store, path: &str) -> Result<Self, String> {
        let lost = || format!("Unexpected path: {path}");
        let parts = path.strip_prefix('/').ok_or_else(lost)?.split('/');
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        let (project, rest) = match parts.as_slice() {
            [] => return Ok(Self::Site),
            ["Project", id, rest @ ..] => (id, rest),
            _other => return Err(lost()),
        };
        let project = living(store, "Project", project)
            .ok_or_else(|| format!("Unexpected result looking for project: {project}: 0 found."))?;
        let [entity, rest @ ..] = rest else {
            return Ok(Self::Project(project));
        };
        let branch = BRANCHES.iter().find(|branch| branch.entity == *entity);
        let branch = branch
            .ok_or_else(|| format!("Entity type provided is not part of the tree: {entity}"))?;
        let [field, rest @ ..] = rest else {
            return Ok(Self::Branch(project, branch));
        };
        if *field != branch.field {
            return Err(format!(
                "Unexpected field name in path: {field} (expecting {})",
                branch.field
            ));
        }
        let (group, rest) = branch.group(store, rest).ok_or_else(lost)?;
        let group = Self::Group(project, branch, group);
        match rest {
            [] => Ok(group),
            ["id", id] => {
                let row = living(store, branch.entity, id).and_then(|at| store.live(at));
                let place = row.and_then(|row| Self::of(store, row));
                place
                    .filter(|place| place.parent().as_ref() == Some(&group))
                    .ok_or_else(lost)
            }
            _other => Err(lost()),
        }
    }

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

    /// The path that leads here.
    pub fn path(&self, store: &Store) -> String {
        let Some(parent) = self.parent() else {
            return "/".to_owned();
        };
        let above = parent.path(store);
        match self {
            Self::Site => above,
            Self::Project(at) => format!("/Project/{}", at.id),
            Self::Branch(_, branch) => format!("{above}/{}", branch.entity),
            Self::Group(_, branch, value) => {
                let group = match branch.group_kind(store) {
                    Some(kind) => format!("{}/{}", branch.field, store.schema().entity(kind).name),
                    None => branch.field.to_owned(),
                };
                let part = match value.links().first() {
                    Some(link) => link.id.to_string(),
                    None => value.as_text().map_or_else(|| NONE.to_owned(), escaped),
                };
                format!("{above}/{group}/{part}")
            }
            Self::Entity(.., at) => format!("{above}/id/{}", at.id),
        }
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
    fn ungrouped(&self, store: &Store) -> String {
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
    fn group_kind(&self, store: &Store) -> Option<Kind> {
        let kind = store.schema().kind(self.entity)?;
        let at = store.schema().entity(kind).field_index(self.field)?;
        store.schema().field(kind, at).valid_types.first().copied()
    }

    fn rows<'a>(&self, store: &'a Store, project: Ref) -> impl Iterator<Item = &'a Row> + 'a {
        living_in(store, store.schema().kind(self.entity), project)
    }

    /// Groups that are rows are there even if there is nothing in them.
    fn empty_groups<'a>(&self, store: &'a Store, project: Ref) -> impl Iterator<Item = Value> + 'a {
        living_in(store, self.group_kind(store), project).map(|row| Value::Link(row.at))
    }

    /// The value by which a row is grouped; nothing if it leads to a deleted row.
    fn group_of(&self, store: &Store, row: &Row) -> Value {
        let field = store.schema().entity(row.at.kind).field_index(self.field);
        let value = field.map_or(Value::Null, |field| row.values[field].clone());
        match value.links().first() {
            Some(link) if store.live(*link).is_none() => Value::Null,
            _living => value,
        }
    }

    /// Reads which group the parts of a path mean, and what is left of them.
    fn group<'a, 'b>(&self, store: &Store, parts: &'a [&'b str]) -> Option<(Value, &'a [&'b str])> {
        match (parts, self.group_kind(store)) {
            ([NONE, rest @ ..], _) => Some((Value::Null, rest)),
            ([entity, id, rest @ ..], Some(kind)) => {
                let known = store.schema().kind(entity) == Some(kind);
                let group = match *id {
                    NONE => Value::Null,
                    id => Value::Link(living(store, entity, id)?),
                };
                known.then_some((group, rest))
            }
            ([value, rest @ ..], None) => Some((Value::text(unescaped(value)), rest)),
            _other => None,
        }
    }
}

/// A value as it stands in a path.
fn escaped(value: &str) -> String {
    value.replace('%', "%25").replace('/', "%2F")
}

fn unescaped(part: &str) -> String {
    part.replace("%2F", "/").replace("%25", "%")
}

fn living(store: &Store, entity: &str, id: &str) -> Option<Ref> {
    let at = Ref {
        kind: store.schema().kind(entity)?,
        id: id.parse().ok()?,
    };
    store.live(at).map(|row| row.at)
}

fn living_rows<'a>(store: &'a Store, entity: &str) -> impl Iterator<Item = &'a Row> + 'a {
    let kind: Option<Kind> = store.schema().kind(entity);
    let rows = kind.map_or(&[][..], |kind| store.rows(kind));
    rows.iter().filter(|row| !row.retired)
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
