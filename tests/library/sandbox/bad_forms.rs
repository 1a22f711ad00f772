//! Forms that are none: refused in words, and nothing is left of them.

use serde_json::json;

use super::form::Form;
use super::{Line, NET, header, read, small};

const TYPE: &str = "multipart/form-data; boundary=1f2e3d4c";

fn good() -> Form {
    Form::about("Version", 1)
        .field("field_name", "sg_uploaded_movie")
        .file("file", "a.mov", b"content")
}

#[test]
fn a_form_that_cannot_be_read_is_refused_in_words() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let parts = good().parts();
    let cut = &parts[..parts.len() - 20];
    let huge = format!(
        "--1f2e3d4c\r\nX: {}\r\n\r\n\r\n--1f2e3d4c--",
        "a".repeat(50_000)
    );
    let binary = b"--1f2e3d4c\r\nContent-Disposition: form-data; name=\"entity_type\"\r\n\r\n\xff\r\n--1f2e3d4c--";
    let two = [&parts[..parts.len() - 16], &parts[..]].concat();
    for (content_type, body, why) in [
        (TYPE, cut, "ends in the middle"),
        (TYPE, b"", "ends in the middle"),
        (TYPE, huge.as_bytes(), "head of a part is too large"),
        (TYPE, binary, "not UTF-8"),
        (TYPE, two.as_slice(), "more than one file"),
        ("multipart/form-data", &parts, "names no boundary"),
        (
            "multipart/form-data; boundary=",
            &parts,
            "names no boundary",
        ),
        (
            "multipart/mixed; boundary=1f2e3d4c",
            &parts,
            "names no boundary",
        ),
    ] {
        let answer = line.body("POST", "/upload/upload_file", content_type, body);
        assert_eq!(answer.status, 400, "{why}");
        let text = answer.text();
        assert!(
            text.starts_with("0\n") && text.contains(why),
            "{text:?} says {why}"
        );
    }
    let answer = line.body("POST", "/upload/upload_file", "", &parts);
    assert!(answer.text().starts_with("0\n"), "{}", answer.text());
    assert_eq!(
        line.call("read", &read("Attachment", &[], 10))["entities"],
        json!([])
    );
    assert_eq!(line.upload(&good()), 1, "the next one is as good as ever");
}

#[test]
fn every_cut_of_a_form_is_refused() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let parts = good().parts();
    for length in (0..parts.len() - 6).step_by(7) {
        let answer = line.body("POST", "/upload/upload_file", TYPE, &parts[..length]);
        assert!(
            answer.text().starts_with("0\n"),
            "{length}: {}",
            answer.text()
        );
    }
    assert_eq!(
        line.call("read", &read("Attachment", &[], 10))["entities"],
        json!([])
    );
}

#[test]
fn a_file_name_with_a_path_is_only_a_name() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    for (sent, kept) in [
        ("../../../../tmp/evil.mov", "evil.mov"),
        ("C:\\Windows\\evil.mov", "evil.mov"),
        ("/etc/passwd", "passwd"),
        ("..", "unnamed"),
    ] {
        let id = line.upload(&Form::about("Shot", 1).file("file", sent, b"evil"));
        assert_eq!(line.value("Attachment", id, "filename"), kept);
    }
}

#[test]
fn a_peer_that_goes_in_the_middle_of_a_file_leaves_nothing() {
    let sandbox = small();
    let mut gone = Line::open(&sandbox);
    let head = format!(
        "POST /upload/upload_file HTTP/1.1\r\nContent-Type: {TYPE}\r\nContent-Length: 90000000\r\n\r\n"
    );
    gone.send(head.as_bytes());
    gone.send(&vec![b'x'; 2_000_000]);
    drop(gone);
    super::wait_until("it hangs up", || sandbox.connections() == 0);
    assert_eq!(sandbox.request_count("upload_file"), 0);
    let mut line = Line::open(&sandbox);
    assert_eq!(
        line.call("read", &read("Attachment", &[], 10))["entities"],
        json!([])
    );
}

#[test]
fn more_than_two_gigabytes_are_refused_before_they_are_sent() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let head = format!(
        "POST /upload/upload_file HTTP/1.1\r\nContent-Type: {TYPE}\r\nContent-Length: 3000000000\r\n\r\n"
    );
    line.send(head.as_bytes());
    assert_eq!(line.read().unwrap().status, 413);
}

#[test]
fn a_hundred_megabytes_are_no_call_and_the_peer_hears_it() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    line.0.set_write_timeout(Some(NET)).unwrap();
    let size = 100 * 1024 * 1024;
    line.send(format!("POST /api3/json HTTP/1.1\r\nContent-Length: {size}\r\n\r\n").as_bytes());
    // It does not look for an answer before it has sent everything, like most.
    line.send(&vec![b' '; size]);
    let answer = line.read().expect("an answer, and not a reset");
    assert_eq!(
        (answer.status, header(&answer.head, "connection")),
        (413, Some("close"))
    );
}

#[test]
fn only_the_right_verbs_reach_forms_and_files() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    for (verb, path, status) in [
        ("GET", "/upload/upload_file", 405),
        ("PUT", "/upload/upload_file", 405),
        ("POST", "/upload/get_thumbnail_url", 200),
        ("POST", "/file_serve/attachment/1", 405),
        ("DELETE", "/storage/x", 405),
        ("GET", "/upload/", 405),
        ("POST", "/upload/", 200),
        ("GET", "/upload", 404),
    ] {
        let answer = line.body(verb, path, "application/x-www-form-urlencoded", b"");
        assert_eq!(answer.status, status, "{verb} {path}: {}", answer.text());
        assert!(!answer.text().starts_with('1'), "{verb} {path}");
    }
}
