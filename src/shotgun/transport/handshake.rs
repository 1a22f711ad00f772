//! What a handshake that failed means, in plain words.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustls::pki_types::UnixTime;
use rustls::{CertificateError, Error as Rustls};

use crate::shotgun::error::Error;
use crate::shotgun::error::tls_trouble::TlsTrouble;

/// How many names of a certificate are told.
const NAMES: usize = 3;

/// The handshake with `host` ended in an error of the socket, or in one of TLS that is wrapped in it.
pub(super) fn broken(host: Arc<str>, source: &io::Error) -> Error {
    let inner = source.get_ref().and_then(|inner| {
        let inner: &(dyn StdError + 'static) = inner;
        inner.downcast_ref::<Rustls>()
    });
    let (trouble, reason) = match (inner, source.kind()) {
        (Some(inner), _) => explain(inner),
        (
            None,
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe,
        ) => (
            TlsTrouble::BrokenOff,
            "it closed the connection during the handshake".to_owned(),
        ),
        (None, _) => (TlsTrouble::Other, source.to_string()),
    };
    tls(host, trouble, reason)
}

/// The handshake with `host` could not begin.
pub(super) fn refused(host: Arc<str>, error: &ureq::Error) -> Error {
    let (trouble, reason) = if let ureq::Error::Rustls(inner) = error {
        explain(inner)
    } else {
        (TlsTrouble::Other, error.to_string())
    };
    tls(host, trouble, reason)
}

fn tls(host: Arc<str>, trouble: TlsTrouble, reason: String) -> Error {
    Error::Tls {
        host,
        trouble,
        reason: reason.into(),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the rest is rare, and says itself what it is"
)]
fn explain(error: &Rustls) -> (TlsTrouble, String) {
    match error {
        Rustls::InvalidCertificate(error) => certificate(error),
        Rustls::NoCertificatesPresented => (
            TlsTrouble::BadCertificate,
            "it shows no certificate".to_owned(),
        ),
        Rustls::InvalidMessage(_) => (
            TlsTrouble::NotTls,
            "what answers there does not speak TLS".to_owned(),
        ),
        Rustls::PeerIncompatible(_) | Rustls::AlertReceived(_) => (
            TlsTrouble::Incompatible,
            format!("it refuses TLS 1.2 and 1.3 as we speak them ({error})"),
        ),
        // The platform's verifier has nothing else to say in general.
        Rustls::General(text) if text.contains("No CA certificates") => (
            TlsTrouble::NoAuthorities,
            "this machine has no list of those whom one may trust".to_owned(),
        ),
        _ => (TlsTrouble::Other, error.to_string()),
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the rest is rare, and says itself what it is"
)]
fn certificate(error: &CertificateError) -> (TlsTrouble, String) {
    use CertificateError as Bad;
    match error {
        Bad::Expired => (TlsTrouble::Expired, "its certificate has expired".into()),
        Bad::ExpiredContext { not_after, .. } => (
            TlsTrouble::Expired,
            format!("its certificate expired on {}", day(*not_after)),
        ),
        Bad::NotValidYet => (
            TlsTrouble::NotYetValid,
            "its certificate is not valid yet".into(),
        ),
        Bad::NotValidYetContext { time, not_before } => (
            TlsTrouble::NotYetValid,
            format!(
                "its certificate is valid from {} on, and this machine says it is {}",
                day(*not_before),
                day(*time)
            ),
        ),
        Bad::NotValidForName => (
            TlsTrouble::WrongName,
            "its certificate is for another name".into(),
        ),
        Bad::NotValidForNameContext {
            expected,
            presented,
        } => (
            TlsTrouble::WrongName,
            format!(
                "its certificate is for {}, not for {}",
                names(presented),
                expected.to_str()
            ),
        ),
        Bad::UnknownIssuer => (
            TlsTrouble::Untrusted,
            "nobody we trust has signed its certificate".into(),
        ),
        // Such as after an authority has made itself a new key.
        Bad::BadSignature => (
            TlsTrouble::Untrusted,
            "those we trust have not signed its certificate, though it says so".into(),
        ),
        // Has no type that we could name. Servers that sign for themselves often do it this way.
        Bad::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => (
            TlsTrouble::Untrusted,
            "it has signed its certificate itself".into(),
        ),
        Bad::Revoked => (
            TlsTrouble::BadCertificate,
            "its certificate has been revoked".into(),
        ),
        _ => (
            TlsTrouble::BadCertificate,
            format!("its certificate is bad ({error})"),
        ),
    }
}

/// The day in UTC, such as `2026-03-01`.
fn day(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).map_or_else(
        |_beyond| "a day beyond the year 9999".to_owned(),
        |time| TimeZone::UTC.to_datetime(time).date().to_string(),
    )
}

/// The first few names, which come as `DnsName("h")` or `IpAddress(1.2.3.4)`.
fn names(presented: &[String]) -> String {
    let bare = |name: &String| {
        let inner = name.split_once('(').map_or(&**name, |(_, inner)| inner);
        inner.trim_end_matches(')').trim_matches('"').to_owned()
    };
    let told: Vec<_> = presented.iter().take(NAMES).map(bare).collect();
    match presented.len().saturating_sub(NAMES) {
        _ if told.is_empty() => "no name at all".to_owned(),
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::pki_types::ServerName;
    use std::time::Duration;

    #[test]
    fn of_many_names_the_first_three_are_told() {
        let presented = |count: usize| {
            let names = (1..=count).map(|number| format!("DnsName(\"h{number}\")"));
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(&presented(0)), "no name at all");
        assert_eq!(names(&presented(1)), "h1");
        assert_eq!(names(&presented(3)), "h1, h2, h3");
        assert_eq!(names(&presented(9)), "h1, h2, h3 and 6 more");
        assert_eq!(names(&["IpAddress(10.0.0.7)".to_owned()]), "10.0.0.7");
    }

    #[test]
    fn dates_are_days_and_those_beyond_time_are_said_to_be() {
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        assert_eq!(day(at(1_772_323_199)), "2026-02-28");
        assert_eq!(day(at(u64::MAX)), "a day beyond the year 9999");
    }

    #[test]
    fn each_kind_of_bad_certificate_has_words_of_its_own() {
        let h = ServerName::try_from("h").unwrap();
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        for (error, trouble, expected) in [
            (
                CertificateError::NotValidYetContext {
                    time: at(0),
                    not_before: at(86_400),
                },
                TlsTrouble::NotYetValid,
                "its certificate is valid from 1970-01-02 on, and this machine says it is 1970-01-01",
            ),
            (
                CertificateError::NotValidForNameContext {
                    expected: h,
                    presented: Vec::new(),
                },
                TlsTrouble::WrongName,
                "its certificate is for no name at all, not for h",
            ),
            (
                CertificateError::Revoked,
                TlsTrouble::BadCertificate,
                "its certificate has been revoked",
            ),
            (
                CertificateError::BadEncoding,
                TlsTrouble::BadCertificate,
                "its certificate is bad (BadEncoding)",
            ),
        ] {
            assert_eq!(certificate(&error), (trouble, expected.to_owned()));
        }
    }
}
