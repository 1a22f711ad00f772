//! How long to wait.

use std::time::{Duration, Instant};

/// How long a client waits, and for what. A year or more is without end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection: socket, tunnel and TLS together.
    pub connect: Duration,
    /// For the address of a host.
    pub resolve: Duration,
    /// For the next byte, in either direction, and for the whole head of an answer.
    pub idle: Duration,
    /// For all of a request. A file may take as long as it likes while it keeps moving.
    pub send: Duration,
    /// For all of an answer, from the end of its head on. A file may take as long as it likes while it keeps coming.
    pub receive: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            resolve: Duration::from_secs(5),
            idle: Duration::from_mins(2),
            send: Duration::from_mins(5),
            receive: Duration::from_mins(10),
        }
    }
}

/// When a whole call has to be over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    pub(super) at: Instant,
    /// How long that was when the call began.
    pub(super) after: Duration,
}

impl Deadline {
    /// So much time from now on; none if that is beyond what a clock can tell.
    pub(super) fn after(after: Duration) -> Option<Self> {
        let at = Instant::now().checked_add(after)?;
        Some(Self { at, after })
    }

    pub(super) fn left(&self) -> Duration {
        self.at.saturating_duration_since(Instant::now())
    }
}
