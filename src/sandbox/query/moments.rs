//! The relations that mean a span of time: `in_last`, `in_calendar_week` and their kin.

use jiff::civil::{Date, DateTime, time};
use jiff::tz::Offset;
use jiff::{Span, Timestamp, ToSpan as _};

/// A span of time in the words of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Window {
    /// Up to now.
    Last,
    /// From now on.
    Next,
    /// A calendar day, week, month or year.
    Calendar(Unit),
}

/// The units a span is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    /// The unit that a filter calls `name`.
    pub(super) fn parse(name: &str) -> Option<Self> {
        [
            ("HOUR", Self::Hour),
            ("DAY", Self::Day),
            ("WEEK", Self::Week),
            ("MONTH", Self::Month),
            ("YEAR", Self::Year),
        ]
        .into_iter()
        .find_map(|(known, unit)| (known == name).then_some(unit))
    }

    fn times(self, count: i64) -> Result<Span, jiff::Error> {
        match self {
            Self::Hour => Span::new().try_hours(count),
            Self::Day => Span::new().try_days(count),
            Self::Week => Span::new().try_weeks(count),
            Self::Month => Span::new().try_months(count),
            Self::Year => Span::new().try_years(count),
        }
    }
}

impl Window {
    /// The window's first and last moment, UTC. Nothing if the numbers lead out of the calendar.
    pub(super) fn bounds(
        self,
        now: Timestamp,
        count: i64,
        unit: Unit,
    ) -> Option<(DateTime, DateTime)> {
        let now = Offset::UTC.to_datetime(now);
        let moved = |sign: i64| {
            now.checked_add(unit.times(count.checked_mul(sign)?).ok()?)
                .ok()
        };
        match self {
            Self::Last => Some((moved(-1)?, now)),
            Self::Next => Some((now, moved(1)?)),
            Self::Calendar(unit) => {
                let (first, next) = calendar(now.date(), count, unit).ok()?;
                Some((
                    first.to_datetime(time(0, 0, 0, 0)),
                    next.yesterday().ok()?.to_datetime(time(23, 59, 59, 0)),
                ))
            }
        }
    }
}

/// The first day of the span `offset` away from the one `today` is in, and the first day after it.
fn calendar(today: Date, offset: i64, unit: Unit) -> Result<(Date, Date), jiff::Error> {
    let start = match unit {
        Unit::Hour | Unit::Day => today,
        Unit::Week => {
            today.checked_sub(i64::from(today.weekday().to_monday_zero_offset()).days())?
        }
        Unit::Month => today.first_of_month(),
        Unit::Year => today.first_of_year(),
    };
    let first = start.checked_add(unit.times(offset)?)?;
    Ok((first, first.checked_add(unit.times(1)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(window: Window, count: i64, unit: Unit) -> String {
        let now: Timestamp = "2026-11-24T10:42:00Z".parse().unwrap();
        let (low, high) = window.bounds(now, count, unit).unwrap();
        format!("{low} {high}")
    }

    #[test]
    fn windows_have_the_borders_that_a_calendar_has() {
        let calendar = |unit, offset| bounds(Window::Calendar(unit), offset, unit);
        assert_eq!(
            bounds(Window::Last, 2, Unit::Day),
            "2026-11-22T10:42:00 2026-11-24T10:42:00"
        );
        assert_eq!(
            bounds(Window::Next, 1, Unit::Hour),
            "2026-11-24T10:42:00 2026-11-24T11:42:00"
        );
        assert_eq!(
            calendar(Unit::Day, -1),
            "2026-11-23T00:00:00 2026-11-23T23:59:59"
        );
        assert_eq!(
            calendar(Unit::Week, 0),
            "2026-11-23T00:00:00 2026-11-29T23:59:59"
        );
        assert_eq!(
            calendar(Unit::Month, 1),
            "2026-12-01T00:00:00 2026-12-31T23:59:59"
        );
        assert_eq!(
            calendar(Unit::Year, 0),
            "2026-01-01T00:00:00 2026-12-31T23:59:59"
        );
    }

    #[test]
    fn a_number_beyond_the_calendar_is_no_window() {
        assert!(
            Window::Last
                .bounds(Timestamp::UNIX_EPOCH, i64::MAX, Unit::Year)
                .is_none()
        );
        assert!(
            Window::Calendar(Unit::Year)
                .bounds(Timestamp::UNIX_EPOCH, 1 << 40, Unit::Year)
                .is_none()
        );
    }
}
