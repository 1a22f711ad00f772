//! Search, schedules, settings, sums and the schema's fields: the words on the wire, and what comes back.

use callboard::shotgun::{
    EntityId, EntityRef, Error, Filter, Grouping, Recalculate, UserSubscription, Value, WorkRule,
};
use jiff::civil::date;
use serde_json::{Value as Json, json};

use super::server::{Server, asked};

fn answering(results: &Json) -> Server {
    Server::json(&json!({ "results": results }).to_string())
}

#[test]
fn a_search_finds_names_by_their_words() {
    let server = answering(&json!({"terms": ["bunny", "run"], "matches": [
        {"type": "Asset", "id": 9, "name": "Bunny_runner", "project_id": 70, "image": null, "links": ["", ""], "status": "ip"},
        {"type": "Task", "id": 10, "name": "Run", "project_id": null, "image": "https://x/a.jpg", "links": ["Asset", "Bunny"], "status": null}]}));
    let client = server.client();
    let living = [Filter::is("sg_status_list", "ip")];
    let types: [(&str, &[Filter]); 2] = [("Asset", &living), ("Task", &[])];
    let found = client
        .text_search("bunny run", &types, &[EntityId(70)], Some(20))
        .unwrap();
    assert_eq!(found.terms, ["bunny".into(), "run".into()]);
    let [asset, task] = &found.matches[..] else {
        panic!("two matches")
    };
    assert_eq!(asset.entity, EntityRef::new("Asset", 9));
    assert_eq!(asset.entity.name.as_deref(), Some("Bunny_runner"));
    assert_eq!(asset.project_id, Some(EntityId(70)));
    assert_eq!((&asset.link, asset.status.as_deref()), (&None, Some("ip")));
    assert_eq!(task.image.as_deref(), Some("https://x/a.jpg"));
    assert_eq!(task.link, Some(("Asset".into(), "Bunny".into())));
    let all = json!({"logical_operator": "and", "conditions": []});
    let ip = json!({"logical_operator": "and", "conditions": [{"path": "sg_status_list", "relation": "is", "values": ["ip"]}]});
    assert_eq!(
        asked(&server),
        (
            "query_display_name_cache".to_owned(),
            json!({"text": "bunny run", "entity_types": {"Asset": ip, "Task": all}, "project_ids": [70], "max_results": 20})
        )
    );
    client
        .text_search("bunny", &[("Task", &[])], &[], None)
        .unwrap();
    let wire = json!({"text": "bunny", "entity_types": {"Task": all}, "project_ids": [], "max_results": null});
    assert_eq!(asked(&server).1, wire);
    let bad: [(&str, &[Filter]); 1] = [("Task", &[Filter::in_("id", Vec::<i64>::new())])];
    let error = client.text_search("bunny", &bad, &[], None).unwrap_err();
    assert!(matches!(error, Error::BadFilter { .. }), "{error:?}");
}

#[test]
fn a_schedule_tells_for_each_day_whether_people_work() {
    let server = answering(&json!({
        "2026-12-25": {"working": false, "description": "Christmas", "reason": "STUDIO_EXCEPTION"},
        "2026-12-24": {"working": true, "description": null, "reason": "STUDIO_WORK_WEEK"}}));
    let client = server.client();
    let (first, last) = (date(2026, 12, 24), date(2026, 12, 25));
    let days = client.work_schedule_read(first, last, None, None).unwrap();
    assert_eq!(days.keys().copied().collect::<Vec<_>>(), [first, last]);
    assert!(days[&first].working && !days[&last].working);
    assert_eq!(days[&last].description.as_deref(), Some("Christmas"));
    assert_eq!(days[&first].reason.as_deref(), Some("STUDIO_WORK_WEEK"));
    let wire = json!({"start_date": "2026-12-24", "end_date": "2026-12-25", "project": null, "user": null});
    assert_eq!(asked(&server), ("work_schedule_read".to_owned(), wire));
    let ann = EntityRef::new("HumanUser", 24);
    client
        .work_schedule_read(first, last, Some(EntityId(70)), Some(&ann))
        .unwrap();
    let wire = json!({"start_date": "2026-12-24", "end_date": "2026-12-25",
        "project": {"type": "Project", "id": 70}, "user": {"type": "HumanUser", "id": 24}});
    assert_eq!(asked(&server).1, wire);
    let error = answering(&json!({"Christmas": {"working": false}}))
        .client()
        .work_schedule_read(first, last, None, None)
        .unwrap_err();
    assert!(
        error.headline().contains("`Christmas` is not a day"),
        "{error}"
    );
}

