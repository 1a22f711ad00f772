//! What can go wrong, sorted by what one can do about it.
//!
//! Every error says what happened in one sentence ([`Error::headline`]) and what to do in another ([`Error::advice`]). No
//! text in here ever holds a secret.

pub(super) mod tls_trouble;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::shotgun::error::tls_trouble::TlsTrouble;
use crate::shotgun::find::Find;
use crate::shotgun::phases::Phase;

/// Why a call failed.
///
/// ```
/// use callboard::shotgun::{Client, Remedy};
///
/// let error = Client::builder("mysite.shotgrid.autodesk.com").build().unwrap_err();
/// assert_eq!(error.headline(), "`mysite.shotgrid.autodesk.com` is not the address of a site: it does not begin with https:// or http://");
/// assert_eq!(error.remedy(), Remedy::CheckAddress);
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The site does not accept the credentials, or there are none.
    #[error("The site does not let us in: {message}")]
    Unauthorized {
        /// What the site says.
        message: Arc<str>,
        /// Its error code: 102 wrong credentials, 106 one-time code missing, 108 and 110 single sign-on.
        code: Option<i64>,
    },
    /// The credentials are fine, but not for this (HTTP 403).
    #[error("Access is denied: {message}")]
    Forbidden {
        /// What the server says.
        message: Arc<str>,
    },
    /// There is no such thing (HTTP 400 and 404 of a download).
    #[error("{what} is not there")]
    NotFound {
        /// What was asked for.
        what: Arc<str>,
    },
    /// The site is still working on it: a thumbnail that is being made, a file that is being looked at for malware.
    #[error("{what} is not ready yet")]
    NotReady {
        /// What was asked for.
        what: Arc<str>,
    },
    /// The site understood the request and refuses it.
    #[error("The site refused the request: {message}")]
    Rejected {
        /// What the site says.
        message: Arc<str>,
        /// Its error code, if it gave one: 103 malformed, 104 refused by the data layer, 107 bad navigation path.
        code: Option<i64>,
    },
    /// Too many requests (HTTP 429).
    #[error("The site asks us to slow down")]
    RateLimited {
        /// How long to wait, if the site said so.
        retry_after: Option<Duration>,
    },
    /// The server has trouble of its own (HTTP 500 to 599).
    #[error("The server has trouble of its own: HTTP {status}{}", status_words(*status))]
    Server {
        /// The HTTP status.
        status: u16,
    },
    /// Too long without progress.
    #[error("{} took longer than {}", capitalized(*phase), seconds(*after))]
    Timeout {
        /// What went on.
        phase: Phase,
        /// The limit.
        after: Duration,
    },
    /// The whole call took longer than it may, retries included.
    #[error("The call took longer than {}", seconds(*after))]
    Deadline {
        /// The limit.
        after: Duration,
    },
    /// A file on this machine cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: Arc<str>,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// No connection, or it broke before an answer came.
    #[error("{host} cannot be reached: {source}")]
    Unreachable {
        /// Host and port.
        host: Arc<str>,
        /// What the operating system says.
        source: Arc<io::Error>,
    },
    /// There is no host of that name.
    #[error("No host called {host} can be found")]
    Unresolved {
        /// The name.
        host: Arc<str>,
    },
    /// No secure connection came about.
    #[error("No secure connection to {host}: {reason}")]
    Tls {
        /// Host and port.
        host: Arc<str>,
        /// The kind of what is wrong.
        trouble: TlsTrouble,
        /// What is wrong.
        reason: Arc<str>,
    },
    /// The proxy does not let us through.
    #[error("The proxy does not let us through: {reason}")]
    Proxy {
        /// What is wrong.
        reason: Arc<str>,
    },
    /// Something answers, but it is not a Shotgun site.
    #[error("{host} is not a Shotgun site: {what}")]
    NotShotgun {
        /// Host and port.
        host: Arc<str>,
        /// What it is instead, as far as we can tell.
        what: Arc<str>,
    },
    /// The answer ended in the middle.
    #[error("The answer was cut off after {received} bytes")]
    Truncated {
        /// How much came.
        received: u64,
    },
    /// The answer has come in full and is not what it should be.
    #[error("The answer makes no sense: {what}")]
    Decode {
        /// Where and why.
        what: Arc<str>,
    },
    /// More bytes than we are willing to take.
    #[error("The answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// The address cannot be used.
    #[error("`{url}` is not the address of a site: {reason}")]
    BadUrl {
        /// The address, without a password.
        url: Arc<str>,
        /// What is wrong with it.
        reason: Arc<str>,
    },
    /// The filter cannot be used.
    #[error("The filter cannot be used: {reason}")]
    BadFilter {
        /// What is wrong with it, and what would be right.
        reason: Arc<str>,
    },
    /// The client was set up wrongly.
    #[error("The client cannot be set up: {reason}")]
    BadSetup {
        /// What is wrong.
        reason: Arc<str>,
    },
    /// A write was sent, and no answer says whether it was done: look before you repeat it.
    #[error("Whether `{method}` was done is unknown: {source}")]
    UnknownOutcome {
        /// The method.
        method: Arc<str>,
        /// What to ask to find out, if asking can tell: see [`Error::check`].
        check: Option<Arc<Find>>,
        /// What failed.
        source: Arc<Self>,
    },
    /// We were asked to stop.
    #[error("The call was cancelled")]
    Cancelled,
}

