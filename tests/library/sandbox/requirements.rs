//! What a row cannot be without, and what it cannot share: kept by updates and revivals, too. And what a batch cannot do.

use callboard::sandbox::{SCRIPT_KEY, SCRIPT_NAME};
use serde_json::{Value as Json, json};

use super::{Line, small};

/// What a call that is refused is told.
fn refused(line: &mut Line, method: &str, argument: &Json) -> (Json, String) {
    let auth = json!({"script_name": SCRIPT_NAME, "script_key": SCRIPT_KEY});
    let answer = line.call_as(&auth, method, argument);
    assert_eq!(answer["exception"], true, "{answer}");
    let said = answer["message"].as_str().unwrap().to_owned();
    (answer["error_code"].clone(), said)
}

#[test]
fn an_update_takes_nothing_away_that_a_row_needs() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let before = line.row("Shot", 1, &["project", "code"]);
    let update = |name: &str, value: Json| json!({"type": "Shot", "id": 1, "fields": [{"field_name": name, "value": value}]});
    let (code, said) = refused(&mut line, "update", &update("project", Json::Null));
    assert_eq!(code, 103);
    assert!(
        said.starts_with("API update() missing 'project' attribute:"),
        "{said}"
    );
    for nothing in [Json::Null, json!("  ")] {
        let (code, said) = refused(&mut line, "update", &update("code", nothing));
        assert_eq!(
            (code, said.as_str()),
            (
                json!(103),
                "API update() Shot.code is required and cannot be null."
            )
        );
    }
    assert_eq!(line.row("Shot", 1, &["project", "code"]), before);
    line.call("update", &update("description", Json::Null));
    // Not every type that has the field needs it.
    let project = json!({"type": "Project", "id": 1});
    let page = line.create("Page", &json!({"name": "A page", "project": project}));
    line.update("Page", page, "project", &Json::Null);
}

#[test]
fn a_row_comes_back_only_while_its_name_is_free() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let first = line.create("Project", &json!({"name": "Twice"}));
    let about = json!({"type": "Project", "id": first});
    assert_eq!(line.call("delete", &about), true);
    let second = line.create("Project", &json!({"name": "twice"}));
    let (code, said) = refused(&mut line, "revive", &about);
    assert_eq!(code, 104);
    assert!(said.starts_with("API revive() CRUD ERROR #61: Revive failed for [Project]. The value for the Project Name"), "{said}");
    line.update("Project", second, "name", &json!("Once"));
    assert_eq!(line.call("revive", &about), true);
    assert_eq!(line.call("revive", &about), false);
}

#[test]
fn a_new_row_may_leave_its_name_out_but_not_refuse_to_have_one() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let project = json!({"field_name": "project", "value": {"type": "Project", "id": 1}});
    for nothing in [Json::Null, json!(" ")] {
        let fields = json!([project, {"field_name": "code", "value": nothing}]);
        let (code, said) = refused(
            &mut line,
            "create",
            &json!({"type": "Shot", "fields": fields}),
        );
        assert_eq!(
            (code, said.as_str()),
            (
                json!(103),
                "API create() Shot.code is required and cannot be null."
            )
        );
    }
    let new = line.call(
        "create",
        &json!({"type": "Shot", "fields": [project], "return_fields": ["code"]}),
    );
    assert_eq!(new["code"], format!("New Shot {}", new["id"]));
}

#[test]
fn the_site_makes_an_identity_of_its_own_for_a_storage() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let mut made = ["a", "b"].map(|code| {
        let id = line.create("LocalStorage", &json!({"code": code}));
        line.value("LocalStorage", id, "uuid")
            .as_str()
            .unwrap()
            .to_owned()
    });
    made.sort();
    assert_ne!(made[0], made[1]);
    for uuid in made {
        let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(
            (
                &uuid[14..15],
                matches!(&uuid[19..20], "8" | "9" | "a" | "b")
            ),
            ("4", true),
            "{uuid}"
        );
    }
}

#[test]
fn a_batch_creates_updates_and_deletes_and_does_nothing_else() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    for odd in [
        json!({"request_type": "revive", "type": "Shot", "id": 1}),
        json!({"type": "Shot", "id": 1}),
        json!("create"),
        Json::Null,
    ] {
        let delete = json!({"request_type": "delete", "type": "Shot", "id": 1});
        let (code, said) = refused(&mut line, "batch", &json!([delete, odd]));
        let expected = format!(
            "API batch() request with index 1 failed.  All requests rolled back.\nAPI batch() invalid/missing string 'request_type': {}",
            odd["request_type"]
        );
        assert_eq!((code, said), (json!(104), expected));
    }
    assert_eq!(line.value("Shot", 1, "id"), 1, "nothing was deleted");
}
