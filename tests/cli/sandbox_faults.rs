//! `callboard sandbox` made slow and broken: by options, from a file, over HTTP, and under TLS.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use callboard::sandbox::{FaultPlan, Preset};

use super::sandbox::{find, serve};
use super::shell::callboard;

/// The body of an answer of the control endpoint.
fn control(url: &str, request: &str, body: &str) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{request} HTTP/1.1\r\nHost: {address}\r\nX-Callboard: sandbox\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 "), "{answer}");
    body.to_owned()
}

fn plan(url: &str) -> FaultPlan {
    FaultPlan::from_json(&control(url, "GET /callboard/faults", "")).unwrap()
}

#[test]
fn a_preset_is_taken_by_its_name_and_single_options_go_before_it() {
    let preset = ["--seed", "small", "--preset", "storage-outage"];
    let (_running, url) = serve(&preset);
    assert_eq!(plan(&url), Preset::StorageOutage.plan());
    find(&url, "callboard", "sandbox").ok();
    let (_running, url) =
        serve(&[&preset[..], &["--latency", "3ms", "--fault-seed", "9"]].concat());
    let expected = FaultPlan {
        latency: std::time::Duration::from_millis(3),
        seed: 9,
        ..Preset::StorageOutage.plan()
    };
    assert_eq!(plan(&url), expected);
    let odd = callboard(["sandbox", "--preset", "tuesday"]).run();
    assert_eq!(odd.code, Some(2));
    let hint = "choose one of monday-morning";
    assert!(odd.stderr.contains(hint), "{}", odd.stderr);
}

#[test]
fn the_help_lists_the_presets_and_the_control_endpoint() {
    let help = callboard(["sandbox", "--help"]).run().ok().stdout;
    for preset in Preset::ALL {
        assert!(
            help.contains(preset.name()) && help.contains(preset.description()),
            "{help}"
        );
    }
    assert!(help.contains("/callboard/faults"), "{help}");
}

#[test]
fn a_plan_is_read_from_a_file_and_its_mistakes_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    let path = path.to_str().unwrap();
    let text = r#"{"rules": [{"method": "read", "entity_type": "Shot", "always": 504}]}"#;
    std::fs::write(path, text).unwrap();
    let (_running, url) = serve(&["--seed", "small", "--faults", path]);
    assert_eq!(plan(&url), FaultPlan::from_json(text).unwrap());
    find(&url, "callboard", "sandbox").failed(1, &["HTTP 504"]);

    std::fs::write(path, text.replace("always", "allways")).unwrap();
    callboard(["sandbox", "--faults", path])
        .run()
        .failed(2, &["plan.json", "rules[0].allways", "known are method"]);
    callboard(["sandbox", "--faults", "no/such/plan.json"])
        .run()
        .failed(1, &["no/such/plan.json cannot be read"]);
}

#[test]
fn it_is_broken_and_mended_while_it_runs_and_the_log_says_so() {
    let (running, url) = serve(&["--seed", "small"]);
    control(&url, "PUT /callboard/faults", r#"{"always": 500}"#);
    find(&url, "callboard", "sandbox").failed(1, &["HTTP 500"]);
    control(&url, "DELETE /callboard/faults", "");
    find(&url, "callboard", "sandbox").ok();
    let log = running.end();
    let lines: Vec<&str> = log.lines().collect();
    assert!(
        lines[0].starts_with("control PUT /callboard/faults 200 "),
        "{log}"
    );
    assert!(
        lines.iter().any(|line| line.ends_with("(status 500)")),
        "{log}"
    );
    // Each line says how long it took.
    assert!(lines.iter().all(|line| line.contains(" ms ")), "{log}");
}

#[test]
fn our_own_client_trusts_the_certificate_that_is_written_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.pem");
    let path = path.to_str().unwrap();
    let mut running = callboard([
        "sandbox",
        "--seed",
        "small",
        "--tls",
        "--tls-certificate",
        path,
    ])
    .start();
    let line = running.line();
    let url = line.strip_prefix("listening on ").unwrap();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    assert!(running.line().contains(&format!("ca_certs=\"{path}\"")));
    let find = || callboard(["find", "Shot", "--site", url, "--limit", "3"]).with_default_script();
    // Where the platform's own store is asked, there is no variable to change it.
    if cfg!(target_os = "linux") {
        find().env("SSL_CERT_FILE", path).run().ok();
    }
    find().run().failed(1, &[]);
    let alone = callboard(["sandbox", "--tls-certificate", path]).run();
    assert_eq!(alone.code, Some(2), "there is none without --tls");
}
