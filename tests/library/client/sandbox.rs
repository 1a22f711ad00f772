//! The client against the sandbox, which shares no code with it.

use std::sync::Arc;
use std::time::Duration;

use callboard::sandbox::{Misbehavior, Options, Sandbox, Seed};
use callboard::shotgun::{Client, Error, FieldName, Filter, Find, Order, Relation, Value};

use super::server::Ear;

fn sandbox() -> Sandbox {
    Sandbox::with(Options {
        seed: Seed::Small,
        ..Options::default()
    })
    .unwrap()
}

fn client(sandbox: &Sandbox) -> Client {
    Client::builder(&sandbox.url())
        .script("callboard", "sandbox")
        .retries(0)
        .build()
        .unwrap()
}

#[test]
fn the_forty_shots_are_found_page_by_page_and_at_once() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let all = client.find("Shot", &[], &["code", "project"]).unwrap();
    assert_eq!(all.len(), 40);
    assert_eq!(client.count("Shot", &[]).unwrap(), 40);
    let find = Find::new("Shot").fields(["code", "project"]).page_size(15);
    let mut paged = callboard::shotgun::Rows::default();
    for number in 1.. {
        let page = client.query(&find.clone().page(number)).unwrap();
        paged.extend(page.rows);
        if !page.has_next_page {
            break;
        }
    }
    assert_eq!(paged, all);
    assert!(
        all.iter().all(|shot| shot.entity_type() == "Shot"
            && shot.get("project").unwrap().as_entity().is_some())
    );
}

#[test]
fn filters_typed_and_built_mean_the_same() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let project = client.find_one("Project", &[], &["name"]).unwrap().unwrap();
    let typed: Filter = format!("project is Project:{}", project.id())
        .parse()
        .unwrap();
    assert_eq!(
        client.count("Shot", std::slice::from_ref(&typed)).unwrap(),
        40
    );
    let ids: Vec<_> = client
        .find("Shot", &[typed], &[])
        .unwrap()
        .iter()
        .take(3)
        .map(|row| row.id())
        .collect();
    let three = client
        .find("Shot", &[Filter::in_("id", ids.clone())], &["code"])
        .unwrap();
    assert_eq!(three.iter().map(|row| row.id()).collect::<Vec<_>>(), ids);
    let others = client
        .count("Shot", &[Filter::new("id", Relation::NotIn, ids)])
        .unwrap();
    assert_eq!(others, 37);
    let down = client
        .find_all(
            &Find::new("Shot")
                .fields(["code"])
                .order(Order::descending("code"))
                .limit(2),
        )
        .unwrap();
    assert!(down.get(0).unwrap().text("code") > down.get(1).unwrap().text("code"));
}

#[test]
fn an_entity_lives_changes_and_goes() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let project = client
        .find_one("Project", &[], &[])
        .unwrap()
        .unwrap()
        .to_ref();
    let shot = client
        .create(
            "Shot",
            &[
                ("code", "SH9999".into()),
                ("project", project.clone().into()),
            ],
            &["sg_status_list"],
        )
        .unwrap();
    assert_eq!(shot.text("code"), "SH9999");
    assert_eq!(shot.get("project").unwrap().as_entity(), Some(&project));
    let changed = client
        .update(
            "Shot",
            shot.id(),
            &[
                ("sg_status_list", "ip".into()),
                ("description", Value::Null),
            ],
        )
        .unwrap();
    assert_eq!(changed.text("sg_status_list"), "ip");
    assert!(client.delete("Shot", shot.id()).unwrap());
    assert!(!client.delete("Shot", shot.id()).unwrap());
    assert!(
        client
            .find_one("Shot", &[Filter::is("code", "SH9999")], &[])
            .unwrap()
            .is_none()
    );
    assert!(client.revive("Shot", shot.id()).unwrap());
    assert!(
        client
            .find_one("Shot", &[Filter::is("code", "SH9999")], &[])
            .unwrap()
            .is_some()
    );
}

#[test]
fn the_schema_knows_types_fields_and_statuses() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    assert!(client.schema_entity_read(None).unwrap()["Shot"].visible);
    let fields = client.schema_field_read("Shot", None, None).unwrap();
    let status = &fields["sg_status_list"];
    assert_eq!(&*status.data_type, "status_list");
    assert!(status.valid_values.iter().any(|value| &**value == "ip"));
    assert!(!fields["id"].editable);
    let schema = client.schema_read(None).unwrap();
    assert_eq!(schema["Shot"], fields);
    // Every field the schema lists must be readable.
    let names: Vec<&str> = fields.keys().map(FieldName::as_str).collect();
    assert_eq!(client.find("Shot", &[], &names).unwrap().len(), 40);
}

#[test]
fn a_thumbnail_is_downloaded() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let shots = client
        .find("Shot", &[Filter::is_not("image", Value::Null)], &["image"])
        .unwrap();
    let image = shots.first().expect("a shot with a picture").text("image");
    let bytes = client.download(&image, 10_000_000).unwrap();
    assert!(
        bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8"),
        "{:?}",
        &bytes[..4]
    );
}

