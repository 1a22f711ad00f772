//! The site as a tree: projects, in them types, in those groups by a field, in those the entities.
//!
//! Every place has a path: `/`, `/Project/70`, `/Project/70/Shot`, `/Project/70/Shot/sg_sequence/Sequence/5`, and below that
//! `…/id/12`. What is in no group is in `…/sg_sequence/%none`: in the values of paths, `%` and `/` are written `%25` and `%2F`.

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
const NONE: &str = "%none";

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
    /// The place at `path`; nothing if there is none.
    pub fn parse(store: &Store, path: &str) -> Option<Self> {
        let path = path.strip_prefix('/')?;
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let (project, rest) = match parts.as_slice() {
            [] => return Some(Self::Site),
            ["Project", id, rest @ ..] => (living(store, "Project", id)?, rest),
            _other => return None,
        };
        let [entity, rest @ ..] = rest else {
            return Some(Self::Project(project));
        };
        let branch = BRANCHES.iter().find(|branch| branch.entity == *entity)?;
        let [field, rest @ ..] = rest else {
            return Some(Self::Branch(project, branch));
        };
        let (group, rest) = group(store, branch, field, rest)?;
        let group = Self::Group(project, branch, group);
        match rest {
            [] => group.children(store).first().map(|_| group),
            ["id", id] => {
                let at = living(store, branch.entity, id)?;
                let place = Self::of(store, store.live(at)?)?;
                (place.parent().as_ref() == Some(&group)).then_some(place)
            }
            _other => None,
        }
    }

    /// Where a row is in the tree, if it is in it.
    pub fn of(store: &Store, row: &Row) -> Option<Self> {
        let name = store.schema().entity(row.at.kind).name;
        if name == "Project" {
            return Some(Self::Project(row.at));
        }
        let branch = BRANCHES.iter().find(|branch| branch.entity == name)?;
        let project = store.project(row)?;
        store.live(project)?;
        Some(Self::Entity(
            project,
            branch,
            branch.group_of(store, row),
            row.at,
        ))
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
                let field = branch.field;
                if let Value::Link(link) = value {
                    let entity = store.schema().entity(link.kind).name;
                    return format!("{above}/{field}/{entity}/{}", link.id);
                }
                let value = value.as_text().map(escaped);
                format!("{above}/{field}/{}", value.as_deref().unwrap_or(NONE))
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
            Self::Group(_, branch, value) => {
                if let Value::Link(link) = value {
                    return name(*link);
                }
                let label = value.as_text().map(str::to_owned);
                label.unwrap_or_else(|| format!("{} in no group", branch.label))
            }
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
                let groups = groups.map(|group| Self::Group(*project, branch, group));
                let by_name: BTreeMap<_, _> = groups
                    .map(|place| ((place.label(store), place.path(store)), place))
                    .collect();
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

    /// Every project and entity at this place or below it.
    pub fn entities(&self, store: &Store) -> Vec<Self> {
        let own = matches!(self, Self::Project(_) | Self::Entity(..)).then(|| self.clone());
        let below = self
            .children(store)
            .into_iter()
            .flat_map(|child| child.entities(store));
        own.into_iter().chain(below).collect()
    }
}

impl Branch {
    /// The type's name in requests.
    pub fn entity(&self) -> &'static str {
        self.entity
    }

    fn rows<'a>(&self, store: &'a Store, project: Ref) -> impl Iterator<Item = &'a Row> + 'a {
        let kind = store.schema().kind(self.entity);
        let ids = kind.map_or(&[][..], |kind| store.in_project(kind, project.id));
        let refs = ids.iter().filter_map(move |id| {
            Some(Ref {
                kind: kind?,
                id: *id,
            })
        });
        refs.filter_map(|at| store.live(at))
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
}

/// Reads which group of a branch the parts of a path mean, and what is left of them.
fn group<'a, 'b>(
    store: &Store,
    branch: &Branch,
    field: &str,
    parts: &'a [&'b str],
) -> Option<(Value, &'a [&'b str])> {
    if field != branch.field {
        return None;
    }
    let kind = store.schema().kind(branch.entity)?;
    let at = store.schema().entity(kind).field_index(field)?;
    match parts {
        [NONE, rest @ ..] => Some((Value::Null, rest)),
        [entity, id, rest @ ..] if !store.schema().field(kind, at).valid_types.is_empty() => {
            Some((Value::Link(living(store, entity, id)?), rest))
        }
        [value, rest @ ..] => Some((Value::text(unescaped(value)), rest)),
        [] => None,
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
