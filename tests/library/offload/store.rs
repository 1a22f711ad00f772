//! Values by key: shared, kept, aged, and never another key's.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use callboard::offload::{Executor, Forced, JobError, Keep, Scope, Store, View};

use super::manual;

const MINUTE: Duration = Duration::from_mins(1);

const KEEP: Keep = Keep {
    fresh: MINUTE,
    keys: 64,
};

type Rows = Store<(u32, &'static str), String, String>;

/// Something that counts how often it was asked.
struct Site {
    executor: Executor,
    asked: Arc<AtomicUsize>,
}

impl Site {
    fn new() -> Self {
        Self {
            executor: manual().0,
            asked: Arc::default(),
        }
    }

    fn look<'a>(&self, rows: &'a mut Rows, key: (u32, &'static str)) -> View<'a, String, String> {
        let asked = Arc::clone(&self.asked);
        rows.get(&key, || {
            self.executor.run("rows", move || {
                let turn = asked.fetch_add(1, Ordering::SeqCst);
                Ok(format!("{} {} {turn}", key.1, key.0))
            })
        })
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

#[test]
fn identical_work_in_flight_is_shared_and_its_answer_kept() {
    let (site, mut rows) = (Site::new(), Rows::new(KEEP));
    for _ in 0..10 {
        assert!(matches!(
            site.look(&mut rows, (70, "Shot")),
            View::Loading { previous: None }
        ));
    }
    assert_eq!(site.executor.run_pending(), 1);
    for _ in 0..10 {
        assert_eq!(
            site.look(&mut rows, (70, "Shot")).value().unwrap(),
            "Shot 70 0"
        );
    }
    assert_eq!((site.asked(), rows.pending(), rows.len()), (1, 0, 1));
}

#[test]
fn promise_5_an_old_answer_is_shown_until_the_new_one_comes() {
    let (site, mut rows) = (Site::new(), Rows::new(KEEP));
    let key = (70, "Shot");
    site.look(&mut rows, key);
    site.executor.run_pending();
    site.executor
        .advance(MINUTE.saturating_sub(Duration::from_nanos(1)));
    assert!(matches!(site.look(&mut rows, key), View::Ready(_)));
    site.executor.advance(Duration::from_nanos(1));
    let view = site.look(&mut rows, key);
    assert!(matches!(view, View::Loading { previous: Some(old) } if old == "Shot 70 0"));
    site.executor.run_pending();
    assert!(matches!(site.look(&mut rows, key), View::Ready(new) if new == "Shot 70 1"));
}

#[test]
fn promise_4_an_answer_from_before_it_was_invalidated_never_wins() {
    let (site, mut rows) = (Site::new(), Rows::new(KEEP));
    let (shots, tasks, other) = ((70, "Shot"), (70, "Task"), (71, "Shot"));
    for key in [shots, tasks, other] {
        site.look(&mut rows, key);
    }
    site.executor.run_pending();
    for key in [shots, tasks, other] {
        site.look(&mut rows, key);
    }
    rows.invalidate(&shots);
    site.look(&mut rows, shots);
    // Its answer is on its way when it is invalidated once more.
    site.executor.run_pending();
    rows.invalidate_where(|(project, _)| *project == 70);
    let view = site.look(&mut rows, shots);
    assert!(
        matches!(view, View::Loading { previous: Some(old) } if old == "Shot 70 0"),
        "the answer in between came too late: {view:?}"
    );
    site.look(&mut rows, tasks);
    site.executor.run_pending();
    assert_eq!(site.look(&mut rows, shots).value().unwrap(), "Shot 70 4");
    assert_eq!(site.look(&mut rows, tasks).value().unwrap(), "Task 70 5");
    assert_eq!(site.look(&mut rows, other).value().unwrap(), "Shot 71 2");
    assert_eq!(site.executor.stale(), 1);
}

#[test]
fn what_was_looked_at_longest_ago_is_forgotten_and_its_job_with_it() {
    let (site, mut rows) = (Site::new(), Rows::new(KEEP));
    for project in 0..1_000 {
        site.look(&mut rows, (project, "Shot"));
        // This one stays on screen.
        site.look(&mut rows, (0, "Task"));
        assert!(rows.len() <= 80, "{}", rows.len());
    }
    let run = site.executor.run_pending();
    assert!((64..=81).contains(&run), "{run} ran, the others never");
    assert!(matches!(rows.peek(&(0, "Shot")), View::Idle));
    assert!(site.look(&mut rows, (0, "Task")).value().is_some());
    rows.retain(|(_, name)| *name == "Task");
    assert_eq!((rows.len(), rows.is_empty()), (1, false));
}

#[test]
fn a_job_that_a_scope_took_along_is_asked_for_again() {
    let (executor, _woken) = manual();
    let mut rows: Store<u32, u32, String> = Store::new(KEEP);
    let view = Scope::new();
    rows.want(&1, || executor.job("rows").scope(&view).run(|| Ok(1)));
    drop(view);
    let view = Scope::new();
    let asked = rows.get(&1, || executor.job("rows").scope(&view).run(|| Ok(2)));
    assert!(matches!(asked, View::Loading { previous: None }));
    executor.run_pending();
    assert_eq!(rows.poll(), [1]);
    assert_eq!(rows.peek(&1).value(), Some(&2));
}

#[test]
fn a_failure_is_not_asked_for_again_in_each_frame_but_in_time() {
    let (executor, _woken) = manual();
    let mut rows: Store<u32, u32, String> = Store::new(KEEP);
    let look = |rows: &mut Store<u32, u32, String>| {
        let view = rows.get(&1, || executor.run("rows", || Err("no".to_owned())));
        let failed = matches!(view, View::Failed { .. });
        (failed, executor.run_pending())
    };
    assert_eq!(look(&mut rows), (false, 1));
    assert_eq!(look(&mut rows), (true, 0));
    executor.advance(MINUTE);
    assert_eq!(look(&mut rows), (false, 1));
    rows.invalidate(&1);
    assert_eq!(look(&mut rows), (false, 1));
}

#[test]
fn states_that_are_hard_to_come_by_can_be_forced() {
    let (site, mut rows) = (Site::new(), Rows::new(KEEP));
    let key = (70, "Shot");
    site.look(&mut rows, key);
    site.executor.run_pending();
    rows.force(key, Some(Forced::Loading));
    let view = site.look(&mut rows, key);
    assert!(matches!(view, View::Loading { previous: Some(_) }));
    rows.force(key, Some(Forced::Failed(JobError::ShutDown)));
    let view = site.look(&mut rows, key);
    assert!(matches!(
        view,
        View::Failed {
            error: JobError::ShutDown,
            ..
        }
    ));
    rows.force(key, None);
    assert!(matches!(site.look(&mut rows, key), View::Ready(_)));
}

#[test]
fn ten_thousand_fast_navigations_never_show_another_key_s_data() {
    let (executor, _woken) = manual();
    let keep = Keep {
        fresh: Duration::from_secs(3),
        keys: 16,
    };
    let mut rows: Store<u32, (u32, u64), String> = Store::new(keep);
    let mut chance = fastrand::Rng::with_seed(5);
    let (mut view, mut shown) = (Scope::new(), 0_u32);
    let mut newest = [0_u64; 40];
    for turn in 1..=10_000 {
        let key = chance.u32(..40);
        match chance.u8(..8) {
            0 => rows.invalidate(&key),
            1 => view = Scope::new(),
            2 => executor.advance(Duration::from_millis(chance.u64(..500))),
            _ => {}
        }
        let job = || {
            let answer = move || Ok((key, turn));
            let job = executor.job("rows").scope(&view).run(answer);
            // Jitter: who asked first may be answered last.
            job.set_priority(chance.i32(-3..3));
            job
        };
        if let Some(&(of, asked)) = rows.get(&key, job).value() {
            assert_eq!(of, key, "a frame with another key's data");
            let newest = &mut newest[key as usize];
            // Forgotten and asked for again, it may not be older either.
            assert!(asked >= *newest, "an old answer overwrote a new one");
            *newest = asked;
            shown += 1;
        }
        for _ in 0..chance.u8(..3) {
            executor.run_next();
        }
    }
    assert!(shown > 1_000, "{shown}");
}
