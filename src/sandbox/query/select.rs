//! The rows that pass a filter, found without looking at every row where the filter allows it.

use std::borrow::Cow;
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
    let (known, ids) = candidates(store, kind, filter);
    let passes = move |row: &&Row| {
        row.retired == scope.retired
            && !hidden
                .as_ref()
                .is_some_and(|archive| archive.holds(store, row))
            && filter.matches_beyond(&known, store, row)
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

/// The ids of the rows that pass some parts of the filter, ascending, and those parts; no ids if any row can pass.
fn candidates<'a>(
    store: &Store,
    kind: Kind,
    filter: &'a Filter,
) -> (Vec<&'a Filter>, Option<Vec<u32>>) {
    let demands = filter.demands().into_iter();
    let found = demands.filter_map(|(part, demand)| Some((part, passing(store, kind, demand)?)));
    let mut found: Vec<(&Filter, Cow<'_, [u32]>)> = found.collect();
    found.sort_by_key(|(_, ids)| ids.len());
    let known = found.iter().map(|(part, _)| *part).collect();
    let found = found.into_iter().map(|(_, ids)| ids);
    let ids = found.reduce(|few, many| {
        let mut few = few.into_owned();
        retain_common(&mut few, &many);
        Cow::Owned(few)
    });
    (known, ids.map(Cow::into_owned))
}

/// The ids of the rows that meet a demand, ascending, if they are known without looking at rows.
fn passing<'a>(store: &'a Store, kind: Kind, demand: Demand<'_>) -> Option<Cow<'a, [u32]>> {
    let lists: Vec<&[u32]> = match demand {
        Demand::Ids(ids) => return Some(ids.iter().copied().collect()),
        Demand::Field(ID, values) => return values.ids().map(Cow::Owned),
        Demand::Field(field, values) => {
            if let Some(texts) = values.texts().filter(|texts| !texts.is_empty()) {
                let texts = texts.iter();
                let lists = texts.map(|text| store.choosing(kind, field, text));
                lists.collect::<Option<_>>()?
            } else {
                let targets = values.targets().filter(|targets| !targets.is_empty())?;
                // A link to a retired row counts as none.
                let living = targets.iter().filter(|at| store.live(**at).is_some());
                let lists = living.map(|target| store.linked(kind, field, *target));
                lists.collect()
            }
        }
    };
    Some(match lists.as_slice() {
        [one] => Cow::Borrowed(*one),
        many => {
            let mut ids = many.concat();
            ids.sort_unstable();
            ids.dedup();
            Cow::Owned(ids)
        }
    })
}

/// Leaves only what is in `others` as well. Both ascend, and `others` may be a great many: most of them are leapt over.
fn retain_common(ids: &mut Vec<u32>, others: &[u32]) {
    let mut rest = others;
    ids.retain(|id| {
        let mut leap = 1;
        while rest.get(leap).is_some_and(|other| other < id) {
            leap *= 2;
        }
        let near = &rest[leap / 2..rest.len().min(leap + 1)];
        let below = leap / 2 + near.partition_point(|other| other < id);
        rest = &rest[below..];
        rest.first() == Some(id)
    });
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_lists_share_is_found_by_leaps() {
        let mut chance = fastrand::Rng::with_seed(7);
        for _ in 0..500 {
            let mut list = |most: u32| -> Vec<u32> {
                let top = chance.u32(1..200);
                let ids: BTreeSet<u32> = (0..chance.u32(0..most))
                    .map(|_| chance.u32(0..top))
                    .collect();
                ids.into_iter().collect()
            };
            let (mut few, many) = (list(20), list(150));
            let common: Vec<u32> = few.iter().copied().filter(|id| many.contains(id)).collect();
            retain_common(&mut few, &many);
            assert_eq!(few, common);
        }
    }
}
