//! Which job is next. A plain value: it knows neither threads nor closures.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::JobId;
use super::lane::{Lane, Pool};

/// Jobs that wait, lane by lane, and the shares of the workers that those which run take up.
pub(super) struct Queue<T> {
    lanes: Vec<Line<T>>,
    seats: HashMap<JobId, Seat>,
    asleep: HashMap<JobId, Sleeper<T>>,
    arrivals: u64,
    waiting: Share,
    computing: Share,
}

/// The higher priority first; among equals, who came first.
type Place = (Reverse<i32>, u64);

struct Line<T> {
    lane: Lane,
    waiting: BTreeMap<Place, (JobId, T)>,
    running: usize,
}

struct Seat {
    line: usize,
    place: Place,
}

struct Sleeper<T> {
    lane: Lane,
    priority: i32,
    job: T,
}

/// How the threads of one pool are used.
struct Share {
    threads: usize,
    /// Threads that look for jobs, or run one.
    active: usize,
    /// Running jobs of background lanes.
    background: usize,
}

/// Whose share a running job takes up; to be given back with [`Queue::finished`].
#[derive(Clone, Copy)]
pub(super) struct Taken(usize);

impl<T> Queue<T> {
    /// As many threads as the two pools have.
    pub(super) fn new(waiting: usize, computing: usize) -> Self {
        let share = |threads| Share {
            threads,
            active: 0,
            background: 0,
        };
        Self {
            lanes: Vec::new(),
            seats: HashMap::new(),
            asleep: HashMap::new(),
            arrivals: 0,
            waiting: share(waiting),
            computing: share(computing),
        }
    }

    /// Queues a job, and says whether one more thread should look for it: then that thread counts as active.
    pub(super) fn push(&mut self, job_id: JobId, lane: Lane, priority: i32, job: T) -> bool {
        let line = self.line(lane);
        self.arrivals += 1;
        let place = (Reverse(priority), self.arrivals);
        self.lanes[line].waiting.insert(place, (job_id, job));
        self.seats.insert(job_id, Seat { line, place });
        let wanted = self.may_run(line);
        let share = self.share(lane.pool);
        let wanted = wanted && share.active < share.threads;
        share.active += usize::from(wanted);
        wanted
    }

    /// Keeps a job aside until [`Self::wake`].
    pub(super) fn put_aside(&mut self, job_id: JobId, lane: Lane, priority: i32, job: T) {
        let sleeper = Sleeper {
            lane,
            priority,
            job,
        };
        self.asleep.insert(job_id, sleeper);
    }

    /// Queues a job that was kept aside; like [`Self::push`], it says in which pool one more thread should look.
    pub(super) fn wake(&mut self, job_id: JobId) -> Option<Pool> {
        let sleeper = self.asleep.remove(&job_id)?;
        let pool = sleeper.lane.pool;
        self.push(job_id, sleeper.lane, sleeper.priority, sleeper.job)
            .then_some(pool)
    }

    /// Moves a job that still waits.
    pub(super) fn set_priority(&mut self, job_id: JobId, priority: i32) {
        if let Some(sleeper) = self.asleep.get_mut(&job_id) {
            sleeper.priority = priority;
        }
        if let Some(seat) = self.seats.get_mut(&job_id) {
            let line = &mut self.lanes[seat.line].waiting;
            if let Some(job) = line.remove(&seat.place) {
                // Among its new equals it stands where it would if it had always been one.
                seat.place.0 = Reverse(priority);
                line.insert(seat.place, job);
            }
        }
    }

    /// Takes out a job that still waits.
    pub(super) fn remove(&mut self, job_id: JobId) -> Option<T> {
        if let Some(sleeper) = self.asleep.remove(&job_id) {
            return Some(sleeper.job);
        }
        let seat = self.seats.remove(&job_id)?;
        let (_, job) = self.lanes[seat.line].waiting.remove(&seat.place)?;
        Some(job)
    }

    /// Takes out all that wait.
    pub(super) fn clear(&mut self) -> Vec<T> {
        self.seats.clear();
        let asleep = self.asleep.drain().map(|(_, sleeper)| sleeper.job);
        let waiting = (self.lanes.iter_mut())
            .flat_map(|line| std::mem::take(&mut line.waiting))
            .map(|(_, (_, job))| job);
        waiting.chain(asleep).collect()
    }

    /// The next job for a thread of `pool`, if one may run now. Without one, the thread is no longer active.
    pub(super) fn pick(&mut self, pool: Pool) -> Option<(Taken, JobId, T)> {
        let next = (0..self.lanes.len())
            .filter(|&line| self.lanes[line].lane.pool == pool && self.may_run(line))
            .filter_map(|line| {
                let (&(_, arrival), _) = self.lanes[line].waiting.first_key_value()?;
                Some((!self.lanes[line].lane.is_interactive, arrival, line))
            })
            .min();
        let Some((_, _, line)) = next else {
            let share = self.share(pool);
            share.active = share.active.saturating_sub(1);
            return None;
        };
        let (_, (job_id, job)) = self.lanes[line].waiting.pop_first()?;
        self.seats.remove(&job_id);
        self.lanes[line].running += 1;
        let is_background = !self.lanes[line].lane.is_interactive;
        self.share(pool).background += usize::from(is_background);
        Some((Taken(line), job_id, job))
    }

