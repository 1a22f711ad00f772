//! One upload under way, on the route that the site wants.

use std::time::Instant;

use super::local::LocalFile;
use super::progress::Meter;
use super::receipt;
use super::upload::Upload;
use crate::shotgun::call::talk::Talk;
use crate::shotgun::entity::EntityId;
use crate::shotgun::error::Error;

/// How a file gets to the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shotgun) enum Route {
    /// In a form, through the site.
    Classic,
    /// To the storage of the site, then told to the site.
    Direct,
}

/// An upload under way.
pub(in crate::shotgun) struct Transfer<'a, 'm> {
    pub(super) talk: &'a Talk<'a>,
    pub(super) upload: &'a Upload,
    pub(super) file: &'a LocalFile,
    pub(super) meter: Meter<'m>,
}

impl<'a, 'm> Transfer<'a, 'm> {
    pub(in crate::shotgun) fn new(
        talk: &'a Talk<'a>,
        upload: &'a Upload,
        file: &'a LocalFile,
        mut meter: Meter<'m>,
    ) -> Self {
        meter.expect(Some(file.length));
        Self {
            talk,
            upload,
            file,
            meter,
        }
    }

    /// Sends it; the id is that of the attachment.
    pub(in crate::shotgun) fn run(mut self, route: Route) -> Result<EntityId, Error> {
        let text = match route {
            Route::Classic => self.classic(),
            Route::Direct => self.direct(),
        }?;
        self.meter.finish(Instant::now());
        receipt::attachment_id(&text).ok_or_else(|| {
            // It said that it was done.
            Error::decode("it names no attachment").after_sending(&self.talk.method, None)
        })
    }
}
