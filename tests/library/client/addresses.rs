//! Addresses of sites: IPv6, and those with a path.

use std::io::Write as _;
use std::net::TcpListener;

use callboard::shotgun::Error;

use super::server::{ONE_SHOT, Server, Then, answer, builder, ok, read_request, spawn};

/// A listener on the loopback of IPv6. None on a machine that has none.
fn listener() -> Option<TcpListener> {
    TcpListener::bind("[::1]:0").ok()
}

#[test]
fn a_site_on_ipv6_answers_calls_and_downloads() {
    let Some(listener) = listener() else { return };
    let port = listener.local_addr().unwrap().port();
    let peer = spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heads = Vec::new();
        for bytes in [ok(ONE_SHOT), answer("200 OK", "image/png", "pixels")] {
            heads.push(read_request(&mut stream).unwrap().head.to_lowercase());
            stream.write_all(&bytes).unwrap();
        }
        heads
    });
    let url = format!("http://[::1]:{port}");
    let client = builder(&url).session_token("t").build().unwrap();
    assert!(client.site().is_loopback());
    assert_eq!(client.find("Shot", &[], &[]).unwrap().len(), 1);
    assert_eq!(client.download("/a.png", 10).unwrap(), b"pixels");
    for head in peer.join().unwrap() {
        assert!(head.contains(&format!("host: [::1]:{port}\r\n")), "{head}");
    }
}

#[test]
fn a_site_on_ipv6_is_named_with_its_brackets() {
    let Some(listener) = listener() else { return };
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let site = builder(&format!("http://[::1]:{port}"));
    let error = site.build().unwrap().info().unwrap_err();
    let expected = format!("[::1]:{port} cannot be reached: Connection refused");
    assert!(error.headline().starts_with(&expected), "{error}");

    let proxied = builder("http://site.invalid").proxy(Some(&format!("http://[::1]:{port}")));
    let error = proxied.build().unwrap().info().unwrap_err();
    assert!(
        matches!(&error, Error::Proxy { reason } if reason.starts_with(&format!("[::1]:{port}: "))),
        "{error}"
    );
}

#[test]
fn calls_keep_the_path_of_a_site_and_downloads_do_not() {
    for (path, call) in [
        ("/sub/", "POST /sub/api3/json HTTP/1.1\r\n"),
        ("/sub", "POST /api3/json HTTP/1.1\r\n"),
        ("/a/b/?x=1", "POST /a/b/api3/json HTTP/1.1\r\n"),
    ] {
        let server = Server::start(|_, request, stream| {
            let is_call = request.head.starts_with("POST");
            let bytes = if is_call {
                ok(ONE_SHOT)
            } else {
                answer("200 OK", "image/png", "pixels")
            };
            stream.write_all(&bytes).unwrap();
            Then::Keep
        });
        let url = server.url();
        let site = builder(&format!("{url}{path}")).session_token("t");
        let client = site.build().unwrap();
        client.find("Shot", &[], &[]).unwrap();
        let attachment = client.get_attachment_download_url(7);
        assert_eq!(attachment, format!("{url}/file_serve/attachment/7"));
        client.download(&attachment, 10).unwrap();
        client.download("/thumbnail/1", 10).unwrap();
        let requests = server.requests.lock();
        let lines: Vec<_> = requests
            .iter()
            .map(|request| request.head.split_inclusive('\n').next().unwrap())
            .collect();
        assert_eq!(
            lines,
            [
                call,
                "GET /file_serve/attachment/7 HTTP/1.1\r\n",
                "GET /thumbnail/1 HTTP/1.1\r\n"
            ]
        );
    }
}
