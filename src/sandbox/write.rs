//! The one path that writes take: checks, conversion, stamps. `create`, `update`, `delete`, `revive` and `batch` all end here.

mod change;

use std::sync::Arc;

use serde_json::Value as Json;

use super::commits::Receipt;
use super::error::Fault;
use super::events::{self, EventLog};
use super::file_link::{self, Owner};
use super::render::Columns;
use super::schema::{CREATED_AT, CREATED_BY, DataType, EntityType, Schema, UPDATED_AT, UPDATED_BY};
use super::store::Store;
use super::transaction::Transaction;
use super::unique;
use super::value::{Kind, Ref, Value};

use self::change::Change;

/// Writes within one transaction. What is not [committed](Self::commit) never happened.
#[derive(Debug)]
pub struct Writer<'a> {
    transaction: Transaction<'a>,
    events: EventLog<'a>,
    by: By<'a>,
}

/// Who writes, when, and where from.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// The person or script.
    pub actor: Ref,
    /// Who has logged in: the same, unless it is a script that acts for a person.
    pub sender: Ref,
    /// The moment, as the wire has it.
    pub stamp: &'a str,
    /// What the addresses of pictures start with.
    pub base_url: &'a str,
    /// The mark of the web page, or whatever else it is done from.
    pub session: Option<&'a str>,
}

impl<'a> Writer<'a> {
    /// Starts to write.
    pub fn begin(store: &'a mut Store, by: By<'a>) -> Self {
        Self {
            events: EventLog::begin(store, by),
            transaction: Transaction::begin(store),
            by,
        }
    }

    /// Lets what was written stand. It is kept once the receipt says so.
    pub fn commit(self) -> Receipt {
        self.transaction.commit()
    }

