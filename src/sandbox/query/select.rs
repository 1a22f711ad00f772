//! The rows that pass a filter, found without looking at every row where the filter allows it.

use std::collections::BTreeSet;

use super::filter::{Demand, Filter};
use crate::sandbox::schema::ID;
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref, Value};

/// Which rows count at all.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The retired rows instead of the living ones.
    pub retired: bool,
    /// Rows of archived projects as well.
    pub archived: bool,
}

/// The rows of type `kind` that pass `filter`, by id.
pub fn select<'a>(
    store: &'a Store,
    kind: Kind,
    filter: &'a Filter,
    scope: Scope,
) -> Box<dyn Iterator<Item = &'a Row> + 'a> {
    let hidden = (!scope.archived).then(|| Archive::of(store)).flatten();
    let (known, ids) = candidates(store, kind, filter).unzip();
    let passes = move |row: &&Row| {
        row.retired == scope.retired
            && !hidden
                .as_ref()
                .is_some_and(|archive| archive.holds(store, row))
            && filter.matches_beyond(known, store, row)
    };
    match ids {
        Some(ids) => Box::new(
            ids.into_iter()
                .filter_map(move |id| store.row(Ref { kind, id }))
                .filter(passes),
        ),
        None => Box::new(store.rows(kind).iter().filter(passes)),
    }
}

/// The ids of the rows that pass one part of the filter, and that part; none if any row can pass.
fn candidates<'a>(store: &Store, kind: Kind, filter: &'a Filter) -> Option<(&'a Filter, Vec<u32>)> {
    let demands = filter.demands().into_iter();
    let candidates = demands.filter_map(|(part, demand)| {
        let ids = match demand {
            Demand::Ids(ids) => ids.iter().copied().collect(),
            Demand::Field(ID, values) => values.ids()?,
            Demand::Field(field, values) => {
                let targets = values.targets().filter(|targets| !targets.is_empty())?;
                // A link to a retired row counts as none.
                let living = targets.iter().filter(|at| store.live(**at).is_some());
                let linked = living.map(|target| store.linked(kind, field, *target));
                linked.collect::<Vec<_>>().concat()
            }
        };
        Some((part, ids))
    });
    let (part, mut ids) = candidates.min_by_key(|(_, ids)| ids.len())?;
    ids.sort_unstable();
    ids.dedup();
    Some((part, ids))
}

/// The projects that are archived.
struct Archive {
    project: Kind,
    ids: BTreeSet<u32>,
}

impl Archive {
    /// Nothing if no project is archived.
    fn of(store: &Store) -> Option<Self> {
        let project = store.schema().kind("Project")?;
        let flag = store.schema().entity(project).field_index("archived")?;
        let projects = store.rows(project).iter();
        let archived = projects.filter(|row| row.values[flag] == Value::Flag(true));
        let ids: BTreeSet<u32> = archived.map(|row| row.at.id).collect();
        (!ids.is_empty()).then_some(Self { project, ids })
    }

    fn holds(&self, store: &Store, row: &Row) -> bool {
        let project = if row.at.kind == self.project {
            Some(row.at)
        } else {
            store.project(row)
        };
        project.is_some_and(|project| self.ids.contains(&project.id))
    }
}
