//! Who asks, from the environment.

use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox};
use callboard::shotgun::Client;
use secrecy::ExposeSecret as _;

use super::shell::{callboard, site};

/// A session of the script that the sandbox lets in.
fn session(site: &Sandbox) -> String {
    let builder = Client::builder(&site.url()).script(SCRIPT_NAME, SCRIPT_KEY);
    let token = builder.build().unwrap().get_session_token().unwrap();
    token.expose_secret().to_owned()
}

#[test]
fn a_session_lets_in_and_goes_before_a_script() {
    let site = site(Options::default());
    let url = site.url();
    let find = || {
        let token = session(&site);
        callboard(["find", "Shot", "--limit", "2", "--site", &url])
            .env("CALLBOARD_SESSION_TOKEN", &token)
    };
    find().run().ok();
    find()
        .env("CALLBOARD_SCRIPT_NAME", "nobody")
        .env("CALLBOARD_SCRIPT_KEY", "wrong")
        .run()
        .ok();
    // An empty one is none.
    find()
        .env("CALLBOARD_SESSION_TOKEN", "")
        .run()
        .failed(2, &["No credentials", "CALLBOARD_SESSION_TOKEN"]);
    assert_eq!(site.request_count("read"), 2);
}

#[test]
fn a_session_that_is_over_is_said_to_be_and_its_token_is_not_repeated() {
    let site = site(Options::default());
    let ran = callboard(["find", "Shot", "--site", &site.url()])
        .env("CALLBOARD_SESSION_TOKEN", "pl4nted-and-over")
        .run();
    ran.failed(1, &["does not let us in", "log in again"]);
    assert!(!ran.stderr.contains("pl4nted"), "{}", ran.stderr);
}

#[test]
fn a_log_at_trace_level_holds_no_token() {
    let site = site(Options::default());
    let token = session(&site);
    for more in [
        &["--timings"][..],
        &["--format", "json"],
        &["--filter", "nope is 3"],
    ] {
        let url = site.url();
        let ran = callboard([&["find", "Shot", "--site", &url], more].concat())
            .env("CALLBOARD_SESSION_TOKEN", &token)
            .env("CALLBOARD_LOG", "trace")
            .run();
        ran.no_panic();
        assert!(ran.stderr.contains("DEBUG"), "nothing was logged: {ran:#?}");
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!said.contains(&token), "{ran:#?}");
    }
    assert_eq!(site.request_count("read"), 3, "they were let in");
}
