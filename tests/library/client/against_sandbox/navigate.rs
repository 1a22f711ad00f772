//! The site as a tree.

use callboard::shotgun::{Client, EntityRef, Filter, Find, Value};
use serde_json::{Value as Json, json};

use super::{fault, project, site};

fn node(client: &Client, path: &str) -> Json {
    client.nav_expand(path, None, None).unwrap()
}

fn paths(node: &Json) -> Vec<&str> {
    node["children"]
        .as_array()
        .unwrap()
        .iter()
        .map(|child| child["path"].as_str().unwrap())
        .collect()
}

#[test]
fn the_tree_goes_from_the_site_to_every_shot() {
    let (_sandbox, client) = site();
    let root = node(&client, "/");
    assert_eq!(
        (&root["parent_path"], paths(&root)),
        (&Json::Null, vec!["/Project/1"])
    );
    let project = node(&client, "/Project/1");
    assert_eq!(project["label"], "Polar Night");
    assert_eq!(
        project["ref"],
        json!({"kind": "entity", "value": {"type": "Project", "id": 1}})
    );
    assert_eq!(paths(&project), ["/Project/1/Asset", "/Project/1/Shot"]);
    let shots = node(&client, "/Project/1/Shot");
    assert_eq!(
        shots["ref"],
        json!({"kind": "entity_type", "value": "Shot"})
    );
    assert_eq!(paths(&shots).len(), 4, "there are four sequences");
    let sequence = node(&client, paths(&shots)[0]);
    assert_eq!(
        sequence["children"],
        node(&client, paths(&shots)[0])["children"]
    );
    let leaves = paths(&sequence);
    assert_eq!(leaves.len(), 10);
    let leaf = node(&client, leaves[0]);
    assert_eq!(
        (&leaf["has_children"], paths(&leaf).len()),
        (&json!(false), 0)
    );
    assert_eq!(leaf["parent_path"], sequence["path"]);
    assert_eq!(leaf["ref"]["value"]["type"], "Shot");
    let assets = node(&client, "/Project/1/Asset");
    for group in paths(&assets) {
        assert!(
            group.starts_with("/Project/1/Asset/sg_asset_type/"),
            "{group}"
        );
        assert_eq!(node(&client, group)["has_children"], true);
    }
}

#[test]
fn a_node_says_how_to_find_what_belongs_to_it() {
    let (_sandbox, client) = site();
    let shots = node(&client, "/Project/1/Shot");
    let path = paths(&shots)[0];
    let preset = node(&client, path)["target_entities"].take();
    assert_eq!(
        preset,
        json!({"type": "Version", "additional_filter_presets": [
            {"preset_name": "NAV_ENTRIES", "path": path, "seed": {"type": "Version", "field": "entity"}}]})
    );
    let sequence: u64 = path.rsplit('/').next().unwrap().parse().unwrap();
    let seed = Value::from(json!({"type": "Version", "field": "entity"}));
    let found = client
        .find_all(
            &Find::new("Version").preset("NAV_ENTRIES", &[("path", path.into()), ("seed", seed)]),
        )
        .unwrap();
    let expected = client.count(
        "Version",
        &[Filter::is(
            "entity.Shot.sg_sequence",
            EntityRef::new("Sequence", sequence),
        )],
    );
    assert_eq!(found.len() as u64, expected.unwrap());
    assert!(!found.is_empty());
}

#[test]
fn a_search_tells_the_way_to_what_it_finds() {
    let (_sandbox, client) = site();
    let shot = client
        .find_one("Shot", &[], &["code", "sg_sequence"])
        .unwrap()
        .unwrap();
    let sequence = shot.get("sg_sequence").unwrap().as_entity().unwrap();
    let found = client.nav_search_entity("/", &shot.to_ref(), None).unwrap();
    let group = format!("/Project/1/Shot/sg_sequence/Sequence/{}", sequence.id);
    let leaf = format!("{group}/id/{}", shot.id());
    assert_eq!(
        found,
        json!([{
            "label": shot.text("code"),
            "incremental_path": ["/", "/Project/1", "/Project/1/Shot", group, leaf],
            "path_label": format!("Shots > {}", shot.text("sg_sequence")),
            "ref": {"type": "Shot", "id": shot.id().0},
            "project_id": 1,
        }])
    );
    let found = client
        .nav_search_string("/Project/1", &shot.text("code").to_lowercase(), None)
        .unwrap();
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["incremental_path"][0], "/Project/1");
    assert_eq!(
        client
            .nav_search_string("/Project/1/Asset", &shot.text("code"), None)
            .unwrap(),
        json!([])
    );
    let polar = client.nav_search_string("/", "polar", None).unwrap();
    assert_eq!(polar[0]["ref"], json!({"type": "Project", "id": 1}));
    let found = client
        .nav_search_entity("/Project/1", sequence, None)
        .unwrap();
    assert_eq!(
        found[0]["incremental_path"],
        json!(["/Project/1", "/Project/1/Shot", group])
    );
    assert_eq!(found[0]["path_label"], "Shots");
}

