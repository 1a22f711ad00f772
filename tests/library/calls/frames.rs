//! Which frame was the first to show an answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Board;

const MS: Duration = Duration::from_millis(1);

/// A frame that begins now and does `work`.
fn frame<T>(board: &Board, work: impl FnOnce() -> T) -> (u64, T) {
    let began = Instant::now();
    let done = work();
    let number = board
        .recorder
        .frame(began, began.elapsed(), "Browse", "news".to_owned(), 2);
    (number, done)
}

#[test]
fn a_call_is_shown_by_the_first_frame_that_had_its_answer() {
    let board = Board::start();
    let mut job = board.ask();
    board.wait();
    let (before, ()) = frame(&board, || {});
    assert_eq!(
        board.calls()[0].shown,
        None,
        "stored, but nobody has looked"
    );
    let (shows, answer) = frame(&board, || job.take());
    answer.unwrap().unwrap();
    let (_after, ()) = frame(&board, || {});
    let call = &board.calls()[0];
    let (number, shown) = call.shown.unwrap();
    assert_eq!((before, number), (1, shows));
    assert_eq!(call.deliver(), Some(shown - call.stored().unwrap()));
    assert_eq!(call.ended(Instant::now()), shown);
    assert_eq!(call.total(Instant::now()), shown - call.asked());
    let counts: Vec<u32> = board
        .recorder
        .frames_since(board.recorder.clock().epoch())
        .iter()
        .map(|frame| frame.shown)
        .collect();
    assert_eq!(counts, [0, 1, 0]);
}

#[test]
fn of_two_calls_of_one_job_the_last_one_is_shown() {
    let board = Board::start();
    let client = board.client.clone();
    let mut job = board.executor.run("two calls", move || {
        client.find("Shot", &[], &["code"])?;
        client.find("Project", &[], &["name"])
    });
    board.wait();
    frame(&board, || job.take()).1.unwrap().unwrap();
    let shown: Vec<bool> = board
        .calls()
        .iter()
        .map(|call| call.shown.is_some())
        .collect();
    assert_eq!(shown, [false, true]);
}

#[test]
fn an_answer_that_nobody_wanted_is_never_shown() {
    let board = Board::start();
    let job = board.ask();
    let record = Arc::clone(job.record());
    board.wait();
    drop(job);
    for _ in 0..3 {
        frame(&board, || {});
    }
    let call = &board.calls()[0];
    assert!(call.stored().is_some() && record.is_abandoned());
    assert_eq!((call.shown, call.deliver()), (None, None));
}

#[test]
fn a_frame_keeps_what_the_window_said_of_it() {
    let board = Board::start();
    let epoch = board.recorder.clock().epoch();
    let number = board
        .recorder
        .frame(epoch, 3 * MS, "Calls", "pointer".to_owned(), 2);
    // Paint is known one frame later.
    board.recorder.settle_last_frame(7 * MS);
    board.recorder.settle_last_frame(2 * MS);
    let frames = board.recorder.frames_since(epoch);
    let [only] = &frames[..] else {
        panic!("one frame was drawn")
    };
    assert_eq!(
        (only.number, number, board.recorder.frames_drawn()),
        (1, 1, 1)
    );
    assert_eq!(
        (only.busy, only.ended()),
        (7 * MS, epoch + 7 * MS),
        "never less than was seen"
    );
    assert_eq!(
        (only.view, &*only.cause, only.inputs),
        ("Calls", "pointer", 2)
    );
    assert!(board.recorder.frames_since(epoch + 8 * MS).is_empty());
}

#[test]
fn a_time_axis_gets_the_frames_that_overlap_it() {
    let board = Board::start();
    let epoch = board.recorder.clock().epoch();
    for start in [0, 20, 40, 60] {
        board
            .recorder
            .frame(epoch + start * MS, 10 * MS, "Browse", "tick".to_owned(), 0);
    }
    let marks = board.recorder.frame_marks(epoch + 25 * MS, epoch + 45 * MS);
    let begins: Vec<_> = marks.iter().map(|mark| mark.began - epoch).collect();
    assert_eq!(begins, [20 * MS, 40 * MS]);
}

#[test]
fn the_paint_of_a_frame_belongs_to_the_time_until_it_was_shown() {
    let board = Board::start();
    let mut job = board.ask();
    board.wait();
    frame(&board, || job.take()).1.unwrap().unwrap();
    let (number, before) = board.calls()[0].shown.unwrap();
    // One frame later it is known what the last one cost in all.
    board.recorder.settle_last_frame(500 * MS);
    let end = board
        .recorder
        .frames_since(board.recorder.clock().epoch())
        .last()
        .map(|frame| (frame.number, frame.ended()));
    assert_eq!(board.calls()[0].shown, end);
    assert!(end > Some((number, before)));
}
