//! What callers need at the next start of a site that is kept: sessions, used codes, the states of files.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use callboard::sandbox::{FileState, LoginOptions, Options, Seed, export};
use serde_json::{Value as Json, json};

use super::form::Form;
use super::storage::open_with;
use super::{Line, read, wait_until};

/// The code of the fault that a call ends in; null if it does not.
fn tried(line: &mut Line, auth: &Json) -> Json {
    let answer = line.call_as(auth, "read", &read("Project", &[], 1));
    answer["error_code"].clone()
}

#[test]
fn sessions_codes_and_states_of_files_outlive_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let strict = Options {
        logins: LoginOptions {
            one_time_codes: ["111222", "333444"]
                .map(|code| ("mira".to_owned(), code.to_owned()))
                .to_vec(),
            session_calls: Some(3),
            ..LoginOptions::default()
        },
        seed: Seed::Small,
        data: Some(folder.path().to_owned()),
        users: vec![("mira".to_owned(), "moon".to_owned())],
        ..Options::default()
    };
    let person =
        |code: &str| json!({"user_login": "mira", "user_password": "moon", "auth_token": code});
    let sandbox = open_with(&strict);
    let mut line = Line::open(&sandbox);
    let token = line.call_as(&person("111222"), "get_session_token", &Json::Null);
    let token = token["results"]["session_id"].as_str().unwrap().to_owned();
    let session = json!({"session_token": token});
    assert_eq!(tried(&mut line, &session), Json::Null);
    let file = line.upload(&Form::about("Shot", 1).file("file", "a.mov", b"a"));
    assert!(sandbox.set_file_state(file as u32, FileState::Quarantined));
    drop(sandbox);

    let sandbox = open_with(&strict);
    let mut line = Line::open(&sandbox);
    assert_eq!(
        line.get(&format!("/file_serve/attachment/{file}")).status,
        410
    );
    assert_eq!(tried(&mut line, &person("111222")), 102, "used before");
    assert_eq!(tried(&mut line, &person("333444")), Json::Null);
    assert_eq!(tried(&mut line, &session), Json::Null);
    assert_eq!(tried(&mut line, &session), Json::Null);
    assert_eq!(
        tried(&mut line, &session),
        102,
        "three calls, whatever the start"
    );
    let token = sandbox.open_session("mira").unwrap();
    let session = json!({"session_token": token});
    sandbox.expire_sessions();
    drop(sandbox);

    let sandbox = open_with(&strict);
    assert_eq!(
        tried(&mut Line::open(&sandbox), &session),
        102,
        "an end is kept, too"
    );
    drop(sandbox);
    let exported = tempfile::tempdir().unwrap();
    wait_until("the folder is free", || {
        match export(&strict, exported.path()) {
            Ok(()) => true,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ResourceBusy, "{error}");
                false
            }
        }
    });
    for folder in [folder.path(), exported.path()] {
        is_without(folder, &[&token, "111222", "333444"]);
    }
    assert!(
        !exported.path().join("beside.json").exists(),
        "what callers need is for nobody else"
    );
}

/// Sees to it that none of the secrets is in a file of the folder.
fn is_without(folder: &Path, secrets: &[&str]) {
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    for file in files.filter(|file| file.is_file()) {
        let written = fs::read(&file).unwrap();
        for secret in secrets {
            let mut parts = written.windows(secret.len());
            assert!(
                !parts.any(|part| part == secret.as_bytes()),
                "{secret} in {}",
                file.display()
            );
        }
    }
}
