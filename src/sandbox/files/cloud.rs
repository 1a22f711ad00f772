//! The stand-in for cloud storage: a link is asked for, bytes are put there, and then they are linked to an entity.

use std::collections::{BTreeMap, HashMap, VecDeque};

use parking_lot::Mutex;

use super::super::error::Fault;
use super::super::http::{Body, Spill};
use super::attach::Purpose;
use super::form::{File, Form, base_name, content_type};
use super::storage::{PATH, secret};

/// Uploads beyond this many that nobody has linked are given up, the oldest ones first. As many that were linked are
/// remembered.
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
    /// The latest that were linked.
    linked: VecDeque<Linked>,
}

#[derive(Debug)]
struct Upload {
    name: String,
    content_type: String,
    purpose: Purpose,
    parts: BTreeMap<u32, Part>,
    /// Where the parts go.
    paths: BTreeMap<u32, String>,
    /// The tags by which the parts were put together, if they were.
    completed: Option<Vec<String>>,
    /// Somebody is about to link it.
    is_claimed: bool,
}

/// An upload that was linked.
#[derive(Debug)]
struct Linked {
    id: String,
    attachment: u32,
    /// Where to, as the form [said] it.
    place: String,
}

/// What comes of asking to link an upload.
#[derive(Debug)]
pub enum Claim {
    /// The upload's id, and the file to link. Nobody else gets it until it is [settled](Cloud::settle) whether it is linked.
    Yours(String, File, Purpose),
    /// It was linked already, by the same form, as this attachment: the answer was lost.
    Linked(u32),
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
            paths: BTreeMap::new(),
            completed: None,
            is_claimed: false,
        };
        let id = secret();
        let mut uploads = self.uploads.lock();
        uploads.open(&id, upload);
        let path = uploads.path(&id, WHOLE).ok_or_else(|| unknown(&id))?;
        Ok(format!("1\n{base_url}{path}\n{stamp}\n{kind}\n{id}\n"))
    }

    /// Answers where one part of a long file may be put. Whoever asks again is told the same.
    pub fn part(&self, base_url: &str, form: &Form) -> Result<String, Fault> {
        let id = form.require("upload_id").map_err(Fault::invalid)?;
        let number = form.require("part_number").map_err(Fault::invalid)?;
        let number = number
            .parse()
            .ok()
            .filter(|number| (1..=MOST_PARTS).contains(number));
        let number = number.ok_or_else(|| Fault::invalid("The part_number is none."))?;
        let path = self.uploads.lock().path(id, number);
        let path = path.ok_or_else(|| unknown(id))?;
        Ok(format!("1\n{base_url}{path}\n"))
    }

    /// Whether something may be put at a path.
    pub fn expects(&self, path: &str) -> bool {
        self.uploads.lock().paths.contains_key(path)
    }

    /// Takes what is put at a path, with its content type, and gives back its `ETag`. Nothing if there is no such path.
    pub fn put(&self, path: &str, sort: &str, body: Body) -> Option<String> {
        let mut uploads = self.uploads.lock();
        let (id, number) = uploads.paths.get(path)?.clone();
        let upload = uploads.by_id.get_mut(&id)?;
        let part = Part {
            etag: format!("\"{}\"", secret().to_ascii_lowercase()),
            body,
        };
        let etag = part.etag.clone();
        upload.content_type = content_type(sort);
        upload.parts.insert(number, part);
        Some(etag)
    }

    /// Puts the parts together, in the order of their `etags`. Whoever has lost the answer can ask again.
    pub fn complete(&self, form: &Form, spill: &Spill) -> Result<(), Fault> {
        let id = form.require("upload_id").map_err(Fault::invalid)?;
        let etags = form.require("etags").map_err(Fault::invalid)?;
        // Storage services take them with and without their quotes.
        let etags = etags.split(',').map(|etag| etag.trim().trim_matches('"'));
        let etags: Vec<String> = etags.map(str::to_owned).collect();
        let parts = {
            let uploads = self.uploads.lock();
            let upload = uploads.by_id.get(id).ok_or_else(|| unknown(id))?;
            if upload.completed.as_ref() == Some(&etags) {
                return Ok(());
            }
            upload.parts.clone()
        };
        let in_order = parts.keys().copied().eq(1..=parts.len() as u32);
        let known = parts.values().map(|part| part.etag.trim_matches('"'));
        if !in_order || !known.eq(etags.iter().map(String::as_str)) {
            return Err(Fault::invalid(
                "The etags are not those of the parts 1, 2, 3 and so on.",
            ));
        }
        // Copying takes its time: the others need not wait for it.
        let bodies: Vec<Body> = parts.into_values().map(|part| part.body).collect();
        let joined = spill.join(&bodies);
        let body =
            joined.map_err(|error| Fault::refused(format!("The parts do not fit: {error}")))?;
        let etag = String::new();
        let mut uploads = self.uploads.lock();
        let upload = uploads.by_id.get_mut(id).ok_or_else(|| unknown(id))?;
        upload.parts = BTreeMap::from([(WHOLE, Part { etag, body })]);
        upload.completed = Some(etags);
        Ok(())
    }

    /// The file that the answer to [`begin`](Self::begin) stands for, to be linked as `form` says. Whoever has lost the answer
    /// can ask again.
    pub fn claim(&self, form: &Form) -> Result<Claim, Fault> {
        let info = form.require("upload_link_info").map_err(Fault::invalid)?;
        let id = info.lines().nth(4).unwrap_or_default();
        let mut uploads = self.uploads.lock();
        let refused = |what: &str| Fault::refused(format!("The upload '{id}' {what}."));
        if let Some(linked) = uploads.linked.iter().find(|linked| linked.id == id) {
            return if linked.place == said(form) {
                Ok(Claim::Linked(linked.attachment))
            } else {
                Err(refused("has been linked elsewhere"))
            };
        }
        let upload = uploads.by_id.get_mut(id).ok_or_else(|| unknown(id))?;
        if upload.is_claimed {
            return Err(refused("is just being linked"));
        }
        let Some(whole) = upload.parts.get(&WHOLE) else {
            return Err(Fault::refused(format!(
                "Nothing has been put where the upload '{id}' was to go."
            )));
        };
        let file = File {
            name: upload.name.clone(),
            content_type: upload.content_type.clone(),
            body: whole.body.clone(),
        };
        upload.is_claimed = true;
        Ok(Claim::Yours(id.to_owned(), file, upload.purpose))
    }

    /// Lets go of the bytes of an upload that `form` has linked as an attachment. One that was not linked can still be.
    pub fn settle(&self, id: &str, form: &Form, linked: Option<u32>) {
        let mut uploads = self.uploads.lock();
        let Some(attachment) = linked else {
            if let Some(upload) = uploads.by_id.get_mut(id) {
                upload.is_claimed = false;
            }
            return;
        };
        uploads.close(id);
        if uploads.linked.len() == MOST_UPLOADS {
            uploads.linked.pop_front();
        }
        uploads.linked.push_back(Linked {
            id: id.to_owned(),
            attachment,
            place: said(form),
        });
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

    /// The path for one part of an upload, always the same. Nothing if there is no such upload.
    fn path(&mut self, id: &str, number: u32) -> Option<String> {
        let paths = &mut self.by_id.get_mut(id)?.paths;
        let path = paths
            .entry(number)
            .or_insert_with(|| format!("{PATH}{}", secret()));
        let part = (id.to_owned(), number);
        self.paths.insert(path.clone(), part);
        Some(path.clone())
    }

    fn close(&mut self, id: &str) {
        self.oldest_first.retain(|known| known != id);
        let upload = self.by_id.remove(id);
        for path in upload.iter().flat_map(|upload| upload.paths.values()) {
            self.paths.remove(path);
        }
    }
}

/// Where a form links an upload to: two that say the same are one that was sent again.
fn said(form: &Form) -> String {
    ["entity_type", "entity_id", "field_name", "filmstrip"]
        .map(|name| form.get(name).unwrap_or_default())
        .join("\n")
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

    #[test]
    fn what_was_put_for_an_upload_that_is_given_up_is_freed() {
        const LENGTH: u64 = 2 * 1024 * 1024;
        let (cloud, spill) = (Cloud::default(), Spill::default());
        let form = Form::urlencoded(b"upload_type=Attachment&filename=a.mov");
        let begun = cloud.begin("", "", &form).unwrap();
        let sent = tempfile::tempfile().unwrap();
        sent.set_len(LENGTH).unwrap();
        let body = spill.keep(&Body::in_file(sent, LENGTH)).unwrap();
        let path = begun.lines().nth(1).unwrap().to_owned();
        assert!(cloud.put(&path, "video/quicktime", body).is_some());
        assert_eq!(spill.len_on_disk(), LENGTH);
        for _ in 0..MOST_UPLOADS {
            cloud.begin("", "", &form).unwrap();
        }
        assert_eq!(spill.len_on_disk(), 0);
    }
}
