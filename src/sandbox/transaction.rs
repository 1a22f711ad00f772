//! Changes that happen together or not at all, and the two ends of every link kept alike.
//!
//! Every change goes through here: the seed's, a single write's and a batch's, those to the schema and to what is known beside
//! the rows. So here is also where changes line up to be kept before anyone hears of them.

use std::sync::Arc;

use serde_json::Value as Json;

use super::beside::Mark;
use super::commits::Receipt;
use super::schema::{Field, Schema};
use super::store::Store;
use super::undo::{Step, Undo};
use super::value::{Kind, Ref, Value};

/// A set of changes. Dropped without [`commit`](Self::commit), it leaves the rows as they were.
#[derive(Debug)]
pub struct Transaction<'a> {
    store: &'a mut Store,
    undo: Undo,
    can_roll_back: bool,
}

impl<'a> Transaction<'a> {
    /// Changes that can be taken back.
    pub fn begin(store: &'a mut Store) -> Self {
        Self {
            store,
            undo: Undo::default(),
            can_roll_back: true,
        }
    }

    /// Changes to rows that nobody has seen yet; nothing is noted for a way back.
    pub fn for_seeding(store: &'a mut Store) -> Self {
        Self {
            store,
            undo: Undo::default(),
            can_roll_back: false,
        }
    }

    /// The rows as they are now.
    pub fn store(&self) -> &Store {
        self.store
    }

    /// Lets the changes stand, and lines them up to be kept. They are once the receipt says so.
    pub fn commit(mut self) -> Receipt {
        let undo = std::mem::take(&mut self.undo);
        let commits = self.store.commits().filter(|_| !undo.is_empty());
        commits
            .map(|commits| commits.line_up(undo))
            .unwrap_or_default()
    }

    /// Adds a row with `values` and lets every row that it links to know.
    pub fn insert(&mut self, kind: Kind, values: Vec<Value>) -> Ref {
        let schema = Arc::clone(self.store.schema());
        let ends: Vec<(&Field, Vec<Ref>)> = schema
            .entity(kind)
            .fields
            .iter()
            .zip(&values)
            .filter(|(field, value)| field.other_end.is_some() && !value.links().is_empty())
            .map(|(field, value)| (field, value.links().to_vec()))
            .collect();
        let at = self.store.push(kind, values);
        self.note(Step::Inserted(at));
        for (field, targets) in ends {
            for target in targets {
                self.attach(&schema, at, field, target);
            }
        }
        at
    }

    /// Writes a field, and the other end of every link that comes or goes.
    pub fn set(&mut self, at: Ref, field: usize, value: Value) {
        let schema = Arc::clone(self.store.schema());
        let definition = schema.field(at.kind, field);
        let new = value.links().to_vec();
        let old = self.put(at, field, value);
        if definition.other_end.is_none() {
            return;
        }
        for target in old.iter().filter(|target| !new.contains(target)) {
            self.detach(&schema, at, definition, *target);
        }
        for target in new.iter().filter(|target| !old.contains(target)) {
            self.attach(&schema, at, definition, *target);
        }
    }

    /// Retires or revives a row. `false` if it was so already.
    pub fn set_retired(&mut self, at: Ref, retired: bool) -> bool {
        let changed = self.store.set_retired(at, retired);
        if changed {
            self.note(Step::Retired(at, !retired));
        }
        changed
    }

    /// Adds a field to a type; rows that are there have nothing in it.
    pub fn add_field(&mut self, kind: Kind, field: Field) {
        let at = self.store.schema().entity(kind).fields.len();
        self.store.add_field(kind, field);
        self.note(Step::FieldAdded(kind, at));
    }

    /// Puts another definition in the place of a field's.
    pub fn replace_field(&mut self, kind: Kind, at: usize, field: Field) {
        let old = self.store.schema().field(kind, at).clone();
        self.store.replace_field(kind, at, field);
        self.note(Step::FieldReplaced(kind, at, Box::new(old)));
    }

    /// Writes what is known of something beside the rows, or forgets it.
    pub fn mark(&mut self, mark: Mark, known: Option<Json>) {
        let old = self.store.set_mark(mark.clone(), known);
        self.note(Step::Marked(mark, old));
    }

