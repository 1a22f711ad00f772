//! `activity_stream`: what happened to an entity and on it, told from the events.

use serde_json::{Value as Json, json};

use super::{Call, Facts};
use crate::sandbox::error::Fault;
use crate::sandbox::schema::CREATED_AT;
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref, Value};
use crate::sandbox::write::kind;

/// How many updates are told if the caller does not say.
const USUAL: u64 = 25;
/// How many there can be at most.
const MOST: u64 = 500;
/// The fields by which a row is *on* another.
const ON: [&str; 7] = [
    "entity",
    "note_links",
    "tasks",
    "sg_task",
    "task",
    "attachment_links",
    "project",
];

/// Which updates are wanted: numbers above and below, and how many.
struct Range {
    above: u64,
    below: u64,
    limit: usize,
}

/// Answers it, newest first.
pub fn answer(facts: Facts<'_>, call: &Call<'_>) -> Result<Json, Fault> {
    let store = facts.store;
    let subject = subject(store, call)?;
    let range = Range::parse(call)?;
    let stream = Stream {
        facts,
        subject,
        fields: &call.argument["entity_fields"],
    };
    let Some(log) = store.schema().kind("EventLogEntry") else {
        return Err(call.invalid("events are not kept here."));
    };
    let events = candidates(store, log, subject, range.below);
    let wanted = events.take_while(|event| u64::from(event.at.id) > range.above);
    let updates: Vec<Json> = wanted
        .filter_map(|event| stream.update(event))
        .take(range.limit)
        .collect();
    let id = |update: Option<&Json>| update.map(|update| update["id"].clone());
    Ok(json!({
        "entity_type": store.schema().entity(subject.kind).name,
        "entity_id": subject.id,
        "earliest_update_id": id(updates.last()),
        "latest_update_id": id(updates.first()),
        "updates": updates,
    }))
}

fn subject(store: &Store, call: &Call<'_>) -> Result<Ref, Fault> {
    let kind = kind(store.schema(), call.method, call.argument)?;
    let id = call.argument["id"]
        .as_u64()
        .and_then(|id| u32::try_from(id).ok());
    let id = id.ok_or_else(|| {
        call.invalid(format!(
            "invalid/missing integer 'id': {}",
            call.argument["id"]
        ))
    })?;
    let at = Ref { kind, id };
    let entity = store.schema().entity(kind).name;
    let missing = || call.invalid(format!("there is no {entity} with id {id}."));
    store.row(at).map(|row| row.at).ok_or_else(missing)
}

impl Range {
    fn parse(call: &Call<'_>) -> Result<Self, Fault> {
        let limit = call.number("limit")?.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(call.invalid(format!(
                "invalid integer 'limit': {limit} is not in 1..{MOST}"
            )));
        }
        Ok(Self {
            above: call.number("min_id")?.unwrap_or(0),
            below: call.number("max_id")?.unwrap_or(u64::MAX),
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
        })
    }
}

/// What happened, as it concerns one entity.
struct Stream<'a> {
    facts: Facts<'a>,
    subject: Ref,
    fields: &'a Json,
}

impl Stream<'_> {
    /// What an event is to the stream: nothing if it is about something else.
    fn update(&self, event: &Row) -> Option<Json> {
        let store = self.facts.store;
        let meta = value(store, event, "meta")?;
        let Value::Json(meta) = meta else { return None };
        let at = *value(store, event, "entity")?.links().first()?;
        let row = store.row(at)?;
        let new = meta["type"] == "new_entity";
        let concerns = at == self.subject || new && is_on(store, row, self.subject);
        // That a row was made with fields is one update, and they are no others.
        if !concerns || meta["in_create"] == true {
            return None;
        }
        let update_type = match meta["type"].as_str()? {
            "new_entity" if store.schema().entity(at.kind).name == "Reply" => "create_reply",
            "new_entity" => "create",
            "entity_retirement" => "delete",
            _change_or_revival => "update",
        };
        let author = value(store, event, "user")?.links().first();
        let author = author.and_then(|author| store.row(*author));
        Some(json!({
            "id": event.at.id,
            "update_type": update_type,
            "created_at": event.values[CREATED_AT].as_text(),
            "read": false,
            "meta": **meta,
            "created_by": author.map(|row| self.facts.person(row)),
            "primary_entity": self.primary(row),
        }))
    }

    fn primary(&self, row: &Row) -> Json {
        let names = self.facts.asked(self.fields, row);
        let mut told = Json::Object(self.facts.fields(row, &names));
        told["name"] = json!(self.facts.store.display_name(row));
        told["status"] = self.facts.status(row);
        told
    }
}

