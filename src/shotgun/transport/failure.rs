//! What a failure of ureq's means to the person who asked.

use std::io::{self, ErrorKind};
use std::sync::Arc;

use ureq::{Proxy, Timeout};

use super::handshake;
use crate::shotgun::error::Error;
use crate::shotgun::files::LocalFailure;
use crate::shotgun::phases::Phase;
use crate::shotgun::redact;
use crate::shotgun::timeouts::{Deadline, Timeouts};

/// The circumstances of a failure.
pub(in crate::shotgun) struct Failure<'a> {
    pub(in crate::shotgun) url: &'a str,
    /// Host and port of the site.
    pub(in crate::shotgun) host: &'a str,
    /// What went on.
    pub(in crate::shotgun) phase: Phase,
    pub(in crate::shotgun) proxy: Option<&'a Proxy>,
    pub(in crate::shotgun) timeouts: Timeouts,
    pub(in crate::shotgun) deadline: Option<Deadline>,
    /// How much of the body had come, if there was a head.
    pub(in crate::shotgun) received: Option<u64>,
}

impl Failure<'_> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the rest does not happen as we use ureq"
    )]
    /// Sorts `error` by what one can do about it.
    pub(in crate::shotgun) fn sort(&self, error: ureq::Error) -> Error {
        use ureq::Error as Ureq;
        let host = self.dialed();
        match error {
            Ureq::Timeout(reason) => self.timeout(reason),
            Ureq::Io(source) => self.io(source),
            Ureq::HostNotFound => self.unresolved(),
            Ureq::ConnectProxyFailed(reason) => proxy(refusal(&reason)),
            Ureq::InvalidProxyUrl => proxy("its address cannot be read".to_owned()),
            Ureq::Tls(_) | Ureq::Rustls(_) | Ureq::Pem(_) | Ureq::TlsRequired => {
                handshake::refused(host, &error)
            }
            Ureq::BodyExceedsLimit(limit) => Error::TooLarge { limit },
            Ureq::BodyStalled => self.truncated(),
            Ureq::Decompress(_, source) if source.kind() == ErrorKind::UnexpectedEof => {
                self.truncated()
            }
            Ureq::Decompress(..) => Error::decode("it is not packed the way it says"),
            Ureq::Protocol(_) if self.received.is_some() => Error::decode(error.to_string()),
            Ureq::Protocol(_) | Ureq::LargeResponseHeader(..)
                if self.proxy.is_some() && self.phase == Phase::Connect =>
            {
                proxy(format!(
                    "{host} does not speak HTTP as we know it ({error})"
                ))
            }
            Ureq::Protocol(_) | Ureq::LargeResponseHeader(..) => {
                let what = format!("it does not speak HTTP as we know it ({error})").into();
                Error::NotShotgun { host, what }
            }
            Ureq::BadUri(_) | Ureq::Http(_) => {
                let (url, reason) = (redact::address(self.url), error.to_string());
                Error::BadUrl {
                    url: url.into(),
                    reason: reason.into(),
                }
            }
            _ => unreachable_host(host, io::Error::other(error.to_string())),
        }
    }

    fn io(&self, source: io::Error) -> Error {
        use ErrorKind::{
            BrokenPipe, ConnectionAborted, ConnectionReset, InvalidData, UnexpectedEof,
        };
        if let Some(error) = LocalFailure::within(&source) {
            return error;
        }
        let host = self.dialed();
        match (self.phase, source.kind()) {
            (Phase::Dns, _) => self.unresolved(),
            (Phase::Tls, _) | (Phase::Connect, InvalidData) => handshake::broken(host, &source),
            (Phase::Connect, _) if self.proxy.is_some() => proxy(format!("{host}: {source}")),
            (Phase::Receive, UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe) => {
                self.truncated()
            }
            (Phase::Send | Phase::Wait, UnexpectedEof) => {
                let what = "it closed the connection without an answer";
                unreachable_host(host, io::Error::new(UnexpectedEof, what))
            }
            _ => unreachable_host(host, source),
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all other limits are ours per byte"
    )]
    fn timeout(&self, reason: Timeout) -> Error {
        let Timeouts {
            connect,
            resolve,
            idle,
            send,
            receive,
        } = self.timeouts;
        if let (Timeout::Global, Some(Deadline { after, .. })) = (reason, self.deadline) {
            return Error::Deadline { after };
        }
        let (phase, after) = match reason {
            Timeout::Resolve => (self.phase, resolve),
            Timeout::Connect => (self.phase, connect),
            Timeout::SendRequest | Timeout::SendBody => (Phase::Send, send),
            Timeout::RecvBody => (Phase::Receive, receive),
            // Pieces of a head may have come: what took too long is the answer, not its next piece.
            Timeout::RecvResponse => (Phase::Wait, idle),
            _ => (self.phase, idle),
        };
        Error::Timeout { phase, after }
    }

    fn truncated(&self) -> Error {
        Error::Truncated {
            received: self.received.unwrap_or_default(),
        }
    }

    fn unresolved(&self) -> Error {
        let host = self.dialed();
        let name = host.rsplit_once(':').map_or(&*host, |(name, _port)| name);
        Error::Unresolved { host: name.into() }
    }

    /// Whom we were talking to: until there is a tunnel, that is the proxy.
    fn dialed(&self) -> Arc<str> {
        match (self.proxy, self.phase) {
            (Some(proxy), Phase::Dns | Phase::Connect) => {
                let host = proxy.host();
                // ureq takes the brackets off an IPv6 address, or leaves them on.
                let is_bare = host.contains(':') && !host.starts_with('[');
                let host = if is_bare { &format!("[{host}]") } else { host };
                format!("{host}:{}", proxy.port()).into()
            }
            _ => self.host.into(),
        }
    }
}

