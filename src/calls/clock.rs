//! The one monotonic clock, and how it reads on the wall.

use std::time::{Duration, Instant};

use jiff::ZonedDateTime;
use jiff::civil::Time;

/// Ties the monotonic clock to the time of day, once, when recording begins.
#[derive(Clone, Debug)]
pub struct Clock {
    epoch: Instant,
    wall: ZonedDateTime,
}

impl Clock {
    /// A clock that begins now.
    pub fn start() -> Self {
        Self::new(Instant::now(), ZonedDateTime::now())
    }

    /// A clock that reads `wall` at `epoch`.
    pub fn new(epoch: Instant, wall: ZonedDateTime) -> Self {
        Self { epoch, wall }
    }

    /// When recording began.
    pub fn epoch(&self) -> Instant {
        self.epoch
    }

    /// From the beginning of the recording to `at`. Zero for what lies before.
    pub fn since_epoch(&self, at: Instant) -> Duration {
        at.saturating_duration_since(self.epoch)
    }

    /// The local time of day at `at`, like `10:42:01.611`.
    pub fn time_of_day(&self, at: Instant) -> String {
        // Adding to a date fails only thousands of years from now.
        let wall = self
            .wall
            .checked_add(self.since_epoch(at))
            .unwrap_or_else(|_| self.wall.clone());
        wall.strftime("%H:%M:%S%.3f").to_string()
    }

    /// The local time of day when recording began, as time since midnight.
    pub fn since_midnight(&self) -> Duration {
        let since = self.wall.time().duration_since(Time::midnight());
        since.try_into().unwrap_or_default()
    }

    /// Like [`Self::since_epoch`], in seconds: where `at` lies on a time axis.
    pub fn secs(&self, at: Instant) -> f64 {
        self.since_epoch(at).as_secs_f64()
    }

    /// The moment `secs` seconds after recording began.
    pub fn at(&self, secs: f64) -> Instant {
        let since = Duration::try_from_secs_f64(secs.max(0.0)).unwrap_or_default();
        self.epoch.checked_add(since).unwrap_or(self.epoch)
    }
}
