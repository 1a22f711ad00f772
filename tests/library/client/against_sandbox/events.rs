//! What is done to rows, as the log of the site tells it.

use callboard::shotgun::{
    Change, Client, Entity, EntityId, EntityRef, Filter, Find, Order, Relation, RowRef, UpdateMode,
    Value,
};
use serde_json::{Value as Json, json};

use super::{fault, project, site};

const FIELDS: [&str; 8] = [
    "event_type",
    "attribute_name",
    "created_at",
    "entity",
    "project",
    "user",
    "description",
    "meta",
];

/// The events from `after` on, oldest first.
fn events(client: &Client, after: u64) -> callboard::shotgun::Rows {
    let find = Find::new("EventLogEntry")
        .filter(Filter::new("id", Relation::GreaterThan, [EntityId(after)]))
        .fields(FIELDS)
        .order(Order::ascending("id"));
    client.find_all(&find).unwrap()
}

fn newest(client: &Client) -> u64 {
    let find = Find::new("EventLogEntry")
        .order(Order::descending("id"))
        .limit(1);
    client
        .find_all(&find)
        .unwrap()
        .first()
        .map_or(0, |event| event.id().0)
}

fn meta(event: RowRef<'_>) -> Json {
    event.get("meta").unwrap().to_json()
}

fn shot(client: &Client, code: &str) -> Entity {
    let data = [
        ("code", code.into()),
        ("project", project().into()),
        ("sg_status_list", "ip".into()),
    ];
    client.create("Shot", &data, &[]).unwrap()
}

#[test]
fn a_create_is_one_event_and_one_for_each_field_that_was_set() {
    let (_sandbox, client) = site();
    let after = newest(&client);
    let made = shot(&client, "EV_0010");
    let events = events(&client, after);
    let told: Vec<_> = events
        .iter()
        .map(|event| (event.text("event_type"), event.text("attribute_name")))
        .collect();
    let change = |field: &str| ("Shotgun_Shot_Change".to_owned(), field.to_owned());
    assert_eq!(
        told,
        [
            ("Shotgun_Shot_New".to_owned(), String::new()),
            change("code"),
            change("project"),
            change("sg_status_list")
        ]
    );
    for event in &events {
        assert_eq!(
            event.get("entity").unwrap().as_entity(),
            Some(&made.to_ref())
        );
        assert_eq!(event.get("project").unwrap().as_entity(), Some(&project()));
        assert_eq!(event.text("user"), "callboard");
        assert!(matches!(event.get("created_at"), Some(Value::DateTime(_))));
    }
    assert_eq!(meta(events.get(0).unwrap())["type"], "new_entity");
    let status = meta(events.get(3).unwrap());
    assert_eq!(
        status,
        json!({"type": "attribute_change", "attribute_name": "sg_status_list", "entity_type": "Shot", "entity_id": made.id().0,
               "field_data_type": "status_list", "old_value": null, "new_value": "ip", "in_create": true})
    );
}

#[test]
fn each_field_that_changes_is_an_event_with_both_values() {
    let (_sandbox, client) = site();
    let made = shot(&client, "EV_0020");
    let after = newest(&client);
    let data = [
        ("sg_status_list", "rev".into()),
        ("code", "EV_0020".into()),
        ("sg_cut_in", 1001.into()),
    ];
    client.update("Shot", made.id(), &data).unwrap();
    let events = events(&client, after);
    assert_eq!(events.len(), 2, "the code stayed as it was: {events:?}");
    let status = events.get(0).unwrap();
    assert_eq!(
        status.text("description"),
        "callboard changed \"Status\" from \"ip\" to \"rev\" on Shot EV_0020"
    );
    let status = meta(status);
    assert_eq!(
        (&status["old_value"], &status["new_value"]),
        (&json!("ip"), &json!("rev"))
    );
    assert_eq!(status.get("in_create"), None);
    assert_eq!(meta(events.get(1).unwrap())["new_value"], 1001);
}

