//! What values share a group: the equal ones, those of the same ten or month, those of the same first letter.
//!
//! The documents name the types and tell of `exact` alone. What the others put together, and how they call it, is inferred from
//! their names.

use std::borrow::Cow;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::sandbox::schema::Family;
use crate::sandbox::store::Store;
use crate::sandbox::value::Value;

/// Every type a grouping can have.
pub(super) const TYPES: [&str; 17] = [
    "exact",
    "tens",
    "hundreds",
    "thousands",
    "tensofthousands",
    "hundredsofthousands",
    "millions",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "clustered_date",
    "oneday",
    "fivedays",
    "entitytype",
    "firstletter",
];

/// The names of [`Bucket::Cluster`], in order.
const CLUSTERS: [&str; 7] = [
    "Earlier",
    "Last 7 days",
    "Yesterday",
    "Today",
    "Tomorrow",
    "Next 7 days",
    "Later",
];

/// Which values belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bucket {
    /// Equal ones.
    Exact,
    /// Numbers from one multiple of this to the next.
    Span(i64),
    /// Dates of the same stretch of the calendar.
    Period(Period),
    /// Dates about as far from this day.
    Cluster(Date),
    /// Links to rows of the same type.
    EntityType,
    /// Names with the same first letter.
    FirstLetter,
}

/// A stretch of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Day,
    /// Five days, counted from the first day of 1970.
    FiveDays,
    /// From Monday on.
    Week,
    Month,
    Quarter,
    Year,
}

impl Bucket {
    /// The type called `name`, if there is one and it is of use for such fields.
    pub(super) fn parse(name: &str, family: Family, today: Date) -> Option<Self> {
        let bucket = match name {
            "exact" => Self::Exact,
            "tens" => Self::Span(10),
            "hundreds" => Self::Span(100),
            "thousands" => Self::Span(1000),
            "tensofthousands" => Self::Span(10_000),
            "hundredsofthousands" => Self::Span(100_000),
            "millions" => Self::Span(1_000_000),
            "day" | "oneday" => Self::Period(Period::Day),
            "fivedays" => Self::Period(Period::FiveDays),
            "week" => Self::Period(Period::Week),
            "month" => Self::Period(Period::Month),
            "quarter" => Self::Period(Period::Quarter),
            "year" => Self::Period(Period::Year),
            "clustered_date" => Self::Cluster(today),
            "entitytype" => Self::EntityType,
            "firstletter" => Self::FirstLetter,
            _unknown => return None,
        };
        let fits = match bucket {
            Self::Exact => !matches!(family, Family::Opaque | Family::Image | Family::Tags),
            Self::Span(_) => family == Family::Number,
            Self::Period(_) | Self::Cluster(_) => matches!(family, Family::Date | Family::DateTime),
            Self::EntityType => family == Family::Link,
            Self::FirstLetter => matches!(family, Family::Text | Family::Choice | Family::Link),
        };
        fits.then_some(bucket)
    }

    /// The value that stands for all in the same group.
    pub(super) fn of<'a>(self, store: &Store, value: Cow<'a, Value>) -> Cow<'a, Value> {
        let standing = match self {
            Self::Exact => return value,
            Self::Span(span) => value.as_number().map(|number| {
                let span = span as f64;
                Value::Number(((number / span).floor() * span) as i64)
            }),
            Self::Period(period) => day(&value)
                .and_then(|day| period.first(day))
                .map(|first| Value::text(first.to_string())),
            Self::Cluster(today) => day(&value).map(|day| Value::Number(cluster(today, day))),
            Self::EntityType => value
                .links()
                .first()
                .map(|link| Value::from(store.schema().entity(link.kind).name)),
            Self::FirstLetter => first_letter(store, &value).map(Value::from),
        };
        Cow::Owned(standing.unwrap_or_default())
    }

    /// Name and value of a group, where they are not those of the field itself.
    pub(super) fn describe(self, value: &Value) -> Option<(String, Json)> {
        match (self, value) {
            (Self::Exact, _) | (_, Value::Null) => None,
            (Self::Span(span), Value::Number(low)) => {
                Some((format!("{low}-{}", low + span - 1), json!(low)))
            }
            (Self::Cluster(_), Value::Number(place)) => {
                let name = CLUSTERS.get(usize::try_from(*place).ok()?)?;
                Some(((*name).to_owned(), json!(name)))
            }
            (Self::Period(period), _) => Some((period.name(day(value)?), json!(value.as_text()))),
            (_, value) => {
                let text = value.as_text()?;
                Some((text.to_owned(), json!(text)))
            }
        }
    }
}

