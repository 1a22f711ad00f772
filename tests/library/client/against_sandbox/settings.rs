//! Preferences, working days, pages, licenses, and who was last where.

use std::sync::Arc;

use callboard::shotgun::{
    Client, EntityRef, Filter, Recalculate, UserSubscription, Value, WorkRule,
};
use jiff::civil::{Date, date};

use serde_json::json;

use super::{fault, project, raw, site};

#[test]
fn preferences_are_read_all_or_by_name() {
    let (_sandbox, client) = site();
    let all = client.preferences_read(&[]).unwrap();
    assert_eq!(all.len(), 17);
    assert_eq!(all["hours_per_day"], Value::Float(8.0));
    let two = client
        .preferences_read(&[
            "duration_units",
            "support_local_storage",
            "email_notifications",
        ])
        .unwrap();
    let names: Vec<&str> = two.keys().map(|name| &**name).collect();
    assert_eq!(names, ["duration_units", "support_local_storage"]);
}

/// What holds on a day: whether it is for working, and which rule says so.
fn rule(
    client: &Client,
    day: Date,
    project: Option<u64>,
    user: Option<&EntityRef>,
) -> (bool, String) {
    let days = client
        .work_schedule_read(day, day, project.map(Into::into), user)
        .unwrap();
    assert_eq!(days.len(), 1);
    (
        days[&day].working,
        days[&day].reason.as_deref().unwrap().to_owned(),
    )
}

#[test]
fn a_week_has_five_working_days() {
    let (_sandbox, client) = site();
    // From a Monday on.
    let week = client
        .work_schedule_read(date(2026, 12, 21), date(2026, 12, 27), None, None)
        .unwrap();
    let working: Vec<bool> = week.values().map(|day| day.working).collect();
    assert_eq!(working, [true, true, true, true, true, false, false]);
    assert!(
        week.values()
            .all(|day| day.reason.as_deref() == Some("STUDIO_WORK_WEEK")
                && day.description.is_none())
    );
}

#[test]
fn a_person_beats_a_project_and_that_the_studio() {
    let (_sandbox, client) = site();
    let day = date(2026, 12, 22);
    let ann = client
        .find_one("HumanUser", &[], &["name"])
        .unwrap()
        .unwrap()
        .to_ref();
    let set = |working, description: &str, project, user| {
        let rule = WorkRule {
            description: Some(description.into()),
            project,
            user,
            ..WorkRule::new(day, working)
        };
        let stored = client
            .work_schedule_update(&rule, Some(Recalculate::DueDate))
            .unwrap();
        assert_eq!(stored, rule);
        stored
    };
    set(false, "Studio holiday", None, None);
    assert_eq!(
        rule(&client, day, Some(1), Some(&ann)),
        (false, "STUDIO_EXCEPTION".to_owned())
    );
    let stored = set(true, "Crunch", Some(project()), None);
    assert_eq!(stored.project.unwrap().name.as_deref(), Some("Polar Night"));
    assert_eq!(
        rule(&client, day, Some(1), Some(&ann)),
        (true, "PROJECT_EXCEPTION".to_owned())
    );
    assert_eq!(
        rule(&client, day, None, Some(&ann)),
        (false, "STUDIO_EXCEPTION".to_owned())
    );
    set(false, "Dentist", None, Some(ann.clone()));
    assert_eq!(
        rule(&client, day, Some(1), Some(&ann)),
        (false, "USER_EXCEPTION".to_owned())
    );
    assert_eq!(
        rule(&client, date(2026, 12, 23), Some(1), Some(&ann)).1,
        "STUDIO_WORK_WEEK"
    );
    let (_, said) = fault(client.work_schedule_read(day, date(2026, 12, 1), None, None));
    assert!(said.contains("end_date"), "{said}");
    let (_, said) = fault(client.work_schedule_read(day, day, Some(99.into()), None));
    assert!(said.contains("99"), "{said}");
}

