//! Answers that come in parts, and progress.

use std::sync::mpsc::channel;
use std::time::Duration;

use callboard::offload::{Job, JobError, Progress, Stream, report_progress};

use super::{NET, manual, pool};

#[test]
fn parts_are_there_before_the_end_and_in_their_order() {
    let (executor, woken) = pool(1);
    let (open, gate) = channel::<()>();
    let mut pages: Stream<u32, String> = executor.job("pages").stream(move |out| {
        out.send(1);
        out.send(2);
        gate.recv().ok();
        out.send(3);
        Err("the fourth was broken".to_owned())
    });
    let mut arrived = Vec::new();
    while arrived.len() < 2 {
        woken.recv_timeout(NET).unwrap();
        arrived.extend(pages.arrived().into_iter().map(|page| *page));
    }
    assert!(pages.end().is_none());
    drop(open);
    while pages.end().is_none() {
        woken.recv_timeout(NET).unwrap();
        arrived.extend(pages.arrived().into_iter().map(|page| *page));
    }
    assert_eq!(arrived, [1, 2, 3]);
    assert!(matches!(pages.end(), Some(Err(JobError::Failed(_)))));
    assert!(pages.arrived().is_empty());
}

#[test]
fn who_streams_hears_that_nobody_looks() {
    let (executor, _woken) = pool(1);
    let (told, wanted) = channel();
    let (open, gate) = channel::<()>();
    let pages: Stream<u32, String> = executor.job("pages").stream(move |out| {
        told.send(out.send(1)).unwrap();
        gate.recv().ok();
        told.send(out.send(2)).unwrap();
        Ok(())
    });
    assert!(wanted.recv_timeout(NET).unwrap());
    drop(pages);
    drop(open);
    assert!(!wanted.recv_timeout(NET).unwrap());
}

#[test]
fn progress_is_read_while_the_job_runs_and_asks_for_few_frames() {
    let (executor, woken) = manual();
    let mut job: Job<(), String> = executor.run("upload", || {
        for done in 0..=1_000 {
            report_progress(done, Some(1_000));
        }
        Ok(())
    });
    assert_eq!(job.record().progress(), None);
    executor.run_pending();
    let all = Progress {
        done: 1_000,
        total: Some(1_000),
    };
    assert_eq!(job.record().progress(), Some(all));
    // The clock stands still: one frame for the first word, one for the answer.
    assert_eq!(woken.try_iter().count(), 2);
    executor.advance(Duration::from_secs(1));
    job.take().unwrap().unwrap();
    report_progress(1, None);
    assert_eq!(woken.try_iter().count(), 0, "there is no job here");
}
