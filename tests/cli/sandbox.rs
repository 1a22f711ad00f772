//! `callboard sandbox`, and other programs at it.

use super::shell::{Ran, Running, callboard};

/// A running sandbox, and where it listens.
pub fn serve(arguments: &[&str]) -> (Running, String) {
    let mut running = callboard([&["sandbox"], arguments].concat()).start();
    let line = running.line();
    let url = line
        .strip_prefix("listening on ")
        .unwrap_or_else(|| panic!("`{line}`"));
    let port = url.strip_prefix("http://127.0.0.1:").unwrap();
    assert!(port.parse::<u16>().is_ok_and(|port| port > 0), "{url}");
    (running, url.to_owned())
}

pub fn find(url: &str, name: &str, key: &str) -> Ran {
    callboard([
        "find", "Shot", "--site", url, "--limit", "3", "--format", "csv",
    ])
    .env("CALLBOARD_SCRIPT_NAME", name)
    .env("CALLBOARD_SCRIPT_KEY", key)
    .run()
}

#[test]
fn it_says_where_it_listens_and_how_python_connects() {
    let (mut running, url) = serve(&["--seed", "small"]);
    let python = running.line();
    assert!(
        python.contains(&format!("Shotgun(\"{url}\", \"callboard\", \"sandbox\")")),
        "{python}"
    );
    let ran = find(&url, "callboard", "sandbox").ok();
    assert_eq!(ran.stdout.lines().count(), 4);
    // A line for each request, on stderr.
    let log = running.end();
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.starts_with("read Shot 200 "), "{log}");
}

#[test]
fn it_knows_the_accounts_it_was_given_and_no_others() {
    let (running, url) = serve(&[
        "--seed",
        "small",
        "--script",
        "robot:k3y:with:colons",
        "--script",
        "other:x",
        "--user",
        "mira:moon",
        "--quiet",
    ]);
    find(&url, "robot", "k3y:with:colons").ok();
    find(&url, "other", "x").ok();
    find(&url, "callboard", "sandbox").failed(1, &["does not let us in"]);
    callboard(["find", "Shot", "--site", &url])
        .env("CALLBOARD_LOGIN", "mira")
        .env("CALLBOARD_PASSWORD", "moon")
        .run()
        .ok();
    assert_eq!(running.end(), "", "quiet is quiet");
}

#[test]
fn it_is_as_slow_and_as_broken_as_it_is_told_to_be() {
    let (_running, url) = serve(&["--seed", "small", "--error-rate", "1"]);
    find(&url, "callboard", "sandbox").failed(1, &["HTTP 50"]);
    let (slow, url) = serve(&["--seed", "small", "--latency", "70ms"]);
    find(&url, "callboard", "sandbox").ok();
    let log = slow.end();
    let took: f64 = log
        .split_whitespace()
        .skip_while(|word| *word != "200")
        .nth(1)
        .unwrap_or_else(|| panic!("{log}"))
        .parse()
        .unwrap();
    assert!(took >= 70.0, "{log}");
}

#[test]
fn an_empty_site_has_no_rows_and_that_is_no_failure() {
    let (_running, url) = serve(&["--seed", "empty"]);
    let ran = callboard(["find", "Shot", "--site", &url])
        .with_default_script()
        .run()
        .ok();
    assert_eq!(ran.stderr, "0 rows\n");
    assert_eq!(ran.stdout.lines().count(), 1, "only the header");
}

#[test]
fn people_log_in_the_way_it_is_told() {
    let person = |url: &str| {
        callboard(["find", "Shot", "--site", url])
            .env("CALLBOARD_LOGIN", "mira")
            .env("CALLBOARD_PASSWORD", "moon")
            .run()
    };
    let mira = ["--seed", "small", "--user", "mira:moon"];
    let (_running, url) = serve(&[&mira[..], &["--one-time-code", "mira:111222"]].concat());
    person(&url).failed(1, &[]);
    let (_running, url) = serve(&[&mira[..], &["--user-authentication", "saml2"]].concat());
    person(&url).failed(1, &[]);
    find(&url, "callboard", "sandbox").ok();
    let (_running, url) = serve(&[&mira[..], &["--user-authentication", "ldap"]].concat());
    person(&url).ok();
    let odd = callboard(["sandbox", "--user-authentication", "nope"]).run();
    assert_eq!(odd.code, Some(2));
    let hint = "choose default, ldap, saml2 or oxygen";
    assert!(odd.stderr.contains(hint), "{}", odd.stderr);
    callboard(["sandbox", "--one-time-code", "111222"])
        .run()
        .failed(2, &["--one-time-code takes a name and a secret"]);
}

#[test]
fn a_site_is_kept_and_written_out_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (data, one, two) = (path("data"), path("one"), path("two"));
    let first = [
        "sandbox", "--seed", "small", "--data", &data, "--export", &one,
    ];
    let ran = callboard(first).run().ok();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    // The second time the seed is not looked at, and it says so.
    let ran = callboard(first).run().ok();
    assert!(
        ran.stderr.contains("so --seed is of no use") && ran.stderr.contains(&data),
        "{}",
        ran.stderr
    );
    callboard(["sandbox", "--fixtures", &one, "--export", &two])
        .run()
        .ok();
    let shots = |folder: &str| std::fs::read_to_string(format!("{folder}/Shot.json")).unwrap();
    assert!(shots(&one).contains("PN_100_0010") && shots(&one) == shots(&two));
    let (_running, url) = serve(&["--fixtures", &one]);
    find(&url, "callboard", "sandbox").ok();
}

#[test]
fn a_folder_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let (_running, _url) = serve(&["--seed", "small", "--data", data]);
    let second = callboard(["sandbox", "--data", data]).run();
    second.failed(1, &["in use by another sandbox", data]);
    callboard(["sandbox", "--fixtures", "no/such"])
        .run()
        .failed(1, &["no/such"]);
    let both = callboard(["sandbox", "--fixtures", data, "--seed", "small"]).run();
    assert_eq!(both.code, Some(2), "{}", both.stderr);
}
