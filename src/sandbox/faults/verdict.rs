//! From a plan and a call to what is to happen: pure, but for the counting of calls.

use std::num::NonZeroU64;
use std::time::Duration;

use super::chance::{Draws, Kind, Tally};
use super::plan::{Failure, FaultPlan, Hiccup, MethodFaults, Tail, Target};
use super::{Edition, Misbehavior};

/// The name under which pictures are slowed down; nothing else slows them down.
pub const THUMBNAIL: &str = "thumbnail";

/// What a call is, as far as faults care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// Its name on the wire.
    pub method: &'a str,
    /// What it is about: one type, several for a batch, none for a file.
    pub entity_types: Vec<&'a str>,
}

/// What is to happen to one call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Wait this long first.
    pub wait: Duration,
    /// Then do this.
    pub misbehavior: Option<Misbehavior>,
    /// Let no more bytes of the answer's body go out per second.
    pub bytes_per_second: Option<NonZeroU64>,
    /// As long as the plan is this one.
    pub edition: Edition,
}

/// What holds for a call: the rules that cover it, the most specific first, and then the plan itself.
struct Terms<'a> {
    own: Vec<(Kind, &'a MethodFaults)>,
    plan: &'a FaultPlan,
    // The plan itself does not hold for pictures.
    is_picture: bool,
}

impl<'a> Call<'a> {
    /// A call about nothing in particular.
    pub fn of(method: &'a str) -> Self {
        Self {
            method,
            entity_types: Vec::new(),
        }
    }

    /// A call about one entity type.
    #[cfg(test)]
    pub fn about(method: &'a str, entity_type: &'a str) -> Self {
        Self {
            method,
            entity_types: vec![entity_type],
        }
    }

    fn kind(&self) -> Kind {
        let names: Vec<_> = std::iter::once(self.method)
            .chain(self.entity_types.iter().copied())
            .collect();
        Kind::of(&names)
    }
}

impl Target {
    /// Whether `call` is one of those.
    pub(super) fn covers(&self, call: &Call<'_>) -> bool {
        let method = self.method.as_deref();
        let entity_type = self.entity_type.as_deref();
        // Pictures are only ever meant by name.
        method.is_none_or(|method| method == call.method)
            && (call.method != THUMBNAIL || method.is_some())
            && entity_type.is_none_or(|entity_type| call.entity_types.contains(&entity_type))
    }

    fn specificity(&self) -> (bool, bool) {
        // Both beat one, and a method beats an entity type.
        (self.method.is_some(), self.entity_type.is_some())
    }

    fn kind(&self) -> Kind {
        let name = |name: &'_ Option<String>| name.clone().unwrap_or_default();
        Kind::of(&["rule", &name(&self.method), &name(&self.entity_type)])
    }
}

impl FaultPlan {
    /// What is to happen to the next call of this kind, its edition aside. `once` goes before what the plan says.
    pub(super) fn verdict(
        &self,
        call: &Call<'_>,
        tally: &mut Tally,
        once: impl FnOnce() -> Option<Misbehavior>,
    ) -> Verdict {
        let terms = self.terms(call);
        if terms.is_picture && terms.own.is_empty() {
            return Verdict::default();
        }
        let kind = call.kind();
        let draws = Draws::new(self.seed, kind, tally.count(kind));
        let wait = spread(terms.latency(), terms.jitter(), draws.jitter)
            .saturating_add(terms.tail().map_or(Duration::ZERO, |tail| tail.wait(draws)))
            .saturating_add(terms.hiccup(tally));
        Verdict {
            wait,
            misbehavior: once()
                .or_else(|| terms.always())
                .or_else(|| terms.failure(draws)),
            bytes_per_second: terms.slow_body().and_then(NonZeroU64::new),
            edition: Edition::default(),
        }
    }

    fn terms<'a>(&'a self, call: &Call<'_>) -> Terms<'a> {
        let rules = self
            .rules
            .iter()
            .map(|rule| (rule.target.clone(), &rule.faults));
        let methods = self
            .per_method
            .iter()
            .map(|(method, faults)| (Target::method(method), faults));
        let mut own: Vec<_> = rules
            .chain(methods)
            .filter(|(target, _)| target.covers(call))
            .collect();
        // The sort is stable: what came later stays before what came earlier.
        own.reverse();
        own.sort_by_key(|(target, _)| std::cmp::Reverse(target.specificity()));
        Terms {
            own: own
                .into_iter()
                .map(|(target, faults)| (target.kind(), faults))
                .collect(),
            plan: self,
            is_picture: call.method == THUMBNAIL,
        }
    }
}

