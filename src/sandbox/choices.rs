//! Which rows of a type have which status, or other value of a list.

use std::collections::HashMap;

use super::links;
use super::query::lower;
use super::value::Value;

/// For fields of one type with few different texts, the rows that have each of them. Kept with the rows, as links are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices(HashMap<usize, HashMap<String, Vec<u32>>>);

impl Choices {
    /// The ids of the rows whose `field` says `text`, which is in lower case, whatever the case there; ascending.
    pub fn with(&self, field: usize, text: &str) -> &[u32] {
        let ids = self.0.get(&field).and_then(|texts| texts.get(text));
        ids.map_or(&[], Vec::as_slice)
    }

    /// The row `id` now has `value` in `field`.
    pub fn enter(&mut self, id: u32, field: usize, value: &Value) {
        let Some(text) = value.as_text().map(lower) else {
            return;
        };
        let texts = self.0.entry(field).or_default();
        match texts.get_mut(&*text) {
            Some(ids) => links::enter(ids, id),
            None => drop(texts.insert(text.into_owned(), vec![id])),
        }
    }

    /// The row `id` no longer has `value` in `field`.
    pub fn leave(&mut self, id: u32, field: usize, value: &Value) {
        let text = value.as_text().map(lower);
        let (Some(text), Some(texts)) = (text, self.0.get_mut(&field)) else {
            return;
        };
        if texts
            .get_mut(&*text)
            .is_some_and(|ids| links::leave(ids, id))
        {
            texts.remove(&*text);
        }
        if texts.is_empty() {
            self.0.remove(&field);
        }
    }
}
