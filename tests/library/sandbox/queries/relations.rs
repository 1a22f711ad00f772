//! Which relation goes with which data type, and what is said of those that do not.

use serde_json::{Value as Json, json};

use super::{condition, create_field, fault_of, query};
use crate::sandbox::{Line, read, small};

const TEXT: &str = "is is_not contains not_contains starts_with ends_with in not_in";
const NUMBER: &str = "is is_not less_than greater_than between not_between in not_in";
const MOMENT: &str = "is is_not less_than greater_than between in not_in in_last not_in_last in_next not_in_next \
     in_calendar_day in_calendar_week in_calendar_month in_calendar_year";
const CHOICE: &str = "is is_not in not_in";
const LINK: &str =
    "is is_not in not_in type_is type_is_not name_is name_contains name_not_contains";
const ADDRESSING: &str = "is is_not in not_in type_is type_is_not name_is name_contains name_not_contains contains \
     not_contains name_starts_with name_ends_with";
const EVERY: &str = "is is_not less_than greater_than between not_between in not_in contains not_contains starts_with \
     ends_with in_last not_in_last in_next not_in_next in_calendar_day in_calendar_week in_calendar_month \
     in_calendar_year type_is type_is_not name_is name_contains name_not_contains name_starts_with name_ends_with \
     foo IS not_is";

/// Data type, a field of it (custom ones are made first), what may be asked, and a value.
fn table() -> Vec<(&'static str, &'static str, &'static str, Json)> {
    let shot = json!({"type": "Shot", "id": 1});
    vec![
        ("text", "Shot.code", TEXT, json!("a")),
        ("footage", "Shot.sg_my_footage", TEXT, json!("1-2")),
        ("number", "Shot.sg_cut_in", NUMBER, json!(5)),
        ("percent", "Task.time_percent_of_est", NUMBER, json!(5)),
        ("duration", "Task.duration", NUMBER, json!(5)),
        ("timecode", "Shot.sg_my_timecode", NUMBER, json!(5)),
        (
            "float",
            "Version.sg_frames_aspect_ratio",
            NUMBER,
            json!(0.5),
        ),
        ("currency", "Project.sg_budget", NUMBER, json!(0.5)),
        ("date", "Task.due_date", MOMENT, json!("2026-03-01")),
        (
            "date_time",
            "Task.created_at",
            MOMENT,
            json!("2026-03-01T10:20:30Z"),
        ),
        ("checkbox", "Task.milestone", "is is_not", json!(true)),
        ("list", "Shot.sg_shot_type", CHOICE, json!("VFX")),
        ("status_list", "Shot.sg_status_list", CHOICE, json!("ip")),
        ("color", "Task.color", CHOICE, json!("255,0,0")),
        ("entity_type", "Step.entity_type", CHOICE, json!("Shot")),
        ("uuid", "LocalStorage.uuid", CHOICE, json!("x")),
        ("entity", "Task.entity", LINK, shot.clone()),
        ("multi_entity", "Asset.shots", LINK, shot),
        (
            "addressing",
            "Note.addressings_to",
            ADDRESSING,
            json!({"type": "HumanUser", "id": 1}),
        ),
        ("image", "Shot.image", "is is_not", Json::Null),
        ("url", "Version.sg_uploaded_movie", "", json!("x")),
        ("password", "HumanUser.password_proxy", "", json!("x")),
        ("serializable", "EventLogEntry.meta", "", json!({})),
        ("pivot_column", "Shot.step_0", "", json!("x")),
        (
            "system_task_type",
            "Task.system_task_type",
            CHOICE,
            json!("x"),
        ),
        (
            "tag_list",
            "Shot.tag_list",
            "is is_not name_contains name_not_contains name_id",
            json!("dust"),
        ),
    ]
}

/// Values that `relation` takes on a field that holds such values.
fn values(relation: &str, value: &Json) -> Json {
    match relation {
        "between" | "not_between" => json!([value, value]),
        "in_last" | "not_in_last" | "in_next" | "not_in_next" => json!([1, "DAY"]),
        "type_is" | "type_is_not" => json!(["Shot"]),
        _ if relation.starts_with("in_calendar") => json!([0]),
        _ if relation.contains("contains")
            || relation.contains("with")
            || relation.starts_with("name") =>
        {
            json!(["a"])
        }
        _single => json!([value]),
    }
}

#[test]
fn each_data_type_takes_its_relations_and_no_others() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    for data_type in ["footage", "timecode"] {
        create_field(&mut line, "Shot", data_type);
    }
    for (data_type, name, allowed, value) in table() {
        let (entity_type, field) = name.split_once('.').unwrap();
        let schema = line.call(
            "schema_field_read",
            &json!({"type": entity_type, "field_name": field}),
        );
        assert_eq!(schema[field]["data_type"]["value"], data_type, "{name}");
        let allowed: Vec<&str> = allowed.split_whitespace().collect();
        for relation in EVERY.split_whitespace() {
            let filter = condition(field, relation, &values(relation, &value));
            let said = fault_of(&mut line, "read", &query(entity_type, &filter));
            let expected = if allowed.is_empty() {
                format!("API read() {name}'s '{data_type}' data type cannot be used in a filter.")
            } else if allowed.contains(&relation) {
                assert_eq!(said, None, "{name} {relation}");
                continue;
            } else {
                let valid = json!(allowed);
                format!(
                    "API read() {name}'s '{data_type}' data type doesn't support '{relation}' 'relation'. Valid relations are: {valid}"
                )
            };
            assert_eq!(said, Some((103, expected)), "{name} {relation}");
        }
    }
}

