//! Which calls are listed, in which order, and what they add up to. Derived from the recorded calls when these change, or
//! when the question does; never just because a frame is drawn. Draws nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::calls::{CallFilter, CallRecord, Clock, Percentiles, Snapshot};
use crate::ui::lanes::{Activity, Bar};

/// The part of the time that is on show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Range {
    /// So many seconds, up to the latest event. Not up to now: an idle window stays as it is.
    Last(u32),
    /// Everything that is kept.
    All,
    /// From one moment to another, in seconds of the clock.
    Between(f64, f64),
}

impl Default for Range {
    fn default() -> Self {
        Self::Last(10)
    }
}

/// What orders the calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum By {
    /// The time they were asked for.
    #[default]
    Asked,
    /// The time they took.
    Total,
}

/// What to list.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Query {
    pub filter: CallFilter,
    pub range: Range,
    pub by: By,
    pub descending: bool,
}

/// One thread's work within the range.
#[derive(Debug)]
pub(super) struct Lane {
    pub thread: Arc<str>,
    pub is_ui_thread: bool,
    pub bars: Vec<Bar>,
}

/// The answer to a [`Query`].
#[derive(Debug, Default)]
pub(super) struct CallList {
    /// The snapshot by its generation: holding on to it would keep calls that the recorder has put away.
    derived_from: Option<(u64, Query, Instant)>,
    /// Indices into the snapshot's calls.
    pub rows: Vec<usize>,
    /// Calls that match the filter, also outside the range.
    pub matching: usize,
    /// First and last moment on show, in seconds of the clock.
    pub span: (f64, f64),
    /// Bytes the listed calls brought, as they came over the wire.
    pub bytes: u64,
    /// How long the listed calls took, of those that have ended.
    pub percentiles: Option<Percentiles>,
    /// Who worked on the listed calls.
    pub lanes: Vec<Lane>,
    /// Calls on their way, listed or not.
    pub in_flight: usize,
}

/// How often bars of calls on their way grow.
pub(super) const GROWTH: Duration = Duration::from_millis(100);
/// A range is at least this long, in seconds: a call of 2 ms shall not fill the window.
const SHORTEST: f64 = 0.4;
/// Part of the range that is left free at either end, so that bars do not touch the edge.
const EDGE: f64 = 0.015;
/// Bars of a lane that are closer than this part of the range are drawn as one: nobody could tell them apart.
const TOGETHER: f64 = 1.0 / 2000.0;

impl CallList {
    /// Answers `query`, if anything changed since it was answered last.
    pub fn update(&mut self, snapshot: &Snapshot, query: &Query, now: Instant) {
        // Time matters only while something is on its way, and then not in every frame.
        let is_recent = |then: Instant| self.in_flight == 0 || now.duration_since(then) < GROWTH;
        let same = self
            .derived_from
            .as_ref()
            .is_some_and(|(generation, asked, then)| {
                *generation == snapshot.generation && asked == query && is_recent(*then)
            });
        if !same {
            self.derive(snapshot, query, now);
            self.derived_from = Some((snapshot.generation, query.clone(), now));
        }
    }

    fn derive(&mut self, snapshot: &Snapshot, query: &Query, now: Instant) {
        let calls = &snapshot.calls;
        let clock = &snapshot.clock;
        self.in_flight = snapshot.in_flight();
        self.span = span(snapshot, query.range, now);
        let (from, to) = (clock.at(self.span.0), clock.at(self.span.1));

        self.matching = 0;
        self.rows.clear();
        for (index, call) in calls.iter().enumerate() {
            if query.filter.matches(call, now) {
                self.matching += 1;
                if call.asked() <= to && call.ended(now) >= from {
                    self.rows.push(index);
                }
            }
        }
        match query.by {
            By::Asked => self.rows.sort_by_key(|&row| calls[row].asked()),
            By::Total => self.rows.sort_by_key(|&row| calls[row].total(now)),
        }
        if query.descending {
            self.rows.reverse();
        }
        let listed = || self.rows.iter().map(|&row| &*calls[row]);
        self.bytes = listed().map(CallRecord::received_wire).sum();
        self.percentiles = Percentiles::of(
            listed()
                .filter(|call| !call.is_in_flight())
                .map(|call| call.total(now)),
        );
        self.lanes = lanes(listed(), clock, (self.span.1 - self.span.0) * TOGETHER, now);
    }

