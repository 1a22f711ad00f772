//! One connection: whole requests are read from it, answers go out on it, and nobody is waited for without end.

use std::io::{self, ErrorKind, Read, Write as _};
use std::time::{Duration, Instant};

use super::super::faults::Faults;
use super::body::{Body, IN_MEMORY};
use super::head::{self, Head, LARGEST_HEAD};
use super::pace::drip;
use super::{Intake, Request, Response, Stream, Unread};

/// The largest body that is read into memory.
const LARGEST_BODY: u64 = 64 * 1024 * 1024;
/// The largest body that is read into a file: 2 GB, and room for the rest of a form.
const LARGEST_FILE: u64 = 2 * 1024 * 1024 * 1024 + IN_MEMORY;
/// How long, and how much, a peer is listened to after an answer that it did not wait for. Many peers read an answer only
/// once they have sent all of their request, however large it is; one that pauses has.
const LINGER_TIME: Duration = Duration::from_secs(10);
const LINGER_PAUSE: Duration = Duration::from_millis(500);
const LINGER_BYTES: usize = 256 * 1024 * 1024;

/// One connection and what has been read from it ahead of time.
#[derive(Debug)]
pub struct Connection {
    stream: Stream,
    buffer: Vec<u8>,
    patience: Patience,
}

/// How long a peer may take.
#[derive(Debug)]
struct Patience {
    /// To begin a request.
    idle: Duration,
    /// To send a head, from its first byte on.
    head: Duration,
    /// To go on with a body.
    body: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            idle: Duration::from_mins(1),
            head: Duration::from_secs(10),
            body: Duration::from_secs(30),
        }
    }
}

