//! Answers made to do harm: too much of them, packed wrongly, without end.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use callboard::shotgun::{Bytes, Error, Remedy, Timeouts};
use flate2::write::{GzEncoder, ZlibEncoder};
use flate2::{Compress, Compression, FlushCompress};
use serde_json::json;

use super::server::{Ear, ONE_SHOT, Server, Then, answer, builder, ok};

/// The most that a client of these tests takes.
const LIMIT: u64 = 100_000;

const JSON: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn packed(encoding: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("{JSON}Content-Encoding: {encoding}\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

/// A gigabyte of zeros in about a megabyte: a block of them over and over, which a packer need not see but once.
fn bomb() -> Vec<u8> {
    const BLOCK: usize = 1 << 20;
    let mut packer = Compress::new(Compression::best(), false);
    let mut block = Vec::with_capacity(BLOCK);
    packer
        .compress_vec(&vec![0; BLOCK], &mut block, FlushCompress::Full)
        .unwrap();
    assert_eq!(packer.total_in(), BLOCK as u64);
    let mut bomb = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    for _ in 0..1024 {
        bomb.extend(&block);
    }
    bomb
}

/// Asks `server`, and returns what came of it with what was read for it.
fn ask(server: &Server) -> (Error, Bytes) {
    let ear = Arc::new(Ear::default());
    let builder = server.builder().max_answer(LIMIT);
    let client = builder.observer(Arc::clone(&ear) as _).build().unwrap();
    let error = client.find("Shot", &[], &["code"]).unwrap_err();
    let exchanges = ear.exchanges.lock();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].phases.total(), exchanges[0].total);
    (error, exchanges[0].bytes)
}

/// Writes `piece` until nobody takes it any more.
fn flood(stream: &mut TcpStream, piece: &[u8]) {
    while stream.write_all(piece).is_ok() {}
}

#[test]
fn an_answer_without_bound_is_cut_at_the_limit_and_not_held() {
    let declared = format!("{JSON}Content-Length: {}\r\n\r\n", 2_u64 << 30);
    let chunked = format!("{JSON}Transfer-Encoding: chunked\r\n\r\n");
    let until_closed = format!("{JSON}Connection: close\r\n\r\n");
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let spaces = " ".repeat(0x10000);
    for (head, piece) in [
        (declared, spaces.clone()),
        (chunked, chunk),
        (until_closed, spaces),
    ] {
        let server = Server::start(move |_, _, stream| {
            stream.write_all(head.as_bytes()).unwrap();
            flood(stream, piece.as_bytes());
            Then::Close
        });
        let (error, bytes) = ask(&server);
        assert!(
            matches!(error, Error::TooLarge { limit: LIMIT }),
            "{error:?}"
        );
        assert_eq!(error.headline(), "The answer is larger than 100000 bytes");
        assert_eq!(error.remedy(), Remedy::CheckQuery);
        assert!(bytes.received <= LIMIT, "{bytes:?}");
        // What a buffer of the client may hold beyond it.
        assert!(bytes.received_wire < 5 * LIMIT, "{bytes:?}");
    }
}

#[test]
fn a_head_or_a_frame_without_bound_is_given_up_at_once() {
    let chunked = format!("{JSON}Transfer-Encoding: chunked\r\n\r\n");
    let strange = "it does not speak HTTP as we know it";
    for (head, piece, expected) in [
        (JSON.to_owned(), "X-More: and more\r\n", strange),
        (JSON.to_owned() + "X-Long: ", "and longer ", strange),
        (String::new(), "HTTP/1.1 103 Early Hints\r\n\r\n", strange),
        (String::new(), "HTTP and more of it ", strange),
        (chunked.clone() + "5;", "an extension ", "was cut off"),
        (chunked, "0000000000000000", "was cut off"),
    ] {
        let server = Server::start(move |_, _, stream| {
            stream.write_all(head.as_bytes()).unwrap();
            flood(stream, piece.repeat(50).as_bytes());
            Then::Close
        });
        let (error, bytes) = ask(&server);
        assert!(error.headline().contains(expected), "{piece}: {error}");
        assert!(bytes.received_wire < 5 * LIMIT, "{piece}: {bytes:?}");
    }
}

#[test]
fn what_follows_an_answer_without_bound_is_given_up_in_time() {
    let server = Server::start(|_, _, stream| {
        write!(stream, "{JSON}Transfer-Encoding: chunked\r\n\r\n0\r\n").unwrap();
        flood(stream, "X-Trailer: more\r\n".repeat(50).as_bytes());
        Then::Close
    });
    let timeouts = Timeouts {
        receive: Duration::from_millis(300),
        ..Timeouts::default()
    };
    let client = server.builder().timeouts(timeouts).build().unwrap();
    let error = client.find("Shot", &[], &[]).unwrap_err();
    assert_eq!(
        error.headline(),
        "Receiving the answer took longer than 300 ms"
    );
}

