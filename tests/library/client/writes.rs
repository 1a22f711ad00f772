//! Changes on their own and in batches: the words on the wire, and what comes back.

use callboard::shotgun::{Change, Changed, EntityRef, Error, UpdateMode, Value};
use serde_json::{Value as Json, json};

use super::server::{Server, asked};

#[test]
fn links_are_set_added_or_removed_as_one_says() {
    let server = Server::json(r#"{"results":{"type":"Shot","id":13,"assets":[],"code":"b"}}"#);
    let client = server.client();
    let data = [
        ("assets", vec![EntityRef::new("Asset", 3)].into()),
        ("code", "b".into()),
    ];
    for (mode, name) in [
        (UpdateMode::Set, "set"),
        (UpdateMode::Add, "add"),
        (UpdateMode::Remove, "remove"),
    ] {
        let shot = client
            .update_with_modes("Shot", 13, &data, &[("assets", mode), ("nope", mode)])
            .unwrap();
        assert_eq!(shot.get("assets"), Some(&Value::Entities(Vec::new())));
        let (method, argument) = asked(&server);
        assert_eq!(method, "update");
        assert_eq!(
            argument,
            json!({"type": "Shot", "id": 13, "fields": [
                {"field_name": "assets", "value": [{"type": "Asset", "id": 3}], "multi_entity_update_mode": name},
                {"field_name": "code", "value": "b"}]})
        );
    }
}

#[test]
fn delete_and_revive_name_an_entity_and_say_whether_it_changed() {
    for (results, expected) in [("true", true), ("false", false)] {
        let server = Server::json(&format!("{{\"results\":{results}}}"));
        let client = server.client();
        assert_eq!(client.delete("Shot", 13).unwrap(), expected);
        let entity = json!({"type": "Shot", "id": 13});
        assert_eq!(asked(&server), ("delete".to_owned(), entity.clone()));
        assert_eq!(client.revive("Shot", 13).unwrap(), expected);
        assert_eq!(asked(&server), ("revive".to_owned(), entity));
    }
}

fn changes() -> [Change; 3] {
    [
        Change::create("Shot", &[("code", "a".into())], &["project", "id"]),
        Change::update_with_modes(
            "Shot",
            12,
            &[("assets", Vec::new().into())],
            &[("assets", UpdateMode::Add)],
        ),
        Change::delete("Task", 11),
    ]
}

#[test]
fn a_batch_is_a_list_of_requests_and_answers_in_their_order() {
    let server = Server::json(
        r#"{"results":[{"type":"Shot","id":14,"project":null,"code":"a"},{"type":"Shot","id":12,"assets":[]},true]}"#,
    );
    let changed = server.client().batch(&changes()).unwrap();
    let (method, argument) = asked(&server);
    assert_eq!(method, "batch");
    assert_eq!(
        argument,
        json!([
            {"request_type": "create", "type": "Shot", "fields": [{"field_name": "code", "value": "a"}], "return_fields": ["id", "project"]},
            {"request_type": "update", "type": "Shot", "id": 12,
             "fields": [{"field_name": "assets", "value": [], "multi_entity_update_mode": "add"}]},
            {"request_type": "delete", "type": "Task", "id": 11}])
    );
    let made = changed[0].entity().unwrap();
    assert_eq!((made.id().0, made.text("code")), (14, "a".to_owned()));
    assert_eq!(
        made.clone().into_rows().fields(),
        ["type", "id", "code", "project"]
    );
    assert_eq!(
        changed[1].entity().unwrap().get("assets"),
        Some(&Value::Entities(Vec::new()))
    );
    assert_eq!(changed[2], Changed::Deleted(true));
    assert_eq!(changed[2].entity(), None);
}

#[test]
fn a_batch_of_nothing_asks_nobody() {
    let server = Server::json("{}");
    assert_eq!(server.client().batch(&[]).unwrap(), []);
    assert!(server.requests.lock().is_empty());
}

#[test]
fn a_batch_that_is_refused_changed_nothing_and_one_that_is_garbled_may_have() {
    let fault = json!({"exception": true, "error_code": 104,
        "message": "API batch() request with index 2 failed.  All requests rolled back.\nno"});
    let error = Server::json(&fault.to_string())
        .client()
        .batch(&changes())
        .unwrap_err();
    assert_eq!(
        error.headline(),
        "The site refused the request: API batch() request with index 2 failed. All requests rolled back. no"
    );
    for results in [
        json!([]),
        json!([true, true]),
        json!([true, true, true, true]),
        json!([true, true, 7]),
        json!({}),
        Json::Null,
    ] {
        let body = json!({ "results": results }).to_string();
        let error = Server::json(&body).client().batch(&changes()).unwrap_err();
        assert!(
            matches!(error, Error::UnknownOutcome { .. }),
            "{body}: {error:?}"
        );
    }
}

#[cfg(feature = "sandbox")]
#[test]
fn the_sandbox_does_a_batch_whole_or_not_at_all() {
    use callboard::sandbox::{Options, Sandbox, Seed};
    use callboard::shotgun::{Client, Filter};

    let sandbox = Sandbox::with(Options {
        seed: Seed::Small,
        ..Options::default()
    })
    .unwrap();
    let builder = Client::builder(&sandbox.url()).script("callboard", "sandbox");
    let client = builder.build().unwrap();
    let project = client.find_one("Project", &[], &[]).unwrap().unwrap();
    let data = [
        ("code", "SH9999".into()),
        ("project", project.to_ref().into()),
    ];
    let shots = client.count("Shot", &[]).unwrap();
    let refused = [
        Change::create("Shot", &data, &[]),
        Change::update("Shot", 999_999, &[("code", "x".into())]),
    ];
    let error = client.batch(&refused).unwrap_err();
    assert!(error.headline().contains("index 1"), "{error}");
    assert_eq!(client.count("Shot", &[]).unwrap(), shots);

    let assets = client.find("Asset", &[], &[]).unwrap();
    let [first, second] = [0, 1].map(|index| assets.get(index).unwrap().to_ref());
    let changed = client.batch(&[
        Change::create("Shot", &data, &["sg_status_list"]),
        Change::delete("Shot", 1),
    ]);
    let [Changed::Entity(shot), Changed::Deleted(true)] = &changed.unwrap()[..] else {
        panic!("an entity and a deletion")
    };
    let linked = |mode, asset: &EntityRef| -> Vec<u64> {
        let data = [("assets", vec![asset.clone()].into())];
        let shot = client.update_with_modes("Shot", shot.id(), &data, &[("assets", mode)]);
        let shot = shot.unwrap();
        let assets = shot.get("assets").unwrap().entities();
        assets.iter().map(|asset| asset.id.0).collect()
    };
    let (one, two) = (first.id.0, second.id.0);
    assert_eq!(linked(UpdateMode::Set, &first), [one]);
    assert_eq!(linked(UpdateMode::Add, &second), [one, two]);
    assert_eq!(linked(UpdateMode::Remove, &first), [two]);
    assert_eq!(linked(UpdateMode::Set, &first), [one]);
    let named = [Filter::is("code", "SH9999")];
    assert_eq!(client.count("Shot", &named).unwrap(), 1);
}