    /// Writes one value, this end only. Gives back the links that were there.
    fn put(&mut self, at: Ref, field: usize, value: Value) -> Vec<Ref> {
        let old = self.store.put(at, field, value);
        let links = old.links().to_vec();
        self.note(Step::Put(at, field, old));
        links
    }

    /// `at` now links to `target` in `field`: shows it at `target`.
    fn attach(&mut self, schema: &Schema, at: Ref, field: &Field, target: Ref) {
        let Some(end) = schema.other_end(field, target.kind) else {
            return;
        };
        let definition = schema.field(target.kind, end);
        let mut links = self.links_of(target, end);
        if links.contains(&at) {
            return;
        }
        if definition.data_type.is_multi() {
            links.push(at);
            self.put(target, end, Value::Links(links));
        } else {
            let owners = self.put(target, end, Value::Link(at));
            for owner in owners {
                self.detach(schema, target, definition, owner);
            }
        }
    }

    /// `at` no longer links to `target` in `field`: hides it at `target`.
    fn detach(&mut self, schema: &Schema, at: Ref, field: &Field, target: Ref) {
        let Some(end) = schema.other_end(field, target.kind) else {
            return;
        };
        let mut links = self.links_of(target, end);
        if !links.contains(&at) {
            return;
        }
        links.retain(|link| *link != at);
        let multi = schema.field(target.kind, end).data_type.is_multi();
        self.put(
            target,
            end,
            if multi {
                Value::Links(links)
            } else {
                Value::Null
            },
        );
    }

    fn links_of(&self, at: Ref, field: usize) -> Vec<Ref> {
        self.store
            .row(at)
            .map_or_else(Vec::new, |row| row.values[field].links().to_vec())
    }

    fn note(&mut self, step: Step) {
        if self.can_roll_back {
            self.undo.push(step);
        }
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        std::mem::take(&mut self.undo).take_back(self.store);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(store: &Store, name: &str) -> Kind {
        store.schema().kind(name).unwrap()
    }

    fn field(store: &Store, entity: &str, name: &str) -> usize {
        store
            .schema()
            .entity(kind(store, entity))
            .field_index(name)
            .unwrap()
    }

    fn insert(transaction: &mut Transaction<'_>, entity: &str) -> Ref {
        let kind = kind(transaction.store(), entity);
        let blank = transaction.store().schema().entity(kind).blank();
        transaction.insert(kind, blank)
    }

    #[test]
    fn a_shot_that_changes_sequence_leaves_the_old_one() {
        let mut store = Store::new(Schema::studio());
        let (link, back) = (
            field(&store, "Shot", "sg_sequence"),
            field(&store, "Sequence", "shots"),
        );
        let mut change = Transaction::begin(&mut store);
        let shot = insert(&mut change, "Shot");
        let (one, two) = (
            insert(&mut change, "Sequence"),
            insert(&mut change, "Sequence"),
        );
        change.set(shot, link, Value::Link(one));
        change.set(two, back, Value::Links(vec![shot]));
        drop(change.commit());
        assert_eq!(store.row(shot).unwrap().values[link], Value::Link(two));
        assert_eq!(store.row(one).unwrap().values[back], Value::Links(vec![]));
        assert_eq!(
            store.row(two).unwrap().values[back],
            Value::Links(vec![shot])
        );
    }

    #[test]
    fn a_dropped_transaction_leaves_no_trace() {
        let mut store = Store::new(Schema::studio());
        let mut change = Transaction::begin(&mut store);
        let (shot, asset) = (insert(&mut change, "Shot"), insert(&mut change, "Asset"));
        drop(change.commit());
        let (link, kinds) = (field(&store, "Shot", "assets"), [shot.kind, asset.kind]);
        let before: Vec<_> = kinds
            .iter()
            .map(|kind| store.rows(*kind).to_vec())
            .collect();
        let mut change = Transaction::begin(&mut store);
        let other = insert(&mut change, "Shot");
        change.set(other, link, Value::Links(vec![asset]));
        change.set(shot, link, Value::Links(vec![asset]));
        assert!(change.set_retired(asset, true));
        drop(change);
        let after: Vec<_> = kinds
            .iter()
            .map(|kind| store.rows(*kind).to_vec())
            .collect();
        assert_eq!(before, after);
    }
}
