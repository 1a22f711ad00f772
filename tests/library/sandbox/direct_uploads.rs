//! The stand-in for cloud storage: links, parts, tags, and what they become.

use std::io::Read as _;

use callboard::sandbox::{FileOptions, Options, Sandbox};
use serde_json::{Value as Json, json};

use super::form::{Form, PNG, attachment};
use super::{Line, header, read, small, with};

fn direct() -> Sandbox {
    let files = FileOptions {
        direct_uploads: true,
        ..FileOptions::default()
    };
    with(Options {
        files,
        ..Options::default()
    })
}

/// Asks for a link. Gives back the whole answer and its lines.
fn begin(line: &mut Line, kind: &str, name: &str) -> (String, Vec<String>) {
    let form = Form::new()
        .field("upload_type", kind)
        .field("filename", name)
        .field("multipart_upload", "True");
    let answer = line.urlencoded("/upload/api_get_upload_link_info", &form);
    let lines: Vec<String> = answer.lines().map(str::to_owned).collect();
    assert!(
        lines.len() >= 5 && lines[0] == "1" && lines[3] == kind,
        "{answer}"
    );
    (answer, lines)
}

/// Puts bytes where an answer's second line says, and gives back the tag.
fn put(line: &mut Line, sandbox: &Sandbox, url: &str, content: &[u8]) -> String {
    let path = url.strip_prefix(&sandbox.url()).unwrap();
    let answer = line.body("PUT", path, "video/quicktime", content);
    assert_eq!(answer.status, 200, "{}", answer.text());
    header(&answer.head, "etag").unwrap().to_owned()
}

fn part(line: &mut Line, upload: &str, number: u32) -> String {
    let form = Form::new()
        .field("upload_id", upload)
        .field("part_number", &number.to_string());
    let answer = line.urlencoded("/upload/api_get_upload_link_for_part", &form);
    answer
        .lines()
        .nth(1)
        .unwrap_or_else(|| panic!("{answer}"))
        .to_owned()
}

fn complete(line: &mut Line, upload: &str, etags: &[String]) -> String {
    let form = Form::new()
        .field("upload_id", upload)
        .field("etags", &etags.join(","));
    line.urlencoded("/upload/api_complete_multipart_upload", &form)
}

fn link(line: &mut Line, form: Form, info: &str) -> String {
    line.urlencoded(
        "/upload/api_link_file",
        &form.field("upload_link_info", info),
    )
}

fn download(line: &mut Line, sandbox: &Sandbox, id: u64) -> Vec<u8> {
    let redirect = line.get(&format!("/file_serve/attachment/{id}"));
    let location = header(&redirect.head, "location").unwrap();
    line.get(location.strip_prefix(&sandbox.url()).unwrap())
        .body
}

fn info(sandbox: &Sandbox) -> Json {
    let answer = Line::open(sandbox).post("{\"method_name\":\"info\",\"params\":[]}");
    serde_json::from_slice(&answer.unwrap().body).unwrap()
}

#[test]
fn a_site_takes_direct_uploads_only_when_it_says_so() {
    let (classic, direct) = (small(), direct());
    assert_eq!(info(&classic)["s3_direct_uploads_enabled"], false);
    assert_eq!(info(&direct)["s3_direct_uploads_enabled"], true);
    assert_eq!(
        info(&direct)["s3_enabled_upload_types"],
        json!({"*": ["*"]})
    );
    let form = Form::new()
        .field("upload_type", "Attachment")
        .field("filename", "a.mov");
    let answer = Line::open(&classic).urlencoded("/upload/api_get_upload_link_info", &form);
    assert_eq!(answer, "0\nThis site takes no direct uploads.\n");
}