impl Connection {
    /// Takes over a connected socket.
    pub fn new(stream: Stream) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            patience: Patience::default(),
        }
    }

    /// Waits for the first byte of a request. `false` if none comes.
    pub fn await_request(&mut self) -> bool {
        // One deadline for all of it: handshakes consist of several readings.
        let deadline = Instant::now() + self.patience.idle;
        while self.buffer.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || self.read_more(left).is_err() {
                return false;
            }
        }
        true
    }

    /// Whether the request that has begun is for a path that begins with `prefix`.
    pub fn asks_for(&mut self, prefix: &str) -> bool {
        let deadline = Instant::now() + self.patience.head;
        loop {
            if let Some(asks) = head::path_begins(&self.buffer, prefix) {
                return asks;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || self.read_more(left).is_err() {
                return false;
            }
        }
    }

    /// Reads a request, its body to where `intake` says. If there is none, the peer has been told why, unless it is gone.
    pub fn read_request(&mut self, intake: impl Fn(&Request) -> Intake) -> Option<Request> {
        let status = match self.try_read_request(intake) {
            Ok(request) => return Some(request),
            Err(Unread::Gone) => return None,
            Err(Unread::Silent) => 408,
            Err(Unread::Refused(status)) => status,
        };
        let refusal = Response::text(
            status,
            match status {
                413 => "This request is larger than the sandbox takes\n",
                507 => "The sandbox has no room for the files of this request\n",
                _other => "The sandbox cannot read this request\n",
            },
        );
        let head = refusal.head(false);
        send(&mut self.stream, head, Some(&refusal.body)).ok();
        self.linger();
        None
    }

    /// Answers. `false` if that was the last answer on this connection.
    pub fn answer(&mut self, request: &Request, response: &Response, faults: &Faults) -> bool {
        let head = response.head(request.keep_alive);
        let body = (request.method != "HEAD").then_some(&response.body);
        let goes_on = self.send(head, body, response, faults).is_ok() && request.keep_alive;
        if !goes_on {
            self.stream.finish();
        }
        goes_on
    }

    /// Answers half. What is left to do is to close the connection, or to reset it.
    pub fn answer_half(&mut self, response: &Response, faults: &Faults) {
        let half = response.body.slice(0..response.body.len() / 2);
        let head = response.head(true);
        self.send(head, Some(&half), response, faults).ok();
    }

    /// A socket that does not linger is reset when it is closed.
    pub fn reset(self) {
        self.stream.reset_on_close();
    }

    /// Throws away what comes next, and waits `time` at most for it. `false` if the peer is gone: as long as something
    /// is unread there is no telling.
    pub fn swallow(&mut self, time: Duration) -> bool {
        let read = self.read_more(time);
        self.buffer.clear();
        read != Err(Unread::Gone)
    }

    fn try_read_request(&mut self, intake: impl Fn(&Request) -> Intake) -> Result<Request, Unread> {
        let Head {
            mut request,
            length,
            expects_continue,
        } = self.read_head()?;
        let intake = intake(&request);
        let largest = match intake {
            Intake::Memory => LARGEST_BODY,
            Intake::File => LARGEST_FILE,
        };
        if length > largest {
            return Err(Unread::Refused(413));
        }
        if expects_continue && (self.buffer.len() as u64) < length {
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        request.body = if intake == Intake::File && length > IN_MEMORY {
            self.read_into_file(length)?
        } else {
            self.read_into_memory(length as usize)?
        };
        Ok(request)
    }

    fn read_into_memory(&mut self, length: usize) -> Result<Body, Unread> {
        self.buffer
            .reserve(length.saturating_sub(self.buffer.len()));
        while self.buffer.len() < length {
            self.read_more(self.patience.body)?;
        }
        let rest = self.buffer.split_off(length);
        Ok(std::mem::replace(&mut self.buffer, rest).into())
    }

    /// Passes the body on to a file. What is wrong with the file is the peer's trouble too: there is no room for its body.
    fn read_into_file(&mut self, length: u64) -> Result<Body, Unread> {
        let full = |_error| Unread::Refused(507);
        let mut file = tempfile::tempfile().map_err(full)?;
        let mut left = length;
        loop {
            let count = self
                .buffer
                .len()
                .min(usize::try_from(left).unwrap_or(usize::MAX));
            file.write_all(&self.buffer[..count]).map_err(full)?;
            self.buffer.drain(..count);
            left -= count as u64;
            if left == 0 {
                return Ok(Body::in_file(file, length));
            }
            self.read_more(self.patience.body)?;
        }
    }

    fn read_head(&mut self) -> Result<Head, Unread> {
        let deadline = Instant::now() + self.patience.head;
        loop {
            if let Some((head, length)) = head::parse(&self.buffer)? {
                self.buffer.drain(..length);
                return Ok(head);
            }
            if self.buffer.len() > LARGEST_HEAD {
                return Err(Unread::Refused(431));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Unread::Silent);
            }
            self.read_more(left)?;
        }
    }

    /// Reads what comes next: at least one byte, unless a signal cuts the wait short.
    fn read_more(&mut self, time: Duration) -> Result<(), Unread> {
        self.stream.set_read_timeout(time)?;
        append(&mut self.stream, &mut self.buffer)
    }

    /// Sends head and body at the pace of `response`.
    fn send(
        &mut self,
        head: String,
        body: Option<&Body>,
        response: &Response,
        faults: &Faults,
    ) -> io::Result<()> {
        let (Some(pace), Some(body)) = (response.pace, body) else {
            return send(&mut self.stream, head, body);
        };
        self.stream.write_all(head.as_bytes())?;
        drip(&mut self.stream, body, pace, faults)
    }

    /// Closing a socket with unread bytes resets it, and the peer might lose the answer: read some of them first.
    fn linger(&mut self) {
        self.stream.finish();
        let deadline = Instant::now() + LINGER_TIME;
        let mut total = 0;
        while total < LINGER_BYTES {
            let left = deadline.saturating_duration_since(Instant::now());
            self.buffer.clear();
            if left.is_zero() || self.read_more(left.min(LINGER_PAUSE)).is_err() {
                return;
            }
            total += self.buffer.len();
        }
    }
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        // What a time-out is called depends on the platform.
        if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) {
            Self::Silent
        } else {
            Self::Gone
        }
    }
}

/// Head and body leave in one write, so that no acknowledgement is waited for in between. Files follow in pieces.
fn send(stream: &mut Stream, head: String, body: Option<&Body>) -> io::Result<()> {
    let mut bytes = head.into_bytes();
    let in_memory = body.and_then(Body::in_memory);
    bytes.extend_from_slice(in_memory.unwrap_or_default());
    stream.write_all(&bytes)?;
    match body {
        Some(in_file) if in_memory.is_none() => in_file.write_to(stream),
        _sent => Ok(()),
    }
}