#[test]
fn only_a_page_that_is_marked_can_be_exported() {
    let (sandbox, client) = site();
    for (argument, expected) in [
        (
            json!({"format": null, "page_id": 11, "layout_name": null}),
            "'format' missing",
        ),
        (
            json!({"format": "csv", "page_id": null, "layout_name": null}),
            "'page_id' missing",
        ),
    ] {
        let said = raw(&sandbox, "export_page", &argument);
        assert!(
            said["message"].as_str().unwrap().contains(expected),
            "{said}"
        );
    }
    let page = client
        .create("Page", &[("entity_type", "Shot".into())], &[])
        .unwrap();
    let gone = format!("Export for Page id={} not available", page.id());
    assert_eq!(fault(client.export_page(page.id().0, "csv", None)).1, gone);
    let marks = [
        ("api_exportable", true.into()),
        ("project", project().into()),
    ];
    client.update("Page", page.id(), &marks).unwrap();
    let table = client.export_page(page.id().0, "csv", None).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        (lines.len(), lines[0]),
        (41, "Id,Shot Code,Status,Description")
    );
    let first = client
        .find_one("Shot", &[Filter::is("id", 1)], &["code", "sg_status_list"])
        .unwrap()
        .unwrap();
    let expected = format!("1,{},{},", first.text("code"), first.text("sg_status_list"));
    assert!(lines[1].starts_with(&expected), "{}", lines[1]);
    assert_eq!(
        fault(client.export_page(page.id().0, "csv", Some("My Layout"))).1,
        gone
    );
    let (_, said) = fault(client.export_page(page.id().0, "pdf", None));
    assert_eq!(said, "This functionality is currently not available");
}

#[test]
fn licenses_are_given_and_taken() {
    let (_sandbox, client) = site();
    assert_eq!(client.user_subscriptions_read().unwrap().len(), 8);
    let give = |id: u64, subscription: Option<&str>| {
        let subscription = subscription.map(Arc::from);
        client.user_subscriptions_create(&[UserSubscription {
            human_user_id: id.into(),
            subscription,
        }])
    };
    let license = |id: u64| {
        let all = client.user_subscriptions_read().unwrap();
        all.into_iter()
            .find(|one| one.human_user_id.0 == id)
            .unwrap()
            .subscription
    };
    assert!(give(3, Some("Review")).unwrap());
    assert_eq!(license(3).as_deref(), Some("Review"));
    assert!(give(3, None).unwrap());
    assert_eq!(license(3), None);
    assert!(license(4).is_some());
    let (_, said) = fault(give(99, None));
    assert!(said.contains("99"), "{said}");
}

#[test]
fn a_visit_to_a_project_is_seen_by_the_visitor_only() {
    let (sandbox, client) = site();
    let mira = Client::builder(&sandbox.url())
        .login("mira", "hers")
        .build()
        .unwrap();
    let field = "last_accessed_by_current_user";
    let visits = |client: &Client| {
        let visited = client
            .count("Project", &[Filter::is_not(field, Value::Null)])
            .unwrap();
        let project = client.find_one("Project", &[], &[field]).unwrap().unwrap();
        assert_eq!(visited == 1, !project.get(field).unwrap().is_null());
        visited
    };
    assert_eq!((visits(&client), visits(&mira)), (0, 0));
    mira.update_project_last_accessed(1, None).unwrap();
    assert_eq!((visits(&client), visits(&mira)), (0, 1));
    client.update_project_last_accessed(1, None).unwrap();
    assert_eq!(visits(&client), 1);
    let deep = mira
        .find_one(
            "Shot",
            &[],
            &["project.Project.last_accessed_by_current_user"],
        )
        .unwrap()
        .unwrap();
    assert!(
        !deep
            .get("project.Project.last_accessed_by_current_user")
            .unwrap()
            .is_null()
    );
    let (_, said) = fault(client.update_project_last_accessed(9, None));
    assert!(said.contains("no Project with id 9"), "{said}");
}
