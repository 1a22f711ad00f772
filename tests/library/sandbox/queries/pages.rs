//! Pages, and which rows count at all.

use serde_json::{Value as Json, json};

use super::{condition, create, delete, fault_of, group, ids_of, query};
use crate::sandbox::{Line, small};

fn shots(paging: &Json) -> Json {
    let mut argument = query("Shot", &group("and", &[]));
    argument["paging"] = paging.clone();
    argument
}

#[test]
fn a_page_tells_of_the_next_one_or_counts_all() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    for sorts in [
        json!([]),
        json!([{"field_name": "code", "direction": "desc"}]),
    ] {
        for (size, page, rows, has_next, page_count) in [
            (15, 1, 15, true, 3),
            (15, 3, 10, false, 3),
            (15, 4, 0, false, 3),
            (20, 2, 20, false, 2),
            (40, 1, 40, false, 1),
            (39, 1, 39, true, 2),
            (5000, 1, 40, false, 1),
        ] {
            let mut argument = shots(&json!({"entities_per_page": size, "current_page": page}));
            argument["sorts"] = sorts.clone();
            argument["return_paging_info_without_counts"] = json!(true);
            let read = line.call("read", &argument);
            assert_eq!(
                read["entities"].as_array().unwrap().len(),
                rows,
                "{argument}"
            );
            assert_eq!(
                read["paging_info"],
                json!({"has_next_page": has_next}),
                "{argument}"
            );
            argument["return_paging_info"] = json!(true);
            let counted = line.call("read", &argument);
            assert_eq!(counted["entities"], read["entities"]);
            let expected = json!({"current_page": page, "page_count": page_count, "entity_count": 40, "entities_per_page": size});
            assert_eq!(counted["paging_info"], expected);
        }
    }
}

#[test]
fn a_page_has_from_1_to_5000_rows() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    for size in [
        json!(0),
        json!(5001),
        json!(-1),
        json!("500"),
        json!(2.5),
        Json::Null,
    ] {
        let paging = json!({"entities_per_page": size, "current_page": 1});
        let said = fault_of(&mut line, "read", &shots(&paging));
        let expected =
            format!("API read() invalid/missing integer 'paging' 'entities_per_page':\n{paging}");
        assert_eq!(said, Some((103, expected)));
    }
    for page in [json!(0), json!(-1), Json::Null] {
        let paging = json!({"entities_per_page": 1, "current_page": page});
        let said = fault_of(&mut line, "read", &shots(&paging));
        let expected =
            format!("API read() invalid/missing integer 'paging' 'current_page':\n{paging}");
        assert_eq!(said, Some((103, expected)));
    }
    let far = shots(&json!({"entities_per_page": 5000, "current_page": u64::MAX}));
    assert_eq!(ids_of(&mut line, &far), [0; 0]);
}

#[test]
fn the_retired_are_read_only_when_asked_for() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    delete(&mut line, &json!({"type": "Shot", "id": 7}));
    let mut only = |what: Json| {
        let mut argument = query("Shot", &condition("id", "in", &json!([6, 7])));
        argument["return_only"] = what;
        ids_of(&mut line, &argument)
    };
    assert_eq!(only(json!("active")), [6]);
    assert_eq!(only(Json::Null), [6]);
    assert_eq!(only(json!("retired")), [7]);
    let mut argument = query("Shot", &group("and", &[]));
    argument["return_only"] = json!("all");
    let said = fault_of(&mut line, "read", &argument);
    let expected = "API read() invalid/missing string 'return_only': \"all\"".to_owned();
    assert_eq!(said, Some((103, expected)));
}

#[test]
fn rows_of_archived_projects_are_left_out_only_when_asked() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let project = create(
        &mut line,
        "Project",
        &json!({"name": "Old", "archived": true}),
    );
    let shot = create(
        &mut line,
        "Shot",
        &json!({"code": "old", "project": project}),
    );
    for (row, filter) in [
        (&shot, condition("code", "is", &json!(["old"]))),
        (&project, condition("name", "is", &json!(["Old"]))),
    ] {
        let entity_type = row["type"].as_str().unwrap();
        let mut argument = query(entity_type, &filter);
        assert_eq!(json!(ids_of(&mut line, &argument)), json!([row["id"]]));
        argument["include_archived_projects"] = json!(false);
        assert_eq!(ids_of(&mut line, &argument), [0; 0]);
        argument["summaries"] = json!([{"field": "id", "type": "record_count"}]);
        assert_eq!(line.call("summarize", &argument)["summaries"]["id"], 0);
        argument["include_archived_projects"] = json!(true);
        assert_eq!(line.call("summarize", &argument)["summaries"]["id"], 1);
    }
}