/// Reads once. After a signal there is nothing, and the caller knows how much of its time is left.
fn append(source: &mut impl Read, buffer: &mut Vec<u8>) -> Result<(), Unread> {
    let mut chunk = [0; 16 * 1024];
    match source.read(&mut chunk) {
        Ok(0) => Err(Unread::Gone),
        Ok(count) => {
            buffer.extend_from_slice(&chunk[..count]);
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::Interrupted => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener, TcpStream};
    use std::sync::Arc;

    use super::*;

    const MS: Duration = Duration::from_millis(1);
    /// How long a test waits for what must come.
    const NET: Duration = Duration::from_mins(1);

    /// Both ends of a connection.
    fn pair(patience: Patience) -> (Connection, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        peer.set_read_timeout(Some(NET)).unwrap();
        let (stream, _address) = listener.accept().unwrap();
        let connection = Connection {
            patience,
            ..Connection::new(Stream::plain(Arc::new(stream)))
        };
        (connection, peer)
    }

    /// What a peer hears that says `begun`, and then `drop` every millisecond, until it is hung up on.
    fn heard(patience: Patience, begun: &[u8], drop: &[u8]) -> String {
        let (mut connection, mut peer) = pair(patience);
        peer.write_all(begun).unwrap();
        if !drop.is_empty() {
            peer.set_read_timeout(Some(MS)).unwrap();
        }
        let mut answer = Vec::new();
        let deadline = Instant::now() + NET;
        std::thread::scope(|scope| {
            scope.spawn(move || {
                assert!(
                    connection.await_request()
                        && connection.read_request(|_| Intake::Memory).is_none()
                );
            });
            while append(&mut peer, &mut answer) != Err(Unread::Gone) {
                assert!(Instant::now() < deadline, "it listens for ever");
                peer.write_all(drop).ok();
            }
        });
        String::from_utf8(answer).unwrap()
    }

    #[test]
    fn a_head_that_stops_half_way_is_answered_with_408() {
        let patience = Patience {
            head: 50 * MS,
            ..Patience::default()
        };
        let answer = heard(patience, b"GET / HTTP/1.1\r\nX-Half: ", b"");
        assert!(
            answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"),
            "{answer:?}"
        );
        assert!(answer.contains("\r\nConnection: close\r\n"), "{answer:?}");
    }

    #[test]
    fn a_head_that_drips_has_no_more_time_than_any_other() {
        let patience = Patience {
            head: 50 * MS,
            ..Patience::default()
        };
        let answer = heard(patience, b"GET / HTTP/1.1\r\nX-Drip: ", b"a");
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer:?}");
    }

    #[test]
    fn a_body_that_stops_half_way_is_answered_with_408() {
        let patience = Patience {
            body: 50 * MS,
            ..Patience::default()
        };
        let answer = heard(
            patience,
            b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf",
            b"",
        );
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer:?}");
    }

    #[test]
    fn a_handshake_that_drips_has_no_more_time_than_a_silence() {
        let (connection, mut peer) = pair(Patience {
            idle: 50 * MS,
            ..Patience::default()
        });
        let identity = super::super::super::tls::Identity::generate().unwrap();
        let secure = |stream: Stream| Stream::tls(stream.into_socket(), identity.config);
        let mut connection = Connection {
            stream: secure(connection.stream).unwrap(),
            ..connection
        };
        // Much longer than a silence may be, and shorter than the peer goes on.
        let deadline = Instant::now() + 10_000 * MS;
        peer.set_read_timeout(Some(10 * MS)).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(move || assert!(!connection.await_request()));
            // The beginning of a long record, and then a byte of it at a time.
            peer.write_all(&[0x16, 3, 1, 0x3f, 0xff]).unwrap();
            while append(&mut peer, &mut Vec::new()) != Err(Unread::Gone) {
                assert!(Instant::now() < deadline, "it listens for ever");
                peer.write_all(b"a").ok();
            }
        });
    }

    #[test]
    fn a_peer_that_begins_nothing_is_left_without_an_answer() {
        let patience = Patience {
            idle: 50 * MS,
            ..Patience::default()
        };
        let (mut connection, mut peer) = pair(patience);
        assert!(!connection.await_request());
        drop(connection);
        assert_eq!(peer.read(&mut [0]).unwrap(), 0);
    }

    #[test]
    fn a_connection_that_is_kept_waits_a_minute_for_the_next_request() {
        let (connection, _peer) = pair(Patience::default());
        assert_eq!(connection.patience.idle, Duration::from_mins(1));
        assert_eq!(connection.patience.head, Duration::from_secs(10));
    }

    #[test]
    fn a_wait_that_a_signal_cuts_short_is_no_silence() {
        struct Signal;
        impl Read for Signal {
            fn read(&mut self, _chunk: &mut [u8]) -> io::Result<usize> {
                Err(ErrorKind::Interrupted.into())
            }
        }
        let mut buffer = Vec::new();
        assert_eq!(append(&mut Signal, &mut buffer), Ok(()));
        assert_eq!(append(&mut &b"GET"[..], &mut buffer), Ok(()));
        assert_eq!(buffer, b"GET");
        assert_eq!(append(&mut &b""[..], &mut buffer), Err(Unread::Gone));
        assert_eq!(
            Unread::from(io::Error::from(ErrorKind::TimedOut)),
            Unread::Silent
        );
    }
}
