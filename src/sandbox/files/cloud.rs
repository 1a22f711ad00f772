//! The stand-in for cloud storage: a link is asked for, bytes are put there, and then they are linked to an entity.

use std::collections::{BTreeMap, HashMap, VecDeque};

use parking_lot::Mutex;

use super::super::error::Fault;
use super::super::http::{Body, Request};
use super::attach::Purpose;
use super::form::{File, Form, base_name, content_type};
use super::storage::{PATH, secret};

/// Uploads beyond this many that nobody has linked are given up, the oldest ones first.
const MOST_UPLOADS: usize = 100;
/// No storage takes more parts than this.
const MOST_PARTS: u32 = 10_000;
/// What goes to a link that is no part of anything.
const WHOLE: u32 = 0;

/// The uploads under way.
#[derive(Debug, Default)]
pub struct Cloud {
    uploads: Mutex<Uploads>,
}

#[derive(Debug, Default)]
struct Uploads {
    by_id: HashMap<String, Upload>,
    oldest_first: VecDeque<String>,
    /// Which part of which upload a path takes.
    paths: HashMap<String, (String, u32)>,
}

#[derive(Debug)]
struct Upload {
    name: String,
    content_type: String,
    purpose: Purpose,
    parts: BTreeMap<u32, Part>,
}

#[derive(Clone, Debug)]
struct Part {
    etag: String,
    body: Body,
}

impl Cloud {
    /// Answers the first question: where the file may be put, and what the upload is called from now on.
    pub fn begin(&self, base_url: &str, stamp: &str, form: &Form) -> Result<String, Fault> {
        let kind = form.require("upload_type").map_err(Fault::invalid)?;
        let purpose = match kind {
            "Attachment" => Purpose::Attachment,
            "Thumbnail" => Purpose::Thumbnail,
            other => {
                return Err(Fault::invalid(format!(
                    "There is no upload type '{other}'."
                )));
            }
        };
        let upload = Upload {
            name: base_name(form.require("filename").map_err(Fault::invalid)?),
            content_type: String::new(),
            purpose,
            parts: BTreeMap::new(),
        };
        let id = secret();
        let mut uploads = self.uploads.lock();
        uploads.open(&id, upload);
        let path = uploads.path(&id, WHOLE);
        Ok(format!("1\n{base_url}{path}\n{stamp}\n{kind}\n{id}\n"))
    }

    /// Answers where one part of a long file may be put.
    pub fn part(&self, base_url: &str, form: &Form) -> Result<String, Fault> {
        let id = form.require("upload_id").map_err(Fault::invalid)?;
        let number = form.require("part_number").map_err(Fault::invalid)?;
        let number = number
            .parse()
            .ok()
            .filter(|number| (1..=MOST_PARTS).contains(number));
        let number = number.ok_or_else(|| Fault::invalid("The part_number is none."))?;
        let mut uploads = self.uploads.lock();
        if !uploads.by_id.contains_key(id) {
            return Err(unknown(id));
        }
        let path = uploads.path(id, number);
        Ok(format!("1\n{base_url}{path}\n"))
    }

    /// Takes what is put at a path, and gives back its `ETag`. Nothing if there is no such path.
    pub fn put(&self, request: &Request) -> Option<String> {
        let mut uploads = self.uploads.lock();
        let (id, number) = uploads.paths.get(&request.path)?.clone();
        let upload = uploads.by_id.get_mut(&id)?;
        let part = Part {
            etag: format!("\"{}\"", secret().to_ascii_lowercase()),
            body: request.body.clone(),
        };
        let etag = part.etag.clone();
        upload.content_type = content_type(&request.content_type);
        upload.parts.insert(number, part);
        Some(etag)
    }

    /// Puts the parts together, in the order of their `etags`.
    pub fn complete(&self, form: &Form) -> Result<(), Fault> {
        let id = form.require("upload_id").map_err(Fault::invalid)?;
        let etags = form.require("etags").map_err(Fault::invalid)?;
        let parts = {
            let uploads = self.uploads.lock();
            uploads
                .by_id
                .get(id)
                .ok_or_else(|| unknown(id))?
                .parts
                .clone()
        };
        let in_order = parts.keys().copied().eq(1..=parts.len() as u32);
        // Storage services take them with and without their quotes.
        let known = parts.values().map(|part| part.etag.trim_matches('"'));
        if !in_order || !known.eq(etags.split(',').map(|etag| etag.trim().trim_matches('"'))) {
            return Err(Fault::invalid(
                "The etags are not those of the parts 1, 2, 3 and so on.",
            ));
        }
        // Copying takes its time: the others need not wait for it.
        let bodies: Vec<Body> = parts.into_values().map(|part| part.body).collect();
        let joined = Body::join(&bodies);
        let body =
            joined.map_err(|error| Fault::refused(format!("The parts do not fit: {error}")))?;
        let etag = String::new();
        let mut uploads = self.uploads.lock();
        let upload = uploads.by_id.get_mut(id).ok_or_else(|| unknown(id))?;
        upload.parts = BTreeMap::from([(WHOLE, Part { etag, body })]);
        Ok(())
    }

    /// The file that the answer to [`begin`](Self::begin) stands for. Each can be taken once.
    pub fn take(&self, form: &Form) -> Result<(File, Purpose), Fault> {
        let info = form.require("upload_link_info").map_err(Fault::invalid)?;
        let id = info.lines().nth(4).unwrap_or_default();
        let mut uploads = self.uploads.lock();
        let upload = uploads.by_id.get(id).ok_or_else(|| unknown(id))?;
        if !upload.parts.contains_key(&WHOLE) {
            return Err(Fault::refused(format!(
                "Nothing has been put where the upload '{id}' was to go."
            )));
        }
        let upload = uploads.close(id).ok_or_else(|| unknown(id))?;
        let whole = upload
            .parts
            .into_values()
            .next()
            .ok_or_else(|| unknown(id))?;
        let file = File {
            name: upload.name,
            content_type: upload.content_type,
            body: whole.body,
        };
        Ok((file, upload.purpose))
    }
}

impl Uploads {
    fn open(&mut self, id: &str, upload: Upload) {
        self.by_id.insert(id.to_owned(), upload);
        self.oldest_first.push_back(id.to_owned());
        if self.oldest_first.len() > MOST_UPLOADS
            && let Some(oldest) = self.oldest_first.front().cloned()
        {
            self.close(&oldest);
        }
    }

    fn path(&mut self, id: &str, number: u32) -> String {
        let path = format!("{PATH}{}", secret());
        self.paths.insert(path.clone(), (id.to_owned(), number));
        path
    }

    fn close(&mut self, id: &str) -> Option<Upload> {
        self.oldest_first.retain(|known| known != id);
        self.paths.retain(|_, (known, _)| known != id);
        self.by_id.remove(id)
    }
}

fn unknown(id: &str) -> Fault {
    Fault::refused(format!("There is no upload '{id}'."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uploads_that_nobody_links_are_given_up() {
        let cloud = Cloud::default();
        let form = Form::urlencoded(b"upload_type=Attachment&filename=a.mov");
        for _ in 0..MOST_UPLOADS + 5 {
            cloud.begin("", "", &form).unwrap();
        }
        let uploads = cloud.uploads.lock();
        let sizes = [
            uploads.by_id.len(),
            uploads.paths.len(),
            uploads.oldest_first.len(),
        ];
        assert_eq!(sizes, [MOST_UPLOADS; 3]);
    }
}
