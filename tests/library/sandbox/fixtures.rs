//! Sites as JSON that people check in: written, read, and read with mistakes in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use callboard::sandbox::{Options, Sandbox, Seed, export};
use serde_json::json;

use super::{Line, read};

fn small() -> Options {
    Options {
        seed: Seed::Small,
        ..Options::default()
    }
}

fn fixtures(folder: &Path) -> Options {
    Options {
        fixtures: Some(folder.to_owned()),
        ..Options::default()
    }
}

fn texts(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let read = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        (name, fs::read_to_string(entry.path()).unwrap())
    };
    entries.map(read).collect()
}

#[test]
fn what_was_written_is_read_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("one"), folder.path().join("two"));
    export(&small(), &first).unwrap();
    export(&fixtures(&first), &second).unwrap();
    let (first_texts, second_texts) = (texts(&first), texts(&second));
    assert_eq!(
        first_texts.keys().collect::<Vec<_>>(),
        second_texts.keys().collect::<Vec<_>>()
    );
    assert!(first_texts.contains_key("Shot.json") && !first_texts.contains_key("Cut.json"));
    for (name, text) in &first_texts {
        assert!(*text == second_texts[name], "{name} differs");
        assert!(!text.contains('$'), "{name} has a password");
    }
    // The other ends of links are not in the files, and there all the same.
    let (one, two) = (
        Sandbox::with(small()).unwrap(),
        Sandbox::with(fixtures(&first)).unwrap(),
    );
    let (mut one, mut two) = (Line::open(&one), Line::open(&two));
    for (entity, fields) in [
        ("Sequence", ["shots", "tasks", "sg_versions", "assets"]),
        ("Shot", ["assets", "tasks", "sg_versions", "notes"]),
        ("Project", ["users", "name", "created_at", "created_by"]),
    ] {
        assert_eq!(
            one.row(entity, 1, &fields),
            two.row(entity, 1, &fields),
            "{entity}"
        );
    }
}

#[test]
fn an_export_of_a_changed_site_has_its_schema_and_its_marks() {
    let folder = tempfile::tempdir().unwrap();
    let (data, first, second) = (
        folder.path().join("data"),
        folder.path().join("one"),
        folder.path().join("two"),
    );
    let kept = Options {
        data: Some(data),
        ..small()
    };
    let sandbox = Sandbox::with(kept.clone()).unwrap();
    let mut line = Line::open(&sandbox);
    let properties = json!([{"property_name": "name", "value": "Mood"}]);
    line.call(
        "schema_field_create",
        &json!({"type": "Shot", "data_type": "text", "properties": properties}),
    );
    line.update("Shot", 1, "sg_mood", &json!("calm"));
    line.update("Shot", 1, "sg_status_list", &json!(null));
    line.call("delete", &json!({"type": "Shot", "id": 2}));
    line.call(
        "work_schedule_update",
        &json!({"date": "2026-12-25", "working": false}),
    );
    drop((line, sandbox));
    super::wait_until("the folder is free", || export(&kept, &first).is_ok());
    export(&fixtures(&first), &second).unwrap();
    let (one, two) = (texts(&first), texts(&second));
    assert!(one["schema.json"].contains("sg_mood") && one["beside.json"].contains("2026-12-25"));
    for line in [
        "sg_mood\": \"calm\"",
        "sg_status_list\": null",
        "retired\": true",
    ] {
        assert!(one["Shot.json"].contains(line), "{line}");
    }
    assert!(one == two);
}

/// A site of these files.
fn site(files: &[(&str, &str)]) -> std::io::Result<Sandbox> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    Sandbox::with(fixtures(folder.path()))
}

#[test]
fn a_few_lines_are_enough_for_a_site() {
    let sandbox = site(&[
        ("Project.json", r#"[{"id": 7, "name": "Short"}]"#),
        ("Shot.json", r#"[{"id": 2, "code": "A", "project": {"type": "Project", "id": 7}, "sg_sequence": {"type": "Sequence", "id": 1}}]"#),
        ("Sequence.json", r#"[{"id": 1, "code": "S", "project": {"type": "Project", "id": 7}}]"#),
    ])
    .unwrap();
    let mut line = Line::open(&sandbox);
    assert_eq!(
        line.value("Sequence", 1, "shots"),
        json!([{"type": "Shot", "id": 2, "name": "A"}])
    );
    assert_eq!(line.value("Shot", 2, "sg_status_list"), "wtg");
    let projects = line.call("read", &read("Project", &[], 10));
    assert_eq!(
        projects["entities"],
        json!([{"type": "Project", "id": 7}]),
        "nobody wrote of the others"
    );
    let next = json!({"code": "B", "project": {"type": "Project", "id": 7}});
    assert_eq!(line.create("Shot", &next), 3);
}

/// A file with a mistake, its text, and what is said of it.
const MISTAKES: [(&str, &str, [&str; 2]); 13] = [
    (
        "Shot.json",
        r#"[{"id": 3, "cod": "A"}]"#,
        ["row 3", "cod is no field"],
    ),
    (
        "Shot.json",
        r#"[{"id": 3, "code": 5}]"#,
        ["row 3", "code is not a text: 5"],
    ),
    (
        "Shot.json",
        r#"[{"id": 3, "sg_cut_in": "5"}]"#,
        ["row 3", "sg_cut_in is not a number"],
    ),
    (
        "Shot.json",
        r#"[{"id": 3, "project": {"type": "Project", "id": 2}}]"#,
        ["row 3", "project leads to a row that is not there"],
    ),
    (
        "Shot.json",
        r#"[{"id": 3, "sg_sequence": {"type": "Project", "id": 1}}]"#,
        ["row 3", "sg_sequence does not lead to rows of this type"],
    ),
    (
        "Shot.json",
        r#"[{"id": 3, "sg_status_list": "xyz"}]"#,
        ["row 3", "sg_status_list cannot be \"xyz\""],
    ),
    (
        "Task.json",
        r#"[{"id": 3, "due_date": "tomorrow"}]"#,
        ["row 3", "due_date cannot be \"tomorrow\""],
    ),
    (
        "Shot.json",
        r#"[{"code": "A"}]"#,
        ["no 'id'", "\"code\":\"A\""],
    ),
    ("Shot.json", r#"[{"id": 3}, {"id": 3}]"#, ["row 3", "twice"]),
    (
        "Shot.json",
        r#"{"id": 3}"#,
        ["no array of JSON objects", "line 1"],
    ),
    ("Aardvark.json", "[]", ["no entity type", "Aardvark"]),
    (
        "schema.json",
        r#"[{"type": "Shot", "name": "sg_x", "label": "X", "data_type": "potato"}]"#,
        ["no field is made of 'potato'", ""],
    ),
    (
        "beside.json",
        r#"[{"mark": "chalk"}]"#,
        ["nobody knows", "chalk"],
    ),
];

#[test]
fn a_mistake_is_named_by_file_row_and_field() {
    let project = ("Project.json", r#"[{"id": 1, "name": "Short"}]"#);
    for (name, text, parts) in MISTAKES {
        let error = site(&[project, (name, text)]).unwrap_err().to_string();
        assert!(error.starts_with(name), "{error}");
        assert!(
            parts.iter().all(|part| error.contains(part)),
            "{error} without {parts:?}"
        );
    }
    let nowhere = Sandbox::with(fixtures(Path::new("no/such/folder"))).unwrap_err();
    assert!(nowhere.to_string().contains("no/such/folder"), "{nowhere}");
}
