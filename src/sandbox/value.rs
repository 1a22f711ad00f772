//! What a row is made of. Knows neither the schema nor JSON.

use std::sync::Arc;

/// An entity type, as its place in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(pub u16);

impl Kind {
    /// Where this type's definition and rows are.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// Which row: ids count per type, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ref {
    /// The row's type.
    pub kind: Kind,
    /// The row's id.
    pub id: u32,
}

/// The content of one field of one row.
///
/// Dates and date-times are text in the form they have on the wire: that form sorts as time does.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// A checkbox.
    Flag(bool),
    /// Every whole number: number, percent, duration, id.
    Number(i64),
    /// Float and currency.
    Float(f64),
    /// Text, dates, lists, statuses, colors, the path of a picture.
    Text(Arc<str>),
    /// A link to one row.
    Link(Ref),
    /// Links to any number of rows.
    Links(Vec<Ref>),
    /// What the wire carries as an object: url and serializable.
    Json(Arc<serde_json::Value>),
}

impl Value {
    /// Text of any kind.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// The text, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// The number, if this is one of either sort.
    pub fn as_number(&self) -> Option<f64> {
        if let Self::Number(number) = self {
            Some(*number as f64)
        } else if let Self::Float(number) = self {
            Some(*number)
        } else {
            None
        }
    }

    /// The rows this points to: none, one or many.
    pub fn links(&self) -> &[Ref] {
        if let Self::Link(link) = self {
            std::slice::from_ref(link)
        } else if let Self::Links(links) = self {
            links
        } else {
            &[]
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Arc<str>> for Value {
    fn from(text: Arc<str>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Ref> for Value {
    fn from(link: Ref) -> Self {
        Self::Link(link)
    }
}

impl From<Vec<Ref>> for Value {
    fn from(links: Vec<Ref>) -> Self {
        Self::Links(links)
    }
}
