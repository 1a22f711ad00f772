//! What panels may read.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::comparing::Compare;
use super::connect::{ConnectError, Target};
use super::details::Details;
use super::incident::Incident;
use super::kind::Kind;
use super::listing::Listing;
use super::session::Session;
use super::statuses::Statuses;
use super::thumbnails::Thumbnails;
use crate::calls::{Recorder, Snapshot};
use crate::offload::{Keep, Origin, Remote, Store, View};
use crate::shotgun::{CallId, EntityId, Error, Rows};

/// A page of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Page {
    /// Projects, tables, details.
    #[default]
    Browse,
    /// Every API call.
    Calls,
    /// Sync against offloaded.
    Compare,
}

impl Page {
    /// All pages, in the order of the top bar.
    pub const ALL: [Self; 3] = [Self::Browse, Self::Calls, Self::Compare];

    /// What the page is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Browse => "Browse",
            Self::Calls => "Calls",
            Self::Compare => "Compare",
        }
    }
}

/// A tab of the details pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DetailTab {
    /// The entity's fields.
    #[default]
    Fields,
    /// Its tasks.
    Tasks,
    /// Its versions.
    Versions,
    /// Notes about it.
    Notes,
}

/// A dialog over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Which site to connect to.
    Connect,
}

/// Everything the window shows. Panels read it; only `update` and the polling in `logic` write.
pub struct AppState {
    /// The connection: the last good one stays until a new one answered.
    pub session: Remote<Session, ConnectError>,
    /// Where the latest attempt goes to.
    pub target: Option<Target>,
    /// The last site that was not the sandbox, and who asked there.
    pub last_site: Option<String>,
    /// The script or login that was used there.
    pub last_name: Option<String>,
    /// The page on show.
    pub page: Page,
    /// Whether the calls are docked below the page.
    pub calls_docked: bool,
    /// What Browse shows.
    pub browse: Browse,
    /// What the debug panel shows.
    pub calls: Calls,
    /// What the Compare page shows.
    pub compare: Compare,
    /// What the sandbox is put through, comparisons aside; as its plan was when this frame began.
    pub incident: Option<Incident>,
    /// Pictures of rows.
    pub thumbnails: Thumbnails,
    /// The dialog on top.
    pub dialog: Option<Dialog>,
    /// Whether the latest attempt to connect was asked for in the dialog: then its success closes it.
    pub asked_in_dialog: bool,
    /// Something to tell.
    pub notice: Option<Notice>,
    /// When this frame began: one `now` for everything in it.
    pub now: Instant,
}

/// A sentence at the bottom of the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What happened, and what to do.
    pub text: String,
    /// When it was put up.
    pub since: Instant,
    /// Whether something went wrong.
    pub is_error: bool,
}

impl Notice {
    /// Something went well.
    pub fn good(text: impl Into<String>, since: Instant) -> Self {
        Self {
            text: text.into(),
            since,
            is_error: false,
        }
    }

    /// Something went wrong.
    pub fn bad(text: impl Into<String>, since: Instant) -> Self {
        Self {
            text: text.into(),
            since,
            is_error: true,
        }
    }
}

/// Tables kept besides the one on show.
const SHELF: usize = 8;

/// For so long a project's counts are not asked for again when it is opened once more.
const KEEP_COUNTS: Keep = Keep {
    fresh: Duration::from_mins(1),
    keys: 256,
};

/// What Browse shows.
pub struct Browse {
    /// Every project of the site.
    pub projects: Remote<Arc<Rows>, Error>,
    /// Rows of the site's statuses.
    pub status_rows: Remote<Arc<Rows>, Error>,
    /// The site's statuses.
    pub statuses: Arc<Statuses>,
    /// The project on show.
    pub project: Option<EntityId>,
    /// The entity type on show.
    pub kind: Kind,
    /// How many rows a project has of each entity type.
    counts: Store<(EntityId, Kind), u64, Error>,
    /// The rows of the table.
    pub listing: Listing,
    /// Tables that were on show before, the latest last: to be there at once when they are opened again.
    shelf: VecDeque<Listing>,
    /// The selected row.
    pub selected: Option<EntityId>,
    /// The details pane.
    pub details: Details,
}

