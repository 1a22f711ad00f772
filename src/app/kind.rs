//! The entity types that Browse shows, and their columns.

use serde::{Deserialize, Serialize};

use crate::shotgun::{EntityId, EntityRef, Filter};

/// An entity type in the side bar.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Kind {
    /// `Shot`
    #[default]
    Shot,
    /// `Asset`
    Asset,
    /// `Task`
    Task,
    /// `Version`
    Version,
    /// `Note`
    Note,
    /// `Playlist`
    Playlist,
    /// `HumanUser`
    Person,
}

/// One column of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// The field, or a path to a field of a linked entity.
    pub field: &'static str,
    /// What the header says.
    pub title: &'static str,
    /// How its values look.
    pub look: Look,
    /// Width to begin with, in points. 0 takes what is left.
    pub width: f32,
}

/// How values look in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A small picture.
    Thumbnail,
    /// What the row is called.
    Name,
    /// Text, dates and links.
    Text,
    /// A right-aligned number.
    Number,
    /// A dot in the status's color, and its name.
    Status,
}

const fn column(field: &'static str, title: &'static str, look: Look, width: f32) -> Column {
    Column {
        field,
        title,
        look,
        width,
    }
}

const THUMBNAIL: Column = column("image", "", Look::Thumbnail, 52.0);
const STATUS: Column = column("sg_status_list", "Status", Look::Status, 140.0);

use Look::{Name, Number, Text};

const SHOT: &[Column] = &[
    THUMBNAIL,
    column("code", "Code", Name, 124.0),
    STATUS,
    column("sg_sequence", "Sequence", Text, 104.0),
    column("description", "Description", Text, 0.0),
    column("sg_cut_in", "Cut in", Number, 64.0),
    column("sg_cut_out", "Cut out", Number, 64.0),
    column("sg_cut_duration", "Frames", Number, 64.0),
];

const ASSET: &[Column] = &[
    THUMBNAIL,
    column("code", "Name", Name, 180.0),
    STATUS,
    column("sg_asset_type", "Type", Text, 120.0),
    column("description", "Description", Text, 0.0),
];

const TASK: &[Column] = &[
    column("content", "Task", Name, 120.0),
    STATUS,
    column("entity", "On", Text, 120.0),
    column("step", "Step", Text, 84.0),
    column("task_assignees", "Assigned", Text, 0.0),
    column("start_date", "Start", Text, 84.0),
    column("due_date", "Due", Text, 84.0),
    column("est_in_mins", "Minutes", Number, 60.0),
];

const VERSION: &[Column] = &[
    THUMBNAIL,
    column("code", "Version", Name, 200.0),
    STATUS,
    column("entity", "Of", Text, 130.0),
    column("user", "Artist", Text, 130.0),
    column("description", "Description", Text, 0.0),
    column("frame_count", "Frames", Number, 70.0),
];

const NOTE: &[Column] = &[
    column("subject", "Subject", Name, 220.0),
    STATUS,
    column("user", "From", Text, 120.0),
    column("note_links", "About", Text, 130.0),
    column("content", "Text", Text, 0.0),
    column("created_at", "Written", Text, 130.0),
];

const PLAYLIST: &[Column] = &[
    column("code", "Playlist", Name, 240.0),
    column("sg_date_and_time", "When", Text, 150.0),
    column("description", "Description", Text, 0.0),
];

const PERSON: &[Column] = &[
    THUMBNAIL,
    column("name", "Name", Name, 180.0),
    column("login", "Login", Text, 140.0),
    column("department", "Department", Text, 140.0),
    column("email", "Email", Text, 0.0),
];

/// What an entity type is called, in the protocol and by people.
struct Words {
    entity_type: &'static str,
    title: &'static str,
    singular: &'static str,
    plural: &'static str,
    name_field: &'static str,
}

impl Kind {
    /// All of them, in the order of the side bar.
    pub const ALL: [Self; 7] = [
        Self::Shot,
        Self::Asset,
        Self::Task,
        Self::Version,
        Self::Note,
        Self::Playlist,
        Self::Person,
    ];

    /// The type's name in the protocol.
    pub fn entity_type(self) -> &'static str {
        self.words().entity_type
    }

    /// What people call many of them.
    pub fn title(self) -> &'static str {
        self.words().title
    }

    /// What people call one of them, in a sentence.
    pub fn singular(self) -> &'static str {
        self.words().singular
    }

    /// What people call many of them, in a sentence.
    pub fn plural(self) -> &'static str {
        self.words().plural
    }

    /// The field that says what a row is called.
    pub fn name_field(self) -> &'static str {
        self.words().name_field
    }

    fn words(self) -> Words {
        let [entity_type, title, singular, plural, name_field] = match self {
            Self::Shot => ["Shot", "Shots", "shot", "shots", "code"],
            Self::Asset => ["Asset", "Assets", "asset", "assets", "code"],
            Self::Task => ["Task", "Tasks", "task", "tasks", "content"],
            Self::Version => ["Version", "Versions", "version", "versions", "code"],
            Self::Note => ["Note", "Notes", "note", "notes", "subject"],
            Self::Playlist => ["Playlist", "Playlists", "playlist", "playlists", "code"],
            Self::Person => ["HumanUser", "People", "person", "people", "name"],
        };
        Words {
            entity_type,
            title,
            singular,
            plural,
            name_field,
        }
    }

    /// The columns of its table.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Shot => SHOT,
            Self::Asset => ASSET,
            Self::Task => TASK,
            Self::Version => VERSION,
            Self::Note => NOTE,
            Self::Playlist => PLAYLIST,
            Self::Person => PERSON,
        }
    }

    /// The fields its table asks for.
    pub fn fields(self) -> Vec<&'static str> {
        self.columns().iter().map(|column| column.field).collect()
    }

    /// What belongs to `project`.
    pub fn filters(self, project: EntityId) -> Vec<Filter> {
        let field = if self == Self::Person {
            "projects"
        } else {
            "project"
        };
        vec![Filter::is(field, EntityRef::new("Project", project))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_names_its_rows_and_has_one_column_that_takes_what_is_left() {
        for kind in Kind::ALL {
            let names = kind
                .columns()
                .iter()
                .filter(|column| column.look == Look::Name)
                .count();
            let flexible = kind
                .columns()
                .iter()
                .filter(|column| column.width == 0.0)
                .count();
            assert_eq!((names, flexible), (1, 1), "{kind:?}");
            let name = kind
                .columns()
                .iter()
                .find(|column| column.look == Look::Name);
            assert_eq!(
                name.map(|column| column.field),
                Some(kind.name_field()),
                "{kind:?}"
            );
        }
    }
}
