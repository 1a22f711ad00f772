//! Proxies: asked for a tunnel, counted, cancelled, and named as the culprit when they are.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use callboard::shotgun::{Client, Error, Phase, Remedy, Timeouts};
use parking_lot::Mutex;
use rustls::version::TLS13;

use super::cancel::{closed, end_it};
use super::server::{Ear, ONE_SHOT, Server, builder, drip, read_request, spawn};
use super::tls::{Authority, serve};

const AGREED: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

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
    let (proxy, asked) = tunnel(server.port, AGREED);
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

/// A proxy that says `bytes` to whatever it is asked, and hangs up.
fn saying(bytes: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    spawn(move || {
        for mut client in listener.incoming().flatten() {
            read_request(&mut client).unwrap();
            client.write_all(bytes).unwrap();
        }
    });
    port
}

fn through(proxy: u16) -> callboard::shotgun::ClientBuilder {
    let url = format!("http://ann:pr0xy-s3cret@127.0.0.1:{proxy}");
    builder("http://site.invalid").proxy(Some(&url))
}

#[test]
fn a_proxy_learns_name_and_password_and_nobody_else_does() {
    for (userinfo, sent) in [
        ("ann:pr0xy-s3cret@", Some("YW5uOnByMHh5LXMzY3JldA==")),
        ("ann:p%40ss%3Aword@", Some("YW5uOnBAc3M6d29yZA==")),
        ("", None),
    ] {
        let server = Server::json(ONE_SHOT);
        let (proxy, asked) = tunnel(server.port, AGREED);
        let url = format!("http://{userinfo}127.0.0.1:{proxy}");
        let builder = builder("http://site.invalid").proxy(Some(&url));
        builder.build().unwrap().find("Shot", &[], &[]).unwrap();
        let sent = sent.map(|sent| format!("Proxy-Authorization: Basic {sent}\r\n"));
        let asked = asked.lock();
        match sent {
            Some(sent) => assert!(asked[0].contains(&sent), "{}", asked[0]),
            None => assert!(!asked[0].to_lowercase().contains("authorization")),
        }
        let head = server.requests.lock()[0].head.to_lowercase();
        assert!(!head.contains("authorization"), "{head}");
    }
}

#[test]
fn a_tunnel_is_counted_to_the_byte() {
    let server = Server::json(ONE_SHOT);
    let (proxy, asked) = tunnel(server.port, AGREED);
    let ear = Arc::new(Ear::default());
    let builder = through(proxy).observer(Arc::clone(&ear) as _);
    builder.build().unwrap().find("Shot", &[], &[]).unwrap();
    let bytes = ear.exchanges.lock()[0].bytes;
    let request = &server.requests.lock()[0];
    let written = asked.lock()[0].len() + request.head.len() + request.body.len();
    let read = AGREED.len() + super::server::ok(ONE_SHOT).len();
    assert_eq!(
        (bytes.sent, bytes.received_wire),
        (written as u64, read as u64)
    );
}

#[test]
fn a_secure_site_behind_a_proxy_has_a_handshake_of_its_own() {
    let authority = Authority::new("Studio");
    let site = serve(&authority.loopback(), &[&TLS13]);
    let (proxy, asked) = tunnel(site, AGREED);
    let ear = Arc::new(Ear::default());
    let client = builder("https://127.0.0.1")
        .ca_file(authority.file())
        .proxy(Some(&format!("http://127.0.0.1:{proxy}")))
        .observer(Arc::clone(&ear) as _)
        .build()
        .unwrap();
    assert_eq!(client.find("Shot", &[], &[]).unwrap().len(), 1);
    assert!(asked.lock()[0].starts_with("CONNECT 127.0.0.1:443 HTTP/1.1\r\n"));
    let exchange = &ear.exchanges.lock()[0];
    let names: Vec<_> = exchange.phases.iter().map(|(phase, _)| phase).collect();
    assert_eq!(
        names,
        [
            Phase::Connect,
            Phase::Tls,
            Phase::Send,
            Phase::Wait,
            Phase::Receive
        ]
    );
    assert_eq!(exchange.phases.total(), exchange.total);
}

#[test]
fn what_a_proxy_refuses_is_told_in_plain_words_and_without_its_password() {
    for (bytes, expected) in [
        (
            &b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"[..],
            "it wants a user name and a password that are right (HTTP 407)",
        ),
        (
            b"HTTP/1.1 403 Forbidden\r\n\r\n",
            "it does not allow this site (HTTP 403)",
        ),
        (
            b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno",
            "it cannot reach the site (HTTP 502)",
        ),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://x\r\n\r\n",
            "it answers HTTP 302",
        ),
        (
            b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
            "does not speak HTTP as we know it",
        ),
        (b"", ""),
    ] {
        let client = through(saying(bytes)).build().unwrap();
        let error = client.info().unwrap_err();
        assert!(
            matches!(&error, Error::Proxy { reason } if reason.contains(expected)),
            "{error:?} for {:?}",
            String::from_utf8_lossy(bytes)
        );
        assert_eq!(error.remedy(), Remedy::CheckNetwork);
        let all = format!("{error} {error:?} {client:?}");
        assert!(!all.contains("s3cret") && !all.contains("YW5uOn"), "{all}");
    }
    assert!(!format!("{:#?}", through(1)).contains("s3cret"));
}

#[test]
fn a_proxy_that_stalls_is_given_up_in_time_or_at_once() {
    for beginning in ["", "HTTP/1.1 200 Conn"] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = listener.local_addr().unwrap().port();
        let (sender, stalled) = channel();
        spawn(move || {
            for mut client in listener.incoming().flatten() {
                read_request(&mut client).unwrap();
                client.write_all(beginning.as_bytes()).unwrap();
                sender.send(()).ok();
                spawn(move || client.read_to_end(&mut Vec::new()));
            }
        });
        let client = through(proxy).build().unwrap();
        let (cancellation, error) = end_it(&client, &stalled, Client::info);
        assert_eq!(closed(cancellation), (1, 1, 0));
        assert!(matches!(error, Some(Error::Cancelled)), "{error:?}");

        let connect = Duration::from_millis(300);
        let timeouts = Timeouts {
            connect,
            ..Timeouts::default()
        };
        let client = through(proxy).timeouts(timeouts).build().unwrap();
        let error = client.info().unwrap_err();
        assert!(
            matches!(error, Error::Timeout { phase: Phase::Connect, after } if after == connect),
            "{error:?}"
        );
    }
}

#[test]
fn a_proxy_that_drips_is_given_up_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = listener.local_addr().unwrap().port();
    spawn(move || {
        for mut client in listener.incoming().flatten() {
            read_request(&mut client).unwrap();
            drip(
                &mut client,
                format!("HTTP/1.1 200 {}", "x".repeat(400)).as_bytes(),
            )
            .ok();
        }
    });
    let short = Duration::from_millis(300);
    let timeouts = Timeouts {
        connect: short,
        ..Timeouts::default()
    };
    let client = through(proxy).timeouts(timeouts).build().unwrap();
    let error = client.info().unwrap_err();
    assert!(
        matches!(error, Error::Timeout { phase: Phase::Connect, after } if after == short),
        "{error:?}"
    );
    let client = through(proxy).deadline(short).build().unwrap();
    let error = client.info().unwrap_err();
    assert!(
        matches!(error, Error::Deadline { after } if after == short),
        "{error:?}"
    );
}
