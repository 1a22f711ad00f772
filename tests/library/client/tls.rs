//! Secure connections: with an authority of our own, and with everything that can be wrong with one.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use callboard::shotgun::{
    CancelToken, Client, ClientBuilder, Error, Phase, Remedy, Timeouts, TlsTrouble,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};
use tempfile::NamedTempFile;

use super::server::{Ear, ONE_SHOT, builder, drip, ok, read_request, spawn};

/// Someone who signs certificates, and the file that says so.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: NamedTempFile,
}

/// What a server shows, and the key to it.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = params("unused");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(issuer.pem().as_bytes()).unwrap();
        Self { issuer, file }
    }

    pub fn file(&self) -> &Path {
        self.file.path()
    }

    pub fn sign(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity {
            certificate: certificate.der().clone(),
            key,
        }
    }

    /// A certificate that is right for the servers of these tests.
    pub fn loopback(&self) -> Identity {
        self.sign(&params("127.0.0.1"))
    }
}

fn params(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).unwrap()
}

fn signed_by_itself(params: &CertificateParams) -> Identity {
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    Identity {
        certificate: certificate.der().clone(),
        key,
    }
}

/// Answers over TLS on the port that it returns.
pub fn serve(identity: &Identity, versions: &[&'static SupportedProtocolVersion]) -> u16 {
    let key = PrivatePkcs8KeyDer::from(identity.key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate.clone()], key.into())
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    spawn(move || {
        for socket in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, socket);
            spawn(move || {
                while read_request(&mut stream).is_some() {
                    stream.write_all(&ok(ONE_SHOT)).unwrap();
                    stream.flush().unwrap();
                }
            });
        }
    });
    port
}

/// Says `bytes` to whoever begins a handshake, and leaves it at that or hangs up.
fn say(bytes: &'static [u8], hang_up: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    spawn(move || {
        for mut stream in listener.incoming().flatten() {
            stream.read_exact(&mut [0; 5]).unwrap();
            stream.write_all(bytes).unwrap();
            if !hang_up {
                stream.read_to_end(&mut Vec::new()).ok();
            }
        }
    });
    port
}

fn at(port: u16) -> ClientBuilder {
    builder(&format!("https://127.0.0.1:{port}")).retries(1)
}

/// The one error of a call, which was tried so many times.
fn fail(builder: ClientBuilder) -> (Error, usize) {
    let ear = Arc::new(Ear::default());
    let client = builder.observer(Arc::clone(&ear) as _).build().unwrap();
    let error = client.info().unwrap_err();
    let exchanges = ear.exchanges.lock();
    for exchange in &*exchanges {
        assert_eq!(exchange.phases.total(), exchange.total);
        assert!(exchange.phases.tls.is_some() && exchange.phases.send.is_none());
    }
    (error, exchanges.len())
}

fn assert_tls(error: &Error, expected: TlsTrouble, sentence: &str) {
    assert!(
        matches!(error, Error::Tls { trouble, .. } if *trouble == expected),
        "{error:?}"
    );
    assert!(error.headline().ends_with(sentence), "{error}");
    assert!(
        error
            .headline()
            .starts_with("No secure connection to 127.0.0.1:")
    );
    assert_eq!(error.remedy(), Remedy::CheckNetwork);
}

#[test]
fn a_certificate_of_our_own_authority_is_trusted_and_its_handshake_is_timed() {
    for version in [&TLS12, &TLS13] {
        let authority = Authority::new("Studio");
        let port = serve(&authority.loopback(), &[version]);
        let ear = Arc::new(Ear::default());
        let builder = at(port).ca_file(authority.file());
        let client = builder.observer(Arc::clone(&ear) as _).build().unwrap();
        for _ in 0..2 {
            assert_eq!(client.find("Shot", &[], &["code"]).unwrap().len(), 1);
        }
        let exchanges = ear.exchanges.lock();
        let names = |index: usize| {
            let phases = exchanges[index].phases.iter();
            phases.map(|(phase, _)| phase).collect::<Vec<_>>()
        };
        let each = [Phase::Send, Phase::Wait, Phase::Receive];
        assert_eq!(
            names(0),
            [&[Phase::Connect, Phase::Tls][..], &each].concat()
        );
        assert_eq!(names(1), each);
        for exchange in &*exchanges {
            assert_eq!(exchange.phases.total(), exchange.total);
            assert_eq!(exchange.bytes.received, ONE_SHOT.len() as u64);
            assert!(exchange.bytes.received_wire > exchange.bytes.received);
        }
        // The handshake is on the wire too.
        let [first, second] = [0, 1].map(|index| exchanges[index].bytes);
        assert!(first.sent > second.sent + 100, "{first:?} {second:?}");
        assert!(first.received_wire > second.received_wire + 300);
    }
}

