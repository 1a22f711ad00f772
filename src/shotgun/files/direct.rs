//! The direct route: the site names a place in its storage, the file goes there, and then the site is told.

use super::fetch::absolute;
use super::form::{Form, file_of};
use super::link::Link;
use super::refusal;
use super::transfer::Transfer;
use super::upload::Kind;
use crate::shotgun::call::answer::retry_after;
use crate::shotgun::call::retry::{Attempts, Failed};
use crate::shotgun::call::rpc::Place;
use crate::shotgun::call::talk::finished;
use crate::shotgun::error::Error;
use crate::shotgun::request::{Method, Outgoing, Patience, Payload, Reply};
use crate::shotgun::site::Site;

/// The most that goes out in one piece.
const PART: u64 = 20_000_000;

impl Transfer<'_, '_> {
    pub(super) fn direct(&mut self) -> Result<String, Error> {
        let in_parts = self.file.length > PART;
        let text = self.ask_for_link(in_parts)?;
        let link = Link::parse(&text)?;
        if in_parts {
            self.put_parts(&link)?;
        } else {
            self.put(link.url, 0, self.file.length)?;
        }
        self.link_file(&text)
    }

    fn ask_for_link(&self, in_parts: bool) -> Result<String, Error> {
        let upload_type = match self.upload.kind() {
            Kind::Attachment => "Attachment",
            Kind::Thumbnail | Kind::Filmstrip => "Thumbnail",
        };
        let form = Form::new()
            .field("upload_type", upload_type)
            .field("filename", &self.file.name)
            .flag("multipart_upload", in_parts)
            .optional("created_at", self.upload.made('T'))
            .auth();
        self.talk
            .ask_form("/upload/api_get_upload_link_info", &form)
    }

    fn put_parts(&mut self, link: &Link<'_>) -> Result<(), Error> {
        let mut etags = Vec::new();
        let starts = (0..self.file.length).step_by(PART as usize);
        for (number, start) in (1..).zip(starts) {
            let url = self.ask_for_part(link, number)?;
            let length = PART.min(self.file.length - start);
            let reply = self.put(&url, start, length)?;
            let etag = reply.header("etag").ok_or_else(|| {
                Error::decode(format!("the storage gives no ETag for part {number}"))
            })?;
            etags.push(etag.to_owned());
        }
        let form = self.about(link).field("etags", &etags.join(",")).auth();
        // It makes no attachment yet. Should it be done already, the worst that another attempt brings is an error.
        self.talk
            .ask_form("/upload/api_complete_multipart_upload", &form)?;
        Ok(())
    }

    fn ask_for_part(&self, link: &Link<'_>, number: u64) -> Result<String, Error> {
        let form = self.about(link).field("part_number", &number).auth();
        let text = self
            .talk
            .ask_form("/upload/api_get_upload_link_for_part", &form)?;
        let url = text.lines().nth(1).map(str::to_owned);
        url.ok_or_else(|| Error::decode(format!("it says no place for part {number}")))
    }

    /// What names the upload.
    fn about(&self, link: &Link<'_>) -> Form {
        Form::new()
            .field("upload_type", link.upload_type)
            .field("filename", &self.file.name)
            .field("timestamp", link.timestamp)
            .field("upload_id", link.upload_id)
    }

    /// Puts a piece of the file where `url` says, as often as it takes: it is read anew from the disk each time.
    fn put(&mut self, url: &str, start: u64, length: u64) -> Result<Reply, Error> {
        let talk = self.talk;
        let url = absolute(url, &talk.client.site.origin())?;
        let attempts = Attempts::at_storage(talk.client.retries);
        talk.persevere(attempts, |attempt| {
            let reply = self.put_once(&url, start, length, attempt)?;
            if reply.is_good() {
                return Ok(reply);
            }
            Err(Failed::told(
                refusal::of_storage(&reply, &talk.client.redactor),
                retry_after(&reply),
            ))
        })
    }

    /// The address itself lets us in: the storage learns nothing of who we are.
    fn put_once(
        &mut self,
        url: &str,
        start: u64,
        length: u64,
        attempt: u32,
    ) -> Result<Reply, Error> {
        let host = Site::parse(url)?.0.authority();
        let mut piece = self.file.piece(start, length, &mut self.meter)?;
        let mut outgoing = Outgoing {
            method: Method::Put,
            url,
            host: &host,
            headers: vec![("content-type", self.file.media_type())],
            body: Payload::Stream(&mut piece, length),
            sink: None,
            limit: self.talk.client.max_answer,
            patience: Patience::File,
        };
        let place = Place {
            attempt,
            ..Place::ONLY
        };
        let shown = || (file_of(length), false);
        finished(self.talk.exchange(&mut outgoing, place, shown)?)
    }

    /// Tells the site what has been put into its storage. Only this makes the attachment.
    fn link_file(&self, link_info: &str) -> Result<String, Error> {
        let Self {
            talk, upload, file, ..
        } = self;
        let form = Form::new()
            .field("entity_type", &upload.entity_type)
            .field("entity_id", &upload.id)
            // There is a signed address in it.
            .hidden("upload_link_info", link_info)
            .auth();
        let form = match upload.kind() {
            Kind::Thumbnail => form,
            Kind::Filmstrip => form.flag("filmstrip", true),
            Kind::Attachment => form
                .optional("field_name", upload.field.as_ref())
                .field("display_name", upload.shown_name(&file.name))
                .optional("tag_list", upload.joined_tags())
                .optional("created_at", upload.made(' ')),
        };
        talk.write_form("/upload/api_link_file", &form)
    }
}
