//! Ways to end badly that differ in what has happened by then, and calls that are told apart.

use std::io::{ErrorKind, Read as _};
use std::time::Duration;

use callboard::sandbox::{
    FaultPlan, MethodFaults, Misbehavior, Options, Rule, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Target,
};
use serde_json::{Value as Json, json};

use super::{Answer, Line, header, read, small, with};

/// A call of the default script, which ends in `way`.
fn ends_in(sandbox: &Sandbox, way: Misbehavior, method: &str, argument: &Json) -> Line {
    sandbox.faults().once(way);
    let mut line = Line::open(sandbox);
    line.send(&request(method, argument));
    line
}

fn request(method: &str, argument: &Json) -> Vec<u8> {
    let auth = json!({"script_name": SCRIPT_NAME, "script_key": SCRIPT_KEY});
    let body = json!({"method_name": method, "params": [auth, argument]}).to_string();
    let length = body.len();
    format!("POST /api3/json HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

fn project(name: &str) -> Json {
    json!({"type": "Project", "fields": [{"field_name": "name", "value": name}], "return_fields": ["name"]})
}

/// Whether there is a project of this name.
fn exists(sandbox: &Sandbox, name: &str) -> bool {
    let mut argument = read("Project", &["name".to_owned()], 50);
    argument["filters"]["conditions"] =
        json!([{"path": "name", "relation": "is", "values": [name]}]);
    let rows = Line::open(sandbox).call("read", &argument);
    !rows["entities"].as_array().unwrap().is_empty()
}

/// All that comes until the connection ends, and how it ends.
fn heard(line: &mut Line) -> (Vec<u8>, Option<ErrorKind>) {
    let (mut heard, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        match line.0.read(&mut chunk) {
            Ok(0) => return (heard, None),
            Ok(count) => heard.extend_from_slice(&chunk[..count]),
            Err(error) => return (heard, Some(error.kind())),
        }
    }
}

#[test]
fn a_reset_comes_before_in_the_middle_of_or_instead_of_the_answer() {
    let sandbox = small();
    for (way, name, carried_out) in [
        (Misbehavior::ResetBefore, "Before", false),
        (Misbehavior::ResetMidway, "Midway", true),
        (Misbehavior::Reset, "After", true),
    ] {
        let mut line = ends_in(&sandbox, way, "create", &project(name));
        let (heard, end) = heard(&mut line);
        assert_eq!(end, Some(ErrorKind::ConnectionReset), "{way}");
        let heard = String::from_utf8(heard).unwrap();
        // Where a reset throws away what was not read yet, there may be nothing of the first half either.
        if way != Misbehavior::ResetMidway || cfg!(target_os = "linux") {
            assert_eq!(heard.is_empty(), way != Misbehavior::ResetMidway, "{heard}");
        }
        assert_eq!(exists(&sandbox, name), carried_out, "{way}");
    }
    let fault = |request: &callboard::sandbox::RequestLine| request.fault.clone();
    let faults: Vec<_> = sandbox.requests().iter().filter_map(fault).collect();
    assert_eq!(faults, ["reset_before", "reset_midway", "reset"]);
}

#[test]
fn an_answer_that_is_cut_off_ends_in_silence_and_not_in_a_reset() {
    let sandbox = small();
    let mut line = ends_in(&sandbox, Misbehavior::Truncate, "create", &project("Cut"));
    let (heard, end) = heard(&mut line);
    assert_eq!(end, None);
    let text = String::from_utf8(heard).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let length: usize = header(head, "content-length").unwrap().parse().unwrap();
    assert_eq!(body.len(), length / 2, "{text}");
}

#[test]
fn whoever_asks_too_often_is_told_when_to_come_back() {
    let sandbox = small();
    for (status, millis, seconds) in [(429, 2_000, "2"), (503, 1_001, "2"), (503, 0, "0")] {
        let after = Duration::from_millis(millis);
        let way = Misbehavior::RetryLater { status, after };
        let answer = ends_in(&sandbox, way, "info", &json!({})).read().unwrap();
        assert_eq!(answer.status, status);
        assert_eq!(header(&answer.head, "retry-after"), Some(seconds));
    }
    let plain = ends_in(&sandbox, Misbehavior::Status(503), "info", &json!({}));
    assert_eq!(header(&{ plain }.read().unwrap().head, "retry-after"), None);
}

#[test]
fn expired_sessions_are_refused_and_scripts_are_not() {
    let sandbox = with(Options {
        users: vec![("mira".to_owned(), "moon".to_owned())],
        ..Options::default()
    });
    let mut line = Line::open(&sandbox);
    let token = sandbox.open_session("mira").unwrap();
    let argument = read("Shot", &["code".to_owned()], 3);
    let session = json!({"session_token": token});
    assert_eq!(
        line.call_as(&session, "read", &argument).get("exception"),
        None
    );
    sandbox
        .faults()
        .update(|plan| plan.always = Some(Misbehavior::ExpireSessions));
    assert_eq!(line.call_as(&session, "read", &argument)["error_code"], 102);
    line.call("read", &argument);
    // The token stays dead when the faults are gone, as it would on any site.
    sandbox.faults().set(FaultPlan::default());
    assert_eq!(line.call_as(&session, "read", &argument)["error_code"], 102);
}

#[test]
fn rules_tell_calls_apart_by_method_and_entity_type() {
    let sandbox = small();
    let rule = |target: Target, status| Rule {
        target,
        faults: MethodFaults {
            always: Some(Misbehavior::Status(status)),
            ..MethodFaults::default()
        },
    };
    sandbox.faults().set(FaultPlan {
        rules: vec![
            rule(Target::entity_type("Shot"), 501),
            rule(Target::method("read").and_entity_type("Shot"), 502),
            rule(Target::method("summarize"), 503),
            rule(Target::method("thumbnail").and_entity_type("Asset"), 504),
        ],
        ..FaultPlan::default()
    });
    let mut line = Line::open(&sandbox);
    let mut status = |method: &str, argument: Json| {
        line.send(&request(method, &argument));
        line.read().unwrap().status
    };
    assert_eq!(status("read", json!({"type": "Shot"})), 502);
    assert_eq!(status("update", json!({"type": "Shot"})), 501);
    assert_eq!(status("summarize", json!({"type": "Shot"})), 503);
    assert_eq!(status("read", json!({"type": "Task"})), 200);
    assert_eq!(
        status("batch", json!([{"type": "Task"}, {"type": "Shot"}])),
        501
    );
    assert_eq!(status("batch", json!([{"type": "Task"}])), 200);
    assert_eq!(line.get("/thumbnail/Shot/1.png").status, 200);
    assert_eq!(line.get("/thumbnail/Asset/1.png").status, 504);
}

#[test]
fn a_slow_body_drips_until_the_plan_changes() {
    let sandbox = small();
    sandbox.faults().update(|plan| plan.slow_body = Some(1));
    let mut line = Line::open(&sandbox);
    line.send(&request("read", &read("Shot", &["code".to_owned()], 40)));
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        line.0.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length: usize = header(&head, "content-length").unwrap().parse().unwrap();
    assert!(length > 1_000, "it would take a quarter of an hour");
    let mut first = [0];
    line.0.read_exact(&mut first).unwrap();
    let mut rest = vec![0; length];
    let arrived = line.0.peek(&mut rest).unwrap();
    assert!(arrived < length / 2, "{arrived} of {length} bytes are here");
    sandbox.faults().set(FaultPlan::default());
    line.0.read_exact(&mut rest[..length - 1]).unwrap();
    rest.insert(0, first[0]);
    let answer = Answer {
        status: 200,
        head,
        body: rest[..length].to_vec(),
    };
    let json: Json = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(json["results"]["entities"].as_array().unwrap().len(), 40);
    assert_eq!(line.get("/").status, 200, "the connection is still good");
}
