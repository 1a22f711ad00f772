//! The site's own clock: the real one, moved so that the day it was started on is the studio's today.
//!
//! Hence a filter such as `in_calendar_week` finds what the seed laid around that day, while time still passes.

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// Gives the time on the site.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    offset: SignedDuration,
}

impl Clock {
    /// A clock that shows `today` for the rest of the (UTC) day.
    pub fn starting_on(today: Date) -> Self {
        let real = Offset::UTC.to_datetime(Timestamp::now()).date();
        Self {
            offset: today.duration_since(real),
        }
    }

    /// A clock that is so many days ahead of the real one.
    pub fn ahead_by(days: i64) -> Self {
        Self {
            offset: SignedDuration::from_hours(days.saturating_mul(24)),
        }
    }

    /// How many days it is ahead of the real one.
    pub fn days_ahead(&self) -> i64 {
        self.offset.as_hours() / 24
    }

    /// This moment.
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
            .saturating_add(self.offset)
            .unwrap_or_else(|_| Timestamp::now())
    }

    /// This moment, as the wire has it.
    pub fn stamp(&self) -> String {
        stamp(self.now())
    }
}

/// Exactly `YYYY-MM-DDTHH:MM:SSZ`: the one form that clients take for a date-time.
pub fn stamp(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_has_twenty_characters_and_no_fraction() {
        let moment = Timestamp::from_millisecond(1_790_000_000_123).unwrap();
        assert_eq!(stamp(moment), "2026-09-21T14:13:20Z");
    }

    #[test]
    fn the_clock_shows_the_day_it_was_given() {
        let clock = Clock::starting_on(jiff::civil::date(2031, 2, 3));
        assert!(clock.stamp().starts_with("2031-02-0"));
    }
}
