//! HTTP/1.1 over one connection: heads, bodies, keep-alive. Knows nothing of Shotgun.

use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// The largest head that is read.
const LARGEST_HEAD: usize = 64 * 1024;
/// The largest body that is read.
const LARGEST_BODY: usize = 64 * 1024 * 1024;
/// How many header lines a head may have.
const MOST_HEADERS: usize = 128;
/// How long a head may take, from its first byte on.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a body may stall.
const BODY_TIME: Duration = Duration::from_secs(30);
/// How long a connection may be silent between requests.
const IDLE_TIME: Duration = Duration::from_mins(1);
/// How long, and how much, a peer is listened to after an answer that it did not wait for.
const LINGER_TIME: Duration = Duration::from_millis(500);
const LINGER_BYTES: usize = 1024 * 1024;

/// A request, read as a whole.
#[derive(Debug)]
pub struct Request {
    /// `POST` and so on.
    pub method: String,
    /// The path, without a query.
    pub path: String,
    /// The body.
    pub body: Vec<u8>,
    keep_alive: bool,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    content_type: &'static str,
    headers: Vec<(&'static str, String)>,
}

/// What to do on the connection.
#[derive(Debug)]
pub enum Outcome {
    /// Send this.
    Answer(Response),
    /// Send half of this and close.
    Truncate(Response),
    /// Reset the connection.
    Reset,
    /// Leave the peer waiting.
    Hang,
    /// Close without an answer.
    Close,
}

/// Why no request could be read.
enum Unread {
    /// The peer is gone or said nothing for too long.
    Silence,
    /// The peer said something that this cannot be answered with anything but a status.
    Refused(u16),
}

impl From<io::Error> for Unread {
    fn from(_error: io::Error) -> Self {
        Self::Silence
    }
}

/// What a head says.
struct Head {
    request: Request,
    length: usize,
    expects_continue: bool,
}

/// One connection and what has been read from it ahead of time.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Takes over a connected socket.
    pub fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    /// Answers requests until one side has enough. `idle` hears whether the peer is being waited for.
    pub fn serve(
        mut self,
        mut idle: impl FnMut(bool),
        mut answer: impl FnMut(&Request) -> Outcome,
        hang: impl Fn(&TcpStream),
    ) {
        loop {
            idle(true);
            let request = match self.read_request() {
                Ok(request) => request,
                Err(Unread::Silence) => return,
                Err(Unread::Refused(status)) => {
                    let refusal = Response::text(status, "The sandbox cannot read this request\n");
                    self.send(&refusal, None).ok();
                    return self.linger();
                }
            };
            idle(false);
            let sent = match answer(&request) {
                Outcome::Answer(response) => self.send(&response, Some(&request)),
                Outcome::Truncate(response) => return self.send_half(&response),
                Outcome::Reset => return self.reset(),
                Outcome::Hang => return hang(&self.stream),
                Outcome::Close => return,
            };
            if sent.is_err() || !request.keep_alive {
                return;
            }
        }
    }

    fn read_request(&mut self) -> Result<Request, Unread> {
        let Head {
            mut request,
            length,
            expects_continue,
        } = self.read_head()?;
        if length > LARGEST_BODY {
            return Err(Unread::Refused(413));
        }
        if expects_continue && self.buffer.len() < length {
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        self.buffer
            .reserve(length.saturating_sub(self.buffer.len()));
        while self.buffer.len() < length {
            self.read_more(BODY_TIME)?;
        }
        let rest = self.buffer.split_off(length);
        request.body = std::mem::replace(&mut self.buffer, rest);
        Ok(request)
    }

    fn read_head(&mut self) -> Result<Head, Unread> {
        if self.buffer.is_empty() {
            self.read_more(IDLE_TIME)?;
        }
        let deadline = Instant::now() + HEAD_TIME;
        loop {
            if let Some((head, length)) = parse_head(&self.buffer)? {
                self.buffer.drain(..length);
                return Ok(head);
            }
            if self.buffer.len() > LARGEST_HEAD {
                return Err(Unread::Refused(431));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Unread::Refused(408));
            }
            self.read_more(left)?;
        }
    }