impl<'a> Terms<'a> {
    /// What the most specific rule says that says anything.
    fn own<T>(&self, field: impl Fn(&'a MethodFaults) -> Option<T>) -> Option<T> {
        self.own.iter().find_map(|(_, faults)| field(faults))
    }

    fn latency(&self) -> Duration {
        // A rule for pictures need not name a latency for the plan's to hold, as it always has been.
        self.own(|own| own.latency).unwrap_or(self.plan.latency)
    }

    fn jitter(&self) -> Duration {
        self.own(|own| own.jitter).unwrap_or(self.plan.jitter)
    }

    fn tail(&self) -> Option<Tail> {
        self.own(|own| own.tail).or(self.general(|plan| plan.tail))
    }

    fn slow_body(&self) -> Option<u64> {
        self.own(|own| own.slow_body)
            .or(self.general(|plan| plan.slow_body))
    }

    fn always(&self) -> Option<Misbehavior> {
        self.own(|own| own.always)
            .or(self.general(|plan| plan.always))
    }

    fn general<T>(&self, field: impl Fn(&'a FaultPlan) -> Option<T>) -> Option<T> {
        if self.is_picture {
            None
        } else {
            field(self.plan)
        }
    }

    fn hiccup(&self, tally: &mut Tally) -> Duration {
        let own = self
            .own
            .iter()
            .find_map(|(kind, faults)| Some((*kind, Some(faults.hiccup?))));
        if own.is_none() && self.is_picture {
            return Duration::ZERO;
        }
        // Without a hiccup calls are counted all the same: it may be switched on at any time.
        let (kind, hiccup) = own.unwrap_or((Kind::of(&["plan"]), self.plan.hiccup));
        let number = tally.count(kind);
        let due = hiccup
            .filter(|Hiccup { every, .. }| *every > 0 && number.is_multiple_of(u64::from(*every)));
        due.map_or(Duration::ZERO, |hiccup| hiccup.pause)
    }

    fn failure(&self, draws: Draws) -> Option<Misbehavior> {
        let failures = self.own(|own| own.failures.as_deref());
        let failures = failures.or(self.general(|plan| Some(&plan.failures[..])));
        let rate = self.own(|own| own.error_rate);
        let rate = rate.or(self.general(|plan| Some(plan.error_rate)));
        let error = Failure {
            share: rate.unwrap_or(0.0),
            ends_in: Misbehavior::Status(if draws.status < 0.5 { 503 } else { 500 }),
        };
        let mut below = 0.0;
        failures
            .unwrap_or_default()
            .iter()
            .chain([&error])
            .find(|failure| {
                below += failure.share;
                draws.failure < below
            })
            .map(|failure| failure.ends_in)
    }
}

impl Tail {
    /// How much longer a call waits.
    fn wait(&self, draws: Draws) -> Duration {
        if draws.tail >= self.share {
            return Duration::ZERO;
        }
        let (least, most) = (self.least.as_secs_f64(), self.most.as_secs_f64());
        // Without a beginning or an end above it there is nothing to spread, and the formula has no value.
        if least <= 0.0 || most <= least || self.alpha <= 0.0 {
            return self.least;
        }
        // The inverse of the bounded Pareto distribution function.
        let beyond = 1.0 - (least / most).powf(self.alpha);
        let wait = least / (1.0 - draws.length * beyond).powf(1.0 / self.alpha);
        Duration::try_from_secs_f64(wait)
            .unwrap_or(self.most)
            .clamp(self.least, self.most)
    }
}

fn spread(latency: Duration, jitter: Duration, chance: f64) -> Duration {
    if jitter.is_zero() {
        return latency;
    }
    let moved = jitter.as_secs_f64() * 2.0 * chance;
    let moved = Duration::try_from_secs_f64(moved).unwrap_or(Duration::MAX);
    latency.saturating_add(moved).saturating_sub(jitter)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{Faults, Rule};
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
        assert_eq!(faults.verdict(&Call::of("create")).wait, 9 * MS);
        assert_eq!(faults.verdict(&read()).wait, 50 * MS);
        assert_eq!(faults.verdict(&Call::of(THUMBNAIL)), Verdict::default());
    }

    fn latency(target: Target, millis: u32) -> Rule {
        let faults = MethodFaults {
            latency: Some(millis * MS),
            ..MethodFaults::default()
        };
        Rule { target, faults }
    }

    #[test]
    fn the_most_specific_rule_wins_and_of_two_the_later_one() {
        let plan = FaultPlan {
            latency: MS,
            rules: vec![
                latency(Target::method("read").and_entity_type("Shot"), 5),
                latency(Target::method("read"), 2),
                latency(Target::method("read"), 3),
                latency(Target::entity_type("Shot"), 4),
                latency(Target::default(), 6),
            ],
            ..FaultPlan::default()
        };
        let wait = |call: &Call<'_>| Faults::new(plan.clone()).verdict(call).wait;
        assert_eq!(wait(&Call::about("read", "Shot")), 5 * MS);
        assert_eq!(wait(&Call::about("read", "Task")), 3 * MS);
        assert_eq!(wait(&Call::about("create", "Shot")), 4 * MS);
        assert_eq!(wait(&Call::about("create", "Task")), 6 * MS);
        let batch = Call {
            method: "batch",
            entity_types: vec!["Note", "Shot"],
        };
        assert_eq!(wait(&batch), 4 * MS, "one of its requests is about a shot");
        assert_eq!(wait(&Call::about(THUMBNAIL, "Shot")), Duration::ZERO);
    }

    #[test]
    fn what_a_rule_says_nothing_about_the_next_one_may() {
        let mut plan = FaultPlan {
            jitter: 3 * MS,
            rules: vec![
                latency(Target::method("read"), 9),
                Rule {
                    target: Target::entity_type("Shot"),
                    faults: MethodFaults {
                        jitter: Some(Duration::ZERO),
                        always: Some(Misbehavior::Html),
                        ..MethodFaults::default()
                    },
                },
            ],
            ..FaultPlan::default()
        };
        let verdict = |plan: &FaultPlan| Faults::new(plan.clone()).verdict(&read());
        assert_eq!(verdict(&plan).wait, 9 * MS);
        assert_eq!(verdict(&plan).misbehavior, Some(Misbehavior::Html));
        plan.rules[0].faults.always = Some(Misbehavior::Reset);
        assert_eq!(verdict(&plan).misbehavior, Some(Misbehavior::Reset));
    }

    /// The kinds of calls a program makes, each several times.
    fn program() -> Vec<Call<'static>> {
        let kinds = [("read", "Shot"), ("read", "Task"), ("create", "Note")];
        let calls = kinds.map(|(method, entity_type)| Call::about(method, entity_type));
        calls.iter().cycle().take(90).cloned().collect()
    }

