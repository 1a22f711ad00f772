//! A recorded call in the terms of the time axis: its parts as bars, and what its row says. Draws nothing.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::calls::{CallRecord, Clock, Step};
use crate::shotgun::Phase;
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

/// Where the time of `call` went, in order, without what was not measured. Pages may overlap.
pub(super) fn parts(call: &CallRecord, clock: &Clock) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for segment in call.segments() {
        let Some(kind) = kind(segment.step) else {
            continue;
        };
        let begins = parts
            .last()
            .is_none_or(|part| part.exchange != segment.exchange);
        if let Some(pause) = segment
            .exchange
            .filter(|_| begins)
            .and_then(|index| call.back_off(index))
        {
            parts.push(part(SegmentKind::Backoff, pause, None, clock));
        }
        parts.push(part(
            kind,
            (segment.start, segment.end),
            segment.exchange,
            clock,
        ));
    }
    if let Some(decode) = parts
        .iter_mut()
        .find(|part| part.segment.kind == SegmentKind::Decode)
    {
        // The pages of an answer are decoded one by one, and their times are kept as one sum.
        let sum = call.finished.as_ref().and_then(|finished| finished.decode);
        decode.time = sum.unwrap_or(decode.time);
    }
    parts
}

fn part(
    kind: SegmentKind,
    (start, end): (Instant, Instant),
    exchange: Option<usize>,
    clock: &Clock,
) -> Part {
    let (time, start, end) = (
        end.saturating_duration_since(start),
        clock.secs(start),
        clock.secs(end),
    );
    Part {
        segment: Segment { kind, start, end },
        time,
        exchange,
    }
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
    let known = call.answered().unwrap_or(call.started);
    Some((clock.secs(known), clock.secs(now)))
}

/// Like `find Shot · 6 pages`.
pub(super) fn title(call: &CallRecord) -> String {
    let mut title = call.label();
    let pages: BTreeSet<_> = call
        .exchanges
        .iter()
        .map(|exchange| exchange.page.unwrap_or(1))
        .collect();
    match (pages.len(), pages.first()) {
        (1, Some(&page)) if page > 1 => {
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
        _ if call.is_cancelled() => ("cancelled".to_owned(), false),
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
