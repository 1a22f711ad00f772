//! The ways in which a call can end badly, and their names in JSON and in the log.

use std::fmt;
use std::time::Duration;

/// Something that no Shotgun site should do, and some do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehavior {
    /// This HTTP status and a page of text; the request is not looked at.
    Status(u16),
    /// The same with a `Retry-After`, which goes out in whole seconds, rounded up.
    RetryLater {
        /// The HTTP status: 429 or 503, as a rule.
        status: u16,
        /// When to come back.
        after: Duration,
    },
    /// A redirect to another host.
    Redirect,
    /// Status 200 with a web page.
    Html,
    /// The right answer, cut off inside the JSON, with a length that fits the cut.
    InvalidJson,
    /// The right answer, but the connection closes in the middle of it.
    Truncate,
    /// The connection is reset; the request is not carried out.
    ResetBefore,
    /// The right answer, but the connection is reset in the middle of it. How much of its first half the peer gets to
    /// see is up to the peer's system: some throw away what was not read yet.
    ResetMidway,
    /// The request is carried out, but the connection is reset instead of an answer.
    Reset,
    /// The request is carried out, but no answer comes and the connection stays open.
    NeverAnswer,
    /// Whatever a connection brings is thrown away: nothing is looked at, carried out or answered. In
    /// [`FaultPlan::always`](super::FaultPlan::always) that takes new connections and those that are kept alive, from
    /// their next request on; elsewhere a call has been read by then, and just that is all that happens to it. Only the
    /// control endpoint still answers.
    BlackHole,
    /// All sessions end first, then the call is looked at: one with a session token is refused with error code 102, one
    /// with a script's key or a password is answered.
    ExpireSessions,
}

/// Those that need nothing but a name.
pub(super) const NAMED: [(&str, Misbehavior); 10] = [
    ("redirect", Misbehavior::Redirect),
    ("html", Misbehavior::Html),
    ("invalid_json", Misbehavior::InvalidJson),
    ("truncate", Misbehavior::Truncate),
    ("reset_before", Misbehavior::ResetBefore),
    ("reset_midway", Misbehavior::ResetMidway),
    ("reset", Misbehavior::Reset),
    ("never_answer", Misbehavior::NeverAnswer),
    ("black_hole", Misbehavior::BlackHole),
    ("expire_sessions", Misbehavior::ExpireSessions),
];

impl Misbehavior {
    /// The one called `name`.
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMED
            .iter()
            .find_map(|(known, misbehavior)| (*known == name).then_some(*misbehavior))
    }

    /// What it is called, unless it is a status.
    pub(super) fn name(self) -> Option<&'static str> {
        NAMED
            .iter()
            .find_map(|(name, misbehavior)| (*misbehavior == self).then_some(*name))
    }

    /// All names, for people who mistyped one.
    pub(super) fn names() -> String {
        NAMED.map(|(name, _)| name).join(", ")
    }
}

impl fmt::Display for Misbehavior {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(formatter, "status {status}"),
            Self::RetryLater { status, after } => {
                let after = whole_seconds(*after);
                write!(formatter, "status {status}, Retry-After {after}")
            }
            Self::Redirect
            | Self::Html
            | Self::InvalidJson
            | Self::Truncate
            | Self::ResetBefore
            | Self::ResetMidway
            | Self::Reset
            | Self::NeverAnswer
            | Self::BlackHole
            | Self::ExpireSessions => formatter.pad(self.name().unwrap_or_default()),
        }
    }
}

/// What a `Retry-After` says.
pub fn whole_seconds(time: Duration) -> u64 {
    time.as_secs()
        .saturating_add(u64::from(time.subsec_nanos() > 0))
}
