//! The site's own record: a row of `EventLogEntry` for all that is done to other rows, written with the change itself.

use serde_json::{Value as Json, json};

use super::schema::{CREATED_AT, CREATED_BY, DataType, Field, Schema, UPDATED_AT, UPDATED_BY};
use super::store::{Row, Store};
use super::transaction::Transaction;
use super::value::{Kind, Ref, Value};
use super::write::By;

/// Writes down what someone does.
#[derive(Debug)]
pub struct EventLog<'a> {
    by: By<'a>,
    /// Nothing is written down of a script that does not want it.
    columns: Option<Columns>,
}

/// Where things stand in a row of `EventLogEntry`.
#[derive(Clone, Copy, Debug)]
struct Columns {
    kind: Kind,
    project: usize,
    event_type: usize,
    attribute: usize,
    entity: usize,
    user: usize,
    session: usize,
    description: usize,
    meta: usize,
}

/// What is to be written down, besides who did it and when.
struct Event<'a> {
    /// The end of the event's type: `New`, `Change`…
    action: &'static str,
    at: Ref,
    attribute: Option<&'a str>,
    description: String,
    meta: Json,
}

impl<'a> EventLog<'a> {
    /// A record of what `by` is about to do.
    pub fn begin(store: &Store, by: By<'a>) -> Self {
        let columns = Columns::of(store.schema()).filter(|_| wants_events(store, by.sender));
        Self { by, columns }
    }

    /// A row was made, and these fields of it were set.
    pub fn created(
        &self,
        change: &mut Transaction<'_>,
        at: Ref,
        fields: impl Iterator<Item = usize>,
    ) {
        self.whole(change, at, "New", "new_entity", "created");
        for field in fields {
            self.field(change, at, field, None);
        }
    }

    /// A field was written that held `old` before.
    pub fn changed(&self, change: &mut Transaction<'_>, at: Ref, field: usize, old: &Value) {
        self.field(change, at, field, Some(old));
    }

    /// A picture was uploaded to a field that held `old` before: it is on its way, and then it is ready.
    pub fn pictured(&self, change: &mut Transaction<'_>, at: Ref, field: usize, old: &Value) {
        self.field_as(change, at, field, Some(old), true);
        self.field_as(change, at, field, Some(old), false);
    }

    /// A row was deleted, or brought back.
    pub fn retired(&self, change: &mut Transaction<'_>, at: Ref, retired: bool) {
        if retired {
            self.whole(change, at, "Retirement", "entity_retirement", "deleted");
        } else {
            self.whole(change, at, "Revival", "entity_revival", "revived");
        }
    }

    /// Something happened to a row as a whole.
    fn whole(
        &self,
        change: &mut Transaction<'_>,
        at: Ref,
        action: &'static str,
        sort: &str,
        verb: &str,
    ) {
        let store = change.store();
        let Some(columns) = self.columns.filter(|columns| columns.kind != at.kind) else {
            return;
        };
        let Some(row) = store.row(at) else { return };
        let entity = store.schema().entity(at.kind).name;
        let name = store.display_name(row);
        let event = Event {
            action,
            at,
            attribute: None,
            description: format!("{} {verb} {entity} {name}", self.actor(store)),
            meta: json!({"type": sort, "entity_type": entity, "entity_id": at.id, "display_name": name}),
        };
        self.write(change, columns, event);
    }

    /// A field was written: while the row was made if there is no old value.
    fn field(&self, change: &mut Transaction<'_>, at: Ref, field: usize, old: Option<&Value>) {
        self.field_as(change, at, field, old, false);
    }

    /// A field was written; a picture may be on its way still.
    fn field_as(
        &self,
        change: &mut Transaction<'_>,
        at: Ref,
        field: usize,
        old: Option<&Value>,
        is_transient: bool,
    ) {
        let store = change.store();
        let Some(columns) = self.columns.filter(|columns| columns.kind != at.kind) else {
            return;
        };
        let Some(row) = store.row(at) else { return };
        let entity = store.schema().entity(at.kind);
        let new = &row.values[field];
        let field = &entity.fields[field];
        let before = old.cloned().unwrap_or_else(|| field.data_type.empty());
        if before == *new {
            return;
        }
        let mut meta = json!({
            "type": "attribute_change",
            "attribute_name": field.name,
            "entity_type": entity.name,
            "entity_id": at.id,
            "field_data_type": field.data_type.name(),
        });
        if old.is_none() {
            meta["in_create"] = json!(true);
        }
        if field.data_type == DataType::Image {
            meta["is_transient"] = json!(is_transient);
        }
        tell_change(store, field, &before, new, &mut meta);
        let description = format!(
            "{} changed \"{}\" from \"{}\" to \"{}\" on {} {}",
            self.actor(store),
            field.label,
            text(store, field, &before),
            text(store, field, new),
            entity.name,
            store.display_name(row)
        );
        let name = field.name.clone();
        let event = Event {
            action: "Change",
            at,
            attribute: Some(&name),
            description,
            meta,
        };
        self.write(change, columns, event);
    }

