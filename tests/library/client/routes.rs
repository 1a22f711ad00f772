//! Ways to a site: proxies, downloads, and out of the door.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc;

use callboard::shotgun::{Client, Error, Phase, Remedy};
use parking_lot::Mutex;

use super::server::{Ear, ONE_SHOT, Server, Then, answer, builder, read_request, spawn};

/// A proxy that only tunnels: it notes what it is asked, answers with `says`, and connects to `target` if it agreed.
fn tunnel(target: u16, says: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    spawn(move || {
        for mut client in listener.incoming().flatten() {
            let Some(request) = read_request(&mut client) else {
                continue;
            };
            noted.lock().push(request.head);
            client.write_all(says.as_bytes()).unwrap();
            if says.contains(" 200 ") {
                let site = TcpStream::connect(("127.0.0.1", target)).unwrap();
                pump(client.try_clone().unwrap(), site.try_clone().unwrap());
                pump(site, client);
            }
        }
    });
    (port, asked)
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            if to.write_all(&buffer[..read]).is_err() {
                return;
            }
        }
        to.shutdown(std::net::Shutdown::Write).ok();
    });
}

#[test]
fn a_proxy_is_asked_for_a_tunnel_and_its_time_is_connecting() {
    let server = Server::json(ONE_SHOT);
    let (proxy, asked) = tunnel(server.port, "HTTP/1.1 200 Connection established\r\n\r\n");
    let ear = Arc::new(Ear::default());
    let url = format!("http://ann:pr0xy-s3cret@127.0.0.1:{proxy}");
    let client = builder("http://site.invalid")
        .proxy(Some(&url))
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    for _ in 0..2 {
        assert_eq!(client.find("Shot", &[], &[]).unwrap().len(), 1);
    }
    let asked = asked.lock();
    assert_eq!(asked.len(), 1, "the tunnel is reused");
    assert!(
        asked[0].starts_with("CONNECT site.invalid:80 HTTP/1.1\r\n"),
        "{}",
        asked[0]
    );
    assert!(asked[0].contains("Proxy-Authorization: Basic"));
    let exchanges = ear.exchanges.lock();
    let names = |index: usize| {
        exchanges[index]
            .phases
            .iter()
            .map(|(phase, _)| phase)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(0),
        [Phase::Connect, Phase::Send, Phase::Wait, Phase::Receive]
    );
    assert_eq!(names(1), [Phase::Send, Phase::Wait, Phase::Receive]);
    assert!(
        exchanges
            .iter()
            .all(|exchange| exchange.phases.total() == exchange.total)
    );
    assert_eq!(
        exchanges
            .iter()
            .map(|exchange| exchange.connection.unwrap().reused)
            .collect::<Vec<_>>(),
        [false, true]
    );
    assert!(!format!("{exchanges:?} {client:?}").contains("pr0xy-s3cret"));
}

#[test]
fn a_proxy_that_refuses_is_named_as_the_culprit() {
    let (proxy, _) = tunnel(0, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    let error = builder("http://site.invalid")
        .proxy(Some(&format!("http://127.0.0.1:{proxy}")))
        .build()
        .unwrap()
        .info()
        .unwrap_err();
    assert!(matches!(error, Error::Proxy { .. }), "{error:?}");
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let error = builder("http://site.invalid")
        .proxy(Some(&format!("http://127.0.0.1:{closed}")))
        .build()
        .unwrap()
        .info()
        .unwrap_err();
    assert!(
        matches!(&error, Error::Proxy { reason } if reason.starts_with(&format!("127.0.0.1:{closed}: Connection refused"))),
        "{error:?}"
    );
}

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