    fn unlucky(seed: u64) -> FaultPlan {
        FaultPlan {
            latency: 50 * MS,
            jitter: 20 * MS,
            error_rate: 0.3,
            tail: Some(Tail {
                share: 0.3,
                least: 100 * MS,
                most: 9_000 * MS,
                alpha: 1.2,
            }),
            seed,
            ..FaultPlan::default()
        }
    }

    #[test]
    fn calls_of_other_kinds_in_between_change_nobody_s_luck() {
        let fates = |calls: Vec<Call<'static>>| {
            let faults = Faults::new(unlucky(7));
            let mut fates: BTreeMap<(&str, &str), Vec<Verdict>> = BTreeMap::new();
            for call in calls {
                let kind = (call.method, call.entity_types[0]);
                fates.entry(kind).or_default().push(faults.verdict(&call));
            }
            fates
        };
        let mut sorted = program();
        sorted.sort_by_key(|call| (call.entity_types[0], call.method));
        assert_eq!(fates(program()), fates(sorted));
    }

    #[test]
    fn threads_share_out_the_same_fates_in_every_run() {
        let fates = |threads: usize| {
            let faults = Faults::new(unlucky(7));
            let met = parking_lot::Mutex::new(Vec::new());
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    scope.spawn(|| {
                        for _ in 0..120 / threads {
                            met.lock().push(faults.verdict(&read()).wait);
                        }
                    });
                }
            });
            let mut met = met.into_inner();
            met.sort();
            met
        };
        assert_eq!(fates(1), fates(8));
    }

    #[test]
    fn a_slower_site_is_not_a_luckier_one() {
        let failures = |plan: &FaultPlan| -> Vec<_> {
            let verdicts = verdicts(plan, 60);
            verdicts.iter().map(|verdict| verdict.misbehavior).collect()
        };
        let slower = FaultPlan {
            latency: 900 * MS,
            jitter: Duration::ZERO,
            tail: None,
            ..unlucky(7)
        };
        assert_eq!(failures(&unlucky(7)), failures(&slower));
    }

    #[test]
    fn a_tail_is_heavy_and_bounded() {
        let tail = Tail {
            share: 0.2,
            least: 100 * MS,
            most: 10_000 * MS,
            alpha: 1.0,
        };
        let plan = FaultPlan {
            tail: Some(tail),
            ..FaultPlan::default()
        };
        let waits: Vec<_> = verdicts(&plan, 10_000)
            .iter()
            .map(|verdict| verdict.wait)
            .filter(|wait| !wait.is_zero())
            .collect();
        assert!((1_800..2_200).contains(&waits.len()), "{}", waits.len());
        assert!(
            waits
                .iter()
                .all(|wait| (tail.least..=tail.most).contains(wait))
        );
        // With alpha 1, half of them wait less than double, and one in ten at least ten times as long.
        let beyond = |bound| waits.iter().filter(|wait| **wait > bound).count() as f64;
        let share = |bound| beyond(bound) / waits.len() as f64;
        assert!(
            (0.44..0.56).contains(&share(200 * MS)),
            "{}",
            share(200 * MS)
        );
        assert!(
            (0.06..0.12).contains(&share(1_000 * MS)),
            "{}",
            share(1_000 * MS)
        );
    }

    #[test]
    fn a_tail_without_room_is_its_shortest_wait() {
        for (least, most, alpha) in [(0, 9, 1.0), (5, 5, 1.0), (9, 2, 1.0), (3, 9, 0.0)] {
            let tail = Tail {
                share: 1.0,
                least: least * MS,
                most: most * MS,
                alpha,
            };
            let plan = FaultPlan {
                tail: Some(tail),
                ..FaultPlan::default()
            };
            assert_eq!(verdicts(&plan, 1)[0].wait, least * MS);
        }
    }

    #[test]
    fn shares_add_up_and_the_error_rate_comes_last() {
        let failures = vec![
            Failure {
                share: 0.25,
                ends_in: Misbehavior::Reset,
            },
            Failure {
                share: 0.5,
                ends_in: Misbehavior::Html,
            },
        ];
        let plan = FaultPlan {
            failures,
            error_rate: 1.0,
            ..FaultPlan::default()
        };
        let verdicts = verdicts(&plan, 4_000);
        let count = |wanted: &[Misbehavior]| {
            let met = verdicts.iter().filter_map(|verdict| verdict.misbehavior);
            met.filter(|met| wanted.contains(met)).count()
        };
        assert!((850..1_150).contains(&count(&[Misbehavior::Reset])));
        assert!((1_850..2_150).contains(&count(&[Misbehavior::Html])));
        let errors = [Misbehavior::Status(500), Misbehavior::Status(503)];
        assert!((850..1_150).contains(&count(&errors)));
    }

    #[test]
    fn a_hiccup_of_a_rule_counts_the_calls_of_that_rule() {
        let hiccup = Hiccup {
            every: 2,
            pause: 8 * MS,
        };
        let own = MethodFaults {
            hiccup: Some(hiccup),
            ..MethodFaults::default()
        };
        let faults = Faults::new(FaultPlan {
            rules: vec![Rule {
                target: Target::entity_type("Shot"),
                faults: own,
            }],
            ..FaultPlan::default()
        });
        let waits: Vec<_> = ["Shot", "Task", "Shot", "Shot", "Task", "Shot"]
            .map(|entity_type| faults.verdict(&Call::about("read", entity_type)).wait)
            .into();
        let (none, pause) = (Duration::ZERO, 8 * MS);
        assert_eq!(waits, [none, none, pause, none, none, pause]);
    }
}
