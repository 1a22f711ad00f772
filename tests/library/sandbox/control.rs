//! The control endpoint: what it does, and for whom it does nothing.

use std::io::Write as _;
use std::net::Shutdown;

use callboard::sandbox::{FaultPlan, Misbehavior, Options, Preset, Sandbox};
use serde_json::{Value as Json, json};

use super::{Answer, Line, header, small, wait_until, with};

/// The headers that a program sends.
const ALLOWED: &str = "Host: 127.0.0.1:1\r\nX-Callboard: sandbox\r\n";

fn ask_with(sandbox: &Sandbox, headers: &str, request: &str, body: &str) -> Answer {
    let mut line = Line::open(sandbox);
    let length = body.len();
    line.send(
        format!("{request} HTTP/1.1\r\n{headers}Content-Length: {length}\r\n\r\n{body}").as_bytes(),
    );
    line.read().unwrap()
}

/// The status, and the JSON of the answer.
fn ask(sandbox: &Sandbox, request: &str, body: &str) -> (u16, Json) {
    let answer = ask_with(sandbox, ALLOWED, request, body);
    let content_type = header(&answer.head, "content-type").unwrap();
    assert!(
        content_type.starts_with("application/json"),
        "{}",
        answer.head
    );
    (answer.status, serde_json::from_slice(&answer.body).unwrap())
}

fn info(line: &mut Line) -> u16 {
    let answer = line.post(r#"{"method_name":"info","params":[]}"#);
    answer.unwrap().status
}

#[test]
fn a_plan_is_put_read_and_deleted_while_it_runs() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let plan = json!({"seed": 7, "rules": [{"method": "info", "always": 502}]});
    assert_eq!(
        ask(&sandbox, "PUT /callboard/faults", &plan.to_string()),
        (200, plan.clone())
    );
    assert_eq!(info(&mut line), 502);
    assert_eq!(ask(&sandbox, "GET /callboard/faults", ""), (200, plan));
    assert_eq!(
        ask(&sandbox, "DELETE /callboard/faults", ""),
        (200, json!({}))
    );
    assert_eq!(info(&mut line), 200);
    assert_eq!(sandbox.faults().plan(), FaultPlan::default());
}

