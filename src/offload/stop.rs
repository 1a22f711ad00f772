//! How a running job is told to stop, and hears of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::Mutex;

use super::current::current_ticket;
use super::workers::contain;

/// What telling a job to stop did at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// What it waited for was broken off: it returns at once.
    BrokenOff,
    /// It will see when it looks.
    Noted,
}

type Hook = Box<dyn FnOnce() -> Told + Send>;

/// Asks one job to stop.
#[derive(Default)]
pub(super) struct Stop {
    raised: AtomicBool,
    hooks: Mutex<Vec<(u64, Hook)>>,
}

impl Stop {
    /// Tells the job, the first time.
    pub(super) fn raise(&self) -> Told {
        if self.raised.swap(true, Ordering::AcqRel) {
            return Told::Noted;
        }
        // Called without the lock: a hook may do anything.
        let hooks = std::mem::take(&mut *self.hooks.lock());
        let mut told = Told::Noted;
        for (_, hook) in hooks {
            contain(|| {
                if hook() == Told::BrokenOff {
                    told = Told::BrokenOff;
                }
            });
        }
        told
    }

    pub(super) fn is_raised(&self) -> bool {
        self.raised.load(Ordering::Acquire)
    }

    fn add(&self, hook_id: u64, hook: Hook) {
        let mut hooks = self.hooks.lock();
        // Looked at under the lock: whoever raises takes the hooks after it.
        if self.is_raised() {
            drop(hooks);
            contain(|| {
                hook();
            });
        } else {
            hooks.push((hook_id, hook));
        }
    }

    fn remove(&self, hook_id: u64) {
        let mut hooks = self.hooks.lock();
        if let Some(at) = hooks.iter().position(|(id, _)| *id == hook_id) {
            let hook = hooks.swap_remove(at);
            drop(hooks);
            contain(|| drop(hook));
        }
    }
}

/// Whether the job that this thread is running is no longer wanted.
///
/// A long job asks between its steps, say between two pages, and returns early. False outside a job.
pub fn stop_requested() -> bool {
    current_ticket().is_some_and(|ticket| ticket.stop().is_raised())
}

/// Has `hook` called as soon as the job that this thread is running is told to stop, for as long as the guard lives.
///
/// A job that waits for a socket has it closed. The hook is called at most once, on the thread that cancels, perhaps the one that
/// draws: it must not wait. It is called at once if the job was told already, and never outside a job.
pub fn on_stop(hook: impl FnOnce() -> Told + Send + 'static) -> OnStop {
    static NEXT_ID: AtomicU64 = AtomicU64::new(1);
    let hook_id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
    let ticket = current_ticket();
    if let Some(ticket) = &ticket {
        ticket.stop().add(hook_id, Box::new(hook));
    }
    OnStop { ticket, hook_id }
}

/// Keeps a hook in place: see [`on_stop`].
#[must_use = "a dropped guard takes its hook along"]
pub struct OnStop {
    ticket: Option<Arc<dyn super::ticket::Ticket>>,
    hook_id: u64,
}

impl Drop for OnStop {
    fn drop(&mut self) {
        if let Some(ticket) = &self.ticket {
            ticket.stop().remove(self.hook_id);
        }
    }
}
