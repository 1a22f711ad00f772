//! What the recorder costs a call that is made anyway.

use std::sync::Arc;
use std::time::{Duration, Instant};

use callboard::calls::Recorder;
use callboard::shotgun::{
    Bytes, CallFinished, CallId, CallStarted, Captured, Exchange, Observer as _, Phases,
};

/// Calls of a round.
const CALLS: u64 = 10_000;

#[expect(clippy::print_stdout, reason = "the report of a benchmark")]
fn main() {
    let recorder = Recorder::default();
    let body: Arc<str> = "x".repeat(2_000).into();
    let is_quick = std::env::args().any(|arg| arg == "--test");
    let rounds = if is_quick { 1 } else { 9 };
    let mut times: Vec<Duration> = (0..rounds)
        .map(|round| record(&recorder, &body, round * CALLS))
        .collect();
    times.sort();
    println!(
        "a call in the recorder, and a frame that looks at all of them after every 100: {:.2?} a call (median of {rounds})",
        times[times.len() / 2],
    );
}

fn record(recorder: &Recorder, body: &Arc<str>, first: u64) -> Duration {
    let exchanges: Vec<_> = (first..first + CALLS)
        .map(|number| exchange(number, body))
        .collect();
    let began = Instant::now();
    for exchange in &exchanges {
        recorder.call_started(&started(exchange.call_id));
        recorder.exchange(exchange);
        recorder.call_finished(&finished(exchange.call_id));
        if exchange.call_id.0 % 100 == 0 {
            std::hint::black_box(recorder.snapshot());
        }
    }
    began.elapsed() / CALLS as u32
}

fn started(call_id: CallId) -> CallStarted {
    CallStarted {
        call_id,
        method: "find".into(),
        entity_type: Some("Shot".into()),
        started: Instant::now(),
        thread: None,
    }
}

fn exchange(number: u64, body: &Arc<str>) -> Exchange {
    let captured = Captured {
        head: vec![("content-type".into(), "application/json".into())],
        body: Arc::clone(body),
        cut: false,
    };
    Exchange {
        call_id: CallId(number),
        attempt: 1,
        page: None,
        started: Instant::now(),
        phases: Phases::default(),
        total: Duration::ZERO,
        connection: None,
        outcome: Ok(200),
        bytes: Bytes::default(),
        server_timing: None,
        request: captured.clone(),
        response: captured,
    }
}

fn finished(call_id: CallId) -> CallFinished {
    CallFinished {
        call_id,
        finished: Instant::now(),
        decode: None,
        rows: Some(500),
        error: None,
    }
}
