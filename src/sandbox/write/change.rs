//! One field to write: read from a request, checked and converted.

use serde_json::Value as Json;

use super::super::coerce;
use super::super::error::Fault;
use super::super::schema::{Access, Field};
use super::super::store::Store;
use super::super::value::{Kind, Value};

/// One field to write.
#[derive(Debug)]
pub(super) struct Change<'a> {
    /// The field's name.
    pub(super) name: &'a str,
    /// Where it is.
    pub(super) field: usize,
    /// What to write.
    pub(super) value: Value,
    mode: Mode,
}

/// What to do with the links that are already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Set,
    Add,
    Remove,
}

/// The fields of `argument`; nothing is written yet.
pub(super) fn read<'a>(
    store: &Store,
    kind: Kind,
    argument: &'a Json,
    method: &str,
) -> Result<Vec<Change<'a>>, Fault> {
    let invalid = |message: String| Fault::invalid(format!("API {method}() {message}"));
    let fields = argument.get("fields").and_then(Json::as_array);
    let fields =
        fields.ok_or_else(|| invalid(format!("invalid/missing array 'fields':\n{argument}")))?;
    let change = |item: &'a Json| {
        let name = item.get("field_name").and_then(Json::as_str);
        let name =
            name.ok_or_else(|| invalid(format!("invalid/missing string 'field_name':\n{item}")))?;
        Change::read(store, kind, name, item, method).map_err(invalid)
    };
    fields.iter().map(change).collect()
}

impl<'a> Change<'a> {
    fn read(
        store: &Store,
        kind: Kind,
        name: &'a str,
        item: &Json,
        method: &str,
    ) -> Result<Self, String> {
        let entity = store.schema().entity(kind);
        let named = |message: &str| format!("{}.{name} {message}", entity.name);
        let field = entity
            .field_index(name)
            .ok_or_else(|| named("doesn't exist."))?;
        let definition = &entity.fields[field];
        match definition.access {
            Access::ReadOnly => return Err(named("is read only.")),
            Access::OnCreate if method != "create" => {
                return Err(named("is editable on create only."));
            }
            Access::OnCreate | Access::Writable => {}
        }
        let value = coerce::value(store, definition, item.get("value").unwrap_or(&Json::Null));
        let value = value.map_err(|message| named(&message))?;
        let mode = mode(definition, item)
            .ok_or_else(|| named("has an invalid 'multi_entity_update_mode'."))?;
        Ok(Self {
            name,
            field,
            value,
            mode,
        })
    }

    /// What a field that holds `old` holds once this is made.
    pub(super) fn merged(&self, old: &Value) -> Value {
        let (old, new) = (old.links(), self.value.links());
        match self.mode {
            Mode::Set => self.value.clone(),
            Mode::Add => old
                .iter()
                .chain(new.iter().filter(|link| !old.contains(link)))
                .copied()
                .collect::<Vec<_>>()
                .into(),
            Mode::Remove => old
                .iter()
                .filter(|link| !new.contains(link))
                .copied()
                .collect::<Vec<_>>()
                .into(),
        }
    }
}

fn mode(field: &Field, item: &Json) -> Option<Mode> {
    match item.get("multi_entity_update_mode") {
        None | Some(Json::Null) => Some(Mode::Set),
        Some(_) if !field.data_type.is_multi() => None,
        Some(mode) => match mode.as_str()? {
            "set" => Some(Mode::Set),
            "add" => Some(Mode::Add),
            "remove" => Some(Mode::Remove),
            _other => None,
        },
    }
}
