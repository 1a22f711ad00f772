//! Streams of what happened, and threads of notes.

use callboard::shotgun::{Activity, ActivityRange, Client, EntityRef, Filter, Value};

use super::{fault, project, site};

const NEWEST: ActivityRange = ActivityRange {
    min_id: None,
    max_id: None,
    limit: None,
};

fn create(client: &Client, entity_type: &str, more: &[(&str, Value)]) -> EntityRef {
    let mut data = vec![("project", project().into())];
    data.extend_from_slice(more);
    client.create(entity_type, &data, &[]).unwrap().to_ref()
}

fn stream(client: &Client, of: &EntityRef, range: ActivityRange) -> Vec<Activity> {
    let stream = client
        .activity_stream_read(of.entity_type.as_str(), of.id, &[], range)
        .unwrap();
    assert_eq!(
        (&stream.entity_type, stream.entity_id),
        (&of.entity_type, of.id)
    );
    assert_eq!(
        stream.latest_update_id,
        stream.updates.first().map(|update| update.id)
    );
    assert_eq!(
        stream.earliest_update_id,
        stream.updates.last().map(|update| update.id)
    );
    stream.updates
}

fn told(updates: &[Activity]) -> Vec<(&str, &str)> {
    let told = updates.iter();
    told.map(|update| {
        (
            &*update.update_type,
            update.meta["entity_type"].as_str().unwrap(),
        )
    })
    .collect()
}

#[test]
fn a_stream_tells_newest_first_what_happened_to_an_entity_and_on_it() {
    let (_sandbox, client) = site();
    let shot = create(
        &client,
        "Shot",
        &[("code", "AS_0010".into()), ("description", "x".into())],
    );
    assert_eq!(
        told(&stream(&client, &shot, NEWEST)),
        [("create", "Shot")],
        "with its fields it is one update"
    );
    client
        .update("Shot", shot.id, &[("sg_status_list", "ip".into())])
        .unwrap();
    let note = create(
        &client,
        "Note",
        &[
            ("subject", "Hm".into()),
            ("note_links", vec![shot.clone()].into()),
        ],
    );
    let reply = [("content", "Yes".into()), ("entity", (&note).into())];
    client.create("Reply", &reply, &[]).unwrap();
    create(
        &client,
        "Version",
        &[("code", "v001".into()), ("entity", (&shot).into())],
    );
    create(&client, "Version", &[("code", "of another".into())]);
    client.delete("Shot", shot.id).unwrap();
    let updates = stream(&client, &shot, NEWEST);
    assert_eq!(
        told(&updates),
        [
            ("delete", "Shot"),
            ("create", "Version"),
            ("create_reply", "Reply"),
            ("create", "Note"),
            ("update", "Shot"),
            ("create", "Shot")
        ]
    );
    let version = &updates[1];
    let primary = version.primary_entity.as_ref().unwrap();
    assert_eq!(
        (primary.text("name"), primary.text("status")),
        ("v001".to_owned(), "rev".to_owned())
    );
    assert_eq!(
        version.created_by.as_ref().unwrap().name.as_deref(),
        Some("callboard")
    );
    assert!(matches!(version.created_at, Value::DateTime(_)));
    assert_eq!(version.read, Some(false));
    assert_eq!(updates[4].meta["new_value"], "ip");
    assert_eq!(
        told(&stream(&client, &note, NEWEST)),
        [("create_reply", "Reply"), ("create", "Note")]
    );
}

