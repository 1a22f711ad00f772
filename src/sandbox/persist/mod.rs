//! What outlives the process: the data folder, and the folder of JSON that a team can check in.
//!
//! `database` is the journal of a site with a data folder, in `SQLite`. `fixtures` reads the
//! folder of JSON and `export` writes it. Both speak of values by field name (`codec`) and of fields by `definition`.

mod codec;
mod database;
mod definition;
mod draft;
mod export;
mod fixtures;

use std::io;
use std::path::Path;
use std::sync::Arc;

use parking_lot::RwLock;

use self::database::{Database, FILES};
use super::auth;
use super::clock::Clock;
use super::commits::Commits;
use super::error::Fault;
use super::files::{Pictures, Storage};
use super::options::Options;
use super::schema::{DataType, Schema};
use super::seed;
use super::store::Store;
use super::value::{Kind, Value};

/// What a site starts with.
#[derive(Debug)]
pub struct Opened {
    /// The rows, which know where their changes go.
    pub store: RwLock<Store>,
    /// The files that were uploaded.
    pub storage: Arc<Storage>,
    /// The time.
    pub clock: Clock,
}

/// Whether a site is kept in `folder` already, so that a seed would be of no use.
pub fn is_data_folder(folder: &Path) -> bool {
    folder.join(database::FILE).exists()
}

/// Writes what a sandbox with these options would start with into `folder`, as JSON that reads and compares well.
///
/// There is a file for each entity type and a line for each value. Passwords and the bytes of files are not in it.
///
/// ```no_run
/// use callboard::sandbox::{Options, Seed, export};
///
/// export(&Options { seed: Seed::Small, ..Options::default() }, "fixtures".as_ref())?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn export(options: &Options, folder: &Path) -> io::Result<()> {
    export::write(&open(options)?.store.read(), folder)
}

/// Opens the data folder that `options` name, if they do, or else makes what they say.
pub fn open(options: &Options) -> io::Result<Opened> {
    let Some(folder) = &options.data else {
        let storage = Arc::default();
        return Ok(Opened {
            store: fresh(options, &storage)?.into(),
            storage,
            clock: Clock::starting_on(options.today),
        });
    };
    let database = Database::open(folder)?;
    let storage = Arc::new(Storage::in_folder(folder.join(FILES))?);
    let (mut store, clock) = if database.is_new() {
        let (store, clock) = (fresh(options, &storage)?, Clock::starting_on(options.today));
        database.fill(&store, clock)?;
        (store, clock)
    } else {
        let mut store = bare(options, &storage);
        let clock = database.load(&mut store)?;
        restore_files(&store, &storage);
        (store, clock)
    };
    store.attach(Commits::new(Arc::new(database)));
    let store = RwLock::new(store);
    let enrolled = auth::enroll(&mut store.write(), &options.scripts, &options.users);
    enrolled.wait(&store).map_err(failed)?;
    Ok(Opened {
        store,
        storage,
        clock,
    })
}

fn bare(options: &Options, storage: &Arc<Storage>) -> Store {
    let pictures = Pictures::pending_for(options.files.pending_looks, Arc::clone(storage));
    Store::new(Schema::studio()).with_pictures(pictures)
}

/// A site that nobody has been at.
fn fresh(options: &Options, storage: &Arc<Storage>) -> io::Result<Store> {
    let mut store = bare(options, storage);
    // Nothing is kept yet, so there is nothing to wait for. Scripts come first: the seed's rows are made by the first of them.
    drop(auth::enroll(&mut store, &options.scripts, &[]));
    match &options.fixtures {
        None => seed::plant(&mut store, options.seed, options.today),
        Some(folder) => {
            seed::plant(&mut store, super::options::Seed::Empty, options.today);
            fixtures::load(&mut store, folder)?;
        }
    }
    drop(auth::enroll(&mut store, &options.scripts, &options.users));
    Ok(store)
}

/// Finds the uploaded files that rows lead to.
fn restore_files(store: &Store, storage: &Storage) {
    let schema = store.schema();
    for (entity, kind) in schema.types().iter().zip((0..).map(Kind)) {
        let rows = store.rows(kind);
        let images = entity.fields.iter().enumerate();
        for (field, _) in images.filter(|(_, field)| field.data_type == DataType::Image) {
            let paths = rows.iter().filter_map(|row| row.values[field].as_text());
            paths.for_each(|path| store.pictures().restore(path));
        }
        let (Some(file), Some(name)) = (
            entity.field_index("this_file"),
            entity.field_index("filename"),
        ) else {
            continue;
        };
        for row in rows {
            let Value::Json(link) = &row.values[file] else {
                continue;
            };
            let is_upload = link["link_type"] == "upload";
            if let (true, Some(name), Some(content_type)) = (
                is_upload,
                row.values[name].as_text(),
                link["content_type"].as_str(),
            ) {
                storage.restore(row.at.id, name.to_owned(), content_type.to_owned());
            }
        }
    }
}

fn failed(fault: Fault) -> io::Error {
    io::Error::other(fault.message)
}

fn invalid(what: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.into())
}
