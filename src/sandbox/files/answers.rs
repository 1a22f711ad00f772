//! Which path does what, and how it is answered: forms with text, downloads with redirects, storage with bytes.

use std::sync::Arc;

use super::super::auth::Caller;
use super::super::error::Fault;
use super::super::http::{Request, Response};
use super::super::site::Site;
use super::super::write::Writer;
use super::attach::{Purpose, Upload, not_kept};
use super::cloud::{Claim, Cloud};
use super::form::Form;
use super::options::FileOptions;
use super::pictures;
use super::share::{self, Shared};
use super::storage::{self, FileState, Storage};
use super::{DOWNLOAD, UPLOAD};

/// An answer, and why it is not the one that was hoped for.
pub type Answer = (Response, Option<String>);

/// All that a site knows of files.
#[derive(Debug)]
pub struct Files {
    /// What was uploaded.
    pub storage: Arc<Storage>,
    options: FileOptions,
    cloud: Cloud,
}

/// Whether `path` is about files.
pub fn serves(path: &str) -> bool {
    [UPLOAD, DOWNLOAD, storage::PATH]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

/// The name under which requests to `path` are counted, and misbehave.
pub fn method(path: &str) -> &str {
    match path.strip_prefix(UPLOAD) {
        Some(form) => form,
        None if path.starts_with(DOWNLOAD) => "download",
        None => "storage",
    }
}

/// What to write down of `path`: whoever knows all of a path to a file needs no password.
pub fn loggable(path: &str) -> &str {
    let is_secret = [storage::PATH, pictures::PATH]
        .iter()
        .any(|prefix| path.starts_with(prefix));
    match path.rsplit_once('/') {
        Some((folder, _secret)) if is_secret => folder,
        _open => path,
    }
}

impl Files {
    /// The files in `storage`.
    pub fn new(options: FileOptions, storage: Arc<Storage>) -> Self {
        Self {
            storage,
            options,
            cloud: Cloud::default(),
        }
    }

    /// Whether clients are to put files into storage by themselves.
    pub fn direct_uploads(&self) -> bool {
        self.options.direct_uploads
    }

    /// Whether the body of a request may be a long file: what is refused anyway is not read into one first.
    pub fn takes_file(&self, request: &Request) -> bool {
        let path = request.path.as_str();
        match (request.method.as_str(), path.strip_prefix(UPLOAD)) {
            ("POST", Some(form)) => matches!(form, "upload_file" | "publish_thumbnail"),
            ("PUT", None) => self.cloud.expects(path),
            _other => false,
        }
    }

    /// Answers a request to a path that [`serves`] is about.
    pub fn answer(&self, site: &Site, request: &Request) -> Answer {
        let path = request.path.as_str();
        let is_get = matches!(request.method.as_str(), "GET" | "HEAD");
        match (request.method.as_str(), path.strip_prefix(UPLOAD)) {
            (_, Some("get_thumbnail_url")) if is_get => thumbnail_url(site, request),
            ("POST", Some(form)) => self.form(site, form, request),
            (_, Some(_)) => (
                Response::text(405, "Only POST here\n").with_header("Allow", "POST"),
                None,
            ),
            ("PUT", None) if path.starts_with(storage::PATH) => self.put(request),
            (_, None) if !is_get => (
                Response::text(405, "Only GET here\n").with_header("Allow", "GET"),
                None,
            ),
            (_, None) => match path.strip_prefix(DOWNLOAD) {
                Some(id) => self.download(site, id, &request.cookie),
                None => self.fetch(path),
            },
        }
    }

    fn form(&self, site: &Site, name: &str, request: &Request) -> Answer {
        let form = match Form::read(request) {
            Ok(form) => form,
            // That is no question to say no to, but trouble on the way here.
            Err(why) => return (Response::text(400, &format!("0\n{why}\n")), Some(why)),
        };
        let answer = site.caller(&form.auth()).and_then(|caller| match name {
            "upload_file" => self.upload(site, caller, &form, Purpose::Attachment),
            "publish_thumbnail" => self.upload(site, caller, &form, Purpose::Thumbnail),
            "share_thumbnail" => share_thumbnail(site, caller, &form),
            cloud if cloud.starts_with("api_") && !self.options.direct_uploads => {
                Err(Fault::refused("This site takes no direct uploads."))
            }
            "api_get_upload_link_info" => self.cloud.begin(site.base_url(), &site.stamp(), &form),
            "api_get_upload_link_for_part" => self.cloud.part(site.base_url(), &form),
            "api_complete_multipart_upload" => {
                let completed = self.cloud.complete(&form, self.storage.spill());
                completed.map(|()| "1\n".to_owned())
            }
            "api_link_file" => self.link(site, caller, &form),
            other => Err(Fault::invalid(format!("There is no form '{other}'."))),
        });
        text(answer)
    }

    fn upload(
        &self,
        site: &Site,
        caller: Caller,
        form: &Form,
        purpose: Purpose,
    ) -> Result<String, Fault> {
        let file = form.file.clone();
        let file = file.ok_or_else(|| Fault::invalid("The form has no file."))?;
        self.attach(
            site,
            caller,
            Upload {
                form,
                purpose,
                file,
            },
        )
        .map(linked)
    }

    /// Links what was put into storage. If that cannot be done, it is still there for the next try.
    fn link(&self, site: &Site, caller: Caller, form: &Form) -> Result<String, Fault> {
        let (id, file, purpose) = match self.cloud.claim(form)? {
            Claim::Yours(id, file, purpose) => (id, file, purpose),
            Claim::Linked(attachment) => return Ok(linked(attachment)),
        };
        let upload = Upload {
            form,
            purpose,
            file,
        };
        let attached = self.attach(site, caller, upload);
        self.cloud
            .settle(&id, form, attached.as_ref().ok().copied());
        attached.map(linked)
    }

    fn attach(&self, site: &Site, caller: Caller, upload: Upload<'_>) -> Result<u32, Fault> {
        // The bytes come first: nobody but their sender waits for them.
        let prepared = self.storage.prepare(upload.file.clone());
        let prepared = prepared.map_err(not_kept)?;
        let auth = upload.form.auth();
        let attach = |writer: &mut Writer<'_>| upload.attach(writer, &self.storage, prepared);
        site.change(caller, &auth, attach)
    }

    fn put(&self, request: &Request) -> Answer {
        // What comes for no upload was not read into a file, and copying takes its time.
        let body = match self.storage.spill().keep(&request.body) {
            Ok(body) => body,
            Err(error) => return refused(507, &not_kept(error).message),
        };
        match self.cloud.put(&request.path, &request.content_type, body) {
            Some(etag) => (Response::text(200, "").with_header("ETag", etag), None),
            None => denied(),
        }
    }

    fn download(&self, site: &Site, id: &str, cookie: &str) -> Answer {
        if self.options.downloads_need_session && !has_session(site, cookie) {
            return refused(403, "Log in to download files.");
        }
        let id = id.parse().ok().filter(|id| site.has_attachment(*id));
        let state = id.and_then(|id| Some((id, self.storage.state(id)?)));
        match state {
            None => refused(
                400,
                "There is no attachment with this id, or it is a local file.",
            ),
            Some((_, FileState::Scanning)) => refused(
                409,
                "This file is undergoing a malware scan, please try again in a few minutes",
            ),
            Some((_, FileState::Quarantined)) => refused(
                410,
                "File scanning has detected malware and the file has been quarantined",
            ),
            Some((id, FileState::Ready | FileState::Expired)) => {
                let location = format!("{}{}", site.base_url(), self.storage.link(id));
                (
                    Response::text(302, "").with_header("Location", location),
                    None,
                )
            }
        }
    }

    fn fetch(&self, path: &str) -> Answer {
        match self.storage.fetch(path) {
            Some(file) => (Response::file(file.content_type, file.body), None),
            None => denied(),
        }
    }
}

/// What is said when a file has become an attachment.
fn linked(attachment: u32) -> String {
    format!("1:{attachment}\n")
}

fn share_thumbnail(site: &Site, caller: Caller, form: &Form) -> Result<String, Fault> {
    Ok(
        match site.change(caller, &form.auth(), |writer| share::share(writer, form))? {
            Shared::Done(Some(attachment)) => format!("1:{attachment}\n"),
            Shared::Done(None) => "1:\n".to_owned(),
            Shared::Pending => "2\nThe thumbnail is not ready yet.\n".to_owned(),
        },
    )
}

fn thumbnail_url(site: &Site, request: &Request) -> Answer {
    let form = Form::urlencoded(request.query.as_bytes());
    let path = site.with_store(|store| share::thumbnail_url(store, &form));
    text(path.map(|path| format!("1\n{path}\n")))
}

/// What forms are answered with: the first character tells how it went.
fn text(answer: Result<String, Fault>) -> Answer {
    match answer {
        Ok(text) => (Response::text(200, &text), None),
        Err(Fault { message, .. }) => (
            Response::text(200, &format!("0\n{message}\n")),
            Some(message),
        ),
    }
}

fn refused(status: u16, why: &str) -> Answer {
    (
        Response::text(status, &format!("{why}\n")),
        Some(why.to_owned()),
    )
}

/// What a storage service says about a link that leads nowhere, or no longer.
fn denied() -> Answer {
    let message = "Request has expired";
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>\n"
    );
    (Response::xml(403, xml), Some(message.to_owned()))
}

fn has_session(site: &Site, cookie: &str) -> bool {
    cookie.split(';').any(|pair| {
        pair.trim()
            .strip_prefix("_session_id=")
            .is_some_and(|token| site.knows_session(token))
    })
}
