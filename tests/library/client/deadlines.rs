//! How long a call may take: each of its phases, and all of it.

use std::io::Write as _;
use std::time::Duration;

use callboard::shotgun::{Client, Error, Phase, Timeouts, Value};

use super::server::{ONE_SHOT, Server, Then, drip, ok, pass};

const SHORT: Duration = Duration::from_millis(300);

fn find(client: &Client) -> Result<usize, Error> {
    client.find("Shot", &[], &["code"]).map(|rows| rows.len())
}

/// Sends a few bytes now and then, each of them in time for `idle`.
fn dripping(body_only: bool) -> Server {
    Server::start(move |_, _, stream| {
        let answer = ok(ONE_SHOT);
        let head = answer.len() - ONE_SHOT.len();
        let (at_once, drops) = answer.split_at(if body_only { head } else { 0 });
        stream.write_all(at_once).ok();
        drip(stream, drops).ok();
        Then::Close
    })
}

#[test]
fn a_body_that_drips_is_given_up_in_time() {
    let timeouts = Timeouts {
        receive: SHORT,
        ..Timeouts::default()
    };
    let client = dripping(true).builder().timeouts(timeouts).build().unwrap();
    let error = find(&client).unwrap_err();
    let Error::Timeout { phase, after } = error else {
        panic!("{error:?}");
    };
    assert_eq!((phase, after), (Phase::Receive, SHORT));
}

#[test]
fn a_request_that_nobody_reads_is_given_up_in_time() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let timeouts = Timeouts {
        send: SHORT,
        ..Timeouts::default()
    };
    let client = super::server::builder(&url).timeouts(timeouts).build();
    let much = Value::from("x".repeat(64 << 20));
    let error = client.unwrap().create("Note", &[("content", much)], &[]);
    let error = error.unwrap_err();
    let Error::Timeout { phase, after } = error else {
        panic!("{error:?}");
    };
    assert_eq!((phase, after), (Phase::Send, SHORT));
}

#[test]
fn a_whole_call_is_given_up_in_time_wherever_it_is() {
    for server in [
        dripping(true),
        dripping(false),
        Server::saying("", Then::Hang),
    ] {
        let client = server.client().with_deadline(Some(SHORT));
        let error = find(&client).unwrap_err();
        let Error::Deadline { after } = error else {
            panic!("{error:?}");
        };
        assert_eq!(after, SHORT);
    }
}

#[test]
fn a_write_that_was_out_at_its_deadline_has_an_unknown_outcome() {
    let server = Server::saying("", Then::Hang);
    let client = server.builder().deadline(SHORT).build().unwrap();
    let error = client.delete("Shot", 7_u64).unwrap_err();
    assert_eq!(
        error.headline(),
        "Whether `delete` was done is unknown: The call took longer than 300 ms"
    );
}

#[test]
fn no_attempt_begins_that_the_deadline_forbids() {
    let busy = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n";
    let server = Server::saying(busy, Then::Keep);
    let builder = server.builder().retries(5).retry_budget(Duration::MAX);
    let client = builder.deadline(Duration::from_secs(30)).build().unwrap();
    let error = find(&client).unwrap_err();
    // What went wrong says more than that there was no time to try again.
    assert!(matches!(error, Error::Server { status: 503 }), "{error:?}");
    assert_eq!(server.requests.lock().len(), 1);
}

#[test]
fn a_deadline_counts_over_all_pages_and_nothing_is_asked_after_it() {
    let page =
        r#"{"results":{"entities":[{"type":"Shot","id":1}],"paging_info":{"has_next_page":true}}}"#;
    let server = Server::start(move |_, _, stream| {
        pass(SHORT / 3);
        stream.write_all(&ok(page)).ok();
        Then::Keep
    });
    let builder = server.builder().records_per_page(1).parallel_pages(1);
    let client = builder.deadline(SHORT).build().unwrap();
    assert!(matches!(find(&client), Err(Error::Deadline { .. })));
    assert!(server.requests.lock().len() <= 4);
}

#[test]
fn files_are_spared() {
    let server = Server::start(|_, request, stream| {
        if request.head.starts_with("POST") {
            stream
                .write_all(&ok(r#"{"results":{"session_id":"0123456789"}}"#))
                .ok();
            return Then::Keep;
        }
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n")
            .ok();
        for _ in 0..20 {
            pass(SHORT / 10);
            stream.write_all(b"x").ok();
        }
        Then::Keep
    });
    let timeouts = Timeouts {
        receive: SHORT,
        ..Timeouts::default()
    };
    let builder = server.builder().timeouts(timeouts).deadline(SHORT);
    let file = builder.build().unwrap().download("/file", 100).unwrap();
    assert_eq!(file.len(), 20);
}

#[test]
fn what_is_longer_than_anyone_waits_is_no_limit() {
    let for_ever = Duration::MAX;
    let timeouts = Timeouts {
        connect: for_ever,
        resolve: for_ever,
        idle: for_ever,
        send: for_ever,
        receive: for_ever,
    };
    let server = Server::json(ONE_SHOT);
    let builder = server.builder().timeouts(timeouts).deadline(for_ever);
    assert_eq!(find(&builder.build().unwrap()).unwrap(), 1);
}
