//! Chance that does not depend on threads: calls are numbered per kind, and a number decides.

use std::collections::BTreeMap;

/// Kinds beyond these many are counted together: their names come from outside.
const MOST_KINDS: usize = 4096;

/// What is told apart when calls are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind(u64);

/// How many calls of each kind there have been.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<Kind, u64>);

/// What chance has in mind for one call: numbers from 0 to 1. All of them are drawn for every call, so that a change of
/// one part of the plan leaves the others' luck alone.
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    /// Where in the range of the jitter.
    pub jitter: f64,
    /// Whether it is one of the tail.
    pub tail: f64,
    /// How far out in the tail.
    pub length: f64,
    /// Whether, and how, it fails.
    pub failure: f64,
    /// Which of two statuses.
    pub status: f64,
}

impl Kind {
    /// The kind with these names: FNV-1a, which is the same on every platform and in every version.
    pub fn of(names: &[&str]) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for name in names {
            // No UTF-8 text has this byte in it: names do not run into one another.
            for byte in name.bytes().chain([0xff]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        Self(hash)
    }
}

impl Tally {
    /// Counts a call, and says which one of its kind it is, from 1 on.
    pub fn count(&mut self, kind: Kind) -> u64 {
        let is_full = self.0.len() >= MOST_KINDS;
        let kind = if is_full && !self.0.contains_key(&kind) {
            Kind(0)
        } else {
            kind
        };
        let count = self.0.entry(kind).or_default();
        *count += 1;
        *count
    }
}

impl Draws {
    /// The draws for the `number`-th call of a kind.
    pub fn new(seed: u64, kind: Kind, number: u64) -> Self {
        let mut chance = fastrand::Rng::with_seed(mix(seed ^ mix(kind.0 ^ mix(number))));
        Self {
            jitter: chance.f64(),
            tail: chance.f64(),
            length: chance.f64(),
            failure: chance.f64(),
            status: chance.f64(),
        }
    }
}

/// Spreads neighboring numbers far apart: the finalizer of splitmix64.
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_run_into_one_another() {
        assert_ne!(Kind::of(&["ab", "c"]), Kind::of(&["a", "bc"]));
        assert_ne!(Kind::of(&["a"]), Kind::of(&["a", ""]));
    }

    #[test]
    fn neighboring_calls_have_nothing_in_common() {
        let kind = Kind::of(&["read", "Shot"]);
        for seed in 0..4 {
            let draws: Vec<_> = (1..=2_000)
                .map(|number| Draws::new(seed, kind, number))
                .collect();
            let mean = |of: fn(&Draws) -> f64| draws.iter().map(of).sum::<f64>() / 2_000.0;
            for mean in [
                mean(|draws| draws.jitter),
                mean(|draws| draws.tail),
                mean(|draws| draws.length),
                mean(|draws| draws.failure),
            ] {
                // Six standard deviations.
                assert!((mean - 0.5).abs() < 0.04, "{mean}");
            }
            let rises = draws
                .windows(2)
                .filter(|pair| pair[0].failure < pair[1].failure);
            let rises = rises.count();
            assert!((900..=1_100).contains(&rises), "{rises}");
        }
    }

    #[test]
    fn names_from_outside_take_bounded_room() {
        let mut tally = Tally::default();
        for number in 0..10_000 {
            tally.count(Kind::of(&[&number.to_string()]));
        }
        assert_eq!(tally.0.len(), MOST_KINDS + 1);
    }
}
