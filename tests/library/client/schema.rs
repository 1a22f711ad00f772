//! Reading the schema: the words on the wire, and answers with more and with less than a site usually sends.

use callboard::shotgun::{EntityId, Error, Value};
use serde_json::{Value as Json, json};

use super::server::{Server, asked};

fn answering(results: &Json) -> Server {
    Server::json(&json!({ "results": results }).to_string())
}

/// A status with all that a site says about one, and with what no site says yet.
fn status() -> Json {
    let leaf = |value: Json| json!({ "value": value, "editable": true, "since": "tomorrow" });
    json!({
        "name": leaf("Status".into()), "description": leaf("Where it stands".into()), "entity_type": leaf("Shot".into()),
        "data_type": leaf("status_list".into()), "editable": leaf(true.into()), "mandatory": leaf(false.into()),
        "unique": leaf(false.into()), "visible": leaf(true.into()), "ui_value_displayable": leaf(true.into()),
        "properties": {
            "default_value": leaf("wtg".into()), "summary_default": leaf("status_list".into()),
            "valid_values": leaf(json!(["wtg", "ip"])), "hidden_values": leaf(json!(["ip"])),
            "display_values": leaf(json!({"wtg": "Waiting", "ip": "In Progress"})),
        },
    })
}

#[test]
fn one_field_of_one_type_is_read() {
    let server = answering(&json!({ "sg_status_list": status() }));
    let client = server.client();
    let fields = client.schema_field_read("Shot", Some("sg_status_list"), Some(EntityId(70)));
    let field = fields.unwrap().remove("sg_status_list").unwrap();
    let wire = json!({"type": "Shot", "field_name": "sg_status_list", "project": {"type": "Project", "id": 70}});
    assert_eq!(asked(&server), ("schema_field_read".to_owned(), wire));
    assert_eq!(field.name.as_str(), "sg_status_list");
    assert_eq!(
        (&*field.display_name, &*field.data_type),
        ("Status", "status_list")
    );
    assert!(field.editable && field.visible && !field.mandatory && !field.unique);
    assert_eq!(field.default_value, Value::from("wtg"));
    assert_eq!(field.display_value("ip"), "In Progress");
    assert_eq!(field.display_value("omt"), "omt");
    let hidden: Vec<&str> = field.hidden_values.iter().map(|value| &**value).collect();
    assert_eq!(hidden, ["ip"]);
    client.schema_field_read("Shot", None, None).unwrap();
    assert_eq!(asked(&server).1, json!({"type": "Shot"}));
}

#[test]
fn all_fields_of_all_types_are_read_without_an_argument() {
    let link = json!({"data_type": {"value": "entity"}, "properties": {"valid_types": {"value": ["Sequence"]}}});
    let server =
        answering(&json!({"Shot": {"sg_status_list": status(), "sg_sequence": link}, "Page": {}}));
    let schema = server.client().schema_read(None).unwrap();
    assert_eq!(asked(&server), ("schema_read".to_owned(), Json::Null));
    assert!(schema["Page"].is_empty());
    let link = &schema["Shot"]["sg_sequence"];
    // A field that says nothing of its name is called as it is spelled.
    assert_eq!(link.name.as_str(), "sg_sequence");
    assert_eq!(link.valid_types.len(), 1);
    server.client().schema_read(Some(EntityId(70))).unwrap();
    let wire = json!({"project": {"type": "Project", "id": 70}});
    assert_eq!(asked(&server).1, wire);
}

#[test]
fn types_are_read_with_what_people_call_them() {
    let types = json!({
        "CustomEntity01": {"name": {"value": "Launch Pad", "editable": false}, "visible": {"value": false, "editable": false}},
        "Shot": {"name": {"value": "Shot"}, "visible": {"value": true}},
    });
    let server = answering(&types);
    let types = server.client().schema_entity_read(None).unwrap();
    assert_eq!(
        asked(&server),
        ("schema_entity_read".to_owned(), Json::Null)
    );
    let pad = &types["CustomEntity01"];
    assert_eq!((&*pad.display_name, pad.visible), ("Launch Pad", false));
    assert!(types["Shot"].visible);
}

#[test]
fn a_field_without_a_data_type_is_no_field() {
    let server = answering(&json!({"code": {"name": {"value": "Code"}}}));
    let error = server
        .client()
        .schema_field_read("Shot", None, None)
        .unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert!(error.headline().contains("data_type"), "{error}");
}
