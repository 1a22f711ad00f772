//! The one path that writes take: checks, conversion, stamps. `create`, `update`, `delete`, `revive` and `batch` all end here.

use std::sync::Arc;

use serde_json::Value as Json;

use super::coerce;
use super::commits::Receipt;
use super::error::Fault;
use super::events::EventLog;
use super::render::Columns;
use super::schema::{
    Access, CREATED_AT, CREATED_BY, EntityType, Field, Schema, UPDATED_AT, UPDATED_BY,
};
use super::store::Store;
use super::transaction::Transaction;
use super::unique;
use super::value::{Kind, Ref, Value};

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
    /// The moment, as the wire has it.
    pub stamp: &'a str,
    /// What the addresses of pictures start with.
    pub base_url: &'a str,
    /// The mark of the web page, or whatever else it is done from.
    pub session: Option<&'a str>,
}

/// What to do with the links that are already there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Set,
    Add,
    Remove,
}

/// One field to write.
struct Change<'a> {
    name: &'a str,
    field: usize,
    value: Value,
    mode: Mode,
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
            other => Err(Fault::invalid(format!(
                "API batch() invalid 'request_type': {other}"
            ))),
        }
    }

    fn create(&mut self, kind: Kind, argument: &Json) -> Result<String, Fault> {
        let schema = Arc::clone(self.transaction.store().schema());
        let entity = schema.entity(kind);
        let changes = self.changes(kind, argument, "create")?;
        let mut values = self.blank(entity);
        for change in &changes {
            self.check_unique("create", kind, (change.field, &change.value), None)?;
            values[change.field] = change.value.clone();
        }
        let in_project = entity.project.map(|field| &values[field]);
        if entity.needs_project && in_project == Some(&Value::Null) {
            return Err(no_project("create", argument));
        }
        if values[entity.display] == Value::Null {
            let id = self.transaction.store().next_id(kind);
            values[entity.display] = Value::text(format!("New {} {id}", entity.label));
        }
        let at = self.insert(kind, values, changes.iter().map(|change| change.field));
        let asked = argument.get("return_fields").and_then(Json::as_array);
        let asked = asked.into_iter().flatten().filter_map(Json::as_str);
        let set = changes.iter().map(|change| change.name);
        let names: Vec<&str> = set.chain(asked).collect();
        Ok(self.describe(at, &names))
    }

    /// The values of a row that its maker has not written to yet.
    fn blank(&self, entity: &EntityType) -> Vec<Value> {
        let mut values = entity.blank();
        values[CREATED_AT] = Value::text(self.by.stamp);
        values[UPDATED_AT] = values[CREATED_AT].clone();
        values[CREATED_BY] = Value::Link(self.by.actor);
        values[UPDATED_BY] = Value::Link(self.by.actor);
        let authors = values.iter_mut().zip(&entity.fields);
        for (value, _) in authors.filter(|(_, field)| field.author) {
            *value = Value::Link(self.by.actor);
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
        let changes = self.changes(kind, argument, "update")?;
        for change in &changes {
            self.check_needed(kind, change, argument)?;
            self.check_unique("update", kind, (change.field, &change.value), Some(at))?;
            let merged = self.merged(at, change);
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

    /// The fields of `argument`, checked and converted; nothing is written yet.
    fn changes<'b>(
        &self,
        kind: Kind,
        argument: &'b Json,
        method: &str,
    ) -> Result<Vec<Change<'b>>, Fault> {
        let invalid = |message: String| Fault::invalid(format!("API {method}() {message}"));
        let fields = argument.get("fields").and_then(Json::as_array);
        let fields = fields
            .ok_or_else(|| invalid(format!("invalid/missing array 'fields':\n{argument}")))?;
        let change = |item: &'b Json| {
            let name = item.get("field_name").and_then(Json::as_str);
            let name = name
                .ok_or_else(|| invalid(format!("invalid/missing string 'field_name':\n{item}")))?;
            self.change(kind, name, item, method).map_err(invalid)
        };
        fields.iter().map(change).collect()
    }

    fn change<'b>(
        &self,
        kind: Kind,
        name: &'b str,
        item: &Json,
        method: &str,
    ) -> Result<Change<'b>, String> {
        let store = self.transaction.store();
        let entity = store.schema().entity(kind);
        let named = |message: &str| format!("{}.{name} {message}", entity.name);
        let field = entity
            .field_index(name)
            .ok_or_else(|| named("doesn't exist."))?;
        let definition = &entity.fields[field];
        match definition.access {
            Access::ReadOnly => return Err(named("is read only.")),
            Access::OnCreate if method != "create" => {
                return Err(named("is editable on create only."));
            }
            Access::OnCreate | Access::Writable => {}
        }
        let value = coerce::value(store, definition, item.get("value").unwrap_or(&Json::Null));
        let value = value.map_err(|message| named(&message))?;
        let mode = mode(definition, item)
            .ok_or_else(|| named("has an invalid 'multi_entity_update_mode'."))?;
        Ok(Change {
            name,
            field,
            value,
            mode,
        })
    }

    /// What a field holds once `change` is made.
    fn merged(&self, at: Ref, change: &Change<'_>) -> Value {
        let Some(row) = self.transaction.store().row(at) else {
            return change.value.clone();
        };
        let (old, new) = (row.values[change.field].links(), change.value.links());
        match change.mode {
            Mode::Set => change.value.clone(),
            Mode::Add => old
                .iter()
                .chain(new.iter().filter(|link| !old.contains(link)))
                .copied()
                .collect::<Vec<_>>()
                .into(),
            Mode::Remove => old
                .iter()
                .filter(|link| !new.contains(link))
                .copied()
                .collect::<Vec<_>>()
                .into(),
        }
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
    fn check_needed(&self, kind: Kind, change: &Change<'_>, argument: &Json) -> Result<(), Fault> {
        let entity = self.transaction.store().schema().entity(kind);
        if change.value != Value::Null {
            return Ok(());
        }
        if entity.needs_project && entity.project == Some(change.field) {
            return Err(no_project("update", argument));
        }
        if entity.fields[change.field].mandatory {
            return Err(Fault::invalid(format!(
                "API update() {}.{} is required and cannot be null.",
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

fn mode(field: &Field, item: &Json) -> Option<Mode> {
    match item.get("multi_entity_update_mode") {
        None | Some(Json::Null) => Some(Mode::Set),
        Some(_) if !field.data_type.is_multi() => None,
        Some(mode) => match mode.as_str()? {
            "set" => Some(Mode::Set),
            "add" => Some(Mode::Add),
            "remove" => Some(Mode::Remove),
            _other => None,
        },
    }
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