#[test]
fn info_and_a_session_token_work_and_wrong_keys_do_not() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    assert!(client.info().unwrap().version.0 >= 8);
    let token = client.get_session_token().unwrap();
    let session = Client::builder(&sandbox.url())
        .session_token(token)
        .build()
        .unwrap();
    assert_eq!(session.count("Shot", &[]).unwrap(), 40);
    for wrong in [
        Client::builder(&sandbox.url()).script("callboard", "wrong"),
        Client::builder(&sandbox.url()).login("nobody", "x"),
        Client::builder(&sandbox.url()).session_token("dead"),
    ] {
        let error = wrong.build().unwrap().find("Shot", &[], &[]).unwrap_err();
        assert!(
            matches!(
                error,
                Error::Unauthorized {
                    code: Some(102),
                    ..
                }
            ),
            "{error:?}"
        );
    }
}

#[test]
fn unknown_types_fields_and_operators_are_refused_by_name() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    for (entity_type, filter, expected) in [
        ("Nope", Filter::all([]), "Nope"),
        ("Shot", Filter::is("nope", 1), "nope"),
        (
            "Shot",
            Filter::new("code", Relation::LessThan, [1]),
            "less_than",
        ),
    ] {
        let error = client.find(entity_type, &[filter], &[]).unwrap_err();
        assert!(
            matches!(error, Error::Rejected { .. }) && error.headline().contains(expected),
            "{error}"
        );
    }
}

#[test]
fn each_way_to_misbehave_has_its_error() {
    let sandbox = sandbox();
    let client = client(&sandbox);
    let after = |misbehavior| {
        sandbox.faults().once(misbehavior);
        client.find("Shot", &[], &["code"]).unwrap_err()
    };
    assert!(matches!(
        after(Misbehavior::Status(503)),
        Error::Server { status: 503 }
    ));
    assert!(matches!(
        after(Misbehavior::Redirect),
        Error::NotShotgun { .. }
    ));
    assert!(matches!(after(Misbehavior::Html), Error::NotShotgun { .. }));
    assert!(matches!(
        after(Misbehavior::Truncate),
        Error::Truncated { .. }
    ));
    assert!(matches!(
        after(Misbehavior::InvalidJson),
        Error::Truncated { .. } | Error::Decode { .. }
    ));
    assert!(matches!(
        after(Misbehavior::Reset),
        Error::Unreachable { .. }
    ));
    assert!(matches!(
        after(Misbehavior::ResetBefore),
        Error::Unreachable { .. }
    ));
    let two_seconds = Duration::from_secs(2);
    assert!(matches!(
        after(Misbehavior::RetryLater { status: 429, after: two_seconds }),
        Error::RateLimited { retry_after: Some(wait) } if wait == two_seconds
    ));
    let cut = after(Misbehavior::ResetMidway);
    assert!(
        matches!(cut, Error::Truncated { .. } | Error::Unreachable { .. }),
        "{cut}"
    );
    sandbox.faults().once(Misbehavior::Reset);
    assert!(matches!(
        client.delete("Shot", 1).unwrap_err(),
        Error::UnknownOutcome { .. }
    ));
    assert_eq!(
        client.find("Shot", &[], &[]).unwrap().len(),
        40 - 1,
        "it had been done all the same"
    );
}

#[test]
fn a_write_whose_answer_was_lost_is_not_sent_again_and_can_be_looked_for() {
    let sandbox = sandbox();
    let builder = Client::builder(&sandbox.url()).script("callboard", "sandbox");
    let client = builder.retries(3).build().unwrap();
    let project = client.find_one("Project", &[], &[]).unwrap().unwrap();
    let data = [
        ("code", "SH9999".into()),
        ("project", project.to_ref().into()),
    ];
    sandbox.faults().once(Misbehavior::Reset);
    let error = client.create("Shot", &data, &[]).unwrap_err();
    assert_eq!(sandbox.request_count("create"), 1);
    let found = client.find_all(error.check().unwrap()).unwrap();
    let made = found.get(0).unwrap();
    assert_eq!(
        (found.len(), made.text("code")),
        (1, "SH9999".to_owned()),
        "{error}"
    );

    sandbox.faults().once(Misbehavior::Reset);
    let error = client.delete("Shot", made.id()).unwrap_err();
    let check = error.check().unwrap();
    assert_eq!(check.to_string(), format!("Shot where id is {}", made.id()));
    assert!(client.find_all(check).unwrap().is_empty());
    assert_eq!(sandbox.request_count("delete"), 1);
}

#[test]
fn sums_hold_over_many_calls_on_many_threads() {
    let sandbox = sandbox();
    let ear = Arc::new(Ear::default());
    let client = Client::builder(&sandbox.url())
        .script("callboard", "sandbox")
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(client.find("Shot", &[], &["code"]).unwrap().len(), 40);
                }
            });
        }
    });
    let exchanges = ear.exchanges.lock();
    assert_eq!(exchanges.len(), 40);
    assert!(
        exchanges
            .iter()
            .all(|exchange| exchange.phases.total() == exchange.total
                && exchange.phases.dns.is_none()
                && exchange.phases.tls.is_none())
    );
    assert!(
        exchanges
            .iter()
            .filter(|exchange| exchange.connection.unwrap().reused)
            .all(|exchange| exchange.phases.connect.is_none())
    );
}
