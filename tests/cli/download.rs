//! `callboard download`.

use std::fs;
use std::path::Path;

use callboard::sandbox::{FileState, MethodFaults, Misbehavior, Options, Sandbox};
use callboard::shotgun::{EntityId, Upload};
use tempfile::TempDir;

use super::shell::{Shell, callboard, site};
use super::upload::{client, file};

/// A site with a file on it, and its id.
fn stored(content: &str) -> (Sandbox, EntityId) {
    let site = site(Options::default());
    let (_folder, path) = file("sh 010.mov", content);
    let id = client(&site)
        .upload(&Upload::new("Version", 3, path).field("sg_uploaded_movie"))
        .unwrap();
    (site, id)
}

/// In a folder of its own, which is empty.
fn download(site: &Sandbox, arguments: &[&str]) -> (TempDir, Shell) {
    let folder = tempfile::tempdir().unwrap();
    let url = site.url();
    let shell = callboard([&["download", "--site", &url], arguments].concat())
        .with_default_script()
        .folder(folder.path());
    (folder, shell)
}

/// What is in a folder: names and contents.
fn found(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let mut found: Vec<_> = entries
        .map(|entry| {
            let content = fs::read_to_string(entry.path()).unwrap();
            (entry.file_name().into_string().unwrap(), content)
        })
        .collect();
    found.sort();
    found
}

fn is(name: &str, content: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), content.to_owned())]
}

#[test]
fn a_file_lands_in_the_current_folder_under_its_own_name() {
    let (site, id) = stored("moving");
    let id = id.to_string();
    let url = format!("{}/file_serve/attachment/{id}", site.url());
    let path = format!("/file_serve/attachment/{id}");
    let name = "sh 010.mov";
    for source in [&id, &url, &path] {
        let (folder, shell) = download(&site, &[source]);
        let ran = shell.run().ok();
        assert_eq!(
            (ran.stdout, ran.stderr),
            (format!("{name}\n"), String::new())
        );
        assert_eq!(found(folder.path()), is(name, "moving"));
    }
}

#[test]
fn a_file_lands_where_it_is_told_to() {
    let (site, id) = stored("moving");
    let id = id.to_string();
    let (folder, shell) = download(&site, &[&id, "-o", "b.mov", "--timings"]);
    let ran = shell.run().ok();
    assert_eq!(ran.stdout, "b.mov\n");
    assert!(ran.stderr.contains(" ms = "), "{}", ran.stderr);
    assert_eq!(found(folder.path()), is("b.mov", "moving"));
    let other = tempfile::tempdir().unwrap();
    let (folder, shell) = download(&site, &[&id, "-o", other.path().to_str().unwrap()]);
    shell.run().ok();
    assert!(found(folder.path()).is_empty());
    assert_eq!(found(other.path()), is("sh 010.mov", "moving"));
}

#[test]
fn a_file_that_is_there_is_overwritten_only_when_that_is_said() {
    let (site, id) = stored("newer");
    let id = id.to_string();
    for more in [&[][..], &["-o", "sh 010.mov"]] {
        let (folder, shell) = download(&site, &[&[&*id], more].concat());
        fs::write(folder.path().join("sh 010.mov"), "older").unwrap();
        shell
            .run()
            .failed(1, &["sh 010.mov is there already", "--output", "--force"]);
        assert_eq!(found(folder.path()), is("sh 010.mov", "older"));
        let (folder, shell) = download(&site, &[&[&*id, "--force"], more].concat());
        fs::write(folder.path().join("sh 010.mov"), "older").unwrap();
        shell.run().ok();
        assert_eq!(found(folder.path()), is("sh 010.mov", "newer"));
    }
    assert_eq!(
        site.request_count("storage"),
        2,
        "what is not wanted is not fetched"
    );
}

#[test]
fn a_file_that_cannot_be_had_says_why_and_leaves_nothing() {
    let (site, id) = stored("moving");
    let number = u32::try_from(id.0).unwrap();
    let refused = |source: &str, parts: &[&str]| {
        let (folder, shell) = download(&site, &[source]);
        shell.run().failed(1, parts);
        assert!(found(folder.path()).is_empty());
    };
    let id = id.to_string();
    for (state, parts) in [
        (FileState::Scanning, ["is not ready yet", "Wait a moment"]),
        (FileState::Quarantined, ["Access is denied", "malware"]),
        (FileState::Expired, ["Request has expired", "Ask whoever"]),
    ] {
        site.set_file_state(number, state);
        refused(&id, &parts);
    }
    site.set_file_state(number, FileState::Ready);
    refused("90000", &["attachment/90000 is not there"]);
    let faults = MethodFaults {
        always: Some(Misbehavior::Truncate),
        ..MethodFaults::default()
    };
    site.faults().update(|plan| {
        plan.per_method.insert("storage".to_owned(), faults);
    });
    refused(&id, &["The answer was cut off after 3 bytes", "Try again"]);
}

#[test]
fn what_is_no_file_and_a_folder_that_is_not_there_are_pointed_out() {
    let ran = callboard(["download", "a.mov"]).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(
        ran.stderr
            .contains("neither the id of an attachment nor an address"),
        "{}",
        ran.stderr
    );
    let (site, id) = stored("moving");
    let (_folder, shell) = download(&site, &[&id.to_string(), "-o", "none/a.mov"]);
    shell.run().failed(1, &["none/a.mov: ", "Check the path"]);
}
