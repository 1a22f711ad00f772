//! A recorded call in the terms of the time axis: its parts as bars, and what its row says. Draws nothing.

use std::time::{Duration, Instant};

use crate::calls::{CallRecord, Clock, Step};
use crate::shotgun::{Exchange, Phase};
use crate::ui::format;
use crate::ui::waterfall::{Segment, SegmentKind};

/// A part of a call: the bar, and what the inspector says beside it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    pub segment: Segment,
    /// As measured; a bar may be drawn shorter, so as not to lie over another.
    pub time: Duration,
    /// The exchange it belongs to, by index.
    pub exchange: Option<usize>,
}

/// Where the time of `call` went, in order, without what was not measured.
pub(super) fn parts(call: &CallRecord, clock: &Clock) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut answered: Option<f64> = None;
    for segment in call.segments() {
        let Some(kind) = kind(segment.step) else {
            continue;
        };
        let (mut start, end) = (clock.secs(segment.start), clock.secs(segment.end));
        let mut time = segment.end.saturating_duration_since(segment.start);
        if let Some(before) = answered {
            if kind == SegmentKind::Decode {
                // The pages of an answer are decoded one by one, and their times are kept as one sum.
                start = start.max(before).min(end);
                time = call
                    .finished
                    .as_ref()
                    .and_then(|finished| finished.decode)
                    .unwrap_or(time);
            } else if parts
                .last()
                .is_some_and(|part| part.exchange != segment.exchange)
                && is_retry(call, segment.exchange)
            {
                parts.push(back_off(before, start));
            }
        }
        if segment.exchange.is_some() {
            answered = Some(end);
        }
        parts.push(Part {
            segment: Segment { kind, start, end },
            time,
            exchange: segment.exchange,
        });
    }
    parts
}

fn back_off(start: f64, end: f64) -> Part {
    let segment = Segment {
        kind: SegmentKind::Backoff,
        start,
        end,
    };
    Part {
        time: segment.time(),
        segment,
        exchange: None,
    }
}

fn is_retry(call: &CallRecord, exchange: Option<usize>) -> bool {
    exchange
        .and_then(|index| call.exchanges.get(index))
        .is_some_and(|exchange| exchange.attempt > 1)
}

/// The bars alone.
pub(super) fn segments(parts: &[Part]) -> Vec<Segment> {
    parts.iter().map(|part| part.segment).collect()
}

fn kind(step: Step) -> Option<SegmentKind> {
    Some(match step {
        Step::Queue => SegmentKind::Queue,
        Step::Phase(Phase::Dns) => SegmentKind::Dns,
        Step::Phase(Phase::Connect) => SegmentKind::Connect,
        Step::Phase(Phase::Tls) => SegmentKind::Tls,
        Step::Phase(Phase::Send) => SegmentKind::Send,
        Step::Phase(Phase::Wait) => SegmentKind::Wait,
        Step::Phase(Phase::Receive) => SegmentKind::Receive,
        Step::Failed => SegmentKind::Failed,
        Step::Decode => SegmentKind::Decode,
        // Drawn as a mark where it ends.
        Step::Deliver => return None,
    })
}

/// What is not known yet of a call on its way: from the last thing known to `now`, in seconds.
pub(super) fn unknown_yet(call: &CallRecord, clock: &Clock, now: Instant) -> Option<(f64, f64)> {
    if !call.is_in_flight() {
        return None;
    }
    let answered = call
        .exchanges
        .last()
        .map(|exchange| exchange.started + exchange.total);
    Some((
        clock.secs(answered.unwrap_or(call.started)),
        clock.secs(now),
    ))
}

/// Like `find Shot · 6 pages`.
pub(super) fn title(call: &CallRecord) -> String {
    let mut title = call.label();
    let pages = distinct(call, |exchange| exchange.page.unwrap_or(1));
    match (
        pages,
        call.exchanges.last().and_then(|exchange| exchange.page),
    ) {
        (0 | 1, Some(page)) if page > 1 => {
            title = format!("{title} · page {}", format::count(page.into()));
        }
        (0 | 1, _) => {}
        (pages, _) => title = format!("{title} · {} pages", format::count(pages as u64)),
    }
    let attempts = call
        .exchanges
        .iter()
        .map(|exchange| exchange.attempt)
        .max()
        .unwrap_or(1);
    if attempts > 1 {
        title = format!("{title} · {attempts} attempts");
    }
    title
}

fn distinct(call: &CallRecord, what: impl Fn(&Exchange) -> u32) -> usize {
    // Pages come in order, and attempts at a page one after the other.
    let mut values: Vec<_> = call
        .exchanges
        .iter()
        .map(|exchange| what(exchange))
        .collect();
    values.dedup();
    values.len()
}

/// Which exchange of several: `page 2`, `page 2, attempt 3`. Empty for the only one.
pub(super) fn exchange_name(call: &CallRecord, index: usize) -> String {
    let Some(exchange) = call
        .exchanges
        .get(index)
        .filter(|_| call.exchanges.len() > 1)
    else {
        return String::new();
    };
    let page = exchange
        .page
        .map(|page| format!("page {}", format::count(page.into())));
    let attempt =
        (exchange.attempt > 1 || page.is_none()).then(|| format!("attempt {}", exchange.attempt));
    [page, attempt]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

/// The HTTP status, or how it is going; and whether that is bad.
pub(super) fn status(call: &CallRecord) -> (String, bool) {
    match call.status() {
        _ if call.is_in_flight() => ("…".to_owned(), false),
        Some(status) if status >= 400 || !call.is_failed() => (status.to_string(), status >= 400),
        // An answer came, and was of no use.
        Some(_) => ("failed".to_owned(), true),
        None => (
            if call.is_failed() { "failed" } else { "–" }.to_owned(),
            call.is_failed(),
        ),
    }
}

/// Who asked: the view, and what for, as far as they say more than the call itself: `Browse · projects`.
pub(super) fn asked_by(call: &CallRecord) -> Option<String> {
    let job = call.job.as_ref()?;
    let (view, label) = (job.origin.view, &*job.label);
    Some(match (view.is_empty(), *label == call.label()) {
        (true, _) => label.to_owned(),
        (false, true) => view.to_owned(),
        (false, false) => format!("{view} · {label}"),
    })
}
