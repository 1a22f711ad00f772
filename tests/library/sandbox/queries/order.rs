//! In which order rows come.

use std::cmp::Ordering;

use serde_json::{Value as Json, json};

use super::{condition, create, group, ids_of, query};
use crate::sandbox::{Line, read, small};

/// The names of all rows of a type, in an order.
fn sorted(
    line: &mut Line,
    entity_type: &str,
    name: &str,
    filter: &Json,
    sorts: &Json,
) -> Vec<String> {
    let mut argument = query(entity_type, filter);
    argument["return_fields"] = json!([name]);
    argument["sorts"] = sorts.clone();
    let rows = line.call("read", &argument);
    let rows = rows["entities"].as_array().unwrap().iter();
    rows.map(|row| row[name].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn strings_ignore_case_nulls_are_last_and_ids_break_ties() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let project = create(&mut line, "Project", &json!({"name": "Order"}));
    let sequence = |line: &mut Line, code: &str| {
        create(line, "Sequence", &json!({"code": code, "project": project}))
    };
    let (late, early) = (sequence(&mut line, "b"), sequence(&mut line, "A"));
    for (code, description, cut_in, sequence) in [
        ("1", json!("banana"), json!(10), json!(early)),
        ("2", json!("Apple"), json!(9), json!(late)),
        ("3", json!("apple"), Json::Null, Json::Null),
        ("4", Json::Null, json!(10), json!(late)),
        ("5", json!("Éclair"), json!(0), json!(early)),
    ] {
        let shot = json!({"code": code, "description": description, "sg_cut_in": cut_in, "sg_sequence": sequence, "project": project});
        create(&mut line, "Shot", &shot);
    }
    let ours = condition("project", "is", &json!([project]));
    let mut order = |sorts: Json| sorted(&mut line, "Shot", "code", &ours, &sorts).concat();
    let asc = |name: &str| json!({"field_name": name, "direction": "asc"});
    let desc = |name: &str| json!({"field_name": name, "direction": "desc"});
    assert_eq!(order(json!([])), "12345");
    assert_eq!(order(json!([asc("description")])), "23154");
    assert_eq!(
        order(json!([desc("description")])),
        "45123",
        "equal ones stay by id, nulls are first"
    );
    assert_eq!(order(json!([asc("sg_cut_in")])), "52143");
    assert_eq!(order(json!([desc("sg_cut_in")])), "31425");
    assert_eq!(order(json!([desc("sg_cut_in"), desc("id")])), "34125");
    assert_eq!(
        order(json!([asc("sg_cut_in"), asc("description")])),
        "52143"
    );
    assert_eq!(order(json!([desc("id")])), "54321");
    assert_eq!(
        order(json!([asc("sg_sequence")])),
        "15243",
        "a link by its name"
    );
    assert_eq!(
        order(json!([asc("sg_sequence.Sequence.code"), desc("code")])),
        "51423"
    );
    assert_eq!(
        order(json!([asc("nope"), desc("code"), asc("code.Shot.nope")])),
        "54321",
        "what is unknown is ignored"
    );
    assert_eq!(
        order(json!([{"column": "code", "direction": "desc"}])),
        "54321",
        "the old key"
    );
    assert_eq!(
        order(json!([{"field_name": "code"}])),
        "12345",
        "ascending is the default"
    );
}

#[test]
fn pages_of_a_sorted_list_are_the_list() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let mut argument = query("Task", &group("and", &[]));
    argument["sorts"] =
        json!([{"field_name": "due_date", "direction": "desc"}, {"field_name": "content"}]);
    let all = ids_of(&mut line, &argument);
    assert!(all.len() > 100, "{}", all.len());
    for size in [1, 7, 50, all.len() - 1, all.len(), all.len() + 1] {
        let mut paged = Vec::new();
        let pages = all.len().div_ceil(size).min(12);
        for page in 1..=pages {
            argument["paging"] = json!({"entities_per_page": size, "current_page": page});
            paged.extend(ids_of(&mut line, &argument));
        }
        assert_eq!(paged, all[..paged.len()], "{size} rows on a page");
        assert_eq!(paged.len(), all.len().min(size * pages));
    }
}

/// What a sort makes of a value as it is read.
fn key(value: &Json) -> (u8, f64, String) {
    let text = |text: &str| (1, 0.0, text.to_lowercase());
    match value {
        Json::Bool(flag) => (0, f64::from(u8::from(*flag)), String::new()),
        Json::Number(number) => (0, number.as_f64().unwrap(), String::new()),
        Json::String(value) => text(value),
        Json::Array(links) => links.first().map_or((2, 0.0, String::new()), key),
        Json::Object(link) if link.contains_key("name") && !link.contains_key("link_type") => {
            text(link["name"].as_str().unwrap())
        }
        Json::Null | Json::Object(_) => (2, 0.0, String::new()),
    }
}

#[test]
fn every_field_of_every_type_can_be_read_and_sorted_by() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let schema = line.call("schema_read", &json!({}));
    let mut compared = 0;
    for (entity_type, fields) in schema.as_object().unwrap() {
        let names: Vec<String> = fields.as_object().unwrap().keys().cloned().collect();
        for (name, properties) in fields.as_object().unwrap() {
            let mut argument = read(entity_type, &names, 5000);
            argument["sorts"] = json!([{"field_name": name, "direction": "asc"}]);
            if properties["data_type"]["value"] == "pivot_column" {
                let (_, said) = super::fault_of(&mut line, "read", &argument).unwrap();
                assert!(said.contains("cannot be sorted by"), "{said}");
                continue;
            }
            let rows = line.call("read", &argument);
            let rows = rows["entities"].as_array().unwrap();
            for row in rows {
                let row = row.as_object().unwrap();
                assert!(
                    names.iter().all(|name| row.contains_key(name)),
                    "{entity_type}: {row:?}"
                );
            }
            // How these are stored does not show in what is read.
            if matches!(
                properties["data_type"]["value"].as_str(),
                Some("image" | "password" | "url" | "serializable" | "tag_list")
            ) {
                continue;
            }
            for pair in rows.windows(2) {
                let [left, right] =
                    [&pair[0], &pair[1]].map(|row| (key(&row[name]), row["id"].as_u64()));
                assert_ne!(
                    left.partial_cmp(&right),
                    Some(Ordering::Greater),
                    "{entity_type}.{name}: {left:?} {right:?}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 5_000, "only {compared} neighbors were compared");
}
