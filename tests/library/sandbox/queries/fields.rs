//! What is read of the rows that were found.

use serde_json::{Value as Json, json};

use super::{condition, create, group, query};
use crate::sandbox::{Line, small};

fn first(line: &mut Line, entity_type: &str, id: &Json, fields: &Json) -> Json {
    let mut argument = query(entity_type, &condition("id", "is", &json!([id])));
    argument["return_fields"] = fields.clone();
    line.call("read", &argument)["entities"][0].take()
}

#[test]
fn deep_fields_are_read_by_their_whole_names() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let project = create(&mut line, "Project", &json!({"name": "Deep"}));
    let sequence = create(
        &mut line,
        "Sequence",
        &json!({"code": "SQ", "project": project}),
    );
    let shot = create(
        &mut line,
        "Shot",
        &json!({"code": "SH", "project": project, "sg_sequence": sequence}),
    );
    let task = create(
        &mut line,
        "Task",
        &json!({"content": "T", "project": project, "entity": shot}),
    );
    let path = "entity.Shot.sg_sequence.Sequence.code";
    let fields = json!([
        path,
        "entity.Asset.code",
        "step.Step.code",
        "entity.Shot.tasks.Task.content",
        "nope",
        path,
        "id",
        "type"
    ]);
    let read = first(&mut line, "Task", &task["id"], &fields);
    assert_eq!(
        read,
        json!({"type": "Task", "id": task["id"], path: "SQ", "entity.Asset.code": null, "step.Step.code": null}),
        "another type and no link are null; many links and unknown names are absent"
    );
}

#[test]
fn values_have_the_shape_of_their_data_type() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let project = create(
        &mut line,
        "Project",
        &json!({"name": "\"Shapes\"\n\\ é \u{1}", "sg_budget": 2}),
    );
    let read = first(
        &mut line,
        "Project",
        &project["id"],
        &json!([
            "name",
            "sg_budget",
            "archived",
            "users",
            "start_date",
            "color"
        ]),
    );
    let expected = json!({
        "type": "Project", "id": project["id"], "name": "\"Shapes\"\n\\ é \u{1}", "sg_budget": 2.0, "archived": false,
        "users": [], "start_date": null, "color": null,
    });
    assert_eq!(read, expected);
    let shot = create(&mut line, "Shot", &json!({"code": "x", "project": project}));
    let read = first(
        &mut line,
        "Shot",
        &shot["id"],
        &json!(["project", "created_by", "created_at"]),
    );
    assert_eq!(
        read["project"],
        json!({"type": "Project", "id": project["id"], "name": "\"Shapes\"\n\\ é \u{1}"})
    );
    assert_eq!(read["created_by"]["type"], "ApiUser");
    assert_eq!(read["created_at"].as_str().unwrap().len(), 20);
}

#[test]
fn a_filter_may_be_missing() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let mut argument = query("Shot", &group("and", &[]));
    argument["filters"] = Json::Null;
    assert_eq!(
        line.call("read", &argument)["entities"]
            .as_array()
            .unwrap()
            .len(),
        40
    );
}
