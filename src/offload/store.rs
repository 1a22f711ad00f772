//! Values that come from elsewhere, by key.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::core::Core;
use super::mailbox::Mailbox;
use super::remote::View;
use super::{Job, JobError, JobId, JobRecord, Remote};

/// How long a [`Store`] keeps what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// For so long an answer is not asked for again.
    pub fresh: Duration,
    /// So many keys at least; of a quarter more, those that were not asked for the longest time are forgotten.
    pub keys: usize,
}

/// What a key is made to look like: see [`Store::force`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forced<E> {
    /// As if its answer never came.
    Loading,
    /// As if it had failed.
    Failed(JobError<E>),
}

/// A [`Remote`] for each key: asked for when it is first looked at, shared by all who look, and kept for a while.
///
/// ```
/// use std::time::Duration;
///
/// use callboard::offload::{Executor, Keep, Store, View};
///
/// let executor = Executor::manual(|| {});
/// let keep = Keep { fresh: Duration::from_secs(60), keys: 256 };
/// let mut squares: Store<u64, u64, String> = Store::new(keep);
///
/// // In each frame, for all that is on screen:
/// let mut draw = |n: u64| match squares.get(&n, || executor.run("square", move || Ok(n * n))) {
///     View::Ready(square) => square.to_string(),
///     View::Idle | View::Loading { .. } => "…".to_owned(),
///     View::Failed { error, .. } => error.to_string(),
/// };
/// assert_eq!(draw(12), "…");
/// executor.run_pending();
/// assert_eq!(draw(12), "144");
/// ```
pub struct Store<K, T: Send + 'static, E: Send + 'static> {
    keep: Keep,
    entries: HashMap<K, Entry<T, E>>,
    /// Whose answer is out.
    jobs: HashMap<JobId, K>,
    mailbox: Arc<Mailbox>,
    forced: HashMap<K, Forced<E>>,
    looks: u64,
}

struct Entry<T: Send + 'static, E: Send + 'static> {
    remote: Remote<T, E>,
    /// Whether the answer is to be asked for anew although it is fresh.
    is_invalid: bool,
    /// When it was last looked at, counted in looks.
    looked: u64,
    /// By whose clock it ages: that of the executor of its last job.
    core: Option<Arc<Core>>,
}

impl<K: Clone + Eq + Hash, T: Send + 'static, E: Send + 'static> Store<K, T, E> {
    /// A store that knows of nothing yet.
    pub fn new(keep: Keep) -> Self {
        Self {
            keep,
            entries: HashMap::new(),
            jobs: HashMap::new(),
            mailbox: Arc::default(),
            forced: HashMap::new(),
            looks: 0,
        }
    }

