//! Uploads into the storage of a site: the questions, the parts, and what happens when the storage has trouble.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use callboard::shotgun::{Client, EntityId, Error, Upload};

use super::server::{Ear, Request, Server, Then, answer};
use super::uploads::{KEY, file, forms, site};

const DIRECT: &str = r#"{"version": [8, 89, 0], "s3_direct_uploads_enabled": true, "s3_enabled_upload_types": {"Version": ["sg_uploaded_movie"], "*": ["this_file"]}}"#;
const PART: usize = 20_000_000;
const AUTH: &str = "script_name=robot&script_key=k3y-of-the-robot";

/// A storage, and a site that sends files there. `put` answers what is put, by its place in the order.
fn storage(
    put: impl Fn(usize, &Request, &mut TcpStream) -> Then + Send + Sync + 'static,
) -> (Server, Server) {
    let storage = Server::start(put);
    let place = storage.url();
    let site = site(DIRECT, move |request, stream| {
        let text = match request.line() {
            "POST /upload/api_get_upload_link_info" => {
                format!(
                    "1\n{place}/whole?X-Amz-Signature=hush\n2026-01-02T03:04:05\nAttachment\nid/1\nmore\n"
                )
            }
            "POST /upload/api_get_upload_link_for_part" => {
                let number = request.body.split("part_number=").nth(1).unwrap();
                let number = number.split('&').next().unwrap();
                format!("1\n{place}/part{number}?X-Amz-Signature=hush\n")
            }
            "POST /upload/api_complete_multipart_upload" => "1\n".into(),
            _ => "1:7701\n".into(),
        };
        stream
            .write_all(&answer("200 OK", "text/plain", &text))
            .unwrap();
        Then::Keep
    });
    (site, storage)
}

fn taken(number: usize, stream: &mut TcpStream) -> Then {
    let etag = format!("200 OK\r\nETag: \"etag-{number}\"");
    stream.write_all(&answer(&etag, "text/plain", "")).unwrap();
    Then::Keep
}

/// A storage that takes everything.
fn willing() -> (Server, Server) {
    storage(|number, _, stream| taken(number, stream))
}

/// As many bytes, no two neighboring parts of which are the same.
fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at / 1000 % 251) as u8).collect()
}

fn upload(client: &Client, content: &[u8]) -> Result<EntityId, Error> {
    let (_folder, path) = file("a.mov", content);
    client.upload(&Upload::new("Version", 5, path).field("sg_uploaded_movie"))
}

fn lines(requests: &[Request]) -> Vec<&str> {
    requests.iter().map(Request::line).collect()
}

/// The text of the first answer, as it comes back in the last form.
fn link_info(storage: &Server) -> String {
    let port = storage.port;
    format!(
        "upload_link_info=1%0Ahttp%3A%2F%2F127.0.0.1%3A{port}%2Fwhole%3FX-Amz-Signature%3Dhush%0A2026-01-02T03%3A04%3A05%0AAttachment%0Aid%2F1%0Amore%0A"
    )
}

#[test]
fn a_small_file_goes_to_the_storage_in_one_piece() {
    let (site, storage) = willing();
    let (_folder, path) = file("a.mov", b"moving");
    let upload = Upload::new("Version", 5, path)
        .field("sg_uploaded_movie")
        .tag_list(&["x"])
        .created_at("2026-01-02T03:04:05Z".parse().unwrap());
    assert_eq!(site.client().upload(&upload).unwrap(), EntityId(7701));
    let forms = forms(&site);
    assert_eq!(
        lines(&forms),
        [
            "POST /upload/api_get_upload_link_info",
            "POST /upload/api_link_file"
        ]
    );
    assert_eq!(
        forms[0].body,
        format!(
            "upload_type=Attachment&filename=a.mov&multipart_upload=False&created_at=2026-01-02T03%3A04%3A05%2B00%3A00&{AUTH}"
        )
    );
    let link_info = link_info(&storage);
    assert_eq!(
        forms[1].body,
        format!(
            "entity_type=Version&entity_id=5&{link_info}&{AUTH}&field_name=sg_uploaded_movie&display_name=a.mov&tag_list=x&created_at=2026-01-02+03%3A04%3A05%2B00%3A00"
        )
    );
    assert!(
        forms
            .iter()
            .all(|form| form.header("content-type") == Some("application/x-www-form-urlencoded"))
    );
    let put = storage.requests.lock()[0].clone();
    assert_eq!(put.line(), "PUT /whole?X-Amz-Signature=hush");
    assert_eq!(
        (put.header("content-type"), put.header("content-length")),
        (Some("video/quicktime"), Some("6"))
    );
    assert_eq!(put.body, "moving");
}

