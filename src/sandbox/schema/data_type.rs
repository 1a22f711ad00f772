//! The data types a field can have, and which filter relations each of them allows.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::sandbox::value::Value;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataType {
    /// A line or more of text.
    Text,
    /// A 32-bit whole number.
    Number,
    /// A whole number of percents.
    Percent,
    /// A whole number of minutes.
    Duration,
    /// A whole number of milliseconds.
    Timecode,
    /// A number with a fraction.
    Float,
    /// Money.
    Currency,
    /// Yes or no, never null.
    Checkbox,
    /// A day.
    Date,
    /// A second, UTC.
    DateTime,
    /// Feet and frames, such as `10-05`.
    Footage,
    /// One of a fixed set of names.
    List,
    /// The short code of a status.
    StatusList,
    /// `r,g,b`, or a word for one.
    Color,
    /// The name of an entity type.
    EntityType,
    /// 36 characters, made by the site.
    Uuid,
    /// A link.
    Entity,
    /// Links.
    MultiEntity,
    /// Links to people and groups.
    Addressing,
    /// A thumbnail.
    Image,
    /// A file or a web page.
    Url,
    /// Written, never read back.
    Password,
    /// Any object.
    Serializable,
    /// Names: the tags of older sites.
    TagList,
    /// What a task is to the site itself, on older sites.
    SystemTaskType,
    /// A column of the web application's tables that stands for a pipeline step. It holds nothing.
    PivotColumn,
}

/// Data types that are stored and compared alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Text that is searched.
    Text,
    /// Numbers of all sorts.
    Number,
    /// Days.
    Date,
    /// Seconds.
    DateTime,
    /// Checkboxes.
    Flag,
    /// Text that is picked from a set.
    Choice,
    /// Links to rows.
    Link,
    /// Thumbnails.
    Image,
    /// Names.
    Tags,
    /// What no filter looks into.
    Opaque,
}

const TEXT: &[&str] = &[
    "is",
    "is_not",
    "contains",
    "not_contains",
    "starts_with",
    "ends_with",
    "in",
    "not_in",
];
const NUMBER: &[&str] = &[
    "is",
    "is_not",
    "less_than",
    "greater_than",
    "between",
    "not_between",
    "in",
    "not_in",
];
const MOMENT: &[&str] = &[
    "is",
    "is_not",
    "less_than",
    "greater_than",
    "between",
    "in",
    "not_in",
    "in_last",
    "not_in_last",
    "in_next",
    "not_in_next",
    "in_calendar_day",
    "in_calendar_week",
    "in_calendar_month",
    "in_calendar_year",
];
const FLAG: &[&str] = &["is", "is_not"];
const CHOICE: &[&str] = &["is", "is_not", "in", "not_in"];
const LINK: &[&str] = &[
    "is",
    "is_not",
    "in",
    "not_in",
    "type_is",
    "type_is_not",
    "name_is",
    "name_contains",
    "name_not_contains",
];
const ADDRESSING: &[&str] = &[
    "is",
    "is_not",
    "in",
    "not_in",
    "type_is",
    "type_is_not",
    "name_is",
    "name_contains",
    "name_not_contains",
    "contains",
    "not_contains",
    "name_starts_with",
    "name_ends_with",
];

const TAGS: &[&str] = &[
    "is",
    "is_not",
    "name_contains",
    "name_not_contains",
    "name_id",
];

impl DataType {
    /// The name the schema gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Percent => "percent",
            Self::Duration => "duration",
            Self::Timecode => "timecode",
            Self::Float => "float",
            Self::Currency => "currency",
            Self::Checkbox => "checkbox",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Footage => "footage",
            Self::List => "list",
            Self::StatusList => "status_list",
            Self::Color => "color",
            Self::EntityType => "entity_type",
            Self::Uuid => "uuid",
            Self::Entity => "entity",
            Self::MultiEntity => "multi_entity",
            Self::Addressing => "addressing",
            Self::Image => "image",
            Self::Url => "url",
            Self::Password => "password",
            Self::Serializable => "serializable",
            Self::TagList => "tag_list",
            Self::SystemTaskType => "system_task_type",
            Self::PivotColumn => "pivot_column",
        }
    }

    /// How it is stored and compared.
    pub fn family(self) -> Family {
        match self {
            Self::Text | Self::Footage => Family::Text,
            Self::Number
            | Self::Percent
            | Self::Duration
            | Self::Timecode
            | Self::Float
            | Self::Currency => Family::Number,
            Self::Checkbox => Family::Flag,
            Self::Date => Family::Date,
            Self::DateTime => Family::DateTime,
            Self::List
            | Self::StatusList
            | Self::Color
            | Self::EntityType
            | Self::Uuid
            | Self::SystemTaskType => Family::Choice,
            Self::Entity | Self::MultiEntity | Self::Addressing => Family::Link,
            Self::Image => Family::Image,
            Self::TagList => Family::Tags,
            Self::Url | Self::Password | Self::Serializable | Self::PivotColumn => Family::Opaque,
        }
    }

    /// The relations a filter may use; none at all means that the type cannot be filtered.
    pub fn relations(self) -> &'static [&'static str] {
        match self.family() {
            Family::Text => TEXT,
            Family::Number => NUMBER,
            Family::Date | Family::DateTime => MOMENT,
            Family::Flag | Family::Image => FLAG,
            Family::Choice => CHOICE,
            Family::Link if self == Self::Addressing => ADDRESSING,
            Family::Link => LINK,
            Family::Tags => TAGS,
            Family::Opaque => &[],
        }
    }

    /// The data type that a field can be made of while the site runs.
    pub fn creatable(name: &str) -> Option<Self> {
        const CREATABLE: [DataType; 16] = [
            DataType::Checkbox,
            DataType::Currency,
            DataType::Date,
            DataType::DateTime,
            DataType::Duration,
            DataType::Entity,
            DataType::Float,
            DataType::Footage,
            DataType::List,
            DataType::MultiEntity,
            DataType::Number,
            DataType::Percent,
            DataType::StatusList,
            DataType::Text,
            DataType::Timecode,
            DataType::Url,
        ];
        CREATABLE
            .into_iter()
            .find(|data_type| data_type.name() == name)
    }

    /// What null is stored as: checkboxes and lists of links are never null.
    pub fn empty(self) -> Value {
        if self.is_multi() {
            Value::Links(Vec::new())
        } else if self == Self::TagList {
            Value::Json(Arc::new(Json::Array(Vec::new())))
        } else if self == Self::Checkbox {
            Value::Flag(false)
        } else {
            Value::Null
        }
    }

    /// Whether it is picked from a list.
    pub fn is_list(self) -> bool {
        matches!(self, Self::List | Self::StatusList)
    }

    /// Whether it holds any number of links.
    pub fn is_multi(self) -> bool {
        matches!(self, Self::MultiEntity | Self::Addressing)
    }

    /// What the schema proposes at the foot of a column.
    pub fn summary_default(self) -> &'static str {
        match self {
            Self::StatusList => "status_list",
            Self::Duration => "sum",
            Self::Percent => "average",
            Self::Checkbox => "checked",
            Self::Text
            | Self::Footage
            | Self::Number
            | Self::Timecode
            | Self::Float
            | Self::Currency
            | Self::Date
            | Self::DateTime
            | Self::List
            | Self::Color
            | Self::EntityType
            | Self::Uuid
            | Self::Entity
            | Self::MultiEntity
            | Self::Addressing
            | Self::Image
            | Self::Url
            | Self::Password
            | Self::Serializable
            | Self::TagList
            | Self::SystemTaskType
            | Self::PivotColumn => "none",
        }
    }
}
