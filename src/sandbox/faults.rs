//! How slow and how broken the site is: planned, seeded, and changed while it runs.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// The name under which pictures are slowed down; nothing else slows them down.
pub const THUMBNAIL: &str = "thumbnail";

/// What goes wrong, and how often. The default is a site where nothing does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultPlan {
    /// How long every call waits before it is answered.
    pub latency: Duration,
    /// How much longer or shorter than [`latency`](Self::latency) a wait may be, evenly spread.
    pub jitter: Duration,
    /// A longer pause now and then, on top of the latency.
    pub hiccup: Option<Hiccup>,
    /// The share of calls, from 0 to 1, that end in HTTP 500 or 503.
    pub error_rate: f64,
    /// What every call ends in.
    pub always: Option<Misbehavior>,
    /// Exceptions for single methods, by their name on the wire (`read`, `batch`, …), or `thumbnail` for pictures.
    pub per_method: BTreeMap<String, MethodFaults>,
    /// Makes chance repeat itself.
    pub seed: u64,
}

/// Every n-th call takes a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hiccup {
    /// Which calls: 10 means the tenth, the twentieth and so on.
    pub every: u32,
    /// How long they wait in addition to the latency.
    pub pause: Duration,
}

/// What differs for one method; nothing means as for all the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MethodFaults {
    /// Instead of the plan's latency.
    pub latency: Option<Duration>,
    /// Instead of the plan's jitter.
    pub jitter: Option<Duration>,
    /// Instead of the plan's error rate.
    pub error_rate: Option<f64>,
    /// Instead of what every call ends in.
    pub always: Option<Misbehavior>,
}

/// Something that no Shotgun site should do, and some do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehavior {
    /// This HTTP status and a page of text; the request is not looked at.
    Status(u16),
    /// A redirect to another host.
    Redirect,
    /// Status 200 with a web page.
    Html,
    /// The right answer, cut off inside the JSON, with a length that fits the cut.
    InvalidJson,
    /// The right answer, but the connection closes in the middle of it.
    Truncate,
    /// The request is carried out, but the connection is reset instead of an answer.
    Reset,
    /// The request is carried out, but no answer comes and the connection stays open.
    NeverAnswer,
    /// Whatever a connection brings is thrown away: nothing is looked at, carried out or answered. In
    /// [`FaultPlan::always`] that takes new connections and those that are kept alive, from their next request on;
    /// elsewhere a call has been read by then, and just that is all that happens to it.
    BlackHole,
}

/// A handle on a running site's faults. Clones are cheap and mean the same site.
#[derive(Clone, Debug)]
pub struct Faults {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    stopped: Condvar,
}

#[derive(Debug)]
struct State {
    plan: FaultPlan,
    chance: fastrand::Rng,
    calls: u32,
    once: VecDeque<Misbehavior>,
    // Goes up with every change of the plan, so that hung calls notice.
    edition: Edition,
    stopped: bool,
}

/// Which state of the plan something was decided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edition(u64);

/// What is to happen to one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Wait this long first.
    pub wait: Duration,
    /// Then do this.
    pub misbehavior: Option<Misbehavior>,
    /// As long as the plan is this one.
    pub edition: Edition,
}

impl Faults {
    /// Faults of a site that goes by `plan`.
    pub(super) fn new(plan: FaultPlan) -> Self {
        let chance = fastrand::Rng::with_seed(plan.seed);
        let state = State {
            plan,
            chance,
            calls: 0,
            once: VecDeque::new(),
            edition: Edition::default(),
            stopped: false,
        };
        Self {
            inner: Arc::new(Inner {
                state: Mutex::new(state),
                stopped: Condvar::new(),
            }),
        }
    }

    /// Goes by `plan` from the next call on. Chance and the count of calls start over.
    pub fn set(&self, plan: FaultPlan) {
        self.change(|state| {
            state.chance = fastrand::Rng::with_seed(plan.seed);
            state.calls = 0;
            state.plan = plan;
        });
    }

    /// Changes part of the plan. Chance goes on where it is.
    pub fn update(&self, change: impl FnOnce(&mut FaultPlan)) {
        self.change(|state| change(&mut state.plan));
    }