#[test]
fn what_is_wrong_with_a_certificate_is_told_in_plain_words_and_once() {
    let authority = Authority::new("Studio");
    let mut expired = params("127.0.0.1");
    expired.not_after = rcgen::date_time_ymd(2024, 2, 29);
    let mut early = params("127.0.0.1");
    early.not_before = rcgen::date_time_ymd(2999, 1, 1);
    let mut own_authority = params("127.0.0.1");
    own_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for (identity, trouble, sentence) in [
        (
            authority.sign(&expired),
            TlsTrouble::Expired,
            ": its certificate expired on 2024-02-29",
        ),
        (
            authority.sign(&params("other.example")),
            TlsTrouble::WrongName,
            ": its certificate is for other.example, not for 127.0.0.1",
        ),
        (
            Authority::new("Someone").loopback(),
            TlsTrouble::Untrusted,
            ": nobody we trust has signed its certificate",
        ),
        (
            Authority::new("Studio").loopback(),
            TlsTrouble::Untrusted,
            ": those we trust have not signed its certificate, though it says so",
        ),
        (
            signed_by_itself(&params("127.0.0.1")),
            TlsTrouble::Untrusted,
            ": nobody we trust has signed its certificate",
        ),
        (
            signed_by_itself(&own_authority),
            TlsTrouble::Untrusted,
            ": it has signed its certificate itself",
        ),
    ] {
        let port = serve(&identity, &[&TLS12, &TLS13]);
        let (error, attempts) = fail(at(port).ca_file(authority.file()));
        assert_tls(&error, trouble, sentence);
        assert_eq!(attempts, 1, "a certificate does not change by itself");
        assert!(!error.is_retryable());
    }
    let port = serve(&authority.sign(&early), &[&TLS12, &TLS13]);
    let (error, _) = fail(at(port).ca_file(authority.file()));
    assert!(
        error.headline().contains(
            "its certificate is valid from 2999-01-01 on, and this machine says it is 20"
        ),
        "{error}"
    );
}

#[test]
fn without_a_file_only_whom_the_system_trusts_counts() {
    let authority = Authority::new("Studio");
    let port = serve(&authority.loopback(), &[&TLS13]);
    let (error, _) = fail(at(port));
    let Error::Tls { trouble, .. } = &error else {
        panic!("{error:?}");
    };
    // A machine without any authorities says so.
    assert!(
        matches!(trouble, TlsTrouble::Untrusted | TlsTrouble::NoAuthorities),
        "{error}"
    );
    assert!(error.advice().contains("SHOTGUN_API_CACERTS"));
}

#[test]
fn what_does_not_speak_tls_as_we_do_is_told_once() {
    /// The greeting of a server that knows TLS 1.0 and no later one.
    const OLD: [u8; 47] = {
        let mut hello = [7; 47];
        let head = [22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1];
        let tail = [0, 0, 0x2f, 0];
        let mut at = 0;
        while at < head.len() {
            hello[at] = head[at];
            at += 1;
        }
        at = 0;
        while at < tail.len() {
            hello[43 + at] = tail[at];
            at += 1;
        }
        hello
    };
    const TOO_NEW: &[u8] = &[21, 3, 1, 0, 2, 2, 70];
    let no_tls = ": what answers there does not speak TLS";
    for (bytes, trouble, sentence) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"[..],
            TlsTrouble::NotTls,
            no_tls,
        ),
        (b"SSH-2.0-OpenSSH_9.6\r\n", TlsTrouble::NotTls, no_tls),
        (&[0; 64], TlsTrouble::NotTls, no_tls),
        (
            TOO_NEW,
            TlsTrouble::Incompatible,
            "(received fatal alert: ProtocolVersion)",
        ),
        (&OLD, TlsTrouble::Incompatible, ")"),
    ] {
        let (error, attempts) = fail(at(say(bytes, false)));
        assert_tls(&error, trouble, sentence);
        assert_eq!(attempts, 1);
    }
}

