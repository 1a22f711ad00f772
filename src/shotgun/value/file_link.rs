//! Files and web pages that a field of type `url` leads to.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::shotgun::entity::{EntityId, EntityRef};
use crate::shotgun::value::Value;

/// What a field of type `url` holds.
///
/// ```
/// use callboard::shotgun::{FileLink, FilePlace, Value};
///
/// let movie = Value::from(serde_json::json!({
///     "link_type": "upload", "type": "Attachment", "id": 77, "name": "a.mov",
///     "content_type": "video/quicktime", "url": "https://site/file_serve/attachment/77"}));
/// let file = movie.as_file().expect("it has a link type");
/// assert_eq!(&*file.name, "a.mov");
/// assert!(matches!(file.place, FilePlace::Upload { .. }));
///
/// // For writing:
/// let docs: Value = FileLink::web("https://example.com/", "docs").into();
/// let plate: Value = FileLink::local("/mnt/p/show/a.exr").into();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLink {
    /// Where it is.
    pub place: FilePlace,
    /// What people call it; may be empty.
    pub name: Arc<str>,
    /// Its media type, if the site knows.
    pub content_type: Option<Arc<str>>,
    /// The number of the Attachment that stands for it. None before the site has made one.
    pub attachment: Option<EntityId>,
}

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FilePlace {
    /// On the site. The address may be signed and expire.
    Upload {
        /// Where to download it.
        url: Arc<str>,
    },
    /// Anywhere on the web.
    Web {
        /// Its address.
        url: Arc<str>,
    },
    /// On a disk of the studio.
    Local(LocalFile),
}

/// A file below a `LocalStorage`: the same file by its path on each platform, where the site knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalFile {
    /// The `LocalStorage`.
    pub storage: Option<EntityRef>,
    /// From there on.
    pub relative_path: Option<Arc<str>>,
    /// The whole path on Linux.
    pub linux: Option<Arc<str>>,
    /// The whole path on macOS.
    pub mac: Option<Arc<str>>,
    /// The whole path on Windows.
    pub windows: Option<Arc<str>>,
}

impl LocalFile {
    /// The path on the platform this program runs on.
    pub fn path(&self) -> Option<&str> {
        let path = if cfg!(windows) {
            &self.windows
        } else if cfg!(target_os = "macos") {
            &self.mac
        } else {
            &self.linux
        };
        path.as_deref()
    }
}

impl FileLink {
    /// A web page, for writing.
    pub fn web(url: &str, name: &str) -> Self {
        Self::new(FilePlace::Web { url: url.into() }, name)
    }

    /// A file by its path on this platform, for writing. It must lie below a `LocalStorage` of the site.
    pub fn local(path: &str) -> Self {
        let path: Option<Arc<str>> = Some(path.into());
        let mut file = LocalFile::default();
        if cfg!(windows) {
            file.windows = path;
        } else if cfg!(target_os = "macos") {
            file.mac = path;
        } else {
            file.linux = path;
        }
        Self::new(FilePlace::Local(file), "")
    }

    /// A file by its path below a `LocalStorage`, for writing.
    pub fn below(storage: EntityRef, relative_path: &str) -> Self {
        let file = LocalFile {
            storage: Some(storage),
            relative_path: Some(relative_path.into()),
            ..LocalFile::default()
        };
        Self::new(FilePlace::Local(file), "")
    }

    fn new(place: FilePlace, name: &str) -> Self {
        Self {
            place,
            name: name.into(),
            content_type: None,
            attachment: None,
        }
    }

    /// Reads what is on the wire.
    pub(in crate::shotgun) fn read(json: &Json) -> Option<Self> {
        let text = |key: &str| json.get(key).and_then(Json::as_str).map(Arc::from);
        let place = match json.get("link_type")?.as_str()? {
            "upload" => FilePlace::Upload { url: text("url")? },
            // One page of the vendor's documents calls it so.
            "web" | "url" => FilePlace::Web { url: text("url")? },
            "local" => FilePlace::Local(LocalFile {
                storage: json.get("local_storage").and_then(storage),
                relative_path: text("relative_path"),
                linux: text("local_path_linux"),
                mac: text("local_path_mac"),
                windows: text("local_path_windows"),
            }),
            _ => return None,
        };
        Some(Self {
            place,
            name: text("name").unwrap_or_default(),
            content_type: text("content_type"),
            attachment: json.get("id").and_then(Json::as_u64).map(EntityId),
        })
    }

    /// What a site takes: the shortest form of each kind.
    fn to_json(&self) -> Json {
        let mut json = match &self.place {
            FilePlace::Upload { url } => match self.attachment {
                Some(EntityId(id)) => json!({"type": "Attachment", "id": id, "url": url}),
                None => json!({ "url": url }),
            },
            FilePlace::Web { url } => json!({ "url": url }),
            FilePlace::Local(file) => match (file.path(), &file.storage, &file.relative_path) {
                (_, Some(storage), Some(path)) => {
                    json!({ "relative_path": path, "local_storage": storage })
                }
                (path, _, _) => json!({ "local_path": path }),
            },
        };
        if !self.name.is_empty() {
            json["name"] = Json::from(&*self.name);
        }
        json
    }
}

fn storage(json: &Json) -> Option<EntityRef> {
    use serde::Deserialize as _;
    EntityRef::deserialize(json).ok()
}

/// For writing. A new file is written by uploading it; one that was read names its Attachment, and stays that.
impl From<FileLink> for Value {
    fn from(file: FileLink) -> Self {
        Self::Json(Box::new(file.to_json()))
    }
}
