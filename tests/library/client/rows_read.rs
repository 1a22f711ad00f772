//! Rows into structs of one's own.

use std::collections::BTreeMap;

use callboard::shotgun::{Entity, EntityRef, Rows, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

fn rows(json: &str) -> Rows {
    serde_json::from_str(json).unwrap()
}

const TASK: &str = r#"[{"type": "Task", "id": 7, "content": "Animation &lt;b>", "sg_status_list": "ip", "due_date": "2026-03-01",
    "created_at": "2026-03-01T10:20:30Z", "entity": {"type": "Shot", "id": 12, "name": "sh010"}, "duration": 480, "ratio": 2.0,
    "task_assignees": [{"type": "HumanUser", "id": 24, "name": "Ann"}, {"type": "Group", "id": 3}], "milestone": false,
    "tag_list": ["a", "b"], "entity.Shot.code": "sh010", "step": null, "meta": {"kind": {"Typed": 5}, "list": [1]}}]"#;

#[derive(Deserialize, Debug, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Status {
    Wtg,
    Ip,
}

#[derive(Deserialize, Debug, PartialEq)]
enum Kind {
    Typed(u8),
}

#[derive(Deserialize, Debug, PartialEq)]
struct Meta {
    kind: Kind,
    list: Vec<u8>,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Person {
    id: u64,
    name: Option<String>,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Minutes(u32);

#[derive(Deserialize, Debug, PartialEq)]
struct Job {
    #[serde(rename = "type")]
    entity_type: String,
    id: u64,
    content: String,
    sg_status_list: Status,
    due_date: Option<Date>,
    created_at: Timestamp,
    entity: EntityRef,
    duration: Minutes,
    ratio: f64,
    task_assignees: Vec<Person>,
    milestone: bool,
    tag_list: Vec<String>,
    #[serde(rename = "entity.Shot.code")]
    shot_code: String,
    step: Option<EntityRef>,
    /// The server sent no such key.
    bid: Option<i64>,
    meta: Meta,
}

#[test]
fn every_kind_of_field_becomes_the_type_that_suits_it() {
    let tasks: Vec<Job> = rows(TASK).deserialize().unwrap();
    let person = |id, name: Option<&str>| Person {
        id,
        name: name.map(Into::into),
    };
    let expected = Job {
        entity_type: "Task".into(),
        id: 7,
        content: "Animation <b>".into(),
        sg_status_list: Status::Ip,
        due_date: Some("2026-03-01".parse().unwrap()),
        created_at: "2026-03-01T10:20:30Z".parse().unwrap(),
        entity: EntityRef::new("Shot", 12),
        duration: Minutes(480),
        ratio: 2.0,
        task_assignees: vec![person(24, Some("Ann")), person(3, None)],
        milestone: false,
        tag_list: vec!["a".into(), "b".into()],
        shot_code: "sh010".into(),
        step: None,
        bid: None,
        meta: Meta {
            kind: Kind::Typed(5),
            list: vec![1],
        },
    };
    assert_eq!(tasks, [expected]);
}

#[test]
fn a_row_may_be_borrowed_from_or_become_a_map() {
    #[derive(Deserialize, Debug, PartialEq)]
    struct Borrowed<'a> {
        content: &'a str,
    }

    let rows = rows(TASK);
    let row = rows.first().unwrap();
    assert_eq!(
        row.deserialize::<Borrowed<'_>>().unwrap().content,
        "Animation <b>"
    );
    let map: BTreeMap<String, Value> = row.deserialize().unwrap();
    assert_eq!(map.len(), rows.fields().len());
    for (name, value) in row.iter() {
        assert_eq!(map.get(name.as_str()), Some(value));
    }
    let entity: Entity = Entity::first_of(rows.clone()).unwrap();
    assert_eq!(
        entity.deserialize::<BTreeMap<String, Value>>().unwrap(),
        map
    );
}

#[test]
fn what_does_not_fit_is_named_with_row_entity_and_field() {
    #[derive(Deserialize, Debug)]
    #[expect(dead_code, reason = "reading fails before anything is read out of it")]
    struct Shot {
        id: u64,
        code: String,
        cut_in: Option<i32>,
        due: Option<Date>,
    }

    for (row, expected) in [
        (
            r#"{"type":"Shot","id":12}"#,
            "row 2, Shot 12: missing field `code`",
        ),
        (
            r#"{"type":"Shot","id":12,"code":null}"#,
            "row 2, Shot 12: field `code`: invalid type: unit value, expected a string",
        ),
        (
            r#"{"type":"Shot","id":12,"code":[]}"#,
            "row 2, Shot 12: field `code`: invalid type: sequence, expected a string",
        ),
        (
            r#"{"type":"Shot","id":12,"code":"a","cut_in":1.5}"#,
            "row 2, Shot 12: field `cut_in`: invalid type: floating point `1.5`, expected i32",
        ),
        (
            r#"{"type":"Shot","id":12,"code":"a","cut_in":3000000000}"#,
            "row 2, Shot 12: field `cut_in`: invalid value: integer `3000000000`, expected i32",
        ),
        (
            r#"{"type":"Shot","id":12,"code":"a","due":"soon"}"#,
            "row 2, Shot 12: field `due`: ",
        ),
    ] {
        let json = format!(r#"[{{"type":"Shot","id":1,"code":"x"}},{row}]"#);
        let error = rows(&json).deserialize::<Shot>().unwrap_err();
        let expected = format!("The answer makes no sense: {expected}");
        assert!(error.headline().starts_with(&expected), "{row}: {error}");
    }
}
