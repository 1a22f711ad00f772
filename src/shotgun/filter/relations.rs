//! How a field can relate to values, and which relations go with which data type.

use std::fmt;
use std::str::FromStr;

use crate::shotgun::error::Error;

/// Declares the relations once: variant, name on the wire, how many values it takes.
macro_rules! relations {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $arity:ident;)*) => {
        /// How a field relates to the values of a filter. Which ones a field takes depends on its data type.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Relation {
            $($(#[$doc])* $variant,)*
        }

        impl Relation {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name on the wire, which is also the operator in text.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            pub(in crate::shotgun) const fn arity(self) -> Arity {
                match self { $(Self::$variant => Arity::$arity,)* }
            }
        }
    };
}

/// How many values a relation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shotgun) enum Arity {
    One,
    /// Both ends.
    Two,
    /// A number and a unit.
    Span,
    Many,
}

relations! {
    /// Equal; on many links: has.
    Is = "is", One;
    /// Not equal; nulls count as not equal.
    IsNot = "is_not", One;
    /// Less, strictly.
    LessThan = "less_than", One;
    /// Greater, strictly.
    GreaterThan = "greater_than", One;
    /// Between two ends, both included.
    Between = "between", Two;
    /// Not between.
    NotBetween = "not_between", Two;
    /// One of.
    In = "in", Many;
    /// None of.
    NotIn = "not_in", Many;
    /// Text within text.
    Contains = "contains", One;
    /// Text not within text.
    NotContains = "not_contains", One;
    /// Text at the beginning.
    StartsWith = "starts_with", One;
    /// Text at the end.
    EndsWith = "ends_with", One;
    /// In the last so many hours, days…
    InLast = "in_last", Span;
    /// Not in the last so many hours, days…
    NotInLast = "not_in_last", Span;
    /// In the next so many hours, days…
    InNext = "in_next", Span;
    /// Not in the next so many hours, days…
    NotInNext = "not_in_next", Span;
    /// On the day so many from today: 0 is today, -1 yesterday.
    InCalendarDay = "in_calendar_day", One;
    /// In the week so many from this.
    InCalendarWeek = "in_calendar_week", One;
    /// In the month so many from this.
    InCalendarMonth = "in_calendar_month", One;
    /// In the year so many from this.
    InCalendarYear = "in_calendar_year", One;
    /// The linked entity is of a type.
    TypeIs = "type_is", One;
    /// The linked entity is not of a type.
    TypeIsNot = "type_is_not", One;
    /// The linked entity is called so.
    NameIs = "name_is", One;
    /// The name of the linked entity contains text.
    NameContains = "name_contains", One;
    /// The name of the linked entity does not contain text.
    NameNotContains = "name_not_contains", One;
    /// The name of the linked entity begins with text.
    NameStartsWith = "name_starts_with", One;
    /// The name of the linked entity ends with text.
    NameEndsWith = "name_ends_with", One;
    /// The tag has a number.
    NameId = "name_id", One;
}

impl Relation {
    /// Whether it takes so many values.
    pub(in crate::shotgun) fn check(self, values: usize) -> Result<(), &'static str> {
        match (self.arity(), values) {
            (Arity::One, 1) | (Arity::Two | Arity::Span, 2) | (Arity::Many, 1..) => Ok(()),
            (Arity::One, _) => Err("takes exactly one value"),
            (Arity::Two, _) => Err("takes two values, both ends"),
            (Arity::Span, _) => Err("takes a number and HOUR, DAY, WEEK, MONTH or YEAR"),
            (Arity::Many, _) => Err(
                "has an empty list of values, which nothing could match: leave the condition out, or name a value",
            ),
        }
    }

    /// Whether links in its values are cut down to what identifies them.
    pub(in crate::shotgun) const fn trims(self) -> bool {
        matches!(self, Self::Is | Self::IsNot | Self::In | Self::NotIn)
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Relation {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .iter()
            .copied()
            .find(|relation| relation.name() == name)
            .ok_or_else(|| {
                let known: Vec<_> = Self::ALL.iter().map(|relation| relation.name()).collect();
                Error::bad_filter(format!(
                    "there is no operator `{name}`; the operators are {}",
                    known.join(", ")
                ))
            })
    }
}

/// Which relations go with which data types. None at all: no filter can look into those.
const BY_TYPE: [(&str, &str); 9] = [
    (
        "text footage",
        "is is_not contains not_contains starts_with ends_with in not_in",
    ),
    (
        "number percent duration timecode float currency",
        "is is_not less_than greater_than between not_between in not_in",
    ),
    (
        "date date_time",
        "is is_not less_than greater_than between in not_in in_last not_in_last in_next not_in_next in_calendar_day in_calendar_week in_calendar_month in_calendar_year",
    ),
    ("checkbox image", "is is_not"),
    (
        "list status_list color entity_type uuid system_task_type",
        "is is_not in not_in",
    ),
    (
        "entity multi_entity",
        "is is_not in not_in type_is type_is_not name_is name_contains name_not_contains",
    ),
    (
        "addressing",
        "is is_not in not_in type_is type_is_not name_is name_contains name_not_contains name_starts_with name_ends_with contains not_contains",
    ),
    (
        "tag_list",
        "is is_not name_contains name_not_contains name_id",
    ),
    (
        "url password serializable summary calculated pivot_column",
        "",
    ),
];

/// The names of the relations that go with a data type, separated by blanks. None if this module does not know the type.
pub(in crate::shotgun) fn of_type(data_type: &str) -> Option<&'static str> {
    let listed = |types: &str| types.split(' ').any(|listed| listed == data_type);
    let found = BY_TYPE.iter().find(|(types, _)| listed(types));
    found.map(|(_, relations)| *relations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_relation_goes_with_some_type_and_every_name_is_one() {
        let named: Vec<Relation> = BY_TYPE
            .iter()
            .flat_map(|(_, names)| names.split_whitespace())
            .map(|name| name.parse().unwrap())
            .collect();
        for relation in Relation::ALL {
            assert!(named.contains(relation), "{relation}");
        }
    }
}