/// The kind of thing that helps. Panels choose their button by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remedy {
    /// The same call may well work in a moment.
    TryAgain,
    /// The address of the site is wrong.
    CheckAddress,
    /// The network, the proxy or the server is at fault.
    CheckNetwork,
    /// Other credentials are needed.
    LogIn,
    /// The question was wrong: a name, an operator, a value.
    CheckQuery,
    /// A file on this machine is missing, or may not be read or written.
    CheckFile,
    /// Look at the site before repeating the write.
    LookFirst,
    /// Someone who runs the site has to act.
    AskAdmin,
    /// Nothing is wrong.
    Nothing,
}

impl Error {
    /// What happened, in one sentence without a full stop.
    pub fn headline(&self) -> String {
        self.to_string()
    }

    /// What to ask to find out whether a write with an unknown outcome was done: [`Client::find_all`](crate::shotgun::Client::find_all)
    /// takes it. What was created is among the rows, newest first, if it is there; what was changed has the new values; what was
    /// deleted is gone.
    pub fn check(&self) -> Option<&Find> {
        let Self::UnknownOutcome { check, .. } = self else {
            return None;
        };
        check.as_deref()
    }

    /// What kind of thing helps.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Unauthorized { .. } => Remedy::LogIn,
            Self::Forbidden { .. } | Self::Decode { .. } => Remedy::AskAdmin,
            Self::NotFound { .. }
            | Self::Rejected { .. }
            | Self::BadFilter { .. }
            | Self::TooLarge { .. } => Remedy::CheckQuery,
            Self::Timeout {
                phase: Phase::Dns | Phase::Connect | Phase::Tls,
                ..
            }
            | Self::Unreachable { .. }
            | Self::Tls { .. }
            | Self::Proxy { .. } => Remedy::CheckNetwork,
            Self::RateLimited { .. }
            | Self::Server { .. }
            | Self::Truncated { .. }
            | Self::NotReady { .. }
            | Self::Timeout { .. }
            | Self::Deadline { .. } => Remedy::TryAgain,
            Self::File { .. } => Remedy::CheckFile,
            Self::Unresolved { .. }
            | Self::NotShotgun { .. }
            | Self::BadUrl { .. }
            | Self::BadSetup { .. } => Remedy::CheckAddress,
            Self::UnknownOutcome { .. } => Remedy::LookFirst,
            Self::Cancelled => Remedy::Nothing,
        }
    }

    /// What to do, in one sentence.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Unauthorized {
                code: Some(106), ..
            } => "Log in again with a one-time code from your authenticator.",
            Self::Unauthorized {
                code: Some(108 | 110),
                ..
            } => "This site uses single sign-on: use a script key or a session token.",
            Self::Unauthorized { .. } => "Check the name and the key or password, or log in again.",
            Self::Forbidden { .. } => "Ask whoever runs the site for access.",
            Self::NotFound { .. } => {
                "It may have been deleted or not be ready yet: reload, then try again."
            }
            Self::NotReady { .. } | Self::RateLimited { .. } => "Wait a moment, then try again.",
            Self::Rejected { .. } => {
                "Check the entity type, the fields and the operators of the request."
            }
            Self::Server { .. } => {
                "Try again in a moment; if it stays, tell whoever runs the site."
            }
            Self::Timeout {
                phase: Phase::Dns, ..
            } => "Check the network and its name server, then try again.",
            Self::Timeout {
                phase: Phase::Connect | Phase::Tls,
                ..
            } => "Check the address, the network and the proxy, then try again.",
            Self::Timeout { .. } => {
                "The server is there but silent: try again, or ask for less at once."
            }
            Self::Deadline { .. } => "Try again, give the call more time, or ask for less at once.",
            Self::File { .. } => "Check the path, the permissions and the space on the disk.",
            Self::Unreachable { .. } => {
                "Check the address and the port, and that the server is running."
            }
            Self::Unresolved { .. } => "Check the spelling of the address, and the network.",
            Self::Tls { trouble, .. } => trouble.advice(),
            Self::Proxy { .. } => {
                "Check HTTPS_PROXY and NO_PROXY, the name and password in it, or the proxy itself."
            }
            Self::NotShotgun { .. } => {
                "Use the address that your browser shows on the site, up to the first single slash."
            }
            Self::Truncated { .. } => {
                "Try again; if it stays, a proxy in between may cut long answers."
            }
            Self::Decode { .. } => {
                "The server may be of an unknown version: keep the answer from the call list and report it."
            }
            Self::TooLarge { .. } => "Ask for fewer rows or fields at once.",
            Self::BadUrl { .. } => "Write it like https://mysite.shotgrid.autodesk.com",
            Self::BadFilter { .. } => {
                "Write it like `sg_status_list is ip` or `code contains 'SH 01'`."
            }
            Self::BadSetup { .. } => "Change the setting named above.",
            Self::UnknownOutcome { .. } => {
                "Look on the site, or ask with `find`, whether it was done before you repeat it."
            }
            Self::Cancelled => "Nothing needs to be done.",
        }
    }

    /// Whether the same call may succeed if it is simply made again. Never true of a write whose outcome is unknown.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "what is not known to pass by itself does not"
    )]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::RateLimited { .. }
            | Self::NotReady { .. }
            | Self::Timeout { .. }
            | Self::Unreachable { .. }
            | Self::Truncated { .. } => true,
            Self::Server { status } => matches!(status, 500 | 502 | 503 | 504),
            Self::Tls { trouble, .. } => trouble.is_passing(),
            _ => false,
        }
    }

    pub(super) fn decode(what: impl Into<Arc<str>>) -> Self {
        Self::Decode { what: what.into() }
    }

    pub(super) fn bad_filter(reason: impl Into<Arc<str>>) -> Self {
        Self::BadFilter {
            reason: reason.into(),
        }
    }

    /// The same, with what to ask to find out whether it was done, if that is unknown.
    pub(super) fn with_check(self, find: impl FnOnce() -> Option<Find>) -> Self {
        let Self::UnknownOutcome {
            method,
            check: None,
            source,
        } = self
        else {
            return self;
        };
        Self::UnknownOutcome {
            method,
            check: find().map(Arc::new),
            source,
        }
    }

    /// What a failure means for a method that changes things, once the request is out: only a refusal in the site's own words
    /// says that nothing was done.
    pub(super) fn after_sending(self, method: &Arc<str>, check: Option<&Arc<Find>>) -> Self {
        if matches!(self, Self::Unauthorized { .. } | Self::Rejected { .. }) {
            return self;
        }
        Self::UnknownOutcome {
            method: Arc::clone(method),
            check: check.cloned(),
            source: Arc::new(self),
        }
    }
}

