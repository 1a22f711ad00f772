//! What all parts of the seed build with: rows by field name, days around today, repeatable chance.

use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::sandbox::events::EventLog;
use crate::sandbox::schema::{CREATED_AT, CREATED_BY, Schema, UPDATED_AT, UPDATED_BY};
use crate::sandbox::store::Store;
use crate::sandbox::thumbnails;
use crate::sandbox::transaction::Transaction;
use crate::sandbox::value::{Kind, Ref, Value};
use crate::sandbox::write::By;

/// How far the calendar reaches, in days before and after today.
const PAST: i32 = 700;
const FUTURE: i32 = 400;
/// Chance starts here. Any other number makes another studio.
const CHANCE: u64 = 0x0050_6f6c_6172;

/// Makes rows.
pub(super) struct Planter<'a> {
    change: Transaction<'a>,
    schema: Arc<Schema>,
    days: Vec<Arc<str>>,
    /// Chance that repeats itself.
    pub chance: fastrand::Rng,
    /// People, in the order of their ids.
    pub people: Vec<Person>,
    /// Pipeline steps by short name.
    pub steps: Vec<(&'static str, Ref)>,
}

/// Someone in the studio.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    pub row: Ref,
    pub department: usize,
}

/// Who made a row, and when it was made and last changed, in days from today.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made {
    pub by: Option<Ref>,
    pub created: i32,
    pub updated: i32,
}

impl Made {
    /// Made by the site's script.
    pub(super) fn by_script(created: i32) -> Self {
        Self {
            by: None,
            created,
            updated: created,
        }
    }
}

impl<'a> Planter<'a> {
    pub(super) fn new(store: &'a mut Store, today: Date) -> Self {
        let schema = Arc::clone(store.schema());
        let first = today.saturating_sub(PAST.days());
        let days = first
            .series(1.day())
            .map(|day| Arc::from(day.to_string()))
            .take((PAST + FUTURE) as usize)
            .collect();
        Self {
            change: Transaction::for_seeding(store),
            schema,
            days,
            chance: fastrand::Rng::with_seed(CHANCE),
            people: Vec::new(),
            steps: Vec::new(),
        }
    }

    pub(super) fn finish(self) {
        // Nothing is kept of a site that nobody has seen, so nothing can fail.
        drop(self.change.commit());
    }

    /// The date so many days from today.
    pub(super) fn day(&self, offset: i32) -> Value {
        Value::Text(Arc::clone(self.day_text(offset)))
    }

    /// Some time during the working day so many days from today.
    pub(super) fn moment(&mut self, offset: i32) -> Value {
        let minutes = self.chance.u32(8 * 60..19 * 60);
        let second = self.chance.u32(0..60);
        let day = self.day_text(offset);
        let mut text = String::with_capacity(20);
        text.push_str(day);
        for (separator, number) in [('T', minutes / 60), (':', minutes % 60), (':', second)] {
            text.push(separator);
            text.extend(
                [number / 10, number % 10]
                    .into_iter()
                    .filter_map(|digit| char::from_digit(digit, 10)),
            );
        }
        text.push('Z');
        Value::text(text)
    }

    /// Adds a row. A field that the type does not have is passed over; a test sees to it that there is none.
    pub(super) fn add<const N: usize>(
        &mut self,
        entity: &str,
        made: Made,
        fields: [(&str, Value); N],
    ) -> Option<Ref> {
        let kind = self.schema.kind(entity)?;
        let mut values = self.schema.entity(kind).blank();
        for (name, value) in fields {
            let field = self.schema.entity(kind).field_index(name);
            debug_assert!(field.is_some(), "{entity} has no field {name}");
            if let Some(field) = field {
                values[field] = value;
            }
        }
        self.stamp(&mut values, made);
        self.illustrate(kind, &mut values);
        Some(self.change.insert(kind, values))
    }

    /// Notes in the log of events that `by` made a row at the moment `stamp`.
    pub(super) fn record(&mut self, at: Ref, by: Ref, stamp: &str) {
        let by = By {
            actor: by,
            sender: by,
            stamp,
            base_url: "",
            session: None,
        };
        let log = EventLog::begin(self.change.store(), by);
        log.created(&mut self.change, at, std::iter::empty());
    }

    /// The rows so far.
    pub(super) fn store(&self) -> &Store {
        self.change.store()
    }

    /// The type called `name`.
    pub(super) fn kind(&self, name: &str) -> Option<Kind> {
        self.schema.kind(name)
    }

    /// One of `items`, by chance.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        self.chance.choice(items).copied()
    }

    /// Someone of a department.
    pub(super) fn someone(&mut self, department: usize) -> Option<Ref> {
        let start = self.chance.usize(0..self.people.len().max(1));
        let people = self
            .people
            .iter()
            .cycle()
            .skip(start)
            .take(self.people.len());
        people
            .clone()
            .find(|person| person.department == department)
            .or_else(|| people.clone().next())
            .map(|person| person.row)
    }

    fn day_text(&self, offset: i32) -> &Arc<str> {
        let place = (offset + PAST).clamp(0, PAST + FUTURE - 1);
        &self.days[place as usize]
    }

    fn stamp(&mut self, values: &mut [Value], made: Made) {
        // Nothing was made in the future, nor so late today that it might be.
        let (created, updated) = (made.created.min(-1), made.updated.min(-1));
        values[CREATED_AT] = self.moment(created);
        values[UPDATED_AT] = if updated > created {
            self.moment(updated)
        } else {
            values[CREATED_AT].clone()
        };
        let script = self.schema.kind("ApiUser").map(|kind| Ref { kind, id: 1 });
        let author = made.by.or(script).map_or(Value::Null, Value::Link);
        values[UPDATED_BY] = author.clone();
        values[CREATED_BY] = author;
    }

    fn illustrate(&self, kind: Kind, values: &mut [Value]) {
        let entity = self.schema.entity(kind);
        let pictured = matches!(
            entity.name,
            "Project" | "Shot" | "Asset" | "Version" | "HumanUser" | "Sequence"
        );
        if let Some(image) = entity.field_index("image").filter(|_| pictured) {
            values[image] = Value::text(thumbnails::path(
                entity.name,
                self.change.store().next_id(kind),
            ));
        }
    }
}
