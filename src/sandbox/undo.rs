//! The way back from changes to rows.

use serde_json::Value as Json;

use super::beside::Mark;
use super::journal::Changes;
use super::schema::Field;
use super::store::Store;
use super::value::{Kind, Ref, Value};

/// Steps that were taken, in their order.
#[derive(Debug, Default)]
pub struct Undo(Vec<Step>);

/// How to take one step back.
#[derive(Debug)]
pub enum Step {
    /// This row was added.
    Inserted(Ref),
    /// This value was overwritten.
    Put(Ref, usize, Value),
    /// The row was retired, or it was not.
    Retired(Ref, bool),
    /// This field was added.
    FieldAdded(Kind, usize),
    /// This definition was replaced.
    FieldReplaced(Kind, usize, Box<Field>),
    /// This was known beside the rows.
    Marked(Mark, Option<Json>),
}

impl Undo {
    /// Notes one more step.
    pub fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds what has changed to `changes`.
    pub fn tell(&self, changes: &mut Changes) {
        for step in &self.0 {
            match step {
                Step::Inserted(at) | Step::Put(at, ..) | Step::Retired(at, _) => {
                    changes.rows.insert(*at);
                }
                Step::FieldAdded(kind, at) | Step::FieldReplaced(kind, at, _) => {
                    changes.fields.insert((*kind, *at));
                }
                Step::Marked(mark, _) => {
                    changes.marks.insert(mark.clone());
                }
            }
        }
    }

    /// Makes everything as it was before the first step. Whatever came after the last one must have been taken back before.
    pub fn take_back(self, store: &mut Store) {
        for step in self.0.into_iter().rev() {
            match step {
                Step::Inserted(at) => store.pop(at.kind),
                Step::Put(at, field, value) => drop(store.put(at, field, value)),
                Step::Retired(at, retired) => drop(store.set_retired(at, retired)),
                Step::FieldAdded(kind, _) => store.pop_field(kind),
                Step::FieldReplaced(kind, at, field) => store.replace_field(kind, at, *field),
                Step::Marked(mark, known) => drop(store.set_mark(mark, known)),
            }
        }
    }
}
