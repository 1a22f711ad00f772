//! Whatever answers, or does not: one clear sentence, and what to do.

use std::io::Write as _;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use callboard::shotgun::{Client, Error, Filter, Phase, Remedy, Timeouts};

use super::server::{ONE_SHOT, Server, Then, answer, builder, drip, ok};

fn find_shots(server: &Server) -> Error {
    server.client().find("Shot", &[], &["code"]).unwrap_err()
}

#[test]
fn nobody_listening_is_unreachable() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let error = builder(&format!("http://127.0.0.1:{port}"))
        .build()
        .unwrap()
        .info()
        .unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    assert!(
        error.headline().starts_with(&format!(
            "127.0.0.1:{port} cannot be reached: Connection refused"
        )),
        "{error}"
    );
    assert_eq!(error.remedy(), Remedy::CheckNetwork);
    assert!(error.is_retryable());
}

#[test]
fn a_host_that_does_not_resolve_is_named() {
    let error = builder("http://no-such-host.invalid")
        .build()
        .unwrap()
        .info()
        .unwrap_err();
    match &error {
        Error::Unresolved { .. } => assert_eq!(
            error.headline(),
            "No host called no-such-host.invalid can be found"
        ),
        // Where there is no name server at all, the look-up itself gives up.
        _ => assert!(
            matches!(
                error,
                Error::Timeout {
                    phase: Phase::Dns,
                    ..
                }
            ),
            "{error:?}"
        ),
    }
}

#[test]
fn what_is_not_a_shotgun_site_is_said_not_to_be() {
    let redirect = "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example/login?next=x\r\nContent-Length: 0\r\n\r\n";
    for (bytes, expected) in [
        (
            answer("200 OK", "text/html", "<html>hello</html>"),
            "it answers with a web page",
        ),
        (
            answer("404 Not Found", "text/html", "<h1>no</h1>"),
            "it answers HTTP 404 where calls should go",
        ),
        (
            redirect.into(),
            "it redirects to https://elsewhere.example/login?[hidden]",
        ),
        (
            answer("200 OK", "text/plain", "hello"),
            "it answers with `text/plain`",
        ),
        (
            b"SSH-2.0-OpenSSH_9.6\r\n\r\n".to_vec(),
            "it does not speak HTTP as we know it",
        ),
    ] {
        let server = Server::saying(bytes, Then::Close);
        let error = find_shots(&server);
        assert!(matches!(error, Error::NotShotgun { .. }), "{error:?}");
        assert!(error.headline().contains(expected), "{error}");
        assert_eq!(error.remedy(), Remedy::CheckAddress);
    }
}

#[test]
fn a_wrong_key_asks_to_log_in() {
    let server = Server::json(
        r#"{"exception": true, "message": "Can't authenticate script 'robot'", "error_code": 102}"#,
    );
    let error = find_shots(&server);
    assert_eq!(
        error.headline(),
        "The site does not let us in: Can't authenticate script 'robot'"
    );
    assert_eq!(error.remedy(), Remedy::LogIn);
    assert!(!error.is_retryable());
}

#[test]
fn trouble_of_the_server_is_told_by_its_status() {
    for status in [500, 502, 503, 504] {
        let server = Server::saying(
            answer(&format!("{status} Oops"), "text/html", "<h1>oops</h1>"),
            Then::Keep,
        );
        let error = find_shots(&server);
        assert!(
            matches!(error, Error::Server { status: told } if told == status),
            "{error:?}"
        );
        assert!(
            error.headline().starts_with(&format!(
                "The server has trouble of its own: HTTP {status} ("
            )),
            "{error}"
        );
        assert!(error.is_retryable());
    }
}

