//! Following, notes, what happened, and the tree of a site: the words on the wire, and what comes back.

use callboard::shotgun::{ActivityRange, EntityId, EntityRef, Error, Value};
use serde_json::{Value as Json, json};

use super::server::{Server, asked};

fn ann() -> EntityRef {
    EntityRef::new("HumanUser", 24)
}

fn answering(results: &Json) -> Server {
    Server::json(&json!({ "results": results }).to_string())
}

#[test]
fn following_begins_and_ends() {
    let shot = EntityRef::new("Shot", 12);
    let wire =
        json!({"user": {"type": "HumanUser", "id": 24}, "entity": {"type": "Shot", "id": 12}});
    for done in [true, false] {
        let server = answering(&json!({"followed": done, "user": {}, "entity": {}}));
        assert_eq!(server.client().follow(&ann(), &shot).unwrap(), done);
        assert_eq!(asked(&server), ("follow".to_owned(), wire.clone()));
        let server = answering(&json!({"unfollowed": done, "user": {}, "entity": {}}));
        assert_eq!(server.client().unfollow(&ann(), &shot).unwrap(), done);
        assert_eq!(asked(&server), ("unfollow".to_owned(), wire.clone()));
    }
    let error = answering(&json!({"unfollowed": true}))
        .client()
        .follow(&ann(), &shot)
        .unwrap_err();
    assert!(matches!(error, Error::UnknownOutcome { .. }), "{error:?}");
}

#[test]
fn followers_come_with_their_status() {
    let server = answering(
        &json!([{"type": "HumanUser", "id": 24, "name": "Ann", "status": "act", "valid": "valid"}]),
    );
    let followers = server.client().followers(&EntityRef::new("Shot", 12));
    let followers = followers.unwrap();
    let first = followers.first().unwrap();
    assert_eq!(first.to_ref(), ann());
    assert_eq!(
        (first.text("name"), first.text("status")),
        ("Ann".to_owned(), "act".to_owned())
    );
    let wire = json!({"entity": {"type": "Shot", "id": 12}});
    assert_eq!(asked(&server), ("followers".to_owned(), wire));
}

#[test]
fn what_one_follows_may_be_narrowed_down() {
    let server = answering(&json!([{"type": "Task", "id": 1}, {"type": "Shot", "id": 2}]));
    let client = server.client();
    let all = client.following(&ann(), None, None).unwrap();
    let links: Vec<_> = all.iter().map(|row| row.to_ref()).collect();
    assert_eq!(
        links,
        [EntityRef::new("Task", 1), EntityRef::new("Shot", 2)]
    );
    let user = json!({"type": "HumanUser", "id": 24});
    assert_eq!(
        asked(&server),
        ("following".to_owned(), json!({ "user": user }))
    );
    client
        .following(&ann(), Some(EntityId(70)), Some("Task"))
        .unwrap();
    let wire =
        json!({"user": user, "project": {"type": "Project", "id": 70}, "entity_type": "Task"});
    assert_eq!(asked(&server), ("following".to_owned(), wire));
}

#[test]
fn a_thread_of_notes_is_read_in_the_order_of_time() {
    let server = answering(&json!([
        {"type": "Note", "id": 6013, "content": "Less blue", "created_at": "2026-03-01T10:20:30Z",
         "created_by": {"type": "HumanUser", "id": 24, "name": "Ann"}, "addressings_to": []},
        {"type": "Reply", "id": 5, "content": "Done", "created_at": "2026-03-01T11:00:00Z",
         "user": {"type": "HumanUser", "id": 25, "name": "Bob", "image": null}},
        {"type": "Attachment", "id": 159, "created_at": "2026-03-01T11:01:00Z",
         "created_by": {"type": "HumanUser", "id": 25, "name": "Bob"}}
    ]));
    let fields: [(&str, &[&str]); 2] = [("Note", &["addressings_to"]), ("Reply", &["content"])];
    let thread = server.client().note_thread_read(6013, &fields).unwrap();
    let told: Vec<_> = thread
        .iter()
        .map(|row| (row.entity_type().to_string(), row.text("content")))
        .collect();
    assert_eq!(
        told,
        [("Note", "Less blue"), ("Reply", "Done"), ("Attachment", "")]
            .map(|(entity_type, text)| (entity_type.to_owned(), text.to_owned()))
    );
    assert_eq!(thread.get(1).unwrap().text("user"), "Bob");
    assert_eq!(thread.get(2).unwrap().get("content"), None);
    assert_eq!(
        asked(&server),
        (
            "note_thread_contents".to_owned(),
            json!({"note_id": 6013, "entity_fields": {"Note": ["addressings_to"], "Reply": ["content"]}})
        )
    );
}

