//! A site in `SQLite`: the journal of its changes, and where it comes from at the next start.
//!
//! The transactions of the site that end at about the same time are one of `SQLite`, written ahead and synced before anyone is
//! answered: a kill, and even a power cut, loses nothing that was. A file that is locked as long as the process lives keeps others out.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;
use serde_json::Value as Json;

use super::draft::Draft;
use super::{codec, definition, invalid};
use crate::sandbox::beside::Mark;
use crate::sandbox::clock::Clock;
use crate::sandbox::journal::{Changes, Journal, Keep};
use crate::sandbox::schema::{Schema, Source};
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref, Value};

/// The file that has it all, but for uploaded bytes.
pub const FILE: &str = "site.sqlite3";
/// Where uploaded bytes are.
pub const FILES: &str = "files";
const LOCK: &str = "lock";
/// What this version writes.
const FORMAT: i64 = 1;
/// How many SQL statements are kept ready: all there are.
const STATEMENTS: usize = 16;

/// How long another program may hold the file.
const BUSY_TIME: Duration = Duration::from_secs(5);

const TABLES: &str = "
CREATE TABLE rows (type TEXT NOT NULL, id INTEGER NOT NULL, retired INTEGER NOT NULL, fields TEXT NOT NULL,
    PRIMARY KEY (type, id)) WITHOUT ROWID;
CREATE TABLE fields (type TEXT NOT NULL, name TEXT NOT NULL, place INTEGER NOT NULL, definition TEXT NOT NULL,
    PRIMARY KEY (type, name)) WITHOUT ROWID;
CREATE TABLE marks (mark TEXT PRIMARY KEY, known TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE site (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
";

/// A data folder that is open, and locked.
#[derive(Debug)]
pub struct Database {
    connection: Mutex<Connection>,
    folder: PathBuf,
    is_new: bool,
    // Unlocked when it is closed, be it by a kill.
    _lock: File,
}

impl Database {
    /// Opens the site in `folder`; both are made if they are not there. The errors: the folder is in use, it is a newer
    /// version's, or there is something else in it.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let lock = lock(folder)?;
        let connection = connect(&folder.join(FILE)).map_err(|error| unreadable(folder, &error))?;
        let format = format(&connection).map_err(|Broken(why)| unreadable(folder, &why))?;
        if format > FORMAT {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                format!(
                    "the data folder '{}' is of a newer version of Callboard: its format is {format}, this version knows {FORMAT}",
                    folder.display()
                ),
            ));
        }
        // Only one format so far: here is where older ones are brought up to date.
        Ok(Self {
            connection: Mutex::new(connection),
            folder: folder.to_owned(),
            is_new: format == 0,
            _lock: lock,
        })
    }

    /// Whether no site is in it yet.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Writes a whole site into a new folder, in one transaction: until its end the folder stays new.
    pub fn fill(&self, store: &Store, clock: Clock) -> io::Result<()> {
        let mut changes = Changes::default();
        let kinds = (0..).map(Kind).take(store.schema().types().len());
        changes.rows = kinds
            .flat_map(|kind| store.rows(kind).iter().map(|row| row.at))
            .collect();
        changes.fields = definition::changed(store.schema()).into_iter().collect();
        changes.marks = store.marks().keys().cloned().collect();
        let fill = |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            transaction.execute_batch(TABLES)?;
            Draft::of(store, &changes).write(&transaction)?;
            transaction.execute(
                "INSERT INTO site VALUES ('days_ahead', ?1)",
                [clock.days_ahead()],
            )?;
            transaction.pragma_update(None, "user_version", FORMAT)?;
            transaction.commit()?;
            // All of it was written ahead: once more than there needs to be.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        };
        let filled = fill(&mut self.connection.lock());
        filled.map_err(|error| unreadable(&self.folder, &error))
    }

    /// Reads the site into an empty store, and gives back its clock.
    pub fn load(&self, store: &mut Store) -> io::Result<Clock> {
        let connection = self.connection.lock();
        load_fields(&connection, store)
            .and_then(|()| load_rows(&connection, store))
            .and_then(|()| load_marks(&connection, store))
            .and_then(|()| {
                let days = "SELECT value FROM site WHERE key = 'days_ahead'";
                Ok(connection.query_row(days, [], |row| row.get(0))?)
            })
            .map(Clock::ahead_by)
            .map_err(|Broken(why)| unreadable(&self.folder, &why))
    }
}

impl Journal for Database {
    fn draft(&self, store: &Store, changes: &Changes) -> Keep<'_> {
        let draft = Draft::of(store, changes);
        let attachment = store.schema().kind("Attachment");
        let has_files = changes.rows.iter().any(|at| Some(at.kind) == attachment);
        Box::new(move || {
            if has_files {
                let synced = sync_folder(&self.folder.join(FILES));
                synced.map_err(|error| error.to_string())?;
            }
            let keep = |connection: &mut Connection| {
                let transaction = connection.transaction()?;
                draft.write(&transaction)?;
                transaction.commit()
            };
            keep(&mut self.connection.lock()).map_err(|error: rusqlite::Error| error.to_string())
        })
    }
}

/// A new name in a folder lasts once the folder itself is written. Windows has no such thing.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn lock(folder: &Path) -> io::Result<File> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(io::Error::new(
            io::ErrorKind::ResourceBusy,
            format!(
                "the data folder '{}' is in use by another sandbox",
                folder.display()
            ),
        )),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    // Whoever looks on with another program may have to be waited for.
    connection.busy_timeout(BUSY_TIME)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    // Each commit is on the disk when it returns.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// The format of what is in the file; 0 if there is nothing.
