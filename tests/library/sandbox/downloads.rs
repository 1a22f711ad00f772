//! Downloads: redirects, links that are signed, and files that may not be had.

use callboard::sandbox::{FileOptions, FileState, Misbehavior, Options, Sandbox};
use serde_json::json;

use super::form::Form;
use super::{Answer, Line, header, small, with};

const CONTENT: &[u8] = b"a file";

/// An open connection to a sandbox with one file, and the path to download it from.
fn uploaded(sandbox: &Sandbox) -> (Line, u64, String) {
    let mut line = Line::open(sandbox);
    let id = line.upload(&Form::about("Shot", 1).file("file", "a.mov", CONTENT));
    (line, id, format!("/file_serve/attachment/{id}"))
}

/// Where a redirect leads to, on the same sandbox.
fn location(sandbox: &Sandbox, answer: &Answer) -> String {
    assert_eq!(answer.status, 302, "{}", answer.text());
    let location = header(&answer.head, "location").unwrap();
    location.strip_prefix(&sandbox.url()).unwrap().to_owned()
}

#[test]
fn a_download_leads_to_a_link_that_no_one_guesses() {
    let sandbox = small();
    let (mut line, _, path) = uploaded(&sandbox);
    let redirect = line.get(&path);
    let link = location(&sandbox, &redirect);
    assert!(link.len() > 30, "{link}");
    assert_ne!(
        location(&sandbox, &line.get(&path)),
        link,
        "each has its own"
    );
    for _ in 0..2 {
        let answer = line.get(&link);
        assert_eq!((answer.status, answer.body.as_slice()), (200, CONTENT));
        assert_eq!(
            header(&answer.head, "content-type"),
            Some("video/quicktime")
        );
    }
    let logged = format!("{:?}", sandbox.requests());
    assert!(!logged.contains(&link), "the log keeps the link to itself");
    line.send(format!("HEAD {link} HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n").as_bytes());
    let mut both = Vec::new();
    while !both.ends_with(b"/api3/json\n") {
        let mut byte = [0];
        std::io::Read::read_exact(&mut line.0, &mut byte).unwrap();
        both.push(byte[0]);
    }
    let both = String::from_utf8(both).unwrap();
    assert!(
        both.contains("Content-Length: 6\r\n") && !both.contains("a file"),
        "{both}"
    );
}

#[test]
fn an_attachment_that_is_none_is_a_bad_request() {
    let sandbox = small();
    let (mut line, id, path) = uploaded(&sandbox);
    for id in ["0", "9999", "x", "", "1/../1", "99999999999999999999"] {
        let answer = line.get(&format!("/file_serve/attachment/{id}"));
        assert_eq!(answer.status, 400, "{id}");
        assert!(answer.text().contains("no attachment"), "{}", answer.text());
    }
    line.call("delete", &json!({"type": "Attachment", "id": id}));
    assert_eq!(line.get(&path).status, 400, "a retired one is none");
}

#[test]
fn a_file_may_be_scanned_quarantined_or_behind_an_expired_link() {
    let sandbox = small();
    let (mut line, id, path) = uploaded(&sandbox);
    let id = id.try_into().unwrap();
    let link = location(&sandbox, &line.get(&path));
    assert!(sandbox.set_file_state(id, FileState::Scanning));
    let answer = line.get(&path);
    assert_eq!(answer.status, 409);
    assert!(answer.text().contains("malware scan"), "{}", answer.text());
    assert!(sandbox.set_file_state(id, FileState::Quarantined));
    assert_eq!(line.get(&path).status, 410);
    assert!(sandbox.set_file_state(id, FileState::Expired));
    let expired = location(&sandbox, &line.get(&path));
    for link in [&link, &expired, &"/storage/guessed".to_owned()] {
        let answer = line.get(link);
        assert_eq!(answer.status, 403);
        assert_eq!(
            header(&answer.head, "content-type"),
            Some("application/xml")
        );
        assert!(
            answer
                .text()
                .contains("<Message>Request has expired</Message>"),
            "{}",
            answer.text()
        );
    }
    assert!(sandbox.set_file_state(id, FileState::Ready));
    assert_eq!(line.get(&link).body, CONTENT);
    assert!(!sandbox.set_file_state(9999, FileState::Ready));
}

#[test]
fn many_download_one_long_file_at_once_and_all_get_it_whole() {
    let sandbox = small();
    let content: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let form = Form::about("Shot", 1).file("file", "long.mov", &content);
    let id = Line::open(&sandbox).upload(&form);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut line = Line::open(&sandbox);
                let redirect = line.get(&format!("/file_serve/attachment/{id}"));
                let link = location(&sandbox, &redirect);
                assert!(line.get(&link).body == content);
            });
        }
    });
}

#[test]
fn downloads_misbehave_under_a_name_of_their_own() {
    let sandbox = small();
    let (mut line, _, path) = uploaded(&sandbox);
    sandbox.faults().once(Misbehavior::Status(503));
    assert_eq!(line.get(&path).status, 503);
    let link = location(&sandbox, &line.get(&path));
    sandbox.faults().once(Misbehavior::Truncate);
    line.send(format!("GET {link} HTTP/1.1\r\n\r\n").as_bytes());
    let mut half = String::new();
    std::io::Read::read_to_string(&mut line.0, &mut half).unwrap();
    assert!(
        half.contains("Content-Length: 6\r\n") && half.ends_with("\r\n\r\na f"),
        "{half}"
    );
    let counts = ["upload_file", "download", "storage"].map(|method| sandbox.request_count(method));
    assert_eq!(counts, [1, 2, 1]);
}

#[test]
fn a_site_may_want_to_see_the_cookie() {
    let files = FileOptions {
        downloads_need_session: true,
        ..FileOptions::default()
    };
    let sandbox = with(Options {
        files,
        ..Options::default()
    });
    let (mut line, _, path) = uploaded(&sandbox);
    let token = line.call("get_session_token", &json!(null))["session_id"].take();
    let mut status = |cookie: &str| {
        line.send(format!("GET {path} HTTP/1.1\r\n{cookie}\r\n").as_bytes());
        line.read().unwrap().status
    };
    let cookie = format!(
        "Cookie: theme=dark; _session_id={}\r\n",
        token.as_str().unwrap()
    );
    assert_eq!(status(&cookie), 302);
    assert_eq!(status("Cookie: _session_id=guessed\r\n"), 403);
    assert_eq!(status(""), 403);
    sandbox.expire_sessions();
    assert_eq!(status(&cookie), 403);
}
