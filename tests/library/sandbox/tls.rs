//! A site under TLS: whom its certificate convinces, and that it can be as broken as any other.

use std::io::{ErrorKind, Read, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use callboard::sandbox::{FaultPlan, Misbehavior, Options, Sandbox};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::{NET, is_silence, small, with};

type Line = StreamOwned<ClientConnection, TcpStream>;

/// A whole request.
const INFO: &str = "POST /api3/json HTTP/1.1\r\nContent-Length: 34\r\n\r\n{\"method_name\":\"info\",\"params\":[]}";

fn secure() -> Sandbox {
    with(Options {
        tls: true,
        ..Options::default()
    })
}

fn socket(sandbox: &Sandbox) -> TcpStream {
    let address = sandbox.url().strip_prefix("https://").unwrap().to_owned();
    let socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(NET)).unwrap();
    socket
}

/// A client that trusts this certificate and no other.
fn line(sandbox: &Sandbox, certificate_pem: &str, name: &'static str) -> Line {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(certificate_pem.as_bytes());
    roots.add(certificate.unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name).unwrap();
    let session = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(session, socket(sandbox))
}

fn trusting(sandbox: &Sandbox) -> Line {
    line(sandbox, sandbox.certificate_pem().unwrap(), "127.0.0.1")
}

/// All that comes until the connection ends, and how it ends.
fn heard(line: &mut impl Read) -> (String, Option<ErrorKind>) {
    let mut heard = Vec::new();
    let end = line.read_to_end(&mut heard).err();
    let heard = String::from_utf8(heard).unwrap();
    (heard, end.map(|error| error.kind()))
}

#[test]
fn whoever_trusts_the_certificate_is_answered_under_both_of_its_names() {
    let sandbox = secure();
    let certificate = sandbox.certificate_pem().unwrap();
    for name in ["127.0.0.1", "localhost"] {
        let mut line = line(&sandbox, certificate, name);
        write!(line, "{INFO}").unwrap();
        write!(
            line,
            "{}",
            INFO.replace("1.1\r\n", "1.1\r\nConnection: close\r\n")
        )
        .unwrap();
        let (heard, end) = heard(&mut line);
        assert_eq!(heard.matches("HTTP/1.1 200 OK").count(), 2, "{heard}");
        assert_eq!(end, None, "it says goodbye");
    }
    assert_eq!(sandbox.request_count("info"), 4);
    assert_eq!(small().certificate_pem(), None);
}

#[test]
fn whoever_does_not_trust_it_sends_nothing() {
    let (sandbox, other) = (secure(), secure());
    let stranger = other.certificate_pem().unwrap();
    assert_ne!(
        sandbox.certificate_pem(),
        Some(stranger),
        "each start makes its own"
    );
    for mut line in [
        line(&sandbox, stranger, "127.0.0.1"),
        line(
            &sandbox,
            sandbox.certificate_pem().unwrap(),
            "elsewhere.example",
        ),
    ] {
        let error = write!(line, "{INFO}")
            .and_then(|()| line.read(&mut [0]))
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
    }
    assert_eq!(sandbox.request_count("info"), 0);
}

#[test]
fn it_resets_truncates_and_hangs_like_any_other() {
    let sandbox = secure();
    for (way, says, ends) in [
        (Misbehavior::ResetBefore, false, ErrorKind::ConnectionReset),
        (Misbehavior::ResetMidway, true, ErrorKind::ConnectionReset),
        (Misbehavior::Reset, false, ErrorKind::ConnectionReset),
        // No TLS goodbye either: that would make it whole.
        (Misbehavior::Truncate, true, ErrorKind::UnexpectedEof),
    ] {
        let mut line = trusting(&sandbox);
        sandbox.faults().once(way);
        write!(line, "{INFO}").unwrap();
        let (heard, end) = heard(&mut line);
        assert_eq!(end, Some(ends), "{way}");
        assert_eq!(heard.starts_with("HTTP/1.1 200 OK"), says, "{way}: {heard}");
    }
    let mut hung = trusting(&sandbox);
    sandbox
        .faults()
        .update(|plan| plan.always = Some(Misbehavior::BlackHole));
    write!(hung, "{INFO}").unwrap();
    let mut control = trusting(&sandbox);
    let end = "DELETE /callboard/faults HTTP/1.1\r\nHost: localhost\r\nX-Callboard: sandbox\r\nConnection: close\r\n\r\n";
    write!(control, "{end}").unwrap();
    assert!(heard(&mut control).0.starts_with("HTTP/1.1 200 OK"));
    assert_eq!(sandbox.faults().plan(), FaultPlan::default());
}

#[test]
fn a_slow_body_is_slow_under_tls_too() {
    let sandbox = secure();
    sandbox.faults().update(|plan| plan.slow_body = Some(1));
    let mut line = trusting(&sandbox);
    write!(
        line,
        "{}",
        INFO.replace("1.1\r\n", "1.1\r\nConnection: close\r\n")
    )
    .unwrap();
    let mut heard = String::new();
    while !heard.contains("\r\n\r\n{") {
        let mut byte = [0];
        line.read_exact(&mut byte).unwrap();
        heard.push(byte[0].into());
    }
    // The other minutes of it come at once.
    sandbox.faults().set(FaultPlan::default());
    line.read_to_string(&mut heard).unwrap();
    assert!(heard.ends_with('}'), "{heard}");
}

#[test]
fn who_speaks_no_tls_or_half_of_it_keeps_nobody_waiting() {
    let sandbox = secure();
    let mut half = socket(&sandbox);
    // The beginning of a record that never comes.
    half.write_all(&[0x16, 3, 1, 0x40, 0]).unwrap();
    let mut clear = socket(&sandbox);
    clear.write_all(INFO.as_bytes()).unwrap();
    // An alert, and the end.
    let mut rest = Vec::new();
    clear.read_to_end(&mut rest).ok();
    assert!(!rest.starts_with(b"HTTP"), "{rest:?}");
    let mut line = trusting(&sandbox);
    write!(line, "{INFO}").unwrap();
    line.read_exact(&mut [0]).unwrap();
    sandbox.stop();
    match half.read(&mut [0]) {
        Ok(count) => assert_eq!(count, 0),
        Err(error) => assert!(!is_silence(&error), "{error}"),
    }
}