    /// Reads what comes next, at least one byte.
    fn read_more(&mut self, time: Duration) -> Result<(), Unread> {
        self.stream.set_read_timeout(Some(time))?;
        let mut chunk = [0; 16 * 1024];
        let count = self.stream.read(&mut chunk)?;
        self.buffer.extend_from_slice(&chunk[..count]);
        if count == 0 {
            Err(Unread::Silence)
        } else {
            Ok(())
        }
    }

    /// Head and body leave in one write, so that no acknowledgement is waited for in between.
    /// The answer to what is no request closes the connection.
    fn send(&mut self, response: &Response, request: Option<&Request>) -> io::Result<()> {
        let keep_alive = request.is_some_and(|request| request.keep_alive);
        let mut bytes = response.head(keep_alive).into_bytes();
        if request.is_none_or(|request| request.method != "HEAD") {
            bytes.extend_from_slice(&response.body);
        }
        self.stream.write_all(&bytes)
    }

    fn send_half(mut self, response: &Response) {
        let mut bytes = response.head(true).into_bytes();
        bytes.extend_from_slice(&response.body[..response.body.len() / 2]);
        self.stream.write_all(&bytes).ok();
    }

    /// A socket that does not linger is reset when it is closed.
    fn reset(self) {
        socket2::SockRef::from(&self.stream)
            .set_linger(Some(Duration::ZERO))
            .ok();
    }

    /// Closing a socket with unread bytes resets it, and the peer might lose the answer: read some of them first.
    fn linger(mut self) {
        self.stream.shutdown(Shutdown::Write).ok();
        let deadline = Instant::now() + LINGER_TIME;
        let mut chunk = [0; 16 * 1024];
        let mut total = 0;
        while total < LINGER_BYTES {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || self.stream.set_read_timeout(Some(left)).is_err() {
                return;
            }
            match self.stream.read(&mut chunk) {
                Ok(0) | Err(_) => return,
                Ok(count) => total += count,
            }
        }
    }
}

impl Response {
    /// JSON with status 200, which is what even faults have.
    pub fn json(body: String) -> Self {
        Self::new(200, "application/json; charset=utf-8", body.into_bytes())
    }

    /// A line of text.
    pub fn text(status: u16, body: &str) -> Self {
        Self::new(
            status,
            "text/plain; charset=utf-8",
            body.as_bytes().to_vec(),
        )
    }

    /// A web page.
    pub fn html(body: &str) -> Self {
        Self::new(200, "text/html; charset=utf-8", body.as_bytes().to_vec())
    }

    /// A picture that never changes.
    pub fn png(body: Vec<u8>) -> Self {
        Self::new(200, "image/png", body).with_header("Cache-Control", "max-age=3600")
    }

    /// The same with one more header.
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn new(status: u16, content_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            status,
            body,
            content_type,
            headers: Vec::new(),
        }
    }

    fn head(&self, keep_alive: bool) -> String {
        let connection = if keep_alive { "keep-alive" } else { "close" };
        let mut head = format!(
            "HTTP/1.1 {} {}\r\nServer: callboard-sandbox\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: {connection}\r\n",
            self.status,
            reason(self.status),
            self.content_type,
            self.body.len(),
        );
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").ok();
        }
        head.push_str("\r\n");
        head
    }
}

