//! `callboard compare`.

use std::collections::BTreeSet;

use callboard::sandbox::{Misbehavior, Options};
use serde_json::Value as Json;

use super::shell::{callboard, keys, site};

/// What each side says of itself: design.md §7.
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

fn top_keys() -> BTreeSet<&'static str> {
    ["site", "calls", "calls_wanted", "sync", "offloaded"].into()
}

#[test]
fn the_json_has_the_figures_of_both_sides_and_shows_the_point() {
    let ran = callboard(["compare", "--json", "--calls", "4", "--latency", "200ms"])
        .run()
        .ok();
    assert_eq!(ran.stderr, "");
    let report = ran.json();
    assert_eq!(keys(&report), top_keys());
    assert_eq!(
        (&report["calls"], &report["calls_wanted"]),
        (&4.into(), &4.into())
    );
    assert!(
        report["site"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:")
    );
    let (sync, offloaded) = (&report["sync"], &report["offloaded"]);
    for side in [sync, offloaded] {
        assert_eq!(keys(side), FIGURES.into());
        assert_eq!(side["errors"], 0);
    }
    let figure = |side: &Json, name: &str| side[name].as_f64().unwrap();
    assert!(figure(sync, "longest_freeze_ms") >= 200.0, "{sync}");
    assert!(
        figure(offloaded, "longest_freeze_ms") < 200.0,
        "{offloaded}"
    );
    assert_eq!(sync["peak_in_flight"], 1);
    assert!(figure(offloaded, "peak_in_flight") > 1.0, "{offloaded}");
    assert!(figure(offloaded, "all_rows_ms") < figure(sync, "all_rows_ms"));
}

#[test]
fn the_table_has_a_row_for_every_figure_and_ends_with_a_verdict() {
    let ran = callboard(["compare", "--calls", "2", "--latency", "60ms"])
        .run()
        .ok();
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(lines[0].starts_with("2 × find Shot on http://127.0.0.1:"));
    let figures = lines[1..]
        .iter()
        .filter(|line| line.starts_with(char::is_alphanumeric))
        .count();
    // The figures, and the verdict.
    assert_eq!(figures, FIGURES.len() + 1, "{}", ran.stdout);
    assert!(
        lines
            .last()
            .unwrap()
            .starts_with("Same 2 calls, same answers.")
    );
}

#[test]
fn what_would_freeze_for_too_long_is_made_shorter_and_said_to_be() {
    // A hundredth call, which never comes to be, would take ten minutes: six seconds a call, on average.
    let arguments = ["compare", "--latency", "1ms", "--hiccup", "100:600s"];
    let table = callboard(arguments).run().ok();
    assert!(
        table.stdout.starts_with("3 × find Shot")
            && table.stdout.contains("20 were wanted: more would freeze"),
        "{}",
        table.stdout
    );
    let report = callboard(arguments.into_iter().chain(["--json"]))
        .run()
        .ok()
        .json();
    assert_eq!(
        (&report["calls"], &report["calls_wanted"]),
        (&3.into(), &20.into())
    );
}

#[test]
fn the_recording_has_every_frame_and_call_and_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.json");
    let ran = callboard([
        "compare",
        "--json",
        "--calls",
        "3",
        "--latency",
        "80ms",
        "--record",
        path.to_str().unwrap(),
    ])
    .run()
    .ok();
    let report = ran.json();
    let text = std::fs::read_to_string(&path).unwrap();
    let written: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(keys(&written), ["calls", "frames", "summary"].into());
    let summary = &written["summary"];
    let expected: BTreeSet<&str> = top_keys().into_iter().chain(FIGURES).collect();
    assert_eq!(keys(summary), expected);
    assert_eq!(summary["sync"], report["sync"]);
    let calls = written["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 6);
    for call in calls {
        for exchange in call["exchanges"].as_array().unwrap() {
            let phases = exchange["phases"].as_object().unwrap();
            let sum: u64 = phases.values().map(|phase| phase.as_u64().unwrap()).sum();
            assert_eq!(exchange["total_ns"].as_u64(), Some(sum));
            let reused = exchange["connection"]["reused"].as_bool().unwrap();
            assert_eq!(phases.contains_key("connect_ns"), !reused);
        }
    }
    let threads: Vec<&str> = calls
        .iter()
        .map(|call| call["thread"].as_str().unwrap())
        .collect();
    assert_eq!(threads[..3], ["UI thread"; 3]);
    assert!(
        threads[3..]
            .iter()
            .all(|thread| thread.starts_with("worker"))
    );
    let frames = written["frames"].as_array().unwrap();
    assert_eq!(summary["frames"], frames.len());
    let blocked = frames
        .iter()
        .filter(|frame| frame["busy_ms"].as_f64().unwrap() >= 80.0)
        .count();
    assert_eq!(blocked, 3);
    // The sandbox's key is on the title page, and still not in a recording.
    assert!(!text.contains("script_key"));
}

#[test]
fn another_site_on_this_machine_is_compared_as_it_is() {
    let site = site(Options::default());
    let ran = callboard([
        "compare",
        "--json",
        "--calls",
        "2",
        "--rows",
        "5",
        "--site",
        &site.url(),
    ])
    .with_default_script()
    .run()
    .ok();
    assert_eq!(ran.json()["site"], site.url());
    assert_eq!(site.request_count("read"), 4);
}

#[test]
fn calls_without_an_answer_are_a_failure_with_a_reason() {
    let site = site(Options::default());
    site.faults().update(|plan| {
        let faults = callboard::sandbox::MethodFaults {
            always: Some(Misbehavior::Status(503)),
            ..Default::default()
        };
        plan.per_method.insert("read".to_owned(), faults);
    });
    let ran = callboard(["compare", "--json", "--calls", "2", "--site", &site.url()])
        .with_default_script()
        .run();
    ran.no_panic();
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.stderr.lines().count(), 1);
    assert!(
        ran.stderr
            .starts_with("callboard: Not every call was answered")
            && ran.stderr.contains("HTTP 503")
            && ran.stderr.contains("ry again"),
        "{}",
        ran.stderr
    );
    // The figures say it, too.
    let report = ran.json();
    assert_eq!(
        (&report["sync"]["errors"], &report["offloaded"]["errors"]),
        (&2.into(), &2.into())
    );
}

#[test]
fn many_calls_to_somebody_elses_site_have_to_be_asked_for_on_the_line() {
    callboard(["compare"])
        .with_default_script()
        .env("CALLBOARD_SITE", "http://no-such-host.invalid")
        .run()
        .failed(2, &["--site"]);
}
