//! Files that come down: whole or not at all, with a session that may expire, and in as many attempts as other reads.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use callboard::shotgun::{Attachment, Client, EntityId, Error, Remedy, Value};
use serde_json::json;

use super::server::{Ear, Request, Server, Then, answer, builder, ok};

const MOVIE: &str = "moving pictures";

/// Hands out session tokens `tok-0`, `tok-1`, … and leaves the rest to `serve`.
fn site(
    serve: impl Fn(usize, &Request, &mut std::net::TcpStream) -> Then + Send + Sync + 'static,
) -> Server {
    let (tokens, downloads) = (AtomicUsize::new(0), AtomicUsize::new(0));
    Server::start(move |_, request, stream| {
        if request.calls("get_session_token") {
            let number = tokens.fetch_add(1, Ordering::SeqCst);
            let token = format!(r#"{{"results": {{"session_id": "tok-{number}"}}}}"#);
            stream.write_all(&ok(&token)).unwrap();
            return Then::Keep;
        }
        serve(downloads.fetch_add(1, Ordering::SeqCst), request, stream)
    })
}

/// A site that hands out the movie, at once.
fn generous() -> Server {
    site(|_, _, stream| {
        stream
            .write_all(&answer("200 OK", "video/quicktime", MOVIE))
            .unwrap();
        Then::Keep
    })
}

fn downloads(server: &Server) -> Vec<Request> {
    let requests = server.requests.lock();
    let downloads = requests.iter().filter(|it| it.line().starts_with("GET"));
    downloads.cloned().collect()
}

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| name(entry).into_string().unwrap())
        .collect()
}

/// Downloads attachment 77 over an older file, which must be the only one there before and after.
fn over_an_older_file(client: &Client) -> (Result<u64, Error>, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mov");
    fs::write(&path, "older").unwrap();
    let outcome = client.download_attachment(77, &path);
    assert_eq!(names(folder.path()), ["a.mov"]);
    (outcome, fs::read_to_string(&path).unwrap())
}

#[test]
fn an_attachment_is_fetched_however_it_is_named() {
    let server = generous();
    let address = format!("{}/file_serve/attachment/77", server.url());
    let value: Value = serde_json::from_value(json!({"type": "Attachment", "id": 77, "name": "a.mov", "link_type": "upload", "url": address})).unwrap();
    for attachment in [
        Attachment::from(77),
        EntityId(77).into(),
        (&value).into(),
        address.as_str().into(),
        "/file_serve/attachment/77".into(),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.mov");
        let received = server.client().download_attachment(attachment, &path);
        assert_eq!(received.unwrap(), MOVIE.len() as u64);
        assert_eq!(fs::read_to_string(&path).unwrap(), MOVIE);
        assert_eq!(names(folder.path()), ["a.mov"]);
    }
    for download in downloads(&server) {
        assert_eq!(download.line(), "GET /file_serve/attachment/77");
        assert_eq!(download.header("accept-encoding"), Some("identity"));
    }
}

#[test]
fn what_cannot_be_fetched_is_said_before_anything_is_asked() {
    let server = generous();
    let folder = tempfile::tempdir().unwrap();
    let local: Value = serde_json::from_value(json!({"type": "Attachment", "id": 79, "name": "a.exr", "link_type": "local", "local_path": "/mnt/p/a.exr"})).unwrap();
    let download = |attachment: &Value, path: &Path| {
        let error = server.client().download_attachment(attachment, path);
        error.unwrap_err()
    };
    let path = folder.path().join("a.exr");
    let error = download(&local, &path);
    assert!(error.headline().starts_with("/mnt/p/a.exr: "), "{error}");
    let error = download(&Value::Null, &path);
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    let nowhere = folder.path().join("none/a.exr");
    let error = download(&Value::Int(77), &nowhere);
    let start = nowhere.display().to_string();
    assert!(error.headline().starts_with(&start), "{error}");
    assert_eq!(error.remedy(), Remedy::CheckFile);
    assert!(server.requests.lock().is_empty() && names(folder.path()).is_empty());
}

#[test]
fn a_download_that_breaks_off_leaves_what_was_there() {
    for (answer, then) in [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nmoving",
            Then::Close,
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nmoving\r\n",
            Then::Close,
        ),
        (
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            Then::Keep,
        ),
        ("", Then::Close),
    ] {
        let server = site(move |_, _, stream| {
            stream.write_all(answer.as_bytes()).unwrap();
            then
        });
        let (outcome, content) = over_an_older_file(&server.client());
        assert!(outcome.is_err(), "{answer}");
        assert_eq!(content, "older");
        if answer.contains("Length: 100") {
            let error = outcome.unwrap_err();
            assert_eq!(error.headline(), "The answer was cut off after 6 bytes");
        }
    }
}

#[test]
fn a_download_that_breaks_off_begins_anew() {
    let server = site(|number, _, stream| {
        let (bytes, then): (Vec<u8>, _) = match number {
            0 => (
                b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\na longer beginning than the whole"
                    .to_vec(),
                Then::Close,
            ),
            1 => (answer("503 Busy\r\nRetry-After: 0", "", ""), Then::Keep),
            _ => (answer("200 OK", "video/quicktime", MOVIE), Then::Keep),
        };
        stream.write_all(&bytes).unwrap();
        then
    });
    let ear = Arc::new(Ear::default());
    let builder = server.builder().retries(2).observer(Arc::clone(&ear) as _);
    let (outcome, content) = over_an_older_file(&builder.build().unwrap());
    assert_eq!((outcome.unwrap(), &*content), (15, MOVIE));
    let exchanges = ear.exchanges.lock();
    let attempts: Vec<_> = exchanges[1..].iter().map(|it| it.attempt).collect();
    assert_eq!(attempts, [1, 2, 3]);
    assert_eq!(exchanges[1].bytes.received, 33);
}

