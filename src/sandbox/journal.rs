//! Where changes go before anyone hears that they were made.

use std::collections::BTreeSet;
use std::fmt::Debug;

use super::beside::Mark;
use super::store::Store;
use super::value::{Kind, Ref};

/// What a transaction changed. What it is now stands in the store.
#[derive(Debug, Default)]
pub struct Changes {
    /// Rows that are new, written to, retired or revived.
    pub rows: BTreeSet<Ref>,
    /// Fields whose definition is new or another.
    pub fields: BTreeSet<(Kind, usize)>,
    /// Marks that are new, other or gone.
    pub marks: BTreeSet<Mark>,
}

/// Keeps changes: all of a transaction's, or none.
pub trait Journal: Debug + Send + Sync {
    /// Keeps `changes`, for good once it returns. The error says why it could not.
    fn keep(&self, store: &Store, changes: &Changes) -> Result<(), String>;
}
