//! Uploads through the site: what goes over the wire, what is answered, and what people see of it.

use std::io::Write as _;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use callboard::shotgun::{Client, Credentials, EntityId, Error, Remedy, Upload};
use tempfile::TempDir;

use super::server::{Ear, Request, Server, Then, answer, builder, ok};

pub const PLAIN: &str = r#"{"version": [8, 89, 0], "s3_direct_uploads_enabled": false}"#;
pub const KEY: &str = "k3y-of-the-robot";

/// A site that says this of itself; all that is not an API call goes to `serve`.
pub fn site(
    info: &'static str,
    serve: impl Fn(&Request, &mut TcpStream) -> Then + Send + Sync + 'static,
) -> Server {
    Server::start(move |_, request, stream| {
        if request.calls("info") {
            stream.write_all(&ok(info)).unwrap();
            return Then::Keep;
        }
        serve(request, stream)
    })
}

/// A site of one route only, which answers each form with the same text.
fn saying(text: &'static str) -> Server {
    site(PLAIN, |_, stream| {
        // As sites do, whatever it is.
        stream
            .write_all(&answer("200 OK", "text/html; charset=utf-8", text))
            .unwrap();
        Then::Keep
    })
}

/// A folder of its own with one file in it.
pub fn file(name: &str, content: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

fn movie(path: &Path) -> Upload {
    Upload::new("Version", 5, path).field("sg_uploaded_movie")
}

/// The requests that are not API calls.
pub fn forms(server: &Server) -> Vec<Request> {
    let requests = server.requests.lock();
    let forms = requests.iter().filter(|it| !it.calls("info"));
    forms.cloned().collect()
}

fn only_form(server: &Server) -> Request {
    let mut forms = forms(server);
    assert_eq!(forms.len(), 1, "{forms:?}");
    forms.remove(0)
}

/// A multipart body of these fields and this file, byte by byte.
fn multipart(request: &Request, fields: &[(&str, &str)], file: [&str; 4]) -> String {
    let boundary = request.header("content-type").unwrap();
    let boundary = boundary
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let field = |(name, value): &(&str, &str)| {
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    };
    let fields: String = fields.iter().map(field).collect();
    let [name, file_name, media_type, content] = file;
    let length = content.len();
    fields
        + &format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\r\n{content}\r\n--{boundary}--\r\n\r\n"
        )
}

#[test]
fn an_attachment_goes_up_in_one_form_in_the_order_of_the_protocol() {
    let server = saying("1:7701\nwhatever");
    let (_folder, path) = file("a b.mov", b"moving");
    let upload = movie(&path)
        .display_name("SH010 ä")
        .tag_list(&["one", "two"])
        .created_at("2026-01-02T03:04:05Z".parse().unwrap());
    assert_eq!(server.client().upload(&upload).unwrap(), EntityId(7701));
    let form = only_form(&server);
    assert_eq!(form.line(), "POST /upload/upload_file");
    let fields = [
        ("entity_type", "Version"),
        ("entity_id", "5"),
        ("script_name", "robot"),
        ("script_key", KEY),
        ("field_name", "sg_uploaded_movie"),
        ("display_name", "SH010 ä"),
        ("tag_list", "one,two"),
        ("created_at", "2026-01-02T03:04:05+00:00"),
    ];
    let file = ["file", "a b.mov", "video/quicktime", "moving"];
    assert_eq!(form.body, multipart(&form, &fields, file));
    assert_eq!(
        form.header("content-length").unwrap(),
        form.bytes.len().to_string()
    );
}

#[test]
fn what_is_not_said_is_left_out() {
    let server = saying("1:7701\n");
    let (_folder, path) = file("notes", b"x");
    let upload = Upload::new("Shot", 9, &path);
    server.client().upload(&upload).unwrap();
    let form = only_form(&server);
    let fields = [
        ("entity_type", "Shot"),
        ("entity_id", "9"),
        ("script_name", "robot"),
        ("script_key", KEY),
        ("display_name", "notes"),
    ];
    let file = ["file", "notes", "application/octet-stream", "x"];
    assert_eq!(form.body, multipart(&form, &fields, file));
}

type Way = fn(&Client, &Path) -> Result<EntityId, Error>;

#[test]
fn thumbnails_have_a_form_of_their_own() {
    let (_folder, path) = file("a.png", b"pixels");
    let who = [("script_name", "robot"), ("script_key", KEY)];
    let plain: Way = |client, path| client.upload_thumbnail("Shot", 9, path);
    let strip: Way = |client, path| client.upload_filmstrip_thumbnail("Shot", 9, path);
    let image: Way = |client, path| client.upload(&Upload::new("Shot", 9, path).field("image"));
    for (send, filmstrip) in [
        (plain, None),
        (strip, Some(("filmstrip", "True"))),
        (image, None),
    ] {
        let server = saying("1:1\n");
        send(&server.client(), &path).unwrap();
        let form = only_form(&server);
        assert_eq!(form.line(), "POST /upload/publish_thumbnail");
        let mut fields = vec![("entity_type", "Shot"), ("entity_id", "9")];
        fields.extend(who);
        fields.extend(filmstrip);
        let file = ["thumb_image", "a.png", "image/png", "pixels"];
        assert_eq!(form.body, multipart(&form, &fields, file));
    }
}

