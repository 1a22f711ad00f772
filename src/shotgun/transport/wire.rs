//! A connection, as far as closing it under a call goes.

use std::fmt;
use std::sync::{OnceLock, Weak};

use parking_lot::Mutex;
use ureq::unversioned::transport::ShutdownHandle;

use crate::shotgun::exchange::CallId;

/// Knows the socket of a connection, and which call it carries. Whoever wants to close it says under which call: by then it
/// may be back in the pool, or carry another one, and must be left alone.
#[derive(Default)]
pub(in crate::shotgun) struct Wire {
    socket: OnceLock<Weak<dyn ShutdownHandle>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    carries: Option<CallId>,
    /// The call under which it was closed.
    cut: Option<CallId>,
}

impl Wire {
    /// Takes hold of the socket, once it is open.
    pub(super) fn attach(&self, socket: Weak<dyn ShutdownHandle>) {
        // A connection has one socket.
        self.socket.set(socket).ok();
    }

    /// From now on it carries `call`.
    pub(in crate::shotgun) fn carry(&self, call: CallId) {
        self.state.lock().carries = Some(call);
    }

    /// From now on it carries nothing. Waits for a cut that is being made, so that whoever looks afterwards whether the
    /// connection is open sees it.
    pub(super) fn release(&self) {
        self.state.lock().carries = None;
    }

    /// Closes the connection if it carries `call`, and says whether it did.
    pub(in crate::shotgun) fn cut(&self, call: CallId) -> bool {
        let mut state = self.state.lock();
        if state.carries != Some(call) {
            return false;
        }
        // One that was used up and is gone cannot be closed.
        let Some(socket) = self.socket.get().and_then(Weak::upgrade) else {
            return false;
        };
        // First the word, then the deed: who finds the connection closed must find out by whom.
        state.cut = Some(call);
        socket.shutdown();
        true
    }

    /// Whether it was closed under `call`.
    pub(in crate::shotgun) fn is_cut(&self, call: CallId) -> bool {
        self.state.lock().cut == Some(call)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire")
            .field("state", &*self.state.lock())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[derive(Default)]
    struct Flag(AtomicBool);

    impl ShutdownHandle for Flag {
        fn shutdown(&self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    #[test]
    fn a_connection_is_closed_only_under_the_call_that_it_carries() {
        let (one, other) = (CallId(1), CallId(2));
        let (wire, socket) = (Wire::default(), Arc::new(Flag::default()));
        wire.attach(Arc::downgrade(&socket) as Weak<dyn ShutdownHandle>);
        assert!(!wire.cut(one));
        wire.carry(one);
        assert!(!wire.cut(other));
        wire.release();
        assert!(!wire.cut(one) && !socket.0.load(Ordering::SeqCst));
        wire.carry(other);
        assert!(wire.cut(other) && socket.0.load(Ordering::SeqCst));
        assert!(wire.is_cut(other) && !wire.is_cut(one));
    }

    #[test]
    fn one_that_is_gone_cannot_be_closed() {
        let wire = Wire::default();
        wire.attach(Arc::downgrade(&Arc::new(Flag::default())) as Weak<dyn ShutdownHandle>);
        wire.carry(CallId(1));
        assert!(!wire.cut(CallId(1)));
    }
}
