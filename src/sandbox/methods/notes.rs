//! `note_thread_contents`: a note with its replies and attachments, in the order of time.

use serde_json::{Map, Value as Json};

use super::{Call, Facts};
use crate::sandbox::error::Fault;
use crate::sandbox::schema::CREATED_AT;
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::Ref;

const NOTE: [&str; 3] = ["content", "created_at", "created_by"];
const REPLY: [&str; 3] = ["content", "created_at", "user"];
const ATTACHMENT: [&str; 2] = ["created_at", "created_by"];

/// Answers it: of each row what is always told, and what `entity_fields` asks for.
pub fn answer(facts: Facts<'_>, call: &Call<'_>) -> Result<Json, Fault> {
    let store = facts.store;
    let id = call.argument["note_id"].as_u64();
    let id = id.ok_or_else(|| call.invalid("invalid/missing integer 'note_id'"))?;
    let missing = || call.invalid(format!("there is no Note with id {id}."));
    let note = note(store, id).ok_or_else(missing)?;
    let asked = &call.argument["entity_fields"];
    let mut others: Vec<(&Row, &[&str])> = Vec::new();
    others.extend(linked(store, note, "replies").map(|row| (row, &REPLY[..])));
    others.extend(linked(store, note, "attachments").map(|row| (row, &ATTACHMENT[..])));
    others.sort_by_key(|(row, _)| row.values[CREATED_AT].as_text());
    let all = std::iter::once((note, &NOTE[..])).chain(others);
    Ok(all
        .map(|(row, usual)| describe(facts, row, usual, asked))
        .collect())
}

fn note(store: &Store, id: u64) -> Option<&Row> {
    let kind = store.schema().kind("Note")?;
    let id = u32::try_from(id).ok()?;
    store.live(Ref { kind, id })
}

/// The living rows that `row` links to in the field `name`.
fn linked<'a>(store: &'a Store, row: &'a Row, name: &str) -> impl Iterator<Item = &'a Row> + 'a {
    let field = store.schema().entity(row.at.kind).field_index(name);
    let links = field.map_or(&[][..], |field| row.values[field].links());
    links.iter().filter_map(|link| store.live(*link))
}

fn describe(facts: Facts<'_>, row: &Row, usual: &[&str], asked: &Json) -> Json {
    let mut names = usual.to_vec();
    names.extend(facts.asked(asked, row));
    let mut told = facts.fields(row, &names);
    if usual == REPLY {
        picture_author(facts, row, &mut told);
    }
    Json::Object(told)
}

/// The author of a reply comes with their picture.
fn picture_author(facts: Facts<'_>, row: &Row, told: &mut Map<String, Json>) {
    let author = linked(facts.store, row, "user").next();
    if let (Some(author), Some(Json::Object(user))) = (author, told.get_mut("user")) {
        user.insert("image".to_owned(), facts.image(author));
    }
}
