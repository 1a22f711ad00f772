//! Paths of places, read and written.

use super::Place;
use super::branch::{BRANCHES, Branch};
use crate::sandbox::store::Store;
use crate::sandbox::value::{Ref, Value};

/// What the group of the ungrouped is called in paths.
const NONE: &str = "__none__";

impl Place {
    /// The place at `path`. The error says where the path leaves the tree.
    pub fn parse(store: &Store, path: &str) -> Result<Self, String> {
        let lost = || format!("Unexpected path: {path}");
        let parts = path.strip_prefix('/').ok_or_else(lost)?.split('/');
        let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [] => Ok(Self::Site),
            ["Project", id, rest @ ..] => {
                let project = living(store, "Project", id).ok_or_else(|| {
                    format!("Unexpected result looking for project: {id}: 0 found.")
                })?;
                in_project(store, project, rest)?.ok_or_else(lost)
            }
            _other => Err(lost()),
        }
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
}

/// The place that `parts` lead to in a project; nothing if they lead nowhere that has a name.
fn in_project(store: &Store, project: Ref, parts: &[&str]) -> Result<Option<Place>, String> {
    let [entity, rest @ ..] = parts else {
        return Ok(Some(Place::Project(project)));
    };
    let branch = BRANCHES.iter().find(|branch| branch.entity == *entity);
    let branch =
        branch.ok_or_else(|| format!("Entity type provided is not part of the tree: {entity}"))?;
    match rest {
        [] => Ok(Some(Place::Branch(project, branch))),
        [field, rest @ ..] if *field == branch.field => Ok(in_branch(store, project, branch, rest)),
        [field, ..] => Err(format!(
            "Unexpected field name in path: {field} (expecting {})",
            branch.field
        )),
    }
}

fn in_branch(
    store: &Store,
    project: Ref,
    branch: &'static Branch,
    parts: &[&str],
) -> Option<Place> {
    let (group, rest) = group(store, branch, parts)?;
    let group = Place::Group(project, branch, group);
    match rest {
        [] => Some(group),
        ["id", id] => {
            let row = store.live(living(store, branch.entity, id)?)?;
            Place::of(store, row).filter(|place| place.parent().as_ref() == Some(&group))
        }
        _other => None,
    }
}

/// Reads which group of a branch `parts` mean, and what is left of them.
fn group<'a, 'b>(
    store: &Store,
    branch: &Branch,
    parts: &'a [&'b str],
) -> Option<(Value, &'a [&'b str])> {
    match (parts, branch.group_kind(store)) {
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
