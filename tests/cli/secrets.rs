//! A planted key is in nothing that the program prints or writes, whatever happens and however much is logged.

use callboard::sandbox::{Misbehavior, Options, Sandbox};

use super::shell::{Ran, Shell, callboard, saying, site};

const KEY: &str = "pl4nted/\"s3cret\" key";

fn planted_site() -> Sandbox {
    site(Options {
        scripts: vec![("robot".to_owned(), KEY.to_owned())],
        users: vec![("mira".to_owned(), KEY.to_owned())],
        ..Options::default()
    })
}

/// An address with a password in it.
fn with_userinfo(url: &str) -> String {
    url.replace("http://", "http://ann:pl4nted-t00@")
}

fn traced(shell: Shell) -> Shell {
    shell.env("CALLBOARD_LOG", "trace").env("RUST_LOG", "trace")
}

fn as_robot(shell: Shell) -> Shell {
    shell
        .env("CALLBOARD_SCRIPT_NAME", "robot")
        .env("CALLBOARD_SCRIPT_KEY", KEY)
}

#[track_caller]
fn assert_clean(text: &str) {
    // The last one is how "ann:pl4nted-t00" begins in base 64.
    for secret in ["pl4nted", "s3cret", "YW5uOnBsNG50ZWQ"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}

/// It was traced, and nothing slipped out.
#[track_caller]
fn assert_traced_and_clean(ran: &Ran) {
    ran.no_panic();
    assert!(
        ran.stderr.contains("DEBUG") || ran.stderr.contains("TRACE"),
        "nothing was logged: {ran:#?}"
    );
    assert_clean(&ran.stderr);
    assert_clean(&ran.stdout);
}

#[test]
fn a_log_at_trace_level_holds_no_key_and_no_password() {
    let site = planted_site();
    let url = with_userinfo(&site.url());
    for more in [&[][..], &["--timings"], &["--format", "json"]] {
        let arguments = ["find", "Shot", "--site", &url];
        let ran = traced(as_robot(callboard([&arguments, more].concat()))).run();
        assert_traced_and_clean(&ran.ok());
    }
    for question in [
        &["summarize", "Shot", "--group", "code"][..],
        &["schema", "Shot", "nope"],
        &["schema", "--format", "json"],
    ] {
        let more = ["--timings", "--site", &url];
        let ran = traced(as_robot(callboard([question, &more].concat()))).run();
        assert_traced_and_clean(&ran);
    }
    let person = callboard(["find", "Shot", "--site", &url])
        .env("CALLBOARD_LOGIN", "mira")
        .env("CALLBOARD_PASSWORD", KEY);
    assert_traced_and_clean(&traced(person).run().ok());
    assert_eq!(
        site.request_count("read"),
        4,
        "they were let in: the key was sent"
    );
}

#[test]
fn failures_hold_no_key_whoever_answers_and_however() {
    let ways = [
        Misbehavior::Status(403),
        Misbehavior::Status(503),
        Misbehavior::Redirect,
        Misbehavior::Html,
        Misbehavior::InvalidJson,
        Misbehavior::Truncate,
        Misbehavior::Reset,
    ];
    for way in ways {
        let site = planted_site();
        site.faults().update(|plan| plan.always = Some(way));
        let url = with_userinfo(&site.url());
        let ran = traced(as_robot(callboard(["find", "Shot", "--site", &url]))).run();
        assert_eq!(ran.code, Some(1), "{way:?}");
        assert_traced_and_clean(&ran);
    }
    // A server that repeats what it was told.
    let echo = serde_json::json!({"exception": true, "error_code": 102, "message": format!("Who is {KEY}?")});
    let url = saying("application/json", &echo.to_string());
    let ran = traced(as_robot(callboard(["find", "Shot", "--site", &url]))).run();
    assert!(ran.stderr.contains("Who is "), "{}", ran.stderr);
    assert_traced_and_clean(&ran);
}

#[test]
fn an_address_with_a_password_is_shown_without_it() {
    for url in [
        "ftp://ann:pl4nted@studio.example",
        "http://ann:pl4nted@",
        "ann:pl4nted@studio.example",
    ] {
        let ran = as_robot(callboard(["find", "Shot", "--site", url])).run();
        ran.failed(1, &["is not the address of a site"]);
        assert_clean(&ran.stderr);
    }
}

#[test]
fn a_comparison_and_its_recording_hold_no_key() {
    let site = planted_site();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.json");
    let url = with_userinfo(&site.url());
    let shell = callboard([
        "compare",
        "--calls",
        "3",
        "--site",
        &url,
        "--record",
        path.to_str().unwrap(),
        "--json",
    ]);
    let ran = traced(as_robot(shell)).run().ok();
    assert_traced_and_clean(&ran);
    let written = std::fs::read_to_string(path).unwrap();
    assert!(
        written.contains("find Shot") && written.contains("127.0.0.1"),
        "{written}"
    );
    assert_clean(&written);
    assert_eq!(ran.json()["site"], site.url());
}

#[test]
fn the_sandbox_itself_logs_no_key() {
    let account = format!("robot:{KEY}");
    let mut running = traced(callboard([
        "sandbox",
        "--seed",
        "small",
        "--script",
        "first:one",
        "--script",
        &account,
    ]))
    .start();
    let url = running.line().replace("listening on ", "");
    let title = running.line();
    as_robot(callboard(["find", "Shot", "--site", &url]))
        .run()
        .ok();
    let refused = callboard(["find", "Shot", "--site", &url])
        .env("CALLBOARD_SCRIPT_NAME", "robot")
        .env("CALLBOARD_SCRIPT_KEY", "pl4nted-and-wrong")
        .run();
    assert_eq!(refused.code, Some(1));
    let log = running.end();
    assert!(log.contains("read Shot"), "{log}");
    assert_clean(&log);
    assert_clean(&title);
}
