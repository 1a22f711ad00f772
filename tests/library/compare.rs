//! The same calls, blocking and offloaded, against a site that takes its time.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use callboard::calls::Recorder;
use callboard::compare::{
    LONGEST_FREEZE, Run, Side, SideReport, Snippet, Verdict, Workload, headless, snippets,
};
use callboard::offload::Executor;
use callboard::sandbox::{FaultPlan, Misbehavior, Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
use callboard::shotgun::{Client, EntityId};

/// What each call takes: long against anything that a busy machine does to a frame.
const LATENCY: Duration = Duration::from_millis(400);

struct Site {
    _sandbox: Sandbox,
    client: Client,
    recorder: Arc<Recorder>,
}

fn site(faults: FaultPlan) -> Site {
    let sandbox = Sandbox::with(Options {
        seed: Seed::Small,
        faults,
        ..Options::default()
    })
    .unwrap();
    let recorder = Arc::new(Recorder::default());
    let client = Client::builder(&sandbox.url())
        .script(SCRIPT_NAME, SCRIPT_KEY)
        .observer(Arc::clone(&recorder) as _)
        .build()
        .unwrap();
    Site {
        _sandbox: sandbox,
        client,
        recorder,
    }
}

/// The blocking run, then the offloaded one.
fn both(site: &Site, workload: &Workload) -> (SideReport, SideReport) {
    let Site {
        client, recorder, ..
    } = site;
    let executor = Executor::new(|| {}).unwrap();
    let blocking = Run::blocking(client, workload, || {}).unwrap();
    assert_eq!((blocking.side(), blocking.calls()), (Side::Sync, 4));
    let sync = headless(blocking, recorder);
    let offloaded = Run::offloaded(client, &executor, workload, || {}).unwrap();
    assert_eq!((offloaded.side(), offloaded.calls()), (Side::Offloaded, 4));
    (sync, headless(offloaded, recorder))
}

#[test]
fn both_versions_get_the_same_answers_and_only_one_of_them_freezes() {
    let site = site(FaultPlan {
        latency: LATENCY,
        ..FaultPlan::default()
    });
    let latency_ms = LATENCY.as_secs_f64() * 1_000.0;
    let (sync, offloaded) = both(&site, &Workload::shots(4, 10));

    let all: Vec<EntityId> = site
        .client
        .find("Shot", &[], &[])
        .unwrap()
        .iter()
        .map(|shot| shot.id())
        .collect();
    for side in [&sync, &offloaded] {
        let answers = side.answers.iter().flatten().flatten().flatten();
        assert_eq!(answers.copied().collect::<Vec<_>>(), all);
        assert_eq!((side.figures.errors, side.first_error()), (0, None));
    }

    // One blocking call per frame, and each frame as long as its call.
    assert_eq!(sync.frames.len(), 4);
    assert!(
        sync.frames.iter().all(|frame| *frame >= LATENCY),
        "{:?}",
        sync.frames
    );
    assert!(sync.figures.longest_freeze_ms >= latency_ms);
    assert_eq!(
        (sync.figures.frames_over_50ms, sync.figures.peak_in_flight),
        (4, 1)
    );
    assert!(
        sync.figures.worst_interaction_ms.unwrap() >= latency_ms,
        "what was typed had to wait"
    );

    assert!(
        offloaded.frames.iter().all(|frame| *frame < LATENCY),
        "{:?}",
        offloaded.frames
    );
    assert!(
        offloaded.figures.peak_in_flight > 1,
        "{:?}",
        offloaded.figures
    );
    assert!(offloaded.figures.frames > sync.figures.frames);
    assert!(
        offloaded.figures.all_rows_ms < sync.figures.all_rows_ms,
        "the calls waited side by side"
    );

    let verdict = Verdict::of(&sync, &offloaded);
    assert!(verdict.same_answers && verdict.stood_still >= 4 * LATENCY);
    assert_eq!(verdict.headline(), "Same 4 calls, same answers.");
}

#[test]
fn the_board_sees_who_made_the_calls_of_each_version() {
    let site = site(FaultPlan::default());
    let (sync, offloaded) = both(&site, &Workload::shots(4, 10));
    // The frame after the last answer is drawn, too.
    let drawn = sync.frames.len() + offloaded.frames.len() + 2;
    assert_eq!(site.recorder.frames_drawn(), drawn as u64);
    let calls = site.recorder.snapshot().calls.clone();
    assert_eq!(calls.len(), 8);
    assert!(calls[..4].iter().all(|call| call.is_on_ui_thread()));
    for call in &calls[4..] {
        let origin = call.job.as_ref().unwrap().origin;
        assert!(
            origin.location.file().ends_with("offloaded.rs"),
            "what runs is what is shown: {origin:?}"
        );
        assert!(call.shown.is_some(), "the stand-in window showed it");
    }
}

#[test]
fn calls_that_fail_end_the_run_and_are_counted() {
    let site = site(FaultPlan {
        always: Some(Misbehavior::Status(503)),
        ..FaultPlan::default()
    });
    let (sync, offloaded) = both(&site, &Workload::shots(4, 10));
    for side in [&sync, &offloaded] {
        assert_eq!((side.figures.errors, side.figures.all_rows_ms), (4, None));
        assert!(side.first_error().unwrap().contains("HTTP 503"));
    }
    let verdict = Verdict::of(&sync, &offloaded);
    assert_eq!(
        (verdict.same_answers, verdict.errors, verdict.last_row),
        (false, (4, 4), None)
    );
}

#[test]
fn a_run_that_is_cut_short_leaves_out_what_was_not_asked() {
    let site = site(FaultPlan::default());
    let mut run = Run::blocking(&site.client, &Workload::shots(10, 5), || {}).unwrap();
    for _ in 0..3 {
        run.begin_frame(Instant::now());
        run.step();
        run.end_frame(Duration::from_millis(1));
    }
    assert_eq!((run.answered(), run.calls(), run.is_done()), (3, 10, false));
    run.cut_short();
    assert_eq!(
        (run.calls(), run.is_done(), run.is_over()),
        (3, true, false)
    );
    let report = headless(run, &site.recorder);
    assert_eq!((report.answers.len(), report.frames.len()), (3, 3));
    assert_eq!(site.recorder.snapshot().calls.len(), 3);
}

#[test]
fn nobody_is_asked_to_sit_through_more_than_twenty_seconds() {
    assert_eq!(LONGEST_FREEZE, Duration::from_secs(20));
    for calls in [1, 7, 20, 1_000] {
        for millis in [0, 1, 20, 300, 999, 1_000, 4_000, 19_999, 60_000] {
            let expected = Duration::from_millis(millis);
            let capped = Workload::shots(calls, 50).capped(expected);
            assert!(capped.calls >= 1 && capped.calls <= calls);
            assert!(
                capped.calls == 1 || expected * capped.calls as u32 <= LONGEST_FREEZE,
                "{} × {expected:?}",
                capped.calls
            );
            let affordable = expected * calls as u32 <= LONGEST_FREEZE;
            assert_eq!(
                capped.calls == calls,
                affordable || calls == 1,
                "no fewer than necessary: {calls} × {expected:?}"
            );
            assert_eq!((capped.rows, capped.entity_type.as_str()), (50, "Shot"));
        }
    }
}

#[test]
fn the_page_shows_the_source_that_runs_and_the_better_one_is_hardly_longer() {
    let (blocking, offloaded) = snippets();
    let count = |snippet: &Snippet| {
        snippet
            .lines
            .iter()
            .filter(|line| !line.trim().is_empty())
            .count()
    };
    assert!(count(&blocking) >= 3);
    let more = count(&offloaded) - count(&blocking);
    assert!(more <= 5, "{more} lines longer");
    for (snippet, file) in [(&blocking, "blocking.rs"), (&offloaded, "offloaded.rs")] {
        let path = format!("{}/src/compare/{file}", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(path).unwrap();
        let mut source = source
            .lines()
            .map(|line| line.trim().replace("pub(super) ", ""));
        for line in &snippet.lines {
            assert!(
                source.any(|there| there == line.trim()),
                "`{line}` is not in {file}, or not there"
            );
        }
        let text = snippet.lines.join("\n");
        assert!(text.contains(".query("), "the call itself is shown: {text}");
        assert_eq!(
            text.matches('{').count(),
            text.matches('}').count(),
            "whole functions: {text}"
        );
        assert!(
            !snippet.lines[0].starts_with(' '),
            "shown without the indentation of the file"
        );
    }
}
