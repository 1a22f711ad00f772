//! Somebody who types while the calls run.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// The pace of the inputs.
const PAUSE: Duration = Duration::from_millis(100);

/// A thread that stamps an input every 100 ms and wakes the window to handle it. Stops when dropped.
pub(super) struct Typist {
    due: Arc<Mutex<Vec<Instant>>>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Typist {
    pub(super) fn start(wake: impl Fn() + Send + 'static) -> io::Result<Self> {
        let due: Arc<Mutex<Vec<Instant>>> = Arc::default();
        let stop: Arc<AtomicBool> = Arc::default();
        let (inputs, stopped) = (Arc::clone(&due), Arc::clone(&stop));
        let thread = std::thread::Builder::new()
            .name("typist".to_owned())
            .spawn(move || {
                let mut next = Instant::now() + PAUSE;
                while !stopped.load(Ordering::Acquire) {
                    let now = Instant::now();
                    if now < next {
                        std::thread::park_timeout(next - now);
                        continue;
                    }
                    inputs.lock().push(next);
                    wake();
                    next += PAUSE;
                }
            })?;
        Ok(Self { due, stop, thread })
    }

    /// The inputs that fell due since the last call.
    pub(super) fn take(&self) -> Vec<Instant> {
        std::mem::take(&mut *self.due.lock())
    }
}

impl Drop for Typist {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        self.thread.thread().unpark();
    }
}
