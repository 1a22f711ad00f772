//! Changes on their way to the disk: many writers share one sync, and no reader waits for it.
//!
//! A writer changes the rows in memory, lines up what it changed, and gives the rows back. Then it waits for its receipt: whoever
//! finds nobody writing writes for all who are in line by then, while the next ones line up. So the disk gets the changes in the
//! order in which the rows got them, and who is answered knows that all that came before is there as well.
//!
//! Readers see changes as soon as they are in memory, which is one sync ahead of the disk: a kill may take away what was
//! seen, but never what was answered to its writer.
//!
//! If the disk refuses, no one knows what of later changes rests on those that are lost. So everything that is not on the
//! disk is taken back, newest first, also what lined up meanwhile, and all its writers get a fault. After that memory is
//! what the disk has, and the next write may try again. (Only a disk that fails at the very sync may have the changes all the
//! same at the next start; then nobody can say.)

use std::sync::{Arc, OnceLock};

use parking_lot::{Condvar, Mutex, RwLock};

use super::error::Fault;
use super::journal::{Changes, Journal};
use super::store::Store;
use super::undo::Undo;

type Outcome = OnceLock<Result<(), String>>;

/// The line of those who changed something.
#[derive(Debug)]
pub struct Commits {
    journal: Arc<dyn Journal>,
    /// In the order of the changes: only who holds the rows for writing lines up.
    line: Mutex<Vec<Waiting>>,
    is_writing: Mutex<bool>,
    written: Condvar,
}

#[derive(Debug)]
struct Waiting {
    undo: Undo,
    outcome: Arc<Outcome>,
}

/// What a writer has in hand until its changes are kept. It must not answer before.
#[derive(Debug, Default)]
#[must_use = "changes are kept once someone has waited for them"]
pub struct Receipt(Option<(Arc<Commits>, Arc<Outcome>)>);

/// One write to the disk. However it ends, everyone in it learns of it, and the next one may begin.
struct Turn<'a> {
    commits: &'a Commits,
    store: &'a RwLock<Store>,
    batch: Vec<Waiting>,
    failure: String,
}

impl Commits {
    /// Nobody is in line.
    pub fn new(journal: Arc<dyn Journal>) -> Self {
        Self {
            journal,
            line: Mutex::default(),
            is_writing: Mutex::default(),
            written: Condvar::new(),
        }
    }

    /// Lines up changes that are in memory. The caller still holds the rows for writing.
    pub fn line_up(self: &Arc<Self>, undo: Undo) -> Receipt {
        let outcome = Arc::new(Outcome::new());
        self.line.lock().push(Waiting {
            undo,
            outcome: Arc::clone(&outcome),
        });
        Receipt(Some((Arc::clone(self), outcome)))
    }

    fn wait(&self, store: &RwLock<Store>, outcome: &Outcome) -> Result<(), String> {
        let mut is_writing = self.is_writing.lock();
        loop {
            if let Some(outcome) = outcome.get() {
                return outcome.clone();
            }
            if *is_writing {
                self.written.wait(&mut is_writing);
            } else {
                *is_writing = true;
                parking_lot::MutexGuard::unlocked(&mut is_writing, || self.write(store));
            }
        }
    }

    /// Writes for all who are in line.
    fn write(&self, store: &RwLock<Store>) {
        let mut turn = Turn {
            commits: self,
            store,
            batch: Vec::new(),
            failure: "the site failed".to_owned(),
        };
        let keep = {
            // Nobody lines up while the rows are lent, so they are what the last one in line made of them.
            let store = store.read();
            turn.batch = std::mem::take(&mut *self.line.lock());
            let mut changes = Changes::default();
            for waiting in &turn.batch {
                waiting.undo.tell(&mut changes);
            }
            self.journal.draft(&store, &changes)
        };
        match keep() {
            Ok(()) => turn
                .batch
                .drain(..)
                .for_each(|waiting| waiting.tell(Ok(()))),
            Err(why) => turn.failure = why,
        }
    }
}

impl Waiting {
    fn tell(&self, outcome: Result<(), String>) {
        // Nobody else tells, so nothing is there.
        self.outcome.set(outcome).ok();
    }
}

impl Receipt {
    /// Waits until the changes are kept; the caller must not hold the rows. If they could not be kept, they never were.
    pub fn wait(self, store: &RwLock<Store>) -> Result<(), Fault> {
        let Self(Some((commits, outcome))) = self else {
            return Ok(());
        };
        let kept = commits.wait(store, &outcome);
        kept.map_err(|why| Fault::refused(format!("The change could not be kept: {why}")))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.batch.is_empty() {
            let mut store = self.store.write();
            let mut lost = std::mem::take(&mut self.batch);
            lost.append(&mut self.commits.line.lock());
            for mut waiting in lost.into_iter().rev() {
                std::mem::take(&mut waiting.undo).take_back(&mut store);
                waiting.tell(Err(self.failure.clone()));
            }
        }
        *self.commits.is_writing.lock() = false;
        self.commits.written.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::thread;
    use std::time::Duration;

    use serde_json::Value as Json;

    use super::*;
    use crate::sandbox::beside::Mark;
    use crate::sandbox::journal::Keep;
    use crate::sandbox::schema::{DataType, Field, Schema};
    use crate::sandbox::transaction::Transaction;
    use crate::sandbox::value::{Ref, Value};

    /// A net only: no test waits that long.
    const LONG: Duration = Duration::from_secs(30);

    /// A disk that says how many rows it is to keep, and then does as it is told.
    #[derive(Debug)]
    struct Disk {
        asked: Sender<usize>,
        told: Mutex<Receiver<Result<(), String>>>,
    }

    impl Journal for Disk {
        fn draft(&self, _store: &Store, changes: &Changes) -> Keep<'_> {
            let rows = changes.rows.len();
            Box::new(move || {
                self.asked.send(rows).unwrap();
                self.told.lock().recv_timeout(LONG).unwrap()
            })
        }
    }

