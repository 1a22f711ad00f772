//! Fields that are made, changed and deleted while the site runs.

use callboard::shotgun::{Client, FieldName, Filter, Value};
use serde_json::{Value as Json, json};

use super::{fault, project, site};

fn visible(client: &Client, field: &str, project: Option<u64>) -> bool {
    let fields = client.schema_field_read("Shot", Some(field), project.map(Into::into));
    fields.unwrap()[field].visible
}

#[test]
fn a_new_field_can_be_written_read_filtered_and_sorted_at_once() {
    let (_sandbox, client) = site();
    let properties = [("description", "On the day of the shoot".into())];
    let name = client
        .schema_field_create("Shot", "text", "Weather & Light", &properties)
        .unwrap();
    assert_eq!(name, "sg_weather___light");
    let name = name.as_str();
    let field = client.schema_field_read("Shot", Some(name), None).unwrap();
    assert_eq!(&*field[name].display_name, "Weather & Light");
    assert_eq!(&*field[name].description, "On the day of the shoot");
    assert!(field[name].editable);

    assert_eq!(
        client
            .count("Shot", &[Filter::is(name, Value::Null)])
            .unwrap(),
        40
    );
    client.update("Shot", 7, &[(name, "Fog".into())]).unwrap();
    let made = client
        .create(
            "Shot",
            &[
                ("code", "NEW".into()),
                ("project", project().into()),
                (name, "Foggy".into()),
            ],
            &[],
        )
        .unwrap();
    assert_eq!(made.text(name), "Foggy");
    let found = client
        .find("Shot", &[Filter::contains(name, "fog")], &[name])
        .unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|shot| (shot.id(), shot.text(name)))
        .collect();
    assert_eq!(
        found,
        [
            (7.into(), "Fog".to_owned()),
            (made.id(), "Foggy".to_owned())
        ]
    );
    // A task's shot has it as well.
    let deep = format!("entity.Shot.{name}");
    assert!(
        client
            .count("Task", &[Filter::is(deep.as_str(), "Fog")])
            .unwrap()
            > 0
    );
}

/// A data type, a property that it needs, and a value that it takes.
type Case = (&'static str, Option<(&'static str, Json)>, Json);

fn cases() -> [Case; 16] {
    let shot = json!({"type": "Shot", "id": 2});
    let types = ("valid_types", json!(["Shot"]));
    [
        ("checkbox", None, json!(true)),
        ("currency", None, json!(12.5)),
        ("date", None, json!("2026-03-01")),
        ("date_time", None, json!("2026-03-01T10:20:30Z")),
        ("duration", None, json!(90)),
        ("entity", Some(types.clone()), shot.clone()),
        ("float", None, json!(0.5)),
        ("footage", None, json!("10-05")),
        (
            "list",
            Some(("valid_values", json!(["rain", "sun"]))),
            json!("sun"),
        ),
        ("multi_entity", Some(types), json!([shot])),
        ("number", None, json!(3)),
        ("percent", None, json!(50)),
        ("status_list", None, json!("ip")),
        ("text", None, json!("a")),
        ("timecode", None, json!(1_000)),
        (
            "url",
            None,
            json!({"url": "https://example.com/", "name": "page"}),
        ),
    ]
}

#[test]
fn every_data_type_that_can_be_made_takes_its_values() {
    let (_sandbox, client) = site();
    for (data_type, property, value) in cases() {
        let property = property.map(|(name, value)| (name, Value::from(value)));
        let properties: Vec<_> = property.into_iter().collect();
        let label = format!("My {data_type}");
        let name = client
            .schema_field_create("Asset", data_type, &label, &properties)
            .unwrap();
        let name = name.as_str();
        let schema = client.schema_field_read("Asset", Some(name), None).unwrap();
        assert_eq!(&*schema[name].data_type, data_type);
        let value = Value::from(value);
        let updated = client.update("Asset", 1, &[(name, value.clone())]).unwrap();
        if data_type == "url" {
            assert!(updated.get(name).unwrap().to_json()["url"] == "https://example.com/");
        } else {
            assert_eq!(updated.get(name), Some(&value), "{data_type}");
        }
    }
    let fields = client.schema_field_read("Asset", None, None).unwrap();
    let names: Vec<&str> = fields.keys().map(FieldName::as_str).collect();
    assert_eq!(client.find("Asset", &[], &names).unwrap().len(), 12);
}