/// What a proxy means that refuses a tunnel. ureq says `proxy server responded 407/407`.
fn refusal(reason: &str) -> String {
    let status = reason
        .rsplit_once(' ')
        .and_then(|(_, status)| status.split('/').next()?.parse::<u16>().ok());
    match status {
        None => reason.to_owned(),
        Some(407) => "it wants a user name and a password that are right (HTTP 407)".to_owned(),
        Some(status @ (403 | 405)) => format!("it does not allow this site (HTTP {status})"),
        Some(status @ (500..=599)) => format!("it cannot reach the site (HTTP {status})"),
        Some(status) => format!("it answers HTTP {status}"),
    }
}

pub(super) fn proxy(reason: String) -> Error {
    Error::Proxy {
        reason: reason.into(),
    }
}

fn unreachable_host(host: Arc<str>, source: io::Error) -> Error {
    Error::Unreachable {
        host,
        source: Arc::new(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(phase: Phase) -> Failure<'static> {
        Failure {
            url: "https://h/api3/json",
            host: "h",
            phase,
            proxy: None,
            timeouts: Timeouts::default(),
            deadline: None,
            received: None,
        }
    }

    #[test]
    fn a_full_disk_in_the_middle_of_an_exchange_is_no_failure_of_the_network() {
        for phase in [Phase::Send, Phase::Receive] {
            let full = io::Error::from(ErrorKind::StorageFull);
            let full = LocalFailure::new(&"/a.mov".into(), full).into_io();
            let error = failure(phase).sort(ureq::Error::Io(full));
            assert_eq!(error.headline(), "/a.mov: no storage space");
        }
    }

    #[test]
    fn only_a_handshake_that_fails_is_no_secure_connection() {
        for (phase, is_handshake) in [
            (Phase::Connect, true),
            (Phase::Tls, true),
            (Phase::Send, false),
            (Phase::Wait, false),
            (Phase::Receive, false),
        ] {
            let garbled = io::Error::new(ErrorKind::InvalidData, "corrupt message");
            let error = failure(phase).sort(ureq::Error::Io(garbled));
            assert_eq!(
                matches!(error, Error::Tls { .. }),
                is_handshake,
                "{phase}: {error:?}"
            );
        }
    }
}
