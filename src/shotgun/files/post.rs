//! Sending forms: as questions, which may be asked again, and as changes, which may not.
//!
//! `shotgun_api3` sends every form up to three times, also one that makes an attachment and whose answer got lost: then there
//! are two of them. We say instead that nobody knows, as for every other change.

use std::io::Read as _;

use secrecy::ExposeSecret as _;

use super::form::{Form, Who};
use super::local::LocalFile;
use super::progress::Meter;
use super::receipt;
use crate::shotgun::agent::Sent;
use crate::shotgun::auth::identity::Current;
use crate::shotgun::call::answer::retry_after;
use crate::shotgun::call::retry::{Attempts, Failed, Retries};
use crate::shotgun::call::rpc::Place;
use crate::shotgun::call::talk::{Talk, finished};
use crate::shotgun::error::Error;
use crate::shotgun::exchange::Phase;
use crate::shotgun::request::{Method, Outgoing, Patience, Payload, Reply};

const URLENCODED: &str = "application/x-www-form-urlencoded";

impl Talk<'_> {
    /// A form that leaves nothing behind: sent again if that may help. The answer begins with `1`.
    pub(super) fn ask_form(&self, path: &str, form: &Form) -> Result<String, Error> {
        let client = self.client;
        self.persist_form(client.retries, |attempt, who| {
            let body = form.urlencoded(who);
            let post = Post {
                path,
                content_type: URLENCODED,
                body: Payload::Bytes(&body),
                patience: Patience::Call(None),
                attempt,
            };
            let sent = self.post_form(post, || self.shown(form, who, None))?;
            let reply = finished(sent)?;
            receipt::read(&reply, &client.host, &client.redactor)
                .map_err(|error| Failed::told(error, retry_after(&reply)))
        })
    }

    /// A form that changes something: sent once.
    pub(in crate::shotgun) fn write_form(&self, path: &str, form: &Form) -> Result<String, Error> {
        self.persist_form(Retries::NONE, |attempt, who| {
            let body = form.urlencoded(who);
            let post = Post {
                path,
                content_type: URLENCODED,
                body: Payload::Bytes(&body),
                patience: Patience::Call(None),
                attempt,
            };
            let sent = self.post_form(post, || self.shown(form, who, None))?;
            Ok(self.outcome(sent, body.len() as u64)?)
        })
    }

    /// The same with a file, read as it goes out, as the last field.
    pub(super) fn write_file(
        &self,
        path: &str,
        form: &Form,
        file_field: &str,
        file: &LocalFile,
        meter: &mut Meter<'_>,
    ) -> Result<String, Error> {
        self.persist_form(Retries::NONE, |attempt, who| {
            let multipart = form.multipart(who, file_field, file);
            let (head, tail) = (multipart.head.as_bytes(), multipart.tail.as_bytes());
            let length = head.len() as u64 + file.length + tail.len() as u64;
            let mut body = head.chain(file.piece(0, file.length, meter)?).chain(tail);
            let post = Post {
                path,
                content_type: &multipart.content_type,
                body: Payload::Stream(&mut body, length),
                patience: Patience::File,
                attempt,
            };
            let shown = || self.shown(form, who, Some((file_field, file)));
            let sent = self.post_form(post, shown)?;
            Ok(self.outcome(sent, length)?)
        })
    }

    /// Sends a form as often as `retries` allow, and once more in a new session if the site refused the old one: then it had
    /// done nothing.
    fn persist_form(
        &self,
        retries: Retries,
        mut attempt: impl FnMut(u32, &Who) -> Result<String, Failed>,
    ) -> Result<String, Error> {
        let mut asker = self.client_itself()?;
        let mut renewed = false;
        self.persevere(Attempts::new(retries), |number| {
            let failed = match attempt(number, &self.who(&asker)) {
                Ok(text) => return Ok(text),
                Err(failed) => failed,
            };
            // Forms are answered without codes.
            let is_unknown = matches!(failed.error, Error::Unauthorized { .. });
            let cured = is_unknown && !renewed && self.renew(&asker)?;
            if cured {
                renewed = true;
                asker = self.client_itself()?;
            }
            Err(Failed { cured, ..failed })
        })
    }

    fn post_form(
        &self,
        mut post: Post<'_>,
        shown: impl FnOnce() -> (String, bool),
    ) -> Result<Sent, Error> {
        let client = self.client;
        // Forms always go to the root.
        let url = format!("{}{}", client.site.origin(), post.path);
        let mut headers = vec![("content-type", post.content_type)];
        headers.extend(
            client
                .basic
                .iter()
                .map(|basic| ("authorization", basic.expose_secret())),
        );
        let mut outgoing = Outgoing {
            method: Method::Post,
            url: &url,
            host: &client.host,
            headers,
            body: post.body.reborrow(),
            sink: None,
            limit: client.max_answer,
            patience: post.patience,
        };
        let place = Place {
            attempt: post.attempt,
            ..Place::ONLY
        };
        self.exchange(&mut outgoing, place, shown)
    }

    /// What came of a form of so many bytes that changes something.
    fn outcome(&self, sent: Sent, length: u64) -> Result<String, Error> {
        // What went out in part only, no server does.
        let is_out =
            sent.trip.sent >= length && matches!(sent.trip.phase(), Phase::Wait | Phase::Receive);
        let is_refusal = sent.reply.as_ref().is_some_and(Reply::is_refusal);
        let client = self.client;
        finished(sent)
            .and_then(|reply| receipt::read(&reply, &client.host, &client.redactor))
            .map_err(|error| {
                if is_out && !is_refusal {
                    error.after_sending(&self.method, None)
                } else {
                    error
                }
            })
    }

    fn who(&self, asker: &Current) -> Who {
        let identity = &self.client.identity;
        Who {
            fields: identity.to_form(asker),
            shown: identity.to_shown(asker),
        }
    }

    fn shown(&self, form: &Form, who: &Who, file: Option<(&str, &LocalFile)>) -> (String, bool) {
        let shown = form.shown(who, file);
        self.client.redactor.request_body(shown)
    }
}

/// A form on its way.
struct Post<'a> {
    path: &'a str,
    content_type: &'a str,
    body: Payload<'a>,
    patience: Patience,
    attempt: u32,
}
