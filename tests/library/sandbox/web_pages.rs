//! Web pages in a browser on this machine: what they can send to the sandbox does nothing, and what they get runs nowhere.

use callboard::sandbox::{SCRIPT_KEY, SCRIPT_NAME, Sandbox};
use serde_json::json;

use super::form::{Form, PNG};
use super::{Answer, Line, header, small};

/// What a page can have a browser send without asking first.
fn create() -> String {
    let auth = json!({"script_name": SCRIPT_NAME, "script_key": SCRIPT_KEY});
    let fields = [json!({"field_name": "name", "value": "Forged"})];
    json!({"method_name": "create", "params": [auth, {"type": "Project", "fields": fields}]})
        .to_string()
}

fn send(sandbox: &Sandbox, request: &str, headers: &str, body: &str) -> Answer {
    let mut line = Line::open(sandbox);
    let length = body.len();
    line.send(
        format!("{request} HTTP/1.1\r\n{headers}Content-Length: {length}\r\n\r\n{body}").as_bytes(),
    );
    line.read().unwrap()
}

#[test]
fn pages_from_elsewhere_are_refused_wherever_they_ask() {
    let sandbox = small();
    for headers in [
        "Host: 127.0.0.1:8000\r\nOrigin: https://evil.example\r\n",
        "Host: 127.0.0.1:8000\r\nOrigin: null\r\n",
        "Host: 127.0.0.1:8000\r\nOrigin: http://127.0.0.1:9000\r\n",
        "Host: 127.0.0.1:8000\r\nOrigin: https://127.0.0.1:8000\r\n",
        "Host: 127.0.0.1:8000\r\nSec-Fetch-Site: cross-site\r\n",
        "Origin: https://evil.example\r\n",
        "Origin: http://\r\n",
        // A name that was made to point here.
        "Host: evil.example:8000\r\n",
        "Host: evil.example\r\nOrigin: http://evil.example\r\nSec-Fetch-Site: same-origin\r\n",
    ] {
        for request in [
            "POST /api3/json",
            "POST /upload/upload_file",
            "PUT /storage/guessed",
            "GET /thumbnail/Shot/1.png",
            "GET /file_serve/attachment/1",
            "GET /",
            "OPTIONS /api3/json",
        ] {
            let answer = send(&sandbox, request, headers, &create());
            assert_eq!(answer.status, 403, "{request} with {headers}");
            assert!(!answer.head.to_ascii_lowercase().contains("access-control"));
        }
    }
    assert_eq!(sandbox.request_count("create"), 0);
}

#[test]
fn programs_and_the_own_pages_are_answered() {
    let sandbox = small();
    for headers in [
        "",
        "Host: 127.0.0.1:8000\r\n",
        "Host: localhost\r\nSec-Fetch-Site: none\r\n",
        "Host: localhost:8000\r\nOrigin: http://localhost:8000\r\nSec-Fetch-Site: same-origin\r\n",
    ] {
        let answer = send(&sandbox, "GET /", headers, "");
        assert_eq!(answer.status, 200, "{headers}");
    }
}

/// What is uploaded as `name` of type `content_type`, as a browser gets it.
fn fetched(line: &mut Line, sandbox: &Sandbox, content_type: &str) -> Answer {
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"script_name\"\r\n\r\n{SCRIPT_NAME}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"script_key\"\r\n\r\n{SCRIPT_KEY}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"entity_type\"\r\n\r\nShot\r\n\
         --b\r\nContent-Disposition: form-data; name=\"entity_id\"\r\n\r\n1\r\n\
         --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\nContent-Type: {content_type}\r\n\r\n\
         <script>alert(1)</script>\r\n--b--\r\n"
    );
    let form = "multipart/form-data; boundary=b";
    let answer = line.body("POST", "/upload/upload_file", form, body.as_bytes());
    let id = super::form::attachment(&answer.text());
    let redirect = line.get(&format!("/file_serve/attachment/{id}"));
    let link = header(&redirect.head, "location").unwrap().to_owned();
    line.get(link.strip_prefix(&sandbox.url()).unwrap())
}

#[test]
fn what_was_uploaded_runs_in_no_browser() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    for (content_type, disposition) in [
        ("text/html", Some("attachment")),
        ("image/svg+xml", Some("attachment")),
        ("Image/SVG+xml", Some("attachment")),
        ("video/quicktime", Some("attachment")),
        ("image/png", None),
    ] {
        let answer = fetched(&mut line, &sandbox, content_type);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let said = |name| header(&answer.head, name);
        assert_eq!(said("x-content-type-options"), Some("nosniff"));
        assert_eq!(said("content-security-policy"), Some("sandbox"));
        assert_eq!(said("content-disposition"), disposition, "{content_type}");
    }
    line.upload(&Form::about("Shot", 1).file("thumb_image", "a.png", PNG));
    // The first look is at a picture that is not ready.
    line.value("Shot", 1, "image");
    let url = line.value("Shot", 1, "image");
    let path = url.as_str().unwrap().strip_prefix(&sandbox.url());
    let picture = line.get(path.unwrap());
    assert_eq!(picture.body, PNG);
    assert_eq!(
        header(&picture.head, "content-security-policy"),
        Some("sandbox")
    );
}
