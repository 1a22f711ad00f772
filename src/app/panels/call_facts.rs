//! What is known of a call besides its times: thread, connection, bytes, frames. Draws only the list.

use std::collections::BTreeSet;
use std::time::Instant;

use egui::Ui;

use crate::app::state::AppState;
use crate::calls::CallRecord;
use crate::offload::Cancel;
use crate::shotgun::Exchange;
use crate::ui::{card, format, tokens};

/// Draws the facts by name.
pub(super) fn ui(ui: &mut Ui, state: &AppState, call: &CallRecord) {
    ui.spacing_mut().item_spacing.y = 0.0;
    for (name, value) in facts(state, call) {
        card::text_row(ui, name, tokens::FACT_NAME_WIDTH, &value);
    }
}

/// What was not measured is left out.
fn facts(state: &AppState, call: &CallRecord) -> Vec<(&'static str, String)> {
    let clock = &state.calls.snapshot.clock;
    let facts = [
        ("Asked", Some(clock.time_of_day(call.asked()))),
        ("Thread", Some(thread(call))),
        ("Connection", connection(call)),
        ("Sent · received", bytes(call)),
        (
            "Server says",
            call.exchanges
                .iter()
                .rev()
                .find_map(|exchange| exchange.server_timing.as_ref())
                .map(ToString::to_string),
        ),
        ("Frames meanwhile", frames(state, call)),
        ("First shown", first_shown(call)),
    ];
    facts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

/// `worker 3`, and the lane it was working for.
fn thread(call: &CallRecord) -> String {
    match &call.job {
        Some(job) => format!("{} · {}", call.thread, job.lane.name),
        None => call.thread.to_string(),
    }
}

/// How it was broken off, if it was, and how long that took.
pub(super) fn cancelled(call: &CallRecord) -> Option<String> {
    let job = call.job.as_ref().filter(|_| call.is_cancelled())?;
    let how = match job.cancel()? {
        Cancel::NeverStarted => "before it started",
        Cancel::BrokenOff => "its connection was closed",
        Cancel::InterestDropped => "nobody waited for it any more",
    };
    let free = job.returned()?.saturating_duration_since(job.stored()?);
    Some(format!(
        "Cancelled: {how}; the worker was free {} later",
        format::millis(free)
    ))
}

/// `#7, new`, or how many there were.
fn connection(call: &CallRecord) -> Option<String> {
    let used: Vec<_> = call
        .exchanges
        .iter()
        .filter_map(|exchange| exchange.connection)
        .collect();
    let first = used.first()?;
    let distinct: BTreeSet<_> = used.iter().map(|connection| connection.id).collect();
    let state = if first.reused { "reused" } else { "new" };
    let again = used.len() as u64 - 1;
    Some(match (distinct.len(), again) {
        (1, 0) => format!("#{}, {state}", first.id),
        (1, _) => format!(
            "#{}, {state}, then {}",
            first.id,
            format::plural(again, "more time", "more times")
        ),
        (connections, _) => format!("{} requests over {connections} connections", used.len()),
    })
}

/// `1.1 kB · 214 kB (31 kB on the wire)`.
fn bytes(call: &CallRecord) -> Option<String> {
    call.exchanges.first()?;
    let sum = |of: fn(&Exchange) -> u64| {
        call.exchanges
            .iter()
            .map(|exchange| of(exchange))
            .sum::<u64>()
    };
    let (sent, wire) = (
        sum(|exchange| exchange.bytes.sent),
        sum(|exchange| exchange.bytes.received_wire),
    );
    let received = sum(|exchange| exchange.bytes.received);
    let both = format!("{} · {}", format::bytes(sent), format::bytes(received));
    // Unpacked answers are larger than what came; the heads make small ones smaller.
    Some(if received > wire {
        format!("{both} ({} on the wire)", format::bytes(wire))
    } else {
        both
    })
}

/// The frames drawn between question and answer: many short ones mean that nobody had to wait.
fn frames(state: &AppState, call: &CallRecord) -> Option<String> {
    let (from, to) = (call.asked(), call.ended(state.now));
    let frames = state.calls.recorder.frame_marks(from, to);
    let within = |at: Instant| at <= to;
    let longest = frames
        .iter()
        .filter(|frame| within(frame.began))
        .map(|frame| frame.busy)
        .max()?;
    Some(format!(
        "{}, longest {}",
        format::count(frames.len() as u64),
        format::millis(longest)
    ))
}

fn first_shown(call: &CallRecord) -> Option<String> {
    let (frame, _) = call.shown?;
    let delivered = call.deliver()?;
    Some(format!(
        "frame {}, {} after it was stored",
        format::count(frame),
        format::millis(delivered)
    ))
}