    /// Gives back what a job took up.
    pub(super) fn finished(&mut self, Taken(line): Taken) {
        self.lanes[line].running -= 1;
        let Lane {
            pool,
            is_interactive,
            ..
        } = self.lanes[line].lane;
        self.share(pool).background -= usize::from(!is_interactive);
    }

    /// Jobs that wait, those kept aside included.
    pub(super) fn len(&self) -> usize {
        self.seats.len() + self.asleep.len()
    }

    /// A lane that is full need not be looked at: whoever ends one of its jobs looks again.
    fn may_run(&self, line: usize) -> bool {
        let Line { lane, running, .. } = &self.lanes[line];
        let share = match lane.pool {
            Pool::Waiting => &self.waiting,
            Pool::Computing => &self.computing,
        };
        // A pool of one worker has none to spare.
        let most_background = share.threads.saturating_sub(1).max(1);
        *running < lane.limit && (lane.is_interactive || share.background < most_background)
    }

    fn line(&mut self, lane: Lane) -> usize {
        let known = self.lanes.iter().position(|line| line.lane == lane);
        known.unwrap_or_else(|| {
            self.lanes.push(Line {
                lane,
                waiting: BTreeMap::new(),
                running: 0,
            });
            self.lanes.len() - 1
        })
    }

    fn share(&mut self, pool: Pool) -> &mut Share {
        match pool {
            Pool::Waiting => &mut self.waiting,
            Pool::Computing => &mut self.computing,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const LANES: [Lane; 4] = [
        Lane::DEFAULT,
        Lane::COMPUTE,
        Lane::background("A", 2),
        Lane::background("B", 5),
    ];

    /// Threads as the queue knows them, and what each of them runs.
    #[derive(Default)]
    struct Threads {
        looking: [usize; 2],
        running: Vec<(Taken, Lane)>,
    }

    fn index(pool: Pool) -> usize {
        match pool {
            Pool::Waiting => 0,
            Pool::Computing => 1,
        }
    }

    impl Threads {
        fn called(&mut self, pool: Pool, wanted: bool) {
            self.looking[index(pool)] += usize::from(wanted);
        }

        /// A thread that looks finds a job, or goes to sleep.
        fn look(&mut self, queue: &mut Queue<Lane>, pool: Pool) -> Option<JobId> {
            self.looking[index(pool)] -= 1;
            let (taken, job_id, lane) = queue.pick(pool)?;
            self.running.push((taken, lane));
            Some(job_id)
        }

        /// A job ends, and its thread looks for another one.
        fn end(&mut self, queue: &mut Queue<Lane>, at: usize) {
            let (taken, lane) = self.running.swap_remove(at);
            queue.finished(taken);
            self.looking[index(lane.pool)] += 1;
        }

        fn check(&self, threads: [usize; 2]) {
            let mut of_lane: BTreeMap<&str, usize> = BTreeMap::new();
            for (_, lane) in &self.running {
                *of_lane.entry(lane.name).or_default() += 1;
            }
            for lane in LANES {
                assert!(
                    of_lane
                        .get(lane.name)
                        .is_none_or(|count| *count <= lane.limit)
                );
            }
            let background = self.running.iter().filter(|(_, lane)| !lane.is_interactive);
            assert!(background.count() <= (threads[0] - 1).max(1));
            for pool in [Pool::Waiting, Pool::Computing] {
                let running = self.running.iter().filter(|(_, lane)| lane.pool == pool);
                assert!(running.count() + self.looking[index(pool)] <= threads[index(pool)]);
            }
        }
    }

    #[test]
    fn limits_hold_and_no_job_is_left_waiting_with_a_thread_to_spare() {
        for seed in 0..300 {
            let mut chance = fastrand::Rng::with_seed(seed);
            let threads = [chance.usize(1..6), chance.usize(1..3)];
            let mut queue = Queue::new(threads[0], threads[1]);
            let (mut at_work, mut next, mut asked) = (Threads::default(), 0, 0);
            for _ in 0..400 {
                match chance.u8(..6) {
                    0..=2 => {
                        let lane = LANES[chance.usize(..LANES.len())];
                        next += 1;
                        asked += 1;
                        let wanted = queue.push(JobId(next), lane, chance.i32(-2..2), lane);
                        at_work.called(lane.pool, wanted);
                    }
                    3 => queue.set_priority(JobId(chance.u64(..=next)), chance.i32(-2..2)),
                    4 => asked -= usize::from(queue.remove(JobId(chance.u64(..=next))).is_some()),
                    _ if !at_work.running.is_empty() => {
                        let at = chance.usize(..at_work.running.len());
                        at_work.end(&mut queue, at);
                    }
                    _ => {}
                }
                for pool in [Pool::Waiting, Pool::Computing] {
                    if at_work.looking[index(pool)] > 0 && chance.bool() {
                        asked -= usize::from(at_work.look(&mut queue, pool).is_some());
                    }
                }
                at_work.check(threads);
                assert_eq!(queue.len(), asked);
            }
            // Nobody asks any more: as jobs end, all others run.
            while queue.len() > 0 {
                let pools = [Pool::Waiting, Pool::Computing];
                let looking = pools
                    .into_iter()
                    .find(|&pool| at_work.looking[index(pool)] > 0);
                match looking {
                    Some(pool) => drop(at_work.look(&mut queue, pool)),
                    None => at_work.end(&mut queue, 0),
                }
                at_work.check(threads);
            }
        }
    }
}
