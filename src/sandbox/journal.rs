//! Where changes go before anyone hears that they were made.

use std::collections::BTreeSet;
use std::fmt::Debug;

use super::beside::Mark;
use super::store::Store;
use super::value::{Kind, Ref};

/// What transactions changed. What it is now stands in the store.
#[derive(Debug, Default)]
pub struct Changes {
    /// Rows that are new, written to, retired or revived.
    pub rows: BTreeSet<Ref>,
    /// Fields whose definition is new or another.
    pub fields: BTreeSet<(Kind, usize)>,
    /// Marks that are new, other or gone.
    pub marks: BTreeSet<Mark>,
}

/// Keeps what was drafted, for good once it returns. The error says why it could not.
pub type Keep<'a> = Box<dyn FnOnce() -> Result<(), String> + 'a>;

/// Keeps changes: all that are drafted together, or none.
pub trait Journal: Debug + Send + Sync {
    /// Copies what `changes` led to. What comes back keeps that, takes its time, and looks at no row.
    fn draft(&self, store: &Store, changes: &Changes) -> Keep<'_>;
}
