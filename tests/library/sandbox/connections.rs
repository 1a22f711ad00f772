//! Sockets: where it listens, what it refuses to read, and how it hangs up.

use std::collections::VecDeque;
use std::io::{ErrorKind, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use callboard::sandbox::{Options, Sandbox};
use parking_lot::Mutex;
use serde_json::json;

use super::{Line, address, header, read, small, wait_until, with};

/// A whole request.
const INFO: &[u8] = b"POST /api3/json HTTP/1.1\r\nContent-Length: 34\r\n\r\n{\"method_name\":\"info\",\"params\":[]}";

#[test]
fn only_this_machine_can_reach_it() {
    let sandbox = small();
    let bound: SocketAddr = address(&sandbox).parse().unwrap();
    assert!(bound.ip().is_loopback(), "{bound}");
    Line::open(&sandbox).get("/");
    // Another address of this machine would answer if it listened on all of them.
    let mut others: Vec<SocketAddr> = outer_address(bound.port()).into_iter().collect();
    if cfg!(target_os = "linux") {
        others.push(([127, 0, 0, 2], bound.port()).into());
    }
    for other in others {
        let connected = TcpStream::connect_timeout(&other, Duration::from_secs(5));
        assert!(connected.is_err(), "it listens on {other}");
    }
}

/// An address by which others reach this machine, if it has one. Nothing is sent.
fn outer_address(port: u16) -> Option<SocketAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let mut address = socket.local_addr().ok()?;
    address.set_port(port);
    (!address.ip().is_loopback() && !address.ip().is_unspecified()).then_some(address)
}

#[test]
fn a_port_that_is_taken_is_said_to_be() {
    let first = small();
    let port = address(&first).rsplit(':').next().unwrap().parse().unwrap();
    let error = Sandbox::with(Options {
        port,
        ..Options::default()
    })
    .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
}

#[test]
fn one_connection_carries_many_calls() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    for _ in 0..5 {
        line.call("read", &read("Shot", &["code".to_owned()], 5));
    }
    assert_eq!(sandbox.request_count("read"), 5);
    assert_eq!(sandbox.connections(), 1);
    let numbers: Vec<u64> = sandbox
        .requests()
        .iter()
        .map(|request| request.connection)
        .collect();
    assert_eq!(numbers, [1; 5]);
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let sandbox = small();
    for (size, expected) in [(60_000, 200), (70_000, 431), (1_000_000, 431)] {
        let mut line = Line::open(&sandbox);
        let head = format!("GET / HTTP/1.1\r\nX-Big: {}\r\n\r\n", "a".repeat(size));
        // It may hang up before it has taken all of it.
        line.0.write_all(head.as_bytes()).ok();
        let answer = line.read().expect("an answer, and not a reset");
        assert_eq!(answer.status, expected, "{size} bytes");
        let hangs_up = header(&answer.head, "connection") == Some("close");
        assert_eq!(hangs_up, expected == 431, "{}", answer.head);
    }
    Line::open(&sandbox).get("/");
}

#[test]
fn a_half_sent_head_keeps_nobody_else_waiting() {
    let sandbox = small();
    let mut half: Vec<Line> = (0..8).map(|_| Line::open(&sandbox)).collect();
    for line in &mut half {
        line.send(b"POST /api3/json HTTP/1.1\r\nContent-Le");
    }
    let mut other = Line::open(&sandbox);
    assert_eq!(other.get("/").status, 200);
    // …and they are answered as soon as they are complete.
    for line in &mut half {
        line.send(b"ngth: 36\r\n\r\n{\"method_name\":\"info\",");
    }
    assert_eq!(other.get("/").status, 200);
    for line in &mut half {
        line.send(b"\"params\":[ ] }");
        assert_eq!(line.read().unwrap().status, 200);
    }
    assert_eq!(sandbox.request_count("info"), 8);
}

#[test]
fn what_is_no_call_is_answered_and_harms_nobody() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    assert_eq!(line.get("/api3/json").status, 405);
    assert_eq!(line.get("/elsewhere").status, 404);
    for body in [
        "",
        "not json",
        "[]",
        "{}",
        "{\"method_name\":7}",
        "{\"method_name\":\"nope\",\"params\":[]}",
    ] {
        let answer = line.post(body).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(
            (answer.status, &json["exception"]),
            (200, &true.into()),
            "{body}"
        );
        assert!(
            json["message"]
                .as_str()
                .is_some_and(|message| message.len() > 10),
            "{json}"
        );
    }
    for head in ["nonsense\r\n\r\n", "POST /api3/json HTTP/1.1\r\n\r\n"] {
        let mut line = Line::open(&sandbox);
        line.send(head.as_bytes());
        let status = line.read().unwrap().status;
        assert!(status == 400 || status == 411, "{status} for {head}");
    }
    assert_eq!(
        line.get("/").status,
        200,
        "the first connection is still good"
    );
}

