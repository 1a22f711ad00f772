//! One field of an entity type, and the words the definitions are written in.

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

/// A field's definition.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name in requests.
    pub name: String,
    /// The name for people.
    pub label: String,
    /// What it holds.
    pub data_type: DataType,
    /// Who may write it.
    pub access: Access,
    /// Whether a row needs it.
    pub mandatory: bool,
    /// Whether no two living rows may share a value.
    pub unique: bool,
    /// Worked out from the row's other fields, never stored.
    pub computed: bool,
    /// What a new row starts with.
    pub default: Value,
    /// For links: the types they may lead to.
    pub valid_types: Vec<Kind>,
    /// For lists: value and what people read.
    pub choices: &'static [(&'static str, &'static str)],
    /// For links: the field at the other end that shows the same link.
    pub other_end: Option<&'static str>,
    pub(super) valid_type_names: &'static [&'static str],
}

impl Field {
    fn new(name: &str, label: &str, data_type: DataType) -> Self {
        let default = if data_type.is_multi() {
            Value::Links(Vec::new())
        } else if data_type == DataType::Checkbox {
            Value::Flag(false)
        } else {
            Value::Null
        };
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            data_type,
            access: Access::Writable,
            mandatory: false,
            unique: false,
            computed: false,
            default,
            valid_types: Vec::new(),
            choices: &[],
            other_end: None,
            valid_type_names: &[],
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

    pub(super) fn computed(self) -> Self {
        Self {
            access: Access::ReadOnly,
            computed: true,
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
pub(super) fn list(
    name: &str,
    label: &str,
    choices: &'static [(&'static str, &'static str)],
) -> Field {
    Field {
        choices,
        ..Field::new(name, label, DataType::List)
    }
}

/// One of `choices`, by its short code.
pub(super) fn status(choices: &'static [(&'static str, &'static str)]) -> Field {
    Field {
        choices,
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