#[test]
fn a_short_file_takes_three_steps() {
    let sandbox = direct();
    let mut line = Line::open(&sandbox);
    let (info, lines) = begin(&mut line, "Attachment", "../a.mov");
    let etag = put(&mut line, &sandbox, &lines[1], b"a movie");
    assert!(etag.starts_with('"') && etag.ends_with('"'), "{etag}");
    let form = Form::about("Version", 1)
        .field("field_name", "sg_uploaded_movie")
        .field("display_name", "A");
    let id = attachment(&link(&mut line, form.clone(), &info));
    let value = line.value("Version", 1, "sg_uploaded_movie");
    assert_eq!((&value["id"], &value["name"]), (&json!(id), &json!("A")));
    assert_eq!(value["content_type"], "video/quicktime");
    assert_eq!(line.value("Attachment", id, "filename"), "a.mov");
    assert_eq!(download(&mut line, &sandbox, id), b"a movie");
    let attachment_count = |line: &mut Line| {
        let all = line.call("read", &read("Attachment", &[], 500));
        all["entities"].as_array().unwrap().len()
    };
    let before = attachment_count(&mut line);
    assert_eq!(
        attachment(&link(&mut line, form, &info)),
        id,
        "it was sent again"
    );
    let elsewhere = link(&mut line, Form::about("Version", 2), &info);
    assert!(
        elsewhere.contains("has been linked elsewhere"),
        "{elsewhere}"
    );
    assert_eq!(attachment_count(&mut line), before);
}

#[test]
fn parts_are_put_together_in_the_order_of_their_numbers() {
    let sandbox = direct();
    let mut line = Line::open(&sandbox);
    let (info, lines) = begin(&mut line, "Attachment", "long.mov");
    let upload = &lines[4];
    let contents = [vec![1; 1_500_000], vec![2; 1_500_000], vec![3; 7]];
    let mut etags = vec![String::new(); 3];
    for (at, content) in contents.iter().enumerate().rev() {
        let url = part(&mut line, upload, at as u32 + 1);
        etags[at] = put(&mut line, &sandbox, &url, content);
    }
    let early = link(&mut line, Form::about("Shot", 1), &info);
    assert!(early.starts_with("0\nNothing has been put"), "{early}");
    let mut wrong = etags.clone();
    wrong.swap(0, 1);
    assert!(complete(&mut line, upload, &wrong).starts_with('0'));
    assert!(complete(&mut line, upload, &etags[..2]).starts_with('0'));
    assert!(complete(&mut line, upload, &etags).starts_with('1'));
    let id = attachment(&link(&mut line, Form::about("Shot", 1), &info));
    assert!(download(&mut line, &sandbox, id) == contents.concat());
}

#[test]
fn a_thumbnail_may_go_this_way_too() {
    let sandbox = direct();
    let mut line = Line::open(&sandbox);
    let (info, lines) = begin(&mut line, "Thumbnail", "a.png");
    put(&mut line, &sandbox, &lines[1], PNG);
    attachment(&link(
        &mut line,
        Form::about("Shot", 1).field("filmstrip", "True"),
        &info,
    ));
    let strip = line.value("Shot", 1, "filmstrip_image");
    assert!(strip.as_str().unwrap().contains("/transient/"), "{strip}");
}

#[test]
fn what_is_put_nowhere_is_refused_as_storage_does() {
    let sandbox = direct();
    let mut line = Line::open(&sandbox);
    let answer = line.body("PUT", "/storage/guessed", "text/plain", b"a");
    assert_eq!(answer.status, 403);
    assert!(
        answer.text().contains("<Code>AccessDenied</Code>"),
        "{}",
        answer.text()
    );
    for (name, form) in [
        (
            "api_get_upload_link_info",
            Form::new()
                .field("upload_type", "Nope")
                .field("filename", "a"),
        ),
        (
            "api_get_upload_link_info",
            Form::new().field("upload_type", "Attachment"),
        ),
        (
            "api_get_upload_link_for_part",
            Form::new()
                .field("upload_id", "x")
                .field("part_number", "1"),
        ),
        (
            "api_complete_multipart_upload",
            Form::new().field("upload_id", "x").field("etags", "\"a\""),
        ),
        (
            "api_link_file",
            Form::about("Shot", 1).field("upload_link_info", "1\nu\nt\nAttachment\nx\n"),
        ),
        (
            "api_link_file",
            Form::about("Shot", 1).field("upload_link_info", ""),
        ),
        (
            "api_get_upload_link_info",
            Form::anonymous().field("upload_type", "Attachment"),
        ),
        ("api_nope", Form::new()),
    ] {
        let answer = line.urlencoded(&format!("/upload/{name}"), &form);
        assert!(
            answer.starts_with("0\n") && answer.len() > 10,
            "{name}: {answer}"
        );
    }
    let (_, lines) = begin(&mut line, "Attachment", "a.mov");
    for number in ["0", "10001", "-1", "x"] {
        let form = Form::new()
            .field("upload_id", &lines[4])
            .field("part_number", number);
        let answer = line.urlencoded("/upload/api_get_upload_link_for_part", &form);
        assert!(answer.starts_with("0\n"), "{number}: {answer}");
    }
}