#[test]
fn who_is_not_known_is_refused() {
    let sandbox = with(Options {
        users: vec![("mira".to_owned(), "moon".to_owned())],
        ..Options::default()
    });
    let mut line = Line::open(&sandbox);
    let argument = || read("Shot", &["code".to_owned()], 5);
    for auth in [
        json!({}),
        json!({"script_name": "callboard", "script_key": "wr0ng"}),
        json!({"script_name": "nobody", "script_key": "sandbox"}),
        json!({"user_login": "mira", "user_password": "wr0ng"}),
        json!({"user_login": "mira"}),
        json!({"session_token": "wr0ng-wr0ng"}),
    ] {
        let answer = line.call_as(&auth, "read", &argument());
        assert_eq!(answer["error_code"], 102, "{auth}: {answer}");
        assert!(!answer.to_string().contains("wr0ng-"), "{answer}");
    }
    let known = json!({"user_login": "mira", "user_password": "moon"});
    let answer = line.call_as(&known, "read", &argument());
    assert_eq!(answer["results"]["entities"].as_array().unwrap().len(), 5);
}

#[test]
fn beyond_the_cap_an_idle_connection_goes_and_a_busy_one_stays() {
    let (release, released) = channel::<()>();
    let released = Mutex::new(released);
    let sandbox = with(Options {
        max_connections: 2,
        log: Some(Arc::new(move |request| {
            if request.method == "info" {
                released.lock().recv().ok();
            }
        })),
        ..Options::default()
    });
    let mut idle = Line::open(&sandbox);
    assert_eq!(idle.get("/").status, 200);
    let mut busy = Line::open(&sandbox);
    busy.send(INFO);
    wait_until("the call has arrived", || {
        sandbox.request_count("info") == 1
    });
    // Until the first connection is known to be idle, there is no room.
    wait_until("there is room", || {
        let mut third = Line::open(&sandbox);
        third.0.write_all(b"GET / HTTP/1.1\r\n\r\n").is_ok() && third.read().is_some()
    });
    assert!(idle.read().is_none(), "the idle one was hung up on");
    drop(release);
    assert_eq!(busy.read().unwrap().status, 200);
}

#[test]
fn the_one_to_go_is_the_one_that_has_been_idle_longest_and_not_the_oldest() {
    let sandbox = with(Options {
        max_connections: 3,
        ..Options::default()
    });
    let mut lines = Vec::new();
    for number in 1..=3 {
        lines.push(Line::open(&sandbox));
        wait_until("it is in", || sandbox.connections() == number);
    }
    // The first one has something to say. From now on the second one has been idle longest, then the third.
    assert_eq!(lines[0].get("/").status, 200);
    for gone in [1, 2] {
        let mut newcomer = Line::open(&sandbox);
        assert!(lines[gone].read().is_none(), "it was hung up on");
        assert_eq!(newcomer.get("/").status, 200);
        lines.push(newcomer);
    }
    for at in [0, 3, 4] {
        assert_eq!(lines[at].get("/").status, 200, "{at} is still in");
    }
}

#[test]
fn thousands_of_idle_connections_cost_no_more_than_the_cap_and_keep_nobody_out() {
    let sandbox = with(Options {
        max_connections: 32,
        ..Options::default()
    });
    // Peers that have been hung up on are let go: their ends are limited, too, and so is the queue of those who knock.
    let mut idle = VecDeque::new();
    for _ in 0..3_000 {
        idle.push_back(Line::open(&sandbox));
        if idle.len() > 100 {
            let mut oldest: Line = idle.pop_front().unwrap();
            assert!(oldest.read().is_none(), "nothing came, and it is over");
        }
        assert!(sandbox.connections() <= 32);
    }
    assert_eq!(Line::open(&sandbox).get("/").status, 200);
    assert!(sandbox.connections() <= 32);
}

#[test]
fn every_answer_says_how_long_it_took_and_the_faults_wait_is_in_it() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    sandbox
        .faults()
        .update(|plan| plan.latency = Duration::from_millis(30));
    line.send(INFO);
    let answer = line.read().unwrap();
    let timing = header(&answer.head, "server-timing").unwrap();
    let took: f64 = timing.strip_prefix("app;dur=").unwrap().parse().unwrap();
    let logged = sandbox.requests()[0].took.as_secs_f64() * 1_000.0;
    assert!(
        took >= 30.0 && (took - logged).abs() < 0.001,
        "{timing}, {logged} ms in the log"
    );
}
