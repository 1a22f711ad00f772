//! What comes before what: value and wake-up, asking and starting, and who waits next to whom.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use callboard::offload::{
    DEFAULT_WORKERS, End, Executor, Job, JobError, Origin, Parcel, current_job,
};
use parking_lot::Mutex;

use super::{Gated, NET, answer, manual, pool, rest};

#[test]
fn promise_2_the_answer_is_stored_before_the_one_wake_up() {
    type Waiting = Arc<Mutex<Option<Job<u32, String>>>>;
    type Found = Option<Result<u32, JobError<String>>>;
    let waiting: Waiting = Arc::default();
    let found: Arc<Mutex<Vec<Found>>> = Arc::default();
    let executor = Executor::manual({
        let (waiting, found) = (Arc::clone(&waiting), Arc::clone(&found));
        // The frame could not come sooner than this.
        move || {
            let answer = waiting.lock().as_mut().unwrap().take();
            let answer = answer.map(|answer| {
                answer
                    .map(|value: Parcel<u32>| *value)
                    .map_err(|error| *error)
            });
            found.lock().push(answer);
        }
    });
    let asked: [Box<dyn FnOnce() -> Result<u32, String> + Send>; 3] = [
        Box::new(|| Ok(3)),
        Box::new(|| Err("no".to_owned())),
        Box::new(|| panic!("oh")),
    ];
    for work in asked {
        *waiting.lock() = Some(executor.run("asked", work));
        executor.run_pending();
    }
    *waiting.lock() = Some(executor.run("cancelled", || Ok(1)));
    waiting.lock().as_ref().unwrap().cancel();
    executor.run_pending();
    let expected = [
        Ok(3),
        Err(JobError::Failed("no".to_owned())),
        Err(JobError::Panicked("oh".to_owned())),
        Err(JobError::Cancelled),
    ];
    assert_eq!(*found.lock(), expected.map(Some));
}

#[test]
fn each_answer_wakes_exactly_once() {
    let (executor, woken) = manual();
    let mut jobs: Vec<Job<u32, String>> = vec![
        executor.run("value", || Ok(1)),
        executor.run("error", || Err("no".to_owned())),
        executor.run("panic", || panic!("oh")),
        executor.run("cancelled", || Ok(1)),
    ];
    jobs[3].cancel();
    drop(executor.run("dropped: nobody waits for it", || Ok::<_, ()>(1)));
    executor.run_pending();
    executor.shut_down();
    jobs.push(executor.run("too late", || Ok(1)));
    executor.run_pending();
    assert!(
        jobs.iter_mut().all(|job| job.take().is_some()),
        "woken without an answer"
    );
    let asked = jobs.len();
    drop(jobs);
    assert_eq!(rest(executor, &woken), asked);
}

#[test]
fn sixteen_jobs_wait_at_the_same_time() {
    let (wake, woken) = std::sync::mpsc::channel();
    let executor = Executor::new(move || {
        wake.send(()).ok();
    })
    .unwrap();
    assert_eq!(DEFAULT_WORKERS, 16);
    let mut waiting: Vec<Gated> = (0..16)
        .map(|number| Gated::ask(&executor, number))
        .collect();
    // All are inside their closures although none has ended: each has a worker of its own.
    for gated in &waiting {
        gated.wait_until_started();
    }
    let one_more = Gated::ask(&executor, 16);
    assert_eq!(executor.pending(), 17);
    assert_eq!(
        one_more.job.record().started(),
        None,
        "the seventeenth waits in the queue"
    );
    let names: BTreeSet<_> = waiting
        .iter()
        .map(|gated| gated.job.record().worker().cloned().unwrap())
        .collect();
    assert_eq!(names.len(), 16, "{names:?}");
    waiting.push(one_more);
    for gated in &waiting {
        gated.gate.send(()).unwrap();
    }
    for _ in 0..17 {
        woken.recv_timeout(NET).unwrap();
    }
    let values: Vec<u32> = waiting
        .iter_mut()
        .map(|gated| *gated.job.take().unwrap().unwrap())
        .collect();
    assert_eq!(values, (0..17).collect::<Vec<_>>());
}

