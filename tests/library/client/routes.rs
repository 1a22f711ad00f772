//! Downloads, and out of the door.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::mpsc;

use callboard::shotgun::{Client, Error, Remedy};

use super::server::{Ear, ONE_SHOT, Server, Then, answer, builder, spawn};

#[test]
fn a_download_takes_no_more_than_it_is_told_to() {
    let server = Server::saying(answer("200 OK", "image/png", &"p".repeat(5000)), Then::Keep);
    let elsewhere = builder("http://127.0.0.1:1").build().unwrap();
    assert_eq!(
        elsewhere
            .download(&format!("{}/a.png", server.url()), 5000)
            .unwrap()
            .len(),
        5000
    );
    let error = elsewhere
        .download(&format!("{}/a.png", server.url()), 4999)
        .unwrap_err();
    assert!(
        matches!(error, Error::TooLarge { limit: 4999 }),
        "{error:?}"
    );
}

#[test]
fn a_download_that_is_not_there_says_so() {
    for (status, expected) in [
        ("404 Not Found", "is not there"),
        ("410 Gone", "in quarantine because of malware"),
        ("403 Forbidden", "Access is denied: HTTP 403"),
        ("409 Conflict", "(scan pending) is not ready yet"),
        ("500 Oops", "HTTP 500"),
    ] {
        let body = if status.starts_with("409") {
            "scan pending"
        } else {
            "<Error/>"
        };
        let server = Server::saying(answer(status, "application/xml", body), Then::Keep);
        let error = builder("http://127.0.0.1:1")
            .build()
            .unwrap()
            .download(&format!("{}/a.png?sig=1", server.url()), 100)
            .unwrap_err();
        assert!(error.headline().contains(expected), "{error}");
    }
}

#[test]
fn a_download_in_circles_ends() {
    let server = Server::saying(
        "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
        Then::Keep,
    );
    let error = builder("http://127.0.0.1:1")
        .build()
        .unwrap()
        .download(&server.url(), 10)
        .unwrap_err();
    assert!(
        error
            .headline()
            .ends_with("(it redirects in circles) is not there"),
        "{error}"
    );
    assert_eq!(server.requests.lock().len(), 6);
}

#[test]
fn a_shutdown_breaks_off_what_hangs_and_refuses_the_rest() {
    let (arrived, arrival) = mpsc::channel();
    let server = Server::start(move |_, _, _| {
        arrived.send(()).unwrap();
        Then::Hang
    });
    let client = server.client();
    let hung = {
        let client = client.clone();
        std::thread::Builder::new()
            .spawn(move || client.find("Shot", &[], &[]))
            .unwrap()
    };
    arrival.recv().unwrap();
    client.shutdown();
    assert!(matches!(hung.join().unwrap(), Err(Error::Cancelled)));
    assert!(matches!(
        client.find("Shot", &[], &[]),
        Err(Error::Cancelled)
    ));
}

/// Does `work` while a server has answered with `bytes` and left the connection open, then shuts the client down.
fn shut_down_during<T: Send + 'static>(
    bytes: &str,
    work: impl FnOnce(&Client) -> T + Send + 'static,
) -> T {
    let (arrived, arrival) = mpsc::channel();
    let bytes = bytes.to_owned();
    let server = Server::start(move |_, _, stream| {
        stream.write_all(bytes.as_bytes()).unwrap();
        arrived.send(()).unwrap();
        Then::Hang
    });
    let client = server.client();
    let (done, outcome) = mpsc::channel();
    let worker = client.clone();
    spawn(move || done.send(work(&worker)).unwrap());
    arrival.recv().unwrap();
    client.shutdown();
    outcome.recv().unwrap()
}

const UNTIL_CLOSED: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";

#[test]
fn an_answer_cut_by_a_shutdown_is_neither_whole_nor_broken() {
    for body in [ONE_SHOT, &ONE_SHOT[..20]] {
        let answer = format!("{UNTIL_CLOSED}{body}");
        let found = shut_down_during(&answer, |client| client.find("Shot", &[], &["code"]));
        assert!(matches!(found, Err(Error::Cancelled)), "{found:?}");
    }
}

#[test]
fn a_shutdown_during_a_write_leaves_its_outcome_unknown() {
    for answer in [
        "",
        UNTIL_CLOSED,
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
    ] {
        let error = shut_down_during(answer, |client| client.delete("Shot", 1)).unwrap_err();
        assert_eq!(
            error.headline(),
            "Whether `delete` was done is unknown: The call was cancelled"
        );
        assert_eq!(error.remedy(), Remedy::LookFirst);
    }
}

#[test]
fn after_a_shutdown_not_even_a_name_is_looked_up() {
    let ear = Arc::new(Ear::default());
    let client = builder("http://localhost:1")
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    client.shutdown();
    let error = client.delete("Shot", 1).unwrap_err();
    assert!(matches!(error, Error::Cancelled), "{error:?}");
    assert!(ear.exchanges.lock().is_empty());
}
