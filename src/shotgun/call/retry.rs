//! Which failures are worth another attempt, how often, and after how long. Pure: the caller waits, and brings the chance.

use std::time::{Duration, Instant};

use crate::shotgun::error::Error;

/// The first pause on average; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// No pause of our own choosing is longer than this; what the server asks for may be.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How a client goes on about what fails and changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shotgun) struct Retries {
    /// Attempts after the first one.
    pub(in crate::shotgun) most: u32,
    /// No attempt begins later than this after the first one failed.
    pub(in crate::shotgun) budget: Duration,
}

impl Retries {
    /// For what nobody may repeat.
    pub(in crate::shotgun) const NONE: Self = Self {
        most: 0,
        budget: Duration::ZERO,
    };
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            // As many attempts as `shotgun_api3` makes.
            most: 2,
            budget: Duration::from_secs(10),
        }
    }
}

/// The attempts at one question.
#[derive(Debug)]
pub(in crate::shotgun) struct Attempts {
    retries: Retries,
    /// Whether an internal error (HTTP 500) passes, too.
    at_storage: bool,
    number: u32,
    first_failed: Option<Instant>,
}

impl Attempts {
    /// Begins with the first.
    pub(in crate::shotgun) const fn new(retries: Retries) -> Self {
        Self {
            retries,
            at_storage: false,
            number: 1,
            first_failed: None,
        }
    }

    /// At putting a file into a storage: those ask for another attempt with HTTP 500 as with 503. An attempt may take longer
    /// than any budget, so only its pauses count.
    pub(in crate::shotgun) const fn at_storage(retries: Retries) -> Self {
        Self {
            at_storage: true,
            ..Self::new(retries)
        }
    }

    /// Which one is made, from 1.
    pub(in crate::shotgun) const fn number(&self) -> u32 {
        self.number
    }

    /// One more attempt that has nothing to do with retrying: the last one failed for a reason that is gone.
    pub(in crate::shotgun) const fn besides(&mut self) {
        self.number += 1;
        self.retries.most = self.retries.most.saturating_add(1);
    }

    /// The attempt failed just `now`: how long to pause before the next one, which this counts. None if there is none, because
    /// it would be in vain, or too often, or too late. `chance` is from 0 to 1.
    pub(in crate::shotgun) fn again(
        &mut self,
        failed: &Failed,
        now: Instant,
        chance: f64,
    ) -> Option<Duration> {
        let is_passing = is_passing(&failed.error)
            || self.at_storage && matches!(failed.error, Error::Server { status: 500 });
        if !is_passing || self.number > self.retries.most {
            return None;
        }
        let pause = failed
            .retry_after
            .unwrap_or_else(|| back_off(self.number, chance));
        let first_failed = *self.first_failed.get_or_insert(now);
        let spent = if self.at_storage {
            Duration::ZERO
        } else {
            now.saturating_duration_since(first_failed)
        };
        if spent.saturating_add(pause) > self.retries.budget {
            return None;
        }
        self.number += 1;
        Some(pause)
    }
}

/// What came of an attempt.
#[derive(Debug)]
pub(in crate::shotgun) struct Failed {
    pub(in crate::shotgun) error: Error,
    /// How long the server wants to be left alone.
    pub(in crate::shotgun) retry_after: Option<Duration>,
    /// Whether the reason is gone already.
    pub(in crate::shotgun) cured: bool,
}

impl Failed {
    /// With what the server says about another attempt.
    pub(in crate::shotgun) const fn told(error: Error, retry_after: Option<Duration>) -> Self {
        Self {
            error,
            retry_after,
            cured: false,
        }
    }
}

/// Without a word from the server.
impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self {
            error,
            retry_after: None,
            cured: false,
        }
    }
}

/// Whether the same question may well be answered in a moment. An internal error (HTTP 500) usually comes again, and what
/// the site is still working on takes it longer than that.
fn is_passing(error: &Error) -> bool {
    error.is_retryable()
        && !matches!(
            error,
            Error::Server { status: 500 } | Error::NotReady { .. }
        )
}