#[test]
fn links_come_and_go_as_added_and_removed() {
    let (_sandbox, client) = site();
    let made = shot(&client, "EV_0030");
    let asset = |id| EntityRef::new("Asset", id);
    let set = |assets: Vec<EntityRef>, mode| {
        let after = newest(&client);
        client
            .update_with_modes(
                "Shot",
                made.id(),
                &[("assets", assets.into())],
                &[("assets", mode)],
            )
            .unwrap();
        let events = events(&client, after);
        assert_eq!(events.len(), 1);
        let meta = meta(events.first().unwrap());
        assert_eq!(meta.get("new_value"), None);
        ["added", "removed"].map(|key| {
            let links = meta[key].as_array().unwrap();
            links
                .iter()
                .map(|link| link["id"].as_u64().unwrap())
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(
        set(vec![asset(1), asset(2)], UpdateMode::Set),
        [vec![1, 2], vec![]]
    );
    assert_eq!(
        set(vec![asset(2), asset(3)], UpdateMode::Add),
        [vec![3], vec![]]
    );
    assert_eq!(set(vec![asset(1)], UpdateMode::Remove), [vec![], vec![1]]);
    assert_eq!(
        set(vec![asset(4), asset(3)], UpdateMode::Set),
        [vec![4], vec![2]]
    );
}

#[test]
fn a_retired_row_is_named_in_meta_only_until_it_is_revived() {
    let (_sandbox, client) = site();
    let made = shot(&client, "EV_0040");
    let after = newest(&client);
    assert!(client.delete("Shot", made.id()).unwrap());
    assert!(!client.delete("Shot", made.id()).unwrap());
    let gone = events(&client, after);
    assert_eq!(gone.len(), 1, "the second time nothing happened");
    let event = gone.first().unwrap();
    assert_eq!(event.text("event_type"), "Shotgun_Shot_Retirement");
    assert_eq!(event.get("entity"), Some(&Value::Null));
    let told = meta(event);
    assert_eq!(
        (told["type"].as_str(), told["entity_id"].as_u64()),
        (Some("entity_retirement"), Some(made.id().0))
    );
    client.revive("Shot", made.id()).unwrap();
    let both = events(&client, after);
    assert_eq!(
        both.get(1).unwrap().text("event_type"),
        "Shotgun_Shot_Revival"
    );
    assert_eq!(
        both.first().unwrap().get("entity").unwrap().as_entity(),
        Some(&made.to_ref())
    );
}

#[test]
fn events_are_found_by_type_entity_and_user_but_not_by_meta() {
    let (_sandbox, client) = site();
    let count = |filter: Filter| client.count("EventLogEntry", &[filter]).unwrap();
    let new = || count(Filter::is("event_type", "Shotgun_Shot_New"));
    let others = new();
    let made = shot(&client, "EV_0050");
    assert_eq!(count(Filter::is("entity", made.to_ref())), 4);
    assert_eq!(new(), others + 1);
    let by_script = count(Filter::is("user", EntityRef::new("ApiUser", 1)));
    assert!(
        by_script >= 4 && by_script < newest(&client),
        "people did the rest"
    );
    let (_, said) = fault(client.count("EventLogEntry", &[Filter::is("meta", "x")]));
    assert!(said.contains("cannot be used in a filter"), "{said}");
}

#[test]
fn a_batch_that_fails_leaves_no_events() {
    let (_sandbox, client) = site();
    let after = newest(&client);
    let data = [("code", "EV_0060".into()), ("project", project().into())];
    let changes = [
        Change::create("Shot", &data, &[]),
        Change::delete("Shot", 1),
        Change::update("Shot", 9_999, &data),
    ];
    client.batch(&changes).unwrap_err();
    assert_eq!(newest(&client), after);
    client.batch(&changes[..2]).unwrap();
    assert_eq!(events(&client, after).len(), 3 + 1);
}

#[test]
fn a_script_may_be_set_to_make_no_events() {
    let (_sandbox, client) = site();
    client
        .update(
            "ApiUser",
            1,
            &[("generate_event_log_entries", false.into())],
        )
        .unwrap();
    let after = newest(&client);
    shot(&client, "EV_0070");
    assert_eq!(newest(&client), after);
    client
        .update("ApiUser", 1, &[("generate_event_log_entries", true.into())])
        .unwrap();
    shot(&client, "EV_0080");
    assert!(newest(&client) > after);
}

#[test]
fn events_of_ones_own_can_be_made_and_none_can_be_changed() {
    let (_sandbox, client) = site();
    let after = newest(&client);
    let data = [
        ("event_type", "MyTool_Shot_Publish".into()),
        ("entity", EntityRef::new("Shot", 1).into()),
        ("project", project().into()),
        ("description", "Published".into()),
        ("meta", json!({"files": 3}).into()),
    ];
    let made = client.create("EventLogEntry", &data, &["user"]).unwrap();
    assert_eq!(made.text("user"), "callboard");
    assert_eq!(
        newest(&client),
        made.id().0,
        "an event about an event there is not"
    );
    assert_eq!(made.id().0, after + 1);
    let (code, said) =
        fault(client.update("EventLogEntry", made.id(), &[("description", "x".into())]));
    assert!(code == 104 && said.contains("EventLogEntry"), "{said}");
    fault(client.delete("EventLogEntry", made.id()));
}

#[test]
fn a_password_is_in_no_event() {
    let (_sandbox, client) = site();
    let after = newest(&client);
    client
        .update("HumanUser", 2, &[("password_proxy", "hunter2".into())])
        .unwrap();
    let events = events(&client, after);
    assert_eq!(events.len(), 1);
    let told = format!("{:?}", events.first().unwrap().iter().collect::<Vec<_>>());
    assert!(
        !told.contains("hunter2") && told.contains("*******"),
        "{told}"
    );
}