#[test]
fn a_stream_is_read_in_parts() {
    let (_sandbox, client) = site();
    let shot = create(&client, "Shot", &[("code", "AS_0020".into())]);
    for cut in 1..=30 {
        client
            .update("Shot", shot.id, &[("sg_cut_in", cut.into())])
            .unwrap();
    }
    let newest = stream(&client, &shot, NEWEST);
    assert_eq!(newest.len(), 25);
    let oldest = newest.last().unwrap().id;
    let rest = stream(
        &client,
        &shot,
        ActivityRange {
            max_id: Some(oldest),
            ..NEWEST
        },
    );
    assert_eq!(rest.len(), 31 - 25);
    assert!(rest.iter().all(|update| update.id < oldest));
    let newer = stream(
        &client,
        &shot,
        ActivityRange {
            min_id: Some(oldest),
            limit: Some(500),
            ..NEWEST
        },
    );
    assert_eq!(newer.len(), 24);
    let two = stream(
        &client,
        &shot,
        ActivityRange {
            limit: Some(2),
            ..NEWEST
        },
    );
    assert_eq!(two, newest[..2]);
    assert!(
        stream(
            &client,
            &shot,
            ActivityRange {
                min_id: Some(newest[0].id),
                ..NEWEST
            }
        )
        .is_empty()
    );
    for limit in [0, 501] {
        let range = ActivityRange {
            limit: Some(limit),
            ..NEWEST
        };
        let (_, said) = fault(client.activity_stream_read("Shot", shot.id, &[], range));
        assert!(said.contains("limit"), "{said}");
    }
    let (_, said) = fault(client.activity_stream_read("Shot", 9_999, &[], NEWEST));
    assert!(said.contains("9999"), "{said}");
}

#[test]
fn fields_that_were_asked_for_are_there_even_if_null() {
    let (_sandbox, client) = site();
    let shot = create(&client, "Shot", &[("code", "AS_0030".into())]);
    let asked: [(&str, &[&str]); 1] = [("Shot", &["created_by.HumanUser.image", "code"])];
    let stream = client
        .activity_stream_read("Shot", shot.id, &asked, NEWEST)
        .unwrap();
    let primary = stream.updates[0].primary_entity.as_ref().unwrap();
    assert_eq!(
        primary.get("created_by.HumanUser.image"),
        Some(&Value::Null)
    );
    assert_eq!(primary.text("code"), "AS_0030");
}

#[test]
fn a_note_is_read_with_its_replies_in_the_order_of_time() {
    let (_sandbox, client) = site();
    let replied = client
        .find_one("Reply", &[], &["entity", "content", "user"])
        .unwrap()
        .unwrap();
    let note = replied.get("entity").unwrap().as_entity().unwrap().clone();
    let data = [("content", "Second".into()), ("entity", (&note).into())];
    let second = client.create("Reply", &data, &[]).unwrap();
    let asked: [(&str, &[&str]); 2] = [
        ("Note", &["subject", "addressings_to"]),
        ("Reply", &["entity"]),
    ];
    let thread = client.note_thread_read(note.id, &asked).unwrap();
    let rows: Vec<_> = thread.iter().map(|row| row.to_ref()).collect();
    assert_eq!(rows, [note.clone(), replied.to_ref(), second.to_ref()]);
    let first = thread.first().unwrap();
    let fields = [
        "content",
        "created_at",
        "created_by",
        "subject",
        "addressings_to",
    ];
    let found = client
        .find_one("Note", &[Filter::is("id", note.id)], &fields)
        .unwrap()
        .unwrap();
    for field in fields {
        assert_eq!(first.get(field), found.get(field), "{field}");
    }
    assert_eq!(first.get("entity"), None);
    let first = thread.get(1).unwrap();
    assert_eq!(first.text("content"), replied.text("content"));
    assert_eq!(first.text("user"), replied.text("user"));
    let by_script = thread.get(2).unwrap();
    assert_eq!(
        by_script.text("user"),
        "callboard",
        "a reply is by whoever makes it"
    );
    client.delete("Reply", second.id()).unwrap();
    assert_eq!(client.note_thread_read(note.id, &[]).unwrap().len(), 2);
    let (code, said) = fault(client.note_thread_read(9_999, &[]));
    assert!(code == 103 && said.contains("9999"), "{said}");
}
