//! One thumbnail for many entities.

use std::path::PathBuf;

use crate::shotgun::call::talk::Talk;
use crate::shotgun::client::Client;
use crate::shotgun::entity::{EntityId, EntityRef};
use crate::shotgun::error::Error;
use crate::shotgun::files::{Form, LocalFile, Meter, Transfer, Upload, attachment_id};

/// Where the thumbnail comes from that is to be shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThumbnailSource {
    /// A picture on this machine.
    Path(PathBuf),
    /// An entity that has it.
    Entity(EntityRef),
}

impl Client {
    /// Gives all these entities the same thumbnail, or filmstrip of one, and answers with the id of its attachment, if the site
    /// names one. A picture is uploaded to the first entity and shared from there. Without entities nothing happens.
    ///
    /// Right after an upload the thumbnail of the source may still be in the making: that is [`Error::NotReady`], and the same
    /// call works in a moment.
    ///
    /// ```no_run
    /// # use callboard::shotgun::{Client, EntityRef, ThumbnailSource};
    /// # let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
    /// let version = ThumbnailSource::Entity(EntityRef::new("Version", 6001));
    /// client.share_thumbnail(&[EntityRef::new("Shot", 862), EntityRef::new("Asset", 9)], version, false)?;
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn share_thumbnail(
        &self,
        entities: &[EntityRef],
        source: ThumbnailSource,
        filmstrip: bool,
    ) -> Result<Option<EntityId>, Error> {
        let Some((first, others)) = entities.split_first() else {
            return Ok(None);
        };
        match source {
            ThumbnailSource::Entity(source) => {
                self.with_deadline(None)
                    .call("share_thumbnail", None, |talk| {
                        share(talk, entities, &source, filmstrip)
                    })
            }
            ThumbnailSource::Path(path) => {
                let field = if filmstrip {
                    "filmstrip_thumb_image"
                } else {
                    "thumb_image"
                };
                let upload = Upload::new(&first.entity_type, first.id, path).field(field);
                let file = LocalFile::open(&upload.path)?;
                let route = self.route(&upload)?;
                self.with_deadline(None)
                    .call("share_thumbnail", None, |talk| {
                        let transfer = Transfer::new(talk, &upload, &file, Meter::new(&|_| ()));
                        let id = transfer.run(route)?;
                        if others.is_empty() {
                            return Ok(Some(id));
                        }
                        share(talk, others, first, filmstrip)
                    })
            }
        }
    }
}

fn share(
    talk: &Talk<'_>,
    entities: &[EntityRef],
    source: &EntityRef,
    filmstrip: bool,
) -> Result<Option<EntityId>, Error> {
    let name = |entity: &EntityRef| format!("{}_{}", entity.entity_type, entity.id);
    let names: Vec<String> = entities.iter().map(name).collect();
    let form = Form::new()
        .field("entities", &names.join(","))
        .field("source_entity", &name(source))
        // The spelling of `shotgun_api3`.
        .field("filmstrip_thumbnail", if filmstrip { "1" } else { "False" })
        .auth();
    match talk.write_form("/upload/share_thumbnail", &form) {
        Ok(text) => Ok(attachment_id(&text)),
        // `2`, and then words.
        Err(Error::Rejected { message, .. }) if message.starts_with('2') => Err(Error::NotReady {
            what: format!("The thumbnail of {source}").into(),
        }),
        Err(error) => Err(error),
    }
}
