//! HTTP/1.1 over one connection: heads, bodies, keep-alive. Knows nothing of Shotgun.

mod body;
mod connection;
mod head;
mod pace;
mod spill;
mod stream;

use std::borrow::Cow;
use std::fmt::Write as _;

use super::faults::Edition;

pub use self::body::Body;
pub use self::connection::Connection;
pub use self::pace::Pace;
pub use self::spill::Spill;
pub use self::stream::Stream;

/// A request, read as a whole.
#[derive(Debug)]
pub struct Request {
    /// `POST` and so on.
    pub method: String,
    /// The path, without a query.
    pub path: String,
    /// What follows the path's question mark.
    pub query: String,
    /// What the body is said to be, empty if that is not said.
    pub content_type: String,
    /// The `Cookie` header, empty if there is none.
    pub cookie: String,
    /// The `Host` header, empty if there is none, or more than one.
    pub host: String,
    /// The `X-Callboard` header, empty if there is none.
    pub control: String,
    /// The `Origin` header, empty if there is none: which web page sends this.
    pub origin: String,
    /// The `Sec-Fetch-Site` header, empty if there is none: how far the page that sends this is from here.
    pub fetch_site: String,
    /// The body.
    pub body: Body,
    keep_alive: bool,
}

/// Where a request's body goes while it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intake {
    /// Into memory.
    Memory,
    /// Into a file if it is long: it may be far longer than what fits in memory.
    File,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Body,
    /// How slowly the body goes out, if that is not as fast as it goes.
    pub pace: Option<Pace>,
    content_type: Cow<'static, str>,
    headers: Vec<(&'static str, String)>,
}

/// What to do on the connection.
#[derive(Debug)]
pub enum Outcome {
    /// Send this.
    Answer(Response),
    /// Send half of this and close.
    Truncate(Response),
    /// Send half of this and reset the connection.
    ResetMidway(Response),
    /// Reset the connection.
    Reset,
    /// Leave the peer waiting, for as long as the faults are of this edition.
    Hang(Edition),
    /// Close without an answer.
    Close,
}

/// Why no request could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unread {
    /// The peer is gone.
    Gone,
    /// The peer said nothing for too long.
    Silent,
    /// The peer said something that this cannot be answered with anything but a status.
    Refused(u16),
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

    /// A table.
    pub fn csv(body: String) -> Self {
        Self::new(200, "text/csv; charset=utf-8", body.into_bytes())
    }

    /// A web page.
    pub fn html(body: &str) -> Self {
        Self::new(200, "text/html; charset=utf-8", body.as_bytes().to_vec())
    }

    /// A picture that never changes.
    pub fn png(body: Vec<u8>) -> Self {
        Self::new(200, "image/png", body).with_header("Cache-Control", "max-age=3600")
    }

    /// A file that somebody uploaded, who also said of which type it is. No browser runs what is in it, nor guesses that it
    /// is of another type.
    pub fn file(content_type: String, body: Body) -> Self {
        let is_shown = is_picture(&content_type);
        let response = Self::new(200, content_type, body)
            .with_header("X-Content-Type-Options", "nosniff")
            .with_header("Content-Security-Policy", "sandbox");
        if is_shown {
            response
        } else {
            response.with_header("Content-Disposition", "attachment")
        }
    }

    /// XML with a status, as storage services explain themselves.
    pub fn xml(status: u16, body: String) -> Self {
        Self::new(status, "application/xml", body.into_bytes())
    }

    /// The same with another status.
    pub fn with_status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The same with one more header.
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn new(status: u16, content_type: impl Into<Cow<'static, str>>, body: impl Into<Body>) -> Self {
        Self {
            status,
            body: body.into(),
            pace: None,
            content_type: content_type.into(),
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

/// Whether a content type is that of a picture that cannot bring scripts along.
fn is_picture(content_type: &str) -> bool {
    let content_type = content_type.trim().to_ascii_lowercase();
    content_type.starts_with("image/") && !content_type.contains("svg")
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
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        413 => "Content Too Large",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        507 => "Insufficient Storage",
        _other => "Sandbox",
    }
}
