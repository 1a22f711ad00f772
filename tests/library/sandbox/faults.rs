//! Misfortune that repeats itself: by count, and by seed.

use std::time::Duration;

use callboard::sandbox::{FaultPlan, Hiccup, Misbehavior, Options, Sandbox};
use serde_json::Value as Json;

use super::{Line, header, read, small, with};

const MS: Duration = Duration::from_millis(1);

fn ask(line: &mut Line) -> Option<super::Answer> {
    line.post("{\"method_name\":\"info\",\"params\":[]}")
}

/// How each of `count` calls ended.
fn statuses(sandbox: &Sandbox, count: usize) -> Vec<u16> {
    let mut line = Line::open(sandbox);
    (0..count).map(|_| ask(&mut line).unwrap().status).collect()
}

/// How long the faults made each call wait, by the sandbox's own books.
fn waits(sandbox: &Sandbox) -> Vec<Duration> {
    sandbox
        .requests()
        .iter()
        .map(|request| request.waited)
        .collect()
}

#[test]
fn every_nth_call_hiccups_and_no_other() {
    let hiccup = Hiccup {
        every: 3,
        pause: 40 * MS,
    };
    let sandbox = with(Options {
        faults: FaultPlan {
            latency: 5 * MS,
            hiccup: Some(hiccup),
            ..FaultPlan::default()
        },
        ..Options::default()
    });
    statuses(&sandbox, 7);
    let (usual, long) = (5 * MS, 45 * MS);
    let expected = [usual, usual, long, usual, usual, long, usual];
    assert_eq!(waits(&sandbox), expected);
    assert!(
        sandbox
            .requests()
            .iter()
            .all(|request| request.took >= request.waited)
    );

    // A new plan counts from the start.
    sandbox.faults().set(FaultPlan {
        hiccup: Some(hiccup),
        ..FaultPlan::default()
    });
    statuses(&sandbox, 3);
    assert_eq!(
        waits(&sandbox)[7..],
        [Duration::ZERO, Duration::ZERO, 40 * MS]
    );
}

#[test]
fn errors_come_as_often_as_planned_and_repeat_with_the_seed() {
    let run = |error_rate, seed| {
        let sandbox = with(Options {
            faults: FaultPlan {
                error_rate,
                seed,
                ..FaultPlan::default()
            },
            ..Options::default()
        });
        statuses(&sandbox, 60)
    };
    let first = run(0.5, 7);
    assert_eq!(first, run(0.5, 7));
    assert_ne!(first, run(0.5, 8));
    let failed = first.iter().filter(|status| **status != 200).count();
    assert!((10..=50).contains(&failed), "{failed} of 60 failed");
    assert!(first.iter().all(|status| [200, 500, 503].contains(status)));
    assert_eq!(run(0.0, 7), [200; 60]);
    assert!(run(1.0, 7).iter().all(|status| *status >= 500));
}

#[test]
fn jitter_stays_within_its_bounds_and_repeats_with_the_seed() {
    let run = |seed| {
        let sandbox = with(Options {
            faults: FaultPlan {
                latency: 4 * MS,
                jitter: 3 * MS,
                seed,
                ..FaultPlan::default()
            },
            ..Options::default()
        });
        statuses(&sandbox, 20);
        waits(&sandbox)
    };
    let first = run(1);
    assert_eq!(first, run(1));
    assert_ne!(first, run(2));
    assert!(
        first.iter().all(|wait| (MS..=7 * MS).contains(wait)),
        "{first:?}"
    );
}

#[test]
fn every_misbehavior_looks_like_what_it_is_called() {
    let sandbox = small();
    let next = |way| {
        sandbox.faults().once(way);
        ask(&mut Line::open(&sandbox))
    };
    for status in [404, 429, 500, 502, 503] {
        assert_eq!(next(Misbehavior::Status(status)).unwrap().status, status);
    }
    let redirect = next(Misbehavior::Redirect).unwrap();
    assert_eq!(redirect.status, 302);
    assert!(header(&redirect.head, "location").is_some());
    let html = next(Misbehavior::Html).unwrap();
    let content_type = header(&html.head, "content-type").unwrap();
    assert!(html.status == 200 && content_type.starts_with("text/html"));
    let cut = next(Misbehavior::InvalidJson).unwrap();
    assert!(!cut.body.is_empty() && serde_json::from_slice::<Json>(&cut.body).is_err());
    assert!(next(Misbehavior::Truncate).is_none());
    assert!(next(Misbehavior::Reset).is_none());
    // Each of them once, and the site is well again.
    let answer = ask(&mut Line::open(&sandbox)).unwrap();
    assert!(serde_json::from_slice::<Json>(&answer.body).is_ok());
}

#[test]
fn faults_change_while_it_runs_and_only_where_they_should() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    sandbox.faults().update(|plan| {
        let faults = callboard::sandbox::MethodFaults {
            always: Some(Misbehavior::Status(503)),
            ..Default::default()
        };
        plan.per_method.insert("info".to_owned(), faults);
    });
    assert_eq!(ask(&mut line).unwrap().status, 503);
    let rows = line.call("read", &read("Shot", &["code".to_owned()], 3));
    assert_eq!(rows["entities"].as_array().unwrap().len(), 3);
    sandbox.faults().set(FaultPlan::default());
    assert_eq!(ask(&mut line).unwrap().status, 200);
}