#[test]
fn a_preset_is_put_by_its_name_and_listed() {
    let sandbox = small();
    ask(
        &sandbox,
        "PUT /callboard/faults",
        r#"{"preset": "overloaded-site"}"#,
    );
    assert_eq!(sandbox.faults().plan(), Preset::OverloadedSite.plan());
    let (_, listed) = ask(&sandbox, "GET /callboard/presets", "");
    let names: Vec<_> = listed["presets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|preset| &preset["name"])
        .collect();
    assert_eq!(names, Preset::ALL.map(Preset::name));
}

#[test]
fn one_call_is_broken_and_then_no_more() {
    let sandbox = small();
    let once = r#"{"ends_in": {"status": 429, "retry_after": "1s"}, "method": "info"}"#;
    assert_eq!(ask(&sandbox, "POST /callboard/faults/once", once).0, 200);
    let mut line = Line::open(&sandbox);
    assert_eq!(info(&mut line), 429);
    assert_eq!(info(&mut line), 200);
}

#[test]
fn sessions_expire_on_demand() {
    let sandbox = with(Options {
        users: vec![("mira".to_owned(), "moon".to_owned())],
        ..Options::default()
    });
    let auth = json!({"session_token": sandbox.open_session("mira").unwrap()});
    let mut line = Line::open(&sandbox);
    let mut error = || line.call_as(&auth, "schema_entity_read", &json!({}))["error_code"].clone();
    assert_eq!(error(), Json::Null);
    assert_eq!(ask(&sandbox, "POST /callboard/expire_sessions", "").0, 200);
    assert_eq!(error(), 102);
}

#[test]
fn the_requests_are_told_without_secrets_and_without_those_who_look() {
    let sandbox = with(Options {
        scripts: vec![("robot".to_owned(), "sesame".to_owned())],
        ..Options::default()
    });
    let mut line = Line::open(&sandbox);
    sandbox.faults().once(Misbehavior::Status(503));
    info(&mut line);
    let auth = json!({"script_name": "robot", "script_key": "sesame"});
    line.call_as(&auth, "schema_entity_read", &json!({}));
    let script = json!({"type": "HumanUser", "fields": {"password_proxy": "sesame"}});
    line.call_as(&auth, "create", &script);
    ask(&sandbox, "GET /callboard/health", "");
    ask(&sandbox, "DELETE /callboard/faults", "");
    let (status, told) = ask(&sandbox, "GET /callboard/requests", "");
    assert_eq!(status, 200);
    let requests = told["requests"].as_array().unwrap();
    let methods: Vec<_> = requests.iter().map(|request| &request["method"]).collect();
    assert_eq!(methods, ["info", "schema_entity_read", "create", "control"]);
    assert_eq!(requests[0]["fault"], "status 503");
    assert!(
        requests
            .iter()
            .all(|request| request["took_ms"].as_f64().is_some())
    );
    assert!(!told.to_string().contains("sesame"), "{told}");
    let (_, told) = ask(&sandbox, "GET /callboard/requests?last=1", "");
    assert_eq!(told["requests"].as_array().unwrap().len(), 1);
    assert_eq!(
        ask(&sandbox, "GET /callboard/requests?first=1", "").1["at"],
        "?first"
    );
}

#[test]
fn health_says_that_it_runs_and_where() {
    let sandbox = small();
    let (status, health) = ask(&sandbox, "GET /callboard/health", "");
    assert_eq!((status, &health["status"]), (200, &json!("ok")));
    assert_eq!(health["url"], sandbox.url());
    assert!(health["connections"].as_u64() >= Some(1), "{health}");
}

#[test]
fn a_wrong_plan_changes_nothing_and_says_what_is_wrong_with_it() {
    let sandbox = small();
    sandbox.faults().update(|plan| plan.seed = 5);
    let before = sandbox.faults().plan();
    let wrong = r#"{"latency": "1ms", "rules": [{"method": "read"}, {"latency": 3}]}"#;
    let (status, answer) = ask(&sandbox, "PUT /callboard/faults", wrong);
    assert_eq!((status, &answer["at"]), (400, &json!("rules[1].latency")));
    let says = answer["error"].as_str().unwrap();
    assert!(
        says.starts_with("rules[1].latency: expected a duration"),
        "{says}"
    );
    for (request, body, expected) in [
        ("PUT /callboard/faults", "", 400),
        ("PUT /callboard/faults", "[", 400),
        ("POST /callboard/faults/once", "{}", 400),
        ("POST /callboard/faults", "{}", 405),
        ("GET /callboard/expire_sessions", "", 405),
        ("GET /callboard/elsewhere", "", 404),
    ] {
        let (status, answer) = ask(&sandbox, request, body);
        assert_eq!(status, expected, "{request} {body}: {answer}");
        assert!(answer["error"].is_string(), "{answer}");
    }
    assert_eq!(sandbox.faults().plan(), before);
}

#[test]
fn no_web_page_can_drive_it() {
    let sandbox = small();
    let before = sandbox.faults().plan();
    let broken = r#"{"always": "black_hole"}"#;
    for headers in [
        // A form or a script without permission: the browser adds no header of its own.
        "Host: 127.0.0.1:8000\r\nOrigin: https://evil.example\r\n",
        "Host: 127.0.0.1:8000\r\nX-Callboard: \r\n",
        "Host: 127.0.0.1:8000\r\nX-Callboard: yes\r\n",
        // A name that was made to point to loopback, whose pages may add any header.
        "Host: evil.example:8000\r\nX-Callboard: sandbox\r\n",
        "X-Callboard: sandbox\r\n",
        "Host: localhost\r\nHost: evil.example\r\nX-Callboard: sandbox\r\n",
    ] {
        for request in [
            "PUT /callboard/faults",
            "GET /callboard/requests",
            "DELETE /callboard/faults",
        ] {
            let answer = ask_with(&sandbox, headers, request, broken);
            assert_eq!(answer.status, 403, "{request} with {headers}");
        }
    }
    let preflight = "Host: 127.0.0.1:8000\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-callboard\r\n";
    let refused = ask_with(&sandbox, preflight, "OPTIONS /callboard/faults", "");
    let allowed = ask_with(&sandbox, ALLOWED, "GET /callboard/faults", "");
    assert_eq!((refused.status, allowed.status), (403, 200));
    for answer in [refused, allowed] {
        assert!(
            !answer.head.to_ascii_lowercase().contains("access-control"),
            "{}",
            answer.head
        );
    }
    assert_eq!(sandbox.faults().plan(), before);
}

#[test]
fn a_site_that_is_full_of_waiting_calls_can_still_be_controlled() {
    let sandbox = with(Options {
        max_connections: 2,
        ..Options::default()
    });
    let slow = r#"{"latency": "3600s"}"#;
    assert_eq!(ask(&sandbox, "PUT /callboard/faults", slow).0, 200);
    let call = r#"{"method_name":"info","params":[]}"#;
    let request = format!(
        "POST /api3/json HTTP/1.1\r\nContent-Length: {}\r\n\r\n{call}",
        call.len()
    );
    let waiting: Vec<Line> = (1..=2)
        .map(|number| {
            let mut line = Line::open(&sandbox);
            line.send(request.as_bytes());
            wait_until("it waits", || sandbox.request_count("info") == number);
            line
        })
        .collect();
    let mut third = Line::open(&sandbox);
    third.0.write_all(request.as_bytes()).ok();
    assert!(third.read().is_none(), "for calls there is no room");
    assert_eq!(ask(&sandbox, "GET /callboard/health", "").0, 200);
    assert_eq!(ask(&sandbox, "DELETE /callboard/faults", "").0, 200);
    // Those who hang up make room, and what they wanted is done.
    drop(waiting);
    wait_until("both are done", || {
        let lines = sandbox.requests();
        lines.iter().filter(|line| line.method == "info").count() == 2
    });
    assert_eq!(info(&mut Line::open(&sandbox)), 200);
}

#[test]
fn a_black_hole_can_still_be_ended() {
    let sandbox = small();
    ask(
        &sandbox,
        "PUT /callboard/faults",
        r#"{"always": "black_hole"}"#,
    );
    let mut swallowed = Line::open(&sandbox);
    assert_eq!(ask(&sandbox, "GET /callboard/health", "").0, 200);
    swallowed.send(b"GET / HTTP/1.1\r\n\r\n");
    swallowed.0.shutdown(Shutdown::Write).unwrap();
    assert!(swallowed.read().is_none(), "nobody answers it");
    // In pieces, too.
    let mut line = Line::open(&sandbox);
    line.send(b"DELETE /call");
    assert_eq!(ask(&sandbox, "GET /callboard/health", "").0, 200);
    line.send(format!("board/faults HTTP/1.1\r\n{ALLOWED}\r\n").as_bytes());
    assert_eq!(line.read().unwrap().status, 200);
    assert_eq!(info(&mut Line::open(&sandbox)), 200);
}
