//! What outlives a sandbox: the data folder, start after start.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use callboard::sandbox::{FileOptions, Options, Sandbox, Seed, is_data_folder};
use serde_json::{Value as Json, json};

use super::form::{Form, PNG};
use super::{Line, header, read, wait_until};

fn options(folder: &Path) -> Options {
    Options {
        seed: Seed::Small,
        data: Some(folder.to_owned()),
        users: vec![("mira".to_owned(), "moon".to_owned())],
        files: FileOptions {
            pending_looks: 0,
            ..FileOptions::default()
        },
        ..Options::default()
    }
}

/// A sandbox on a folder that another one may be about to leave.
fn open(folder: &Path) -> Sandbox {
    open_with(&options(folder))
}

/// The same, with other options.
pub fn open_with(options: &Options) -> Sandbox {
    let mut opened = None;
    wait_until("the folder is free", || {
        match Sandbox::with(options.clone()) {
            Ok(sandbox) => opened = Some(sandbox),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ResourceBusy, "{error}"),
        }
        opened.is_some()
    });
    opened.unwrap()
}

/// Why it does not start.
fn refusal(folder: &Path) -> String {
    let mut refusal = None;
    wait_until("the folder is free", || {
        let error = Sandbox::with(options(folder)).unwrap_err();
        let is_busy = error.kind() == ErrorKind::ResourceBusy;
        refusal = Some(error.to_string());
        !is_busy
    });
    refusal.unwrap()
}

/// All that can be read: every field of every row, and the schema. Addresses without the host.
fn everything(sandbox: &Sandbox, line: &mut Line) -> Json {
    let mut all = json!({"schema": line.call("schema_read", &json!({"project": {"type": "Project", "id": 1}}))});
    let types: Vec<(String, Vec<String>)> = all["schema"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, fields)| {
            (
                name.clone(),
                fields.as_object().unwrap().keys().cloned().collect(),
            )
        })
        .collect();
    for (name, fields) in types {
        for rows in ["active", "retired"] {
            let mut argument = read(&name, &fields, 5000);
            argument["return_only"] = rows.into();
            all[format!("{rows} {name}")] = line.call("read", &argument)["entities"].take();
        }
    }
    let person = json!({"user": {"type": "HumanUser", "id": 1}});
    all["following"] = line.call("following", &person);
    all["licenses"] = line.call("user_subscriptions_read", &Json::Null);
    let days = json!({"start_date": "2026-12-24", "end_date": "2026-12-26"});
    all["days"] = line.call("work_schedule_read", &days);
    let text = all.to_string().replace(&sandbox.url(), "http://site");
    serde_json::from_str(&text).unwrap()
}

/// A change of every sort.
fn change(line: &mut Line) {
    let shot = json!({"code": "KEPT", "project": {"type": "Project", "id": 1}, "assets": [{"type": "Asset", "id": 2}]});
    let id = line.create("Shot", &shot);
    line.update(
        "Shot",
        1,
        "description",
        &json!("夜 \"quoted\"\nand broken"),
    );
    line.update("Project", 1, "sg_budget", &json!(2.5));
    line.call("delete", &json!({"type": "Shot", "id": 2}));
    let properties = json!([{"property_name": "name", "value": "Mood"}, {"property_name": "valid_values", "value": ["calm", "wild"]}]);
    let field = json!({"type": "Shot", "data_type": "list", "properties": properties});
    let field = line.call("schema_field_create", &field);
    line.update("Shot", id, field.as_str().unwrap(), &json!("wild"));
    let gone = json!({"type": "Asset", "data_type": "text", "properties": [{"property_name": "name", "value": "Gone"}]});
    line.call("schema_field_create", &gone);
    line.update("Asset", 1, "sg_gone", &json!("out of sight"));
    line.call(
        "schema_field_delete",
        &json!({"type": "Asset", "field_name": "sg_gone"}),
    );
    let hidden = json!({"type": "Shot", "field_name": "head_in", "properties": [{"property_name": "visible", "value": false}], "project": {"type": "Project", "id": 1}});
    line.call("schema_field_update", &hidden);
    let user = json!({"type": "HumanUser", "id": 1});
    line.call(
        "follow",
        &json!({"user": user, "entity": {"type": "Shot", "id": 1}}),
    );
    line.call(
        "work_schedule_update",
        &json!({"date": "2026-12-25", "working": false, "description": "Feast"}),
    );
    line.call(
        "user_subscriptions_create",
        &json!({"users": [{"humanUserId": 1, "subscription": "None"}]}),
    );
    line.call(
        "update_project_last_accessed_by_current_user",
        &json!({"project_id": 1}),
    );
    line.upload(&Form::about("Shot", 1).file("thumb_image", "thumb.png", PNG));
    line.upload(
        &Form::about("Version", 1)
            .field("field_name", "sg_uploaded_movie")
            .file("file", "take.mov", b"a movie"),
    );
}