#[test]
fn a_large_file_goes_in_parts_which_are_put_together_in_order() {
    let (site, storage) = willing();
    let content = content(2 * PART + 7);
    assert_eq!(upload(&site.client(), &content).unwrap(), EntityId(7701));
    let forms = forms(&site);
    let for_part = "POST /upload/api_get_upload_link_for_part";
    assert_eq!(
        lines(&forms),
        [
            "POST /upload/api_get_upload_link_info",
            for_part,
            for_part,
            for_part,
            "POST /upload/api_complete_multipart_upload",
            "POST /upload/api_link_file"
        ]
    );
    assert!(forms[0].body.contains("&multipart_upload=True&"));
    let about =
        "upload_type=Attachment&filename=a.mov&timestamp=2026-01-02T03%3A04%3A05&upload_id=id%2F1";
    for (number, form) in (1..).zip(&forms[1..4]) {
        assert_eq!(form.body, format!("{about}&part_number={number}&{AUTH}"));
    }
    assert_eq!(
        forms[4].body,
        format!("{about}&etags=%22etag-0%22%2C%22etag-1%22%2C%22etag-2%22&{AUTH}")
    );
    let puts = storage.requests.lock();
    assert_eq!(
        lines(&puts),
        [1, 2, 3].map(|part| format!("PUT /part{part}?X-Amz-Signature=hush"))
    );
    let put: Vec<u8> = puts.iter().flat_map(|put| put.bytes.clone()).collect();
    assert!(put == content, "the parts are not the file");
}

#[test]
fn twenty_million_bytes_are_one_piece_and_one_more_is_two() {
    for (length, puts) in [(PART, 1), (PART + 1, 2)] {
        let (site, storage) = willing();
        upload(&site.client(), &content(length)).unwrap();
        assert_eq!(storage.requests.lock().len(), puts);
    }
}

#[test]
fn a_thumbnail_is_linked_without_a_name() {
    let (site, storage) = willing();
    let (_folder, path) = file("a.png", b"pixels");
    for field in ["this_file", "image", "filmstrip_image"] {
        let upload = Upload::new("Shot", 9, &path).field(field);
        site.client().upload(&upload).unwrap();
    }
    let all = forms(&site);
    assert_eq!(
        lines(&all[2..]),
        ["POST /upload/publish_thumbnail"; 2],
        "only what the site names goes to the storage"
    );
    let (site, again) = direct_for_all();
    for field in ["thumb_image", "filmstrip_thumb_image"] {
        let upload = Upload::new("Shot", 9, &path).field(field);
        site.client().upload(&upload).unwrap();
    }
    let forms = forms(&site);
    assert!(
        forms[0]
            .body
            .starts_with("upload_type=Thumbnail&filename=a.png&")
    );
    assert!(forms[1].body.ends_with(AUTH), "{}", forms[1].body);
    assert!(forms[3].body.ends_with(&format!("{AUTH}&filmstrip=True")));
    assert_eq!(
        (storage.requests.lock().len(), again.requests.lock().len()),
        (1, 2)
    );
}

/// A storage that takes all files of a site.
fn direct_for_all() -> (Server, Server) {
    let storage = Server::start(|number, _, stream| taken(number, stream));
    let place = storage.url();
    let info = r#"{"version": [8], "s3_direct_uploads_enabled": true, "s3_enabled_upload_types": {"*": "*"}}"#;
    let site = site(info, move |request, stream| {
        let text = if request.line().ends_with("link_info") {
            format!("1\n{place}/x\nT\nThumbnail\n\n")
        } else {
            "1:7701\n".into()
        };
        stream
            .write_all(&answer("200 OK", "text/plain", &text))
            .unwrap();
        Then::Keep
    });
    (site, storage)
}

#[test]
fn a_storage_that_has_trouble_is_tried_three_times_from_the_disk() {
    for (trouble, then) in [
        (
            answer("500 Oops\r\nRetry-After: 0", "text/xml", ""),
            Then::Keep,
        ),
        (
            answer("503 Slow Down\r\nRetry-After: 0", "text/xml", ""),
            Then::Keep,
        ),
        (Vec::new(), Then::Close),
    ] {
        let (site, storage) = storage(move |number, _, stream| {
            if number < 2 {
                stream.write_all(&trouble).unwrap();
                return then;
            }
            taken(number, stream)
        });
        let ear = Arc::new(Ear::default());
        let builder = site.builder().retries(2).observer(Arc::clone(&ear) as _);
        upload(&builder.build().unwrap(), b"moving").unwrap();
        let puts = storage.requests.lock();
        assert_eq!(puts.len(), 3);
        assert!(puts.iter().all(|put| put.body == "moving"));
        let attempts: Vec<_> = ear.exchanges.lock().iter().map(|it| it.attempt).collect();
        assert_eq!(attempts, [1, 1, 1, 2, 3, 1]);
    }
}

