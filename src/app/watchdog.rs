//! Sees when the thread that draws stands still, while it does.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use crate::calls::{Recorder, Stall};

/// A frame that takes longer is a stall.
pub const LIMIT: Duration = Duration::from_millis(250);

/// A thread that hears of the beginning and the end of each frame. It sleeps while no frame is under way, and what it sees
/// is recorded even if the frame never ends.
pub struct Watchdog(Arc<Shared>);

#[derive(Default)]
struct Shared {
    watch: Mutex<Watch>,
    changed: Condvar,
}

#[derive(Default)]
struct Watch {
    frame: Option<Frame>,
    /// The last thing the user asked for.
    action: &'static str,
    /// Whether the watchdog has nothing to wait for.
    is_asleep: bool,
    is_closed: bool,
}

#[derive(Clone, Copy)]
struct Frame {
    began: Instant,
    view: &'static str,
    is_told: bool,
}

impl Watchdog {
    /// Watches from now on, and tells `recorder`. Fails when the system gives no more threads.
    pub fn start(recorder: Arc<Recorder>) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let of_thread = Arc::clone(&shared);
        thread::Builder::new()
            .name("watchdog".to_owned())
            .spawn(move || of_thread.run(&recorder))?;
        Ok(Self(shared))
    }

    /// A frame of `view` is under way, or a part of one, for as long as the guard lives.
    pub fn frame(&self, view: &'static str) -> Watched {
        let mut watch = self.0.watch.lock();
        watch.frame = Some(Frame {
            began: Instant::now(),
            view,
            is_told: false,
        });
        // While it waits for the limit of an earlier frame, it will see this one by itself.
        if std::mem::take(&mut watch.is_asleep) {
            self.0.changed.notify_one();
        }
        Watched(Arc::clone(&self.0))
    }

    /// The user asked for something: what is said of a stall that follows.
    pub fn acts(&self, action: &'static str) {
        self.0.watch.lock().action = action;
    }
}

/// A frame under way: see [`Watchdog::frame`].
#[must_use = "a frame ends when its guard is dropped"]
pub struct Watched(Arc<Shared>);

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.watch.lock().frame = None;
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.0.watch.lock().is_closed = true;
        self.0.changed.notify_one();
    }
}

impl Shared {
    fn run(&self, recorder: &Recorder) {
        let mut watch = self.watch.lock();
        while !watch.is_closed {
            match watch.frame {
                Some(frame) if !frame.is_told => {
                    let due = frame.began + LIMIT;
                    if Instant::now() < due {
                        self.changed.wait_until(&mut watch, due);
                        continue;
                    }
                    watch.frame = Some(Frame {
                        is_told: true,
                        ..frame
                    });
                    recorder.stalled(Stall {
                        began: frame.began,
                        view: frame.view,
                        action: watch.action,
                    });
                }
                Some(_) | None => {
                    watch.is_asleep = true;
                    self.changed.wait(&mut watch);
                }
            }
        }
    }
}
