//! What the client tells about its calls while it makes them: who listens implements [`Observer`].
//!
//! A *call* is one operation as the user means it (`find`); it takes one or more *exchanges*, each an HTTP request and its
//! answer. Everything here is already free of secrets.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

pub use crate::shotgun::phases::{Phase, Phases};

/// Names a call; unique in this process, and later calls have greater ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallId(pub u64);

impl CallId {
    /// The next one.
    pub(super) fn next() -> Self {
        static COUNTER: AtomicU64 = AtomicU64::new(1);
        Self(COUNTER.fetch_add(1, Ordering::Relaxed))
    }
}

/// Hears of every call, on the thread that makes it. Be quick: the call waits for you.
///
/// ```
/// use callboard::shotgun::{CallFinished, Observer};
///
/// struct Count(std::sync::atomic::AtomicUsize);
///
/// impl Observer for Count {
///     fn call_finished(&self, _call: &CallFinished) {
///         self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
///     }
/// }
/// ```
pub trait Observer: Send + Sync {
    /// A call begins.
    fn call_started(&self, _call: &CallStarted) {}
    /// A request was answered, or failed.
    fn exchange(&self, _exchange: &Exchange) {}
    /// A call is over, well or badly. Comes exactly once for each call that started.
    fn call_finished(&self, _call: &CallFinished) {}
}

/// A call begins.
#[derive(Clone, Debug)]
pub struct CallStarted {
    /// Which call.
    pub call_id: CallId,
    /// The method in the words of `shotgun_api3`: `find`, `create`, `upload`, … and `download`.
    pub method: Arc<str>,
    /// What it is about, if it is about one type.
    pub entity_type: Option<Arc<str>>,
    /// When.
    pub started: Instant,
    /// The name of the calling thread, if it has one.
    pub thread: Option<Arc<str>>,
}

/// One HTTP request and what came of it.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The call it is part of.
    pub call_id: CallId,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// Which page of the answer, from 1, if the answer has pages.
    pub page: Option<u32>,
    /// When the client turned to the network.
    pub started: Instant,
    /// Where the time went. Adds up to `total`.
    pub phases: Phases,
    /// From `started` to the last byte, or to the failure.
    pub total: Duration,
    /// The connection it went over. Absent if none came about.
    pub connection: Option<Connection>,
    /// The HTTP status, or what failed.
    pub outcome: Result<u16, Arc<str>>,
    /// How much went over the wire.
    pub bytes: Bytes,
    /// What the server says about its own time (the `Server-Timing` header).
    pub server_timing: Option<Arc<str>>,
    /// What was asked, free of secrets.
    pub request: Captured,
    /// What was answered, free of secrets.
    pub response: Captured,
}

/// The connection an exchange went over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its number in this process, from 1.
    pub id: u64,
    /// Whether it had carried a request before.
    pub reused: bool,
}

/// Sizes of one exchange.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    /// Written to the socket, TLS included.
    pub sent: u64,
    /// Read from the socket, TLS included.
    pub received_wire: u64,
    /// The body after unpacking.
    pub received: u64,
}

/// One side of an exchange, kept for people: a few headers, and the beginning of the body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// First `:request` (method and address) or `:status`, then the headers worth keeping.
    pub head: Vec<(Arc<str>, Arc<str>)>,
    /// The body as text, at most [`Captured::LIMIT`] bytes; of a form its fields as JSON. Empty if it is not text. Of a file
    /// there is no more than `[file, 12345 bytes]`.
    pub body: Arc<str>,
    /// Whether some of the body was left out.
    pub cut: bool,
}

impl Captured {
    /// How much of a body is kept.
    pub const LIMIT: usize = 64 * 1024;
}

/// A call is over.
#[derive(Clone, Debug)]
pub struct CallFinished {
    /// Which call.
    pub call_id: CallId,
    /// When.
    pub finished: Instant,
    /// Time spent turning bytes into values, over all pages. Absent if it did not come to that.
    pub decode: Option<Duration>,
    /// How many rows came, if rows were asked for.
    pub rows: Option<usize>,
    /// What went wrong, in one sentence.
    pub error: Option<Arc<str>>,
}
