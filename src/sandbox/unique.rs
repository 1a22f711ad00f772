//! Values that no two living rows of a type may share.

use super::error::Fault;
use super::store::Store;
use super::value::{Kind, Ref, Value};

/// Refuses a value that another living row of type `kind` has already. Large and small letters are the same.
pub fn check(
    store: &Store,
    method: &str,
    kind: Kind,
    (field, value): (usize, &Value),
    own: Option<Ref>,
) -> Result<(), Fault> {
    let entity = store.schema().entity(kind);
    let definition = &entity.fields[field];
    let Some(wanted) = value.as_text().filter(|_| definition.unique) else {
        return Ok(());
    };
    let wanted = wanted.to_lowercase();
    let mut others = store
        .rows(kind)
        .iter()
        .filter(|row| !row.retired && Some(row.at) != own);
    let taken = others.any(|row| {
        let text = row.values[field].as_text();
        text.is_some_and(|text| text.to_lowercase() == wanted)
    });
    if !taken {
        return Ok(());
    }
    let verb = match method {
        "create" => "Create",
        "revive" => "Revive",
        _update => "Update",
    };
    Err(Fault::refused(format!(
        "API {method}() CRUD ERROR #61: {verb} failed for [{}]. The value for the {} field is required to be unique. <br>",
        entity.name, definition.label
    )))
}
