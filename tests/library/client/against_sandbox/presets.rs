//! What `find` leaves to the site: presets, the retired, archived projects.

use std::collections::BTreeMap;

use callboard::shotgun::{Client, EntityId, EntityRef, Filter, Find, Rows, Value};
use serde_json::json;

use super::{fault, project, site};

fn latest(client: &Client, entity_type: &str, by: &str, filters: &[Filter]) -> Vec<EntityId> {
    let find = Find::new(entity_type)
        .filters(filters.iter().cloned())
        .preset("LATEST", &[("latest_by", by.into())]);
    ids(&client.find_all(&find).unwrap())
}

fn ids(rows: &Rows) -> Vec<EntityId> {
    rows.iter().map(|row| row.id()).collect()
}

fn create(client: &Client, entity_type: &str, more: &[(&str, Value)]) -> EntityRef {
    let mut data = vec![("project", project().into())];
    data.extend_from_slice(more);
    client.create(entity_type, &data, &[]).unwrap().to_ref()
}

#[test]
fn the_latest_versions_are_the_newest_of_each_entity() {
    let (_sandbox, client) = site();
    let all = client
        .find("Version", &[], &["entity", "created_at"])
        .unwrap();
    let mut newest: BTreeMap<String, (String, EntityId)> = BTreeMap::new();
    for version in &all {
        let subject = version.get("entity").unwrap().as_entity().unwrap();
        let (subject, made) = (
            format!("{} {}", subject.entity_type, subject.id),
            version.get("created_at").unwrap().to_json(),
        );
        let candidate = (made.to_string(), version.id());
        let best = newest.entry(subject).or_insert_with(|| candidate.clone());
        *best = candidate.max(best.clone());
    }
    let mut expected: Vec<EntityId> = newest.into_values().map(|(_, id)| id).collect();
    expected.sort();
    assert_eq!(
        latest(&client, "Version", "ENTITIES_CREATED_AT", &[]),
        expected
    );
    assert!(expected.len() < all.len());
    let shot = EntityRef::new("Shot", 1);
    let on_shot = [Filter::is("entity", shot.clone())];
    let made = create(
        &client,
        "Version",
        &[("code", "v100".into()), ("entity", shot.into())],
    );
    assert_eq!(
        latest(&client, "Version", "ENTITIES_CREATED_AT", &on_shot),
        [made.id]
    );
    let old = [
        Filter::is("entity", EntityRef::new("Shot", 1)),
        Filter::is_not("code", "v100"),
    ];
    assert!(
        latest(&client, "Version", "ENTITIES_CREATED_AT", &old).is_empty(),
        "presets and filters must both hold"
    );
}

#[test]
fn a_later_step_beats_a_newer_version() {
    let (_sandbox, client) = site();
    let shot = create(&client, "Shot", &[("code", "PR_0010".into())]);
    let steps = client
        .find_all(&Find::new("Step").order("list_order"))
        .unwrap();
    let (first, last) = (
        steps.first().unwrap().to_ref(),
        steps.iter().next_back().unwrap().to_ref(),
    );
    let task = |step: EntityRef| {
        create(
            &client,
            "Task",
            &[("content", "x".into()), ("step", step.into())],
        )
    };
    let version = |code: &str, task: &EntityRef| {
        create(
            &client,
            "Version",
            &[
                ("code", code.into()),
                ("entity", (&shot).into()),
                ("sg_task", task.into()),
            ],
        )
    };
    let (early, late) = (task(first), task(last));
    version("a", &late);
    let wanted = version("b", &late);
    let newest = version("c", &early);
    let on_shot = [Filter::is("entity", shot.clone())];
    let by = "BY_PIPELINE_STEP_NUMBER_AND_ENTITIES_CREATED_AT";
    assert_eq!(latest(&client, "Version", by, &on_shot), [wanted.id]);
    assert_eq!(
        latest(&client, "Version", "ENTITIES_CREATED_AT", &on_shot),
        [newest.id]
    );
}

