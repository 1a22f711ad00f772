//! What `--record` writes: complete, adding up, and free of secrets.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use callboard::calls::{Recorder, recording};
use callboard::sandbox::{Misbehavior, Options, Sandbox, Seed};
use callboard::shotgun::{Client, Filter};
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value as Json};

use super::Board;

const KEY: &str = "pl4nted/\"s3cret\" ä";

/// The figures of one side of `compare --json`.
const FIGURES: [&str; 13] = [
    "longest_freeze_ms",
    "total_blocking_ms",
    "worst_interaction_ms",
    "frames",
    "frames_over_50ms",
    "frames_over_16_7ms",
    "one_percent_low_fps",
    "first_row_ms",
    "all_rows_ms",
    "wall_ms",
    "calls_per_s",
    "peak_in_flight",
    "errors",
];

fn keys(json: &Json) -> BTreeSet<&str> {
    json.as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn number(json: &Json) -> f64 {
    json.as_f64().unwrap_or_else(|| panic!("no number: {json}"))
}

/// One call that was shown by a frame of 60 ms, and one that failed.
fn recorded() -> Json {
    let board = Board::start();
    let mut job = board.ask();
    board.wait();
    let began = Instant::now();
    job.take().unwrap().unwrap();
    let busy = Duration::from_millis(60);
    board
        .recorder
        .frame(began, busy, "Browse", "news".to_owned(), 1);
    board.sandbox.faults().once(Misbehavior::Status(503));
    board.client.find("Shot", &[], &["code"]).unwrap_err();
    let about = Map::from_iter([("site".to_owned(), Json::from("here"))]);
    recording(&board.recorder, about)
}

#[test]
fn a_recording_holds_frames_calls_and_the_figures_of_the_comparison() {
    let written = recorded();
    assert_eq!(
        keys(&written),
        BTreeSet::from(["frames", "calls", "summary"])
    );
    let summary = &written["summary"];
    assert_eq!(keys(summary), FIGURES.into_iter().chain(["site"]).collect());
    assert_eq!(
        (&summary["frames"], &summary["frames_over_50ms"]),
        (&1.into(), &1.into())
    );
    assert_eq!(number(&summary["longest_freeze_ms"]), 60.0);
    assert_eq!(number(&summary["total_blocking_ms"]), 10.0);
    assert_eq!(
        (&summary["errors"], &summary["peak_in_flight"]),
        (&1.into(), &1.into())
    );
    let frame = &written["frames"][0];
    assert_eq!(
        (&frame["number"], &frame["shown"], &frame["view"]),
        (&1.into(), &1.into(), &"Browse".into())
    );
    assert_eq!(number(&frame["busy_ms"]), 60.0);
    let length = number(&frame["end_ms"]) - number(&frame["begin_ms"]);
    assert!((length - 60.0).abs() < 0.01, "{frame}");
}

#[test]
fn a_recorded_call_has_what_was_measured_and_nothing_else() {
    let written = recorded();
    let (shown, failed) = (&written["calls"][0], &written["calls"][1]);
    assert_eq!(
        (&shown["label"], &shown["rows"], &shown["shown_in_frame"]),
        (&"find Shot".into(), &40.into(), &1.into())
    );
    let source = shown["source"].as_str().unwrap();
    assert!(source.starts_with(&format!("{}:", file!())), "{source}");
    let marks = [
        "queue_ms",
        "decode_ms",
        "finished_ms",
        "stored_ms",
        "shown_ms",
    ];
    for mark in marks {
        assert!(number(&shown[mark]) >= 0.0, "{mark}");
    }
    // What was not measured is absent, not zero and not null.
    assert_eq!(failed["thread"], "UI thread");
    let absent = [
        "queue_ms",
        "stored_ms",
        "shown_ms",
        "shown_in_frame",
        "source",
        "rows",
    ];
    for mark in absent {
        assert_eq!(failed.get(mark), None, "{mark}");
    }
    assert!(failed["error"].as_str().unwrap().contains("HTTP 503"));
}

#[test]
fn the_phases_in_a_recording_add_up_to_the_nanosecond() {
    let board = Board::start();
    for _ in 0..5 {
        board.client.find("Shot", &[], &["code"]).unwrap();
    }
    let written = recording(&board.recorder, Map::new());
    let calls = written["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 5);
    for (position, call) in calls.iter().enumerate() {
        let exchange = &call["exchanges"][0];
        let phases = exchange["phases"].as_object().unwrap();
        let sum: u64 = phases.values().map(|phase| phase.as_u64().unwrap()).sum();
        assert_eq!(exchange["total_ns"].as_u64(), Some(sum), "{exchange}");
        assert_eq!(phases.contains_key("connect_ns"), position == 0);
        assert_eq!(exchange["connection"]["reused"], position > 0);
    }
}

/// Two scripts at one board: one that is let in, and one whose key is refused.
fn planted() -> (Sandbox, Arc<Recorder>, [Client; 2]) {
    let sandbox = Sandbox::with(Options {
        scripts: vec![("robot".to_owned(), KEY.to_owned())],
        seed: Seed::Small,
        ..Options::default()
    })
    .unwrap();
    let recorder = Arc::new(Recorder::default());
    let client = |key: &str| {
        let url = sandbox.url().replace("http://", "http://ann:pl4nted@");
        Client::builder(&url)
            .script("robot", key)
            .retries(0)
            .observer(Arc::clone(&recorder) as _)
            .proxy(None)
            .build()
            .unwrap()
    };
    let clients = [client(KEY), client(&format!("{KEY}-wrong"))];
    (sandbox, recorder, clients)
}

#[test]
fn a_planted_secret_is_in_nothing_that_is_kept_or_written() {
    let (sandbox, recorder, [client, refused]) = planted();
    let filter = [Filter::is("code", KEY)];
    assert_eq!(client.find("Shot", &filter, &["code"]).unwrap().len(), 0);
    let unknown = client
        .find("Shot", &[Filter::is(KEY, 1)], &["code"])
        .unwrap_err();
    let wrong = refused.find("Shot", &[], &["code"]).unwrap_err();
    let token = client.get_session_token().unwrap();
    client.find("Project", &[], &["name"]).unwrap();
    sandbox.faults().once(Misbehavior::InvalidJson);
    client.find("Shot", &filter, &["code"]).unwrap_err();

    let snapshot = recorder.snapshot();
    assert_eq!(snapshot.calls.len(), 6);
    let about = Map::from_iter([("site".to_owned(), client.site().to_string().into())]);
    let written = recording(&recorder, about).to_string();
    assert!(
        written.contains("get_session_token") && written.contains("127.0.0.1"),
        "{written}"
    );
    let kept = format!("{recorder:?} {snapshot:?} {unknown} {unknown:?} {wrong} {wrong:?}");
    assert!(
        kept.contains("script_name") && kept.contains("robot"),
        "requests are kept, without the key"
    );
    let token = token.expose_secret();
    assert!(token.len() > 10);
    for text in [&written, &kept] {
        for secret in ["pl4nted", "s3cret", token] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}
