//! One HTTP request and its reply, as values.

use std::io::{Read, Write};
use std::sync::Arc;

use super::timeouts::Deadline;

/// What is done with what is at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
    /// Of a part of a file, at its storage.
    #[expect(dead_code, reason = "for the uploads, which come next")]
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
    pub(super) sink: Option<&'a mut dyn Write>,
    /// The most we take of an answer, unpacked.
    pub(super) limit: u64,
    pub(super) patience: Patience,
}

/// What a request carries.
pub(super) enum Payload<'a> {
    Nothing,
    Bytes(&'a [u8]),
    /// So many bytes, read as they go out.
    #[expect(dead_code, reason = "for the uploads, which come next")]
    Stream(&'a mut dyn Read, u64),
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
        matches!(self.status, 400..=499)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| **known == *name)
            .map(|(_, value)| &**value)
    }
}
