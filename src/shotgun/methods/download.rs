//! Fetching files: thumbnails into memory, attachments onto the disk.

use std::path::Path;

use crate::shotgun::client::Client;
use crate::shotgun::entity::EntityId;
use crate::shotgun::error::Error;
use crate::shotgun::files::{Attachment, Destination, Landing, Meter, Progress, Source};

impl Client {
    /// What is at `url`, such as the value of an `image` field: at most `max_bytes` of it.
    ///
    /// The site itself learns who asks; any other host, also one it redirects to, learns nothing. What fails for a reason that
    /// may pass begins anew, as often as other reads.
    pub fn download(&self, url: &str, max_bytes: u64) -> Result<Vec<u8>, Error> {
        self.fetch(url, Destination::Memory(max_bytes))
    }

    /// Puts the file of an attachment at `path`, and says how many bytes it has. Give an id, an address, or what a field for
    /// files holds.
    ///
    /// Until all has come it lies beside its place as `.NAME.….part`; should it not come to that, this is removed and what was
    /// there before is untouched. The folder must exist. A file that the site is still looking at for malware is
    /// [`Error::NotReady`], one that it found some in [`Error::Forbidden`]; a file in a local storage of the studio is an
    /// [`Error::File`] that says where.
    ///
    /// ```no_run
    /// # use callboard::shotgun::Client;
    /// # let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
    /// let versions = client.find("Version", &[], &["sg_uploaded_movie"])?;
    /// if let Some(movie) = versions.first().and_then(|version| version.get("sg_uploaded_movie")) {
    ///     client.download_attachment(movie, "/tmp/movie.mov")?;
    /// }
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn download_attachment(
        &self,
        attachment: impl Into<Attachment>,
        path: impl AsRef<Path>,
    ) -> Result<u64, Error> {
        self.download_attachment_with_progress(attachment, path, &|_| ())
    }

    /// The same, and `tell` hears how far it has come: about every 100 ms or every megabyte, and at the end. It runs on this
    /// thread.
    pub fn download_attachment_with_progress(
        &self,
        attachment: impl Into<Attachment>,
        path: impl AsRef<Path>,
        tell: &dyn Fn(Progress),
    ) -> Result<u64, Error> {
        let url = match attachment.into().source()? {
            Source::Id(id) => self.get_attachment_download_url(id),
            Source::Url(url) => url.to_string(),
        };
        let mut landing = Landing::new(path.as_ref(), Meter::new(tell))?;
        self.fetch(&url, Destination::Sink(&mut landing))?;
        landing.finish()
    }

    /// Where an attachment is fetched from, for [`Client::download`] and for browsers. Asks nobody.
    pub fn get_attachment_download_url(&self, id: impl Into<EntityId>) -> String {
        let origin = self.inner.site.origin();
        format!("{origin}/file_serve/attachment/{}", id.into())
    }
}