/// Reads a head, if it is there as a whole, and says how long it is.
fn parse_head(bytes: &[u8]) -> Result<Option<(Head, usize)>, Unread> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(length)) if length > LARGEST_HEAD => {
            return Err(Unread::Refused(431));
        }
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Unread::Refused(431)),
        Err(_other) => return Err(Unread::Refused(400)),
    };
    let method = parsed.method.unwrap_or_default().to_owned();
    let path = parsed.path.unwrap_or_default();
    let path = path
        .split_once('?')
        .map_or(path, |(path, _query)| path)
        .to_owned();
    let connection = header(&parsed, "connection")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let says = |word: &str| connection.split(',').any(|part| part.trim() == word);
    let keep_alive = if parsed.version == Some(1) {
        !says("close")
    } else {
        says("keep-alive")
    };
    let head = Head {
        length: body_length(&parsed, &method)?,
        expects_continue: header(&parsed, "expect")
            .is_some_and(|value| value.eq_ignore_ascii_case("100-continue")),
        request: Request {
            method,
            path,
            body: Vec::new(),
            keep_alive,
        },
    };
    Ok(Some((head, length)))
}

fn body_length(parsed: &httparse::Request<'_, '_>, method: &str) -> Result<usize, Unread> {
    if header(parsed, "transfer-encoding").is_some() {
        return Err(Unread::Refused(411));
    }
    let mut lengths = parsed
        .headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("content-length"));
    let Some(first) = lengths.next() else {
        return if method == "POST" {
            Err(Unread::Refused(411))
        } else {
            Ok(0)
        };
    };
    if lengths.any(|other| other.value != first.value)
        || !first.value.iter().all(u8::is_ascii_digit)
    {
        return Err(Unread::Refused(400));
    }
    let length = std::str::from_utf8(first.value)
        .ok()
        .and_then(|text| text.parse().ok());
    // Digits that are no number are too many digits.
    length.ok_or(Unread::Refused(if first.value.is_empty() {
        400
    } else {
        413
    }))
}

fn header<'a>(parsed: &httparse::Request<'_, 'a>, name: &str) -> Option<&'a str> {
    let found = parsed
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(found.value).ok()
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        411 => "Length Required",
        413 => "Content Too Large",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _other => "Sandbox",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(head: &str) -> Result<(Head, usize), u16> {
        match parse_head(head.as_bytes()) {
            Ok(parsed) => Ok(parsed.expect("a whole head")),
            Err(Unread::Refused(status)) => Err(status),
            Err(Unread::Silence) => unreachable!(),
        }
    }

    #[test]
    fn a_connection_stays_open_unless_someone_says_otherwise() {
        let keeps = |head| parse(head).map(|(head, _)| head.request.keep_alive);
        assert_eq!(keeps("GET / HTTP/1.1\r\n\r\n"), Ok(true));
        assert_eq!(
            keeps("GET / HTTP/1.1\r\nconnection: Close\r\n\r\n"),
            Ok(false)
        );
        assert_eq!(keeps("GET / HTTP/1.0\r\n\r\n"), Ok(false));
        assert_eq!(
            keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
            Ok(true)
        );
    }

    #[test]
    fn a_body_needs_one_honest_length() {
        let length = |lines: &str| {
            parse(&format!("POST / HTTP/1.1\r\n{lines}\r\n")).map(|(head, _)| head.length)
        };
        assert_eq!(length("Content-Length: 12\r\n"), Ok(12));
        assert_eq!(length(""), Err(411));
        assert_eq!(length("Transfer-Encoding: chunked\r\n"), Err(411));
        assert_eq!(
            length("Content-Length: 1\r\nContent-Length: 2\r\n"),
            Err(400)
        );
        assert_eq!(length("Content-Length: -1\r\n"), Err(400));
        assert_eq!(
            length("Content-Length: 99999999999999999999999\r\n"),
            Err(413)
        );
    }

    #[test]
    fn a_query_is_not_part_of_the_path() {
        let (head, length) =
            parse("GET /thumbnail/Shot/1.png?size=2 HTTP/1.1\r\n\r\nrest").unwrap();
        assert_eq!(head.request.path, "/thumbnail/Shot/1.png");
        assert_eq!(
            length,
            "GET /thumbnail/Shot/1.png?size=2 HTTP/1.1\r\n\r\n".len()
        );
    }
}