#[test]
fn files_and_cuts_have_their_latest_and_cuts_their_versions() {
    let (_sandbox, client) = site();
    let shot = create(&client, "Shot", &[("code", "PR_0020".into())]);
    let file = |number: i64| {
        create(
            &client,
            "PublishedFile",
            &[
                ("code", "f".into()),
                ("entity", (&shot).into()),
                ("version_number", number.into()),
            ],
        )
    };
    let (high, newest) = (file(7), file(2));
    let on_shot = [Filter::is("entity", shot.clone())];
    assert_eq!(
        latest(&client, "PublishedFile", "VERSION_NUMBER", &on_shot),
        [high.id]
    );
    assert_eq!(
        latest(&client, "PublishedFile", "ENTITIES_CREATED_AT", &on_shot),
        [newest.id]
    );
    let cut = |revision: i64| {
        let sequence = EntityRef::new("Sequence", 1);
        create(
            &client,
            "Cut",
            &[
                ("code", "c".into()),
                ("entity", sequence.into()),
                ("revision_number", revision.into()),
            ],
        )
    };
    let (high, _newest) = (cut(3), cut(1));
    assert_eq!(latest(&client, "Cut", "REVISION_NUMBER", &[]), [high.id]);
    for shot in [EntityRef::new("Shot", 2), shot] {
        create(
            &client,
            "CutItem",
            &[
                ("code", "i".into()),
                ("cut", (&high).into()),
                ("shot", shot.into()),
            ],
        );
    }
    let find = Find::new("Version").preset("CUT_SHOT_VERSIONS", &[("cut_id", high.id.into())]);
    let expected = client
        .find(
            "Version",
            &[Filter::is("entity", EntityRef::new("Shot", 2))],
            &[],
        )
        .unwrap();
    assert_eq!(ids(&client.find_all(&find).unwrap()), ids(&expected));
}

#[test]
fn presets_that_make_no_sense_are_refused() {
    let (sandbox, client) = site();
    let latest = ("latest_by", Value::from("ENTITIES_CREATED_AT"));
    let find = || Find::new("Version");
    for (find, expected) in [
        (find().preset("NOPE", &[]), "NOPE"),
        (
            Find::new("Shot").preset("LATEST", std::slice::from_ref(&latest)),
            "LATEST",
        ),
        (find().preset("LATEST", &[]), "latest_by"),
        (
            find().preset("LATEST", &[("latest_by", "VERSION_NUMBER".into())]),
            "latest_by",
        ),
        (
            find().preset("CUT_SHOT_VERSIONS", &[("cut_id", "x".into())]),
            "cut_id",
        ),
        (
            find()
                .preset("LATEST", std::slice::from_ref(&latest))
                .preset("LATEST", std::slice::from_ref(&latest)),
            "more than once",
        ),
    ] {
        let (code, said) = fault(client.find_all(&find));
        assert!(code == 103 && said.contains(expected), "{said}");
    }
    // What our client cannot be brought to send.
    for presets in [
        json!({}),
        json!("LATEST"),
        json!(["LATEST"]),
        json!([{"latest_by": "ENTITIES_CREATED_AT"}]),
    ] {
        let said = super::raw(
            &sandbox,
            "read",
            &json!({
                "type": "Version", "return_fields": ["id"], "paging": {"entities_per_page": 1, "current_page": 1},
                "additional_filter_presets": presets,
            }),
        );
        assert_eq!(said["error_code"], 103, "{presets}: {said}");
    }
}

#[test]
fn the_retired_and_archived_projects_are_told_apart() {
    let (_sandbox, client) = site();
    client.delete("Shot", 3).unwrap();
    let retired = client.find_all(&Find::new("Shot").retired_only()).unwrap();
    assert_eq!(ids(&retired), [EntityId(3)]);
    client
        .update("Project", 1, &[("archived", true.into())])
        .unwrap();
    let active = Find::new("Shot").without_archived_projects();
    assert!(client.find_all(&active).unwrap().is_empty());
    assert_eq!(client.find("Shot", &[], &[]).unwrap().len(), 39);
}
