//! The exchange under way on this thread: its marks, its connection, its bytes.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Instant;

use ureq::unversioned::transport::NextTimeout;
use ureq::{Error, Timeout};

use super::wire::Wire;
use crate::shotgun::call::interrupt::Interrupt;
use crate::shotgun::exchange::Connection;
use crate::shotgun::phases::{Marks, Phase, Phases};

thread_local! {
    /// The innermost one last: whoever hears of the progress of a file may make calls of his own in the middle of it.
    static CURRENT: RefCell<Vec<Trip>> = const { RefCell::new(Vec::new()) };
}

/// What is known of one exchange at the level of sockets.
#[derive(Clone, Debug)]
pub(in crate::shotgun) struct Trip {
    marks: Marks,
    started: Instant,
    interrupt: Arc<Interrupt>,
    /// What carries it, from the moment the socket is open.
    wire: Option<Arc<Wire>>,
    /// How many connector chains are running: a tunnel through a proxy runs one within another.
    depth: u32,
    /// While it is connecting: when that has to be over, and what it is if it is not.
    opening: Option<(Instant, Timeout)>,
    /// The connection, once it has carried something.
    pub(in crate::shotgun) connection: Option<Connection>,
    /// Bytes written to the socket.
    pub(in crate::shotgun) sent: u64,
    /// Bytes read from the socket.
    pub(in crate::shotgun) received: u64,
    /// Whether reading from the connection failed.
    pub(in crate::shotgun) broke: bool,
    /// How many bytes of an answer count for something.
    limit: u64,
}

impl Trip {
    /// When it began.
    pub(in crate::shotgun) const fn started(&self) -> Instant {
        self.started
    }

    /// What it was doing last.
    pub(in crate::shotgun) const fn phase(&self) -> Phase {
        self.marks.now_doing()
    }

    /// Whether its connection was closed under it.
    pub(in crate::shotgun) fn is_cut(&self) -> bool {
        let call = self.interrupt.call();
        self.wire.as_ref().is_some_and(|wire| wire.is_cut(call))
    }

    /// Stops the clock now.
    pub(in crate::shotgun) fn finish(&self) -> (Phases, std::time::Duration) {
        self.marks.clone().finish(Instant::now())
    }

    pub(super) fn doing(&mut self, phase: Phase) {
        self.marks.doing(phase);
    }

    pub(super) fn mark(&mut self, phase: Phase) {
        self.marks.mark(phase, Instant::now());
    }

    pub(super) const fn has(&self, phase: Phase) -> bool {
        self.marks.has(phase)
    }

    /// A connector chain begins, and may take so long. Whatever a chain within a chain does is connecting.
    pub(super) fn enter(&mut self, timeout: NextTimeout) {
        if self.depth == 0 {
            let end = Instant::now().checked_add(*timeout.after);
            self.opening = end.map(|end| (end, timeout.reason));
        }
        self.depth += 1;
        self.doing(Phase::Connect);
    }

    /// How long the socket may take for its next piece, of which ureq says `timeout`. It says the same of each piece of a
    /// proxy's answer, so one that drips would never be given up.
    pub(super) fn patience(&self, timeout: NextTimeout) -> Result<NextTimeout, Error> {
        let Some((end, reason)) = self.opening else {
            return Ok(timeout);
        };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::Timeout(reason));
        }
        if *timeout.after <= left {
            return Ok(timeout);
        }
        Ok(NextTimeout {
            after: left.into(),
            reason,
            ..timeout
        })
    }

    /// So many bytes more have come. An answer may take more of them than count, for its head, its packing into chunks and
    /// TLS; not without end.
    pub(super) fn receive(&mut self, bytes: u64) -> Result<(), Error> {
        const AROUND: u64 = 1024 * 1024;
        self.received += bytes;
        let most = self.limit.saturating_mul(8).saturating_add(AROUND);
        if self.received > most {
            return Err(Error::BodyExceedsLimit(self.limit));
        }
        Ok(())
    }

    /// Whether the chain that runs leads to the site itself, not to its proxy.
    pub(super) const fn is_outermost(&self) -> bool {
        self.depth == 1
    }

    /// `wire` carries it from now on. `false` if the call is ended: then nothing may be sent.
    pub(super) fn hold(&mut self, wire: &Arc<Wire>) -> bool {
        self.wire = Some(Arc::clone(wire));
        self.interrupt.hold(wire)
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 0 {
            self.opening = None;
        }
    }
}

/// An exchange begins on this thread, which `interrupt` may end, and of whose answer `limit` bytes are wanted at most.
pub(in crate::shotgun) fn begin(interrupt: Arc<Interrupt>, limit: u64) {
    let now = Instant::now();
    let trip = Trip {
        marks: Marks::start(now),
        started: now,
        interrupt,
        wire: None,
        depth: 0,
        opening: None,
        connection: None,
        sent: 0,
        received: 0,
        broke: false,
        limit,
    };
    CURRENT.with_borrow_mut(|trips| trips.push(trip));
}

/// The exchange on this thread is over; None if none had begun.
pub(in crate::shotgun) fn end() -> Option<Trip> {
    CURRENT.with_borrow_mut(Vec::pop)
}

/// Tells the exchange on this thread something. Without one, nothing happens.
pub(super) fn with<T>(tell: impl FnOnce(&mut Trip) -> T) -> Option<T> {
    CURRENT.with_borrow_mut(|trips| trips.last_mut().map(tell))
}
