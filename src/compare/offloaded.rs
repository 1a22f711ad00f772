//! The offloaded version: it asks on a worker, and the window draws on.

use std::time::Instant;

use super::shown::Shown;
use crate::offload::{Executor, Remote};
use crate::shotgun::{Client, Error, Find, Page};

/// A part of a window that calls the site on the workers of an executor.
pub(super) struct Offloaded {
    sg: Client,
    pool: Executor,
    pub(super) shots: Remote<Page, Error>,
    pub(super) shown: Shown,
}

impl Offloaded {
    pub(super) fn new(sg: Client, pool: Executor) -> Self {
        Self {
            sg,
            pool,
            shots: Remote::default(),
            shown: Shown::default(),
        }
    }

    // the Compare page shows from here
    pub(super) fn get_shots(&mut self, page: Find) {
        let sg = self.sg.clone();
        let job = self.pool.run("find Shot", move || sg.query(&page));
        self.shots.load(job);
    }

    pub(super) fn each_frame(&mut self) {
        self.shown.take(self.shots.arrived());
    }
    // to here

    /// When its call was on a worker, from and to.
    pub(super) fn span(&self) -> Option<(Instant, Instant)> {
        let record = self.shots.record()?;
        Some((record.started()?, record.stored()?))
    }
}
