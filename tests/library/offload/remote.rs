//! A remote value: the latest job wins, and the last good value stays.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use callboard::offload::{End, JobError, Remote, View};

use super::{Gated, NET, manual, pool};

type Value = Remote<u32, String>;

/// A view, with the values copied out of it.
fn seen(remote: &Value) -> (&'static str, Option<u32>) {
    match remote.view() {
        View::Idle => ("idle", None),
        View::Loading { previous } => ("loading", previous.copied()),
        View::Ready(value) => ("ready", Some(*value)),
        View::Failed { previous, .. } => ("failed", previous.copied()),
    }
}

#[test]
fn a_value_is_idle_then_loading_then_ready() {
    let (executor, _woken) = manual();
    let mut remote = Value::default();
    assert_eq!(seen(&remote), ("idle", None));
    assert!(!remote.poll());
    remote.load(executor.run("load", || Ok(1)));
    assert!(remote.is_loading() && !remote.poll());
    assert_eq!(seen(&remote), ("loading", None));
    executor.run_pending();
    assert_eq!(
        seen(&remote),
        ("loading", None),
        "nothing changes in the middle of a frame"
    );
    assert!(remote.poll());
    assert_eq!(seen(&remote), ("ready", Some(1)));
    assert!(!remote.poll(), "an answer arrives once");
}

#[test]
fn a_refresh_keeps_the_last_good_value_also_when_it_fails() {
    let (executor, _woken) = manual();
    let mut remote = Value::default();
    remote.load(executor.run("load", || Ok(1)));
    executor.run_pending();
    remote.poll();

    for failure in [JobError::Failed("gone".to_owned()), JobError::Cancelled] {
        let job = executor.run("refresh", || Err("gone".to_owned()));
        if failure == JobError::Cancelled {
            job.cancel();
        }
        remote.load(job);
        assert_eq!(seen(&remote), ("loading", Some(1)));
        executor.run_pending();
        assert_eq!(remote.arrived(), Some(Err(&failure)));
        assert_eq!(seen(&remote), ("failed", Some(1)));
    }

    remote.load(executor.run("again", || Ok(2)));
    assert_eq!(seen(&remote), ("loading", Some(1)));
    executor.run_pending();
    assert_eq!(remote.arrived(), Some(Ok(&2)));
    assert_eq!(
        seen(&remote),
        ("ready", Some(2)),
        "a good answer ends the error"
    );
}

#[test]
fn a_first_load_that_fails_has_no_value_to_show() {
    let (executor, _woken) = manual();
    let mut remote = Value::default();
    remote.load(executor.run("load", || panic!("oh")));
    executor.run_pending();
    assert!(remote.poll());
    assert!(
        matches!(remote.view(), View::Failed { error: JobError::Panicked(message), previous: None } if message == "oh")
    );
    assert_eq!(remote.value(), None);
}

#[test]
fn an_answer_that_was_superseded_is_never_shown() {
    // Whichever of the two answers first, the one that was asked for last is shown.
    for slow_one_first in [true, false] {
        let (executor, woken) = pool(2);
        let mut remote = Value::default();
        let (old, new) = (Gated::ask(&executor, 1), Gated::ask(&executor, 2));
        old.wait_until_started();
        new.wait_until_started();
        let stale = Arc::clone(old.job.record());
        remote.load(old.job);
        remote.load(new.job);
        let gates = if slow_one_first {
            [old.gate, new.gate]
        } else {
            [new.gate, old.gate]
        };
        let mut shown = Vec::new();
        for gate in gates {
            gate.send(()).unwrap();
            woken.recv_timeout(NET).unwrap();
            remote.poll();
            shown.push(seen(&remote));
        }
        let expected = if slow_one_first {
            [("loading", None), ("ready", Some(2))]
        } else {
            [("ready", Some(2)), ("ready", Some(2))]
        };
        assert_eq!(shown, expected);
        // It was answered, it can be counted, and nobody took it.
        assert_eq!(
            (stale.end(), stale.is_abandoned(), stale.taken()),
            (Some(End::Cancelled), true, None)
        );
        assert_eq!(executor.stale(), 1);
    }
}

#[test]
fn of_ten_quick_requests_only_the_last_one_runs() {
    let (executor, _woken) = manual();
    let mut remote = Value::default();
    let ran: Vec<Arc<AtomicBool>> = (0..10).map(|_| Arc::default()).collect();
    for (number, flag) in (0..).zip(&ran) {
        let flag = Arc::clone(flag);
        remote.load(executor.run("typed", move || {
            flag.store(true, Ordering::SeqCst);
            Ok(number)
        }));
    }
    assert_eq!(executor.run_pending(), 1);
    assert!(remote.poll());
    assert_eq!(seen(&remote), ("ready", Some(9)));
    let ran: Vec<bool> = ran.iter().map(|flag| flag.load(Ordering::SeqCst)).collect();
    assert_eq!(ran.iter().filter(|ran| **ran).count(), 1);
    assert!(ran[9]);
}

#[test]
fn cancelling_leaves_what_was_there_and_clearing_does_not() {
    let (executor, _woken) = manual();
    let mut remote = Value::default();
    remote.load(executor.run("load", || Ok(1)));
    executor.run_pending();
    remote.poll();
    remote.load(executor.run("refresh", || Ok(2)));
    remote.cancel();
    executor.run_pending();
    assert!(!remote.poll());
    assert_eq!(seen(&remote), ("ready", Some(1)));
    remote.load(executor.run("refresh", || Ok(3)));
    remote.clear();
    executor.run_pending();
    assert!(!remote.poll());
    assert_eq!(seen(&remote), ("idle", None));
    assert!(remote.record().is_none());
}

#[test]
fn a_cancelled_refresh_leaves_value_and_error_as_they_were() {
    let (executor, _woken) = manual();
    let mut remote = Value::default();
    remote.load(executor.run("load", || Err("gone".to_owned())));
    executor.run_pending();
    remote.poll();
    remote.load(executor.run("retry", || Ok(1)));
    remote.cancel();
    assert_eq!(seen(&remote), ("failed", None));
}
