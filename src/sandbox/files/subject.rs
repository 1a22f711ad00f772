//! Which row a form is about, and which of its fields.

use super::super::error::Fault;
use super::super::schema::Schema;
use super::super::store::Store;
use super::super::value::Ref;
use super::form::Form;

/// The row that `form` is about.
pub fn target(store: &Store, form: &Form) -> Result<Ref, Fault> {
    let name = form.require("entity_type").map_err(Fault::invalid)?;
    let id = form.require("entity_id").map_err(Fault::invalid)?;
    row(store, name, id)
}

/// The row of type `name` with `id`, if it is not retired.
pub fn row(store: &Store, name: &str, id: &str) -> Result<Ref, Fault> {
    let kind = store.schema().kind(name);
    let kind = kind.ok_or_else(|| Fault::invalid(format!("There is no entity type '{name}'.")))?;
    let at = id.parse().ok().map(|id| Ref { kind, id });
    let missing = || format!("Entity of type [{name}] with id={id} does not exist.");
    at.filter(|at| store.live(*at).is_some())
        .ok_or_else(|| Fault::refused(missing()))
}

/// The field that holds the picture of a row's type.
pub fn picture_field(schema: &Schema, target: Ref, is_filmstrip: bool) -> Result<usize, Fault> {
    let entity = schema.entity(target.kind);
    let name = if is_filmstrip {
        "filmstrip_image"
    } else {
        "image"
    };
    let field = entity.field_index(name);
    field.ok_or_else(|| Fault::invalid(format!("{}.{name} doesn't exist.", entity.name)))
}
