//! What ends a call from another thread: the call's own [`Interrupt`], and the [`Group`]s of calls that end together.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::shotgun::call::cancel::Cancellation;
use crate::shotgun::exchange::CallId;
use crate::shotgun::transport::Wire;

/// Ends one call, whatever its threads are doing: closes the connections that carry it, wakes those that pause, and lets
/// nothing new begin.
#[derive(Debug)]
pub(in crate::shotgun) struct Interrupt {
    call: CallId,
    state: Mutex<State>,
    raised: Condvar,
}

#[derive(Debug, Default)]
struct State {
    raised: bool,
    /// How many exchanges are under way.
    exchanges: usize,
    /// The connections that have carried this call; whether they still do, they know themselves.
    wires: Vec<Arc<Wire>>,
}

impl Interrupt {
    pub(in crate::shotgun) fn new(call: CallId) -> Arc<Self> {
        Arc::new(Self {
            call,
            state: Mutex::default(),
            raised: Condvar::new(),
        })
    }

    pub(in crate::shotgun) const fn call(&self) -> CallId {
        self.call
    }

    pub(in crate::shotgun) fn is_raised(&self) -> bool {
        self.state.lock().raised
    }

    /// Ends the call, and says what that did at once.
    pub(in crate::shotgun) fn raise(&self) -> Cancellation {
        let mut state = self.state.lock();
        if std::mem::replace(&mut state.raised, true) {
            return Cancellation::default();
        }
        self.raised.notify_all();
        let cut = state.wires.iter().filter(|wire| wire.cut(self.call));
        let connections_closed = cut.count();
        Cancellation {
            calls: 1,
            connections_closed,
            still_connecting: state.exchanges.saturating_sub(connections_closed),
        }
    }

    /// Waits for `time`, or until the call is ended. Whether it was the former.
    pub(in crate::shotgun) fn pause(&self, time: Duration) -> bool {
        let mut state = self.state.lock();
        // Only `raise` wakes it before its time.
        !state.raised && self.raised.wait_for(&mut state, time).timed_out()
    }

    /// An exchange begins, and lasts as long as what this returns. None if the call is ended.
    pub(in crate::shotgun) fn begin(self: &Arc<Self>) -> Option<Underway> {
        let mut state = self.state.lock();
        if state.raised {
            return None;
        }
        state.exchanges += 1;
        Some(Underway(Arc::clone(self)))
    }

    /// From now on `wire` carries this call. `false` if the call is ended: then nothing may be sent.
    pub(in crate::shotgun) fn hold(&self, wire: &Arc<Wire>) -> bool {
        let mut state = self.state.lock();
        if state.raised {
            return false;
        }
        wire.carry(self.call);
        if !state.wires.iter().any(|known| Arc::ptr_eq(known, wire)) {
            state.wires.push(Arc::clone(wire));
        }
        true
    }
}

/// An exchange under way.
#[derive(Debug)]
pub(in crate::shotgun) struct Underway(Arc<Interrupt>);

impl Drop for Underway {
    fn drop(&mut self) {
        self.0.state.lock().exchanges -= 1;
    }
}

/// Calls that end together.
#[derive(Debug, Default)]
pub(in crate::shotgun) struct Group {
    members: Mutex<Members>,
}

#[derive(Debug, Default)]
struct Members {
    ended: bool,
    calls: HashMap<CallId, Arc<Interrupt>>,
}

impl Group {
    /// A call joins, for as long as what this returns lives. One that comes too late is ended at once.
    pub(in crate::shotgun) fn join(self: &Arc<Self>, interrupt: &Arc<Interrupt>) -> Membership {
        let mut members = self.members.lock();
        if members.ended {
            interrupt.raise();
        } else {
            let interrupt = Arc::clone(interrupt);
            members.calls.insert(interrupt.call, interrupt);
        }
        Membership {
            group: Arc::clone(self),
            call: interrupt.call,
        }
    }

    /// Ends all calls, those to come included.
    pub(in crate::shotgun) fn end(&self) -> Cancellation {
        let calls = {
            let mut members = self.members.lock();
            members.ended = true;
            std::mem::take(&mut members.calls)
        };
        calls.values().map(|call| call.raise()).sum()
    }

    pub(in crate::shotgun) fn has_ended(&self) -> bool {
        self.members.lock().ended
    }
}

/// A call's place in a group.
#[derive(Debug)]
pub(in crate::shotgun) struct Membership {
    group: Arc<Group>,
    call: CallId,
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.group.members.lock().calls.remove(&self.call);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raising_closes_what_carries_the_call_and_nothing_else() {
        let interrupt = Interrupt::new(CallId(7));
        let (mine, given_back) = (Arc::new(Wire::default()), Arc::new(Wire::default()));
        let exchanges = [interrupt.begin().unwrap(), interrupt.begin().unwrap()];
        assert!(interrupt.hold(&given_back) && interrupt.hold(&mine) && interrupt.hold(&mine));
        given_back.carry(CallId(8));
        // Neither has a socket in this test, so none could be closed.
        let expected = Cancellation {
            calls: 1,
            connections_closed: 0,
            still_connecting: 2,
        };
        assert_eq!(interrupt.raise(), expected);
        assert!(!given_back.is_cut(CallId(7)) && !given_back.is_cut(CallId(8)));
        assert_eq!(interrupt.raise(), Cancellation::default());
        assert!(!interrupt.hold(&given_back));
        drop(exchanges);
        assert!(interrupt.begin().is_none());
        assert!(!interrupt.pause(Duration::MAX));
    }

    #[test]
    fn a_group_ends_its_members_and_whoever_comes_later() {
        let group = Arc::new(Group::default());
        let [stays, leaves, late] = [1, 2, 3].map(|id| Interrupt::new(CallId(id)));
        let _stays = group.join(&stays);
        drop(group.join(&leaves));
        assert_eq!(group.end().calls, 1);
        let _late = group.join(&late);
        assert_eq!(
            [stays, leaves, late].map(|interrupt| interrupt.is_raised()),
            [true, false, true]
        );
    }
}
