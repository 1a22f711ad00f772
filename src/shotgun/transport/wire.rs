//! A connection, as far as closing it under a call goes.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, Weak};

use parking_lot::Mutex;
use ureq::unversioned::transport::ShutdownHandle;

use crate::shotgun::exchange::CallId;

/// Knows the socket of a connection, and which call it carries. Whoever wants to close it says under which call: by then it
/// may be back in the pool, or carry another one, and must be left alone.
#[derive(Default)]
pub(in crate::shotgun) struct Wire {
    socket: OnceLock<Weak<dyn ShutdownHandle>>,
    carries: Mutex<Option<CallId>>,
    cut: AtomicBool,
}

impl Wire {
    /// Takes hold of the socket, once it is open.
    pub(super) fn attach(&self, socket: Weak<dyn ShutdownHandle>) {
        // A connection has one socket.
        self.socket.set(socket).ok();
    }

    /// From now on it carries `call`.
    pub(in crate::shotgun) fn carry(&self, call: CallId) {
        *self.carries.lock() = Some(call);
    }

    /// From now on it carries nothing. Waits for a cut that is being made, so that whoever looks afterwards whether the
    /// connection is open sees it.
    pub(super) fn release(&self) {
        *self.carries.lock() = None;
    }

    /// Closes the connection if it carries `call`, and says whether it did.
    pub(in crate::shotgun) fn cut(&self, call: CallId) -> bool {
        let carries = self.carries.lock();
        if *carries != Some(call) {
            return false;
        }
        // First the word, then the deed: who finds the connection closed must find out by whom.
        self.cut.store(true, Ordering::Release);
        if let Some(socket) = self.socket.get().and_then(Weak::upgrade) {
            socket.shutdown();
        }
        true
    }

    /// Whether it was closed by [`Wire::cut`].
    pub(in crate::shotgun) fn is_cut(&self) -> bool {
        self.cut.load(Ordering::Acquire)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire")
            .field("carries", &*self.carries.lock())
            .field("cut", &self.is_cut())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_closed_only_under_the_call_that_it_carries() {
        let (one, other) = (CallId(1), CallId(2));
        let wire = Wire::default();
        assert!(!wire.cut(one));
        wire.carry(one);
        assert!(!wire.cut(other));
        wire.release();
        assert!(!wire.cut(one) && !wire.is_cut());
        wire.carry(other);
        assert!(wire.cut(other) && wire.is_cut());
    }
}
