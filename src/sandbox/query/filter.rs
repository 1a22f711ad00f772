//! The one evaluator of filters.

use std::collections::BTreeSet;

use super::fold;
use super::one_of::OneOf;
use super::path::Path;
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref, Value};

/// A condition on rows.
#[derive(Clone, Debug)]
pub enum Filter {
    /// Every one of these; none at all holds as well.
    All(Vec<Self>),
    /// At least one of these; none at all holds as well.
    Any(Vec<Self>),
    /// A test of one field.
    Field {
        /// Which field.
        path: Path,
        /// What must hold for its value.
        test: Test,
        /// Whether the test must fail instead. A null fails every test but the one for null, so a negated relation
        /// finds it.
        negated: bool,
    },
    /// The rows with these ids.
    Ids(BTreeSet<u32>),
    /// No row at all, whatever it holds.
    Nothing,
}

/// What must hold for a value.
#[derive(Clone, Debug)]
pub enum Test {
    /// It equals one of these, or links to one of them.
    Is(OneOf),
    /// It comes before.
    Less(Operand),
    /// It comes after.
    Greater(Operand),
    /// It lies between, both ends included.
    Between(Operand, Operand),
    /// It is such a text.
    Text(TextTest),
    /// It links to a row with such a name.
    Name(TextTest),
    /// It links to a row of this type; none: to no row.
    Type(Option<Kind>),
    /// One of its names is such a text; none: it has no names.
    Tags(Option<TextTest>),
}

/// What no row passes without.
#[derive(Clone, Copy, Debug)]
pub(super) enum Demand<'a> {
    /// One of these values in this field.
    Field(usize, &'a OneOf),
    /// One of these ids.
    Ids(&'a BTreeSet<u32>),
}

/// A value that a filter compares with.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// Nothing.
    Null,
    /// A checkbox.
    Flag(bool),
    /// Any number.
    Number(f64),
    /// Text, in lower case.
    Text(String),
    /// A row.
    Link(Ref),
}

/// A comparison of text that ignores case.
#[derive(Clone, Debug)]
pub struct TextTest {
    /// Which comparison.
    pub sort: TextSort,
    /// What to look for, in lower case.
    pub needle: String,
}

/// Where the text must be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextSort {
    /// It is all there is.
    Whole,
    /// Anywhere.
    Inside,
    /// At the start.
    Start,
    /// At the end.
    End,
}

impl Filter {
    /// Whether the row passes.
    pub fn matches(&self, store: &Store, row: &Row) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.matches(store, row)),
            Self::Any(filters) => {
                filters.is_empty() || filters.iter().any(|filter| filter.matches(store, row))
            }
            Self::Field {
                path,
                test,
                negated,
            } => path.any(store, row, &|value| test.holds(store, value) != *negated),
            Self::Ids(ids) => ids.contains(&row.at.id),
            Self::Nothing => false,
        }
    }

    /// Whether the row passes, if it is known to pass `known`, which are among the filters that must hold.
    pub(super) fn matches_beyond(&self, known: &[&Self], store: &Store, row: &Row) -> bool {
        match self {
            _ if known.iter().any(|known| std::ptr::eq(*known, self)) => true,
            Self::All(filters) => filters
                .iter()
                .all(|filter| filter.matches_beyond(known, store, row)),
            Self::Any(_) | Self::Field { .. } | Self::Ids(_) | Self::Nothing => {
                self.matches(store, row)
            }
        }
    }

    /// What a row's own fields must equal, if the filter says so outright, and which part of it says so.
    pub(super) fn demands(&self) -> Vec<(&Self, Demand<'_>)> {
        match self {
            Self::All(filters) => filters.iter().flat_map(Self::demands).collect(),
            Self::Field {
                path,
                test: Test::Is(values),
                negated: false,
            } if path.is_direct() => {
                vec![(self, Demand::Field(path.field, values))]
            }
            Self::Ids(ids) => vec![(self, Demand::Ids(ids))],
            Self::Any(_) | Self::Field { .. } | Self::Nothing => Vec::new(),
        }
    }
}

