//! What arrived: a bounded list of requests, and how often each method was called.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, SystemTime};

use parking_lot::Mutex;

/// Older requests than these many are forgotten.
const MOST_LINES: usize = 4096;
/// How many characters are kept of a method's name and of a subject: both come from outside.
const LONGEST_NAME: usize = 64;
/// How many characters are kept of a fault: it may repeat what came from outside.
const LONGEST_FAULT: usize = 500;

/// One request and how it was answered.
#[derive(Clone, Debug)]
pub struct RequestLine {
    /// When it had arrived as a whole.
    pub at: SystemTime,
    /// `read`, `create`, …; `thumbnail` for a picture, `control` for a change by the control endpoint, `http` for all
    /// else.
    pub method: String,
    /// What it was about: an entity type, or a path.
    pub subject: String,
    /// The connection that it came over, counted from 1.
    pub connection: u64,
    /// The answer's HTTP status; 0 if there was no answer.
    pub status: u16,
    /// Why the site said no, or how it misbehaved.
    pub fault: Option<String>,
    /// The size of the request's body.
    pub bytes_in: usize,
    /// The size of the answer's body.
    pub bytes_out: usize,
    /// How long the faults made it wait.
    pub waited: Duration,
    /// From its arrival until the answer was ready, the wait included.
    pub took: Duration,
}

/// Keeps the latest requests.
#[derive(Debug, Default)]
pub struct RequestLog {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    lines: VecDeque<RequestLine>,
    counts: BTreeMap<&'static str, usize>,
}

impl RequestLine {
    /// The line as it may be kept and shown: short, and without anything that a terminal would obey.
    pub(super) fn tidied(self) -> Self {
        Self {
            subject: tidy(&self.subject, LONGEST_NAME),
            fault: self.fault.map(|fault| {
                // A batch says first which of its requests failed, and then why.
                let telling = if self.method == "batch" { 2 } else { 1 };
                // What follows is the argument that the fault is about, as it was sent: secrets may be in it.
                let lines: Vec<&str> = fault.lines().take(telling).collect();
                tidy(&lines.join(" "), LONGEST_FAULT)
            }),
            method: tidy(&self.method, LONGEST_NAME),
            ..self
        }
    }
}

fn tidy(text: &str, most: usize) -> String {
    let shown = |character: char| {
        if character.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            character
        }
    };
    text.chars().take(most).map(shown).collect()
}

impl RequestLog {
    /// Counts a request, before anything is done about it. The name is one of ours, never one that was sent.
    pub fn arrived(&self, method: &'static str) {
        *self.inner.lock().counts.entry(method).or_default() += 1;
    }

    /// Keeps the line of a request whose answer is ready.
    pub fn push(&self, line: RequestLine) {
        let lines = &mut self.inner.lock().lines;
        if lines.len() == MOST_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// The latest requests, oldest first.
    pub fn lines(&self) -> Vec<RequestLine> {
        self.inner.lock().lines.iter().cloned().collect()
    }

    /// How many requests have arrived since the start.
    pub fn total(&self) -> usize {
        self.inner.lock().counts.values().sum()
    }

    /// How often `method` was called since the start.
    pub fn count(&self, method: &str) -> usize {
        self.inner.lock().counts.get(method).copied().unwrap_or(0)
    }
}
