//! The end of a sandbox: every socket shut, whatever it is doing, and nobody waited for.

use std::io::Read as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use callboard::sandbox::{FaultPlan, MethodFaults, Misbehavior, Rule, Sandbox, Target};

use super::{Line, NET, address, is_silence, small, wait_until};

/// A whole request.
const INFO: &[u8] = b"POST /api3/json HTTP/1.1\r\nContent-Length: 34\r\n\r\n{\"method_name\":\"info\",\"params\":[]}";
/// Ten times as long as stopping may take.
const STOP_NET: Duration = Duration::from_secs(2);

/// A call of a method that does not exist, which takes no longer for that.
fn call(sandbox: &Sandbox, method: &str) -> Line {
    let body = format!("{{\"method_name\":\"{method}\",\"params\":[]}}");
    let length = body.len();
    let mut line = Line::open(sandbox);
    line.send(
        format!("POST /api3/json HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{body}").as_bytes(),
    );
    line
}

fn rule(method: &str, faults: MethodFaults) -> Rule {
    Rule {
        target: Target::method(method),
        faults,
    }
}

#[test]
fn it_stops_in_no_time_while_calls_hang_in_every_way() {
    let sandbox = small();
    let always = |way| MethodFaults {
        always: Some(way),
        ..MethodFaults::default()
    };
    let slow = MethodFaults {
        latency: Some(NET * 10),
        ..MethodFaults::default()
    };
    let drips = MethodFaults {
        slow_body: Some(1),
        ..MethodFaults::default()
    };
    let ways = ["read", "create", "update", "delete"];
    let [silent, swallowed, slowly, dripping] = ways;
    sandbox.faults().set(FaultPlan {
        rules: vec![
            rule(silent, always(Misbehavior::NeverAnswer)),
            rule(swallowed, always(Misbehavior::BlackHole)),
            rule(slowly, slow),
            rule(dripping, drips),
        ],
        ..FaultPlan::default()
    });
    let lines: Vec<Line> = ways
        .iter()
        .flat_map(|method| (0..8).map(|_| call(&sandbox, method)))
        .collect();
    wait_until("all calls hang", || {
        ways.iter().all(|method| sandbox.request_count(method) == 8)
    });
    let started = Instant::now();
    sandbox.stop();
    let took = started.elapsed();
    println!("stopped within {took:?}");
    assert!(took < STOP_NET, "{took:?}");
    for line in lines {
        let mut rest = Vec::new();
        let ends = { line.0 }.read_to_end(&mut rest);
        assert!(
            ends.as_ref().err().is_none_or(|error| !is_silence(error)),
            "{ends:?}"
        );
    }
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