impl Period {
    /// The first day of the stretch that `day` is in.
    fn first(self, day: Date) -> Option<Date> {
        let back = |days: i64| day.checked_sub(days.days()).ok();
        match self {
            Self::Day => Some(day),
            Self::FiveDays => {
                let epoch = Date::constant(1970, 1, 1);
                back(i64::from(day.since(epoch).ok()?.get_days()).rem_euclid(5))
            }
            Self::Week => back(day.weekday().to_monday_zero_offset().into()),
            Self::Month => Some(day.first_of_month()),
            Self::Quarter => Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).ok(),
            Self::Year => Some(day.first_of_year()),
        }
    }

    fn name(self, first: Date) -> String {
        match self {
            Self::Day => first.to_string(),
            Self::FiveDays => {
                let last = first.checked_add(4.days()).unwrap_or(first);
                format!("{first} to {last}")
            }
            Self::Week => first.strftime("Week of %Y-%m-%d").to_string(),
            Self::Month => first.strftime("%B %Y").to_string(),
            Self::Quarter => format!("Q{} {}", (first.month() - 1) / 3 + 1, first.year()),
            Self::Year => first.year().to_string(),
        }
    }
}

/// The day of a date or a date-time.
fn day(value: &Value) -> Option<Date> {
    value.as_text()?.get(..10)?.parse().ok()
}

/// Which of [`CLUSTERS`] a day is in.
fn cluster(today: Date, day: Date) -> i64 {
    let distance = day.since(today).map_or(0, |span| span.get_days());
    match distance {
        ..-7 => 0,
        -7..-1 => 1,
        -1 => 2,
        0 => 3,
        1 => 4,
        2..=7 => 5,
        8.. => 6,
    }
}

fn first_letter(store: &Store, value: &Value) -> Option<String> {
    let linked = value.links().first().and_then(|link| store.live(*link));
    let name = linked.map_or(value.as_text(), |row| Some(store.display_name(row)));
    let letter = name?.chars().next()?;
    Some(letter.to_uppercase().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_in_the_stretch_that_the_calendar_says() {
        let day: Date = "2026-11-25".parse().unwrap();
        let stretch = |period: Period| {
            let first = period.first(day).unwrap();
            format!("{first}: {}", period.name(first))
        };
        assert_eq!(stretch(Period::Day), "2026-11-25: 2026-11-25");
        assert_eq!(
            stretch(Period::FiveDays),
            "2026-11-23: 2026-11-23 to 2026-11-27"
        );
        assert_eq!(stretch(Period::Week), "2026-11-23: Week of 2026-11-23");
        assert_eq!(stretch(Period::Month), "2026-11-01: November 2026");
        assert_eq!(stretch(Period::Quarter), "2026-10-01: Q4 2026");
        assert_eq!(stretch(Period::Year), "2026-01-01: 2026");
    }

    #[test]
    fn days_cluster_around_today() {
        let today: Date = "2026-11-25".parse().unwrap();
        let cluster = |day: &str| CLUSTERS[cluster(today, day.parse().unwrap()) as usize];
        let told = [
            ("2026-11-17", "Earlier"),
            ("2026-11-18", "Last 7 days"),
            ("2026-11-23", "Last 7 days"),
            ("2026-11-24", "Yesterday"),
            ("2026-11-25", "Today"),
            ("2026-11-26", "Tomorrow"),
            ("2026-11-27", "Next 7 days"),
            ("2026-12-02", "Next 7 days"),
            ("2026-12-03", "Later"),
            ("2031-01-01", "Later"),
        ];
        for (day, name) in told {
            assert_eq!(cluster(day), name, "{day}");
        }
    }
}
