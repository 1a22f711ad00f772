//! One field of an entity type, and the words the definitions are written in.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::data_type::DataType;
use crate::sandbox::value::{Kind, Value};

/// Who may write a field, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, at any time.
    Writable,
    /// Only while the row is made.
    OnCreate,
    /// Only the site itself.
    ReadOnly,
}

/// Where the value of a field comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The row has it.
    Row,
    /// It is what the row is called.
    DisplayName,
    /// It is when whoever asks was last at the row.
    LastVisit,
}

/// How a field came to be, and whether it still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Every site has it.
    BuiltIn,
    /// It was made while the site ran.
    Custom,
    /// It was made while the site ran, and deleted: its values stay where they are, but it has no name any more.
    Retired,
}

/// A field's definition.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name in requests.
    pub name: String,
    /// The name for people.
    pub label: String,
    /// What it is for.
    pub description: String,
    /// What it holds.
    pub data_type: DataType,
    /// Who may write it.
    pub access: Access,
    /// Whether a row needs it.
    pub mandatory: bool,
    /// Whether no two living rows may share a value.
    pub unique: bool,
    /// Where its value comes from.
    pub source: Source,
    /// Whether it is there at all.
    pub origin: Origin,
    /// What a new row starts with.
    pub default: Value,
    /// A new row starts with a link to whoever makes it.
    pub author: bool,
    /// What the schema proposes at the foot of a column.
    pub summary_default: String,
    /// For links: the types they may lead to.
    pub valid_types: Vec<Kind>,
    /// For lists: value and what people read.
    pub choices: Vec<Choice>,
    /// The projects that do not show it.
    pub hidden_in: BTreeSet<u32>,
    /// For links: the field at the other end that shows the same link.
    pub other_end: Option<&'static str>,
    pub(super) valid_type_names: &'static [&'static str],
}

/// A value of a list, and what people read.
pub type Choice = (Arc<str>, Arc<str>);

impl Field {
    fn new(name: &str, label: &str, data_type: DataType) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            description: String::new(),
            data_type,
            access: Access::Writable,
            mandatory: false,
            unique: false,
            source: Source::Row,
            origin: Origin::BuiltIn,
            default: data_type.empty(),
            author: false,
            summary_default: data_type.summary_default().to_owned(),
            valid_types: Vec::new(),
            choices: Vec::new(),
            hidden_in: BTreeSet::new(),
            other_end: None,
            valid_type_names: &[],
        }
    }

    /// A field that is made while the site runs.
    pub fn custom(name: &str, label: &str, data_type: DataType) -> Self {
        Self {
            origin: Origin::Custom,
            ..Self::new(name, label, data_type)
        }
    }

    pub(super) fn mandatory(self) -> Self {
        Self {
            mandatory: true,
            ..self
        }
    }

    pub(super) fn unique(self) -> Self {
        Self {
            unique: true,
            ..self
        }
    }

    pub(super) fn on_create(self) -> Self {
        Self {
            access: Access::OnCreate,
            ..self
        }
    }

    pub(super) fn read_only(self) -> Self {
        Self {
            access: Access::ReadOnly,
            ..self
        }
    }

    pub(super) fn taken_from(self, source: Source) -> Self {
        Self {
            access: Access::ReadOnly,
            source,
            ..self
        }
    }

    /// A new row names whoever makes it here.
    pub(super) fn author(self) -> Self {
        Self {
            author: true,
            ..self
        }
    }

    pub(super) fn default(self, value: impl Into<Value>) -> Self {
        Self {
            default: value.into(),
            ..self
        }
    }

    /// The link also shows at the row it leads to, in the field `name`, if that row's type has it.
    pub(super) fn other_end(self, name: &'static str) -> Self {
        Self {
            other_end: Some(name),
            ..self
        }
    }
}

/// A field of any type that needs nothing but names.
pub(super) fn field(name: &str, label: &str, data_type: DataType) -> Field {
    Field::new(name, label, data_type)
}

/// A text field.
pub(super) fn text(name: &str, label: &str) -> Field {
    Field::new(name, label, DataType::Text)
}

/// A whole number.
pub(super) fn number(name: &str, label: &str) -> Field {
    Field::new(name, label, DataType::Number)
}

/// One of `choices`.
pub(super) fn list(name: &str, label: &str, choices: &[(&str, &str)]) -> Field {
    Field {
        choices: owned(choices),
        ..Field::new(name, label, DataType::List)
    }
}

/// One of `choices`, by its short code.
pub(super) fn status(choices: &[(&str, &str)]) -> Field {
    Field {
        choices: owned(choices),
        ..Field::new("sg_status_list", "Status", DataType::StatusList)
    }
}

/// A link to a row of one of `types`.
pub(super) fn link(name: &str, label: &str, types: &'static [&'static str]) -> Field {
    Field {
        valid_type_names: types,
        ..Field::new(name, label, DataType::Entity)
    }
}

/// Links to rows of `types`.
pub(super) fn links(name: &str, label: &str, types: &'static [&'static str]) -> Field {
    Field {
        valid_type_names: types,
        ..Field::new(name, label, DataType::MultiEntity)
    }
}

/// Links to people and groups.
pub(super) fn addressing(name: &str, label: &str) -> Field {
    Field {
        valid_type_names: &["HumanUser", "Group"],
        ..Field::new(name, label, DataType::Addressing)
    }
}

fn owned(choices: &[(&str, &str)]) -> Vec<Choice> {
    choices
        .iter()
        .map(|(value, label)| (Arc::from(*value), Arc::from(*label)))
        .collect()
}
