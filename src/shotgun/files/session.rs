//! The session that files of the site itself are fetched in: downloads know no script.

use secrecy::{ExposeSecret as _, SecretString};

use crate::shotgun::auth::credentials::Credentials;
use crate::shotgun::auth::identity::Current;
use crate::shotgun::client::{Client, Inner};
use crate::shotgun::error::Error;
use crate::shotgun::redact::address;
use crate::shotgun::request::Reply;

/// The session of one download.
pub(super) struct Session {
    token: Option<SecretString>,
    /// None if it cannot be renewed, or was already.
    kind: Option<Kind>,
}

/// Where the session comes from.
enum Kind {
    /// It is what the client has for credentials.
    Own(Current),
    /// It was opened for files only.
    Opened,
}

impl Session {
    /// None: for a file that is elsewhere.
    pub(super) const fn nobody() -> Self {
        Self {
            token: None,
            kind: None,
        }
    }

    /// The session we are in, or one asked for and remembered.
    pub(super) fn of(client: &Client) -> Result<Self, Error> {
        let Some(own) = client.inner.identity.known() else {
            return Ok(Self::nobody());
        };
        let (token, kind) = match &own.credentials {
            Credentials::Session { token } => (token.clone(), Kind::Own(own)),
            Credentials::Script { .. } | Credentials::Login { .. } => {
                (remembered(client, None)?, Kind::Opened)
            }
        };
        Ok(Self {
            token: Some(token),
            kind: Some(kind),
        })
    }

    /// What a browser in this session would send.
    pub(super) fn cookie(&self) -> Option<SecretString> {
        let token = self.token.as_ref()?;
        Some(format!("_session_id={}", token.expose_secret()).into())
    }

    /// The session may have expired: another one takes its place, once. Whether there is one.
    pub(super) fn renew(&mut self, client: &Client) -> Result<bool, Error> {
        let Inner {
            identity, redactor, ..
        } = &*client.inner;
        self.token = match self.kind.take() {
            None => return Ok(false),
            Some(Kind::Opened) => Some(remembered(client, self.token.as_ref())?),
            Some(Kind::Own(own)) => {
                if !identity.renew(&own, |token| redactor.add(token), || Ok(()))? {
                    return Ok(false);
                }
                identity.session_token()
            }
        };
        Ok(true)
    }
}

/// The token that all clones of `client` share, unless it is the `expired` one: then a new one, which takes its place.
fn remembered(client: &Client, expired: Option<&SecretString>) -> Result<SecretString, Error> {
    let is_expired = |token: &SecretString| {
        expired.is_some_and(|expired| expired.expose_secret() == token.expose_secret())
    };
    // Held while asking: of many downloads that begin at once, one asks and the others need its answer anyway.
    let mut session = client.inner.session.lock();
    match &*session {
        Some(token) if !is_expired(token) => Ok(token.clone()),
        Some(_) | None => {
            // Should asking fail, nobody tries the old one again.
            *session = None;
            let token = client.get_session_token()?;
            Ok(session.insert(token).clone())
        }
    }
}

/// Whether the site says by `reply` that it does not know who asks.
pub(super) fn is_unknown_here(reply: &Reply) -> bool {
    match reply.status {
        401 | 403 => true,
        300..=399 => reply.header("location").is_some_and(leads_to_log_in),
        _ => false,
    }
}

/// Whether a page where people log in is at `url`.
fn leads_to_log_in(url: &str) -> bool {
    let path = address(url).to_ascii_lowercase();
    let path = path.split_once("://").map_or(&*path, |(_, rest)| rest);
    let path = path.split('?').next().unwrap_or_default();
    let mut steps = path.split('/').skip(1);
    // Whole steps: a file may be called `login_screen.mov`.
    steps.any(|step| matches!(step, "login" | "log_in" | "signin" | "sign_in"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_to_log_in_is_known_by_its_path() {
        for (url, expected) in [
            ("/user/login", true),
            ("https://sso.example.com/Login?back=/x", true),
            ("https://h/users/sign_in", true),
            ("https://login.example.com/a.mov", false),
            ("https://s3/site/login_screen.mov?sig=1", false),
            ("https://h/a.mov?from=/login", false),
            ("/file_serve/attachment/7", false),
            ("", false),
        ] {
            assert_eq!(leads_to_log_in(url), expected, "{url}");
        }
    }
}
