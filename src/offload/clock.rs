//! The time, or what a test says it is.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// One monotonic clock for all marks of an executor.
pub(super) enum Clock {
    System,
    /// Stands still until it is moved.
    Manual(Mutex<Instant>),
}

impl Clock {
    pub(super) fn manual() -> Self {
        Self::Manual(Mutex::new(Instant::now()))
    }

    pub(super) fn now(&self) -> Instant {
        match self {
            Self::System => Instant::now(),
            Self::Manual(now) => *now.lock(),
        }
    }

    /// Moves a manual clock, and says what it shows now. The system's goes by itself.
    pub(super) fn advance(&self, step: Duration) -> Instant {
        match self {
            Self::System => Instant::now(),
            Self::Manual(now) => {
                let mut now = now.lock();
                *now += step;
                *now
            }
        }
    }
}