    fn site() -> (RwLock<Store>, Receiver<usize>, Sender<Result<(), String>>) {
        let (asked, hear) = channel();
        let (tell, told) = channel();
        let told = Mutex::new(told);
        let mut store = Store::new(Schema::studio());
        store.attach(Commits::new(Arc::new(Disk { asked, told })));
        (store.into(), hear, tell)
    }

    fn insert(store: &RwLock<Store>, entity: &str) -> (Ref, Receipt) {
        let mut store = store.write();
        let mut change = Transaction::begin(&mut store);
        let kind = change.store().schema().kind(entity).unwrap();
        let blank = change.store().schema().entity(kind).blank();
        (change.insert(kind, blank), change.commit())
    }

    #[test]
    fn those_who_come_while_the_disk_is_busy_share_its_next_turn_and_readers_do_not_wait() {
        let (store, hear, tell) = site();
        let (first, receipt) = insert(&store, "Shot");
        thread::scope(|scope| {
            let store = &store;
            let waiting = thread::Builder::new().spawn_scoped(scope, || receipt.wait(store));
            assert_eq!(hear.recv_timeout(LONG), Ok(1));
            assert!(store.try_read().unwrap().live(first).is_some());
            let later = ["Shot", "Shot", "Asset"].map(|entity| insert(store, entity).1);
            tell.send(Ok(())).unwrap();
            waiting.unwrap().join().unwrap().unwrap();
            tell.send(Ok(())).unwrap();
            for receipt in later {
                receipt.wait(store).unwrap();
            }
            assert_eq!(hear.recv_timeout(LONG), Ok(3));
        });
        assert!(hear.try_recv().is_err(), "there were two turns");
    }

    #[test]
    fn what_the_disk_refuses_is_taken_back_with_all_that_came_after() {
        let (store, hear, tell) = site();
        let (kept, receipt) = insert(&store, "Asset");
        tell.send(Ok(())).unwrap();
        receipt.wait(&store).unwrap();
        assert_eq!(hear.recv_timeout(LONG), Ok(1));
        let before = everything(&store);
        let receipt = change_all_sorts(&store, kept);
        thread::scope(|scope| {
            let store = &store;
            let waiting = thread::Builder::new().spawn_scoped(scope, || receipt.wait(store));
            assert_eq!(hear.recv_timeout(LONG), Ok(2));
            let (later, receipt) = insert(store, "Shot");
            assert_eq!(later.id, 2);
            tell.send(Err("the disk is full".to_owned())).unwrap();
            let faults = [waiting.unwrap().join().unwrap(), receipt.wait(store)];
            for fault in faults.map(Result::unwrap_err) {
                assert!(fault.message.ends_with("the disk is full"), "{fault:?}");
            }
        });
        assert_eq!(everything(&store), before);
        let (again, receipt) = insert(&store, "Shot");
        tell.send(Ok(())).unwrap();
        receipt.wait(&store).unwrap();
        assert_eq!((again.id, hear.recv_timeout(LONG)), (1, Ok(1)));
    }

    #[test]
    fn a_journal_that_panics_leaves_nobody_waiting() {
        let (store, hear, tell) = site();
        let (_, receipt) = insert(&store, "Shot");
        let (_, later) = insert(&store, "Shot");
        drop(hear);
        let lead = std::panic::AssertUnwindSafe(|| receipt.wait(&store));
        assert!(std::panic::catch_unwind(lead).is_err());
        drop(tell);
        assert!(later.wait(&store).is_err());
        assert_eq!(everything(&store), everything(&site().0));
    }

    /// A row that links to `asset`, two definitions, and something beside the rows.
    fn change_all_sorts(store: &RwLock<Store>, asset: Ref) -> Receipt {
        let mut store = store.write();
        let schema = Arc::clone(store.schema());
        let mut change = Transaction::begin(&mut store);
        let kind = schema.kind("Shot").unwrap();
        let shot = change.insert(kind, schema.entity(kind).blank());
        let assets = schema.entity(kind).field_index("assets").unwrap();
        change.set(shot, assets, Value::Links(vec![asset]));
        change.add_field(kind, Field::custom("sg_new", "New", DataType::Text));
        let other = Field::custom("sg_other", "Other", DataType::Text);
        change.replace_field(asset.kind, 0, other);
        change.mark(Mark::License { user: asset }, Some(Json::Null));
        change.commit()
    }

    /// All that a change can change.
    fn everything(store: &RwLock<Store>) -> String {
        let store = store.read();
        let kinds = ["Shot", "Asset"].map(|name| store.schema().kind(name).unwrap());
        let rows = kinds.map(|kind| store.rows(kind).to_vec());
        let names = kinds.map(|kind| {
            let fields = store.schema().entity(kind).fields.iter();
            fields.map(|field| field.name.clone()).collect::<Vec<_>>()
        });
        format!("{rows:?} {names:?} {:?}", store.marks())
    }
}