impl Browse {
    /// Asks for everything a fresh connection needs.
    pub fn begin(&mut self, session: &Session, origin: Origin) {
        *self = Self {
            kind: self.kind,
            ..Self::default()
        };
        self.projects.load(session.projects(origin));
        self.status_rows.load(session.statuses(origin));
    }

    /// Takes what arrived, and asks for what follows from it.
    pub fn poll(&mut self, session: &Session) {
        // The first project is opened without a click.
        if self.projects.poll()
            && self.project.is_none()
            && let Some(first) = self
                .projects
                .value()
                .and_then(|projects| projects.first().map(|row| row.id()))
        {
            self.open_project(session, Origin::here("Browse"), first);
        }
        if let Some(Ok(rows)) = self.status_rows.arrived() {
            self.statuses = Arc::new(Statuses::of(rows));
            self.listing.statuses = Arc::clone(&self.statuses);
            // Rows may have been sorted and filtered by codes until now.
            if self.listing.arranged().is_some() {
                self.listing.arrange(session, Origin::here("Browse"));
            }
        }
        self.poll_counts(session);
        self.listing.poll(session);
        self.details.poll(session);
    }

    fn poll_counts(&mut self, session: &Session) {
        self.counts.poll();
        let Some(project) = self.project else { return };
        for kind in Kind::ALL {
            self.counts.want(&(project, kind), || {
                session.count(Origin::here("Browse"), kind, project)
            });
        }
    }

    /// How many rows the project on show has of `kind`.
    pub fn count(&self, kind: Kind) -> View<'_, u64, Error> {
        match self.project {
            Some(project) => self.counts.peek(&(project, kind)),
            None => View::Idle,
        }
    }

    /// Shows `project` from now on.
    pub fn open_project(&mut self, session: &Session, origin: Origin, project: EntityId) {
        if self.project != Some(project) {
            self.selected = None;
            self.details.close();
        }
        self.project = Some(project);
        self.open_listing(session, origin, project);
    }

    /// What was on show is put away, and what was put away before is taken out and loaded again.
    fn open_listing(&mut self, session: &Session, origin: Origin, project: EntityId) {
        if self.listing.of() != Some((self.kind, project)) {
            let known = (self.shelf.iter())
                .position(|listing| listing.of() == Some((self.kind, project)))
                .and_then(|at| self.shelf.remove(at));
            let opened = known.unwrap_or_else(|| Listing::of_kind(self.kind, project));
            let mut left = std::mem::replace(&mut self.listing, opened);
            left.put_away();
            self.shelf.push_back(left);
            if self.shelf.len() > SHELF {
                session.free(self.shelf.pop_front());
            }
            self.listing.statuses = Arc::clone(&self.statuses);
        }
        self.listing.reload(session, origin);
    }

    /// Asks for everything on show again.
    pub fn refresh(&mut self, session: &Session, origin: Origin) {
        self.listing.reload(session, origin);
        self.details.reload(origin);
        self.counts.invalidate_where(|_| true);
        if matches!(self.status_rows.view(), View::Failed { .. }) {
            self.status_rows.load(session.statuses(origin));
        }
    }

    /// Shows `kind` from now on.
    pub fn open_kind(&mut self, session: &Session, origin: Origin, kind: Kind) {
        if self.kind != kind {
            self.selected = None;
            self.details.close();
        }
        self.kind = kind;
        if let Some(project) = self.project {
            self.open_listing(session, origin, project);
        }
    }

    /// The name of the project on show.
    pub fn project_name(&self) -> Option<String> {
        let project = self.project?;
        self.projects
            .value()?
            .iter()
            .find(|row| row.id() == project)
            .map(|row| row.text("name"))
    }
}

impl Default for Browse {
    fn default() -> Self {
        Self {
            projects: Remote::default(),
            status_rows: Remote::default(),
            statuses: Arc::default(),
            project: None,
            kind: Kind::default(),
            counts: Store::new(KEEP_COUNTS),
            listing: Listing::default(),
            shelf: VecDeque::new(),
            selected: None,
            details: Details::default(),
        }
    }
}

/// What the debug panel shows.
pub struct Calls {
    /// The recorder. Panels read frames from it; whatever changes it is a command.
    pub recorder: Arc<Recorder>,
    /// The calls, as of this frame.
    pub snapshot: Arc<Snapshot>,
    /// The call in the inspector.
    pub inspected: Option<CallId>,
}
