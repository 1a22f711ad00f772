//! Every job answers, exactly once, whatever happens to it.

use std::panic::panic_any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;

use callboard::offload::{Cancel, End, Executor, Job, JobError, stop_requested};

use super::{Bomb, Gated, NET, answer, error, manual, pool, rest};

#[test]
fn a_job_answers_with_its_value() {
    let (executor, woken) = pool(1);
    let mut job: Job<_, String> = executor.run("count", || Ok(6 * 7));
    assert_eq!(*answer(&mut job, &woken).unwrap(), 42);
    assert_eq!(job.record().end(), Some(End::Answered));
    assert!(job.take().is_none(), "an answer is taken once");
}

#[test]
fn a_job_answers_with_its_error() {
    let (executor, woken) = pool(1);
    let mut job: Job<u32, _> = executor.run("fail", || Err("no such shot"));
    let error = error(answer(&mut job, &woken));
    assert_eq!(error, JobError::Failed("no such shot"));
    assert_eq!(error.to_string(), "no such shot");
    assert_eq!(job.record().end(), Some(End::Failed));
}

#[test]
fn a_panic_is_answered_with_its_message_and_the_worker_lives_on() {
    type Work = Box<dyn FnOnce() -> Result<(), String> + Send>;
    let (executor, woken) = pool(1);
    let row = 7;
    let cases: [(Work, &str); 4] = [
        (Box::new(|| panic!("a plain message")), "a plain message"),
        (Box::new(move || panic!("row {row}")), "row 7"),
        (Box::new(|| panic_any(42)), "a panic without a message"),
        (Box::new(|| panic_any(Bomb)), "a panic without a message"),
    ];
    for (work, message) in cases {
        let mut job: Job<(), String> = executor.run("panic", work);
        assert_eq!(
            error(answer(&mut job, &woken)),
            JobError::Panicked(message.to_owned())
        );
        assert_eq!(job.record().end(), Some(End::Panicked));
    }
    let mut job: Job<_, String> = executor.run("after", || Ok(1));
    assert_eq!(*answer(&mut job, &woken).unwrap(), 1);
}

#[test]
fn a_captured_value_that_panics_while_it_is_dropped_is_answered() {
    let (executor, woken) = pool(1);
    let bomb = Bomb;
    let mut job: Job<u32, String> = executor.run("bomb", move || {
        let _captured = &bomb;
        Ok(1)
    });
    assert_eq!(
        error(answer(&mut job, &woken)),
        JobError::Panicked("the bomb went off".to_owned())
    );
    drop(job);
    assert_eq!(rest(executor, &woken), 0);
}

#[test]
fn a_captured_value_that_panics_does_so_harmlessly_in_a_job_that_never_starts() {
    let (executor, woken) = pool(1);
    let gated = Gated::ask(&executor, 0);
    gated.wait_until_started();
    let bomb = Bomb;
    let mut job: Job<u32, String> = executor.run("bomb", move || {
        let _captured = &bomb;
        Ok(1)
    });
    job.cancel();
    assert_eq!(error(answer(&mut job, &woken)), JobError::Cancelled);
    drop(gated);
    woken.recv_timeout(NET).unwrap();
    let mut after: Job<_, String> = executor.run("after", || Ok(2));
    assert_eq!(*answer(&mut after, &woken).unwrap(), 2);
}

#[test]
fn a_dropped_job_never_starts() {
    let (executor, woken) = manual();
    let ran = Arc::new(AtomicBool::new(false));
    let job: Job<(), String> = executor.run("unwanted", {
        let ran = Arc::clone(&ran);
        move || {
            ran.store(true, Ordering::SeqCst);
            Ok(())
        }
    });
    let record = Arc::clone(job.record());
    drop(job);
    assert_eq!(executor.run_pending(), 0);
    assert!(!ran.load(Ordering::SeqCst));
    assert!(record.is_abandoned());
    assert_eq!(
        (record.started(), record.end()),
        (None, Some(End::Cancelled))
    );
    assert_eq!(executor.pending(), 0);
    assert_eq!(record.cancel(), Some(Cancel::NeverStarted));
    assert_eq!(rest(executor, &woken), 0, "nobody is there to look at it");
}

#[test]
fn a_cancelled_job_answers_and_never_starts() {
    let (executor, woken) = manual();
    let mut job: Job<(), String> = executor.run("unwanted", || panic!("it started"));
    job.cancel();
    assert_eq!(executor.run_pending(), 0);
    assert_eq!(error(answer(&mut job, &woken)), JobError::Cancelled);
    assert_eq!(job.record().started(), None);
}

