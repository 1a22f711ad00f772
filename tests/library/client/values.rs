//! Values of every data type, from the wire and back to it.

use callboard::shotgun::{Color, EntityRef, FileLink, FilePlace, Footage, Picture, Rows, Value};
use jiff::{SignedDuration, Timestamp, civil};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

/// What a field of some data type holds on the wire, null aside.
fn held() -> impl Strategy<Value = (&'static str, Json)> {
    fn kind<S: Strategy<Value = Json> + 'static>(
        data_type: &'static str,
        held: S,
    ) -> BoxedStrategy<(&'static str, Json)> {
        held.prop_map(move |json| (data_type, json)).boxed()
    }
    let whole = || any::<i32>().prop_map(Json::from);
    // Six decimals, as sites store.
    let number = || {
        (-999_999_999_999_999..=999_999_999_999_999_i64)
            .prop_map(|millionths| json!(millionths as f64 / 1e6))
    };
    // What a site escapes is undone, and not redone: that has a test of its own.
    let text = || "[^<&]{0,30}".prop_map(Json::from);
    let link = || {
        ("[A-Z][A-Za-z]{2,12}", any::<u32>(), "[^<&]{0,12}")
            .prop_map(|(kind, id, name)| json!({"type": kind, "id": id, "name": name}))
    };
    let links = || prop::collection::vec(link(), 0..4).prop_map(Json::from);
    let date = || {
        (1970..2100_i16, 1..13_i8, 1..29_i8)
            .prop_map(|(year, month, day)| Json::from(civil::date(year, month, day).to_string()))
    };
    let time = (0..4_000_000_000_i64)
        .prop_map(|second| Json::from(Timestamp::from_second(second).unwrap().to_string()));
    let file = (select(&["upload", "web"][..]), any::<u32>(), "[a-z]{0,9}").prop_map(|(kind, id, name)| json!({"link_type": kind, "type": "Attachment", "id": id, "name": name, "content_type": null, "url": format!("https://x/{name}")}));
    let meta = (whole(), "[a-z_]{1,9}").prop_map(|(id, key)| json!({"type": "attribute_change", "id": 3, "entity_id": id, key: [null, {"x": 1.5}]}));
    prop_oneof![
        kind("text", text()),
        kind("number", whole()),
        kind("percent", whole()),
        kind("duration", whole()),
        kind("timecode", whole()),
        kind("float", number()),
        kind("currency", number()),
        kind("checkbox", any::<bool>().prop_map(Json::from)),
        kind("date", date()),
        kind("date_time", time),
        kind("list", text()),
        kind("status_list", "[a-z]{2,4}".prop_map(Json::from)),
        kind(
            "color",
            any::<[u8; 3]>().prop_map(|rgb| Json::from(Color::Rgb(rgb).to_string()))
        ),
        kind("entity", link()),
        kind("multi_entity", links()),
        kind("addressing", links()),
        kind(
            "tag_list",
            prop::collection::vec("[^<&]{0,8}", 0..4).prop_map(Json::from)
        ),
        kind("image", "https://x/[a-z]{1,9}\\.png".prop_map(Json::from)),
        kind("url", file),
        kind("footage", "[1-9][0-9]{0,3}-[01][0-9]".prop_map(Json::from)),
        kind("password", Just("*******".into())),
        kind("serializable", meta),
        kind("uuid", "[0-9a-f]{8}-[0-9a-f]{4}".prop_map(Json::from)),
        kind(
            "of the future",
            (text(), date()).prop_map(|(text, date)| json!([[text], {"at": date}]))
        ),
    ]
}

proptest! {
    #[test]
    fn every_data_type_comes_back_as_it_was_sent((data_type, json) in held()) {
        let row = json!([{"type": "Shot", "id": 1, "held": json.clone(), "null": null}]);
        let rows: Rows = serde_json::from_str(&row.to_string()).unwrap();
        let value = rows.first().unwrap().get("held").unwrap();
        prop_assert_eq!(value.to_json(), json.clone(), "{}", data_type);
        prop_assert!(rows.first().unwrap().get("null").unwrap().is_null());
        // From a tree as well as from bytes.
        prop_assert_eq!(&Value::from(json), value);
        let read = match data_type {
            "number" | "percent" => value.as_i64().is_some(),
            "float" | "currency" => value.as_f64().is_some(),
            "duration" => Value::minutes(value.as_minutes().unwrap()) == *value,
            "timecode" => Value::timecode(value.as_timecode().unwrap()) == *value,
            "checkbox" => value.as_bool().is_some(),
            "date" => Value::from(value.as_date().unwrap()) == *value,
            "date_time" => Value::from(value.as_timestamp().unwrap()) == *value,
            "entity" => Value::from(value.as_entity().unwrap()) == *value,
            "multi_entity" | "addressing" => Value::from(value.entities().to_vec()) == *value,
            "tag_list" => Value::texts(value.as_texts().unwrap()) == *value,
            "image" => matches!(value.as_picture(), Some(Picture::Ready(_))),
            "url" => value.as_file().is_some(),
            "color" => Value::from(value.as_color().unwrap()) == *value,
            "footage" => value.as_footage().is_some(),
            "serializable" | "of the future" => value.as_json().is_some(),
            _ => value.text().is_some(),
        };
        prop_assert!(read, "{}: {:?}", data_type, value);
    }
}