/// Half as long as on average, up to half as long again: clients that failed together must not come back together.
fn back_off(attempt: u32, chance: f64) -> Duration {
    let doubled = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(attempt - 1));
    doubled.min(LONGEST_PAUSE).mul_f64(0.5 + chance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn busy() -> Failed {
        Error::Server { status: 503 }.into()
    }

    const fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn pauses_double_and_are_never_the_same_for_all() {
        let now = Instant::now();
        for (chance, expected) in [(0.0, [100, 200]), (0.5, [200, 400]), (1.0, [300, 600])] {
            let mut attempts = Attempts::new(Retries::default());
            let pauses = [(); 2].map(|()| attempts.again(&busy(), now, chance).unwrap());
            assert_eq!(pauses, expected.map(Duration::from_millis));
            assert_eq!(attempts.number(), 3);
            assert_eq!(attempts.again(&busy(), now, chance), None);
        }
    }

    #[test]
    fn many_attempts_do_not_wait_for_ever() {
        let retries = Retries {
            most: u32::MAX,
            budget: Duration::MAX,
        };
        let mut attempts = Attempts::new(retries);
        for _ in 0..100 {
            let pause = attempts.again(&busy(), Instant::now(), 1.0).unwrap();
            assert!(pause <= LONGEST_PAUSE.mul_f64(1.5), "{pause:?}");
        }
    }

    #[test]
    fn no_attempt_begins_after_the_budget_is_spent() {
        let now = Instant::now();
        let mut attempts = Attempts::new(Retries {
            most: 9,
            budget: secs(10),
        });
        assert!(attempts.again(&busy(), now, 0.5).is_some());
        // The second attempt took nearly all of it to fail, the third one the rest.
        assert!(attempts.again(&busy(), now + secs(9), 0.5).is_some());
        assert_eq!(attempts.again(&busy(), now + secs(10), 0.5), None);
    }

    #[test]
    fn what_the_server_asks_for_is_kept_or_the_attempt_is_not_made() {
        let after = |secs| Failed {
            retry_after: Some(Duration::from_secs(secs)),
            ..busy()
        };
        let now = Instant::now();
        let mut attempts = Attempts::new(Retries::default());
        assert_eq!(attempts.again(&after(0), now, 0.5), Some(Duration::ZERO));
        assert_eq!(attempts.again(&after(10), now, 0.5), Some(secs(10)));
        let mut attempts = Attempts::new(Retries::default());
        assert_eq!(attempts.again(&after(11), now, 0.5), None);
        assert_eq!(attempts.again(&after(u64::MAX), now, 0.5), None);
    }

    #[test]
    fn a_storage_is_asked_again_after_an_internal_error_however_long_that_took() {
        let now = Instant::now();
        let internal = || Failed::from(Error::Server { status: 500 });
        let mut attempts = Attempts::at_storage(Retries::default());
        assert!(attempts.again(&internal(), now, 0.5).is_some());
        assert!(attempts.again(&internal(), now + secs(3600), 0.5).is_some());
        assert_eq!(attempts.again(&internal(), now, 0.5), None);
        let mut attempts = Attempts::at_storage(Retries::NONE);
        assert_eq!(attempts.again(&internal(), now, 0.5), None);
    }

    #[test]
    fn only_what_passes_by_itself_is_tried_again() {
        let host: Arc<str> = "h".into();
        let source = Arc::new(std::io::Error::other("reset"));
        let unreachable = Error::Unreachable { host, source };
        let refused = Error::Rejected {
            message: "no".into(),
            code: None,
        };
        for (error, expected) in [
            (unreachable, true),
            (Error::Truncated { received: 1 }, true),
            (Error::Server { status: 502 }, true),
            (Error::Server { status: 504 }, true),
            (Error::RateLimited { retry_after: None }, true),
            (Error::Server { status: 500 }, false),
            (Error::NotReady { what: "it".into() }, false),
            (Error::Cancelled, false),
            (Error::decode("odd"), false),
            (refused, false),
        ] {
            let mut attempts = Attempts::new(Retries::default());
            let again = attempts.again(&error.clone().into(), Instant::now(), 0.5);
            assert_eq!(again.is_some(), expected, "{error}");
        }
    }
}