#[test]
fn what_does_not_pass_is_not_fetched_again() {
    for status in ["404 Not Found", "409 Conflict", "410 Gone", "500 Oops"] {
        let server = site(move |_, _, stream| {
            stream.write_all(&answer(status, "", "")).unwrap();
            Then::Keep
        });
        let client = server.builder().retries(2).build().unwrap();
        over_an_older_file(&client).0.unwrap_err();
        assert_eq!(downloads(&server).len(), 1, "{status}");
    }
}

#[test]
fn a_session_that_expired_is_renewed_once_and_remembered() {
    for expired in [
        answer("401 Unauthorized", "", ""),
        answer("403 Forbidden", "", ""),
        answer("302 Found\r\nLocation: /user/login?back=%2Fx", "", ""),
    ] {
        let server = site(move |_, request, stream| {
            let bytes = match request.header("cookie") {
                Some("_session_id=tok-1") => answer("200 OK", "", MOVIE),
                _ => expired.clone(),
            };
            stream.write_all(&bytes).unwrap();
            Then::Keep
        });
        let client = server.client();
        for _ in 0..2 {
            let (outcome, content) = over_an_older_file(&client);
            outcome.unwrap();
            assert_eq!(content, MOVIE);
        }
        let cookies: Vec<_> = downloads(&server)
            .iter()
            .map(|it| it.header("cookie").unwrap().to_owned())
            .collect();
        assert_eq!(
            cookies,
            [0, 1, 1].map(|number| format!("_session_id=tok-{number}"))
        );
    }
}

#[test]
fn a_session_that_is_refused_twice_or_cannot_be_renewed_ends_the_download() {
    let log_in = || {
        site(|_, _, stream| {
            let bytes = answer("302 Found\r\nLocation: /user/login", "", "");
            stream.write_all(&bytes).unwrap();
            Then::Keep
        })
    };
    let server = log_in();
    let (outcome, _) = over_an_older_file(&server.client());
    let error = outcome.unwrap_err();
    assert_eq!(
        error.headline(),
        "The site does not let us in: it asks to log in before it hands out the file"
    );
    assert_eq!(downloads(&server).len(), 2);
    let server = log_in();
    let builder = server.builder().session_token("g1ven");
    let (outcome, _) = over_an_older_file(&builder.build().unwrap());
    assert_eq!(outcome.unwrap_err().remedy(), Remedy::LogIn);
    assert_eq!(downloads(&server).len(), 1);
    assert_eq!(server.requests.lock().len(), 1);
}

#[test]
fn another_server_that_refuses_does_not_cost_the_session() {
    let storage = Server::saying(answer("403 Forbidden", "", ""), Then::Keep);
    let elsewhere = format!("302 Found\r\nLocation: {}/a.mov", storage.url());
    let server = site(move |_, _, stream| {
        stream.write_all(&answer(&elsewhere, "", "")).unwrap();
        Then::Keep
    });
    let client = server.client();
    for _ in 0..2 {
        let (outcome, _) = over_an_older_file(&client);
        assert!(matches!(outcome, Err(Error::Forbidden { .. })));
    }
    let requests = server.requests.lock();
    let tokens = requests.iter().filter(|it| it.calls("get_session_token"));
    assert_eq!((tokens.count(), storage.requests.lock().len()), (1, 2));
}

#[test]
fn people_see_that_there_was_a_file_and_nothing_of_it() {
    let server = site(|_, _, stream| {
        stream
            .write_all(&answer("200 OK", "text/plain", "confidential"))
            .unwrap();
        Then::Keep
    });
    let ear = Arc::new(Ear::default());
    let builder = server.builder().observer(Arc::clone(&ear) as _);
    let client = builder.build().unwrap();
    over_an_older_file(&client).0.unwrap();
    client.download("/x.txt?sig=hush", 100).unwrap();
    let exchanges = ear.exchanges.lock();
    for exchange in &exchanges[1..] {
        assert_eq!(&*exchange.response.body, "[file, 12 bytes]");
        assert_eq!(exchange.bytes.received, 12);
    }
    let shown = format!("{exchanges:?}");
    assert!(!shown.contains("confidential") && !shown.contains("hush"));
    let first = &exchanges[1].request.head[0].1;
    let address = format!("GET {}/file_serve/attachment/77", server.url());
    assert_eq!(**first, address);
}

#[test]
fn a_deadline_spares_files() {
    let server = site(|_, _, stream| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n")
            .unwrap();
        super::server::drip(stream, MOVIE.as_bytes()).unwrap();
        Then::Keep
    });
    // Elsewhere, so that there is no token to be asked for.
    let elsewhere = builder("http://127.0.0.1:1")
        .deadline(std::time::Duration::from_millis(1))
        .build()
        .unwrap();
    let bytes = elsewhere.download(&format!("{}/a.mov", server.url()), 100);
    assert_eq!(bytes.unwrap(), MOVIE.as_bytes());
}