    /// What to draw for `key`. Asks for it unless its answer is fresh or on its way; an older answer is there to be drawn
    /// until the new one comes. Call it in each frame for what is on screen: it never waits.
    pub fn get(&mut self, key: &K, ask: impl FnOnce() -> Job<T, E>) -> View<'_, T, E> {
        self.poll();
        self.want(key, ask);
        self.peek(key)
    }

    /// Like [`Self::get`], for where nothing is drawn.
    pub fn want(&mut self, key: &K, ask: impl FnOnce() -> Job<T, E>) {
        self.looks += 1;
        let (fresh, looks) = (self.keep.fresh, self.looks);
        let entry = self.entries.entry(key.clone()).or_default();
        entry.looked = looks;
        if !entry.is_due(fresh) {
            return;
        }
        entry.is_invalid = false;
        let job = ask();
        entry.core = Some(Arc::clone(job.core()));
        self.jobs.insert(job.record().job_id, key.clone());
        job.announce_to(Arc::clone(&self.mailbox));
        entry.remote.load(job);
        self.forget_oldest();
    }

    /// What is known of `key`; asks for nothing.
    pub fn peek(&self, key: &K) -> View<'_, T, E> {
        let known = self.entries.get(key);
        match self.forced.get(key) {
            Some(Forced::Loading) => View::Loading {
                previous: known.and_then(|entry| entry.remote.value()),
            },
            Some(Forced::Failed(error)) => View::Failed {
                error,
                previous: known.and_then(|entry| entry.remote.value()),
            },
            None => known.map_or(View::Idle, |entry| entry.remote.view()),
        }
    }

    /// Takes what arrived, and says for which keys. Its cost follows the answers, not the jobs that are out.
    pub fn poll(&mut self) -> Vec<K> {
        let mut arrived = Vec::new();
        for job_id in self.mailbox.empty() {
            // One that was superseded is no longer listed: its answer, if there was one, is gone.
            let Some(key) = self.jobs.remove(&job_id) else {
                continue;
            };
            let Some(entry) = self.entries.get_mut(&key) else {
                continue;
            };
            match entry.remote.arrived() {
                // Cancelled from outside, by a scope perhaps: whoever looks at it again asks again.
                Some(Err(JobError::Cancelled)) => entry.is_invalid = true,
                Some(Ok(_) | Err(_)) => {}
                None => continue,
            }
            arrived.push(key);
        }
        arrived
    }

    /// Has `key` asked for anew when it is next looked at. An answer on its way would be as old as this one: it is dropped.
    pub fn invalidate(&mut self, key: &K) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.invalidate(&mut self.jobs);
        }
    }

    /// Does so with all keys that `is_meant` names: those that begin with a project, say.
    pub fn invalidate_where(&mut self, is_meant: impl Fn(&K) -> bool) {
        let jobs = &mut self.jobs;
        let meant = self.entries.iter_mut().filter(|(key, _)| is_meant(key));
        meant.for_each(|(_, entry)| entry.invalidate(jobs));
    }

    /// Forgets all but the keys that `is_kept` names: their jobs are cancelled, their values freed on a worker.
    pub fn retain(&mut self, is_kept: impl Fn(&K) -> bool) {
        let jobs = &mut self.jobs;
        self.entries.retain(|key, entry| {
            let is_kept = is_kept(key);
            if !is_kept {
                entry.invalidate(jobs);
            }
            is_kept
        });
    }

    /// The life of the latest job for `key`.
    pub fn record(&self, key: &K) -> Option<&Arc<JobRecord>> {
        self.entries.get(key)?.remote.record()
    }

    /// When the last answer for `key` arrived, good or bad.
    pub fn answered(&self, key: &K) -> Option<Instant> {
        self.entries.get(key)?.remote.answered()
    }

    /// Keys that it knows of.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it knows of none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Answers that are on their way.
    pub fn pending(&self) -> usize {
        self.jobs.len()
    }

    /// Makes `key` look as if, whatever is known of it; with nothing, as it is. For tests, and to look at states that are
    /// hard to come by.
    pub fn force(&mut self, key: K, forced: Option<Forced<E>>) {
        match forced {
            Some(forced) => self.forced.insert(key, forced),
            None => self.forced.remove(&key),
        };
    }

    /// In one go for many, so that a key costs no search each time.
    fn forget_oldest(&mut self) {
        if self.entries.len() <= self.keep.keys + self.keep.keys / 4 {
            return;
        }
        let mut looked: Vec<u64> = self.entries.values().map(|entry| entry.looked).collect();
        let surplus = looked.len() - self.keep.keys.max(1);
        let (_, oldest_kept, _) = looked.select_nth_unstable(surplus);
        let oldest_kept = *oldest_kept;
        let jobs = &mut self.jobs;
        self.entries.retain(|_, entry| {
            let is_kept = entry.looked >= oldest_kept;
            if !is_kept {
                entry.invalidate(jobs);
            }
            is_kept
        });
    }
}

impl<T: Send + 'static, E: Send + 'static> Entry<T, E> {
    fn is_due(&self, fresh: Duration) -> bool {
        !self.remote.is_loading() && (self.is_invalid || self.age().is_none_or(|age| age >= fresh))
    }

    fn age(&self) -> Option<Duration> {
        let now = self.core.as_ref()?.now();
        Some(now.saturating_duration_since(self.remote.answered()?))
    }

    fn invalidate<K>(&mut self, jobs: &mut HashMap<JobId, K>) {
        self.is_invalid = true;
        if self.remote.is_loading()
            && let Some(record) = self.remote.record()
        {
            jobs.remove(&record.job_id);
        }
        self.remote.cancel();
    }
}

impl<T: Send + 'static, E: Send + 'static> Default for Entry<T, E> {
    fn default() -> Self {
        Self {
            remote: Remote::default(),
            is_invalid: true,
            looked: 0,
            core: None,
        }
    }
}
