//! Jobs that are ended from outside: what is said of them, and what becomes of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use callboard::offload::{
    Cancel, End, Job, JobError, Lane, Remote, Scope, Told, on_stop, stop_requested,
};

use super::{Gated, NET, answer, error, manual, pool};

const PREFETCH: Lane = Lane::background("Prefetch", 1);

#[test]
fn promise_8_cancel_tells_the_truth() {
    let (executor, woken) = pool(2);
    // One that looks whether it is wanted…
    let mut looks = Gated::ask(&executor, 1);
    looks.wait_until_started();
    // …one whose wait can be broken off…
    let (start, started) = channel();
    let mut waits: Job<(), String> = executor.run("waits", move || {
        let (close, closed) = channel::<()>();
        let _hook = on_stop(move || {
            drop(close);
            Told::BrokenOff
        });
        start.send(()).unwrap();
        closed.recv().ok();
        Err("cut".to_owned())
    });
    started.recv_timeout(NET).unwrap();
    // …and one that never starts.
    let mut queued: Job<(), String> = executor.run("queued", || panic!("it started"));
    for job in [&waits, &queued] {
        job.cancel();
    }
    looks.job.cancel();
    assert_eq!(error(looks.job.take().unwrap()), JobError::Cancelled);
    assert_eq!(error(waits.take().unwrap()), JobError::Cancelled);
    assert_eq!(error(queued.take().unwrap()), JobError::Cancelled);
    let how = |job: &Job<(), String>| job.record().cancel();
    assert_eq!(how(&waits), Some(Cancel::BrokenOff));
    assert_eq!(how(&queued), Some(Cancel::NeverStarted));
    assert_eq!(looks.job.record().cancel(), Some(Cancel::InterestDropped));
    assert_eq!(looks.job.record().returned(), None, "its worker is taken");
    while waits.record().returned().is_none() {
        woken.recv_timeout(NET).expect("its worker is taken");
    }
    assert!(waits.record().returned() >= waits.record().stored());
    assert_eq!(queued.record().returned(), None);
}

#[test]
fn a_hook_is_called_once_at_once_if_it_is_late_and_never_after_its_guard() {
    let (executor, woken) = pool(1);
    let calls = Arc::new(AtomicUsize::new(0));
    let count = |calls: &Arc<AtomicUsize>| {
        let calls = Arc::clone(calls);
        move || {
            calls.fetch_add(1, Ordering::SeqCst);
            Told::Noted
        }
    };
    let (start, started) = channel();
    let (open, gate) = channel::<()>();
    let mut job: Job<bool, String> = executor.run("hooked", {
        let calls = Arc::clone(&calls);
        move || {
            drop(on_stop(count(&calls)));
            let _panics = on_stop(|| panic!("a hook that panics"));
            let _called = on_stop(count(&calls));
            start.send(()).unwrap();
            gate.recv().ok();
            drop(on_stop(count(&calls)));
            Ok(stop_requested())
        }
    });
    started.recv_timeout(NET).unwrap();
    job.ask_to_stop();
    job.ask_to_stop();
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    drop(open);
    assert!(*answer(&mut job, &woken).unwrap());
    assert_eq!(calls.load(Ordering::SeqCst), 2);
    drop(on_stop(count(&calls)));
    assert_eq!(calls.load(Ordering::SeqCst), 2, "there is no job here");
}

#[test]
fn a_deadline_ends_what_waits_and_what_runs() {
    let (executor, _woken) = manual();
    let limit = Duration::from_secs(30);
    let mut late: Job<(), String> = executor
        .job("late")
        .deadline(limit)
        .run(|| panic!("it started"));
    let mut in_time: Job<u32, String> = executor.job("in time").deadline(limit).run(|| Ok(1));
    in_time.set_priority(1);
    executor.advance(limit.saturating_sub(Duration::from_nanos(1)));
    assert!(late.take().is_none());
    assert!(executor.run_next());
    executor.advance(Duration::from_nanos(1));
    assert_eq!(error(late.take().unwrap()), JobError::TimedOut(limit));
    assert_eq!(late.record().end(), Some(End::TimedOut));
    assert_eq!(*in_time.take().unwrap().unwrap(), 1);
    assert_eq!(executor.run_pending(), 0);

    let (executor, woken) = pool(1);
    let limit = Duration::from_millis(1);
    let (open, gate) = channel::<()>();
    let mut hung: Job<(), String> = executor.job("hung").deadline(limit).run(move || {
        gate.recv().ok();
        Ok(())
    });
    assert_eq!(error(answer(&mut hung, &woken)), JobError::TimedOut(limit));
    drop(open);
}

