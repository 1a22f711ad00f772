//! What the details pane shows of the selected row.

use std::sync::Arc;
use std::time::Duration;

use super::kind::Kind;
use super::session::Session;
use super::state::DetailTab;
use crate::offload::{Keep, Origin, Scope, Store, View};
use crate::shotgun::{EntityId, EntityRef, Error, Rows};

/// For so long details are not asked for again when their row is selected once more.
const KEEP: Keep = Keep {
    fresh: Duration::from_secs(30),
    keys: 256,
};

/// One tab of one entity.
pub type Key = (Kind, EntityId, DetailTab);

/// One entity: its fields, and what is linked to it. What was seen before is there at once when it is seen again.
pub struct Details {
    of: Option<(Kind, EntityRef)>,
    /// Who selected it.
    origin: Origin,
    /// The tab on show.
    pub tab: DetailTab,
    /// Fields are one row; linked entities are rows, newest first.
    rows: Store<Key, Arc<Rows>, Error>,
    /// The jobs for the entity on show.
    scope: Scope,
}

impl Details {
    /// Shows `entity` from now on. What belonged to another one is gone at once, and what was asked about it and has not
    /// started never will.
    pub fn open(&mut self, origin: Origin, kind: Kind, entity: EntityRef) {
        self.scope.cancel_queued();
        self.tab = if tabs(kind).contains(&self.tab) {
            self.tab
        } else {
            DetailTab::Fields
        };
        self.of = Some((kind, entity));
        self.origin = origin;
    }

    /// Asks for all of it again. What is known stays until then; of other entities it is to be asked for again, too.
    pub fn reload(&mut self, origin: Origin) {
        self.origin = origin;
        self.rows.invalidate_where(|_| true);
    }

    /// Shows nothing.
    pub fn close(&mut self) {
        self.scope.cancel_queued();
        self.of = None;
    }

    /// Takes what arrived, and asks for what is missing.
    pub fn poll(&mut self, session: &Session) {
        let Self {
            of,
            origin,
            tab: shown,
            rows,
            scope,
        } = self;
        rows.poll();
        let Some((kind, entity)) = of else { return };
        for &tab in tabs(*kind) {
            rows.want(&(*kind, entity.id, tab), || match linked(*kind, tab) {
                None => session.details(*origin, scope, entity, fields(*kind)),
                Some(linked) => session.linked(*origin, scope, tab == *shown, linked, entity),
            });
        }
    }

    /// What to draw of a tab.
    pub fn view(&self, tab: DetailTab) -> View<'_, Arc<Rows>, Error> {
        match &self.of {
            Some((kind, entity)) => self.rows.peek(&(*kind, entity.id, tab)),
            None => View::Idle,
        }
    }

    /// The entity on show.
    pub fn of(&self) -> Option<(Kind, &EntityRef)> {
        self.of.as_ref().map(|(kind, entity)| (*kind, entity))
    }
}

impl Default for Details {
    fn default() -> Self {
        Self {
            of: None,
            origin: Origin::here("Browse"),
            tab: DetailTab::default(),
            rows: Store::new(KEEP),
            scope: Scope::new(),
        }
    }
}

/// The tabs that an entity of `kind` has.
pub fn tabs(kind: Kind) -> &'static [DetailTab] {
    use DetailTab::{Fields, Notes, Tasks, Versions};
    match kind {
        Kind::Shot | Kind::Asset => &[Fields, Tasks, Versions, Notes],
        Kind::Task => &[Fields, Versions, Notes],
        Kind::Version => &[Fields, Notes],
        Kind::Note | Kind::Playlist => &[Fields],
        Kind::Person => &[Fields, Tasks, Versions],
    }
}

/// What a tab lists, and the field through which it hangs on an entity of `kind`.
pub fn linked(kind: Kind, tab: DetailTab) -> Option<(Kind, &'static str)> {
    match (tab, kind) {
        (DetailTab::Fields, _) => None,
        (DetailTab::Tasks, Kind::Person) => Some((Kind::Task, "task_assignees")),
        (DetailTab::Tasks, _) => Some((Kind::Task, "entity")),
        (DetailTab::Versions, Kind::Person) => Some((Kind::Version, "user")),
        (DetailTab::Versions, Kind::Task) => Some((Kind::Version, "sg_task")),
        (DetailTab::Versions, _) => Some((Kind::Version, "entity")),
        (DetailTab::Notes, Kind::Task) => Some((Kind::Note, "tasks")),
        (DetailTab::Notes, _) => Some((Kind::Note, "note_links")),
    }
}

/// The most entities that a tab lists.
pub const MOST_LINKED: u32 = 100;

/// The fields of the details pane, in their order: what it is called, then what is listed; the picture at any place.
pub fn fields(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Shot => SHOT,
        Kind::Asset => ASSET,
        Kind::Task => TASK,
        Kind::Version => VERSION,
        Kind::Note => NOTE,
        Kind::Playlist => PLAYLIST,
        Kind::Person => PERSON,
    }
}

const SHOT: &[&str] = &[
    "code",
    "sg_status_list",
    "description",
    "sg_sequence",
    "assets",
    "sg_cut_in",
    "sg_cut_out",
    "sg_cut_duration",
    "created_at",
    "created_by",
    "updated_at",
    "image",
];

const ASSET: &[&str] = &[
    "code",
    "sg_status_list",
    "sg_asset_type",
    "description",
    "shots",
    "created_at",
    "created_by",
    "updated_at",
    "image",
];

const TASK: &[&str] = &[
    "content",
    "sg_status_list",
    "entity",
    "step",
    "task_assignees",
    "start_date",
    "due_date",
    "est_in_mins",
    "created_at",
    "updated_at",
];

const VERSION: &[&str] = &[
    "code",
    "sg_status_list",
    "entity",
    "sg_task",
    "user",
    "description",
    "frame_count",
    "frame_range",
    "sg_path_to_movie",
    "playlists",
    "created_at",
    "image",
];

const NOTE: &[&str] = &[
    "subject",
    "sg_status_list",
    "content",
    "user",
    "note_links",
    "addressings_to",
    "created_at",
];

const PLAYLIST: &[&str] = &[
    "code",
    "description",
    "sg_date_and_time",
    "versions",
    "created_at",
    "created_by",
];

const PERSON: &[&str] = &[
    "name",
    "login",
    "email",
    "department",
    "groups",
    "sg_status_list",
    "projects",
    "image",
];
