//! Links that lead back to where they come from: nothing follows them for ever.

use serde_json::{Value as Json, json};

use super::{Line, small};

/// Lets the link `field` lead to `types`, too.
fn widen(line: &mut Line, entity: &str, field: &str, types: &Json) -> Json {
    let auth = json!({"script_name": callboard::sandbox::SCRIPT_NAME, "script_key": callboard::sandbox::SCRIPT_KEY});
    let properties = [json!({"property_name": "valid_types", "value": types})];
    let argument = json!({"type": entity, "field_name": field, "properties": properties});
    line.call_as(&auth, "schema_field_update", &argument)
}

#[test]
fn files_of_each_other_have_pictures() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let types = json!(["Shot", "PublishedFile"]);
    let widened = widen(&mut line, "PublishedFile", "entity", &types);
    assert_eq!(widened["results"], true, "{widened}");
    let project = json!({"type": "Project", "id": 1});
    let ids = ["a", "b"]
        .map(|code| line.create("PublishedFile", &json!({"code": code, "project": project})));
    for (from, to) in [(ids[0], ids[1]), (ids[1], ids[0])] {
        let other = json!({"type": "PublishedFile", "id": to});
        line.update("PublishedFile", from, "entity", &other);
    }
    for id in ids {
        let answer = line.get(&format!("/thumbnail/PublishedFile/{id}.png"));
        assert_eq!(answer.status, 200);
    }
}

#[test]
fn a_stream_ends_however_replies_are_linked() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    // Refused, or else followed no further than to a note.
    let widened = widen(&mut line, "Reply", "entity", &json!(["Note", "Reply"]));
    let note = json!({"type": "Note", "id": 1});
    let first = line.create("Reply", &json!({"content": "a", "entity": note}));
    if widened["results"] == true {
        let second = json!({"type": "Reply", "id": first});
        let second = line.create("Reply", &json!({"content": "b", "entity": second}));
        line.update(
            "Reply",
            first,
            "entity",
            &json!({"type": "Reply", "id": second}),
        );
    }
    let stream = line.call("activity_stream", &json!({"type": "Shot", "id": 1}));
    assert!(stream["updates"].is_array(), "{stream}");
}

#[test]
fn a_link_with_another_end_leads_to_no_more_types_than_before() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let refused = widen(
        &mut line,
        "Shot",
        "sg_sequence",
        &json!(["Sequence", "Asset"]),
    );
    assert_eq!(refused["error_code"], 103, "{refused}");
    let narrowed = widen(&mut line, "Shot", "sg_sequence", &json!(["Sequence"]));
    assert_eq!(narrowed["results"], true, "{narrowed}");
}

/// How many shots there are for which `path` is one of `values`.
fn count(line: &mut Line, path: &str, values: &Json) -> Json {
    let auth = json!({"script_name": callboard::sandbox::SCRIPT_NAME, "script_key": callboard::sandbox::SCRIPT_KEY});
    let condition = json!({"path": path, "relation": "in", "values": values});
    let filters = json!({"logical_operator": "and", "conditions": [condition]});
    let summaries = [json!({"field": "id", "type": "record_count"})];
    let argument = json!({"type": "Shot", "filters": filters, "summaries": summaries});
    line.call_as(&auth, "summarize", &argument)
}

#[test]
fn every_row_is_visited_once_however_many_ways_lead_to_it() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    // Every asset is in all shots, so that each step has all of them to choose from.
    let shots = line.call("read", &super::read("Shot", &[], 500));
    let shots = shots["entities"].as_array().unwrap();
    assert!(shots.len() > 10);
    let assets = line.call("read", &super::read("Asset", &[], 500));
    for shot in shots {
        let id = shot["id"].as_u64().unwrap();
        line.update("Shot", id, "assets", &assets["entities"]);
    }
    let path = "assets.Asset.shots.Shot.".repeat(4) + "code";
    let answer = count(&mut line, &path, &json!(["nowhere"]));
    assert_eq!(answer["results"]["summaries"]["id"], 0, "{answer}");
    let path = "assets.Asset.shots.Shot.".repeat(4) + "id";
    let answer = count(&mut line, &path, &json!([shots[0]["id"]]));
    assert_eq!(
        answer["results"]["summaries"]["id"],
        shots.len(),
        "{answer}"
    );
}

#[test]
fn a_field_name_leads_over_eight_links_at_most() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let path = |hops: usize| "sg_sequence.Sequence.shots.Shot.".repeat(hops / 2) + "code";
    let near = count(&mut line, &path(8), &json!(["a"]));
    assert!(near["results"].is_object(), "{near}");
    let far = count(&mut line, &path(10), &json!(["a"]));
    assert_eq!(far["error_code"], 103);
    let said = far["message"].as_str().unwrap();
    assert!(said.contains("over 8 links at most"), "{said}");
}
