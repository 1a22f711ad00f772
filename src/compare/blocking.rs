//! The blocking version: it asks in the frame, and the window waits with it.

use super::shown::Shown;
use crate::shotgun::{Client, Find};

/// A part of a window that calls the site on the thread that draws it.
pub(super) struct Blocking {
    sg: Client,
    pub(super) shown: Shown,
}

impl Blocking {
    pub(super) fn new(sg: Client) -> Self {
        Self {
            sg,
            shown: Shown::default(),
        }
    }

    // the Compare page shows from here
    pub(super) fn get_shots(&mut self, page: &Find) {
        self.shown.take(self.sg.query(page));
    }
    // to here
}