    /// The plan as it is now.
    pub fn plan(&self) -> FaultPlan {
        self.inner.state.lock().plan.clone()
    }

    /// The next call that nothing else happens to ends in this. Several are used up one by one.
    pub fn once(&self, misbehavior: Misbehavior) {
        // That is no change of the plan: calls that hang go on hanging.
        self.inner.state.lock().once.push_back(misbehavior);
    }

    /// What is to happen to a call of `method`.
    pub(super) fn verdict(&self, method: &str) -> Verdict {
        self.inner.state.lock().verdict(method)
    }

    /// In which edition of the plan connections are to be left unanswered, if that is now.
    pub(super) fn black_hole(&self) -> Option<Edition> {
        let state = self.inner.state.lock();
        (state.plan.always == Some(Misbehavior::BlackHole)).then_some(state.edition)
    }

    /// Whether nobody has changed the plan since, nor stopped the site.
    pub(super) fn is_still(&self, edition: Edition) -> bool {
        self.inner.state.lock().edition == edition
    }

    /// Waits. `false` if the site stopped meanwhile.
    pub(super) fn wait(&self, time: Duration) -> bool {
        // Beyond what the clock can count there is only the stop.
        let deadline = Instant::now().checked_add(time);
        let mut state = self.inner.state.lock();
        while !state.stopped {
            let Some(deadline) = deadline else {
                self.inner.stopped.wait(&mut state);
                continue;
            };
            if self
                .inner
                .stopped
                .wait_until(&mut state, deadline)
                .timed_out()
            {
                break;
            }
        }
        !state.stopped
    }

    /// Ends every wait, now and from now on.
    pub(super) fn stop(&self) {
        self.change(|state| state.stopped = true);
        self.inner.stopped.notify_all();
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.inner.state.lock();
        change(&mut state);
        state.edition.0 += 1;
    }
}

impl State {
    fn verdict(&mut self, method: &str) -> Verdict {
        let own = self.plan.per_method.get(method).cloned();
        if method == THUMBNAIL && own.is_none() {
            return Verdict {
                edition: self.edition,
                ..Verdict::default()
            };
        }
        let own = own.unwrap_or_default();
        let latency = own.latency.unwrap_or(self.plan.latency);
        let jitter = own.jitter.unwrap_or(self.plan.jitter);
        let error_rate = own.error_rate.unwrap_or(if method == THUMBNAIL {
            0.0
        } else {
            self.plan.error_rate
        });
        let always = own
            .always
            .or(self.plan.always.filter(|_| method != THUMBNAIL));
        let mut wait = self.spread(latency, jitter);
        if method != THUMBNAIL {
            wait = wait.saturating_add(self.hiccup());
        }
        let misbehavior = self
            .once
            .pop_front()
            .or(always)
            .or_else(|| self.error(error_rate));
        Verdict {
            wait,
            misbehavior,
            edition: self.edition,
        }
    }

    fn spread(&mut self, latency: Duration, jitter: Duration) -> Duration {
        if jitter.is_zero() {
            return latency;
        }
        let moved = jitter.as_secs_f64() * 2.0 * self.chance.f64();
        let moved = Duration::try_from_secs_f64(moved).unwrap_or(Duration::MAX);
        latency.saturating_add(moved).saturating_sub(jitter)
    }

    fn hiccup(&mut self) -> Duration {
        self.calls = self.calls.wrapping_add(1);
        let due = self
            .plan
            .hiccup
            .filter(|hiccup| hiccup.every > 0 && self.calls.is_multiple_of(hiccup.every));
        due.map_or(Duration::ZERO, |hiccup| hiccup.pause)
    }