    /// Who writes.
    pub fn by(&self) -> By<'a> {
        self.by
    }

    /// The rows as they are now.
    pub fn store(&self) -> &Store {
        self.transaction.store()
    }

    /// Adds a row in which `fields` were set, and notes that.
    pub fn insert(
        &mut self,
        kind: Kind,
        values: Vec<Value>,
        fields: impl Iterator<Item = usize>,
    ) -> Ref {
        let at = self.transaction.insert(kind, values);
        self.events.created(&mut self.transaction, at, fields);
        at
    }

    /// Sets a value and notes that.
    pub fn put(&mut self, at: Ref, field: usize, value: Value) {
        let old = self.value(at, field);
        self.transaction.set(at, field, value);
        self.events.changed(&mut self.transaction, at, field, &old);
    }

    /// Shows an uploaded picture, and notes twice that: once that it is on its way, once that it is ready.
    pub fn put_picture(&mut self, at: Ref, field: usize, path: String) {
        let old = self.value(at, field);
        self.transaction.set(at, field, Value::from(path));
        self.events.pictured(&mut self.transaction, at, field, &old);
    }

    /// Notes in a row that it was changed, and by whom.
    pub fn touch(&mut self, at: Ref) {
        self.transaction
            .set(at, UPDATED_AT, Value::text(self.by.stamp));
        self.transaction
            .set(at, UPDATED_BY, Value::Link(self.by.actor));
    }

    /// Does what `method` says with `argument` and gives back its result as JSON.
    pub fn apply(&mut self, method: &str, argument: &Json) -> Result<String, Fault> {
        let schema = self.transaction.store().schema();
        let kind = kind(schema, method, argument)?;
        if schema.entity(kind).name == "EventLogEntry" && method != "create" {
            return Err(Fault::refused(format!(
                "API {method}() EventLogEntry: what has happened cannot be changed."
            )));
        }
        match method {
            "create" => self.create(kind, argument),
            "update" => self.update(kind, argument),
            "delete" => self.retire(kind, argument, method, true),
            "revive" => self.retire(kind, argument, method, false),
            other => Err(Fault::invalid(format!("API Unknown method '{other}'"))),
        }
    }

    fn create(&mut self, kind: Kind, argument: &Json) -> Result<String, Fault> {
        let schema = Arc::clone(self.transaction.store().schema());
        let entity = schema.entity(kind);
        let mut changes = change::read(self.store(), kind, argument, "create")?;
        let is_project = |change: &&Change<'_>| Some(change.field) == entity.project;
        let project = changes.iter().find(is_project);
        let project = project.and_then(|change| change.value.links().first().copied());
        if entity.needs_project && project.is_none() {
            return Err(no_project("create", argument));
        }
        self.adopt_files(kind, None, project, &mut changes)?;
        let mut values = self.blank(entity);
        for change in &changes {
            self.check_needed("create", kind, change, argument)?;
            self.check_unique("create", kind, (change.field, &change.value), None)?;
            values[change.field] = change.value.clone();
        }
        if values[entity.display] == Value::Null {
            let id = self.store().next_id(kind);
            values[entity.display] = name_of_new(entity, id, &values);
        }
        let at = self.insert(kind, values, changes.iter().map(|change| change.field));
        let asked = argument.get("return_fields").and_then(Json::as_array);
        let asked = asked.into_iter().flatten().filter_map(Json::as_str);
        let set = changes.iter().map(|change| change.name);
        let names: Vec<&str> = set.chain(asked).collect();
        Ok(self.describe(at, &names))
    }

    /// Gives the files that are to be linked their attachments. `at` is the row with the links, if there is one already.
    fn adopt_files(
        &mut self,
        kind: Kind,
        at: Option<Ref>,
        project: Option<Ref>,
        changes: &mut [Change<'_>],
    ) -> Result<(), Fault> {
        // The own file of an attachment comes last: by then it is known which row that is going to be.
        changes.sort_by_key(|change| change.name == "this_file");
        for change in changes {
            let Value::Json(link) = &change.value else {
                continue;
            };
            if self.store().schema().field(kind, change.field).data_type != DataType::Url {
                continue;
            }
            let id = self.store().next_id(kind);
            let owner = Owner {
                at: at.unwrap_or(Ref { kind, id }),
                field: change.name,
                project,
                method: if at.is_some() { "update" } else { "create" },
            };
            change.value = file_link::adopt(self, owner, &Arc::clone(link))?;
        }
        Ok(())
    }

    /// The values of a row that its maker has not written to yet.
    pub fn blank(&self, entity: &EntityType) -> Vec<Value> {
        let mut values = entity.blank();
        values[CREATED_AT] = Value::text(self.by.stamp);
        values[UPDATED_AT] = values[CREATED_AT].clone();
        values[CREATED_BY] = Value::Link(self.by.actor);
        values[UPDATED_BY] = Value::Link(self.by.actor);
        let authors = values.iter_mut().zip(&entity.fields);
        for (value, field) in authors {
            if field.author {
                *value = Value::Link(self.by.actor);
            } else if field.data_type == DataType::Uuid {
                *value = uuid().into();
            }
        }
        values
    }

    fn update(&mut self, kind: Kind, argument: &Json) -> Result<String, Fault> {
        let at = Ref {
            kind,
            id: id("update", argument)?,
        };
        let schema = Arc::clone(self.transaction.store().schema());
        if self.transaction.store().live(at).is_none() {
            return Err(missing("update", "51", schema.entity(kind).name, at.id));
        }
        let mut changes = change::read(self.store(), kind, argument, "update")?;
        let row = self.store().row(at);
        let project = row.and_then(|row| events::project(self.store(), row));
        self.adopt_files(kind, Some(at), project, &mut changes)?;
        for change in &changes {
            self.check_needed("update", kind, change, argument)?;
            self.check_unique("update", kind, (change.field, &change.value), Some(at))?;
            let merged = change.merged(&self.value(at, change.field));
            self.put(at, change.field, merged);
            // The filmstrip goes with the picture it was made of.
            if change.name == "image"
                && change.value == Value::Null
                && let Some(filmstrip) = schema.entity(kind).field_index("filmstrip_image")
            {
                self.put(at, filmstrip, Value::Null);
            }
        }
        self.touch(at);
        let names: Vec<&str> = changes.iter().map(|change| change.name).collect();
        Ok(self.describe(at, &names))
    }

    fn value(&self, at: Ref, field: usize) -> Value {
        let row = self.transaction.store().row(at);
        row.map_or(Value::Null, |row| row.values[field].clone())
    }

    fn retire(
        &mut self,
        kind: Kind,
        argument: &Json,
        method: &str,
        retired: bool,
    ) -> Result<String, Fault> {
        let at = Ref {
            kind,
            id: id(method, argument)?,
        };
        let store = self.transaction.store();
        if store.row(at).is_none() {
            let entity = store.schema().entity(kind).name;
            return Err(missing(method, "4.1", entity, at.id));
        }
        if !retired {
            self.check_revival(at)?;
        }
        let changed = self.transaction.set_retired(at, retired);
        if changed {
            self.events.retired(&mut self.transaction, at, retired);
        }
        Ok(changed.to_string())
    }

    fn check_unique(
        &self,
        method: &str,
        kind: Kind,
        change: (usize, &Value),
        own: Option<Ref>,
    ) -> Result<(), Fault> {
        unique::check(self.transaction.store(), method, kind, change, own)
    }

    /// Whether a row may be without what `change` takes from it.
    fn check_needed(
        &self,
        method: &str,
        kind: Kind,
        change: &Change<'_>,
        argument: &Json,
    ) -> Result<(), Fault> {
        let entity = self.transaction.store().schema().entity(kind);
        if change.value != Value::Null {
            return Ok(());
        }
        if entity.needs_project && entity.project == Some(change.field) {
            return Err(no_project(method, argument));
        }
        if entity.fields[change.field].mandatory {
            return Err(Fault::invalid(format!(
                "API {method}() {}.{} is required and cannot be null.",
                entity.name, change.name
            )));
        }
        Ok(())
    }

    /// Whether what a retired row holds is still free. Nothing is wrong with one that lives.
    fn check_revival(&self, at: Ref) -> Result<(), Fault> {
        let store = self.transaction.store();
        let Some(row) = store.row(at).filter(|row| row.retired) else {
            return Ok(());
        };
        let mut values = row.values.iter().enumerate();
        values.try_for_each(|value| self.check_unique("revive", at.kind, value, Some(at)))
    }

    fn describe(&self, at: Ref, names: &[&str]) -> String {
        let store = self.transaction.store();
        let mut out = String::new();
        if let Some(row) = store.row(at) {
            Columns::new(store, at.kind, names, self.by.actor).write(
                &mut out,
                store,
                self.by.base_url,
                row,
            );
        }
        out
    }
}

