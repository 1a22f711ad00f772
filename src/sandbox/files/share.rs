//! One row's picture, shown by others too; and where a row's picture is.

use std::sync::Arc;

use super::super::error::Fault;
use super::super::store::Store;
use super::super::value::{Ref, Value};
use super::super::write::Writer;
use super::form::Form;
use super::pictures::PENDING;
use super::subject::{picture_field, row, target};

/// What came of sharing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// Every entity shows the picture, which was uploaded as this attachment, if it was uploaded at all.
    Done(Option<u32>),
    /// The picture is not ready, and nothing has changed.
    Pending,
}

/// Gives the picture of `source_entity` to `entities`. A source without one takes theirs away.
pub fn share(writer: &mut Writer<'_>, form: &Form) -> Result<Shared, Fault> {
    let schema = Arc::clone(writer.store().schema());
    let is_filmstrip = form.says("filmstrip_thumbnail");
    let field = |at| picture_field(&schema, at, is_filmstrip);
    let source = named(
        writer.store(),
        form.require("source_entity").map_err(Fault::invalid)?,
    )?;
    let names = form.require("entities").map_err(Fault::invalid)?.split(',');
    let targets = names
        .map(|name| named(writer.store(), name))
        .map(|target| target.and_then(|target| Ok((target, field(target)?))))
        .collect::<Result<Vec<_>, Fault>>()?;
    let picture = picture(writer.store(), source, field(source)?);
    let store = writer.store();
    let path = picture.as_text();
    // Whoever asks again and again is looking, too.
    if path.is_some_and(|path| store.pictures().look(path) == PENDING) {
        return Ok(Shared::Pending);
    }
    let attachment = path.and_then(|path| store.pictures().attachment(path));
    for (target, field) in targets {
        writer.put(target, field, picture.clone());
        writer.touch(target);
    }
    Ok(Shared::Done(attachment))
}

/// The path of a row's picture, as the row shows it now.
pub fn thumbnail_url(store: &Store, form: &Form) -> Result<String, Fault> {
    let target = target(store, form)?;
    let picture = picture(store, target, picture_field(store.schema(), target, false)?);
    let path = picture
        .as_text()
        .map(|path| store.pictures().look(path).to_owned());
    path.ok_or_else(|| Fault::refused("The entity has no thumbnail."))
}

fn picture(store: &Store, at: Ref, field: usize) -> Value {
    store
        .row(at)
        .map_or(Value::Null, |row| row.values[field].clone())
}

/// The row that a name like `Shot_12` means.
fn named(store: &Store, name: &str) -> Result<Ref, Fault> {
    let (kind, id) = name.trim().rsplit_once('_').unwrap_or((name, ""));
    row(store, kind, id)
}
