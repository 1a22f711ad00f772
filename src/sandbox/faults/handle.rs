//! The plan of a running site, and how it is changed while calls wait and hang by it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use super::chance::Tally;
use super::verdict::{Call, Verdict};
use super::{FaultPlan, Misbehavior, Target};

/// A handle on a running site's faults. Clones are cheap and mean the same site.
#[derive(Clone, Debug)]
pub struct Faults {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    // Told of every change of the plan, and of the stop.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    plan: FaultPlan,
    tally: Tally,
    once: VecDeque<(Target, Misbehavior)>,
    // Goes up with every change of the plan, so that hung calls notice.
    edition: Edition,
    stopped: bool,
}

/// Which state of the plan something was decided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edition(u64);

impl Faults {
    /// Faults of a site that goes by `plan`.
    pub(in super::super) fn new(plan: FaultPlan) -> Self {
        let state = State {
            plan,
            ..State::default()
        };
        Self {
            inner: Arc::new(Inner {
                state: Mutex::new(state),
                changed: Condvar::new(),
            }),
        }
    }

    /// Goes by `plan` from the next call on. Chance and the count of calls start over.
    pub fn set(&self, plan: FaultPlan) {
        self.change(|state| {
            state.tally = Tally::default();
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
        self.once_on(Target::default(), misbehavior);
    }

    /// The next call of these ends in this.
    pub fn once_on(&self, target: Target, misbehavior: Misbehavior) {
        // That is no change of the plan: calls that hang go on hanging.
        let once = &mut self.inner.state.lock().once;
        once.push_back((target, misbehavior));
    }

    /// What is to happen to a call.
    pub(in super::super) fn verdict(&self, call: &Call<'_>) -> Verdict {
        self.inner.state.lock().verdict(call)
    }

    /// In which edition of the plan connections are to be left unanswered, if that is now.
    pub(in super::super) fn black_hole(&self) -> Option<Edition> {
        let state = self.inner.state.lock();
        (state.plan.always == Some(Misbehavior::BlackHole)).then_some(state.edition)
    }

    /// Whether nobody has changed the plan since, nor stopped the site.
    pub(in super::super) fn is_still(&self, edition: Edition) -> bool {
        self.inner.state.lock().edition == edition
    }

    /// Waits. `false` if the site stopped meanwhile.
    pub(in super::super) fn wait(&self, time: Duration) -> bool {
        self.wait_while(time, |state| !state.stopped)
    }

    /// Waits. `false` if somebody changed the plan meanwhile, or stopped the site.
    pub(in super::super) fn wait_by(&self, edition: Edition, time: Duration) -> bool {
        self.wait_while(time, |state| state.edition == edition)
    }

    /// Ends every wait, now and from now on.
    pub(in super::super) fn stop(&self) {
        self.change(|state| state.stopped = true);
    }

    fn wait_while(&self, time: Duration, holds: impl Fn(&State) -> bool) -> bool {
        // Beyond what the clock can count there is only the stop.
        let deadline = Instant::now().checked_add(time);
        let mut state = self.inner.state.lock();
        while holds(&state) {
            let changed = &self.inner.changed;
            let Some(deadline) = deadline else {
                changed.wait(&mut state);
                continue;
            };
            if changed.wait_until(&mut state, deadline).timed_out() {
                break;
            }
        }
        holds(&state)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.inner.state.lock();
        change(&mut state);
        state.edition.0 += 1;
        self.inner.changed.notify_all();
    }
}

impl State {
    fn verdict(&mut self, call: &Call<'_>) -> Verdict {
        let Self {
            plan, tally, once, ..
        } = self;
        let verdict = plan.verdict(call, tally, || {
            let next = once.iter().position(|(target, _)| {
                // Whatever is meant for any call is meant for a picture, too, if pictures have faults at all.
                *target == Target::default() || target.covers(call)
            })?;
            once.remove(next).map(|(_, misbehavior)| misbehavior)
        });
        Verdict {
            edition: self.edition,
            ..verdict
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Hiccup;
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn verdicts(plan: &FaultPlan, count: usize) -> Vec<Verdict> {
        let faults = Faults::new(plan.clone());
        (0..count).map(|_| faults.verdict(&read())).collect()
    }

    fn read() -> Call<'static> {
        Call::about("read", "Shot")
    }

    #[test]
    fn once_is_once() {
        let faults = Faults::new(FaultPlan::default());
        faults.once(Misbehavior::Html);
        assert_eq!(faults.verdict(&read()).misbehavior, Some(Misbehavior::Html));
        assert_eq!(faults.verdict(&read()).misbehavior, None);
    }

    #[test]
    fn once_for_one_kind_waits_for_its_call() {
        let faults = Faults::new(FaultPlan::default());
        faults.once_on(Target::method("create"), Misbehavior::Reset);
        faults.once(Misbehavior::Html);
        let met = |call: &Call<'_>| faults.verdict(call).misbehavior;
        assert_eq!(met(&read()), Some(Misbehavior::Html));
        assert_eq!(met(&read()), None);
        assert_eq!(met(&Call::of("create")), Some(Misbehavior::Reset));
        assert_eq!(met(&Call::of("create")), None);
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
        let hung = faults.verdict(&read()).edition;
        faults.once(Misbehavior::Reset);
        assert!(faults.is_still(hung));
        assert_eq!(faults.verdict(&read()).edition, hung);
        faults.update(|plan| plan.latency = MS);
        assert!(!faults.is_still(hung));
        let hung = faults.verdict(&read()).edition;
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
