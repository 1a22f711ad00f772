//! Who runs, and who goes first.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use callboard::offload::{Executor, Job, Lane};
use parking_lot::Mutex;

use super::{Gated, NET, manual, pool};

const CLICKS: Lane = Lane::interactive("Clicks");
const PREFETCH: Lane = Lane::background("Prefetch", 3);
const PICTURES: Lane = Lane::background("Pictures", 64);

type Order = Arc<Mutex<Vec<&'static str>>>;

/// A job that writes down that it ran.
fn noted(executor: &Executor, order: &Order, lane: Lane, name: &'static str) -> Job<(), String> {
    let order = Arc::clone(order);
    executor.job(name).lane(lane).run(move || {
        order.lock().push(name);
        Ok(())
    })
}

#[test]
fn promise_7_one_worker_is_always_free_for_the_click() {
    let (executor, woken) = pool(16);
    // 32 calls that hang: in two lanes, one of which could fill every worker.
    let hung: Vec<Gated> = (0..32)
        .map(|number| Gated::in_lane(&executor, PICTURES, number))
        .collect();
    hung[14].wait_until_started();
    let mut click: Job<&str, String> = executor.job("click").lane(CLICKS).run(|| Ok("here"));
    woken.recv_timeout(NET).expect("the click waits");
    assert_eq!(*click.take().unwrap().unwrap(), "here");
    let ended = hung.iter().filter(|job| job.job.record().end().is_some());
    assert_eq!(ended.count(), 0, "all of them still hang");
    let running = hung
        .iter()
        .filter(|job| job.job.record().started().is_some());
    assert_eq!(running.count(), 15);
}

#[test]
fn a_lane_never_runs_more_than_its_limit() {
    let (executor, woken) = pool(8);
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let jobs: Vec<Job<(), String>> = (0..200)
        .map(|_| {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            executor.job("limited").lane(PREFETCH).run(move || {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::yield_now();
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            })
        })
        .collect();
    for _ in &jobs {
        woken.recv_timeout(NET).expect("a job was never run");
    }
    assert!((1..=3).contains(&most.load(Ordering::SeqCst)));
}

#[test]
fn a_free_worker_takes_the_click_first_and_the_others_by_their_age() {
    let (executor, _woken) = manual();
    let order = Order::default();
    let _jobs = [
        noted(&executor, &order, PREFETCH, "prefetch"),
        noted(&executor, &order, PICTURES, "picture"),
        noted(&executor, &order, PREFETCH, "second prefetch"),
        noted(&executor, &order, CLICKS, "click"),
    ];
    executor.run_pending();
    assert_eq!(
        *order.lock(),
        ["click", "prefetch", "picture", "second prefetch"]
    );
}

#[test]
fn what_is_on_screen_goes_first_also_when_it_was_asked_for_last() {
    let (executor, _woken) = manual();
    let order = Order::default();
    let scrolled_away = noted(&executor, &order, PICTURES, "scrolled away");
    let _first = noted(&executor, &order, PICTURES, "first");
    let seen = noted(&executor, &order, PICTURES, "seen");
    seen.set_priority(1);
    scrolled_away.set_priority(-1);
    executor.run_pending();
    seen.set_priority(5);
    assert_eq!(*order.lock(), ["seen", "first", "scrolled away"]);
}

#[test]
fn waiting_never_starves_computing() {
    let (executor, woken) = pool(2);
    let hung: Vec<Gated> = (0..4).map(|number| Gated::ask(&executor, number)).collect();
    hung[1].wait_until_started();
    let mut sorted: Job<String, String> = executor
        .compute("sort")
        .run(|| Ok(std::thread::current().name().unwrap_or_default().to_owned()));
    woken
        .recv_timeout(NET)
        .expect("it waits for those that hang");
    assert!(sorted.take().unwrap().unwrap().starts_with("computer "));
}

#[test]
fn an_answer_is_decoded_where_things_are_computed() {
    let (executor, woken) = pool(2);
    let thread = || std::thread::current().name().unwrap_or_default().to_owned();
    let mut job: Job<(String, String), String> = executor
        .job("call")
        .run_then(move || Ok(thread()), move |first| Ok((first, thread())));
    let (first, second) = super::answer(&mut job, &woken).unwrap().clone();
    assert!(first.starts_with("worker "), "{first}");
    assert!(second.starts_with("computer "), "{second}");
    let mut failed: Job<(), String> = executor
        .job("call")
        .run_then(|| Err::<(), _>("no".to_owned()), |()| Ok(()));
    assert!(super::answer(&mut failed, &woken).is_err());
    let mut panicked: Job<(), String> = executor
        .job("call")
        .run_then(|| Ok(()), |()| panic!("decoding"));
    assert!(super::answer(&mut panicked, &woken).is_err());
}

#[test]
fn the_load_is_known_at_each_change() {
    let (executor, _woken) = manual();
    let jobs: Vec<Job<(), String>> = (0..3).map(|_| executor.run("job", || Ok(()))).collect();
    assert_eq!((executor.load().queued, executor.load().busy), (3, 0));
    executor.run_pending();
    let most = executor.loads().iter().map(|load| load.queued).max();
    assert_eq!(most, Some(3));
    assert!(executor.loads().iter().any(|load| load.busy == 1));
    assert_eq!((executor.load().queued, executor.load().busy), (0, 0));
    drop(jobs);
}
