//! One HTTP request and its reply, as values.

use std::io::{self, Read, Write};
use std::sync::Arc;

use crate::shotgun::timeouts::Deadline;

/// What is done with what is at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
    /// Of a part of a file, at its storage.
    Put,
}

impl Method {
    /// As it goes over the wire.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// One request.
pub(super) struct Outgoing<'a> {
    pub(super) method: Method,
    pub(super) url: &'a str,
    /// Host and port, for messages.
    pub(super) host: &'a str,
    pub(super) headers: Vec<(&'static str, &'a str)>,
    pub(super) body: Payload<'a>,
    /// Where the body of a good answer (HTTP 2xx) goes, if not into memory.
    pub(super) sink: Option<&'a mut dyn Sink>,
    /// The most we take of an answer, unpacked.
    pub(super) limit: u64,
    pub(super) patience: Patience,
}

impl Outgoing<'_> {
    /// How much of `reply` has come, unpacked, wherever it went.
    pub(super) fn received(&self, reply: &Reply) -> u64 {
        let sunk = match &self.sink {
            Some(sink) if reply.is_good() => sink.written(),
            Some(_) | None => 0,
        };
        reply.body.len() as u64 + sunk
    }
}

/// Takes the body of a good answer.
pub(super) trait Sink: Write {
    /// A body begins, of this length if the server says so. What a body before it left behind does not count.
    fn begin(&mut self, length: Option<u64>) -> io::Result<()>;

    /// How many bytes of the body have come so far.
    fn written(&self) -> u64;
}

/// What a request carries.
pub(super) enum Payload<'a> {
    Nothing,
    Bytes(&'a [u8]),
    /// So many bytes, read as they go out.
    Stream(&'a mut dyn Read, u64),
}

impl Payload<'_> {
    /// The same for a shorter while.
    pub(super) fn reborrow(&mut self) -> Payload<'_> {
        match self {
            Self::Nothing => Payload::Nothing,
            Self::Bytes(bytes) => Payload::Bytes(bytes),
            Self::Stream(source, length) => Payload::Stream(&mut **source, *length),
        }
    }
}

/// Which limits there are besides those for the next byte.
#[derive(Clone, Copy, Debug)]
pub(super) enum Patience {
    /// All of the request, all of the answer, and what is left of the call's own time.
    Call(Option<Deadline>),
    /// None: it is a file.
    File,
}

/// What came back, in part if it failed half-way.
#[derive(Default)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Lower-case names.
    pub(super) headers: Vec<(Arc<str>, Arc<str>)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// Whether it says, by its status alone, that nothing was done.
    pub(super) const fn is_refusal(&self) -> bool {
        // One that leads elsewhere was not looked at either, but for 303.
        matches!(self.status, 301 | 302 | 307 | 308 | 400..=499)
    }

    /// HTTP 2xx.
    pub(super) const fn is_good(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| **known == *name)
            .map(|(_, value)| &**value)
    }
}