    fn error(&mut self, rate: f64) -> Option<Misbehavior> {
        let fails = rate > 0.0 && self.chance.f64() < rate;
        fails.then(|| Misbehavior::Status(if self.chance.bool() { 503 } else { 500 }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn verdicts(plan: &FaultPlan, count: usize) -> Vec<Verdict> {
        let faults = Faults::new(plan.clone());
        (0..count).map(|_| faults.verdict("read")).collect()
    }

    #[test]
    fn the_same_seed_brings_the_same_misfortune() {
        let plan = FaultPlan {
            latency: 50 * MS,
            jitter: 20 * MS,
            error_rate: 0.5,
            seed: 7,
            ..FaultPlan::default()
        };
        assert_eq!(verdicts(&plan, 50), verdicts(&plan, 50));
        assert_ne!(
            verdicts(&plan, 50),
            verdicts(&FaultPlan { seed: 8, ..plan }, 50)
        );
    }

    #[test]
    fn jitter_stays_within_its_bounds() {
        let plan = FaultPlan {
            latency: 50 * MS,
            jitter: 20 * MS,
            ..FaultPlan::default()
        };
        assert!(
            verdicts(&plan, 500)
                .iter()
                .all(|verdict| verdict.wait >= 30 * MS && verdict.wait <= 70 * MS)
        );
        let plan = FaultPlan {
            latency: 5 * MS,
            jitter: 20 * MS,
            ..FaultPlan::default()
        };
        assert!(
            verdicts(&plan, 500)
                .iter()
                .all(|verdict| verdict.wait <= 25 * MS)
        );
    }

    #[test]
    fn every_third_call_hiccups() {
        let hiccup = Some(Hiccup {
            every: 3,
            pause: 100 * MS,
        });
        let plan = FaultPlan {
            latency: MS,
            hiccup,
            ..FaultPlan::default()
        };
        let waits: Vec<_> = verdicts(&plan, 6)
            .iter()
            .map(|verdict| verdict.wait)
            .collect();
        assert_eq!(waits, [MS, MS, 101 * MS, MS, MS, 101 * MS]);
    }

    #[test]
    fn a_method_has_its_own_latency_and_pictures_only_that() {
        let own = MethodFaults {
            latency: Some(9 * MS),
            ..MethodFaults::default()
        };
        let per_method = BTreeMap::from([("create".to_owned(), own)]);
        let faults = Faults::new(FaultPlan {
            latency: 50 * MS,
            error_rate: 1.0,
            per_method,
            ..FaultPlan::default()
        });
        assert_eq!(faults.verdict("create").wait, 9 * MS);
        assert_eq!(faults.verdict("read").wait, 50 * MS);
        assert_eq!(faults.verdict(THUMBNAIL), Verdict::default());
    }

    #[test]
    fn once_is_once() {
        let faults = Faults::new(FaultPlan::default());
        faults.once(Misbehavior::Html);
        assert_eq!(faults.verdict("read").misbehavior, Some(Misbehavior::Html));
        assert_eq!(faults.verdict("read").misbehavior, None);
    }

    #[test]
    fn a_stopped_site_waits_for_nothing() {
        let faults = Faults::new(FaultPlan::default());
        faults.stop();
        assert!(!faults.wait(Duration::from_hours(1)));
    }

    #[test]
    fn a_change_of_plan_and_a_stop_end_hung_calls_and_a_one_off_does_not() {
        let faults = Faults::new(FaultPlan::default());
        let hung = faults.verdict("read").edition;
        faults.once(Misbehavior::Reset);
        assert!(faults.is_still(hung));
        assert_eq!(faults.verdict("read").edition, hung);
        faults.update(|plan| plan.latency = MS);
        assert!(!faults.is_still(hung));
        let hung = faults.verdict("read").edition;
        faults.stop();
        assert!(!faults.is_still(hung));
    }

    #[test]
    fn a_wait_longer_than_time_itself_lasts_until_the_site_stops() {
        let wait = |latency, jitter, pause| {
            let plan = FaultPlan {
                latency,
                jitter,
                hiccup: Some(Hiccup { every: 1, pause }),
                ..FaultPlan::default()
            };
            // Chance goes up and down.
            verdicts(&plan, 20).iter().map(|verdict| verdict.wait).max()
        };
        let for_ever = Some(Duration::MAX);
        assert_eq!(wait(Duration::MAX, Duration::ZERO, MS), for_ever);
        assert_eq!(wait(MS, Duration::ZERO, Duration::MAX), for_ever);
        assert_eq!(wait(Duration::MAX, MS, MS), for_ever);
        assert_eq!(wait(Duration::ZERO, Duration::MAX, Duration::MAX), for_ever);
        let faults = Faults::new(FaultPlan::default());
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| faults.wait(Duration::MAX));
            faults.stop();
            assert!(!waiting.join().unwrap());
        });
    }
}
