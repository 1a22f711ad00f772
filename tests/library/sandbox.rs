//! The sandbox as a stranger meets it: plain sockets and JSON, and nothing of our client.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests may fail like tests"
)]

mod bad_forms;
mod connections;
mod control;
mod cycles;
mod direct_uploads;
mod downloads;
mod faults;
mod file_links;
mod fixtures;
mod form;
mod logins;
mod misbehaviors;
mod queries;
mod request_log;
mod requirements;
mod restarts;
mod stopping;
mod storage;
mod studio;
mod thumbnails;
mod tls;
mod uploads;
mod web_pages;

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
use serde_json::{Value as Json, json};

/// How long a test waits for what must come.
const NET: Duration = Duration::from_mins(1);

fn small() -> Sandbox {
    with(Options::default())
}

fn with(options: Options) -> Sandbox {
    Sandbox::with(Options {
        seed: Seed::Small,
        ..options
    })
    .unwrap()
}

/// An answer as it came over the wire.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

/// A connection that is held open.
struct Line(TcpStream);

impl Line {
    fn open(sandbox: &Sandbox) -> Self {
        let stream = TcpStream::connect(address(sandbox)).unwrap();
        stream.set_read_timeout(Some(NET)).unwrap();
        Self(stream)
    }

    fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    /// The next answer. `None` if the other side hung up instead.
    fn read(&mut self) -> Option<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            match self.0.read(&mut byte) {
                Ok(1) => head.push(byte[0]),
                Err(error) if is_silence(&error) => panic!("neither an answer nor an end"),
                Ok(_) | Err(_) => return None,
            }
        }
        let head = String::from_utf8(head).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = header(&head, "content-length").unwrap().parse().unwrap();
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).ok()?;
        Some(Answer { status, head, body })
    }

    fn get(&mut self, path: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").as_bytes());
        self.read().unwrap()
    }

    fn post(&mut self, body: &str) -> Option<Answer> {
        let head = format!(
            "POST /api3/json HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.send(&[head.as_bytes(), body.as_bytes()].concat());
        self.read()
    }

    /// The results of a call as the default script.
    fn call(&mut self, method: &str, argument: &Json) -> Json {
        let auth = json!({"script_name": SCRIPT_NAME, "script_key": SCRIPT_KEY});
        let mut answer = self.call_as(&auth, method, argument);
        assert_eq!(answer.get("exception"), None, "{method}: {answer}");
        answer["results"].take()
    }

    fn call_as(&mut self, auth: &Json, method: &str, argument: &Json) -> Json {
        let request = json!({"method_name": method, "params": [auth, argument]});
        let answer = self.post(&request.to_string()).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.head);
        let content_type = header(&answer.head, "content-type").unwrap();
        assert!(
            content_type.starts_with("application/json"),
            "{content_type}"
        );
        serde_json::from_slice(&answer.body).unwrap()
    }
}

/// Whether the other side just said nothing, as opposed to hanging up.
fn is_silence(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

fn address(sandbox: &Sandbox) -> String {
    sandbox.url().strip_prefix("http://").unwrap().to_owned()
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The argument of a `read` without conditions.
fn read(entity_type: &str, fields: &[String], size: usize) -> Json {
    json!({
        "type": entity_type,
        "return_fields": fields,
        "filters": {"logical_operator": "and", "conditions": []},
        "return_only": "active",
        "paging": {"entities_per_page": size, "current_page": 1},
        "api_return_image_urls": true,
    })
}

/// Waits for what another thread is about to do.
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + NET;
    while !holds() {
        assert!(Instant::now() < deadline, "it never came to this: {what}");
        std::thread::yield_now();
    }
}