fn value<'a>(store: &Store, row: &'a Row, name: &str) -> Option<&'a Value> {
    let field = store.schema().entity(row.at.kind).field_index(name)?;
    row.values.get(field)
}

/// Whether a row was made on `subject`; a reply counts as on what its note is on.
fn is_on(store: &Store, row: &Row, subject: Ref) -> bool {
    let is = |row: &Row, name| store.schema().entity(row.at.kind).name == name;
    let is_reply = is(row, "Reply");
    subjects(store, row).any(|link| {
        link == subject
            || is_reply
                && store.row(link).is_some_and(|note| {
                    is(note, "Note") && subjects(store, note).any(|link| link == subject)
                })
    })
}

/// What a row is on without a detour.
fn subjects<'a>(store: &'a Store, row: &'a Row) -> impl Iterator<Item = Ref> + 'a {
    let values = ON.iter().filter_map(move |name| value(store, row, name));
    values.flat_map(Value::links).copied()
}

/// The events below `below` that may concern `subject`, newest first: those of it, and those of what is on it.
///
/// Where much is on it, as on a project, what happened lately is most likely about that. So as many of the latest events are
/// looked at as there are rows on it, which takes no longer than finding the events of all these rows, and only then those.
fn candidates(store: &Store, log: Kind, subject: Ref, below: u64) -> impl Iterator<Item = &Row> {
    let events = store.rows(log);
    let end = usize::try_from(below.saturating_sub(1)).unwrap_or(usize::MAX);
    let end = end.min(events.len());
    let mut rows = rows_on(store, log, subject);
    let notes = rows.clone().into_iter();
    let notes = notes.filter(|row| store.schema().entity(row.kind).name == "Note");
    rows.extend(notes.flat_map(|note| rows_on(store, log, note)));
    rows.push(subject);
    let border = end.saturating_sub(rows.len());
    let older = std::iter::once_with(move || {
        let field = store.schema().entity(log).field_index("entity");
        let ids = rows.iter().zip(field.iter().cycle());
        let ids = ids.flat_map(|(row, field)| store.linked(log, *field, *row).iter().copied());
        let mut ids: Vec<u32> = ids.filter(|id| *id as usize <= border).collect();
        ids.sort_unstable_by(|left, right| right.cmp(left));
        ids.dedup();
        ids
    });
    let older = older
        .flatten()
        .filter_map(move |id| store.row(Ref { kind: log, id }));
    events[border..end].iter().rev().chain(older)
}

/// The rows that are on `subject` without a detour. No event is about another event.
fn rows_on(store: &Store, log: Kind, subject: Ref) -> Vec<Ref> {
    let kinds = store.schema().types().iter().zip((0..).map(Kind));
    let kinds = kinds.filter(|(_, kind)| *kind != log);
    let links = kinds.flat_map(|(entity, kind)| {
        let fields = ON.iter().filter_map(|name| entity.field_index(name));
        fields.map(move |field| (kind, store.linked(kind, field, subject)))
    });
    let rows = links.flat_map(|(kind, ids)| ids.iter().map(move |id| Ref { kind, id: *id }));
    rows.collect()
}