#[test]
fn a_running_job_learns_that_it_is_not_wanted_and_answers() {
    let (executor, woken) = pool(1);
    let (start, started) = channel();
    let (cancel, cancelled) = channel::<()>();
    let mut job: Job<_, String> = executor.run("long", move || {
        let before = stop_requested();
        start.send(()).unwrap();
        cancelled.recv().ok();
        Ok((before, stop_requested()))
    });
    started.recv_timeout(NET).unwrap();
    job.ask_to_stop();
    assert!(job.take().is_none(), "it says itself what came of that");
    cancel.send(()).unwrap();
    assert_eq!(*answer(&mut job, &woken).unwrap(), (false, true));
    assert!(!stop_requested(), "outside a job nobody asks to stop");
}

#[test]
fn after_shut_down_nothing_starts_and_everything_answers() {
    let (executor, woken) = pool(1);
    let mut running = Gated::ask(&executor, 5);
    running.wait_until_started();
    let ran = Arc::new(AtomicUsize::new(0));
    let ask = || -> Job<(), String> {
        let ran = Arc::clone(&ran);
        executor.run("late", move || {
            ran.fetch_add(1, Ordering::SeqCst);
            Ok(())
        })
    };
    let mut late = vec![ask(), ask()];
    // It returns although a job is still running.
    executor.shut_down();
    late.push(ask());
    // …and the only worker still hangs, but whoever waits is answered, also for that.
    assert_eq!(error(running.job.take().unwrap()), JobError::ShutDown);
    assert_eq!(running.job.record().cancel(), Some(Cancel::InterestDropped));
    for mut job in late {
        assert_eq!(error(job.take().unwrap()), JobError::ShutDown);
        assert_eq!(job.record().end(), Some(End::ShutDown));
    }
    for _ in 0..4 {
        woken.recv_timeout(NET).expect("one wake-up for each");
    }
    running.gate.send(()).unwrap();
    woken.recv_timeout(NET).unwrap();
    assert!(running.job.record().returned().is_some());
    assert_eq!(executor.stale(), 1);
    assert_eq!(ran.load(Ordering::SeqCst), 0);
    assert_eq!(executor.pending(), 0);
}

#[test]
fn the_last_handle_of_an_executor_shuts_it_down() {
    let (executor, _woken) = manual();
    let mut job: Job<(), String> = executor.run("orphan", || Ok(()));
    drop(executor);
    assert_eq!(error(job.take().unwrap()), JobError::ShutDown);

    let (executor, woken) = pool(1);
    let mut first = Gated::ask(&executor, 1);
    first.wait_until_started();
    let mut second: Job<i32, String> = executor.run("second", || Ok(2));
    drop(executor.clone());
    assert!(second.take().is_none(), "one handle is left");
    drop(executor);
    assert_eq!(error(second.take().unwrap()), JobError::ShutDown);
    // What runs goes on to its end, but whoever waits for it hears at once.
    assert_eq!(error(first.job.take().unwrap()), JobError::ShutDown);
    for _ in 0..2 {
        woken.recv_timeout(NET).unwrap();
    }
    first.gate.send(()).unwrap();
    woken.recv_timeout(NET).expect("its end is to be drawn");
}

#[test]
fn a_wake_that_panics_takes_no_worker_along() {
    let (told, heard) = channel();
    let executor = Executor::pool(1, move || {
        told.send(()).ok();
        panic!("no window any more");
    })
    .unwrap();
    for value in 0..3 {
        let mut job: Job<_, String> = executor.run("value", move || Ok(value));
        assert_eq!(*answer(&mut job, &heard).unwrap(), value);
    }
}

#[test]
fn ten_thousand_jobs_lose_no_answer() {
    const JOBS: usize = 10_000;
    let (executor, woken) = pool(16);
    let mut jobs: Vec<Job<usize, usize>> = (0..JOBS)
        .map(|number| {
            let job = executor.run("one of many", move || {
                if number % 5 == 0 {
                    Err(number)
                } else {
                    Ok(number)
                }
            });
            if number % 7 == 0 {
                job.cancel();
            }
            job
        })
        .collect();
    while executor.pending() > 0 {
        woken.recv_timeout(NET).expect("an answer is missing");
    }
    for (number, job) in jobs.iter_mut().enumerate() {
        match job.take().expect("an answer is missing") {
            Ok(value) => assert!(*value == number && number % 5 != 0),
            Err(error) => match *error {
                JobError::Failed(value) => assert!(value == number && number % 5 == 0),
                JobError::Cancelled => assert_eq!(number % 7, 0),
                other @ (JobError::Panicked(_) | JobError::TimedOut(_) | JobError::ShutDown) => {
                    panic!("job {number}: {other:?}")
                }
            },
        }
    }
    assert_eq!(executor.pending(), 0);
    let kept = executor.jobs();
    assert!(
        kept.len() < JOBS,
        "the list of jobs is bounded: {}",
        kept.len()
    );
    assert_eq!(
        kept.iter().next_back().unwrap().job_id,
        jobs.last().unwrap().record().job_id
    );
}
