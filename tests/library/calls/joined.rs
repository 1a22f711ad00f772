//! Each call knows the job that made it, and where its time went.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use callboard::calls::{CallRecord, Step};
use callboard::sandbox::{Misbehavior, Options};
use callboard::shotgun::{Find, Phase};
use parking_lot::Mutex;

use super::{Board, NET};

/// The phases of every exchange add up to its total, to the nanosecond.
#[track_caller]
fn assert_sums(call: &CallRecord) {
    for exchange in &call.exchanges {
        assert_eq!(exchange.phases.total(), exchange.total, "{exchange:?}");
    }
}

#[test]
fn a_call_in_a_job_knows_the_job_and_what_each_step_took() {
    let board = Board::start();
    let line = line!() + 1;
    let mut job = board.ask();
    board.wait();
    assert_eq!(job.take().unwrap().unwrap().len(), 40);
    let [call] = &board.calls()[..] else {
        panic!("one call was made")
    };
    let of = call.job.as_ref().unwrap();
    assert_eq!(of.job_id, job.record().job_id);
    assert_eq!(
        (of.origin.location.file(), of.origin.location.line()),
        (file!(), line)
    );
    assert_eq!(
        (&*call.thread, call.is_on_ui_thread(), &*call.label()),
        ("worker 1", false, "find Shot")
    );
    assert_eq!(call.asked(), of.asked);
    assert_eq!(call.queue(), Some(of.started().unwrap() - of.asked));
    assert_eq!(call.stored(), of.stored());
    assert_eq!((call.status(), call.exchanges.len()), (Some(200), 1));
    assert_sums(call);
    let finished = call.finished.as_ref().unwrap();
    assert_eq!((finished.rows, &finished.error), (Some(40), &None));
    assert!(finished.decode.is_some());
    assert!(of.started().unwrap() <= call.started && finished.at <= of.stored().unwrap());
    let steps: Vec<_> = call
        .segments()
        .iter()
        .map(|segment| segment.step)
        .filter(|step| *step != Step::Phase(Phase::Dns))
        .collect();
    let phases = [Phase::Connect, Phase::Send, Phase::Wait, Phase::Receive].map(Step::Phase);
    assert_eq!(steps[0], Step::Queue);
    assert_eq!(steps[1..5], phases);
    assert_eq!(steps[5..], [Step::Decode]);
    let segments = call.segments();
    let in_order = segments
        .windows(2)
        .all(|pair| pair[0].end <= pair[1].start || pair[1].step == Step::Decode);
    assert!(in_order, "{segments:?}");
}

#[test]
fn only_the_first_call_of_a_connection_connects() {
    let board = Board::start();
    for _ in 0..4 {
        let mut job = board.ask();
        board.wait();
        job.take().unwrap().unwrap();
    }
    let calls = board.calls();
    let connects: Vec<bool> = calls
        .iter()
        .map(|call| call.exchanges[0].phases.connect.is_some())
        .collect();
    assert_eq!(connects, [true, false, false, false]);
    let reused: Vec<bool> = calls
        .iter()
        .map(|call| call.exchanges[0].connection.unwrap().reused)
        .collect();
    assert_eq!(reused, [false, true, true, true]);
    for call in &calls {
        assert_sums(call);
    }
}

#[test]
fn pages_are_exchanges_of_one_call() {
    let board = Board::start();
    board
        .client
        .find_all(&Find::new("Shot").page_size(15))
        .unwrap();
    let [call] = &board.calls()[..] else {
        panic!("one call was made")
    };
    // Heard of as they end: the first page, then the others side by side.
    let mut pages: Vec<_> = call
        .exchanges
        .iter()
        .map(|exchange| exchange.page.unwrap())
        .collect();
    assert_eq!(pages[0], 1);
    pages.sort_unstable();
    assert_eq!(pages, [1, 2, 3]);
    assert_sums(call);
    assert_eq!(call.finished.as_ref().unwrap().rows, Some(40));
}

#[test]
fn phases_add_up_however_an_exchange_ends() {
    let board = Board::start();
    let ways = [
        Misbehavior::Status(503),
        Misbehavior::Redirect,
        Misbehavior::Html,
        Misbehavior::InvalidJson,
        Misbehavior::Truncate,
        Misbehavior::Reset,
    ];
    for way in ways {
        board.sandbox.faults().once(way);
        board.client.find("Shot", &[], &["code"]).unwrap_err();
        let call = board.calls().pop().unwrap();
        assert!(call.is_failed() && !call.is_in_flight(), "{way:?}");
        assert!(!call.exchanges.is_empty(), "{way:?}");
        assert_sums(&call);
        assert!(!call.segments().is_empty());
    }
    let last = board.calls().pop().unwrap();
    assert_eq!(last.status(), None, "a reset has no status");
    assert!(
        last.segments()
            .iter()
            .any(|segment| segment.step == Step::Failed)
    );
}

