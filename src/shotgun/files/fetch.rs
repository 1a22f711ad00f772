//! Follows an address to the file at its end: over redirects, in a session, in as many attempts as other reads get.

use std::sync::Arc;

use secrecy::ExposeSecret as _;

use super::refusal;
use super::session::{self, Session};
use crate::shotgun::call::answer::retry_after;
use crate::shotgun::call::retry::{Attempts, Failed};
use crate::shotgun::call::rpc::Place;
use crate::shotgun::call::talk::{Talk, finished};
use crate::shotgun::client::Client;
use crate::shotgun::error::Error;
use crate::shotgun::redact::address;
use crate::shotgun::request::{Method, Outgoing, Patience, Payload, Reply, Sink};
use crate::shotgun::site::{Site, without_authority_userinfo};

/// A site sends us on to its storage once; this only stops two servers that send us in circles.
const MAX_HOPS: usize = 5;

/// Where a file goes, and how much of it we take.
pub(in crate::shotgun) enum Destination<'a> {
    /// Into the value that is returned.
    Memory(u64),
    Sink(&'a mut dyn Sink),
}

impl Client {
    /// The file at `url`. The site itself learns who asks; any other server, also one that it redirects to, and itself over a
    /// less safe scheme, learns nothing.
    pub(in crate::shotgun) fn fetch(
        &self,
        url: &str,
        mut into: Destination<'_>,
    ) -> Result<Vec<u8>, Error> {
        let url = absolute(url, &self.inner.site.origin())?;
        // The token is a call of its own, so it comes first.
        let mut session = if self.is_here(&url)? {
            Session::of(self)?
        } else {
            Session::nobody()
        };
        // Files are spared.
        let patient = self.with_deadline(None);
        patient.call("download", None, |talk| {
            talk.persevere(Attempts::new(self.inner.retries), |attempt| {
                self.fetch_once(talk, &url, &mut into, &mut session, attempt)
            })
        })
    }

    fn is_here(&self, url: &str) -> Result<bool, Error> {
        Ok(Site::parse(url)?.0.same_origin(&self.inner.site))
    }

    /// One attempt, from the beginning to the end.
    fn fetch_once(
        &self,
        talk: &Talk<'_>,
        start: &str,
        into: &mut Destination<'_>,
        session: &mut Session,
        attempt: u32,
    ) -> Result<Vec<u8>, Failed> {
        let mut url = start.to_owned();
        for _ in 0..=MAX_HOPS {
            let is_here = self.is_here(&url)?;
            let reply = self.get(talk, &url, into, is_here.then_some(&*session), attempt)?;
            if reply.is_good() {
                return Ok(reply.body);
            }
            if is_here && session::is_unknown_here(&reply) {
                if session.renew(self)? {
                    return self.fetch_once(talk, start, into, session, attempt);
                }
                if reply.status < 400 {
                    let message = "it asks to log in before it hands out the file".into();
                    return Err(Error::Unauthorized {
                        message,
                        code: None,
                    }
                    .into());
                }
            }
            if reply.status >= 400 {
                return Err(Failed::told(
                    refusal::of_download(&reply, &url, &self.inner.redactor),
                    retry_after(&reply),
                ));
            }
            url = absolute(reply.header("location").unwrap_or_default(), &url)?;
        }
        let what: Arc<str> = format!("{} (it redirects in circles)", address(&url)).into();
        Err(Error::NotFound { what }.into())
    }

    /// One hop; with a `session` if it is one to the site itself.
    fn get(
        &self,
        talk: &Talk<'_>,
        url: &str,
        into: &mut Destination<'_>,
        session: Option<&Session>,
        attempt: u32,
    ) -> Result<Reply, Error> {
        let cookie = session.and_then(Session::cookie);
        let basic = self.inner.basic.as_ref().filter(|_| session.is_some());
        // Packed, nobody could say how much there is to come.
        let mut headers = vec![("accept-encoding", "identity")];
        headers.extend(cookie.iter().map(|it| ("cookie", it.expose_secret())));
        headers.extend(basic.map(|it| ("authorization", it.expose_secret())));
        let host = Site::parse(url)?.0.authority();
        let (sink, limit) = match into {
            Destination::Memory(limit) => (None, *limit),
            Destination::Sink(sink) => (Some(&mut **sink as &mut dyn Sink), u64::MAX),
        };
        let mut outgoing = Outgoing {
            method: Method::Get,
            url,
            host: &host,
            headers,
            body: Payload::Nothing,
            sink,
            limit,
            patience: Patience::File,
        };
        let place = Place {
            attempt,
            ..Place::ONLY
        };
        let mut sent = talk.exchange(&mut outgoing, place, Default::default)?;
        // A refusal counts by its status, however long its text.
        let refused = sent.reply.as_ref().is_some_and(|reply| reply.status >= 300);
        if refused && matches!(sent.failure, Some(Error::TooLarge { .. })) {
            sent.failure = None;
        }
        finished(sent)
    }
}

/// `url` as seen from `base`, which is where we are.
pub(super) fn absolute(url: &str, base: &str) -> Result<String, Error> {
    let bad = || Error::BadUrl {
        url: address(url).into(),
        reason: "it leads nowhere".into(),
    };
    let url = url.split('#').next().unwrap_or_default().trim();
    // Only before the first of these there is a scheme; an address may well stand in a query.
    let beginning = url.split(['/', '?']).next().unwrap_or_default();
    if beginning.ends_with(':') {
        return Ok(without_authority_userinfo(url));
    }
    let (base_site, _) = Site::parse(base)?;
    match url.strip_prefix("//") {
        _ if url.is_empty() => Err(bad()),
        Some(rest) => Ok(format!("{}://{rest}", base_site.scheme())),
        None if url.starts_with('/') => Ok(format!("{}{url}", base_site.origin())),
        None => Err(bad()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_site_itself_over_its_own_scheme_learns_who_asks() {
        let client = Client::builder("https://h/sub/").build().unwrap();
        for (url, expected) in [
            ("https://h/file_serve/attachment/7", true),
            ("https://H:443/x", true),
            ("http://h/x", false),
            ("https://h:8443/x", false),
            ("https://h.example.com/x", false),
            ("https://example.com/h", false),
        ] {
            assert_eq!(client.is_here(url).unwrap(), expected, "{url}");
        }
    }

    #[test]
    fn an_address_is_seen_from_where_we_are() {
        for (url, expected) in [
            ("/a#top", "https://h:1/a"),
            ("//s3/a", "https://s3/a"),
            ("http://ann:hush@s3/a", "http://s3/a"),
        ] {
            assert_eq!(absolute(url, "https://h:1/sub").unwrap(), expected);
        }
        for nowhere in ["", "#top", "a.mov"] {
            assert!(absolute(nowhere, "https://h").is_err(), "{nowhere}");
        }
    }
}
