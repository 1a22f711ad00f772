//! Secrets planted everywhere, and looked for everywhere else.

use std::fmt::{self, Write as _};
use std::io::Write as _;
use std::process::Command;
use std::sync::Arc;

use callboard::shotgun::{Client, Credentials, Filter, Value, without_userinfo};
use parking_lot::Mutex;
use tracing::field::{Field, Visit};
use tracing::span;

use super::server::{Ear, ONE_SHOT, Server, Then, answer, builder, ok};

const KEY: &str = "pl4nted/\"s3cret\" ä";

/// Writes down all that is traced, at every level.
#[derive(Clone, Default)]
struct Trace(Arc<Mutex<String>>);

impl Visit for Trace {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0.lock(), " {field}={value:?}").unwrap();
    }
}

impl tracing::Subscriber for Trace {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        span.record(&mut self.clone());
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

/// All that anyone can see of a client and what it did.
fn visible(ear: &Ear, client: &Client, more: &str) -> String {
    format!(
        "{:#?} {:#?} {:#?} {client:#?} {more}",
        ear.started.lock(),
        ear.exchanges.lock(),
        ear.finished.lock()
    )
}

fn assert_clean(text: &str) {
    for planted in ["pl4nted", "s3cret", "cGw0bnRlZ", "tok3n", "b4sic"] {
        assert!(!text.contains(planted), "{planted} in {text}");
    }
}

/// Answers of every kind that all give the key away.
fn answers() -> Vec<Vec<u8>> {
    let echo = serde_json::json!({"exception": true, "message": format!("I got {KEY}"), "error_code": 102, "echo": KEY}).to_string();
    vec![
        ok(ONE_SHOT),
        ok(&echo),
        answer("403 Forbidden", "text/plain", &format!("no, {KEY}")),
        answer("302 Found", "text/html", &format!("to {KEY}")),
        ok(&serde_json::json!({ "results": KEY }).to_string()),
        answer("200 OK", "text/html", KEY),
    ]
}

/// Runs the test `name` of this file again, in a process where no other one runs, and says whether this is that process.
///
/// Who listens to a span or an event is found out by the first thread that reaches it and kept for all: another test, in
/// whose thread nobody listens, would make this one deaf.
fn is_alone(name: &str) -> bool {
    const ALONE: &str = "CALLBOARD_TEST_ALONE";
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let (_binary, module) = module_path!().split_once("::").unwrap();
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{module}::{name}"), "--nocapture"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    false
}

#[test]
fn no_secret_shows_whoever_asks_and_whatever_is_answered() {
    if !is_alone("no_secret_shows_whoever_asks_and_whatever_is_answered") {
        return;
    }
    let answers = answers();
    for credentials in [
        Credentials::script("robot", KEY),
        Credentials::login("ann", KEY),
        Credentials::session(KEY),
    ] {
        for answer in &answers {
            let (server, ear, trace) = (
                Server::saying(answer.clone(), Then::Keep),
                Arc::new(Ear::default()),
                Trace::default(),
            );
            let url = server.url().replace("http://", "http://ann:b4sic@");
            let builder = Client::builder(&url)
                .credentials(credentials.clone())
                .observer(Arc::clone(&ear) as _)
                .proxy(None);
            let mut more = format!("{builder:#?}");
            let client = builder.build().unwrap();
            let mut failures = 0;
            tracing::subscriber::with_default(trace.clone(), || {
                let found = client.find("Shot", &[Filter::is("code", KEY)], &["code"]);
                let created = client.create(
                    "HumanUser",
                    &[
                        ("password_proxy", "pl4nted".into()),
                        ("login", Value::from(KEY)),
                    ],
                    &[],
                );
                for error in [found.err(), created.err()].into_iter().flatten() {
                    failures += 1;
                    write!(
                        more,
                        "{error} {error:?} {} {}",
                        error.headline(),
                        error.advice()
                    )
                    .unwrap();
                }
            });
            let heard = |what: &str| trace.0.lock().matches(what).count();
            assert_eq!(heard("entity_type"), 2, "calls");
            assert!(heard("exchange over") >= 2, "each call has one at least");
            assert_eq!(heard("call failed"), failures);
            assert_clean(&visible(&ear, &client, &more));
            assert_clean(&trace.0.lock());
            let sent = server.requests.lock();
            assert!(
                sent[0].body.contains("pl4nted")
                    && sent[0].head.to_lowercase().contains("authorization: basic"),
                "the server must see them"
            );
        }
    }
}

#[test]
fn a_session_token_is_hidden_from_the_moment_it_is_known() {
    let server = Server::json(r#"{"results": {"session_id": "tok3n"}}"#);
    let ear = Arc::new(Ear::default());
    let client = server
        .builder()
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    let token = client.get_session_token().unwrap();
    let error = client.find("tok3n", &[], &[]).unwrap_err();
    assert_clean(
        &visible(&ear, &client, &format!("{token:?}"))
            .replace("entity_type: Some(\n            \"tok3n\"", ""),
    );
    assert!(!error.to_string().contains("tok3n"));
}

#[test]
fn a_capture_says_who_asked_for_what_and_only_that() {
    let server = Server::json(ONE_SHOT);
    let ear = Arc::new(Ear::default());
    let client = server
        .builder()
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    client
        .find("Shot", &[Filter::is("code", "sh010")], &["code"])
        .unwrap();
    let exchange = ear.exchanges.lock()[0].clone();
    let sent: serde_json::Value = serde_json::from_str(&exchange.request.body).unwrap();
    assert_eq!(
        sent["params"][0],
        serde_json::json!({ "script_name": "robot" })
    );
    assert_eq!(sent["params"][1]["type"], "Shot");
    assert_eq!(
        &*exchange.request.head[0].1,
        format!("POST {}/api3/json", server.url())
    );
    assert_eq!(&*exchange.response.head[0].1, "200");
    assert_eq!(&*exchange.response.body, ONE_SHOT);
    assert!(!exchange.response.cut);
}

#[test]
fn a_long_answer_is_kept_in_part_and_says_so() {
    let code = "x".repeat(200_000);
    let server = Server::json(&ONE_SHOT.replace("sh010", &code));
    let ear = Arc::new(Ear::default());
    server
        .builder()
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap()
        .find("Shot", &[], &["code"])
        .unwrap();
    let exchange = ear.exchanges.lock()[0].clone();
    assert!(exchange.response.cut);
    assert_eq!(
        exchange.response.body.len(),
        callboard::shotgun::Captured::LIMIT
    );
    assert!(exchange.bytes.received > 200_000);
}

#[test]
fn only_the_site_itself_learns_who_downloads() {
    let storage = Server::saying(answer("200 OK", "image/png", "pixels"), Then::Keep);
    let elsewhere = format!("{}/x.png?X-Amz-Signature=s3cret", storage.url());
    let site = Server::start(move |_, request, stream| {
        let answer = if request.head.starts_with("POST") {
            ok(r#"{"results": {"session_id": "tok3n"}}"#)
        } else {
            format!("HTTP/1.1 302 Found\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n")
                .into_bytes()
        };
        stream.write_all(&answer).unwrap();
        Then::Keep
    });
    let ear = Arc::new(Ear::default());
    let url = site.url().replace("http://", "http://ann:b4sic@");
    let client = builder(&url)
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    for _ in 0..2 {
        let bytes = client
            .download(&format!("{}/thumbnail/1", site.url()), 1000)
            .unwrap();
        assert_eq!(bytes, b"pixels");
    }
    let asked = site.requests.lock();
    assert_eq!(
        asked
            .iter()
            .filter(|request| request.head.starts_with("POST"))
            .count(),
        1,
        "one token is enough"
    );
    let download = &asked
        .iter()
        .find(|request| request.head.starts_with("GET"))
        .unwrap()
        .head
        .to_lowercase();
    assert!(
        download.contains("cookie: _session_id=tok3n") && download.contains("authorization: basic"),
        "{download}"
    );
    for request in &*storage.requests.lock() {
        let head = request.head.to_lowercase();
        assert!(
            !head.contains("cookie") && !head.contains("authorization"),
            "{head}"
        );
        assert!(request.head.contains("X-Amz-Signature=s3cret"));
    }
    assert_clean(&visible(&ear, &client, ""));
}

#[test]
fn a_password_that_ends_the_host_too_early_does_not_show() {
    for url in [
        "https://ann:pa/hush@host.example",
        "https://ann:12/hush@host.example",
        "https://ann:pa?hush@host.example/sub/",
        "https://ann:pa#hush@host.example",
    ] {
        let builder = callboard::shotgun::Client::builder(url);
        let shown = format!("{builder:?}");
        let error = builder.script("robot", "key").build().unwrap_err();
        assert!(error.headline().contains("write / as %2F"), "{error}");
        let told = format!("{shown} {error:?} {error} {}", without_userinfo(url));
        for part in ["hush", "ann", "pa/", "12/"] {
            assert!(!told.contains(part), "{told}");
        }
    }
}