#[test]
fn what_sites_escape_is_undone_at_the_top_and_nowhere_else() {
    let json = r#"[{"type":"Shot","id":1,"code":"a &lt;b> &amp; &lt;","meta":{"x":"&lt;"},"tags":["&lt;"],"sequence":{"type":"Sequence","id":1,"name":"&lt;"}}]"#;
    let rows: Rows = serde_json::from_str(json).unwrap();
    let row = rows.first().unwrap();
    assert_eq!(row.text("code"), "a <b> &amp; <");
    assert_eq!(row.get("meta").unwrap().to_json(), json!({"x": "&lt;"}));
    assert_eq!(row.get("tags").unwrap().to_json(), json!(["&lt;"]));
    assert_eq!(row.text("sequence"), "&lt;");
}

#[test]
fn files_are_read_by_the_kind_of_their_link() {
    let local = Value::from(json!({
        "link_type": "local", "type": "Attachment", "id": 79, "name": "a.exr", "content_type": "image/x-exr",
        "local_storage": {"type": "LocalStorage", "id": 3, "name": "primary"}, "relative_path": "show/a.exr",
        "local_path_linux": "/mnt/p/show/a.exr", "local_path_mac": "/Volumes/p/show/a.exr", "local_path_windows": "P:\\show\\a.exr"}));
    let file = local.as_file().unwrap();
    assert_eq!(
        (
            &*file.name,
            file.content_type.as_deref(),
            file.attachment.unwrap().0
        ),
        ("a.exr", Some("image/x-exr"), 79)
    );
    let FilePlace::Local(paths) = &file.place else {
        panic!("{file:?}");
    };
    assert_eq!(paths.windows.as_deref(), Some("P:\\show\\a.exr"));
    assert_eq!(paths.storage, Some(EntityRef::new("LocalStorage", 3)));
    assert!(paths.path().unwrap().ends_with("a.exr"));
    assert_eq!(
        Value::from(file).to_json(),
        json!({"relative_path": "show/a.exr", "local_storage": {"type": "LocalStorage", "id": 3, "name": "primary"}, "name": "a.exr"})
    );
    for odd in [
        json!({"link_type": "upload", "name": "no url"}),
        json!({"link_type": "carrier pigeon", "url": "x"}),
        json!({"link_type": null, "url": "x"}),
        json!(null),
        json!("https://x/"),
    ] {
        assert_eq!(Value::from(odd.clone()).as_file(), None, "{odd}");
    }
}

#[test]
fn files_are_written_in_the_shortest_form() {
    for (file, expected) in [
        (
            FileLink::web("https://x/", "docs"),
            json!({"url": "https://x/", "name": "docs"}),
        ),
        (
            FileLink::local("/mnt/p/a.exr"),
            json!({"local_path": "/mnt/p/a.exr"}),
        ),
        (
            FileLink::below(EntityRef::new("LocalStorage", 3), "a.exr"),
            json!({"relative_path": "a.exr", "local_storage": {"type": "LocalStorage", "id": 3}}),
        ),
        (
            Value::from(json!({
                "link_type": "upload", "type": "Attachment", "id": 77, "name": "a.mov", "content_type": null, "url": "https://x/77"
            }))
            .as_file()
            .unwrap(),
            json!({"type": "Attachment", "id": 77, "url": "https://x/77", "name": "a.mov"}),
        ),
    ] {
        assert_eq!(Value::from(file).to_json(), expected);
    }
}

#[test]
fn a_picture_that_is_not_ready_is_told_by_its_folder() {
    let pending = "https://x/images/status/transient/thumbnail_pending.png?7";
    for (value, expected) in [
        (Value::Null, Some(Picture::Absent)),
        (pending.into(), Some(Picture::Pending(pending))),
        (
            "https://s3/a.jpg?x=/images/status/transient/".into(),
            Some(Picture::Ready(
                "https://s3/a.jpg?x=/images/status/transient/",
            )),
        ),
        (Value::Int(3), None),
    ] {
        assert_eq!(value.as_picture(), expected);
    }
}

#[test]
fn measures_are_read_strictly_and_never_overflow() {
    for (text, expected) in [
        ("10-05", Some((10, 5))),
        ("0-0", Some((0, 0))),
        ("10-5", Some((10, 5))),
        ("10", None),
        ("-5", None),
        ("10-", None),
        ("+1-2", None),
        ("99999999999-1", None),
    ] {
        let footage = Value::from(text).as_footage();
        assert_eq!(
            footage.map(|f: Footage| (f.feet, f.frames)),
            expected,
            "{text}"
        );
    }
    for (text, expected) in [
        ("255,0,7", Some(Color::Rgb([255, 0, 7]))),
        ("255, 0, 7", Some(Color::Rgb([255, 0, 7]))),
        ("pipeline_step", Some(Color::PipelineStep)),
        ("256,0,0", None),
        ("1,2", None),
        ("Black", None),
    ] {
        assert_eq!(Value::from(text).as_color(), expected, "{text}");
    }
    assert_eq!(
        Value::from(90).as_minutes(),
        Some(SignedDuration::from_mins(90))
    );
    assert_eq!(Value::Int(i64::MAX).as_minutes(), None);
    assert_eq!(
        Value::from(-1500).as_timecode(),
        Some(SignedDuration::from_millis(-1500))
    );
    assert_eq!(
        Value::minutes(SignedDuration::from_secs(119)),
        Value::Int(1)
    );
    assert_eq!(Value::timecode(SignedDuration::MAX), Value::Null);
}
