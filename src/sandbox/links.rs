//! Which rows of a type lead where: the other direction of every link, and of which project a row is in.

use std::collections::HashMap;

use super::value::{Ref, Value};

/// For each field of one type, the rows whose field leads to a target. Kept with the rows, so that nobody looks at all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Links(HashMap<(usize, Ref), Vec<u32>>);

impl Links {
    /// The ids of the rows whose `field` leads to `target`, ascending.
    pub fn to(&self, field: usize, target: Ref) -> &[u32] {
        self.0.get(&(field, target)).map_or(&[], Vec::as_slice)
    }

    /// The row `id` now has `value` in `field`.
    pub fn enter(&mut self, id: u32, field: usize, value: &Value) {
        for target in value.links() {
            enter(self.0.entry((field, *target)).or_default(), id);
        }
    }

    /// The row `id` no longer has `value` in `field`.
    pub fn leave(&mut self, id: u32, field: usize, value: &Value) {
        for target in value.links() {
            let ids = self.0.get_mut(&(field, *target));
            if ids.is_some_and(|ids| leave(ids, id)) {
                self.0.remove(&(field, *target));
            }
        }
    }
}

/// Adds an id to others, which ascend.
pub(super) fn enter(ids: &mut Vec<u32>, id: u32) {
    if let Err(place) = ids.binary_search(&id) {
        ids.insert(place, id);
    }
}

/// Takes an id from others, which ascend. Whether there are none any more.
pub(super) fn leave(ids: &mut Vec<u32>, id: u32) -> bool {
    if let Ok(place) = ids.binary_search(&id) {
        ids.remove(place);
    }
    ids.is_empty()
}