#[test]
fn a_server_that_hangs_up_in_the_handshake_is_tried_again() {
    for bytes in [&b""[..], &[22, 3, 3, 0, 80, 2]] {
        let (error, attempts) = fail(at(say(bytes, true)));
        assert_tls(
            &error,
            TlsTrouble::BrokenOff,
            ": it closed the connection during the handshake",
        );
        assert_eq!(attempts, 2);
    }
}

#[test]
fn a_file_that_holds_no_authority_is_refused_before_any_call() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text, expected) in [
        ("missing.pem", None, "cannot be read: "),
        (
            "empty.pem",
            Some(""),
            "holds no certificate: it must be text with `BEGIN CERTIFICATE` in it",
        ),
        (
            "binary.der",
            Some("0\u{1}\u{2}"),
            "holds no certificate: it must be text with `BEGIN CERTIFICATE` in it",
        ),
        (
            "cut.pem",
            Some("-----BEGIN CERTIFICATE-----\nAAAA\n"),
            "is broken: ",
        ),
        (
            "nonsense.pem",
            Some("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            "holds no certificate that can be used",
        ),
    ] {
        let path = folder.path().join(name);
        if let Some(text) = text {
            std::fs::write(&path, text).unwrap();
        }
        let error = Client::builder("https://h").ca_file(&path).build();
        let error = error.unwrap_err();
        let start = format!(
            "The client cannot be set up: the CA file {} {expected}",
            path.display()
        );
        assert!(error.headline().starts_with(&start), "{error}");
        assert!(matches!(error, Error::BadSetup { .. }), "{error:?}");
    }
}

#[test]
fn a_handshake_that_drips_is_given_up_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // The beginning of a long greeting.
        drip(
            &mut stream,
            &[&[22, 3, 3, 8, 0, 2, 0, 7, 252, 3, 3][..], &[7; 300]].concat(),
        )
        .ok();
    });
    let connect = Duration::from_millis(300);
    let timeouts = Timeouts {
        connect,
        ..Timeouts::default()
    };
    let (error, _) = fail(at(port).timeouts(timeouts).retries(0));
    assert!(
        matches!(error, Error::Timeout { phase: Phase::Tls, after } if after == connect),
        "{error:?}"
    );
}

/// A write that fails because its call was ended must not be tried again by whoever writes.
#[test]
fn a_call_that_sends_over_tls_is_ended() {
    let authority = Authority::new("Studio");
    let identity = authority.loopback();
    let key = PrivatePkcs8KeyDer::from(identity.key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![identity.certificate.clone()], key.into())
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, stalled) = channel();
    let peer = spawn(move || {
        let (socket, _) = listener.accept().unwrap();
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), socket);
        // The beginning of the request, and no more of it.
        stream.read_exact(&mut [0; 4]).unwrap();
        sender.send(()).unwrap();
        stream
    });
    let token = CancelToken::new();
    let client = at(port).ca_file(authority.file()).build().unwrap();
    let client = client.with_cancel(&token);
    let (sender, outcome) = channel();
    spawn(move || {
        let much = "x".repeat(64 << 20);
        sender
            .send(client.create("Note", &[("content", much.into())], &[]))
            .unwrap();
    });
    stalled.recv_timeout(Duration::from_mins(1)).unwrap();
    assert_eq!(token.cancel().connections_closed, 1);
    let outcome = outcome.recv_timeout(Duration::from_mins(1)).unwrap();
    assert!(matches!(outcome, Err(Error::Cancelled)), "{outcome:?}");
    drop(peer.join().unwrap());
}
