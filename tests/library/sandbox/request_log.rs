//! The log of requests: bounded, whatever is sent, and without what nobody should read.

use callboard::sandbox::{RequestLine, SCRIPT_KEY, SCRIPT_NAME, Sandbox};
use serde_json::{Value as Json, json};

use super::{Line, small};

fn auth() -> Json {
    json!({"script_name": SCRIPT_NAME, "script_key": SCRIPT_KEY})
}

/// The line of the latest request.
fn latest(sandbox: &Sandbox) -> RequestLine {
    sandbox.requests().pop().unwrap()
}

#[test]
fn lines_are_short_and_plain_whatever_is_sent() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let nasty = format!("\u{1b}[2J\r\n{}", "é".repeat(100_000));
    line.call_as(&auth(), &nasty, &json!({"type": nasty}));
    line.body(
        "POST",
        &format!("/upload/{}", "a".repeat(10_000)),
        "text/plain",
        b"",
    );
    line.get(&format!("/{}", "b".repeat(10_000)));
    let requests = sandbox.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        let RequestLine {
            method,
            subject,
            fault,
            ..
        } = request;
        assert!(method.chars().count() <= 64 && subject.chars().count() <= 64);
        assert!(
            fault
                .as_ref()
                .is_none_or(|fault| fault.chars().count() <= 500)
        );
        let shown = format!("{method}{subject}{}", fault.unwrap_or_default());
        assert!(!shown.chars().any(char::is_control), "{shown:?}");
    }
}

#[test]
fn faults_are_told_without_the_argument_and_no_password_is_repeated() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let password = json!({"field_name": "password_proxy", "value": 31_415_926});
    let wrong_type = json!({"type": "HumanUser", "id": 1, "fields": [password]});
    let answer = line.call_as(&auth(), "update", &wrong_type);
    let said = answer["message"].as_str().unwrap();
    assert!(
        said.contains("but got: [Integer]") && !said.contains("31415926"),
        "{said}"
    );
    let mut nested = wrong_type.clone();
    nested["request_type"] = json!("update");
    line.call_as(&auth(), "batch", &json!([nested]));
    let no_array = json!({"type": "HumanUser", "id": 1, "fields": {"password_proxy": "sesame"}});
    line.call_as(&auth(), "update", &no_array);
    let no_id = json!({"type": "HumanUser", "fields": [{"field_name": "password_proxy", "value": "sesame"}]});
    line.call_as(&auth(), "update", &no_id);
    let mut nested = no_id.clone();
    nested["request_type"] = json!("update");
    line.call_as(&auth(), "batch", &json!([nested]));
    let faults: Vec<_> = sandbox
        .requests()
        .into_iter()
        .map(|request| request.fault.unwrap())
        .collect();
    assert_eq!(faults.len(), 5);
    assert_eq!(faults[3], "API update() invalid/missing integer 'id':");
    assert!(
        faults[1]
            .contains("All requests rolled back. API update() HumanUser.password_proxy expected"),
        "a batch says why: {}",
        faults[1]
    );
    let told = faults.concat();
    assert!(
        !told.contains("sesame") && !told.contains("31415926"),
        "{told}"
    );
}

#[test]
fn methods_that_there_are_not_are_counted_together() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    for number in 0..300 {
        line.call_as(&auth(), &format!("nope_{number}"), &Json::Null);
    }
    line.body("POST", "/upload/nope", "text/plain", b"");
    line.call("schema_entity_read", &json!({}));
    let counts = ["other", "schema_entity_read", "nope_1", "nope"]
        .map(|method| sandbox.request_count(method));
    assert_eq!(counts, [301, 1, 0, 0]);
    let known = line.call_as(&auth(), "nope", &Json::Null);
    assert_eq!(known["message"], "API Unknown method 'nope'");
    assert_eq!(
        latest(&sandbox).method,
        "nope",
        "the line still says what it was"
    );
}