    /// Whether the filter lets nothing through.
    pub fn none_match(&self) -> bool {
        self.matching == 0
    }

    /// Slower than this stands out.
    pub const SLOW: Duration = Duration::from_millis(500);
}

/// The first and the last moment of `range`, in seconds of the clock.
fn span(snapshot: &Snapshot, range: Range, now: Instant) -> (f64, f64) {
    let clock = &snapshot.clock;
    let calls = &snapshot.calls;
    let first = calls.iter().map(|call| call.asked()).min().unwrap_or(now);
    let last = calls
        .iter()
        .map(|call| call.ended(now))
        .max()
        .unwrap_or(now);
    let (first, last) = (clock.secs(first), clock.secs(last));
    let start = match range {
        Range::Between(from, to) => return (from, to),
        Range::All => first,
        // Time before the first call would only push the calls together.
        Range::Last(secs) => first.max(last - f64::from(secs)),
    };
    let start = start.min(last - SHORTEST);
    let edge = (last - start) * EDGE;
    (start - edge, last + edge)
}

fn lanes<'a>(
    calls: impl Iterator<Item = &'a CallRecord>,
    clock: &Clock,
    gap: f64,
    now: Instant,
) -> Vec<Lane> {
    let mut calls: Vec<_> = calls.collect();
    calls.sort_by_key(|call| call.started);
    let mut lanes: Vec<Lane> = Vec::new();
    for call in calls {
        let known = lanes.iter().position(|lane| lane.thread == call.thread);
        let index = known.unwrap_or_else(|| {
            let (thread, is_ui_thread) = (Arc::clone(&call.thread), call.is_on_ui_thread());
            lanes.push(Lane {
                thread,
                is_ui_thread,
                bars: Vec::new(),
            });
            lanes.len() - 1
        });
        add_bars(&mut lanes[index], call, clock, gap, now);
    }
    // The thread that draws lies next to its frames; worker 2 comes before worker 10.
    lanes.sort_by(|a, b| {
        let key = |lane: &Lane| (!lane.is_ui_thread, lane.thread.len());
        key(a).cmp(&key(b)).then_with(|| a.thread.cmp(&b.thread))
    });
    lanes
}

fn add_bars(lane: &mut Lane, call: &CallRecord, clock: &Clock, gap: f64, now: Instant) {
    // A call on the thread that draws is a failure of ours, and looks like one.
    let activity = if lane.is_ui_thread {
        Activity::Failed
    } else {
        Activity::Busy
    };
    let end = call.finished.as_ref().map_or(now, |finished| finished.at);
    add(
        &mut lane.bars,
        Bar {
            activity,
            start: clock.secs(call.started),
            end: clock.secs(end),
        },
        gap,
    );
    for exchange in call
        .exchanges
        .iter()
        .filter(|exchange| exchange.outcome.is_err() && !call.is_cancelled())
    {
        let (start, end) = (exchange.started, exchange.started + exchange.total);
        add(
            &mut lane.bars,
            Bar {
                activity: Activity::Failed,
                start: clock.secs(start),
                end: clock.secs(end),
            },
            gap,
        );
    }
}

fn add(bars: &mut Vec<Bar>, bar: Bar, gap: f64) {
    match bars.last_mut() {
        Some(last) if last.activity == bar.activity && bar.start - last.end < gap => {
            last.end = last.end.max(bar.end);
        }
        Some(_) | None => bars.push(bar),
    }
}
