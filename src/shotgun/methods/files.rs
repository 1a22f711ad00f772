//! Fetching files: thumbnails and attachments.

use secrecy::{ExposeSecret as _, SecretString};

use crate::shotgun::answer::said;
use crate::shotgun::client::Client;
use crate::shotgun::credentials::Credentials;
use crate::shotgun::entity::EntityId;
use crate::shotgun::error::Error;
use crate::shotgun::redact::address;
use crate::shotgun::request::{Method, Outgoing, Patience, Payload, Reply};
use crate::shotgun::rpc::Place;
use crate::shotgun::site::{Site, without_userinfo};
use crate::shotgun::talk::{Talk, finished};

/// A site sends us on to its storage once; this only stops two servers that send us in circles.
const MAX_HOPS: usize = 5;

impl Client {
    /// What is at `url`, such as the value of an `image` field: at most `max_bytes` of it.
    ///
    /// The site itself learns who asks; any other host, also one it redirects to, learns nothing.
    pub fn download(&self, url: &str, max_bytes: u64) -> Result<Vec<u8>, Error> {
        let mut url = absolute(url, &self.inner.site.origin())?;
        let on_site = Site::parse(&url)?.0.same_origin(&self.inner.site);
        // The token is a call of its own, so it comes first.
        let cookie = if on_site {
            self.session_cookie()?
        } else {
            None
        };
        self.call("download", None, |talk| {
            for _ in 0..=MAX_HOPS {
                let reply = self.fetch(talk, &url, max_bytes, cookie.as_ref())?;
                match reply.status {
                    200..=299 => return Ok(reply.body),
                    300..=399 => {
                        url = absolute(reply.header("location").unwrap_or_default(), &url)?;
                    }
                    status => {
                        if matches!(status, 401 | 403) {
                            // The session may have expired: the next download asks for a new one.
                            *self.inner.session.lock() = None;
                        }
                        return Err(self.refusal(&reply, &url));
                    }
                }
            }
            Err(Error::NotFound {
                what: format!("{} (it redirects in circles)", address(&url)).into(),
            })
        })
    }

    /// Where an attachment is fetched from, for [`Client::download`] and for browsers. Asks nobody.
    pub fn get_attachment_download_url(&self, id: impl Into<EntityId>) -> String {
        let origin = self.inner.site.origin();
        format!("{origin}/file_serve/attachment/{}", id.into())
    }

    fn fetch(
        &self,
        talk: &Talk<'_>,
        url: &str,
        max_bytes: u64,
        cookie: Option<&SecretString>,
    ) -> Result<Reply, Error> {
        let (site, _) = Site::parse(url)?;
        let trusted = site.same_origin(&self.inner.site);
        let mut headers = Vec::new();
        if let Some(cookie) = cookie.filter(|_| trusted) {
            headers.push(("cookie", cookie.expose_secret()));
        }
        if let Some(basic) = self.inner.basic.as_ref().filter(|_| trusted) {
            headers.push(("authorization", basic.expose_secret()));
        }
        let host = site.authority();
        let mut outgoing = Outgoing {
            method: Method::Get,
            url,
            host: &host,
            headers,
            body: Payload::Nothing,
            sink: None,
            limit: max_bytes,
            patience: Patience::File,
        };
        let mut sent = talk.exchange(&mut outgoing, Place::ONLY, Default::default)?;
        // A refusal counts by its status, however long its text.
        let refused = sent.reply.as_ref().is_some_and(|reply| reply.status >= 300);
        if refused && matches!(sent.failure, Some(Error::TooLarge { .. })) {
            sent.failure = None;
        }
        finished(sent)
    }

    /// The cookie that a browser would send: of the session we are in, or of one asked for and remembered.
    fn session_cookie(&self) -> Result<Option<SecretString>, Error> {
        let cookie = |token: &SecretString| {
            SecretString::from(format!("_session_id={}", token.expose_secret()))
        };
        match self.inner.identity.credentials() {
            None => return Ok(None),
            Some(Credentials::Session { token }) => return Ok(Some(cookie(&token))),
            Some(Credentials::Script { .. } | Credentials::Login { .. }) => {}
        }
        // Held while asking: of many downloads that begin at once, one asks and the others need its answer anyway.
        let mut session = self.inner.session.lock();
        if let Some(token) = &*session {
            return Ok(Some(cookie(token)));
        }
        let token = self.get_session_token()?;
        Ok(Some(cookie(session.insert(token))))
    }

    fn refusal(&self, reply: &Reply, url: &str) -> Error {
        let message = || said(reply, &self.inner.redactor);
        match reply.status {
            400 | 404 | 410 => Error::NotFound {
                what: self.inner.redactor.clean(&address(url)).into(),
            },
            401 => Error::Unauthorized {
                message: message(),
                code: None,
            },
            403 => Error::Forbidden { message: message() },
            429 => Error::RateLimited { retry_after: None },
            status @ 500..=599 => Error::Server { status },
            _ => Error::Rejected {
                message: message(),
                code: None,
            },
        }
    }
}

/// `url` as seen from `base`, which is where we are.
fn absolute(url: &str, base: &str) -> Result<String, Error> {
    let bad = || Error::BadUrl {
        url: address(url).into(),
        reason: "it leads nowhere".into(),
    };
    let url = url.split('#').next().unwrap_or_default().trim();
    if url.contains("://") {
        return Ok(without_userinfo(url));
    }
    let (base_site, _) = Site::parse(base)?;
    match url.strip_prefix("//") {
        _ if url.is_empty() => Err(bad()),
        Some(rest) => Ok(format!("{}://{rest}", base_site.scheme())),
        None if url.starts_with('/') => Ok(format!("{}{url}", base_site.origin())),
        None => Err(bad()),
    }
}
