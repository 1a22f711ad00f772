//! What the crate pulls in, as cargo sees it: no async runtime, and `offload` alone stays small.
//!
//! Nothing is downloaded, so only the crates of this machine's platform are looked at.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests may fail like tests"
)]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value as Json;

/// Async runtimes and executors, and what cannot do without one.
const REFUSED: [&str; 14] = [
    "tokio",
    "async-executor",
    "async-global-executor",
    "async-io",
    "async-std",
    "smol",
    "zbus",
    "futures-executor",
    "futures",
    "pollster",
    "hyper",
    "reqwest",
    "axum",
    "actix-rt",
];

/// Licenses that let anybody do nearly anything.
const PERMISSIVE: [&str; 13] = [
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "0BSD",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "Unlicense",
    "CDLA-Permissive-2.0",
    // Fonts.
    "OFL-1.1",
    "Ubuntu-font-1.0",
];

/// Crates of the tests alone whose license is not on the list: MPL-2.0, never shipped.
const TOLERATED_IN_TESTS: [&str; 1] = ["colored"];

#[test]
fn the_default_build_has_no_async_runtime() {
    let names = tree(&["-e", "normal"]);
    for expected in ["rayon", "poll-promise", "ureq", "eframe"] {
        assert!(
            names.contains(expected),
            "{expected} is missing in {names:?}"
        );
    }
    let refused: Vec<_> = REFUSED
        .iter()
        .filter(|name| names.contains(**name))
        .collect();
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn offload_alone_is_rayon_and_poll_promise_and_little_else() {
    let names = tree(&["-e", "normal", "--no-default-features"]);
    for expected in ["callboard", "rayon", "poll-promise", "parking_lot"] {
        assert!(
            names.contains(expected),
            "{expected} is missing in {names:?}"
        );
    }
    let too_much = [
        "ureq",
        "rustls",
        "serde",
        "serde_json",
        "egui",
        "eframe",
        "rusqlite",
        "clap",
        "tracing",
        "jiff",
        "image",
    ];
    for refused in too_much.iter().chain(&REFUSED) {
        assert!(!names.contains(*refused), "{refused} in {names:?}");
    }
    assert!(names.len() <= 20, "{} crates: {names:?}", names.len());
}

#[test]
fn every_license_is_permissive() {
    let shipped = tree(&["-e", "normal"]);
    let metadata: Json = serde_json::from_str(&cargo(&[
        "metadata",
        "--format-version",
        "1",
        "--filter-platform",
        &host(),
    ]))
    .unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(
        packages.len() > 100,
        "only {} packages were found",
        packages.len()
    );
    let refused: Vec<_> = packages
        .iter()
        .filter_map(|package| {
            let name = package["name"].as_str().unwrap();
            let license = package["license"].as_str().unwrap_or_default();
            let tolerated = TOLERATED_IN_TESTS.contains(&name) && !shipped.contains(name);
            (!tolerated && !is_permissive(license)).then(|| format!("{name}: {license}"))
        })
        .collect();
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn a_license_is_read_as_its_authors_mean_it() {
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "Apache-2.0 OR GPL-2.0-only",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
        "GPL-2.0 AND MIT OR ISC",
    ] {
        assert!(is_permissive(good), "{good}");
    }
    for bad in [
        "",
        "GPL-3.0",
        "MPL-2.0",
        "MIT AND GPL-3.0",
        "(MIT OR ISC) AND LGPL-2.1",
        "GPL-2.0 WITH Classpath-exception-2.0",
        "MIT MIT",
    ] {
        assert!(!is_permissive(bad), "{bad}");
    }
}

/// Names of the crates in a tree.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let host = host();
    let listed = ["tree", "--prefix", "none", "--target", &host];
    let text = cargo(&[&listed, arguments].concat());
    text.lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

/// The platform that cargo builds for on this machine.
fn host() -> String {
    let version = run(Command::new(env!("CARGO")).arg("-vV"));
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.unwrap().to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).args([
        "--offline",
        "--locked",
        "--manifest-path",
        concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
    ]);
    run(&mut command)
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Whether an SPDX expression leaves a way to use the crate under licenses of the list only.
fn is_permissive(license: &str) -> bool {
    let spaced = license
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = &words[..];
    any_of(&mut rest) == Some(true) && rest.is_empty()
}

fn any_of(words: &mut &[&str]) -> Option<bool> {
    let mut good = all_of(words)?;
    while let Some(rest) = words.strip_prefix(&["OR"]) {
        *words = rest;
        good |= all_of(words)?;
    }
    Some(good)
}

fn all_of(words: &mut &[&str]) -> Option<bool> {
    let mut good = one(words)?;
    while let Some(rest) = words.strip_prefix(&["AND"]) {
        *words = rest;
        good &= one(words)?;
    }
    Some(good)
}

fn one(words: &mut &[&str]) -> Option<bool> {
    let (first, rest) = words.split_first()?;
    *words = rest;
    if *first == "(" {
        let good = any_of(words)?;
        *words = words.strip_prefix(&[")"])?;
        return Some(good);
    }
    let mut name = (*first).to_owned();
    if let [with @ "WITH", exception, rest @ ..] = *words {
        name = format!("{name} {with} {exception}");
        *words = rest;
    }
    Some(PERMISSIVE.contains(&name.as_str()))
}
