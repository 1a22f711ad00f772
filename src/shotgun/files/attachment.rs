//! What can be downloaded, in all the ways in which people have it at hand.

use std::io;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::shotgun::entity::{EntityId, EntityRef};
use crate::shotgun::error::Error;
use crate::shotgun::value::Value;

/// A file on the site: an id, an address, or what a field holds.
///
/// ```
/// use callboard::shotgun::{Attachment, EntityId, Value};
///
/// let by_id = Attachment::from(EntityId(77));
/// let by_address = Attachment::from("https://mysite.shotgrid.autodesk.com/file_serve/attachment/77");
/// // Such as `row.get("sg_uploaded_movie")`; what is no file says so when it is downloaded.
/// let by_value = Attachment::from(&Value::Null);
/// # let _ = (by_id, by_address, by_value);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Attachment(Kind);

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    There(Source),
    /// Not on the site at all, but in a storage of the studio.
    Local(Arc<str>),
    /// Nowhere; for this reason.
    Nothing(&'static str),
}

/// Where a file is on the site.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shotgun) enum Source {
    Id(EntityId),
    Url(Arc<str>),
}

impl Attachment {
    /// Where it is on the site, or why it is not.
    pub(in crate::shotgun) fn source(self) -> Result<Source, Error> {
        match self.0 {
            Kind::There(source) => Ok(source),
            Kind::Local(path) => Err(Error::File {
                path,
                source: Arc::new(io::Error::other(
                    "this file is not on the site but in a local storage: open it there",
                )),
            }),
            Kind::Nothing(reason) => Err(Error::NotFound {
                what: format!("An attachment ({reason})").into(),
            }),
        }
    }
}

impl From<u64> for Attachment {
    fn from(id: u64) -> Self {
        EntityId(id).into()
    }
}

impl From<EntityId> for Attachment {
    fn from(id: EntityId) -> Self {
        Self(Kind::There(Source::Id(id)))
    }
}

impl From<&str> for Attachment {
    fn from(url: &str) -> Self {
        Self(Kind::There(Source::Url(url.into())))
    }
}

impl From<&EntityRef> for Attachment {
    fn from(entity: &EntityRef) -> Self {
        if entity.entity_type == *"Attachment" {
            entity.id.into()
        } else {
            Self(Kind::Nothing("the value links to something else"))
        }
    }
}

impl From<&Value> for Attachment {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "no other kind of value is a file"
    )]
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self(Kind::Nothing("the field is empty")),
            Value::Int(id) => u64::try_from(*id).map_or(
                Self(Kind::Nothing("the value is a negative number")),
                Self::from,
            ),
            Value::Text(url) => Self(Kind::There(Source::Url(Arc::clone(url)))),
            Value::Entity(entity) => Self::from(&**entity),
            Value::Json(json) => Self::from(&**json),
            _ => Self(Kind::Nothing("the value is no file")),
        }
    }
}

/// The value of a field for files and links, as it is on the wire.
impl From<&Json> for Attachment {
    fn from(json: &Json) -> Self {
        let text = |key: &str| json.get(key).and_then(Json::as_str);
        if text("link_type") == Some("local") {
            let path = LOCAL_PATHS.iter().find_map(|key| text(key));
            return Self(Kind::Local(path.unwrap_or("a local file").into()));
        }
        if let Some(url) = text("url") {
            return url.into();
        }
        match json.get("id").and_then(Json::as_u64) {
            Some(id) if text("type") == Some("Attachment") => id.into(),
            Some(_) | None => Self(Kind::Nothing("the value is no file")),
        }
    }
}

/// Where a local file is, the name that this machine would use first.
const LOCAL_PATHS: [&str; 5] = if cfg!(windows) {
    [
        "local_path",
        "local_path_windows",
        "local_path_linux",
        "local_path_mac",
        "relative_path",
    ]
} else if cfg!(target_os = "macos") {
    [
        "local_path",
        "local_path_mac",
        "local_path_linux",
        "local_path_windows",
        "relative_path",
    ]
} else {
    [
        "local_path",
        "local_path_linux",
        "local_path_mac",
        "local_path_windows",
        "relative_path",
    ]
};

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn source(value: Json) -> Result<Source, Error> {
        Attachment::from(&serde_json::from_value::<Value>(value).unwrap()).source()
    }

    #[test]
    fn whatever_names_a_file_is_understood() {
        let url = || Ok::<_, ()>(Source::Url("https://h/x".into()));
        let upload = json!({"type": "Attachment", "id": 7, "name": "a", "link_type": "upload", "url": "https://h/x"});
        let web = json!({"type": "Attachment", "id": 8, "name": "a", "link_type": "web", "url": "https://h/x"});
        for value in [upload, web, json!("https://h/x")] {
            assert_eq!(source(value).map_err(drop), url());
        }
        for value in [json!(7), json!({"type": "Attachment", "id": 7})] {
            assert_eq!(source(value).unwrap(), Source::Id(EntityId(7)));
        }
    }

    #[test]
    fn a_local_file_is_named_and_what_is_no_file_says_why() {
        let local = json!({"type": "Attachment", "id": 79, "name": "a.exr", "link_type": "local", "local_path_linux": "/mnt/p/a.exr", "local_path_mac": "/mnt/p/a.exr", "local_path_windows": "/mnt/p/a.exr"});
        assert_eq!(
            source(local).unwrap_err().headline(),
            "/mnt/p/a.exr: this file is not on the site but in a local storage: open it there"
        );
        for (value, reason) in [
            (Json::Null, "the field is empty"),
            (
                json!({"type": "Shot", "id": 7}),
                "the value links to something else",
            ),
            (json!(true), "the value is no file"),
            (json!({"a": 1}), "the value is no file"),
            (json!(-1), "the value is a negative number"),
        ] {
            assert_eq!(
                source(value).unwrap_err().headline(),
                format!("An attachment ({reason}) is not there")
            );
        }
    }
}
