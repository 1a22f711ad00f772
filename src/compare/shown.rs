//! What one call brought to the window.

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
    pub(super) fn show(&mut self, page: &Page) {
        self.put(Ok(page.rows.iter().map(|row| row.id()).collect()));
    }

    pub(super) fn fail(&mut self, error: &impl Display) {
        self.put(Err(error.to_string()));
    }

    fn put(&mut self, answer: Result<Vec<EntityId>, String>) {
        self.answer = Some(answer);
        self.at = Some(Instant::now());
    }
}
