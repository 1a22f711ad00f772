//! Ending calls from another thread.

use std::iter::Sum;
use std::sync::Arc;

use crate::shotgun::call::interrupt::{Group, Interrupt, Membership};

/// Ends calls that another thread waits for: see [`Client::with_cancel`](crate::shotgun::Client::with_cancel). Clones are the same
/// token.
///
/// A call under way returns [`Error::Cancelled`](crate::shotgun::Error::Cancelled) at once, whatever it waits for: its connection is
/// closed, other calls are not disturbed. Only looking a name up and connecting cannot be broken off: there the call returns
/// when they are done, at the latest at their time-outs. A write that was out already ends as
/// [`Error::UnknownOutcome`](crate::shotgun::Error::UnknownOutcome), for nobody knows whether the site did it.
///
/// ```
/// use callboard::shotgun::{CancelToken, Client, Error};
///
/// let token = CancelToken::new();
/// let client = Client::builder("http://127.0.0.1:1").script("robot", "key").build()?.with_cancel(&token);
/// // Usually from another thread, while the call is under way:
/// token.cancel();
/// assert!(matches!(client.find("Shot", &[], &[]), Err(Error::Cancelled)));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<Group>);

impl CancelToken {
    /// A token that nothing hangs on yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends all calls of this token, those that begin later included, and says what that did at once. Quick, and never
    /// waits for the network.
    pub fn cancel(&self) -> Cancellation {
        self.0.end()
    }

    /// Whether [`CancelToken::cancel`] was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.has_ended()
    }

    pub(in crate::shotgun) fn join(&self, interrupt: &Arc<Interrupt>) -> Membership {
        self.0.join(interrupt)
    }
}

/// What cancelling did at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cancellation {
    /// How many calls were under way.
    pub calls: usize,
    /// How many connections were closed under them. Whoever waits there returns now.
    pub connections_closed: usize,
    /// How many exchanges have no connection yet. They return when they get one, or at the time-out for looking a name up
    /// or for connecting: see [`Timeouts`](crate::shotgun::Timeouts).
    pub still_connecting: usize,
}

impl Sum for Cancellation {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), |sum, part| Self {
            calls: sum.calls + part.calls,
            connections_closed: sum.connections_closed + part.connections_closed,
            still_connecting: sum.still_connecting + part.still_connecting,
        })
    }
}