#[test]
fn a_schedule_is_changed_day_by_day() {
    let server = answering(
        &json!({"date": "2026-12-24", "working": false, "description": "Snow",
        "project": {"type": "Project", "id": 70, "name": "Demo"}, "user": null}),
    );
    let rule = WorkRule {
        description: Some("Snow".into()),
        project: Some(EntityRef::new("Project", 70)),
        ..WorkRule::new(date(2026, 12, 24), false)
    };
    let client = server.client();
    let stored = client
        .work_schedule_update(&rule, Some(Recalculate::DueDate))
        .unwrap();
    assert_eq!(stored, rule);
    assert_eq!(stored.project.unwrap().name.as_deref(), Some("Demo"));
    let wire = json!({"date": "2026-12-24", "working": false, "description": "Snow",
        "project": {"type": "Project", "id": 70}, "user": null, "recalculate_field": "due_date"});
    assert_eq!(asked(&server), ("work_schedule_update".to_owned(), wire));
    client
        .work_schedule_update(&WorkRule::new(date(2026, 12, 24), true), None)
        .unwrap();
    assert_eq!(asked(&server).1["recalculate_field"], Json::Null);
}

#[test]
fn preferences_are_named_values() {
    let server = answering(&json!({"hours_per_day": 8.0, "support_local_storage": true}));
    let client = server.client();
    let preferences = client.preferences_read(&["hours_per_day"]).unwrap();
    assert_eq!(preferences["hours_per_day"], Value::Float(8.0));
    assert_eq!(preferences["support_local_storage"], Value::Bool(true));
    let wire = json!({"prefs": ["hours_per_day"]});
    assert_eq!(asked(&server), ("preferences_read".to_owned(), wire));
    client.preferences_read(&[]).unwrap();
    assert_eq!(asked(&server).1, json!({"prefs": []}));
}

#[test]
fn a_project_was_opened_by_whoever_is_named_or_logged_in() {
    const METHOD: &str = "update_project_last_accessed_by_current_user";
    let person = json!({"entities": [{"type": "HumanUser", "id": 24}]});
    let server = answering(&person);
    let script = server.client();
    script.update_project_last_accessed(70, None).unwrap();
    assert_eq!(
        asked(&server),
        (METHOD.to_owned(), json!({"project_id": 70}))
    );
    script
        .update_project_last_accessed(70, Some(EntityId(25)))
        .unwrap();
    let wire = json!({"project_id": 70, "user_id": 25});
    assert_eq!(asked(&server), (METHOD.to_owned(), wire));
    assert_eq!(server.requests.lock().len(), 2);
    let ann = server.builder().login("ann", "p4ss").build().unwrap();
    ann.update_project_last_accessed(70, None).unwrap();
    let wire = json!({"project_id": 70, "user_id": 24});
    assert_eq!(asked(&server), (METHOD.to_owned(), wire));
    let looked_up: Json = serde_json::from_str(&server.requests.lock()[2].body).unwrap();
    assert_eq!(looked_up["params"][1]["type"], "HumanUser");
    assert_eq!(
        looked_up["params"][1]["filters"]["conditions"][0]["values"][0],
        "ann"
    );
}

#[test]
fn licenses_are_read_and_given() {
    let server = answering(&json!([{"humanUserId": 24, "subscription": "full"}]));
    let held = server.client().user_subscriptions_read().unwrap();
    let full = UserSubscription {
        human_user_id: EntityId(24),
        subscription: Some("full".into()),
    };
    assert_eq!(held, std::slice::from_ref(&full));
    assert_eq!(
        asked(&server),
        ("user_subscriptions_read".to_owned(), Json::Null)
    );
    let none = UserSubscription {
        subscription: None,
        ..full
    };
    for (status, expected) in [("success", true), ("failure", false)] {
        let server = answering(&json!({ "status": status }));
        let given = server
            .client()
            .user_subscriptions_create(std::slice::from_ref(&none));
        assert_eq!(given.unwrap(), expected);
        let wire = json!({"users": [{"humanUserId": 24, "subscription": null}]});
        assert_eq!(
            asked(&server),
            ("user_subscriptions_create".to_owned(), wire)
        );
    }
}

#[test]
fn a_summary_has_sums_over_all_and_by_group() {
    let server = answering(
        &json!({"summaries": {"id": 3, "due_date": "2026-05-01"}, "groups": [
        {"group_name": "sh010", "group_value": {"type": "Shot", "id": 12, "name": "sh010", "valid": "valid"},
         "summaries": {"id": 2, "due_date": "2026-05-01"}, "groups": [{"group_name": "ip", "group_value": "ip", "summaries": {"id": 1}}]},
        {"group_name": "", "group_value": null, "summaries": {"id": 1, "due_date": null}}]}),
    );
    let client = server.client();
    let asked_for = [("id", "count"), ("due_date", "latest")];
    let by_week = Grouping {
        field: "due_date".into(),
        how: "week".into(),
        descending: true,
    };
    let grouping = [Grouping::exact("entity"), by_week];
    let summary = client
        .summarize("Task", &[], &asked_for, &grouping)
        .unwrap();
    assert_eq!(summary.summaries["id"], Value::Int(3));
    assert_eq!(summary.summaries["due_date"], Value::parse("2026-05-01"));
    let [shot, nothing] = &summary.groups[..] else {
        panic!("two groups")
    };
    assert_eq!(shot.value.as_entity(), Some(&EntityRef::new("Shot", 12)));
    assert_eq!(shot.groups[0].summaries["id"], Value::Int(1));
    assert_eq!((&*nothing.name, &nothing.value), ("", &Value::Null));
    let wire = json!({"type": "Task", "filters": {"logical_operator": "and", "conditions": []},
        "summaries": [{"field": "id", "type": "count"}, {"field": "due_date", "type": "latest"}],
        "grouping": [{"field": "entity", "type": "exact", "direction": "asc"},
                     {"field": "due_date", "type": "week", "direction": "desc"}]});
    assert_eq!(asked(&server), ("summarize".to_owned(), wire));
    client.summarize("Task", &[], &asked_for, &[]).unwrap();
    assert!(asked(&server).1.get("grouping").is_none());
}

