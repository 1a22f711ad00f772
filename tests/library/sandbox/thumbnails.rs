//! Uploaded thumbnails: pending, then final; shared, and cleared.

use callboard::sandbox::{FileOptions, Options, Sandbox};
use serde_json::{Value as Json, json};

use super::form::{Form, PNG, attachment};
use super::{Line, header, small, with};

const PENDING: &str = "/images/status/transient/";

fn thumbnail(entity: &str, id: u64) -> Form {
    Form::about(entity, id).file("thumb_image", "thumb.png", PNG)
}

/// The path of a row's picture.
fn picture(line: &mut Line, sandbox: &Sandbox, (entity, id): (&str, u64), field: &str) -> String {
    let url = line.value(entity, id, field);
    let path = url
        .as_str()
        .and_then(|url| url.strip_prefix(&sandbox.url()));
    path.unwrap_or_else(|| panic!("{url} is no picture"))
        .to_owned()
}

#[test]
fn a_thumbnail_is_pending_at_the_first_look_and_final_at_the_second() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let seeded = picture(&mut line, &sandbox, ("Shot", 1), "image");
    line.upload(&thumbnail("Shot", 1));
    let pending = picture(&mut line, &sandbox, ("Shot", 1), "image");
    assert!(pending.starts_with(PENDING), "{pending}");
    let answer = line.get(&pending);
    assert_eq!(
        (answer.status, header(&answer.head, "content-type")),
        (200, Some("image/png"))
    );
    let shown = picture(&mut line, &sandbox, ("Shot", 1), "image");
    assert!(!shown.starts_with(PENDING) && shown != seeded, "{shown}");
    let answer = line.get(&shown);
    assert_eq!(header(&answer.head, "content-type"), Some("image/png"));
    assert_eq!(answer.body, PNG);
    assert_eq!(
        picture(&mut line, &sandbox, ("Shot", 1), "image"),
        shown,
        "it stays"
    );
    let logged = format!("{:?}", sandbox.requests());
    assert!(!logged.contains(&shown), "the log keeps it to itself");
}

#[test]
fn a_site_may_take_its_time_or_none() {
    for looks in [0, 3] {
        let files = FileOptions {
            pending_looks: looks,
            ..FileOptions::default()
        };
        let sandbox = with(Options {
            files,
            ..Options::default()
        });
        let mut line = Line::open(&sandbox);
        line.upload(&thumbnail("Shot", 1));
        let pending = (0..5)
            .filter(|_| picture(&mut line, &sandbox, ("Shot", 1), "image").starts_with(PENDING));
        assert_eq!(pending.count(), looks as usize);
    }
}

#[test]
fn clearing_the_picture_clears_the_filmstrip() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    line.upload(&thumbnail("Version", 1).field("filmstrip", "True"));
    let strip = |line: &mut Line| line.value("Version", 1, "filmstrip_image");
    assert!(strip(&mut line).as_str().unwrap().contains(PENDING));
    assert!(!strip(&mut line).as_str().unwrap().contains(PENDING));
    assert_eq!(
        line.update("Version", 1, "image", &Json::Null)["image"],
        Json::Null
    );
    assert_eq!(strip(&mut line), Json::Null);
}

#[test]
fn a_picture_is_shared_once_it_is_ready() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let id = line.upload(&thumbnail("Version", 1));
    let form = Form::new()
        .field("entities", "Shot_1,Asset_2")
        .field("source_entity", "Version_1")
        .field("filmstrip_thumbnail", "False");
    let before = line.value("Shot", 1, "image");
    let answer = line.urlencoded("/upload/share_thumbnail", &form);
    assert!(answer.starts_with('2'), "{answer}");
    assert_eq!(
        line.value("Shot", 1, "image"),
        before,
        "nothing has changed"
    );
    let answer = line.urlencoded("/upload/share_thumbnail", &form);
    assert_eq!(attachment(&answer), id);
    let shared = picture(&mut line, &sandbox, ("Version", 1), "image");
    for target in [("Shot", 1), ("Asset", 2)] {
        assert_eq!(picture(&mut line, &sandbox, target, "image"), shared);
    }
}

