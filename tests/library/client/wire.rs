//! Whole exchanges over a wire that is slow, cut and packed at random: their times add up, their bytes are all counted.

use std::io::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::json;

use super::server::{Ear, Server, Then, pass};

/// How an answer says where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    Length,
    Chunks,
    Close,
}

/// How an answer comes.
#[derive(Clone, Debug)]
struct Manner {
    framing: Framing,
    packed: bool,
    /// Milliseconds before the first byte.
    patience: u64,
    /// The sizes of its pieces, taken in turn, and the milliseconds between them.
    pieces: Vec<(usize, u64)>,
    rows: usize,
}

fn manners() -> impl Strategy<Value = Manner> {
    let framing = prop_oneof![
        Just(Framing::Length),
        Just(Framing::Chunks),
        Just(Framing::Close)
    ];
    let pieces = prop::collection::vec((200_usize..5_000, 0_u64..8), 1..4);
    (framing, any::<bool>(), 0_u64..20, pieces, 0_usize..300).prop_map(
        |(framing, packed, patience, pieces, rows)| Manner {
            framing,
            packed,
            patience,
            pieces,
            rows,
        },
    )
}

fn body(rows: usize) -> String {
    let rows: Vec<_> = (0..rows)
        .map(
            |id| json!({ "type": "Shot", "id": id, "code": format!("sh{:x}", id * 2_654_435_761) }),
        )
        .collect();
    let info = json!({ "has_next_page": false });
    json!({ "results": { "entities": rows, "paging_info": info } }).to_string()
}

/// All bytes of an answer, head and framing included.
fn answer(manner: &Manner) -> Vec<u8> {
    let plain = body(manner.rows).into_bytes();
    let (packing, body) = if manner.packed {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&plain).unwrap();
        ("Content-Encoding: gzip\r\n", encoder.finish().unwrap())
    } else {
        ("", plain)
    };
    let length = body.len();
    let (framing, body) = match manner.framing {
        Framing::Length => (format!("Content-Length: {length}\r\n"), body),
        Framing::Chunks => ("Transfer-Encoding: chunked\r\n".to_owned(), chunked(&body)),
        Framing::Close => ("Connection: close\r\n".to_owned(), body),
    };
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{packing}{framing}\r\n");
    [head.as_bytes(), &body].concat()
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for chunk in body.chunks(700) {
        write!(bytes, "{:x}\r\n", chunk.len()).unwrap();
        bytes.extend(chunk);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"0\r\n\r\n");
    bytes
}

fn trickle(stream: &mut TcpStream, manner: &Manner, mut bytes: &[u8]) {
    pass(Duration::from_millis(manner.patience));
    for (size, pause) in manner.pieces.iter().cycle() {
        let (piece, rest) = bytes.split_at(bytes.len().min(*size));
        stream.write_all(piece).unwrap();
        if rest.is_empty() {
            return;
        }
        bytes = rest;
        pass(Duration::from_millis(*pause));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn times_add_up_and_every_byte_is_counted(manner in manners()) {
        let whole = answer(&manner);
        let (length, slow) = (whole.len() as u64, manner.clone());
        let server = Server::start(move |_, _, stream| {
            trickle(stream, &slow, &whole);
            if slow.framing == Framing::Close { Then::Close } else { Then::Keep }
        });
        let ear = Arc::new(Ear::default());
        let client = server.builder().observer(Arc::clone(&ear) as _).build().unwrap();
        for _ in 0..2 {
            let rows = client.find("Shot", &[], &["code"]).unwrap();
            prop_assert_eq!(rows.len(), manner.rows);
        }
        let (exchanges, requests) = (ear.exchanges.lock(), server.requests.lock());
        prop_assert_eq!(exchanges.len(), 2);
        for (exchange, request) in exchanges.iter().zip(&*requests) {
            prop_assert_eq!(exchange.phases.total(), exchange.total);
            prop_assert_eq!(exchange.bytes.sent, (request.head.len() + request.body.len()) as u64);
            prop_assert_eq!(exchange.bytes.received_wire, length);
            prop_assert_eq!(exchange.bytes.received, body(manner.rows).len() as u64);
            // The server may have read all of it before the client has noticed that it is sent.
            let waited = [exchange.phases.send, exchange.phases.wait].into_iter().flatten().sum::<Duration>();
            prop_assert!(waited >= Duration::from_millis(manner.patience), "{:?}", waited);
        }
        let reused = exchanges[1].connection.unwrap().reused;
        prop_assert_eq!(reused, manner.framing != Framing::Close);
    }
}
