//! Sending files: attachments and thumbnails.
//!
//! `image` is not written by `create` and `update`: a picture goes up with [`Client::upload_thumbnail`].

use std::path::Path;

use crate::shotgun::client::Client;
use crate::shotgun::entity::{EntityId, EntityType};
use crate::shotgun::error::Error;
use crate::shotgun::files::{LocalFile, Meter, Progress, Route, Transfer, Upload};

impl Client {
    /// Uploads a file, and answers with the id of its attachment. The file must be there and must not be empty.
    ///
    /// It is read as it goes out, through the site or into its storage, as the site wants it: the first upload of a client asks
    /// [`Client::info`]. What only asks, and what goes into the storage, is sent again if it fails for a reason that may pass
    /// (as often as the client retries); what makes the attachment is sent once, and if its answer gets lost, the error is
    /// [`Error::UnknownOutcome`]. A client's deadline spares files; [`Client::with_cancel`] ends them.
    pub fn upload(&self, upload: &Upload) -> Result<EntityId, Error> {
        self.upload_with_progress(upload, &|_| ())
    }

    /// The same, and `tell` hears how far it has come: about every 100 ms or every megabyte, and at the end. It runs on this
    /// thread.
    pub fn upload_with_progress(
        &self,
        upload: &Upload,
        tell: &dyn Fn(Progress),
    ) -> Result<EntityId, Error> {
        let file = LocalFile::open(&upload.path)?;
        let route = self.route(upload)?;
        // Files are spared.
        let patient = self.with_deadline(None);
        let outcome = patient.call("upload", Some(&upload.entity_type), |talk| {
            Transfer::new(talk, upload, &file, Meter::new(tell)).run(route)
        });
        outcome.map_err(|error| {
            error.with_check(|| {
                // Errors are printed.
                let is_clean = |text: &str| self.inner.redactor.clean(text) == text;
                Some(upload.check()).filter(|find| is_clean(&find.to_string()))
            })
        })
    }

    /// Uploads a picture as the thumbnail of an entity. The site needs a moment to make it ready.
    pub fn upload_thumbnail(
        &self,
        entity_type: &str,
        id: impl Into<EntityId>,
        path: impl AsRef<Path>,
    ) -> Result<EntityId, Error> {
        self.upload(&Upload::new(entity_type, id, path.as_ref()).field("thumb_image"))
    }

    /// Uploads a strip of pictures, each 240 pixels wide, as the moving thumbnail of an entity.
    pub fn upload_filmstrip_thumbnail(
        &self,
        entity_type: &str,
        id: impl Into<EntityId>,
        path: impl AsRef<Path>,
    ) -> Result<EntityId, Error> {
        self.upload(&Upload::new(entity_type, id, path.as_ref()).field("filmstrip_thumb_image"))
    }

    /// Which way the site wants it.
    pub(super) fn route(&self, upload: &Upload) -> Result<Route, Error> {
        let entity_type: &EntityType = &upload.entity_type;
        let is_direct = self
            .info()?
            .is_uploaded_directly(entity_type, upload.field.as_ref());
        Ok(if is_direct {
            Route::Direct
        } else {
            Route::Classic
        })
    }
}