#[test]
fn a_field_that_could_hold_nothing_is_refused() {
    let (_sandbox, client) = site();
    let (code, said) = fault(client.schema_field_create("Asset", "calculated", "Sum", &[]));
    assert!(code == 103 && said.contains("data_type"), "{said}");
    let (_, said) = fault(client.schema_field_create("Asset", "entity", "Nowhere", &[]));
    assert!(said.contains("valid_types"), "{said}");
    let (_, said) = fault(client.schema_field_create("Asset", "text", " ", &[]));
    assert!(said.contains("name"), "{said}");
}

#[test]
fn a_taken_name_gets_a_number_and_a_deleted_one_is_refused() {
    let (_sandbox, client) = site();
    let create = || client.schema_field_create("Shot", "number", "Monkey Count", &[]);
    assert_eq!(create().unwrap(), "sg_monkey_count");
    assert_eq!(create().unwrap(), "sg_monkey_count_1");
    assert_eq!(create().unwrap(), "sg_monkey_count_2");
    client
        .update("Shot", 1, &[("sg_monkey_count", 5.into())])
        .unwrap();
    assert!(
        client
            .schema_field_delete("Shot", "sg_monkey_count")
            .unwrap()
    );
    let (code, said) = fault(client.find("Shot", &[Filter::is("sg_monkey_count", 5)], &[]));
    assert_eq!(
        (code, said.as_str()),
        (103, "API read() Shot.sg_monkey_count doesn't exist.")
    );
    let schema = client.schema_field_read("Shot", None, None).unwrap();
    assert!(!schema.contains_key("sg_monkey_count") && schema.contains_key("sg_monkey_count_1"));
    let (_, said) = fault(create());
    assert!(said.contains("forever"), "{said}");
    let (_, said) = fault(client.schema_field_delete("Shot", "sg_monkey_count"));
    assert!(said.contains("doesn't exist"), "{said}");
    let (_, said) = fault(client.schema_field_delete("Shot", "code"));
    assert!(said.contains("built in"), "{said}");
}

#[test]
fn a_field_is_hidden_in_one_project_only() {
    let (_sandbox, client) = site();
    let other = client
        .create("Project", &[("name", "Second".into())], &[])
        .unwrap()
        .id();
    client
        .schema_field_create("Shot", "text", "Weather", &[])
        .unwrap();
    let hide = |visible: bool, project: Option<u64>| {
        let properties = [("visible", visible.into())];
        client.schema_field_update("Shot", "sg_weather", &properties, project.map(Into::into))
    };
    assert!(hide(false, Some(1)).unwrap());
    assert!(!visible(&client, "sg_weather", Some(1)));
    assert!(visible(&client, "sg_weather", Some(other.0)));
    assert!(visible(&client, "sg_weather", None));
    let all = client.schema_read(Some(1.into())).unwrap();
    assert!(!all["Shot"]["sg_weather"].visible && all["Shot"]["code"].visible);
    assert!(client.schema_entity_read(Some(1.into())).unwrap()["Shot"].visible);
    assert!(hide(true, Some(1)).unwrap());
    assert!(visible(&client, "sg_weather", Some(1)));
    let (_, said) = fault(hide(false, None));
    assert!(said.contains("for a project"), "{said}");
    let (_, said) = fault(hide(false, Some(99)));
    assert!(said.contains("99"), "{said}");
    let label = [("name", "Wind".into())];
    let (_, said) = fault(client.schema_field_update("Shot", "sg_weather", &label, Some(1.into())));
    assert!(said.contains("cannot be changed for a project"), "{said}");
}

#[test]
fn a_changed_default_is_what_new_rows_start_with() {
    let (_sandbox, client) = site();
    let values = Value::from(json!(["rain", "sun"]));
    let name = client
        .schema_field_create(
            "Asset",
            "list",
            "Weather",
            &[("default_value", "sun".into()), ("valid_values", values)],
        )
        .unwrap();
    let name = name.as_str();
    let create = || {
        let data = [("project", project().into())];
        client.create("Asset", &data, &[name]).unwrap().text(name)
    };
    assert_eq!(create(), "sun");
    let properties = [("default_value", "rain".into()), ("name", "Sky".into())];
    assert!(
        client
            .schema_field_update("Asset", name, &properties, None)
            .unwrap()
    );
    assert_eq!(create(), "rain");
    let field = client.schema_field_read("Asset", Some(name), None).unwrap();
    assert_eq!(&*field[name].display_name, "Sky");
    let old = client
        .find_one("Asset", &[Filter::is("id", 1)], &[name])
        .unwrap()
        .unwrap();
    assert_eq!(
        old.get(name),
        Some(&Value::Null),
        "rows that were there have nothing in it"
    );
    let (_, said) =
        fault(client.schema_field_update("Asset", name, &[("default_value", "snow".into())], None));
    assert!(said.contains("snow"), "{said}");
}