#[test]
fn a_stream_tells_what_happened() {
    let server = answering(
        &json!({"entity_type": "Shot", "entity_id": 12, "earliest_update_id": 50, "latest_update_id": 79, "updates": [
            {"id": 79, "update_type": "create", "created_at": "2026-03-01T10:00:00Z", "read": false,
             "meta": {"type": "new_entity", "entity_type": "Version", "entity_id": 604},
             "created_by": {"type": "HumanUser", "id": 24, "name": "Ann", "status": "act", "image": null},
             "primary_entity": {"type": "Version", "id": 604, "name": "v002", "status": "rev", "image": null}},
            {"id": 50, "update_type": "update", "created_at": "2015-07-15 11:06:55 UTC", "read": null, "meta": {},
             "created_by": null, "primary_entity": null}
        ]}),
    );
    let client = server.client();
    let stream = client
        .activity_stream_read("Shot", 12, &[], ActivityRange::default())
        .unwrap();
    assert_eq!(
        (
            stream.entity_id,
            stream.earliest_update_id,
            stream.latest_update_id
        ),
        (EntityId(12), Some(50), Some(79))
    );
    let [newest, oldest] = &stream.updates[..] else {
        panic!("two updates")
    };
    assert_eq!(newest.meta["entity_id"], 604);
    assert_eq!(newest.created_by.as_ref(), Some(&ann()));
    assert!(matches!(newest.created_at, Value::DateTime(_)));
    let version = newest.primary_entity.as_ref().unwrap();
    assert_eq!(
        (version.text("status"), version.get("image")),
        ("rev".to_owned(), Some(&Value::Null))
    );
    assert_eq!(oldest.created_at.to_string(), "2015-07-15 11:06:55 UTC");
    assert_eq!((oldest.read, &oldest.primary_entity), (None, &None));
    let wire = json!({"type": "Shot", "id": 12, "max_id": null, "min_id": null, "limit": null, "entity_fields": {}});
    assert_eq!(asked(&server), ("activity_stream".to_owned(), wire));

    let range = ActivityRange {
        min_id: Some(79),
        max_id: Some(200),
        limit: Some(500),
    };
    let fields: [(&str, &[&str]); 1] = [("Shot", &["created_by.HumanUser.image"])];
    client
        .activity_stream_read("Shot", 12, &fields, range)
        .unwrap();
    let wire = json!({"type": "Shot", "id": 12, "max_id": 200, "min_id": 79, "limit": 500,
        "entity_fields": {"Shot": ["created_by.HumanUser.image"]}});
    assert_eq!(asked(&server), ("activity_stream".to_owned(), wire));
}

#[test]
fn the_tree_of_a_site_is_passed_on_as_it_comes() {
    let node =
        json!({"label": "Demo", "path": "/Project/70", "has_children": true, "children": []});
    let server = answering(&node);
    let client = server.client();
    assert_eq!(client.nav_expand("/Project/70", None, None).unwrap(), node);
    let wire = json!({"path": "/Project/70", "seed_entity_field": null, "entity_fields": null});
    assert_eq!(asked(&server), ("nav_expand".to_owned(), wire));

    let found = json!([{"label": "sh010", "incremental_path": [], "project_id": 70}]);
    let server = answering(&found);
    let client = server.client();
    assert_eq!(client.nav_search_string("/", "sh", None).unwrap(), found);
    let wire = json!({"root_path": "/", "seed_entity_field": null, "search_criteria": {"search_string": "sh"}});
    assert_eq!(asked(&server), ("nav_search".to_owned(), wire));
    client
        .nav_search_entity("/", &EntityRef::new("Shot", 12), Some("Shot.code"))
        .unwrap();
    let wire = json!({"root_path": "/", "seed_entity_field": "Shot.code",
        "search_criteria": {"entity": {"type": "Shot", "id": 12}}});
    assert_eq!(asked(&server), ("nav_search".to_owned(), wire));
}