#[test]
fn whoever_asks_says_so_in_the_form_in_their_own_way() {
    let (_folder, path) = file("a.mov", b"moving");
    for (credentials, fields) in [
        (
            Credentials::login("ann", "pass"),
            [("user_login", "ann"), ("user_password", "pass")],
        ),
        (
            Credentials::session("tok3n"),
            [("session_token", "tok3n"), ("reject_if_expired", "True")],
        ),
    ] {
        let server = saying("1:7701\n");
        let client = server.builder().credentials(credentials).build().unwrap();
        client.upload(&movie(&path)).unwrap();
        let form = only_form(&server);
        for (name, value) in fields {
            assert!(
                form.body
                    .contains(&format!("name=\"{name}\"\r\n\r\n{value}\r\n"))
            );
        }
    }
    let server = saying("1:7701\n");
    let nobody = Client::builder(&server.url()).proxy(None).build().unwrap();
    let error = nobody.upload(&movie(&path)).unwrap_err();
    assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
    assert!(forms(&server).is_empty());
}

#[test]
fn info_is_asked_once_and_forms_go_to_the_root() {
    let server = saying("1:7701\n");
    let url = format!("{}/sub/", server.url()).replace("http://", "http://ann:b4sic@");
    let client = builder(&url).build().unwrap();
    let (_folder, path) = file("a.mov", b"moving");
    for _ in 0..2 {
        client.upload(&movie(&path)).unwrap();
    }
    let lines: Vec<_> = server
        .requests
        .lock()
        .iter()
        .map(|request| request.line().to_owned())
        .collect();
    assert_eq!(
        lines,
        [
            "POST /sub/api3/json",
            "POST /upload/upload_file",
            "POST /upload/upload_file"
        ]
    );
    let form = &forms(&server)[0];
    assert!(form.header("authorization").unwrap().starts_with("Basic "));
}

#[test]
fn a_file_that_cannot_be_sent_is_named_before_anything_is_asked() {
    let server = saying("1:7701\n");
    let (folder, empty) = file("empty.mov", b"");
    let missing = folder.path().join("missing.mov");
    for (path, reason) in [
        (&empty, "the file is empty"),
        (&missing, "No such file or directory"),
        (&folder.path().to_owned(), "it is not a file"),
    ] {
        let error = server.client().upload(&movie(path)).unwrap_err();
        let start = format!("{}: {reason}", path.display());
        assert!(error.headline().starts_with(&start), "{error}");
        assert_eq!(error.remedy(), Remedy::CheckFile);
    }
    assert!(server.requests.lock().is_empty());
}

#[test]
fn the_site_refuses_in_its_own_words() {
    let (_folder, path) = file("a.mov", b"moving");
    for (text, expected) in [
        (
            "0\nThe field does not exist",
            "The site refused the request: The field does not exist",
        ),
        (
            "Can't do that",
            "The site refused the request: Can't do that",
        ),
    ] {
        let server = saying(text);
        let error = server.client().upload(&movie(&path)).unwrap_err();
        assert_eq!(error.headline(), expected);
    }
}

#[test]
fn a_form_that_went_out_is_never_sent_again_and_its_outcome_is_unknown() {
    let (_folder, path) = file("a.mov", b"moving");
    let unknown = "Whether `upload` was done is unknown: ";
    for (answer, then, reason) in [
        (
            answer("200 OK", "text/html", "<html>"),
            Then::Keep,
            "127.0.0.1",
        ),
        (
            answer("200 OK", "text/plain", "1\n"),
            Then::Keep,
            "The answer makes no sense: it names no attachment",
        ),
        (
            answer("200 OK", "text/plain", ""),
            Then::Keep,
            "The answer makes no sense: it is empty",
        ),
        (
            answer("502 Bad Gateway", "text/html", ""),
            Then::Keep,
            "The server has trouble",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1:7".to_vec(),
            Then::Close,
            "The answer was cut off after 3 bytes",
        ),
        (Vec::new(), Then::Close, "127.0.0.1"),
    ] {
        let server = site(PLAIN, move |_, stream| {
            stream.write_all(&answer).unwrap();
            then
        });
        let client = server.builder().retries(2).build().unwrap();
        let error = client.upload(&movie(&path)).unwrap_err();
        let start = format!("{unknown}{reason}");
        assert!(error.headline().starts_with(&start), "{error}");
        assert_eq!(forms(&server).len(), 1);
    }
}

#[test]
fn a_refusal_by_status_says_that_nothing_was_done() {
    let (_folder, path) = file("a.mov", b"moving");
    let server = site(PLAIN, |_, stream| {
        let answer = answer("403 Forbidden", "text/plain", "API access is blocked");
        stream.write_all(&answer).unwrap();
        Then::Keep
    });
    let error = server.client().upload(&movie(&path)).unwrap_err();
    assert_eq!(error.headline(), "Access is denied: API access is blocked");
}

#[test]
fn people_see_the_form_without_the_file_and_without_secrets() {
    let server = saying("1:7701\n");
    let ear = Arc::new(Ear::default());
    let client = server
        .builder()
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    let (_folder, path) = file("a.mov", b"confidential");
    client.upload(&movie(&path)).unwrap();
    let exchanges = ear.exchanges.lock();
    let shown = &exchanges[1].request;
    assert_eq!(
        &*shown.head[0].1,
        format!("POST {}/upload/upload_file", server.url())
    );
    let body: serde_json::Value = serde_json::from_str(&shown.body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({"entity_type": "Version", "entity_id": "5", "script_name": "robot", "field_name": "sg_uploaded_movie", "display_name": "a.mov", "file": "[file, 12 bytes]"})
    );
    assert_eq!(&*exchanges[1].response.body, "1:7701\n");
    let everything = format!("{exchanges:?}");
    assert!(!everything.contains(KEY) && !everything.contains("confidential"));
    let calls: Vec<_> = ear
        .started
        .lock()
        .iter()
        .map(|it| it.method.to_string())
        .collect();
    assert_eq!(calls, ["info", "upload"]);
    assert_eq!(
        ear.started.lock()[1].entity_type.as_deref(),
        Some("Version")
    );
}