fn format(connection: &Connection) -> Result<i64, Broken> {
    let number = |query: &str| connection.query_row(query, [], |row| row.get::<_, i64>(0));
    let format = number("PRAGMA user_version")?;
    if format == 0 && number("SELECT count(*) FROM sqlite_schema")? > 0 {
        return Err(Broken(format!("{FILE} is another program's")));
    }
    Ok(format)
}

fn unreadable(folder: &Path, why: &dyn std::fmt::Display) -> io::Error {
    invalid(format!(
        "there is no site to be read in the data folder '{}': {why}",
        folder.display()
    ))
}

/// Why a site cannot be read.
struct Broken(String);

impl From<rusqlite::Error> for Broken {
    fn from(error: rusqlite::Error) -> Self {
        Self(error.to_string())
    }
}

fn parse(text: &str) -> Result<Json, Broken> {
    serde_json::from_str(text).map_err(|error| Broken(error.to_string()))
}

fn load_fields(connection: &Connection, store: &mut Store) -> Result<(), Broken> {
    let mut query = connection.prepare("SELECT definition FROM fields ORDER BY type, place")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let json = parse(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
        let (kind, at, field) = definition::from_json(store.schema(), &json).map_err(Broken)?;
        match at {
            Some(at) => store.replace_field(kind, at, field),
            None => store.add_field(kind, field),
        }
    }
    Ok(())
}

fn load_rows(connection: &Connection, store: &mut Store) -> Result<(), Broken> {
    let schema = Arc::clone(store.schema());
    let mut query =
        connection.prepare("SELECT type, id, retired, fields FROM rows ORDER BY type, id")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let name = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        let kind = schema.kind(name);
        let kind = kind.ok_or_else(|| Broken(format!("there is no type '{name}'")))?;
        let at = Ref {
            kind,
            id: row.get(1)?,
        };
        let json = parse(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?)?;
        let row = Row {
            at,
            retired: row.get(2)?,
            values: values(&schema, kind, &json)
                .map_err(|why| Broken(format!("{name} {}: {why}", at.id)))?,
        };
        if store.next_id(kind) != at.id {
            return Err(Broken(format!("a {name} before {} is missing", at.id)));
        }
        store.push(kind, row.values);
        store.set_retired(at, row.retired);
    }
    Ok(())
}

fn values(schema: &Schema, kind: Kind, json: &Json) -> Result<Vec<Value>, String> {
    let fields = schema.entity(kind).fields.iter();
    fields
        .map(|field| match json.get(&field.name) {
            Some(json) if field.source == Source::Row => codec::from_json(schema, field, json)
                .map_err(|expected| format!("{} is not {expected}", field.name)),
            _nothing => Ok(field.data_type.empty()),
        })
        .collect()
}

fn load_marks(connection: &Connection, store: &mut Store) -> Result<(), Broken> {
    let mut query = connection.prepare("SELECT mark, known FROM marks")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let key: String = row.get(0)?;
        let mark = Mark::from_json(store.schema(), &parse(&key)?);
        let mark = mark.ok_or_else(|| Broken(format!("nobody knows what this is: {key}")))?;
        let known: String = row.get(1)?;
        store.set_mark(mark, Some(parse(&known)?));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::thread;

    use parking_lot::RwLock;

    use super::*;
    use crate::sandbox::commits::{Commits, Receipt};
    use crate::sandbox::transaction;

    const WRITERS: usize = 4;
    const TURNS: usize = 40;

    /// Adds a shot with a name that takes half a page.
    fn insert(store: &RwLock<Store>) -> Receipt {
        let mut store = store.write();
        let mut change = transaction::Transaction::begin(&mut store);
        let kind = change.store().schema().kind("Shot").unwrap();
        let entity = change.store().schema().entity(kind);
        let (mut values, name) = (entity.blank(), entity.display);
        values[name] = Value::from("x".repeat(2000));
        change.insert(kind, values);
        change.commit()
    }

    #[test]
    fn a_disk_that_fills_up_under_many_writers_has_what_memory_has_and_what_was_answered() {
        let folder = tempfile::tempdir().unwrap();
        let database = Arc::new(Database::open(folder.path()).unwrap());
        let mut store = Store::new(Schema::studio());
        database.fill(&store, Clock::ahead_by(0)).unwrap();
        let journal: Arc<dyn Journal> = Arc::<Database>::clone(&database);
        store.attach(Commits::new(journal));
        let store = RwLock::new(store);
        let limit = |pages: i64| {
            let connection = database.connection.lock();
            let now: i64 = connection
                .query_row("PRAGMA page_count", [], |row| row.get(0))
                .unwrap();
            let set = format!("PRAGMA max_page_count = {}", now + pages);
            connection.query_row(&set, [], |_| Ok(())).unwrap();
        };
        limit(30);
        let write = || {
            let turns = 0..TURNS;
            turns
                .filter(|_| insert(&store).wait(&store).is_ok())
                .count()
        };
        let answered: usize = thread::scope(|scope| {
            let writers =
                [(); WRITERS].map(|()| thread::Builder::new().spawn_scoped(scope, write).unwrap());
            writers.map(|writer| writer.join().unwrap()).iter().sum()
        });
        assert!((1..WRITERS * TURNS).contains(&answered), "{answered}");
        let fault = insert(&store).wait(&store).unwrap_err();
        assert!(fault.message.contains("full"), "{fault:?}");
        limit(1000);
        insert(&store).wait(&store).unwrap();
        let store = store.into_inner();
        let kind = store.schema().kind("Shot").unwrap();
        let in_memory = store.rows(kind).to_vec();
        assert_eq!(in_memory.len(), answered + 1);
        drop((store, database));
        let mut again = Store::new(Schema::studio());
        let database = Database::open(folder.path()).unwrap();
        database.load(&mut again).unwrap();
        assert!(again.rows(kind) == in_memory);
    }
}
