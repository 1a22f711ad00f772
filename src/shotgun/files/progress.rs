//! How far a file has come.

use std::time::{Duration, Instant};

/// Told again after so much time,
const INTERVAL: Duration = Duration::from_millis(100);

/// or after so many bytes, whichever comes first.
const STEP: u64 = 1 << 20;

/// How far a file has come, up or down. `done` never goes back: while something is sent or fetched again, it stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the file that have been handed to the network, or have come from it. When all of an upload is out, the site
    /// still has to answer.
    pub done: u64,
    /// Bytes of the whole file. Absent if the server does not say; at the end of a download always there.
    pub total: Option<u64>,
}

/// Tells of progress, though not of every byte.
pub(in crate::shotgun) struct Meter<'a> {
    tell: &'a dyn Fn(Progress),
    total: Option<u64>,
    done: u64,
    told: Option<(u64, Instant)>,
}

impl<'a> Meter<'a> {
    pub(in crate::shotgun) fn new(tell: &'a dyn Fn(Progress)) -> Self {
        Self {
            tell,
            total: None,
            done: 0,
            told: None,
        }
    }

    /// How long the file is, as far as anyone says.
    pub(in crate::shotgun) const fn expect(&mut self, total: Option<u64>) {
        self.total = total;
    }

    /// So many bytes of the file are done `now`.
    pub(in crate::shotgun) fn reach(&mut self, done: u64, now: Instant) {
        self.done = done;
        let is_due = match self.told {
            None => done > 0,
            Some((told, at)) => {
                let news = done.saturating_sub(told);
                news >= STEP
                    || news > 0
                        && (Some(done) == self.total
                            || now.saturating_duration_since(at) >= INTERVAL)
            }
        };
        if is_due {
            self.say(now);
        }
    }

    /// It is all done.
    pub(in crate::shotgun) fn finish(&mut self, now: Instant) {
        let told = self.told.map(|(told, _)| told);
        if told != Some(self.done) || self.total != Some(self.done) {
            self.total = Some(self.done);
            self.say(now);
        }
    }

    fn say(&mut self, now: Instant) {
        self.told = Some((self.done, now));
        let Self { done, total, .. } = *self;
        (self.tell)(Progress { done, total });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// What is told of a file of `total` bytes that has come so far after so many milliseconds.
    fn told(total: Option<u64>, steps: &[(u64, u64)]) -> Vec<(u64, Option<u64>)> {
        let told = RefCell::new(Vec::new());
        let tell = |Progress { done, total }| told.borrow_mut().push((done, total));
        let mut meter = Meter::new(&tell);
        let start = Instant::now();
        meter.expect(total);
        for (done, millis) in steps {
            meter.reach(*done, start + Duration::from_millis(*millis));
        }
        meter.finish(start);
        told.into_inner()
    }

    #[test]
    fn progress_is_told_now_and_then_and_at_the_end() {
        let steps = [(10, 0), (20, 50), (30, 100), (40, 150), (100, 151)];
        let all = Some(100);
        assert_eq!(told(all, &steps), [(10, all), (30, all), (100, all)]);
        assert_eq!(
            told(None, &steps),
            [(10, None), (30, None), (100, Some(100))]
        );
    }

    #[test]
    fn a_fast_file_is_told_of_by_the_megabyte() {
        let kilobytes: Vec<_> = (1..=4096).map(|kilobyte| (kilobyte * 1024, 0)).collect();
        assert_eq!(told(Some(4 << 20), &kilobytes).len(), 5);
    }

    #[test]
    fn what_is_sent_again_stands_still_until_it_is_news() {
        let steps = [(50, 0), (10, 200), (40, 400), (60, 600), (70, 800)];
        let all = Some(70);
        assert_eq!(told(all, &steps), [(50, all), (60, all), (70, all)]);
    }

    #[test]
    fn an_empty_file_has_an_end_too() {
        assert_eq!(told(None, &[]), [(0, Some(0))]);
    }
}