#[test]
fn an_unknown_type_or_operator_is_told_in_the_words_of_the_site() {
    let server = Server::json(
        r#"{"exception": true, "message": "API read() Shot.nope doesn't exist.", "error_code": 103}"#,
    );
    let error = server
        .client()
        .find("Shot", &[Filter::is("nope", 1)], &[])
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Rejected {
                code: Some(103),
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(
        error.headline(),
        "The site refused the request: API read() Shot.nope doesn't exist."
    );
    assert_eq!(error.remedy(), Remedy::CheckQuery);
}

#[test]
fn an_answer_cut_in_the_middle_is_said_to_be() {
    let whole = String::from_utf8(ok(ONE_SHOT)).unwrap();
    let chunked = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"res\r\n";
    let gzipped = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x00\x20\x00";
    let until_closed = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"results\": {\"enti";
    for bytes in [
        &whole.as_bytes()[..whole.len() - 10],
        chunked.as_bytes(),
        gzipped,
        until_closed.as_bytes(),
    ] {
        let error = find_shots(&Server::saying(bytes, Then::Close));
        assert!(
            matches!(error, Error::Truncated { .. }),
            "{error:?} for {:?}",
            String::from_utf8_lossy(bytes)
        );
        assert!(error.is_retryable());
    }
}

#[test]
fn a_connection_closed_without_an_answer_is_unreachable() {
    let error = find_shots(&Server::start(|_, _, _| Then::Close));
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
}

#[test]
fn json_of_the_wrong_shape_makes_no_sense() {
    for body in [
        "[]",
        "{}",
        "7",
        "{\"results\":[]}",
        "{\"results\":{\"entities\":{}}}",
        "{\"results\":{\"entities\":[7]}}",
        "{\"results\":{\"entities\":[{\"id\":1}]}}",
        "",
        "nonsense",
    ] {
        let error = find_shots(&Server::json(body));
        assert!(matches!(error, Error::Decode { .. }), "{body}: {error:?}");
        assert!(
            error.headline().starts_with("The answer makes no sense: "),
            "{error}"
        );
    }
}

#[test]
fn silence_ends_after_the_limit_and_names_the_phase() {
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"res";
    for (bytes, expected) in [("", Phase::Wait), (head, Phase::Receive)] {
        let server = Server::saying(bytes, Then::Hang);
        let timeouts = Timeouts {
            idle: Duration::from_millis(150),
            ..Timeouts::default()
        };
        let started = Instant::now();
        let error = server
            .builder()
            .timeouts(timeouts)
            .build()
            .unwrap()
            .find("Shot", &[], &[])
            .unwrap_err();
        assert!(
            matches!(error, Error::Timeout { phase, after } if phase == expected && after == timeouts.idle),
            "{error:?}"
        );
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn a_slow_answer_that_keeps_coming_is_waited_for() {
    let server = Server::start(|_, _, stream| {
        let answer = ok(ONE_SHOT);
        let (head, body) = answer.split_at(answer.len() - ONE_SHOT.len());
        stream.write_all(head).unwrap();
        drip(stream, body).unwrap();
        Then::Keep
    });
    let timeouts = Timeouts {
        idle: Duration::from_millis(600),
        ..Timeouts::default()
    };
    let rows = server
        .builder()
        .timeouts(timeouts)
        .build()
        .unwrap()
        .find("Shot", &[], &["code"])
        .unwrap();
    assert_eq!(rows.len(), 1);
}

#[test]
fn a_head_that_drips_does_not_hold_a_call_for_ever() {
    let server = Server::start(|_, _, stream| {
        let padding = format!("HTTP/1.1 200 OK\r\nX-Padding: {}\r\n", "x".repeat(300));
        let answer = String::from_utf8(ok(ONE_SHOT)).unwrap();
        let answer = answer.replacen("HTTP/1.1 200 OK\r\n", &padding, 1);
        // Fails when the client has had enough.
        drip(stream, answer.as_bytes()).ok();
        Then::Close
    });
    let timeouts = Timeouts {
        idle: Duration::from_millis(600),
        ..Timeouts::default()
    };
    let client = server.builder().timeouts(timeouts).build().unwrap();
    let error = client.find("Shot", &[], &["code"]).unwrap_err();
    assert_eq!(error.headline(), "The answer took longer than 600 ms");
}

#[test]
fn a_write_that_was_sent_and_not_answered_has_an_unknown_outcome() {
    let error = Server::start(|_, _, _| Then::Close)
        .client()
        .create("Shot", &[("code", "a".into())], &[])
        .unwrap_err();
    assert!(matches!(error, Error::UnknownOutcome { .. }), "{error:?}");
    assert_eq!(error.remedy(), Remedy::LookFirst);
    assert!(!error.is_retryable());

    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let never_sent = builder(&format!("http://127.0.0.1:{port}"))
        .build()
        .unwrap()
        .delete("Shot", 1)
        .unwrap_err();
    assert!(
        matches!(never_sent, Error::Unreachable { .. }),
        "{never_sent:?}"
    );
}

#[test]
fn a_write_that_no_refusal_answers_has_an_unknown_outcome() {
    let page = "<html>busy</html>";
    for bytes in [
        answer("500 Oops", "text/html", page),
        answer("503 Busy", "application/json", ""),
        answer("520 Oops", "text/html", page),
        answer("200 OK", "text/html", page),
        answer("303 See Other", "text/html", page),
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n".to_vec(),
    ] {
        let server = Server::saying(bytes, Then::Close);
        let error = server.client().create("Shot", &[], &[]).unwrap_err();
        assert!(
            matches!(&error, Error::UnknownOutcome { method, .. } if &**method == "create"),
            "{error:?}"
        );
        assert_eq!(error.remedy(), Remedy::LookFirst);
        assert!(error.advice().contains("before you repeat it"));
        assert!(!error.is_retryable());
    }
}

#[test]
fn a_write_that_is_refused_was_not_done() {
    let fault = r#"{"exception": true, "message": "API create() CRUD ERROR", "error_code": 104}"#;
    let cut = "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n<html>";
    for (bytes, expected) in [
        (ok(fault), "API create() CRUD ERROR"),
        (ok(&fault.replace("104", "102")), "does not let us in"),
        (answer("401 No", "text/html", ""), "HTTP 401"),
        (answer("403 No", "text/html", ""), "Access is denied"),
        (answer("404 No", "text/html", ""), "is not a Shotgun site"),
        (answer("302 No", "text/html", ""), "it redirects"),
        (answer("308 No", "text/html", ""), "it redirects"),
        (answer("429 No", "text/html", ""), "slow down"),
        (cut.into(), "was cut off"),
    ] {
        let server = Server::saying(bytes, Then::Close);
        let error = server.client().create("Shot", &[], &[]).unwrap_err();
        assert!(
            !matches!(error, Error::UnknownOutcome { .. }) && error.headline().contains(expected),
            "{error:?}"
        );
    }
}

#[test]
fn an_answer_without_end_is_not_read_to_the_end() {
    let server = Server::json(&format!("{{\"results\": \"{}\"}}", "x".repeat(100_000)));
    let error = server
        .builder()
        .max_answer(10_000)
        .build()
        .unwrap()
        .find("Shot", &[], &[])
        .unwrap_err();
    assert!(
        matches!(error, Error::TooLarge { limit: 10_000 }),
        "{error:?}"
    );
}

#[test]
fn a_bad_filter_never_reaches_the_server() {
    let server = Server::json(ONE_SHOT);
    let error = server
        .client()
        .find("Shot", &[Filter::in_("id", Vec::<i64>::new())], &[])
        .unwrap_err();
    assert!(matches!(error, Error::BadFilter { .. }), "{error:?}");
    assert!(server.requests.lock().is_empty());
}

#[test]
fn half_a_setup_is_refused_before_any_call() {
    for (builder, expected) in [
        (
            Client::builder("ftp://h"),
            "`ftp://h` is not the address of a site: it does not begin with https:// or http://",
        ),
        (
            Client::builder("https://h").script("", "k"),
            "The client cannot be set up: the script's name is empty",
        ),
        (
            Client::builder("https://h").login("ann", ""),
            "The client cannot be set up: the password is empty",
        ),
        (
            Client::builder("https://h").proxy(Some("socks5://h")),
            "The proxy does not let us through: SOCKS5 proxies are not supported, only http and https ones",
        ),
    ] {
        assert_eq!(builder.build().unwrap_err().headline(), expected);
    }
    let nobody = Client::builder("http://127.0.0.1:1")
        .build()
        .unwrap()
        .find("Shot", &[], &[])
        .unwrap_err();
    assert_eq!(
        nobody.headline(),
        "The site does not let us in: no credentials were given"
    );
}
