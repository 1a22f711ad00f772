//! Calls that another thread ends: wherever they are, and without a trace in other calls.

use std::io::Write as _;
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use callboard::shotgun::{CancelToken, Cancellation, Client, Error, Find, Rows, Value};
use parking_lot::Mutex;

use super::server::{ONE_SHOT, Request, Server, Then, builder, ok, spawn};

/// Far longer than anything here takes.
pub const NET: Duration = Duration::from_mins(1);

/// A token, and a client whose calls it ends.
fn cancellable(client: &Client) -> (CancelToken, Client) {
    let token = CancelToken::new();
    let client = client.with_cancel(&token);
    (token, client)
}

/// Makes a call on a thread of its own, ends it once `stalled` says that it waits, and returns what came of both.
pub fn end_it<T: Send + 'static>(
    client: &Client,
    stalled: &Receiver<()>,
    call: impl FnOnce(&Client) -> Result<T, Error> + Send + 'static,
) -> (Cancellation, Option<Error>) {
    let (token, client) = cancellable(client);
    let (sender, outcome) = channel();
    spawn(move || sender.send(call(&client)).unwrap());
    stalled.recv_timeout(NET).unwrap();
    let cancellation = token.cancel();
    (cancellation, outcome.recv_timeout(NET).unwrap().err())
}

fn find(client: &Client) -> Result<Rows, Error> {
    client.find("Shot", &[], &["code"])
}

/// Says `beginning` to each request that asks for tasks, tells of it, and no more; answers all others.
fn stalling(beginning: &'static str) -> (Server, Receiver<()>) {
    let (sender, stalled) = channel();
    let sender = Mutex::new(sender);
    let server = Server::start(move |_, request, stream| {
        if request.body.contains("\"Task\"") {
            stream.write_all(beginning.as_bytes()).ok();
            sender.lock().send(()).ok();
            return Then::Hang;
        }
        stream.write_all(&ok(ONE_SHOT)).ok();
        Then::Keep
    });
    (server, stalled)
}

pub fn closed(cancellation: Cancellation) -> (usize, usize, usize) {
    let Cancellation {
        calls,
        connections_closed,
        still_connecting,
        ..
    } = cancellation;
    (calls, connections_closed, still_connecting)
}

#[test]
fn a_call_that_waits_or_receives_is_ended_and_others_go_on() {
    for beginning in [
        "",
        "HTTP/1.1 200 OK\r\nContent-",
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"results\":",
        // Looks whole when it is cut: its length is where the connection ends.
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"results\":{\"entities\":[]}}",
    ] {
        let (server, stalled) = stalling(beginning);
        let client = server.client();
        // The second time around on a connection from the pool.
        for _ in 0..2 {
            let (cancellation, error) = end_it(&client, &stalled, |client| {
                client.find("Task", &[], &["content"])
            });
            assert!(
                matches!(error, Some(Error::Cancelled)),
                "{beginning:?}: {error:?}"
            );
            assert_eq!(closed(cancellation), (1, 1, 0), "{beginning:?}");
            assert_eq!(find(&client).unwrap().len(), 1, "{beginning:?}");
        }
    }
}

#[test]
fn a_call_that_sends_is_ended() {
    let (sender, stalled) = channel();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let peer = spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        // Waits for the first bytes, and reads none.
        stream.peek(&mut [0]).unwrap();
        sender.send(()).unwrap();
        stream
    });
    let client = builder(&url).build().unwrap();
    let much = Value::from("x".repeat(64 << 20));
    let (cancellation, error) = end_it(&client, &stalled, move |client| {
        client.create("Note", &[("content", much)], &[])
    });
    assert_eq!(closed(cancellation), (1, 1, 0));
    // The site cannot have done what it has not read.
    assert!(matches!(error, Some(Error::Cancelled)), "{error:?}");
    peer.join().unwrap();
}

#[test]
fn a_call_in_the_secure_handshake_is_ended() {
    let (sender, stalled) = channel();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let peer = spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        stream.peek(&mut [0]).unwrap();
        sender.send(()).unwrap();
        stream
    });
    let client = builder(&url).build().unwrap();
    let (cancellation, error) = end_it(&client, &stalled, Client::info);
    assert_eq!(closed(cancellation), (1, 1, 0));
    assert!(matches!(error, Some(Error::Cancelled)), "{error:?}");
    peer.join().unwrap();
}

