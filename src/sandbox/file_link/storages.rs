//! The studio's disks: rows of `LocalStorage`, each with its path on every platform that has one.

use std::cmp::Reverse;

use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref};

/// A platform that paths are written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Platform {
    Linux,
    Mac,
    Windows,
}

impl Platform {
    pub(super) const ALL: [Self; 3] = [Self::Linux, Self::Mac, Self::Windows];

    /// The field of a storage that says where it is.
    fn root(self) -> &'static str {
        match self {
            Self::Linux => "linux_path",
            Self::Mac => "mac_path",
            Self::Windows => "windows_path",
        }
    }

    /// The key under which a link tells the whole path.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Linux => "local_path_linux",
            Self::Mac => "local_path_mac",
            Self::Windows => "local_path_windows",
        }
    }

    /// Either separator will do on Windows, but a backslash on the others is a character like any other.
    fn separators(self) -> &'static [char] {
        match self {
            Self::Linux | Self::Mac => &['/'],
            Self::Windows => &['\\', '/'],
        }
    }

    /// What is left of `path` below `root`, with slashes. Nothing if it is not below it, or leads out again.
    fn below(self, root: &str, path: &str) -> Option<String> {
        let root = root.trim_end_matches(self.separators());
        let (start, rest) = path.split_at_checked(root.len())?;
        if self.tidy(start) != self.tidy(root) || !rest.starts_with(self.separators()) {
            return None;
        }
        let rest = match self {
            Self::Linux | Self::Mac => rest.to_owned(),
            Self::Windows => rest.replace('\\', "/"),
        };
        relative(&rest)
    }

    /// A path as it is compared: on Windows neither the case nor the sort of separators matters.
    fn tidy(self, path: &str) -> String {
        match self {
            Self::Linux | Self::Mac => path.to_owned(),
            Self::Windows => path.replace('\\', "/").to_ascii_lowercase(),
        }
    }

    /// The whole path of what is at `rest` below `root`.
    fn join(self, root: &str, rest: &str) -> String {
        let root = root.trim_end_matches(self.separators());
        match self {
            Self::Linux | Self::Mac => format!("{root}/{rest}"),
            Self::Windows => format!("{root}\\{}", rest.replace('/', "\\")),
        }
    }
}

/// A path below a storage as it is kept. Nothing if it is none, or leads out of there.
pub(super) fn relative(path: &str) -> Option<String> {
    let path = path.trim_matches('/');
    let leads_out = path.split('/').any(|part| part == "..");
    (!path.is_empty() && !leads_out).then(|| path.to_owned())
}

/// The storage that `path` lies under, and the path from there on. Where one lies in another, it is the inner one.
pub(super) fn find(store: &Store, path: &str) -> Option<(Ref, String)> {
    let rows = kind(store).map_or(&[][..], |kind| store.rows(kind));
    let living = rows.iter().filter(|row| !row.retired);
    let all = living.flat_map(|row| Platform::ALL.map(|platform| (row, platform)));
    let holding = all.filter_map(|(row, platform)| {
        let root = root(store, row, platform)?;
        Some((row.at, root.len(), platform.below(root, path)?))
    });
    let innermost = holding.max_by_key(|(at, depth, _)| (*depth, Reverse(at.id)));
    innermost.map(|(at, _, rest)| (at, rest))
}

/// The path of what is at `rest` below a storage on a platform. Nothing if that platform has no path to it.
pub(super) fn path(store: &Store, storage: &Row, platform: Platform, rest: &str) -> Option<String> {
    Some(platform.join(root(store, storage, platform)?, rest))
}

/// The type of storages.
pub(super) fn kind(store: &Store) -> Option<Kind> {
    store.schema().kind("LocalStorage")
}

fn root<'a>(store: &Store, storage: &'a Row, platform: Platform) -> Option<&'a str> {
    let entity = store.schema().entity(storage.at.kind);
    storage.values[entity.field_index(platform.root())?].as_text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_below_a_root_by_whole_names() {
        let linux = |root, path| Platform::Linux.below(root, path);
        let rest = Some("a.exr".to_owned());
        assert_eq!(linux("/mnt/p", "/mnt/p/a.exr"), rest);
        assert_eq!(linux("/mnt/p/", "/mnt/p//a.exr"), rest);
        assert_eq!(linux("/", "/a.exr"), rest);
        assert_eq!(linux("/mnt", "/mnt/p/dir/"), Some("p/dir".to_owned()));
        for other in [
            "/mnt/p",
            "/mnt/p/",
            "/mnt/pp/a",
            "/MNT/p/a",
            "mnt/p/a",
            "",
            "/mnt/p/../a",
        ] {
            assert_eq!(linux("/mnt/p", other), None, "{other}");
        }
        assert_eq!(linux("/mnt/é", "/mnt/e"), None);
        let windows = |root, path| Platform::Windows.below(root, path);
        for path in ["P:\\show\\a.exr", "p:/SHOW/a.exr", "P:\\Show/a.exr"] {
            assert_eq!(windows("P:\\show\\", path), rest, "{path}");
        }
        assert_eq!(windows("P:\\show", "P:\\show\\..\\a"), None);
        assert_eq!(Platform::Windows.join("P:\\", "a/b"), "P:\\a\\b");
        assert_eq!(Platform::Mac.join("/", "a/b"), "/a/b");
    }
}
