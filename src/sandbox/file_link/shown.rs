//! What is read from a field of type url.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::storages::{self, Platform};
use crate::sandbox::coerce::reference;
use crate::sandbox::store::Store;
use crate::sandbox::value::{Ref, Value};

/// A stored link as an answer has it: uploads at this site's address, local files by their path on each platform as the
/// storage has it now. Null if its attachment is retired, as with every other link.
pub fn shown(store: &Store, base_url: &str, link: &Json) -> Json {
    let is_gone = reference(store.schema(), link).is_some_and(|at| store.live(at).is_none());
    if is_gone {
        return Json::Null;
    }
    let mut link = link.clone();
    match link["link_type"].as_str() {
        Some("upload") => {
            if let Some(path) = link["url"].as_str().filter(|url| url.starts_with('/')) {
                link["url"] = format!("{base_url}{path}").into();
            }
        }
        Some("local") => show_paths(store, &mut link),
        _web => {}
    }
    link
}

/// What a stored link is called, if it is one.
pub fn name(link: &Value) -> Option<String> {
    json(link)?["name"].as_str().map(str::to_owned)
}

/// The link to the file of an attachment, if `at` is a living one.
pub(super) fn attachment(store: &Store, at: Ref) -> Option<Arc<Json>> {
    let row = store.live(at)?;
    let entity = store.schema().entity(at.kind);
    let field = (entity.name == "Attachment").then(|| entity.field_index("this_file"))??;
    json(&row.values[field]).cloned()
}

fn json(link: &Value) -> Option<&Arc<Json>> {
    match link {
        Value::Json(link) => Some(link),
        Value::Null
        | Value::Flag(_)
        | Value::Number(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::Link(_)
        | Value::Links(_) => None,
    }
}

/// Writes the whole paths, and the name of the storage. Platforms that have no path to it are told so with null.
fn show_paths(store: &Store, link: &mut Json) {
    let storage = reference(store.schema(), &link["local_storage"]);
    let storage = storage.and_then(|at| store.live(at));
    let rest = link["relative_path"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    for platform in Platform::ALL {
        let path = storage.and_then(|row| storages::path(store, row, platform, &rest));
        link[platform.key()] = path.into();
    }
    link["local_storage"] = storage.map_or(
        Json::Null,
        |row| json!({"type": "LocalStorage", "id": row.at.id, "name": store.display_name(row)}),
    );
}
