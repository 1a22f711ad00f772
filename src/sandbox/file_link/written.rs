//! What a client writes into a field of type url.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::media_type;
use super::shown::{attachment, shown};
use super::storages::{self, Platform};
use crate::sandbox::coerce::reference;
use crate::sandbox::files::base_name;
use crate::sandbox::store::Store;
use crate::sandbox::value::{Ref, Value};

/// What to store for `value`, which is not null. What has no `id` in it needs an attachment yet. The error says what is wrong,
/// to follow the field's name.
///
/// What was read from a field is what it was read as, and not a new link to the same place.
pub fn read(store: &Store, value: &Json) -> Result<Value, String> {
    let mut link = match known(store, value) {
        Some(known) => known,
        None => new(store, value)?,
    };
    if let Some(name) = text(value, "name") {
        link["name"] = name.into();
    }
    Ok(Value::Json(Arc::new(link)))
}

fn text<'a>(value: &'a Json, key: &str) -> Option<&'a str> {
    let text = value.get(key).and_then(Json::as_str);
    text.filter(|text| !text.is_empty())
}

/// The link of the attachment that `value` names, if it leads where `value` does.
fn known(store: &Store, value: &Json) -> Option<Json> {
    let at = reference(store.schema(), value)?;
    let known = attachment(store, at)?;
    let shown = shown(store, "", &known);
    let url = text(value, "url");
    let has_path = ["local_path", "relative_path"].map(|key| text(value, key).is_some());
    let has_path = has_path.contains(&true);
    let leads_there = match shown["link_type"].as_str()? {
        // Clients that read add a 'url' to the paths; without any path it is another link.
        "local" => (has_path || url.is_none()) && is_at(&shown, value),
        // Whatever the site was called when it was read.
        "upload" => {
            let path = shown["url"].as_str()?;
            !has_path && url.is_none_or(|url| url.ends_with(path))
        }
        _web => !has_path && url.is_none_or(|url| shown["url"] == url),
    };
    leads_there.then(|| (*known).clone())
}

/// Whether nothing that `value` says of a local file is other than what is shown of it.
fn is_at(shown: &Json, value: &Json) -> bool {
    let mut paths = Platform::ALL.iter().map(|platform| &shown[platform.key()]);
    let storage = value.get("local_storage");
    text(value, "local_path").is_none_or(|path| paths.any(|known| *known == path))
        && text(value, "relative_path").is_none_or(|path| shown["relative_path"] == path)
        && storage.is_none_or(|storage| storage["id"] == shown["local_storage"]["id"])
}

fn new(store: &Store, value: &Json) -> Result<Json, String> {
    let (local, relative) = (text(value, "local_path"), text(value, "relative_path"));
    if let Some(path) = local {
        // Which storage it lies under is found out when it gets its attachment.
        return Ok(local_link(value, path, json!({ "local_path": path })));
    }
    if let Some(path) = relative {
        let storage = storage(store, &value["local_storage"])?;
        let rest = storages::relative(&path.replace('\\', "/"));
        let rest =
            rest.ok_or_else(|| format!("has a 'relative_path' that leads nowhere: {path}"))?;
        let storage = json!({"type": "LocalStorage", "id": storage.id});
        let place = json!({"local_storage": storage, "relative_path": rest});
        return Ok(local_link(value, path, place));
    }
    let url = text(value, "url").ok_or(
        "needs a 'url', a 'local_path', or a 'relative_path' with the 'local_storage' it is in.",
    )?;
    Ok(json!({
        "link_type": "web",
        "name": url,
        "content_type": text(value, "content_type"),
        "url": url,
    }))
}

fn local_link(value: &Json, path: &str, mut link: Json) -> Json {
    // It may be a folder.
    let name = base_name(path.trim_end_matches(['/', '\\']));
    let content_type = text(value, "content_type").or_else(|| media_type::guess(&name));
    link["content_type"] = content_type.into();
    link["name"] = name.into();
    link["link_type"] = "local".into();
    link
}

/// The living storage that a hash names.
fn storage(store: &Store, hash: &Json) -> Result<Ref, String> {
    let at = reference(store.schema(), hash).filter(|at| Some(at.kind) == storages::kind(store));
    let at = at.ok_or_else(|| format!("has no LocalStorage as its 'local_storage': {hash}"))?;
    let missing = || {
        format!(
            "links to a LocalStorage with id {} that does not exist.",
            at.id
        )
    };
    store.live(at).map(|row| row.at).ok_or_else(missing)
}
