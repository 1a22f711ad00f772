//! Big values are freed on a worker, not on the thread that draws.

use std::sync::mpsc::{Receiver, Sender, channel};

use callboard::offload::{Executor, Job, Remote};

use super::{Bomb, Gated, NET, answer, manual, pool};

/// Says which thread freed it.
struct Heavy(Sender<String>);

impl Drop for Heavy {
    fn drop(&mut self) {
        let name = std::thread::current().name().unwrap_or_default().to_owned();
        self.0.send(name).ok();
    }
}

fn heavy(executor: &Executor) -> (Job<Heavy, String>, Receiver<String>) {
    let (told, freed) = channel();
    (executor.run("heavy", move || Ok(Heavy(told))), freed)
}

#[track_caller]
fn assert_freed_by_a_worker(freed: &Receiver<String>) {
    let thread = freed.recv_timeout(NET).expect("it was never freed");
    assert!(
        thread.starts_with("worker ") || thread.starts_with("computer "),
        "freed on `{thread}`"
    );
}

#[test]
fn an_answer_that_was_taken_is_freed_by_a_worker() {
    let (executor, woken) = pool(2);
    let (mut job, freed) = heavy(&executor);
    let value = answer(&mut job, &woken).unwrap();
    assert!(freed.try_recv().is_err(), "it is still in use");
    drop(value);
    assert_freed_by_a_worker(&freed);
}

#[test]
fn an_answer_that_nobody_took_is_freed_by_a_worker() {
    let (executor, woken) = pool(2);
    let (job, freed) = heavy(&executor);
    woken.recv_timeout(NET).unwrap();
    drop(job);
    assert_freed_by_a_worker(&freed);
}

#[test]
fn an_answer_that_comes_too_late_is_freed_by_a_worker() {
    let (executor, woken) = pool(1);
    let (told, freed) = channel();
    let (start, started) = channel();
    let (gate, opened) = channel::<()>();
    let job: Job<Heavy, String> = executor.run("late", move || {
        start.send(()).ok();
        opened.recv().ok();
        Ok(Heavy(told))
    });
    started.recv_timeout(NET).unwrap();
    drop(job);
    gate.send(()).unwrap();
    assert_freed_by_a_worker(&freed);
    woken.recv_timeout(NET).unwrap();
}

#[test]
fn a_value_that_was_replaced_cleared_or_dropped_is_freed_by_a_worker() {
    let (executor, woken) = pool(2);
    let mut remote: Remote<Heavy, String> = Remote::default();
    let load = |remote: &mut Remote<Heavy, String>| {
        let (job, freed) = heavy(&executor);
        remote.load(job);
        woken.recv_timeout(NET).unwrap();
        assert!(remote.poll());
        freed
    };
    let first = load(&mut remote);
    let second = load(&mut remote);
    assert_freed_by_a_worker(&first);
    remote.clear();
    assert_freed_by_a_worker(&second);
    let third = load(&mut remote);
    drop(remote);
    assert_freed_by_a_worker(&third);
}

#[test]
fn without_workers_a_value_is_freed_all_the_same() {
    let (executor, woken) = manual();
    let (mut job, freed) = heavy(&executor);
    executor.run_pending();
    let value = answer(&mut job, &woken).unwrap();
    drop(value);
    assert!(freed.try_recv().is_err(), "not on this thread's time");
    executor.run_pending();
    assert!(freed.try_recv().is_ok());
}

#[test]
fn a_value_that_outlives_its_executor_is_freed_by_a_worker() {
    let (executor, woken) = pool(2);
    let (mut job, freed) = heavy(&executor);
    let value = answer(&mut job, &woken).unwrap();
    drop(executor);
    drop(value);
    assert_freed_by_a_worker(&freed);
}

#[test]
fn a_value_that_panics_while_it_is_freed_takes_no_worker_along() {
    let (executor, woken) = pool(1);
    let mut job: Job<Bomb, String> = executor.run("bomb", || Ok(Bomb));
    drop(answer(&mut job, &woken).unwrap());

    // Too late to be wanted, and freed while it is being sent.
    let (start, started) = channel();
    let (gate, opened) = channel::<()>();
    let job: Job<Bomb, String> = executor.run("bomb", move || {
        start.send(()).ok();
        opened.recv().ok();
        Ok(Bomb)
    });
    started.recv_timeout(NET).unwrap();
    drop(job);
    gate.send(()).unwrap();

    let mut after = Gated::ask(&executor, 3);
    after.wait_until_started();
    after.gate.send(()).unwrap();
    woken.recv_timeout(NET).unwrap();
    assert_eq!(*answer(&mut after.job, &woken).unwrap(), 3);
    assert_eq!(executor.pending(), 0);
}