#[test]
fn a_page_is_exported_as_text_and_refused_as_json() {
    use super::server::{Then, answer};

    let table = "Shot Code,Status\nsh010,ip\n";
    for content_type in ["text/csv; charset=utf-8", "application/octet-stream"] {
        let server = Server::saying(answer("200 OK", content_type, table), Then::Keep);
        let client = server.client();
        assert_eq!(client.export_page(12, "csv", None).unwrap(), table);
        let wire = json!({"format": "csv", "page_id": 12, "layout_name": null});
        assert_eq!(asked(&server), ("export_page".to_owned(), wire));
    }
    let fault = json!({"exception": true, "message": "Export for Page id=12 not available", "error_code": 103});
    let page = answer("200 OK", "text/html", "<html>log in</html>");
    let broken = [
        &b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 2\r\n\r\n"[..],
        b"\xff\xfe",
    ];
    for (bytes, expected) in [
        (
            super::server::ok(&fault.to_string()),
            "The site refused the request: Export for Page id=12 not available",
        ),
        (page, "is not a Shotgun site: it answers with a web page"),
        (broken.concat(), "The answer makes no sense: invalid utf-8"),
        (answer("404 No", "", ""), "it answers HTTP 404"),
    ] {
        let server = Server::saying(bytes, Then::Keep);
        let error = server
            .client()
            .export_page(12, "csv", Some("x"))
            .unwrap_err();
        assert!(error.headline().contains(expected), "{error}");
    }
}

#[test]
fn an_attachment_is_at_the_root_of_the_site() {
    let client = callboard::shotgun::Client::builder("https://h.example/sub/")
        .build()
        .unwrap();
    assert_eq!(
        client.get_attachment_download_url(77),
        "https://h.example/file_serve/attachment/77"
    );
}

#[cfg(feature = "sandbox")]
#[test]
fn groups_add_up_in_the_sandbox() {
    use callboard::sandbox::{Options, Sandbox, Seed};
    use callboard::shotgun::Client;

    let sandbox = Sandbox::with(Options {
        seed: Seed::Small,
        ..Options::default()
    })
    .unwrap();
    let builder = Client::builder(&sandbox.url()).script("callboard", "sandbox");
    let client = builder.build().unwrap();
    let by_status = [Grouping::exact("sg_status_list")];
    let summary = client
        .summarize("Shot", &[], &[("id", "count")], &by_status)
        .unwrap();
    assert_eq!(summary.summaries["id"], Value::Int(40));
    let counts = summary.groups.iter().map(|group| &group.summaries["id"]);
    let sum: i64 = counts.map(|count| count.as_i64().unwrap()).sum();
    assert_eq!(sum, 40);
    assert!(summary.groups.len() > 1);
}

#[test]
fn fields_are_made_changed_and_retired() {
    let server = answering(&json!("sg_weather"));
    let properties = [("description", "On the day".into())];
    let name = server
        .client()
        .schema_field_create("Shot", "text", "Weather", &properties);
    assert_eq!(name.unwrap(), "sg_weather");
    let wire = json!({"type": "Shot", "data_type": "text", "properties": [
        {"property_name": "name", "value": "Weather"}, {"property_name": "description", "value": "On the day"}]});
    assert_eq!(asked(&server), ("schema_field_create".to_owned(), wire));

    let server = answering(&json!(true));
    let client = server.client();
    let hidden = [("visible", false.into())];
    assert!(
        client
            .schema_field_update("Shot", "sg_weather", &hidden, Some(EntityId(70)))
            .unwrap()
    );
    let mut wire = json!({"type": "Shot", "field_name": "sg_weather", "project": {"type": "Project", "id": 70},
        "properties": [{"property_name": "visible", "value": false}]});
    assert_eq!(
        asked(&server),
        ("schema_field_update".to_owned(), wire.clone())
    );
    client
        .schema_field_update("Shot", "sg_weather", &hidden, None)
        .unwrap();
    wire.as_object_mut().unwrap().remove("project");
    assert_eq!(asked(&server).1, wire);
    assert!(client.schema_field_delete("Shot", "sg_weather").unwrap());
    let wire = json!({"type": "Shot", "field_name": "sg_weather"});
    assert_eq!(asked(&server), ("schema_field_delete".to_owned(), wire));
}