#[test]
fn what_is_in_no_group_and_groups_with_slashes_have_paths_too() {
    let (_sandbox, client) = site();
    let values = Value::from(json!(["Prop", "Set/Dressing", "100%"]));
    client
        .schema_field_update("Asset", "sg_asset_type", &[("valid_values", values)], None)
        .unwrap();
    for kind in [Value::Null, "Set/Dressing".into(), "100%".into()] {
        let data = [("project", project().into()), ("sg_asset_type", kind)];
        let asset = client.create("Asset", &data, &["code"]).unwrap();
        let found = client
            .nav_search_entity("/", &asset.to_ref(), None)
            .unwrap();
        let path = found[0]["incremental_path"]
            .as_array()
            .unwrap()
            .last()
            .unwrap();
        let leaf = node(&client, path.as_str().unwrap());
        assert_eq!(leaf["label"], asset.text("code"), "{path}");
        let group = node(&client, leaf["parent_path"].as_str().unwrap());
        assert_eq!(paths(&group), [path.as_str().unwrap()]);
    }
}

#[test]
fn a_path_to_nowhere_is_fault_107() {
    let (_sandbox, client) = site();
    for (path, said) in [
        ("Shot", "Unexpected path: Shot"),
        ("Project/1", "Unexpected path: Project/1"),
        ("/Nope", "Unexpected path: /Nope"),
        (
            "/Project/9",
            "Unexpected result looking for project: 9: 0 found.",
        ),
        (
            "/Project/1/Nope",
            "Entity type provided is not part of the tree: Nope",
        ),
        (
            "/Project/1/Shot/code/x",
            "Unexpected field name in path: code (expecting sg_sequence)",
        ),
        (
            "/Project/1/Shot/sg_sequence/Shot/1",
            "Unexpected path: /Project/1/Shot/sg_sequence/Shot/1",
        ),
        (
            "/Project/1/Shot/sg_sequence/Sequence/1/id/999",
            "Unexpected path: /Project/1/Shot/sg_sequence/Sequence/1/id/999",
        ),
    ] {
        assert_eq!(
            fault(client.nav_expand(path, None, None)),
            (107, said.to_owned())
        );
        assert_eq!(fault(client.nav_search_string(path, "x", None)).0, 107);
    }
}

#[test]
fn a_level_without_rows_says_so_and_the_ungrouped_have_a_bucket() {
    let (_sandbox, client) = site();
    let data = [("project", project().into()), ("code", "ZZZ".into())];
    let sequence = client.create("Sequence", &data, &[]).unwrap();
    let path = format!("/Project/1/Shot/sg_sequence/Sequence/{}", sequence.id());
    assert!(paths(&node(&client, "/Project/1/Shot")).contains(&path.as_str()));
    let empty = json!([{"label": "No Shots", "ref": {"kind": "empty", "value": null}, "has_children": false}]);
    assert_eq!(node(&client, &path)["children"], empty);
    let long = "/Project/1/Shot/sg_sequence/Sequence/__none__";
    assert_eq!(node(&client, long)["children"], empty);
    client.create("Shot", &data, &[]).unwrap();
    let shots = node(&client, "/Project/1/Shot");
    assert_eq!(paths(&shots).last(), Some(&long));
    let bucket = node(&client, long);
    assert_eq!(bucket["label"], "Shots with no Sequence");
    assert_eq!(
        bucket["ref"],
        json!({"kind": "entity_type", "value": "Shot"})
    );
    assert_eq!(bucket["children"][0]["label"], "ZZZ");
    assert_eq!(
        node(&client, "/Project/1/Shot/sg_sequence/__none__"),
        bucket
    );
}
