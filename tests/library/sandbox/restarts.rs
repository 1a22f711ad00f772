//! What callers need at the next start of a site that is kept: sessions, used codes, the states of files.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use callboard::sandbox::{FileState, LoginOptions, Options, Sandbox, Seed, export};
use serde_json::{Value as Json, json};

use super::form::Form;
use super::storage::open_with;
use super::{Line, read, wait_until};

/// A site where people need a code, and sessions last for three calls.
fn strict(folder: &Path) -> Options {
    let codes = ["111222", "333444"].map(|code| ("mira".to_owned(), code.to_owned()));
    Options {
        logins: LoginOptions {
            one_time_codes: codes.to_vec(),
            session_calls: Some(3),
            ..LoginOptions::default()
        },
        seed: Seed::Small,
        data: Some(folder.to_owned()),
        users: vec![("mira".to_owned(), "moon".to_owned())],
        ..Options::default()
    }
}

fn mira(code: &str) -> Json {
    json!({"user_login": "mira", "user_password": "moon", "auth_token": code})
}

fn session(sandbox: &Sandbox, auth: &Json) -> String {
    let answer = Line::open(sandbox).call_as(auth, "get_session_token", &Json::Null);
    answer["results"]["session_id"].as_str().unwrap().to_owned()
}

/// The code of the fault that a call ends in; null if it does not.
fn tried(sandbox: &Sandbox, auth: &Json) -> Json {
    let read = read("Project", &[], 1);
    Line::open(sandbox).call_as(auth, "read", &read)["error_code"].clone()
}

#[test]
fn sessions_and_used_codes_outlive_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open_with(&strict(folder.path()));
    let token = json!({"session_token": session(&sandbox, &mira("111222"))});
    assert_eq!(tried(&sandbox, &token), Json::Null);
    drop(sandbox);

    let sandbox = open_with(&strict(folder.path()));
    assert_eq!(tried(&sandbox, &mira("111222")), 102, "used before");
    assert_eq!(tried(&sandbox, &mira("333444")), Json::Null);
    let calls = [(); 3].map(|()| tried(&sandbox, &token));
    assert_eq!(
        calls,
        [Json::Null, Json::Null, json!(102)],
        "it has three calls, whatever the start"
    );
    let other = json!({"session_token": sandbox.open_session("mira").unwrap()});
    sandbox.expire_sessions();
    drop(sandbox);

    let sandbox = open_with(&strict(folder.path()));
    assert_eq!(tried(&sandbox, &other), 102, "an end is kept, too");
}

#[test]
fn the_state_of_a_file_outlives_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open_with(&strict(folder.path()));
    let form = Form::about("Shot", 1).file("file", "a.mov", b"a");
    let [first, second] = [(); 2].map(|()| Line::open(&sandbox).upload(&form));
    for (id, state) in [
        (first, FileState::Quarantined),
        (second, FileState::Scanning),
        (second, FileState::Ready),
    ] {
        assert!(sandbox.set_file_state(u32::try_from(id).unwrap(), state));
    }
    drop(sandbox);

    let sandbox = open_with(&strict(folder.path()));
    for (id, status) in [(first, 410), (second, 302)] {
        let path = format!("/file_serve/attachment/{id}");
        assert_eq!(Line::open(&sandbox).get(&path).status, status);
    }
}

#[test]
fn no_secret_is_in_the_folder_nor_in_an_export() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open_with(&strict(folder.path()));
    let token = session(&sandbox, &mira("111222"));
    drop(sandbox);
    let exported = tempfile::tempdir().unwrap();
    wait_until("the folder is free", || {
        match export(&strict(folder.path()), exported.path()) {
            Ok(()) => true,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ResourceBusy, "{error}");
                false
            }
        }
    });
    for folder in [folder.path(), exported.path()] {
        is_without(folder, &[&token, "111222", "moon"]);
    }
    assert!(
        !exported.path().join("beside.json").exists(),
        "what callers need is for nobody else"
    );
}

/// Sees to it that none of the secrets is in a file of the folder.
fn is_without(folder: &Path, secrets: &[&str]) {
    let entries = fs::read_dir(folder).unwrap();
    let files = entries.map(|entry| entry.unwrap().path());
    for file in files.filter(|file| file.is_file()) {
        let written = fs::read(&file).unwrap();
        for secret in secrets {
            let mut parts = written.windows(secret.len());
            let is_there = parts.any(|part| part == secret.as_bytes());
            assert!(!is_there, "{secret} is in {}", file.display());
        }
    }
}