#[test]
fn a_storage_that_keeps_having_trouble_or_refuses_ends_the_upload() {
    const DENIED: &str =
        "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
    for (status, body, tries, expected) in [
        (
            "500 Oops\r\nRetry-After: 0",
            "",
            3,
            "The server has trouble of its own: HTTP 500 (internal error)",
        ),
        (
            "403 Forbidden",
            DENIED,
            1,
            "Access is denied: Request has expired",
        ),
        ("301 Moved", "", 1, "The site refused the request: HTTP 301"),
    ] {
        let (site, storage) = storage(move |_, _, stream| {
            stream
                .write_all(&answer(status, "application/xml", body))
                .unwrap();
            Then::Keep
        });
        let client = site.builder().retries(2).build().unwrap();
        let error = upload(&client, b"moving").unwrap_err();
        assert_eq!(error.headline(), expected);
        assert_eq!(storage.requests.lock().len(), tries);
        assert_eq!(forms(&site).len(), 1, "nothing was linked");
    }
}

#[test]
fn a_part_without_an_etag_ends_the_upload() {
    let (site, _storage) = storage(|_, _, stream| {
        stream.write_all(&answer("200 OK", "", "")).unwrap();
        Then::Keep
    });
    let error = upload(&site.client(), &content(PART + 1)).unwrap_err();
    assert_eq!(
        error.headline(),
        "The answer makes no sense: the storage gives no ETag for part 1"
    );
}

#[test]
fn questions_are_asked_again_and_the_link_is_not() {
    for (path, requests, is_unknown) in [
        ("/upload/api_get_upload_link_info", 3, false),
        ("/upload/api_link_file", 2, true),
    ] {
        let (inner, _storage) = willing();
        let (failures, target) = (AtomicUsize::new(0), inner.port);
        let site = site(DIRECT, move |request, stream| {
            if request.line().ends_with(path) && failures.fetch_add(1, Ordering::SeqCst) == 0 {
                let busy = answer("503 Busy\r\nRetry-After: 0", "text/html", "");
                stream.write_all(&busy).unwrap();
                return Then::Keep;
            }
            relay(request, target, stream);
            Then::Keep
        });
        let client = site.builder().retries(2).build().unwrap();
        let outcome = upload(&client, b"moving");
        assert_eq!(
            matches!(outcome, Err(Error::UnknownOutcome { .. })),
            is_unknown,
            "{outcome:?}"
        );
        assert_eq!(forms(&site).len(), requests, "{path}");
    }
}

/// Asks another server the same.
fn relay(request: &Request, port: u16, to: &mut TcpStream) {
    let mut from = TcpStream::connect(("127.0.0.1", port)).unwrap();
    from.write_all(request.head.as_bytes()).unwrap();
    from.write_all(&request.bytes).unwrap();
    from.shutdown(std::net::Shutdown::Write).unwrap();
    std::io::copy(&mut from, to).unwrap();
}

#[test]
fn the_storage_learns_nothing_of_who_we_are_and_people_nothing_of_the_signature() {
    let (site, storage) = willing();
    let ear = Arc::new(Ear::default());
    let url = site.url().replace("http://", "http://ann:b4sic@");
    let client = super::server::builder(&url)
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    upload(&client, &content(PART + 1)).unwrap();
    for put in &*storage.requests.lock() {
        for header in ["authorization", "cookie"] {
            assert_eq!(put.header(header), None);
        }
        assert!(!put.head.contains(KEY));
    }
    let exchanges = ear.exchanges.lock();
    let shown = format!("{exchanges:?}");
    assert!(!shown.contains("hush") && !shown.contains(KEY), "{shown}");
    let puts = exchanges
        .iter()
        .filter(|it| it.request.head[0].1.starts_with("PUT"));
    let bodies: Vec<_> = puts.map(|put| &*put.request.body).collect();
    assert_eq!(bodies, ["[file, 20000000 bytes]", "[file, 1 bytes]"]);
    assert_eq!(ear.started.lock().len(), 2, "info, and one upload");
}

#[test]
fn a_site_that_names_no_place_is_not_understood() {
    let site = site(DIRECT, |_, stream| {
        stream
            .write_all(&answer("200 OK", "text/plain", "1\nhttp://127.0.0.1:1/x\n"))
            .unwrap();
        Then::Keep
    });
    let error = upload(&site.client(), b"moving").unwrap_err();
    assert_eq!(
        error.headline(),
        "The answer makes no sense: it has 2 lines where an upload takes 5"
    );
}