#[test]
fn what_is_typed_quickly_is_asked_for_once() {
    let (executor, _woken) = manual();
    let quiet = Duration::from_millis(200);
    let mut found: Remote<usize, String> = Remote::default();
    for typed in ["s", "sh", "sho", "shot"] {
        found.load(executor.job("search").after(quiet).run(|| Ok(typed.len())));
        executor.advance(quiet / 2);
        assert_eq!(executor.run_pending(), 0, "not while somebody types");
    }
    executor.advance(quiet / 2);
    assert_eq!(executor.run_pending(), 1);
    assert!(found.poll());
    assert_eq!(found.value(), Some(&4));
}

#[test]
fn a_scope_that_is_left_takes_its_jobs_along() {
    let (executor, woken) = pool(2);
    let view = Scope::new();
    let (start, started) = channel();
    let mut running: Job<bool, String> = executor.job("of the view").scope(&view).run(move || {
        let (close, closed) = channel::<()>();
        let _hook = on_stop(move || {
            drop(close);
            Told::BrokenOff
        });
        start.send(()).unwrap();
        closed.recv().ok();
        Ok(stop_requested())
    });
    started.recv_timeout(NET).unwrap();
    let mut other: Job<u32, String> = executor.run("of another one", || Ok(1));
    assert_eq!(*answer(&mut other, &woken).unwrap(), 1);
    assert_eq!(view.pending(), 1);
    drop(view);
    assert_eq!(error(running.take().unwrap()), JobError::Cancelled);
    assert_eq!(running.record().cancel(), Some(Cancel::BrokenOff));
}

#[test]
fn a_scope_can_let_go_of_what_has_not_started_or_put_it_last() {
    let (executor, woken) = pool(1);
    let view = Scope::new();
    let (open, gate) = channel::<()>();
    let (start, started) = channel();
    let mut running: Job<u32, String> = executor.job("running").scope(&view).run(move || {
        start.send(()).unwrap();
        gate.recv().ok();
        Ok(1)
    });
    started.recv_timeout(NET).unwrap();
    let mut queued: Job<u32, String> = executor.job("queued").scope(&view).run(|| Ok(2));
    view.cancel_queued();
    assert_eq!(error(answer(&mut queued, &woken)), JobError::Cancelled);
    assert_eq!(view.pending(), 1);
    drop(open);
    assert_eq!(*answer(&mut running, &woken).unwrap(), 1);

    let (executor, _woken) = manual();
    let view = Scope::new();
    let ask = |name: &'static str, scope| executor.job(name).lane(PREFETCH).scope(scope);
    let left: Job<(), String> = ask("left", &view).run(|| Ok(()));
    let elsewhere = Scope::new();
    let wanted: Job<(), String> = ask("wanted", &elsewhere).run(|| Ok(()));
    view.set_priority(callboard::offload::LAST);
    assert!(executor.run_next());
    assert!(wanted.record().end().is_some() && left.record().end().is_none());
}

#[test]
fn promise_9_closing_does_not_wait_for_what_hangs_and_names_it() {
    let (executor, _woken) = pool(4);
    let quick: Job<(), String> = executor.run("quick", || Ok(()));
    let hung: Vec<Gated> = (0..32)
        .map(|number| Gated::ask(&executor, number))
        .collect();
    hung[3].wait_until_started();
    let left = executor.close(Duration::from_millis(1));
    assert_eq!(left.len(), 4);
    assert!(left.iter().all(|job| &*job.label == "gated"));
    for gated in &hung {
        assert_eq!(gated.job.record().end(), Some(End::ShutDown));
    }
    drop((quick, hung));
    assert!(executor.close(NET).is_empty(), "now all have returned");
}