/// The type that `argument` is about.
pub fn kind(schema: &Schema, method: &str, argument: &Json) -> Result<Kind, Fault> {
    let name = argument.get("type").and_then(Json::as_str);
    name.and_then(|name| schema.kind(name)).ok_or_else(|| {
        Fault::invalid(format!(
            "API {method}() invalid/missing string entity 'type': {}",
            argument["type"]
        ))
    })
}

fn id(method: &str, argument: &Json) -> Result<u32, Fault> {
    let id = argument
        .get("id")
        .and_then(Json::as_u64)
        .and_then(|id| u32::try_from(id).ok());
    id.ok_or_else(|| {
        Fault::invalid(format!(
            "API {method}() invalid/missing integer 'id':\n{argument}"
        ))
    })
}

/// What a row is called if its maker has not said so: a file by its link, all else by its number.
fn name_of_new(entity: &EntityType, id: u32, values: &[Value]) -> Value {
    let file = entity.field_index("this_file").map(|field| &values[field]);
    let name = file.and_then(file_link::name);
    Value::text(name.unwrap_or_else(|| format!("New {} {id}", entity.label)))
}

/// 36 random characters, as version 4 of RFC 9562 has them.
fn uuid() -> String {
    let random = (fastrand::u128(..) & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{random:032x}");
    let ends = [8, 12, 16, 20, 32];
    let starts = [0].into_iter().chain(ends);
    let parts: Vec<&str> = starts
        .zip(ends)
        .map(|(start, end)| &hex[start..end])
        .collect();
    parts.join("-")
}

fn no_project(method: &str, argument: &Json) -> Fault {
    Fault::invalid(format!(
        "API {method}() missing 'project' attribute:\n{argument}"
    ))
}

fn missing(method: &str, number: &str, entity: &str, id: u32) -> Fault {
    Fault::refused(format!(
        "API {method}() CRUD ERROR #{number}: Entity of type [{entity}] with id={id} does not exist."
    ))
}
