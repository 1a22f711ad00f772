//! What one call brought to the window.

use std::borrow::Borrow;
use std::fmt::Display;
use std::time::Instant;

use crate::shotgun::{EntityId, Page};

/// The answer of one call, as far as the comparison wants it: which rows, or what went wrong, and when.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) answer: Option<Result<Vec<EntityId>, String>>,
    pub(super) at: Option<Instant>,
}

impl Shown {
    /// Keeps an answer, if there is one. Both versions of the code hand theirs in here: the one as the client returns it,
    /// the other as it arrives.
    pub(super) fn take<P: Borrow<Page>, E: Display>(
        &mut self,
        answer: impl Into<Option<Result<P, E>>>,
    ) {
        let Some(answer) = answer.into() else { return };
        let ids = |page: P| page.borrow().rows.iter().map(|row| row.id()).collect();
        self.answer = Some(answer.map(ids).map_err(|error| error.to_string()));
        self.at = Some(Instant::now());
    }
}