impl Test {
    fn holds(&self, store: &Store, value: &Value) -> bool {
        match self {
            Self::Is(values) => values.holds(store, value),
            Self::Less(operand) => operand
                .compare(value)
                .is_some_and(std::cmp::Ordering::is_lt),
            Self::Greater(operand) => operand
                .compare(value)
                .is_some_and(std::cmp::Ordering::is_gt),
            Self::Between(low, high) => {
                low.compare(value).is_some_and(std::cmp::Ordering::is_ge)
                    && high.compare(value).is_some_and(std::cmp::Ordering::is_le)
            }
            Self::Text(test) => value.as_text().is_some_and(|text| test.holds(text)),
            Self::Name(test) => live(store, value).any(|link| {
                store
                    .row(link)
                    .is_some_and(|row| test.holds(store.display_name(row)))
            }),
            Self::Type(Some(kind)) => live(store, value).any(|link| link.kind == *kind),
            Self::Type(None) => live(store, value).next().is_none(),
            Self::Tags(Some(test)) => tags(value).any(|tag| test.holds(tag)),
            Self::Tags(None) => tags(value).next().is_none(),
        }
    }
}

fn tags(value: &Value) -> impl Iterator<Item = &str> {
    let tags = if let Value::Json(tags) = value {
        tags.as_array()
    } else {
        None
    };
    tags.into_iter().flatten().filter_map(|tag| tag.as_str())
}

impl Operand {
    /// How `value` stands to this: before, at or after. Nothing if the two cannot be compared.
    fn compare(&self, value: &Value) -> Option<std::cmp::Ordering> {
        match self {
            Self::Number(number) => value.as_number()?.partial_cmp(number),
            // Dates in lower case: "t" and "z" stand at the same places in every one of them.
            Self::Text(text) => Some(fold::compare(value.as_text()?, text)),
            Self::Null | Self::Flag(_) | Self::Link(_) => None,
        }
    }
}

impl TextTest {
    fn holds(&self, text: &str) -> bool {
        let needle = self.needle.as_str();
        if self.sort == TextSort::Whole {
            return fold::equal(text, needle);
        }
        if text.is_ascii() {
            return self.holds_in_bytes(text.as_bytes(), needle.as_bytes());
        }
        let text = text.to_lowercase();
        match self.sort {
            TextSort::Whole => text == needle,
            TextSort::Inside => text.contains(needle),
            TextSort::Start => text.starts_with(needle),
            TextSort::End => text.ends_with(needle),
        }
    }

    /// The common case: no text has to be copied.
    fn holds_in_bytes(&self, text: &[u8], needle: &[u8]) -> bool {
        let Some(room) = text.len().checked_sub(needle.len()) else {
            return false;
        };
        match self.sort {
            TextSort::Whole => text.eq_ignore_ascii_case(needle),
            TextSort::Inside => {
                (0..=room).any(|at| text[at..at + needle.len()].eq_ignore_ascii_case(needle))
            }
            TextSort::Start => text[..needle.len()].eq_ignore_ascii_case(needle),
            TextSort::End => text[room..].eq_ignore_ascii_case(needle),
        }
    }
}

/// The links that lead to living rows; the others count as if they were not there.
pub(super) fn live<'a>(store: &'a Store, value: &'a Value) -> impl Iterator<Item = Ref> + 'a {
    value
        .links()
        .iter()
        .copied()
        .filter(|link| store.live(*link).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(sort: TextSort, needle: &str, text: &str) -> bool {
        TextTest {
            sort,
            needle: needle.to_owned(),
        }
        .holds(text)
    }

    #[test]
    fn text_is_compared_without_case() {
        assert!(holds(TextSort::Whole, "pn_100", "PN_100"));
        assert!(holds(TextSort::Inside, "shelf", "Ice SHELF, dawn"));
        assert!(holds(TextSort::Start, "ice", "Ice shelf"));
        assert!(holds(TextSort::End, "öde", "EinÖDE"));
        assert!(!holds(TextSort::Inside, "longer than the text", "text"));
        assert!(holds(TextSort::Inside, "", "anything"));
    }
}