fn status_words(status: u16) -> &'static str {
    match status {
        500 => " (internal error)",
        502 => " (bad gateway)",
        503 => " (down for maintenance, or too busy)",
        504 => " (gateway time-out)",
        _ => "",
    }
}

fn capitalized(phase: Phase) -> &'static str {
    match phase {
        Phase::Dns => "Looking up the host",
        Phase::Connect => "Connecting",
        Phase::Tls => "The secure handshake",
        Phase::Send => "Sending the request",
        Phase::Wait => "The answer",
        Phase::Receive => "Receiving the answer",
    }
}

fn seconds(time: Duration) -> String {
    if time.subsec_millis() == 0 {
        format!("{} s", time.as_secs())
    } else {
        format!("{} ms", time.as_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_small_enough_to_return() {
        assert!(size_of::<Error>() <= 48, "{}", size_of::<Error>());
    }

    #[test]
    fn a_write_that_got_no_answer_has_an_unknown_outcome() {
        let method: Arc<str> = "create".into();
        let lost = Error::Truncated { received: 3 }.after_sending(&method, None);
        assert_eq!(
            lost.headline(),
            "Whether `create` was done is unknown: The answer was cut off after 3 bytes"
        );
        assert!(!lost.is_retryable());
        let refused = Error::Rejected {
            message: "no".into(),
            code: Some(103),
        }
        .after_sending(&method, None);
        assert!(matches!(refused, Error::Rejected { .. }));
    }
}