#[test]
fn a_call_outside_every_job_was_made_on_the_ui_thread() {
    let board = Board::start();
    board.client.find("Shot", &[], &["code"]).unwrap();
    let mut job = board.ask();
    board.wait();
    job.take().unwrap().unwrap();
    let calls = board.calls();
    let [outside, inside] = &calls[..] else {
        panic!("two calls were made")
    };
    assert_eq!(
        (&*outside.thread, outside.is_on_ui_thread()),
        ("UI thread", true)
    );
    assert!(!inside.is_on_ui_thread());
    // It never queued and was never delivered: that is absent, not zero.
    assert_eq!(
        (outside.queue(), outside.stored(), outside.deliver()),
        (None, None, None)
    );
    assert_eq!(outside.asked(), outside.started);
}

#[test]
fn of_the_calls_of_one_job_only_the_first_one_queued() {
    let board = Board::start();
    let client = board.client.clone();
    let mut job = board.executor.run("two calls", move || {
        client.find("Shot", &[], &["code"])?;
        client.find("Project", &[], &["name"])
    });
    board.wait();
    job.take().unwrap().unwrap();
    let calls = board.calls();
    let queued: Vec<bool> = calls.iter().map(|call| call.queue().is_some()).collect();
    let stored: Vec<bool> = calls.iter().map(|call| call.stored().is_some()).collect();
    assert_eq!((queued, stored), (vec![true, false], vec![false, true]));
}

/// A site that holds every answer back until told otherwise.
fn held_back() -> (Board, Receiver<()>, Sender<()>) {
    let (arrive, arrived) = channel();
    let (release, released) = channel();
    let released = Mutex::new(released);
    let board = Board::with(Options {
        log: Some(Arc::new(move |_| {
            arrive.send(()).ok();
            released.lock().recv().ok();
        })),
        ..Options::default()
    });
    (board, arrived, release)
}

#[test]
fn pausing_leaves_out_new_calls_and_follows_old_ones_to_their_end() {
    let (board, arrived, release) = held_back();
    let mut job = board.ask();
    arrived.recv_timeout(NET).unwrap();
    let snapshot = board.recorder.snapshot();
    assert_eq!(
        (snapshot.calls.len(), snapshot.in_flight(), snapshot.paused),
        (1, 1, false)
    );
    let running = &snapshot.calls[0];
    let now = Instant::now();
    assert_eq!(
        (running.status(), running.stored(), running.ended(now)),
        (None, None, now)
    );

    board.recorder.pause(true);
    // From here on nothing is held back.
    drop(release);
    board.wait();
    job.take().unwrap().unwrap();
    board.client.find("Project", &[], &[]).unwrap();
    let snapshot = board.recorder.snapshot();
    assert!(snapshot.paused);
    assert_eq!(
        (snapshot.calls.len(), snapshot.in_flight()),
        (1, 0),
        "the old call ended, the new one was left out"
    );

    board.recorder.pause(false);
    board.client.find("Project", &[], &[]).unwrap();
    let labels: Vec<_> = board.calls().iter().map(|call| call.label()).collect();
    assert_eq!(labels, ["find Shot", "find Project"]);
}

#[test]
fn clearing_forgets_what_has_ended_and_keeps_what_is_on_its_way() {
    let (board, arrived, release) = held_back();
    release.send(()).unwrap();
    board.client.find("Project", &[], &[]).unwrap();
    arrived.recv_timeout(NET).unwrap();
    let mut job = board.ask();
    arrived.recv_timeout(NET).unwrap();
    board.recorder.clear();
    let snapshot = board.recorder.snapshot();
    assert_eq!((snapshot.calls.len(), snapshot.in_flight()), (1, 1));
    drop(release);
    board.wait();
    job.take().unwrap().unwrap();
    let [call] = &board.calls()[..] else {
        panic!("the call on its way stayed")
    };
    assert_eq!(
        (&*call.label(), call.is_in_flight(), call.status()),
        ("find Shot", false, Some(200))
    );
    board.recorder.clear();
    let snapshot = board.recorder.snapshot();
    assert!(snapshot.calls.is_empty());
    assert_eq!(snapshot.bytes, 0);
}

#[test]
fn a_snapshot_is_built_once_per_change_and_does_not_change() {
    let board = Board::start();
    let before = board.recorder.snapshot();
    assert!(Arc::ptr_eq(&before, &board.recorder.snapshot()));
    board.client.info().unwrap();
    let after = board.recorder.snapshot();
    assert_eq!((before.calls.len(), after.calls.len()), (0, 1));
}
