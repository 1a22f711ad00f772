//! What `--record` writes: how a script sees what the window did.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::stats::millis;
use super::{CallRecord, Clock, Figures, FrameRecord, Recorder, RunMarks, Stall};
use crate::shotgun::Exchange;

/// One JSON object with `frames`, `calls` and `summary`.
///
/// Times are in milliseconds since the recording began. `about` is added to the summary's figures. Bodies are left out, and everything else was redacted when it was captured.
pub fn recording(recorder: &Recorder, about: Map<String, Value>) -> Value {
    let clock = recorder.clock();
    let frames = recorder.frames_since(clock.epoch());
    let calls = recorder.snapshot().calls.clone();
    let stalls = recorder.stalls();
    let busy: Vec<Duration> = frames.iter().map(|frame| frame.busy).collect();
    let mut summary = json!(summary(&busy, &calls, clock));
    if let Some(figures) = summary.as_object_mut() {
        figures.extend(about);
    }
    json!({
        "summary": summary,
        "frames": frames.iter().map(|frame| frame_json(frame, &stalls, clock)).collect::<Vec<_>>(),
        "calls": calls.iter().map(|call| call_json(call, clock)).collect::<Vec<_>>(),
    })
}

fn summary(frames: &[Duration], calls: &[Arc<CallRecord>], clock: &Clock) -> Figures {
    // What failed or was cancelled brought no rows.
    let answered = (calls.iter()).filter(|call| !call.is_failed() && !call.is_cancelled());
    let ends = || {
        let finished = answered.clone().filter_map(|call| call.finished.as_ref());
        finished.map(|finished| finished.at)
    };
    let since_epoch = |at: Instant| clock.since_epoch(at);
    let marks = RunMarks {
        calls: calls.len(),
        interactions: Vec::new(),
        first_row: ends().min().map(since_epoch),
        all_rows: ends().max().map(since_epoch),
        wall: clock.since_epoch(Instant::now()),
        peak_in_flight: peak_in_flight(calls),
        errors: calls.iter().filter(|call| call.is_failed()).count(),
    };
    Figures::of(frames, &marks)
}

/// Most calls that were out at the same moment.
fn peak_in_flight(calls: &[Arc<CallRecord>]) -> usize {
    let mut turns: Vec<(Instant, isize)> = Vec::new();
    for call in calls {
        turns.push((call.started, 1));
        turns.extend(call.finished.as_ref().map(|finished| (finished.at, -1)));
    }
    turns.sort_unstable();
    let mut out = 0;
    turns
        .iter()
        .map(|(_, turn)| {
            out += turn;
            out
        })
        .max()
        .unwrap_or(0)
        .unsigned_abs()
}

/// A frame that the watchdog saw stand still says what had been asked for before it.
fn frame_json(frame: &FrameRecord, stalls: &[Stall], clock: &Clock) -> Value {
    let within = |stall: &&Stall| (frame.began..=frame.ended()).contains(&stall.began);
    let stall = stalls.iter().find(within);
    let mut json = json!({
        "number": frame.number,
        "begin_ms": millis(clock.since_epoch(frame.began)),
        "end_ms": millis(clock.since_epoch(frame.ended())),
        "busy_ms": millis(frame.busy),
        "view": frame.view,
        "cause": frame.cause,
        "inputs": frame.inputs,
        "shown": frame.shown,
    });
    if let (Some(stall), Some(json)) = (stall, json.as_object_mut()) {
        json.insert("stalled_after".to_owned(), stall.action.into());
    }
    json
}

/// Only what is present is written: a missing key was not measured.
#[derive(Serialize)]
struct CallJson<'a> {
    id: u64,
    method: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    entity_type: Option<&'a str>,
    label: String,
    thread: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lane: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    view: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    asked_ms: f64,
    started_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue_ms: Option<f64>,
    exchanges: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decode_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shown_in_frame: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    cancelled: bool,
}

fn call_json(call: &CallRecord, clock: &Clock) -> Value {
    let at = |instant: Instant| millis(clock.since_epoch(instant));
    let finished = call.finished.as_ref();
    let origin = call.job.as_ref().map(|job| job.origin);
    let json = CallJson {
        id: call.call_id.0,
        method: &call.method,
        entity_type: call.entity_type.as_deref(),
        label: call.label(),
        thread: &call.thread,
        lane: call.job.as_ref().map(|job| job.lane.name),
        view: origin
            .map(|origin| origin.view)
            .filter(|view| !view.is_empty()),
        source: origin
            .map(|origin| format!("{}:{}", origin.location.file(), origin.location.line())),
        asked_ms: at(call.asked()),
        started_ms: at(call.started),
        queue_ms: call.queue().map(millis),
        exchanges: call
            .exchanges
            .iter()
            .map(|exchange| exchange_json(exchange, clock))
            .collect(),
        decode_ms: finished.and_then(|finished| finished.decode).map(millis),
        finished_ms: finished.map(|finished| at(finished.at)),
        stored_ms: call.stored().map(at),
        shown_ms: call.shown.map(|(_, shown)| at(shown)),
        shown_in_frame: call.shown.map(|(frame, _)| frame),
        rows: finished.and_then(|finished| finished.rows),
        error: finished.and_then(|finished| finished.error.as_deref()),
        cancelled: call.is_cancelled(),
    };
    serde_json::to_value(json).unwrap_or_default()
}

fn exchange_json(exchange: &Exchange, clock: &Clock) -> Value {
    let phases: serde_json::Map<_, _> = exchange
        .phases
        .iter()
        .map(|(phase, duration)| {
            (
                format!("{phase:?}").to_lowercase(),
                duration.as_nanos() as u64,
            )
        })
        .map(|(phase, nanos)| (format!("{phase}_ns"), nanos.into()))
        .collect();
    json!({
        "attempt": exchange.attempt,
        "page": exchange.page,
        "started_ms": millis(clock.since_epoch(exchange.started)),
        "total_ns": exchange.total.as_nanos() as u64,
        "phases": phases,
        "connection": exchange.connection.as_ref().map(|connection| json!({ "id": connection.id, "reused": connection.reused })),
        "status": exchange.outcome.as_ref().ok(),
        "error": exchange.outcome.as_ref().err().map(std::string::ToString::to_string),
        "bytes_sent": exchange.bytes.sent,
        "bytes_received_wire": exchange.bytes.received_wire,
        "bytes_received": exchange.bytes.received,
    })
}