#[test]
fn a_little_that_unpacks_to_a_gigabyte_is_cut_at_the_limit() {
    let bomb = bomb();
    assert!(bomb.len() < 4 << 20, "{}", bomb.len());
    let server = Server::saying(packed("gzip", &bomb), Then::Close);
    let (error, bytes) = ask(&server);
    assert!(
        matches!(error, Error::TooLarge { limit: LIMIT }),
        "{error:?}"
    );
    assert!(bytes.received <= LIMIT, "{bytes:?}");
    assert!(bytes.received_wire < 5 * LIMIT, "{bytes:?}");
    let elsewhere = builder("http://127.0.0.1:1").build().unwrap();
    let error = elsewhere.download(&server.url(), LIMIT).unwrap_err();
    assert!(
        matches!(error, Error::TooLarge { limit: LIMIT }),
        "{error:?}"
    );
}

#[test]
fn an_answer_packed_well_is_unpacked() {
    let server = Server::saying(packed("gzip", &gzip(ONE_SHOT.as_bytes())), Then::Keep);
    let client = server.client();
    for _ in 0..2 {
        assert_eq!(client.find("Shot", &[], &["code"]).unwrap().len(), 1);
    }
}

#[test]
fn an_answer_packed_wrongly_makes_no_sense() {
    let whole = gzip(ONE_SHOT.as_bytes());
    let damaged = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        bytes
    };
    let mut deflated = ZlibEncoder::new(Vec::new(), Compression::fast());
    deflated.write_all(ONE_SHOT.as_bytes()).unwrap();
    for (name, encoding, body) in [
        ("not packed", "gzip", ONE_SHOT.as_bytes().to_vec()),
        ("another magic number", "gzip", damaged(0)),
        ("a block of no kind", "gzip", damaged(10)),
        ("a wrong check sum", "gzip", damaged(whole.len() - 6)),
        ("a wrong length", "gzip", damaged(whole.len() - 2)),
        (
            "a packing we did not ask for",
            "deflate",
            deflated.finish().unwrap(),
        ),
        ("an unknown packing", "br", b"\x0b\x02\x80{}\x03".to_vec()),
    ] {
        let (error, _) = ask(&Server::saying(packed(encoding, &body), Then::Keep));
        assert!(matches!(error, Error::Decode { .. }), "{name}: {error:?}");
        assert_eq!(error.remedy(), Remedy::AskAdmin);
    }
    let (error, _) = ask(&Server::saying(
        packed("gzip", &whole[..whole.len() - 12]),
        Then::Keep,
    ));
    assert!(matches!(error, Error::Truncated { .. }), "{error:?}");
}

#[test]
fn json_that_would_break_a_reader_makes_no_sense() {
    let deep = |open: &str, close: &str| {
        let depth = 10_000;
        let value = format!("{}{}", open.repeat(depth), close.repeat(depth));
        ONE_SHOT.replace("\"sh010\"", &value)
    };
    for body in [
        format!("{}{}", "[".repeat(50_000), "]".repeat(50_000)).into_bytes(),
        deep("[", "]").into_bytes(),
        deep("{\"a\":[", "]}").into_bytes(),
        ONE_SHOT
            .replace("sh010", "\u{fffd}")
            .into_bytes()
            .into_iter()
            .filter(|byte| *byte != 0xbf)
            .collect(),
        ONE_SHOT.replace("sh010", "\\ud800").into_bytes(),
        ONE_SHOT.replace("12", "18446744073709551616").into_bytes(),
        ONE_SHOT.replace("12", "1.5").into_bytes(),
        ONE_SHOT.replace("12", "1e999").into_bytes(),
        ONE_SHOT.replace("\"sh010\"", "1e999").into_bytes(),
        [ONE_SHOT.as_bytes(), b"{}"].concat(),
    ] {
        let head = format!("{JSON}Content-Length: {}\r\n\r\n", body.len());
        let (error, _) = ask(&Server::saying(
            [head.as_bytes(), &body].concat(),
            Then::Keep,
        ));
        let shown = String::from_utf8_lossy(&body[..body.len().min(200)]);
        assert!(
            matches!(error, Error::Decode { .. }),
            "{error:?} for {shown}"
        );
    }
}

#[test]
fn the_largest_and_the_smallest_integer_are_exact() {
    for number in ["9223372036854775807", "-9223372036854775808"] {
        let server = Server::json(&ONE_SHOT.replace("\"sh010\"", number));
        let rows = server.client().find("Shot", &[], &["code"]).unwrap();
        assert_eq!(rows.first().unwrap().text("code"), number);
    }
}