#[test]
fn a_source_without_a_picture_takes_the_others_away() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    line.update("Version", 1, "image", &Json::Null);
    let form = Form::new()
        .field("entities", "Shot_1")
        .field("source_entity", "Version_1");
    assert_eq!(line.urlencoded("/upload/share_thumbnail", &form), "1:\n");
    assert_eq!(line.value("Shot", 1, "image"), Json::Null);
}

#[test]
fn sharing_with_nobody_is_explained_and_changes_nobody() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let before = line.value("Shot", 1, "image");
    for (entities, source, why) in [
        (
            "Shot_1,Shot_9999",
            "Version_1",
            "0\nEntity of type [Shot] with id=9999",
        ),
        (
            "Shot_1,Nope_1",
            "Version_1",
            "0\nThere is no entity type 'Nope'",
        ),
        ("Shot_1", "Version", "0\nEntity of type [Version] with id= "),
        ("Shot_1", "", "0\nThe form has no 'source_entity'"),
        (
            "Shot_1,Status_1",
            "Version_1",
            "0\nStatus.image doesn't exist.",
        ),
    ] {
        let form = Form::new()
            .field("entities", entities)
            .field("source_entity", source);
        let answer = line.urlencoded("/upload/share_thumbnail", &form);
        assert!(answer.starts_with(why), "{answer}");
    }
    assert_eq!(line.value("Shot", 1, "image"), before);
}

#[test]
fn old_clients_ask_where_a_thumbnail_is() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let mut ask = |entity: &str, id: &str| {
        line.get(&format!(
            "/upload/get_thumbnail_url?entity_type={entity}&entity_id={id}"
        ))
        .text()
    };
    let found = ask("Version", "1");
    let lines: Vec<_> = found.lines().collect();
    assert_eq!((lines.len(), lines[0]), (2, "1"), "{found}");
    assert_eq!(ask("Status", "1").lines().next(), Some("0"));
    assert_eq!(ask("Version", "9999").lines().count(), 2);
    assert_eq!(line.get(lines[1]).status, 200);
    let argument = json!({"type": "Version", "id": 1});
    line.call("delete", &argument);
    assert!(
        line.get("/upload/get_thumbnail_url?entity_type=Version&entity_id=1")
            .text()
            .starts_with("0\n")
    );
}

/// The latest events on an entity, the last first: what they are, and what they say.
fn events(line: &mut Line, (entity, id): (&str, u64), count: usize) -> Vec<(String, Json)> {
    let link = json!({"type": entity, "id": id});
    let argument = json!({
        "type": "EventLogEntry",
        "return_fields": ["event_type", "meta", "description"],
        "filters": {"logical_operator": "and", "conditions": [{"path": "entity", "relation": "is", "values": [link]}]},
        "sorts": [{"field_name": "id", "direction": "desc"}],
        "paging": {"entities_per_page": count, "current_page": 1},
    });
    let found = line.call("read", &argument)["entities"].take();
    let told = |event: &Json| {
        (
            event["event_type"].as_str().unwrap().to_owned(),
            event["meta"].clone(),
        )
    };
    found.as_array().unwrap().iter().map(told).collect()
}

#[test]
fn an_uploaded_thumbnail_is_two_events_and_a_new_attachment() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let id = line.upload(&thumbnail("Shot", 1));
    let told = events(&mut line, ("Shot", 1), 2);
    for ((event, meta), is_transient) in told.iter().zip([false, true]) {
        assert_eq!(event, "Shotgun_Shot_Change");
        assert_eq!(
            (&meta["attribute_name"], &meta["is_transient"]),
            (&json!("image"), &json!(is_transient))
        );
        assert_eq!(
            (&meta["old_value"], &meta["new_value"]),
            (&Json::Null, &json!(id))
        );
    }
    let made = events(&mut line, ("Attachment", id), 10);
    assert_eq!(made.last().unwrap().0, "Shotgun_Attachment_New");
}

#[test]
fn an_uploaded_file_is_an_event_on_its_field() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let movie = Form::about("Version", 1)
        .field("field_name", "sg_uploaded_movie")
        .file("file", "take.mov", b"a movie");
    let id = line.upload(&movie);
    let (event, meta) = events(&mut line, ("Version", 1), 1).remove(0);
    assert_eq!(
        (event.as_str(), &meta["attribute_name"]),
        ("Shotgun_Version_Change", &json!("sg_uploaded_movie"))
    );
    assert_eq!(meta["new_value"]["id"], id);
}
