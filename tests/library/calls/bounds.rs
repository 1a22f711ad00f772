//! The board never grows beyond its bounds, however long it listens.

use std::sync::Arc;
use std::time::{Duration, Instant};

use callboard::calls::Recorder;
use callboard::shotgun::{
    Bytes, CallFinished, CallId, CallStarted, Captured, Exchange, Observer as _, Phases,
};

fn started(number: u64) -> CallStarted {
    CallStarted {
        call_id: CallId(number),
        method: "find".into(),
        entity_type: Some("Shot".into()),
        started: Instant::now(),
        thread: None,
    }
}

fn exchange(number: u64, body: &Arc<str>) -> Exchange {
    let captured = Captured {
        head: Vec::new(),
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

fn finished(number: u64) -> CallFinished {
    CallFinished {
        call_id: CallId(number),
        finished: Instant::now(),
        decode: None,
        rows: None,
        error: None,
    }
}

#[test]
fn the_number_of_calls_is_bounded_and_the_latest_are_kept() {
    const CALLS: u64 = 12_000;
    let recorder = Recorder::default();
    for number in 0..CALLS {
        recorder.call_started(&started(number));
        recorder.call_finished(&finished(number));
    }
    let snapshot = recorder.snapshot();
    let kept = snapshot.calls.len();
    assert!(kept >= 1_000 && kept <= CALLS as usize / 2, "{kept} calls");
    assert_eq!(snapshot.calls.last().unwrap().call_id, CallId(CALLS - 1));
    assert!(snapshot.calls.is_sorted_by_key(|call| call.call_id));
}

#[test]
fn the_memory_of_requests_and_answers_is_bounded() {
    let recorder = Recorder::default();
    let body: Arc<str> = "x".repeat(Captured::LIMIT).into();
    // Twice 64 KiB each: far more than is kept.
    for number in 0..2_000 {
        recorder.call_started(&started(number));
        recorder.exchange(&exchange(number, &body));
        recorder.call_finished(&finished(number));
        if number % 500 == 499 {
            let snapshot = recorder.snapshot();
            assert!(
                snapshot.bytes <= snapshot.bytes_limit,
                "{} bytes",
                snapshot.bytes
            );
            let counted: usize = snapshot
                .calls
                .iter()
                .flat_map(|call| &call.exchanges)
                .map(|exchange| exchange.request.body.len() + exchange.response.body.len())
                .sum();
            assert!(
                counted <= snapshot.bytes && counted > snapshot.bytes / 2,
                "{counted} of {} bytes",
                snapshot.bytes
            );
        }
    }
    let snapshot = recorder.snapshot();
    assert_eq!(snapshot.calls.last().unwrap().call_id, CallId(1_999));
    assert!(snapshot.calls.len() < 1_000);
}

#[test]
fn what_is_heard_of_a_forgotten_call_changes_nothing() {
    let recorder = Recorder::default();
    recorder.call_started(&started(1));
    recorder.call_finished(&finished(1));
    recorder.clear();
    recorder.exchange(&exchange(1, &"late".into()));
    recorder.call_finished(&finished(1));
    let snapshot = recorder.snapshot();
    assert_eq!((snapshot.calls.len(), snapshot.bytes), (0, 0));
}

#[test]
fn the_number_of_frames_is_bounded_and_the_latest_are_kept() {
    const FRAMES: u64 = 100_000;
    let recorder = Recorder::default();
    let epoch = recorder.clock().epoch();
    for number in 0..FRAMES {
        let began = epoch + Duration::from_millis(number);
        recorder.frame(
            began,
            Duration::from_micros(500),
            "Browse",
            String::new(),
            0,
        );
    }
    let frames = recorder.frames_since(epoch);
    assert!(
        frames.len() >= 10_000 && frames.len() <= FRAMES as usize / 2,
        "{} frames",
        frames.len()
    );
    assert_eq!(frames.last().unwrap().number, FRAMES);
    assert_eq!(recorder.frames_drawn(), FRAMES);
}
