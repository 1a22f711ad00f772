//! Arrows point downward only: who may name whom, read from the source.
//!
//! Comments and strings do not count; `#[cfg(test)]` modules do. Macros that other crates expand are not looked into.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

use std::fs;
use std::path::Path;

/// Each layer, and the layers it may name besides itself.
const LAYERS: [(&str, &[&str]); 11] = [
    // The root only lists the others; `main` only calls `cli`.
    ("lib", &[]),
    ("main", &["cli"]),
    // Pages without code.
    ("guide", &[]),
    (
        "cli",
        &["app", "compare", "calls", "offload", "shotgun", "sandbox"],
    ),
    (
        "app",
        &["compare", "calls", "offload", "shotgun", "sandbox", "ui"],
    ),
    ("compare", &["calls", "offload", "shotgun"]),
    ("calls", &["offload", "shotgun"]),
    ("offload", &[]),
    ("shotgun", &[]),
    ("sandbox", &[]),
    ("ui", &[]),
];

/// Crates that stay inside their fences: files or folders below `src`.
const FENCES: [(&str, &[&str]); 13] = [
    ("ureq", &["shotgun/agent.rs", "shotgun/transport/"]),
    ("rayon", &["offload/"]),
    ("poll_promise", &["offload/"]),
    ("egui", &["ui/", "app/", "cli/window.rs"]),
    ("egui_extras", &["ui/", "app/"]),
    ("egui_material_icons", &["ui/", "app/"]),
    ("eframe", &["app/", "cli/window.rs"]),
    ("winit", &["app/", "cli/window.rs"]),
    ("httparse", &["sandbox/"]),
    (
        "rustls",
        &[
            "shotgun/transport/",
            "sandbox/tls.rs",
            "sandbox/http/stream.rs",
        ],
    ),
    // The second place is in its tests.
    ("rcgen", &["sandbox/tls.rs", "shotgun/transport/roots.rs"]),
    ("rusqlite", &["sandbox/persist/"]),
    ("anyhow", &["cli/", "main.rs"]),
];

#[test]
fn arrows_point_downward_only() {
    let mut violations = Vec::new();
    let files = sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")));
    assert!(files.len() > 50, "only {} files were found", files.len());
    for (path, source) in &files {
        violations.extend(violations_of(path, source));
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

/// A file, what stands in it, and what it must not name.
const PLANTED: [(&str, &str, &str); 16] = [
    (
        "offload/job.rs",
        "use crate::shotgun::Client;",
        "crate::shotgun",
    ),
    (
        "calls/log.rs",
        "fn f() { crate :: app::run() }",
        "crate::app",
    ),
    (
        "compare/run.rs",
        "use crate::{calls::{Figures, app}, cli::Args};",
        "crate::cli",
    ),
    (
        "ui/table.rs",
        "use super::super::offload::Job;",
        "crate::offload",
    ),
    ("sandbox/mod.rs", "use super::shotgun::Value;", "shotgun"),
    (
        "shotgun/methods/find.rs",
        "use super::super::super::sandbox;",
        "sandbox",
    ),
    (
        "shotgun/methods/mod.rs",
        "use super::super::{calls::Log, find::Find};",
        "calls",
    ),
    ("calls/log.rs", "use crate::*;", "crate::*"),
    ("calls/log.rs", "use crate::helpers::x;", "crate::helpers"),
    ("main.rs", "fn main() { callboard::app::run() }", "app"),
    (
        "calls/log.rs",
        "fn f(_: &'static str, c: char) -> bool { c == '\"' || ureq::get() }",
        "ureq",
    ),
    (
        "shotgun/client.rs",
        "use ureq::{Agent, Error as E};",
        "ureq",
    ),
    ("app/state.rs", "use rayon;", "rayon"),
    (
        "app/state.rs",
        "#[cfg(test)] mod tests { use poll_promise as promise; }",
        "poll_promise",
    ),
    ("calls/frames.rs", "struct F(egui::Rect); /* and */", "egui"),
    ("extra/mod.rs", "", "extra"),
];

#[test]
fn a_planted_violation_is_found() {
    for (path, source, named) in PLANTED {
        let found = violations_of(path, source);
        assert_eq!(found.len(), 1, "{source} in {path}: {found:?}");
        assert!(
            found[0].starts_with(path) && found[0].contains(named),
            "{found:?}"
        );
    }
}

#[test]
fn what_is_allowed_commented_out_or_quoted_is_no_violation() {
    for (path, source) in [
        (
            "app/state.rs",
            "use crate::{calls::{Recorder, Snapshot}, ui, shotgun::Error, app::cell}; use crate::sandbox::Sandbox;",
        ),
        (
            "offload/executor.rs",
            "use rayon::ThreadPool; use super::cancel::Stop; use crate::offload::Job;",
        ),
        (
            "shotgun/transport/wrapped.rs",
            "use ureq::Error; use super::super::phases::Marks;",
        ),
        (
            "shotgun/site.rs",
            "mod tests { use super::super::site::Site; } // crate::app",
        ),
        (
            "calls/log.rs",
            "/* crate::app /* ureq:: */ rayon:: */ const A: &str = \"crate::app \\\" ureq::\"; const B: &str = r#\"a \" rayon::\"#;",
        ),
        (
            "calls/log.rs",
            "/// See [`crate::app`] and [`ureq::Agent`].\nfn f<'a>(x: &'a str) -> bool { self.ureq::<u8>() }",
        ),
        (
            "ui/mod.rs",
            "use egui::Ui; pub use eframe_like::x; my::egui::y;",
        ),
    ] {
        assert_eq!(
            violations_of(path, source),
            Vec::<String>::new(),
            "{source} in {path}"
        );
    }
}

/// Every `.rs` file below `root`, with its path from there.
fn sources(root: &Path) -> Vec<(String, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                found.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// What a file names and may not, one line each.
fn violations_of(path: &str, source: &str) -> Vec<String> {
    let layer = path.split('/').next().unwrap_or_default();
    let layer = layer.strip_suffix(".rs").unwrap_or(layer);
    let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
        return vec![format!("{path}: `{layer}` is not in the list of layers")];
    };
    let tokens = tokens(source);
    let mut violations = Vec::new();
    for (at, root) in roots(path, &tokens) {
        for name in names_at(&tokens, at) {
            let known = LAYERS.iter().any(|(known, _)| *known == name);
            // `super` may stand in a module of its own within the file: only layers count.
            let matters = known || root != "super";
            if matters && name != layer && !allowed.contains(&name) {
                violations.push(format!("{path}: crate::{name}"));
            }
        }
    }
    for (at, token) in tokens.iter().enumerate() {
        let named = FENCES.iter().find(|(name, _)| name == token);
        let Some((name, fences)) = named.filter(|_| is_crate_name(&tokens, at)) else {
            continue;
        };
        if !fences.iter().any(|fence| path.starts_with(fence)) {
            violations.push(format!("{path}: {name}"));
        }
    }
    violations
}

/// Where paths from the root of the crate go on, and what they began with.
fn roots<'a>(path: &str, tokens: &[&'a str]) -> Vec<(usize, &'a str)> {
    let folders = path.matches('/').count();
    // `super` of `a/mod.rs` is the root, and `super::super` of `a/b.rs`.
    let depth = folders + usize::from(!path.ends_with("mod.rs"));
    let mut roots = Vec::new();
    let mut supers = 0;
    for (at, token) in tokens.iter().enumerate() {
        let goes_on = tokens.get(at + 1) == Some(&"::");
        match *token {
            "crate" | "callboard" if goes_on => roots.push((at + 2, *token)),
            "super" if goes_on => {
                supers += 1;
                let is_last = tokens.get(at + 2) != Some(&"super");
                if is_last && supers >= depth && folders > 0 {
                    roots.push((at + 2, *token));
                }
            }
            "::" => continue,
            _ => {}
        }
        if *token != "super" {
            supers = 0;
        }
    }
    roots
}

