//! What goes up, and where to: a file, an entity, perhaps one of its fields.

use std::ffi::OsStr;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::shotgun::change::check;
use crate::shotgun::entity::{EntityId, EntityType, FieldName};
use crate::shotgun::filter::Filter;
use crate::shotgun::find::{Find, Order};

/// A file to be uploaded: see [`Client::upload`](crate::shotgun::Client::upload).
///
/// ```no_run
/// use callboard::shotgun::{Client, Upload};
///
/// let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
/// let movie = Upload::new("Version", 6001, "/renders/sh010_v002.mov")
///     .field("sg_uploaded_movie")
///     .display_name("SH010, second try");
/// let attachment = client.upload(&movie)?;
/// println!("attachment {attachment}");
/// # Ok::<(), callboard::shotgun::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing happens until it is given to `Client::upload`"]
pub struct Upload {
    pub(in crate::shotgun) entity_type: EntityType,
    pub(super) id: EntityId,
    pub(in crate::shotgun) path: PathBuf,
    pub(in crate::shotgun) field: Option<FieldName>,
    display_name: Option<String>,
    tags: Vec<String>,
    created_at: Option<Timestamp>,
}

impl Upload {
    /// The file at `path`, for this entity. Without a [field](Self::field) it is only attached to it.
    pub fn new(
        entity_type: impl Into<EntityType>,
        id: impl Into<EntityId>,
        path: impl Into<PathBuf>,
    ) -> Self {
        Self {
            entity_type: entity_type.into(),
            id: id.into(),
            path: path.into(),
            field: None,
            display_name: None,
            tags: Vec::new(),
            created_at: None,
        }
    }

    /// Puts it in this field, which holds a file. As `image` or `thumb_image` it becomes the thumbnail, as `filmstrip_image`
    /// or `filmstrip_thumb_image` the filmstrip of one; a thumbnail has neither name nor tags.
    pub fn field(mut self, field: impl Into<FieldName>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// How the site calls it, if not as the file is called.
    pub fn display_name(mut self, name: &str) -> Self {
        self.display_name = Some(name.to_owned());
        self
    }

    /// Tags of the attachment.
    pub fn tag_list(mut self, tags: &[&str]) -> Self {
        self.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        self
    }

    /// When the attachment was made, if not now. To the second.
    pub fn created_at(mut self, time: Timestamp) -> Self {
        self.created_at = Some(time);
        self
    }

    /// What to ask to find out whether it was done.
    pub(in crate::shotgun) fn check(&self) -> Find {
        // More would not help anyone who looks whether something is there.
        const ENOUGH: u32 = 10;
        let file_name = self.path.file_name().map(OsStr::to_string_lossy);
        let name = self.shown_name(&file_name.unwrap_or_default()).to_owned();
        match self.kind() {
            Kind::Attachment => Find::new("Attachment")
                .filter(Filter::is("display_name", name))
                .fields(["display_name", "created_at"])
                .order(Order::descending("id"))
                .limit(ENOUGH),
            Kind::Thumbnail => check::entity(self.entity_type.as_str(), self.id).fields(["image"]),
            Kind::Filmstrip => {
                check::entity(self.entity_type.as_str(), self.id).fields(["filmstrip_image"])
            }
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match self.field.as_ref().map(FieldName::as_str) {
            Some("thumb_image" | "image") => Kind::Thumbnail,
            Some("filmstrip_thumb_image" | "filmstrip_image") => Kind::Filmstrip,
            Some(_) | None => Kind::Attachment,
        }
    }

    /// The name that the attachment gets.
    pub(super) fn shown_name<'a>(&'a self, file_name: &'a str) -> &'a str {
        self.display_name.as_deref().unwrap_or(file_name)
    }

    /// As the site takes them: in one piece, or not at all.
    pub(super) fn joined_tags(&self) -> Option<String> {
        (!self.tags.is_empty()).then(|| self.tags.join(","))
    }

    /// The time it was made, with `between` day and time.
    pub(super) fn made(&self, between: char) -> Option<String> {
        let time = self.created_at?;
        Some(
            time.strftime(&format!("%Y-%m-%d{between}%H:%M:%S+00:00"))
                .to_string(),
        )
    }
}

/// What a file becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Attachment,
    Thumbnail,
    Filmstrip,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_is_known_by_its_field() {
        for (field, expected) in [
            ("image", Kind::Thumbnail),
            ("filmstrip_image", Kind::Filmstrip),
            ("sg_image", Kind::Attachment),
        ] {
            assert_eq!(Upload::new("Shot", 1, "a").field(field).kind(), expected);
        }
        assert_eq!(Upload::new("Shot", 1, "a").kind(), Kind::Attachment);
    }

    #[test]
    fn whether_it_was_done_is_asked_by_its_name_or_seen_at_its_entity() {
        let upload = || Upload::new("Shot", 7, "/renders/a.mov");
        for (upload, expected) in [
            (upload(), "Attachment where display_name is a.mov"),
            (
                upload().display_name("Try"),
                "Attachment where display_name is Try",
            ),
            (upload().field("image"), "Shot where id is 7"),
            (upload().field("filmstrip_image"), "Shot where id is 7"),
        ] {
            assert_eq!(upload.check().to_string(), expected);
        }
    }

    #[test]
    fn a_time_is_written_in_full_so_that_no_zone_is_guessed() {
        let upload = Upload::new("Shot", 1, "a");
        assert_eq!(upload.made('T'), None);
        let upload = upload.created_at("2026-01-02T03:04:05.678Z".parse().unwrap());
        assert_eq!(upload.made('T').unwrap(), "2026-01-02T03:04:05+00:00");
        assert_eq!(upload.made(' ').unwrap(), "2026-01-02 03:04:05+00:00");
    }
}