#[test]
fn asking_returns_before_the_job_has_run() {
    let (executor, woken) = manual();
    let ran = Arc::new(AtomicUsize::new(0));
    let mut job: Job<_, String> = executor.run("later", {
        let ran = Arc::clone(&ran);
        move || Ok(ran.fetch_add(1, Ordering::SeqCst))
    });
    assert_eq!(ran.load(Ordering::SeqCst), 0);
    assert!(job.take().is_none() && woken.try_recv().is_err());
    assert_eq!(executor.pending(), 1);
    assert_eq!(executor.run_pending(), 1);
    assert_eq!(*answer(&mut job, &woken).unwrap(), 0);
    assert_eq!(executor.pending(), 0);
}

#[test]
fn jobs_start_in_the_order_in_which_they_were_asked_for() {
    let (executor, woken) = pool(1);
    let gated = Gated::ask(&executor, 0);
    gated.wait_until_started();
    let order: Arc<Mutex<Vec<u32>>> = Arc::default();
    let jobs: Vec<Job<(), String>> = (0..100)
        .map(|number| {
            let order = Arc::clone(&order);
            executor.run("in line", move || {
                order.lock().push(number);
                Ok(())
            })
        })
        .collect();
    gated.gate.send(()).unwrap();
    for _ in 0..=jobs.len() {
        woken.recv_timeout(NET).unwrap();
    }
    assert_eq!(*order.lock(), (0..100).collect::<Vec<_>>());
}

#[test]
fn a_job_may_ask_for_another_one() {
    let (executor, woken) = manual();
    let inner: Arc<Mutex<Option<Job<u32, String>>>> = Arc::default();
    let _outer: Job<(), String> = executor.run("outer", {
        let (executor, inner) = (executor.clone(), Arc::clone(&inner));
        move || {
            *inner.lock() = Some(executor.run("inner", || Ok(9)));
            Ok(())
        }
    });
    assert_eq!(executor.run_pending(), 2);
    woken.recv_timeout(NET).unwrap();
    let mut inner = inner.lock().take().unwrap();
    assert_eq!(*answer(&mut inner, &woken).unwrap(), 9);
}

#[test]
fn the_origin_of_a_job_is_the_line_that_asked() {
    let (executor, _woken) = manual();
    let line = line!() + 1;
    let job: Job<(), String> = executor.run("here", || Ok(()));
    let origin = job.record().origin;
    assert_eq!(
        (origin.location.file(), origin.location.line()),
        (file!(), line)
    );

    let line = line!() + 1;
    let asked = Origin::here("Browse");
    let job: Job<(), String> = executor.job("there").origin(asked).run(|| Ok(()));
    assert_eq!(job.record().origin, asked);
    assert_eq!((asked.view, asked.location.line()), ("Browse", line));
}

#[test]
fn a_job_knows_itself_while_it_runs_and_nobody_else_does() {
    let (executor, woken) = pool(1);
    let mut job: Job<_, String> = executor.run("self", || Ok(current_job()));
    let known = answer(&mut job, &woken).unwrap();
    assert_eq!(
        known.as_ref().map(|record| record.job_id),
        Some(job.record().job_id)
    );
    assert!(current_job().is_none());
}

#[test]
fn the_marks_of_a_job_are_in_order_and_absent_until_they_happen() {
    let (executor, woken) = pool(1);
    let mut gated = Gated::ask(&executor, 1);
    gated.wait_until_started();
    let record = Arc::clone(gated.job.record());
    assert_eq!(
        (record.stored(), record.end(), record.taken()),
        (None, None, None)
    );
    gated.gate.send(()).unwrap();
    woken.recv_timeout(NET).unwrap();
    assert_eq!(
        record.taken(),
        None,
        "stored is not taken: nobody has looked yet"
    );
    gated.job.take().unwrap().unwrap();
    let marks = [record.started(), record.stored(), record.taken()].map(Option::unwrap);
    assert!(
        record.asked <= marks[0] && marks.is_sorted(),
        "{:?} {marks:?}",
        record.asked
    );
    assert_eq!(record.worker().map(|name| &**name), Some("worker 1"));
    assert_eq!(
        (record.end(), record.is_abandoned()),
        (Some(End::Answered), false)
    );
    drop(gated.job);
    assert!(!record.is_abandoned(), "what was taken was wanted");
}