    fn actor<'b>(&self, store: &'b Store) -> &'b str {
        store
            .row(self.by.actor)
            .map_or("", |row| store.display_name(row))
    }

    fn write(&self, change: &mut Transaction<'_>, columns: Columns, event: Event<'_>) {
        let store = change.store();
        let schema = store.schema();
        let mut values = schema.entity(columns.kind).blank();
        values[CREATED_AT] = Value::text(self.by.stamp);
        values[UPDATED_AT] = values[CREATED_AT].clone();
        values[CREATED_BY] = Value::Link(self.by.actor);
        values[UPDATED_BY] = Value::Link(self.by.actor);
        let project = store.row(event.at).and_then(|row| project(store, row));
        values[columns.project] = project.map_or(Value::Null, Value::Link);
        let entity = schema.entity(event.at.kind).name;
        values[columns.event_type] = format!("Shotgun_{entity}_{}", event.action).into();
        values[columns.attribute] = event.attribute.map_or(Value::Null, Value::from);
        values[columns.entity] = Value::Link(event.at);
        values[columns.user] = Value::Link(self.by.actor);
        values[columns.session] = self.by.session.map_or(Value::Null, Value::from);
        values[columns.description] = event.description.into();
        values[columns.meta] = Value::Json(event.meta.into());
        change.insert(columns.kind, values);
    }
}

impl Columns {
    fn of(schema: &Schema) -> Option<Self> {
        let kind = schema.kind("EventLogEntry")?;
        let at = |name| schema.entity(kind).field_index(name);
        Some(Self {
            kind,
            project: at("project")?,
            event_type: at("event_type")?,
            attribute: at("attribute_name")?,
            entity: at("entity")?,
            user: at("user")?,
            session: at("session_uuid")?,
            description: at("description")?,
            meta: at("meta")?,
        })
    }
}

/// Whether events are made of what someone has sent: always, but for scripts that are set not to. It does not matter for whom
/// they act.
fn wants_events(store: &Store, sender: Ref) -> bool {
    let field = store
        .schema()
        .entity(sender.kind)
        .field_index("generate_event_log_entries");
    let flag = field.and_then(|field| Some(&store.row(sender)?.values[field]));
    flag != Some(&Value::Flag(false))
}

/// The project that a row is in, or is.
pub fn project(store: &Store, row: &Row) -> Option<Ref> {
    if store.schema().entity(row.at.kind).name == "Project" {
        return Some(row.at);
    }
    store.project(row)
}

/// Writes into `meta` how a value changed: of many links, those that came and went.
fn tell_change(store: &Store, field: &Field, old: &Value, new: &Value, meta: &mut Json) {
    if !field.data_type.is_multi() {
        meta["old_value"] = wire(store, field, old);
        meta["new_value"] = wire(store, field, new);
        return;
    }
    let without = |links: &Value, others: &Value| -> Json {
        let rest = links.links().iter();
        let rest = rest.filter(|link| !others.links().contains(link));
        rest.map(|link| hash(store, *link)).collect()
    };
    meta["added"] = without(new, old);
    meta["removed"] = without(old, new);
}

/// A value as `meta` has it.
fn wire(store: &Store, field: &Field, value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Text(_) if field.data_type == DataType::Password => json!("*******"),
        Value::Text(path) if field.data_type == DataType::Image => {
            json!(store.pictures().attachment(path))
        }
        Value::Flag(flag) => json!(flag),
        Value::Number(number) => json!(number),
        Value::Float(number) => json!(number),
        Value::Text(text) => json!(**text),
        Value::Link(link) => hash(store, *link),
        Value::Links(links) => links.iter().map(|link| hash(store, *link)).collect(),
        Value::Json(json) => (**json).clone(),
    }
}

/// A linked row, be it retired or not: what happened does not change.
fn hash(store: &Store, link: Ref) -> Json {
    let entity = store.schema().entity(link.kind).name;
    let name = store.row(link).map(|row| store.display_name(row));
    json!({"type": entity, "id": link.id, "name": name})
}

/// A value as people read it.
fn text(store: &Store, field: &Field, value: &Value) -> String {
    let names = value.links().iter().filter_map(|link| store.row(*link));
    let names: Vec<&str> = names.map(|row| store.display_name(row)).collect();
    match value {
        Value::Null => String::new(),
        Value::Text(_) if field.data_type == DataType::Password => "*******".to_owned(),
        // Whoever knows the path needs no password.
        Value::Text(path) if field.data_type == DataType::Image => {
            let attachment = store.pictures().attachment(path);
            attachment.map(|id| id.to_string()).unwrap_or_default()
        }
        Value::Text(text) => text.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Link(_) | Value::Links(_) => names.join(", "),
        Value::Json(json) => json["name"].as_str().unwrap_or_default().to_owned(),
    }
}
