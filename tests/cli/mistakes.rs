//! Bad input of all kinds, as the shell sees it: one line that says what happened and what to do.

use std::net::TcpListener;

use callboard::sandbox::{Misbehavior, Options};

use super::shell::{Ran, callboard, nobody, saying, site};

fn find_at(url: &str) -> Ran {
    callboard(["find", "Shot", "--site", url])
        .with_default_script()
        .run()
}

#[test]
fn nobody_listening() {
    find_at(&nobody()).failed(
        1,
        &[
            "127.0.0.1:",
            "cannot be reached",
            "Check the address and the port",
        ],
    );
}

#[test]
fn a_host_that_does_not_resolve() {
    let ran = find_at("http://no-such-host.invalid");
    if ran.stderr.contains("Looking up the host took longer") {
        // A machine whose name server does not answer.
        ran.failed(1, &["Check the network and its name server"]);
    } else {
        ran.failed(
            1,
            &[
                "No host called no-such-host.invalid can be found",
                "Check the spelling",
            ],
        );
    }
}

#[test]
fn a_file_of_authorities_that_is_not_there() {
    let ran = callboard(["find", "Shot", "--site", "https://127.0.0.1:1"])
        .with_default_script()
        .env("SHOTGUN_API_CACERTS", "/no/such.pem")
        .run();
    ran.failed(
        1,
        &[
            "the CA file /no/such.pem (from SHOTGUN_API_CACERTS) cannot be read",
            "Change the setting",
        ],
    );
}

#[test]
fn a_web_server_that_is_no_shotgun_site() {
    let advice = "Use the address that your browser shows";
    find_at(&saying("text/html", "<h1>It works!</h1>")).failed(
        1,
        &["is not a Shotgun site: it answers with a web page", advice],
    );
    for (way, what) in [
        (Misbehavior::Html, "a web page"),
        (Misbehavior::Status(404), "HTTP 404"),
        (Misbehavior::Redirect, "it redirects to"),
    ] {
        let site = site(Options::default());
        site.faults().update(|plan| plan.always = Some(way));
        find_at(&site.url()).failed(1, &["is not a Shotgun site", what, advice]);
    }
}

#[test]
fn a_wrong_key_and_a_wrong_password() {
    let site = site(Options {
        users: vec![("mira".to_owned(), "moon".to_owned())],
        ..Options::default()
    });
    let url = site.url();
    let find = || callboard(["find", "Shot", "--site", &url]);
    let script = find()
        .env("CALLBOARD_SCRIPT_NAME", "callboard")
        .env("CALLBOARD_SCRIPT_KEY", "wr0ng");
    let person = find()
        .env("CALLBOARD_LOGIN", "mira")
        .env("CALLBOARD_PASSWORD", "wr0ng");
    for (shell, who) in [(script, "script 'callboard'"), (person, "user 'mira'")] {
        let ran = shell.run();
        ran.failed(
            1,
            &[
                "does not let us in",
                who,
                "Check the name and the key or password",
            ],
        );
        assert!(!ran.stderr.contains("wr0ng"));
    }
}

#[test]
fn a_server_with_trouble_of_its_own() {
    for status in [500, 502, 503] {
        let site = site(Options::default());
        site.faults()
            .update(|plan| plan.always = Some(Misbehavior::Status(status)));
        find_at(&site.url()).failed(1, &[&format!("HTTP {status}"), "Try again in a moment"]);
    }
}

#[test]
fn an_answer_that_is_cut_or_never_comes() {
    for (way, what) in [
        (Misbehavior::Truncate, "The answer was cut off after"),
        (Misbehavior::InvalidJson, "The answer"),
        (Misbehavior::Reset, "cannot be reached"),
    ] {
        let site = site(Options::default());
        site.faults().update(|plan| plan.always = Some(way));
        find_at(&site.url()).failed(1, &[what, "."]);
    }
}

#[test]
fn json_of_the_wrong_shape() {
    for body in [
        "[]",
        "{\"results\":{\"entities\":[7]}}",
        "{\"results\":{\"entities\":{}}}",
        "nonsense",
        "",
    ] {
        find_at(&saying("application/json", body))
            .failed(1, &["The answer makes no sense", "report it"]);
    }
}

#[test]
fn an_unknown_type_and_an_unknown_field_of_a_filter() {
    let advice = "Check the entity type, the fields and the operators";
    callboard(["find", "Nope"])
        .run()
        .failed(1, &["The site refused the request", "Nope", advice]);
    callboard(["find", "Shot", "--filter", "nope is 3"])
        .run()
        .failed(1, &["Shot.nope doesn't exist", advice]);
}

#[test]
fn a_wrong_operator_and_half_a_filter() {
    // Words that are no operator never reach the site…
    for filter in ["code resembles x", "code", "code is", "is"] {
        callboard(["find", "Shot", "--filter", filter])
            .run()
            .failed(2, &["The filter cannot be used", "Write it like"]);
    }
    // …and an operator that does not fit the field is refused there.
    callboard(["find", "Shot", "--filter", "sg_cut_in contains 3"])
        .run()
        .failed(1, &["The site refused the request", "contains"]);
}

#[test]
fn a_port_that_is_taken() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    callboard(["sandbox", "--port", &port])
        .run()
        .failed(1, &[&format!("Port {port} is taken"), "--port"]);
}

#[test]
fn an_address_that_is_none() {
    for (url, what) in [
        ("studio.example", "does not begin with https://"),
        ("ftp://studio.example", "does not begin with https://"),
        ("http://", "is not the address of a site"),
        ("", "is not the address of a site"),
    ] {
        find_at(url).failed(1, &[what, "Write it like https://"]);
    }
}

#[test]
fn a_real_site_without_credentials_or_with_half_of_them() {
    let find = || callboard(["find", "Shot", "--site", "http://127.0.0.1:9"]);
    find()
        .run()
        .failed(2, &["No credentials", "CALLBOARD_SCRIPT_KEY"]);
    for (set, missing) in [
        ("CALLBOARD_SCRIPT_NAME", "CALLBOARD_SCRIPT_KEY"),
        ("CALLBOARD_SCRIPT_KEY", "CALLBOARD_SCRIPT_NAME"),
        ("CALLBOARD_LOGIN", "CALLBOARD_PASSWORD"),
        ("CALLBOARD_PASSWORD", "CALLBOARD_LOGIN"),
    ] {
        let ran = find().env(set, "h4lf").run();
        ran.failed(2, &[&format!("{set} is set but {missing} is not")]);
        assert!(!ran.stderr.contains("h4lf"));
    }
}

#[test]
fn a_recording_that_cannot_be_written_is_refused_before_the_work() {
    callboard(["compare", "--record", "/nonexistent/record.json"])
        .run()
        .failed(2, &["cannot be written to /nonexistent/record.json"]);
}

#[test]
fn settings_and_display_matter_to_the_window_only() {
    let site = site(Options::default());
    callboard(["find", "Shot", "--site", &site.url()])
        .with_default_script()
        .env("DISPLAY", ":987")
        .run()
        .ok();
}
