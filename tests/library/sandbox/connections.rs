//! Sockets: where it listens, what it refuses to read, and how it hangs up.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use callboard::sandbox::{Misbehavior, Options, Sandbox};
use parking_lot::Mutex;
use serde_json::json;

use super::{Line, NET, address, header, is_silence, read, small, wait_until, with};

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
fn stopping_shuts_every_socket_whatever_it_is_doing() {
    let sandbox = small();
    let silent = Line::open(&sandbox);
    let mut half = Line::open(&sandbox);
    half.send(b"POST /api3/js");
    let mut kept = Line::open(&sandbox);
    assert_eq!(kept.get("/").status, 200);
    sandbox.faults().once(Misbehavior::NeverAnswer);
    let mut hung = Line::open(&sandbox);
    hung.send(INFO);
    wait_until("the hung call has arrived", || {
        sandbox.request_count("info") == 1 && sandbox.connections() == 4
    });
    sandbox.faults().update(|plan| plan.latency = NET * 10);
    let mut slow = Line::open(&sandbox);
    slow.send(INFO);
    wait_until("the slow call has arrived", || {
        sandbox.request_count("info") == 2
    });

    sandbox.stop();
    for (name, line) in [
        ("silent", silent),
        ("half a head", half),
        ("kept alive", kept),
        ("hung", hung),
        ("slow", slow),
    ] {
        let mut stream = line.0;
        match stream.read(&mut [0]) {
            Ok(count) => assert_eq!(count, 0, "{name}"),
            Err(error) => assert!(!is_silence(&error), "{name}: {error}"),
        }
    }
    assert_eq!(sandbox.connections(), 0);
    assert!(
        TcpStream::connect(address(&sandbox)).is_err(),
        "nobody listens any more"
    );
    sandbox.stop();
}
