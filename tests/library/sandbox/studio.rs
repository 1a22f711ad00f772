//! The studio: always the same, and as large as promised.

use callboard::sandbox::{Options, Sandbox};
use serde_json::{Value as Json, json};

use super::{Line, address, header, read};

/// How many rows there are, all told or in one project.
fn count(line: &mut Line, entity_type: &str, project: Option<&Json>) -> u64 {
    let conditions = project.map(|project| {
        let project = json!({"type": "Project", "id": project});
        json!({"path": "project", "relation": "is", "values": [project]})
    });
    let argument = json!({
        "type": entity_type,
        "filters": {"logical_operator": "and", "conditions": conditions.into_iter().collect::<Vec<_>>()},
        "summaries": [{"field": "id", "type": "record_count"}],
    });
    let answer = line.call("summarize", &argument);
    answer["summaries"]["id"]
        .as_u64()
        .unwrap_or_else(|| panic!("no count: {answer}"))
}

/// Every field of a type, by its schema.
fn all_fields(line: &mut Line, entity_type: &str) -> Vec<String> {
    let schema = line.call("schema_field_read", &json!({"type": entity_type}));
    let fields: Vec<_> = schema.as_object().unwrap().keys().cloned().collect();
    assert!(fields.len() > 5, "{entity_type}: {fields:?}");
    fields
}

#[test]
fn the_studio_has_twelve_projects_and_one_large_one() {
    let sandbox = Sandbox::start().unwrap();
    let mut line = Line::open(&sandbox);
    let projects = line.call("read", &read("Project", &["name".to_owned()], 500));
    let projects = projects["entities"].as_array().unwrap();
    assert_eq!(projects.len(), 12);
    let sizes: Vec<[u64; 4]> = projects
        .iter()
        .map(|project| {
            ["Shot", "Asset", "Task", "Version"]
                .map(|kind| count(&mut line, kind, Some(&project["id"])))
        })
        .collect();
    assert_eq!(sizes[0], [3_000, 600, 12_000, 6_000], "{}", projects[0]);
    let others = &sizes[1..];
    assert!(others.iter().all(|[shots, ..]| *shots < 3_000), "{sizes:?}");
    // One of them has just been set up and is empty.
    let alive = others.iter().filter(|[shots, ..]| *shots > 0).count();
    assert_eq!(alive, 10, "{sizes:?}");
    for kind in ["Sequence", "Playlist", "Note", "HumanUser", "Status"] {
        assert!(count(&mut line, kind, None) > 0, "{kind}");
    }
    let names: std::collections::BTreeSet<_> = projects
        .iter()
        .map(|project| project["name"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 12, "{names:?}");
}

#[test]
fn the_same_seed_gives_the_same_answers_on_every_start() {
    let sandboxes = [(); 2].map(|()| Sandbox::start().unwrap());
    let answers = sandboxes.each_ref().map(|sandbox| {
        let mut line = Line::open(sandbox);
        [
            "Project",
            "Shot",
            "Asset",
            "Task",
            "Version",
            "Note",
            "HumanUser",
        ]
        .map(|kind| {
            let fields = all_fields(&mut line, kind);
            let answer = line.call("read", &read(kind, &fields, 500));
            // Only the port differs, in the addresses of pictures.
            answer
                .to_string()
                .replace(&address(sandbox), "127.0.0.1:PORT")
        })
        .to_vec()
    });
    assert!(answers[0].iter().all(|answer| answer.len() > 1_000));
    let [first, second] = &answers;
    for (first, second) in first.iter().zip(second) {
        assert!(first == second, "{first:.2000}\n{second:.2000}");
    }
}

#[test]
fn a_change_lives_as_long_as_the_sandbox() {
    let first = super::small();
    let mut line = Line::open(&first);
    let change = json!({"type": "Shot", "id": 1, "fields": [{"field_name": "description", "value": "changed"}]});
    line.call("update", &change);
    let fields = ["description".to_owned()];
    let described = |line: &mut Line| {
        line.call("read", &read("Shot", &fields, 1))["entities"][0]["description"].take()
    };
    assert_eq!(described(&mut line), "changed");
    let second = super::with(Options::default());
    assert_ne!(described(&mut Line::open(&second)), "changed");
}

#[test]
fn thumbnails_are_pictures_that_differ_and_stay_the_same() {
    let sandbox = super::small();
    let mut line = Line::open(&sandbox);
    let rows = line.call("read", &read("Shot", &["image".to_owned()], 5));
    let mut pictures = Vec::new();
    for row in rows["entities"].as_array().unwrap() {
        let url = row["image"].as_str().unwrap();
        let path = url.strip_prefix(&sandbox.url()).unwrap();
        let answer = line.get(path);
        assert_eq!(
            (answer.status, header(&answer.head, "content-type")),
            (200, Some("image/png"))
        );
        let picture = image::load_from_memory(&answer.body).unwrap();
        assert!(picture.width() >= 128 && picture.height() >= 72);
        assert_eq!(answer.body, line.get(path).body);
        pictures.push(answer.body);
    }
    assert_eq!(pictures.len(), 5);
    pictures.sort();
    pictures.dedup();
    assert_eq!(pictures.len(), 5, "no two shots look alike");
    assert_eq!(line.get("/thumbnail/Shot/999999.png").status, 404);
}