#[test]
fn a_call_that_pauses_between_attempts_is_ended() {
    let (sender, stalled) = channel();
    let sender = Mutex::new(sender);
    let server = Server::start(move |_, _, stream| {
        let busy =
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 86400\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(busy.as_bytes()).unwrap();
        sender.lock().send(()).unwrap();
        Then::Keep
    });
    let builder = server.builder().retries(1);
    let client = builder.retry_budget(Duration::MAX).build().unwrap();
    let (_, error) = end_it(&client, &stalled, find);
    assert!(matches!(error, Some(Error::Cancelled)), "{error:?}");
    assert_eq!(server.requests.lock().len(), 1);
}

#[test]
fn a_write_that_was_out_already_has_an_unknown_outcome() {
    let (server, stalled) = stalling("");
    let (_, error) = end_it(&server.client(), &stalled, |client| {
        client.delete("Task", 7_u64)
    });
    let error = error.unwrap();
    assert_eq!(
        error.headline(),
        "Whether `delete` was done is unknown: The call was cancelled"
    );
}

#[test]
fn all_pages_of_a_call_are_ended_together() {
    const FIRST: &str = r#"{"results":{"entities":[{"type":"Task","id":1}],"paging_info":{"current_page":1,"page_count":6,"entity_count":6,"entities_per_page":1}}}"#;
    let (sender, stalled) = channel();
    let sender = Mutex::new(sender);
    let server = Server::start(move |number, _, stream| {
        if number == 0 {
            stream.write_all(&ok(FIRST)).unwrap();
            return Then::Keep;
        }
        if number == 5 {
            sender.lock().send(()).unwrap();
        }
        Then::Hang
    });
    let client = server.builder().records_per_page(1).build().unwrap();
    let (cancellation, error) = end_it(&client, &stalled, |client| {
        client.find_all(&Find::new("Task"))
    });
    assert!(matches!(error, Some(Error::Cancelled)), "{error:?}");
    assert_eq!(closed(cancellation), (1, 5, 0));
}

#[test]
fn a_token_that_was_used_lets_nothing_begin() {
    let server = Server::json(ONE_SHOT);
    let (token, client) = cancellable(&server.client());
    assert_eq!(find(&client).unwrap().len(), 1);
    assert!(!token.is_cancelled());
    assert_eq!(token.cancel(), Cancellation::default());
    assert!(token.is_cancelled());
    assert!(matches!(find(&client), Err(Error::Cancelled)));
    assert_eq!(server.requests.lock().len(), 1);
    // Whoever does not hang on the token is none the wiser.
    assert_eq!(find(&server.client()).unwrap().len(), 1);
}

fn asks_for(request: &Request, type_name: &str) -> bool {
    request.body.contains(&format!("\"{type_name}\""))
}

/// 200 calls at once on connections from the pool; half of them stall and are ended.
#[test]
fn a_hundred_stalled_calls_are_ended_while_a_hundred_others_run_ten_times_over() {
    const HALF: usize = 100;
    let (sender, stalled) = channel::<()>();
    let sender: Mutex<Sender<()>> = Mutex::new(sender);
    let server = Server::start(move |_, request, stream| {
        if asks_for(request, "Task") {
            sender.lock().send(()).ok();
            return Then::Hang;
        }
        stream.write_all(&ok(ONE_SHOT)).ok();
        Then::Keep
    });
    let client = server.builder().max_connections(2 * HALF).build().unwrap();
    for _ in 0..10 {
        let (token, ended) = cancellable(&client);
        thread::scope(|scope| {
            let stalling: Vec<_> = (0..HALF)
                .map(|_| scope.spawn(|| ended.find("Task", &[], &["content"])))
                .collect();
            let running: Vec<_> = (0..HALF)
                .map(|_| scope.spawn(|| (0..5).try_for_each(|_| find(&client).map(drop))))
                .collect();
            for _ in 0..HALF {
                stalled.recv_timeout(NET).unwrap();
            }
            assert_eq!(closed(token.cancel()), (HALF, HALF, 0));
            for call in stalling {
                let outcome = call.join().unwrap();
                assert!(matches!(outcome, Err(Error::Cancelled)), "{outcome:?}");
            }
            for call in running {
                call.join().unwrap().unwrap();
            }
        });
    }
}
