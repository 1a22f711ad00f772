//! What the control endpoint does and says.

use std::time::UNIX_EPOCH;

use serde_json::{Value as Json, json};

use super::super::faults::{FaultPlan, Once, PlanError, Preset};
use super::super::http::{Request, Response};
use super::super::log::RequestLine;
use super::super::server::Server;
use super::guard;

/// Where everything here is.
pub const PATH: &str = "/callboard/";
/// Larger plans than this are refused: nobody writes one.
const LARGEST_PLAN: u64 = 256 * 1024;
/// How many requests are told of unless `?last=` says otherwise.
const LAST: usize = 100;
/// What there is, and how it is asked for.
const DOORS: [(&str, &str); 6] = [
    ("health", "GET"),
    ("presets", "GET"),
    ("faults", "GET, PUT, DELETE"),
    ("faults/once", "POST"),
    ("expire_sessions", "POST"),
    ("requests", "GET"),
];

/// Whether a path leads here.
pub fn serves(path: &str) -> bool {
    path.starts_with(PATH)
}

/// Does what the request says, if it may.
pub fn answer(server: &Server, request: &Request) -> Response {
    if let Some(why) = guard::refusal(request) {
        return error(403, why);
    }
    let path = request.path.strip_prefix(PATH).unwrap_or_default();
    let done = match (request.method.as_str(), path) {
        ("GET", "health") => Ok(health(server)),
        ("GET", "presets") => Ok(presets()),
        ("GET", "faults") => Ok(plan(server)),
        ("PUT", "faults") => body(request)
            .and_then(FaultPlan::from_json)
            .map(|new| server.faults.set(new))
            .map(|()| plan(server)),
        ("DELETE", "faults") => {
            server.faults.set(FaultPlan::default());
            Ok(plan(server))
        }
        ("POST", "faults/once") => body(request)
            .and_then(Once::from_json)
            .map(|Once { target, ends_in }| server.faults.once_on(target, ends_in))
            .map(|()| ok()),
        ("POST", "expire_sessions") => {
            return match server.site.expire_sessions() {
                Ok(()) => ok(),
                Err(fault) => error(500, &fault.message),
            };
        }
        ("GET", "requests") => last(&request.query).map(|count| requests(server, count)),
        (_method, path) => return no_such_door(path),
    };
    done.unwrap_or_else(|wrong| refused(&wrong))
}

/// JSON, and an end of line for terminals.
fn json(value: &Json) -> Response {
    Response::json(format!("{value}\n"))
}

fn ok() -> Response {
    json(&json!({"ok": true}))
}

fn health(server: &Server) -> Response {
    json(&json!({
        "status": "ok",
        "url": server.url(),
        "connections": server.open_connections(),
        "requests": server.log.total(),
    }))
}

fn presets() -> Response {
    let presets = Preset::ALL.map(|preset| {
        json!({"name": preset.name(), "title": preset.title(), "description": preset.description()})
    });
    json(&json!({"presets": presets}))
}

fn plan(server: &Server) -> Response {
    Response::json(server.faults.plan().to_json() + "\n")
}

/// The latest requests, oldest first. What is in a line has been chosen so that it can be shown to anybody.
fn requests(server: &Server, count: usize) -> Response {
    let lines = server.log.lines();
    let from = lines.len().saturating_sub(count);
    let lines: Vec<Json> = lines[from..].iter().map(line).collect();
    json(&json!({"requests": lines}))
}

fn line(line: &RequestLine) -> Json {
    let RequestLine {
        at,
        method,
        subject,
        connection,
        status,
        fault,
        bytes_in,
        bytes_out,
        waited,
        took,
    } = line;
    let at = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    json!({
        "at": at.as_secs_f64(),
        "method": method,
        "subject": subject,
        "connection": connection,
        // 0 stands for no answer.
        "status": Some(status).filter(|status| **status > 0),
        "fault": fault,
        "bytes_in": bytes_in,
        "bytes_out": bytes_out,
        "waited_ms": waited.as_secs_f64() * 1_000.0,
        "took_ms": took.as_secs_f64() * 1_000.0,
    })
}

fn last(query: &str) -> Result<usize, PlanError> {
    let mut last = LAST;
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        let count = value.parse().ok().filter(|_| key == "last");
        last = count.ok_or_else(|| PlanError {
            at: format!("?{key}"),
            problem: "known is last=N, a whole number".to_owned(),
        })?;
    }
    Ok(last)
}

fn body(request: &Request) -> Result<&str, PlanError> {
    let wrong = |problem: &str| PlanError {
        at: String::new(),
        problem: problem.to_owned(),
    };
    if request.body.len() > LARGEST_PLAN {
        return Err(wrong("this is too long for a plan"));
    }
    let bytes = request.body.in_memory().unwrap_or_default();
    std::str::from_utf8(bytes).map_err(|_not_text| wrong("this is not UTF-8"))
}

fn refused(wrong: &PlanError) -> Response {
    let body = json!({"at": wrong.at, "error": wrong.to_string()});
    json(&body).with_status(400)
}

fn no_such_door(path: &str) -> Response {
    if let Some((_, methods)) = DOORS.iter().find(|(door, _)| *door == path) {
        return error(405, &format!("known are {methods}")).with_header("Allow", *methods);
    }
    let doors = DOORS.map(|(door, _)| door).join(", ");
    error(404, &format!("known are {doors}"))
}

fn error(status: u16, why: &str) -> Response {
    json(&json!({"error": why})).with_status(status)
}
