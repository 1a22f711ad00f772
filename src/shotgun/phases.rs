//! Where the time of one HTTP exchange went. Pure: it knows instants, not sockets.
//!
//! Every phase runs from the previous mark to its own, on one monotonic clock, so the phases of an exchange add up to its
//! total exactly. What did not take place is absent, never zero.

use std::fmt;
use std::time::{Duration, Instant};

/// A stretch of one exchange, in the order they happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Looking the host's name up.
    Dns,
    /// Opening the socket, and the tunnel if there is a proxy.
    Connect,
    /// Agreeing on keys.
    Tls,
    /// Writing head and body of the request.
    Send,
    /// From the last byte sent to the first byte of the answer.
    Wait,
    /// From the first byte of the answer to its last.
    Receive,
}

impl Phase {
    /// All phases, in the order they happen.
    pub const ALL: [Self; 6] = [
        Self::Dns,
        Self::Connect,
        Self::Tls,
        Self::Send,
        Self::Wait,
        Self::Receive,
    ];

    /// One lower-case word, as shown in tables and exports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Send => "send",
            Self::Wait => "wait",
            Self::Receive => "receive",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How long each phase took; absent means it did not happen.
///
/// ```
/// use callboard::shotgun::{Phase, Phases};
/// use std::time::Duration;
///
/// let phases = Phases { wait: Some(Duration::from_millis(80)), send: Some(Duration::from_millis(1)), ..Phases::default() };
/// assert_eq!(phases.total(), Duration::from_millis(81));
/// assert_eq!(phases.iter().map(|(phase, _)| phase).collect::<Vec<_>>(), [Phase::Send, Phase::Wait]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phases {
    /// Name look-up. Absent if the address was known (cached, or written as an IP address).
    pub dns: Option<Duration>,
    /// Opening the socket. Absent on a reused connection.
    pub connect: Option<Duration>,
    /// The TLS handshake. Absent on a reused connection and on plain http.
    pub tls: Option<Duration>,
    /// Writing the request.
    pub send: Option<Duration>,
    /// Waiting for the first byte.
    pub wait: Option<Duration>,
    /// Reading the answer to its last byte.
    pub receive: Option<Duration>,
}

impl Phases {
    /// The phases that took place, in the order they happened.
    pub fn iter(&self) -> impl Iterator<Item = (Phase, Duration)> + '_ {
        Phase::ALL
            .into_iter()
            .filter_map(|phase| Some((phase, self.get(phase)?)))
    }

    /// The sum of all phases.
    pub fn total(&self) -> Duration {
        self.iter().map(|(_, time)| time).sum()
    }

    /// How long `phase` took, if it took place.
    pub const fn get(&self, phase: Phase) -> Option<Duration> {
        match phase {
            Phase::Dns => self.dns,
            Phase::Connect => self.connect,
            Phase::Tls => self.tls,
            Phase::Send => self.send,
            Phase::Wait => self.wait,
            Phase::Receive => self.receive,
        }
    }

    fn add(&mut self, phase: Phase, time: Duration) {
        let slot = match phase {
            Phase::Dns => &mut self.dns,
            Phase::Connect => &mut self.connect,
            Phase::Tls => &mut self.tls,
            Phase::Send => &mut self.send,
            Phase::Wait => &mut self.wait,
            Phase::Receive => &mut self.receive,
        };
        *slot = Some(slot.unwrap_or_default() + time);
    }
}

/// A stopwatch that never lets go: each mark ends one phase and starts the next.
#[derive(Clone, Debug)]
pub(super) struct Marks {
    started: Instant,
    last: Instant,
    doing: Phase,
    phases: Phases,
}

impl Marks {
    /// Starts the clock. Until told otherwise it is connecting: what fails before that, fails for want of a connection.
    pub(super) fn start(now: Instant) -> Self {
        Self {
            started: now,
            last: now,
            doing: Phase::Connect,
            phases: Phases::default(),
        }
    }

    /// Says what goes on from here, so that a failure is charged to the right phase.
    pub(super) fn doing(&mut self, phase: Phase) {
        self.doing = phase;
    }

    /// What goes on.
    pub(super) const fn now_doing(&self) -> Phase {
        self.doing
    }

    /// Charges the time since the last mark to `phase`.
    pub(super) fn mark(&mut self, phase: Phase, now: Instant) {
        let now = now.max(self.last);
        self.phases.add(phase, now - self.last);
        self.last = now;
    }

    /// Whether `phase` has been marked.
    pub(super) const fn has(&self, phase: Phase) -> bool {
        self.phases.get(phase).is_some()
    }

    /// Charges the rest to what goes on, and stops. The sum of the phases is the time returned.
    pub(super) fn finish(mut self, now: Instant) -> (Phases, Duration) {
        self.mark(self.doing, now);
        (self.phases, self.last - self.started)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn phases_add_up_to_the_total_whatever_the_marks(steps in prop::collection::vec((0_usize..6, 0_u64..5_000_000_000, any::<bool>()), 0..40), tail in 0_u64..1_000_000_000) {
            let start = Instant::now();
            let mut now = start;
            let mut marks = Marks::start(start);
            for (phase, nanos, only_doing) in steps {
                now += Duration::from_nanos(nanos);
                marks.doing(Phase::ALL[phase]);
                if !only_doing {
                    marks.mark(Phase::ALL[phase], now);
                }
            }
            now += Duration::from_nanos(tail);
            let (phases, total) = marks.finish(now);
            prop_assert_eq!(phases.total(), total);
            prop_assert_eq!(total, now - start);
        }
    }

    #[test]
    fn what_did_not_happen_is_absent() {
        let start = Instant::now();
        let mut marks = Marks::start(start);
        marks.mark(Phase::Send, start);
        marks.doing(Phase::Wait);
        let (phases, _) = marks.finish(start + Duration::from_millis(3));
        assert_eq!(phases.connect, None);
        assert_eq!(phases.send, Some(Duration::ZERO));
        assert_eq!(phases.wait, Some(Duration::from_millis(3)));
    }

    #[test]
    fn a_clock_that_steps_back_takes_no_time() {
        let start = Instant::now();
        let mut marks = Marks::start(start + Duration::from_secs(1));
        marks.mark(Phase::Send, start);
        let (phases, total) = marks.finish(start);
        assert_eq!((phases.total(), total), (Duration::ZERO, Duration::ZERO));
    }
}