#[test]
fn a_value_of_the_wrong_sort_is_a_fault_alone_and_finds_nothing_in_a_list() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let table = r#"
        Shot.code | 5 | [String, NilClass] data type(s) but got Integer: 5
        Shot.sg_cut_in | "five" | [Integer, Float, String, NilClass] data type(s) but got String: "five"
        Shot.sg_cut_in | "nan" | [Integer, Float, String, NilClass] data type(s) but got String: "nan"
        Task.due_date | "1969-12-31" | [String, NilClass] data type(s) but got String: "1969-12-31"
        Task.milestone | 1 | [String, FalseClass, TrueClass] data type(s) but got Integer: 1
        Task.milestone | null | [String, FalseClass, TrueClass] data type(s) but got NilClass: nil
        Task.entity | 7.5 | [Hash, NilClass] data type(s) but got Float: 7.5
        Task.entity | {"id":7} | [Hash, NilClass] data type(s) but got Hash: {"id":7}
        Task.entity | ["x"] | [Hash, NilClass] data type(s) but got Array: ["x"]
        Shot.image | "x" | [NilClass] data type(s) but got String: "x"
    "#;
    for row in table.trim().lines() {
        let [name, value, expected] = cells(row);
        let value: Json = serde_json::from_str(value).unwrap();
        let (entity_type, field) = name.split_once('.').unwrap();
        let filter = condition(field, "is", &json!([value]));
        let said = fault_of(&mut line, "read", &query(entity_type, &filter));
        let expected = format!("API read() {name} expected {expected}");
        assert_eq!(said, Some((103, expected)));
        if field != "milestone" && field != "image" {
            let filter = condition(field, "in", &json!([Json::Null, value]));
            let found = line.call("read", &query(entity_type, &filter));
            assert_eq!(found["entities"], json!([]), "{name}");
        }
    }
}

#[test]
fn what_makes_no_filter_is_refused_in_words() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let table = r#"
        {"path":"nope","relation":"is","values":[1]} | Shot.nope doesn't exist.
        {"path":"sg_sequence.Sequence.nope","relation":"is","values":[1]} | Sequence.nope doesn't exist.
        {"path":"$FROM$Task.step.content","relation":"is","values":["x"]} | Shot.$FROM$Task.step doesn't exist.
        {"path":"code","relation":"in","values":[]} | Shot.code: 'in' needs a value.
        {"path":"id","relation":"between","values":[1]} | Shot.id 'between' expects a 2-element array: [1]
        {"path":"created_at","relation":"in_last","values":[4]} | Shot.created_at 'in_last' expects a 2-element array: [4]
        {"path":"created_at","relation":"in_last","values":[0,"DAY"]} | Shot.created_at 'in_last' cannot count with [0,"DAY"]
        {"path":"created_at","relation":"in_next","values":[1,"day"]} | Shot.created_at 'in_next' cannot count with [1,"day"]
        {"path":"created_at","relation":"in_last","values":[99999999,"YEAR"]} | Shot.created_at 'in_last' cannot count with [99999999,"YEAR"]
        {"path":"created_at","relation":"in_calendar_day","values":[1.5]} | Shot.created_at 'in_calendar_day' cannot count with [1.5]
        {"path":"sg_sequence","relation":"type_is","values":["Nope"]} | invalid/missing string entity 'type': "Nope"
        {"path":"code","relation":"contains","values":[null]} | Shot.code expected [String] data type(s) but got NilClass: nil
        {"path":"code"} | invalid/missing string 'relation' in filter:\n{"path":"code"}
        {"relation":"is"} | invalid/missing string 'path' in filter:\n{"relation":"is"}
        {"logical_operator":"xor","conditions":[]} | invalid 'logical_operator': xor
        {"logical_operator":"and","conditions":{}} | invalid/missing array 'conditions':\n{"conditions":{},"logical_operator":"and"}
    "#;
    for row in table.trim().lines() {
        let [filter, expected] = cells(row);
        let filter: Json = serde_json::from_str(filter).unwrap();
        let said = fault_of(&mut line, "read", &query("Shot", &filter));
        let expected = format!("API read() {}", expected.replace("\\n", "\n"));
        assert_eq!(said, Some((103, expected)), "{filter}");
    }
}

/// The cells of a row of a table.
fn cells<const N: usize>(row: &str) -> [&str; N] {
    let cells: Vec<&str> = row.split(" | ").map(str::trim).collect();
    cells.try_into().unwrap()
}

#[test]
fn names_in_a_row_are_found_by_one_of_them() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    for (id, tags) in [
        (1, json!(["Dust", "snow", "Dust "])),
        (2, json!(["snowfall"])),
    ] {
        let change = json!({"type": "Shot", "id": id, "fields": [{"field_name": "tag_list", "value": tags}]});
        line.call("update", &change);
    }
    let mut found = |relation: &str, value: Json| {
        let mut argument = read("Shot", &["tag_list".to_owned()], 5000);
        argument["filters"] = json!({"logical_operator": "and", "conditions": [
            {"path": "tag_list", "relation": relation, "values": [value]},
            {"path": "id", "relation": "less_than", "values": [4]},
        ]});
        let rows = line.call("read", &argument);
        let rows = rows["entities"].as_array().unwrap();
        rows.iter()
            .filter_map(|row| row["id"].as_u64())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("is", json!("dust")), [1]);
    assert_eq!(found("is_not", json!("dust")), [2, 3]);
    assert_eq!(found("name_contains", json!("SNOW")), [1, 2]);
    assert_eq!(found("is", Json::Null), [3]);
    assert_eq!(found("name_id", json!(999_999)), Vec::<u64>::new());
}
