//! Many connections at a site where things go wrong all the time: no write is lost, no answer is wrong, and memory stays.
//!
//! The long form: `CALLBOARD_SOAK_SECS=60 cargo test --release --test library -- soak --nocapture`

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use callboard::sandbox::{Failure, FaultPlan, Misbehavior};
use callboard::shotgun::{Change, Changed, Client, EntityId, Error, Filter, Timeouts};

use super::site;

/// So many connections, each with a thread and a shot of its own.
struct Soak {
    connections: usize,
    time: Duration,
    /// The share of calls that are waited for in vain, which takes long.
    silent: f64,
    /// Whether no other test runs in this process.
    alone: bool,
}

/// What one connection did.
struct Work {
    id: EntityId,
    /// The value that the next write sets.
    next: i64,
    /// What the field may hold: more than one value after a write that nobody answered.
    possible: BTreeSet<i64>,
    written: usize,
    unknown: usize,
    read: usize,
}

fn trouble(silent: f64) -> FaultPlan {
    let ends_in = |share, ends_in| Failure { share, ends_in };
    FaultPlan {
        latency: Duration::from_millis(2),
        jitter: Duration::from_millis(2),
        failures: vec![
            ends_in(0.02, Misbehavior::Status(503)),
            ends_in(0.01, Misbehavior::Status(502)),
            ends_in(0.01, Misbehavior::ResetBefore),
            ends_in(0.01, Misbehavior::Reset),
            ends_in(0.01, Misbehavior::ResetMidway),
            ends_in(0.01, Misbehavior::Truncate),
            ends_in(0.01, Misbehavior::InvalidJson),
            ends_in(silent, Misbehavior::NeverAnswer),
        ],
        seed: 4,
        ..FaultPlan::default()
    }
}

impl Work {
    fn write(&mut self, client: &Client) {
        self.next += 1;
        match client.update("Shot", self.id, &[("sg_cut_in", self.next.into())]) {
            Ok(shot) => {
                assert_eq!(shot.get("sg_cut_in").unwrap().as_i64(), Some(self.next));
                self.possible = [self.next].into();
                self.written += 1;
            }
            Err(Error::UnknownOutcome { .. }) => {
                self.possible.insert(self.next);
                self.unknown += 1;
            }
            // Nothing was done.
            Err(_) => {}
        }
    }

    fn read(&mut self, client: &Client) {
        let found = client.find_one("Shot", &[Filter::is("id", self.id)], &["sg_cut_in"]);
        let Ok(found) = found else {
            return;
        };
        let value = found.unwrap().get("sg_cut_in").unwrap().as_i64().unwrap();
        assert!(
            self.possible.contains(&value),
            "{value} is none of {:?}",
            self.possible
        );
        self.possible = [value].into();
        self.read += 1;
    }
}

/// The memory of this process in bytes, where the system tells.
fn memory() -> Option<u64> {
    let pages = std::fs::read_to_string("/proc/self/statm").ok()?;
    let resident: u64 = pages.split_whitespace().nth(1)?.parse().ok()?;
    Some(resident * 4096)
}

impl Soak {
    /// Makes the shots, without a trace of what will happen to them in the log of events, which would only grow.
    fn prepare(&self, client: &Client) -> Vec<Work> {
        let script = [Filter::is("firstname", "callboard")];
        let script = client.find_one("ApiUser", &script, &[]).unwrap().unwrap();
        let silent = [("generate_event_log_entries", false.into())];
        client.update("ApiUser", script.id(), &silent).unwrap();
        let project = client.find_one("Project", &[], &[]).unwrap().unwrap();
        let shots = (0..self.connections).map(|number| {
            let data = [
                ("code", format!("SOAK{number}").into()),
                ("project", project.to_ref().into()),
                ("sg_cut_in", 0.into()),
            ];
            Change::create("Shot", &data, &[])
        });
        let made = client.batch(&shots.collect::<Vec<_>>()).unwrap();
        let work = made.iter().map(|made| {
            let Changed::Entity(shot) = made else {
                panic!("{made:?}")
            };
            Work {
                id: shot.id(),
                next: 0,
                possible: [0].into(),
                written: 0,
                unknown: 0,
                read: 0,
            }
        });
        work.collect()
    }

    #[expect(clippy::print_stderr, reason = "the figures of the long form")]
    fn run(&self) {
        let (sandbox, client) = site();
        let mut work = self.prepare(&client);
        let timeouts = Timeouts {
            idle: Duration::from_secs(5),
            ..Timeouts::default()
        };
        let builder = Client::builder(&sandbox.url()).script("callboard", "sandbox");
        let builder = builder.timeouts(timeouts).max_connections(self.connections);
        let client = builder.build().unwrap();
        sandbox.faults().set(trouble(self.silent));
        let halves = [(); 2].map(|()| {
            let end = Instant::now() + self.time / 2;
            thread::scope(|scope| {
                for work in &mut work {
                    let client = &client;
                    scope.spawn(move || {
                        while Instant::now() < end {
                            work.write(client);
                            work.read(client);
                        }
                    });
                }
            });
            memory()
        });
        sandbox.faults().set(FaultPlan::default());
        for work in &mut work {
            let before = work.read;
            work.read(&client);
            assert_eq!(work.read, before + 1, "the site is well again");
        }
        let sum = |count: fn(&Work) -> usize| work.iter().map(count).sum::<usize>();
        let (written, unknown) = (sum(|work| work.written), sum(|work| work.unknown));
        let read = sum(|work| work.read);
        eprintln!(
            "{} connections: {written} writes answered, {unknown} of unknown outcome, {read} reads, memory {halves:?}",
            self.connections
        );
        assert!(written > unknown && unknown > 0 && read > 0);
        // Beside other tests, memory is also theirs.
        if let ([Some(half), Some(end)], true) = (halves, self.alone) {
            const NOISE: u64 = 32 << 20;
            assert!(end < half + half / 4 + NOISE, "{half} bytes, then {end}");
        }
    }
}

#[test]
fn soak() {
    let secs = std::env::var("CALLBOARD_SOAK_SECS").ok();
    let long = secs.map(|secs| secs.parse().unwrap());
    let soak = Soak {
        connections: if long.is_some() { 200 } else { 24 },
        time: Duration::from_secs(long.unwrap_or(2)),
        silent: if long.is_some() { 0.001 } else { 0.0 },
        alone: long.is_some(),
    };
    soak.run();
}