#[test]
fn a_restart_brings_everything_back() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("deep/site");
    assert!(!is_data_folder(&site));
    let sandbox = open(&site);
    let mut line = Line::open(&sandbox);
    change(&mut line);
    let before = everything(&sandbox, &mut line);
    assert!(before.to_string().contains("夜") && before["days"].to_string().contains("Feast"));
    drop((line, sandbox));
    assert!(is_data_folder(&site));

    let sandbox = open(&site);
    let mut line = Line::open(&sandbox);
    let after = everything(&sandbox, &mut line);
    for (name, before) in before.as_object().unwrap() {
        assert_eq!(after[name], *before, "{name}");
    }
    let mira = json!({"user_login": "mira", "user_password": "moon"});
    assert_eq!(
        line.call_as(&mira, "read", &read("Shot", &[], 1))
            .get("exception"),
        None
    );
    let picture = line.value("Shot", 1, "image");
    let path = picture
        .as_str()
        .unwrap()
        .strip_prefix(&sandbox.url())
        .unwrap()
        .to_owned();
    assert_eq!(line.get(&path).body, PNG);
    let movie = line.value("Version", 1, "sg_uploaded_movie")["url"].take();
    let path = movie
        .as_str()
        .unwrap()
        .strip_prefix(&sandbox.url())
        .unwrap()
        .to_owned();
    let link = line.get(&path);
    let link = header(&link.head, "location")
        .unwrap()
        .strip_prefix(&sandbox.url())
        .unwrap()
        .to_owned();
    assert_eq!(line.get(&link).body, b"a movie");
    // And it goes on from there.
    let events = after["active EventLogEntry"].as_array().unwrap().len();
    assert_eq!(
        line.create(
            "Shot",
            &json!({"code": "NEXT", "project": {"type": "Project", "id": 1}})
        ),
        42
    );
    assert!(
        everything(&sandbox, &mut line)["active EventLogEntry"]
            .as_array()
            .unwrap()
            .len()
            > events
    );
}

#[test]
fn a_site_that_is_kept_is_not_seeded_again() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let mut empty = options(folder.path());
    empty.seed = Seed::Empty;
    let mut sandbox = None;
    wait_until("the folder is free", || {
        sandbox = Sandbox::with(empty.clone()).ok();
        sandbox.is_some()
    });
    let sandbox = sandbox.unwrap();
    assert_eq!(
        Line::open(&sandbox).value("Project", 1, "name"),
        "Polar Night"
    );
}

#[test]
fn a_new_password_holds_and_an_old_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path());
    let mut line = Line::open(&sandbox);
    line.update("HumanUser", 2, "password_proxy", &json!("new one"));
    let login = line.value("HumanUser", 2, "login");
    drop((line, sandbox));
    let sandbox = open(folder.path());
    let mut line = Line::open(&sandbox);
    for (password, is_let_in) in [("new one", true), ("old one", false)] {
        let auth = json!({"user_login": login, "user_password": password});
        let answer = line.call_as(&auth, "read", &read("Shot", &[], 1));
        assert_eq!(answer.get("exception").is_none(), is_let_in, "{answer}");
    }
}

#[test]
fn a_folder_in_use_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    let error = Sandbox::with(options(folder.path())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ResourceBusy);
    let text = error.to_string();
    assert!(
        text.contains("in use") && text.contains(folder.path().to_str().unwrap()),
        "{text}"
    );
    assert_eq!(
        Line::open(&first).value("Project", 1, "name"),
        "Polar Night"
    );
}

#[test]
fn a_folder_of_a_newer_version_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    wait_until("the folder is free", || {
        Sandbox::with(options(folder.path())).is_ok()
    });
    let file = folder.path().join("site.sqlite3");
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    drop(connection);
    let text = refusal(folder.path());
    assert!(
        text.contains("newer version") && text.contains("its format is 2"),
        "{text}"
    );
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    drop(connection);
    drop(open(folder.path()));
}

#[test]
fn a_file_that_is_no_site_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("site.sqlite3");
    let garbage = "not a database, but long enough to be read as one ".repeat(100);
    fs::write(&file, &garbage).unwrap();
    let text = refusal(folder.path());
    assert!(
        text.contains("no site to be read") && text.contains("not a database"),
        "{text}"
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), garbage);

    fs::remove_file(&file).unwrap();
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE theirs (x)").unwrap();
    drop(other);
    let text = refusal(folder.path());
    assert!(text.contains("another program's"), "{text}");
}

#[test]
fn a_broken_row_is_named() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    for (damage, named) in [
        (
            r#"UPDATE rows SET fields = '{"code":7}' WHERE type = 'Shot' AND id = 3"#,
            "Shot 3: code is not a text",
        ),
        (
            "DELETE FROM rows WHERE type = 'Shot' AND id = 3",
            "a Shot before 4 is missing",
        ),
        (
            "INSERT INTO rows VALUES ('Aardvark', 1, 0, '{}')",
            "no type 'Aardvark'",
        ),
    ] {
        let connection = rusqlite::Connection::open(folder.path().join("site.sqlite3")).unwrap();
        connection.execute_batch(damage).unwrap();
        drop(connection);
        let text = refusal(folder.path());
        assert!(text.contains(named), "{text}");
    }
}

#[test]
fn a_write_that_cannot_be_kept_is_refused_and_never_happened() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = open(folder.path());
    let mut line = Line::open(&sandbox);
    let connection = rusqlite::Connection::open(folder.path().join("site.sqlite3")).unwrap();
    connection
        .execute_batch("CREATE TRIGGER full BEFORE INSERT ON rows WHEN NEW.type = 'Shot' BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
        .unwrap();
    drop(connection);
    let before = everything(&sandbox, &mut line);
    let auth = json!({"script_name": "callboard", "script_key": "sandbox"});
    let argument =
        json!({"type": "Shot", "id": 1, "fields": [{"field_name": "code", "value": "LOST"}]});
    let answer = line.call_as(&auth, "update", &argument);
    assert_eq!(answer["exception"], true);
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .contains("the disk is full"),
        "{answer}"
    );
    assert!(everything(&sandbox, &mut line) == before);
    line.update("Asset", 1, "code", &json!("KEPT"));
}