/// The first names of a path or of a group of paths.
fn names_at<'a>(tokens: &[&'a str], at: usize) -> Vec<&'a str> {
    if tokens.get(at) != Some(&"{") {
        return tokens.get(at).copied().into_iter().collect();
    }
    let (mut names, mut depth, mut is_first) = (Vec::new(), 0, false);
    for token in &tokens[at..] {
        match *token {
            "{" => {
                depth += 1;
                is_first = depth == 1;
            }
            "}" => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            "," => is_first = depth == 1,
            name => {
                if is_first && name != "self" {
                    names.push(name);
                }
                is_first = false;
            }
        }
    }
    names
}

/// Whether an identifier stands where only the name of a crate can: not after a dot or within a path.
fn is_crate_name(tokens: &[&str], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| tokens.get(before));
    let after = tokens.get(at + 1).copied().unwrap_or_default();
    let is_used = before == Some(&"use") && matches!(after, ";" | "as");
    let is_inner = matches!(before, Some(&"::" | &"."));
    is_used || (after == "::" && !is_inner)
}

/// Identifiers, `::` and single signs of the code, without comments and strings.
fn tokens(source: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let word = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        let skipped = skipped(rest);
        let length = if skipped > 0 {
            skipped
        } else if word > 0 {
            tokens.push(&rest[..word]);
            word
        } else if rest.starts_with("::") {
            tokens.push("::");
            2
        } else {
            let length = first.len_utf8();
            if !first.is_whitespace() {
                tokens.push(&rest[..length]);
            }
            length
        };
        rest = &rest[length..];
    }
    tokens
}

/// How long the comment, string or character is that stands here; 0 if there is none.
fn skipped(rest: &str) -> usize {
    let past = |from: usize, end: &str| {
        rest[from..]
            .find(end)
            .map_or(rest.len(), |at| from + at + end.len())
    };
    if rest.starts_with("//") {
        return past(2, "\n");
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    if let Some(raw) = rest
        .strip_prefix("r")
        .or_else(|| rest.strip_prefix("br"))
        .filter(|raw| raw.trim_start_matches('#').starts_with('"'))
    {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let start = rest.len() - raw.len() + hashes + 1;
        return past(start, &format!("\"{}", "#".repeat(hashes)));
    }
    let mut chars = rest.char_indices();
    match chars.next() {
        Some((_, '"')) => quoted(rest, '"'),
        // A character, and not a lifetime.
        Some((_, '\'')) if chars.next().is_some_and(|(_, c)| c == '\\') => quoted(rest, '\''),
        Some((_, '\'')) if chars.next().is_some_and(|(_, c)| c == '\'') => quoted(rest, '\''),
        _ => 0,
    }
}

fn quoted(rest: &str, end: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == end => return at + c.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let tail = &rest.as_bytes()[at..];
        if tail.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}