#[test]
fn pages_that_go_in_circles_end() {
    let page = |id: u64| {
        let rows = [
            json!({ "type": "Shot", "id": id }),
            json!({ "type": "Shot", "id": id + 1 }),
        ];
        let info = json!({ "has_next_page": true });
        ok(&json!({ "results": { "entities": rows, "paging_info": info } }).to_string())
    };
    for period in [1, 2] {
        let server = Server::start(move |number, _, stream| {
            stream.write_all(&page(10 * (number as u64 % period))).ok();
            Then::Keep
        });
        let builder = server.builder().records_per_page(2);
        let error = builder.build().unwrap().find("Shot", &[], &[]).unwrap_err();
        assert!(
            error
                .headline()
                .starts_with("The answer makes no sense: its pages go in circles"),
            "{error}"
        );
        assert!(server.requests.lock().len() <= 6);
    }
}

#[test]
fn empty_pages_that_promise_more_end() {
    let body = r#"{"results":{"entities":[],"paging_info":{"has_next_page":true}}}"#;
    let server = Server::json(body);
    assert_eq!(server.client().find("Shot", &[], &[]).unwrap().len(), 0);
    assert_eq!(server.requests.lock().len(), 1);
}

#[test]
fn a_count_of_pages_beyond_all_reason_ends_with_the_first_empty_page() {
    let rows = json!([{ "type": "Shot", "id": 1 }]);
    let server = Server::start(move |number, _, stream| {
        let none = json!([]);
        let rows = if number == 0 { &rows } else { &none };
        let info = json!({ "current_page": 1, "page_count": u64::MAX, "entity_count": u64::MAX });
        let body = json!({ "results": { "entities": rows, "paging_info": info } });
        stream.write_all(&ok(&body.to_string())).ok();
        Then::Keep
    });
    let builder = server.builder().records_per_page(1);
    assert_eq!(
        builder
            .build()
            .unwrap()
            .find("Shot", &[], &[])
            .unwrap()
            .len(),
        1
    );
    // Those that were under way already.
    assert!(server.requests.lock().len() < 40);
}

#[test]
fn a_call_that_is_sent_elsewhere_does_not_go_there() {
    let elsewhere = Server::json(ONE_SHOT);
    for (status, remedy) in [
        ("301 Moved", Remedy::CheckAddress),
        ("307 Temporary", Remedy::CheckAddress),
    ] {
        let location = format!("{}/api3/json", elsewhere.url());
        let redirect = answer(
            &format!("{status}\r\nLocation: {location}"),
            "text/html",
            "",
        );
        let (error, _) = ask(&Server::saying(redirect, Then::Keep));
        assert!(
            error
                .headline()
                .ends_with(&format!(": it redirects to {location}")),
            "{error}"
        );
        assert_eq!(error.remedy(), remedy);
    }
    assert!(elsewhere.requests.lock().is_empty());
}

#[test]
fn a_download_that_circles_within_the_site_ends() {
    let server = Server::start(|_, request, stream| {
        let onward = if request.head.starts_with("GET /one ") {
            "/two"
        } else {
            "/one"
        };
        let status = format!("302 Found\r\nLocation: {onward}");
        stream.write_all(&answer(&status, "text/html", "")).unwrap();
        Then::Keep
    });
    let builder = server.builder().session_token("t");
    let error = builder
        .build()
        .unwrap()
        .download("/one", LIMIT)
        .unwrap_err();
    assert!(
        error
            .headline()
            .ends_with("(it redirects in circles) is not there"),
        "{error}"
    );
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    assert_eq!(server.requests.lock().len(), 6);
}

#[test]
fn a_download_is_not_sent_to_what_is_no_address() {
    for onward in ["file:///etc/passwd", "ftp://h/x", ""] {
        let status = format!("302 Found\r\nLocation: {onward}");
        let server = Server::saying(answer(&status, "text/html", ""), Then::Keep);
        let builder = server.builder().session_token("t");
        let error = builder
            .build()
            .unwrap()
            .download("/one", LIMIT)
            .unwrap_err();
        assert!(matches!(error, Error::BadUrl { .. }), "{onward}: {error:?}");
        assert_eq!(server.requests.lock().len(), 1);
    }
}

#[test]
fn what_never_becomes_an_answer_is_cut_as_well() {
    let chunked = format!("{JSON}Transfer-Encoding: chunked\r\n\r\n");
    let trailers = (format!("{chunked}0\r\n"), "X-More: and more\r\n".to_owned());
    let crumbs = (chunked, "1\r\n \r\n".to_owned());
    for (head, piece) in [trailers, crumbs] {
        let server = Server::start(move |_, request, stream| {
            if request.head.starts_with("POST") {
                let session = r#"{"results":{"session_id":"tok3n"}}"#;
                stream.write_all(&ok(session)).unwrap();
                return Then::Keep;
            }
            stream.write_all(head.as_bytes()).unwrap();
            flood(stream, piece.repeat(1000).as_bytes());
            Then::Close
        });
        // A file may take as long as it likes.
        let error = server.client().download("/file", LIMIT).unwrap_err();
        assert!(
            matches!(error, Error::TooLarge { limit: LIMIT }),
            "{error:?}"
        );
    }
}