#[test]
fn a_link_that_is_refused_leaves_the_bytes_for_the_next_try() {
    let sandbox = direct();
    let mut line = Line::open(&sandbox);
    let (info, lines) = begin(&mut line, "Attachment", "a.mov");
    put(&mut line, &sandbox, &lines[1], b"a movie");
    let refused = link(&mut line, Form::about("Shot", 9999), &info);
    assert!(refused.starts_with("0\n"), "{refused}");
    let id = attachment(&link(&mut line, Form::about("Shot", 1), &info));
    assert_eq!(download(&mut line, &sandbox, id), b"a movie");
}

#[test]
fn what_is_asked_again_after_a_lost_answer_is_answered_the_same() {
    let sandbox = direct();
    let mut line = Line::open(&sandbox);
    let (info, lines) = begin(&mut line, "Attachment", "long.mov");
    let upload = &lines[4];
    let urls = [1, 2].map(|number| part(&mut line, upload, number));
    assert_eq!(
        part(&mut line, upload, 1),
        urls[0],
        "each part has one place"
    );
    let etags = [0, 1].map(|at: usize| put(&mut line, &sandbox, &urls[at], &[at as u8; 10]));
    for _ in 0..2 {
        assert_eq!(complete(&mut line, upload, &etags), "1\n");
    }
    let others = complete(&mut line, upload, &etags[..1]);
    assert!(others.starts_with("0\n"), "{others}");
    let first = link(&mut line, Form::about("Shot", 1), &info);
    assert_eq!(link(&mut line, Form::about("Shot", 1), &info), first);
    assert_eq!(
        download(&mut line, &sandbox, attachment(&first)),
        [[0; 10], [1; 10]].concat()
    );
}

#[test]
fn long_bodies_are_read_only_where_a_file_has_a_place() {
    let sandbox = direct();
    let mut line = Line::open(&sandbox);
    let (_, lines) = begin(&mut line, "Attachment", "long.mov");
    let open = lines[1].strip_prefix(&sandbox.url()).unwrap();
    for (request, headers, expected) in [
        (format!("PUT {open}"), "", "HTTP/1.1 100 "),
        ("POST /upload/upload_file".to_owned(), "", "HTTP/1.1 100 "),
        ("PUT /storage/guessed".to_owned(), "", "HTTP/1.1 413 "),
        ("POST /upload/nope".to_owned(), "", "HTTP/1.1 413 "),
        ("POST /upload/api_link_file".to_owned(), "", "HTTP/1.1 413 "),
        (
            format!("PUT {open}"),
            "Origin: https://evil.example\r\n",
            "HTTP/1.1 413 ",
        ),
    ] {
        let mut line = Line::open(&sandbox);
        line.send(
            format!("{request} HTTP/1.1\r\n{headers}Expect: 100-continue\r\nContent-Length: 100000000\r\n\r\n")
                .as_bytes(),
        );
        let mut said = vec![0; expected.len()];
        line.0.read_exact(&mut said).unwrap();
        assert_eq!(String::from_utf8_lossy(&said), expected, "{request}");
    }
}
