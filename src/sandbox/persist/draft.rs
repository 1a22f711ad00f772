//! What is to be written into the database, copied from the rows so that they need not be held meanwhile.

use rusqlite::{Transaction, params};
use serde_json::Value as Json;

use super::{codec, definition};
use crate::sandbox::journal::Changes;
use crate::sandbox::store::Store;

/// Lines of the tables, complete.
#[derive(Debug)]
pub struct Draft {
    /// Type, id, whether it is retired, values.
    rows: Vec<(&'static str, u32, bool, String)>,
    /// Type, name, place, definition.
    fields: Vec<(&'static str, String, i64, String)>,
    /// The mark, and what is known, if anything still is.
    marks: Vec<(String, Option<String>)>,
}

impl Draft {
    /// What `changes` led to.
    pub fn of(store: &Store, changes: &Changes) -> Self {
        let schema = store.schema();
        let rows = changes.rows.iter().filter_map(|at| store.row(*at));
        let rows = rows.map(|row| {
            let fields = Json::Object(codec::fields(schema, row)).to_string();
            (
                schema.entity(row.at.kind).name,
                row.at.id,
                row.retired,
                fields,
            )
        });
        let fields = changes.fields.iter().map(|(kind, at)| {
            let field = schema.field(*kind, *at);
            let definition = definition::to_json(schema, *kind, field).to_string();
            // For their order only: a later version may have more fields before them.
            let place = i64::try_from(*at).unwrap_or(i64::MAX);
            let name = field.name.clone();
            (schema.entity(*kind).name, name, place, definition)
        });
        let marks = changes.marks.iter().map(|mark| {
            let known = store.mark(mark).map(Json::to_string);
            (mark.to_json(schema).to_string(), known)
        });
        Self {
            rows: rows.collect(),
            fields: fields.collect(),
            marks: marks.collect(),
        }
    }

    /// Writes it all.
    pub fn write(&self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut row =
            transaction.prepare_cached("INSERT OR REPLACE INTO rows VALUES (?1, ?2, ?3, ?4)")?;
        for (name, id, retired, fields) in &self.rows {
            row.execute(params![name, id, retired, fields])?;
        }
        let mut field =
            transaction.prepare_cached("INSERT OR REPLACE INTO fields VALUES (?1, ?2, ?3, ?4)")?;
        for (entity, name, place, definition) in &self.fields {
            field.execute(params![entity, name, place, definition])?;
        }
        let mut known =
            transaction.prepare_cached("INSERT OR REPLACE INTO marks VALUES (?1, ?2)")?;
        let mut forgotten = transaction.prepare_cached("DELETE FROM marks WHERE mark = ?1")?;
        for (mark, json) in &self.marks {
            match json {
                Some(json) => known.execute(params![mark, json])?,
                None => forgotten.execute([mark])?,
            };
        }
        Ok(())
    }
}
