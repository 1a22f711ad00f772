//! What the details pane shows of the selected row.

use std::sync::Arc;

use super::kind::Kind;
use super::session::Session;
use super::state::DetailTab;
use crate::offload::{Origin, Remote};
use crate::shotgun::{EntityRef, Error, Rows};

/// One entity: its fields, and what is linked to it.
#[derive(Default)]
pub struct Details {
    of: Option<(Kind, EntityRef)>,
    /// The tab on show.
    pub tab: DetailTab,
    /// Its fields, in one row.
    pub fields: Remote<Arc<Rows>, Error>,
    /// Tasks on it, newest first.
    pub tasks: Remote<Arc<Rows>, Error>,
    /// Versions of it, newest first.
    pub versions: Remote<Arc<Rows>, Error>,
    /// Notes about it, newest first.
    pub notes: Remote<Arc<Rows>, Error>,
}

impl Details {
    /// Shows `entity` from now on. What belonged to another one is gone at once.
    pub fn open(&mut self, session: &Session, origin: Origin, kind: Kind, entity: EntityRef) {
        let tab = if tabs(kind).contains(&self.tab) {
            self.tab
        } else {
            DetailTab::Fields
        };
        *self = Self {
            of: Some((kind, entity)),
            tab,
            ..Self::default()
        };
        self.reload(session, origin);
    }

    /// Asks for all of it again.
    pub fn reload(&mut self, session: &Session, origin: Origin) {
        let Some((kind, entity)) = &self.of else {
            return;
        };
        self.fields
            .load(session.details(origin, entity, fields(*kind)));
        for tab in tabs(*kind) {
            let remote = match tab {
                DetailTab::Fields => continue,
                DetailTab::Tasks => &mut self.tasks,
                DetailTab::Versions => &mut self.versions,
                DetailTab::Notes => &mut self.notes,
            };
            if let Some((linked, link)) = linked(*kind, *tab) {
                remote.load(session.linked(origin, linked, link, entity));
            }
        }
    }

    /// Shows nothing.
    pub fn close(&mut self) {
        *self = Self {
            tab: self.tab,
            ..Self::default()
        };
    }

    /// Takes what arrived.
    pub fn poll(&mut self) {
        self.fields.poll();
        self.tasks.poll();
        self.versions.poll();
        self.notes.poll();
    }

    /// The entity on show.
    pub fn of(&self) -> Option<(Kind, &EntityRef)> {
        self.of.as_ref().map(|(kind, entity)| (*kind, entity))
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
