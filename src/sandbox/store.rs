//! The rows, in memory. Knows what a row is and where it stands, but no rules: `write` has those.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::beside::Mark;
use super::choices::Choices;
use super::commits::Commits;
use super::files::Pictures;
use super::links::Links;
use super::schema::{EntityType, Field, ID, Schema, Source};
use super::value::{Kind, Ref, Value};
use serde_json::Value as Json;

/// One entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which row this is.
    pub at: Ref,
    /// Deleted, but still there to be revived.
    pub retired: bool,
    /// A value for each field of its type.
    pub values: Vec<Value>,
}

/// The rows of one type; ids have no gaps, so the row with id n is at n - 1.
#[derive(Clone, Debug, Default, PartialEq)]
struct Table {
    rows: Vec<Row>,
    links: Links,
    choices: Choices,
}

impl Table {
    fn value(&mut self, id: u32, field: usize) -> Option<&mut Value> {
        self.rows.get_mut(slot(id)?)?.values.get_mut(field)
    }

    /// The row `id` now has `value` in `field`.
    fn enter(&mut self, entity: &EntityType, id: u32, field: usize, value: &Value) {
        self.links.enter(id, field, value);
        if entity.fields[field].data_type.is_list() {
            self.choices.enter(id, field, value);
        }
    }

    /// The row `id` no longer has `value` in `field`.
    fn leave(&mut self, entity: &EntityType, id: u32, field: usize, value: &Value) {
        self.links.leave(id, field, value);
        if entity.fields[field].data_type.is_list() {
            self.choices.leave(id, field, value);
        }
    }
}

/// Everything the site holds.
#[derive(Clone, Debug)]
pub struct Store {
    schema: Arc<Schema>,
    tables: Vec<Table>,
    pictures: Arc<Pictures>,
    marks: BTreeMap<Mark, Json>,
    commits: Option<Arc<Commits>>,
}

impl Store {
    /// A site without rows.
    pub fn new(schema: Schema) -> Self {
        let tables = schema.types().iter().map(|_| Table::default()).collect();
        Self {
            schema: Arc::new(schema),
            tables,
            pictures: Arc::default(),
            marks: BTreeMap::new(),
            commits: None,
        }
    }

    /// Keeps uploaded pictures there instead of where they are ready at once.
    pub fn with_pictures(self, pictures: Pictures) -> Self {
        Self {
            pictures: Arc::new(pictures),
            ..self
        }
    }

    /// The pictures that were uploaded.
    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// What rows are made of. Shared, so that it can be kept while rows change.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// All rows of a type, by id, the retired ones among them.
    pub fn rows(&self, kind: Kind) -> &[Row] {
        &self.tables[kind.index()].rows
    }

    /// The row, be it retired or not.
    pub fn row(&self, at: Ref) -> Option<&Row> {
        self.rows(at.kind).get(slot(at.id)?)
    }

    /// The row, unless it is retired.
    pub fn live(&self, at: Ref) -> Option<&Row> {
        self.row(at).filter(|row| !row.retired)
    }

    /// The ids of a type's rows in a project, ascending. Found at once, however many rows there are.
    pub fn in_project(&self, kind: Kind, project: u32) -> &[u32] {
        let field = self.schema.entity(kind).project;
        let target = self.schema.kind("Project");
        let found = field.zip(target).map(|(field, target)| {
            let project = Ref {
                kind: target,
                id: project,
            };
            self.linked(kind, field, project)
        });
        found.unwrap_or_default()
    }

    /// The ids of the rows of a type whose `field` leads to `target`, ascending, the retired ones among them. Found at once,
    /// however many rows there are.
    pub fn linked(&self, kind: Kind, field: usize, target: Ref) -> &[u32] {
        self.tables[kind.index()].links.to(field, target)
    }

    /// The ids of the rows of a type whose `field`, a list, says `text` in any case, ascending, the retired ones among them. `text`
    /// is in lower case. Nothing if the field is no list.
    pub fn choosing(&self, kind: Kind, field: usize, text: &str) -> Option<&[u32]> {
        let is_list = self.schema.field(kind, field).data_type.is_list();
        is_list.then(|| self.tables[kind.index()].choices.with(field, text))
    }

    /// What the row is called.
    pub fn display_name<'a>(&self, row: &'a Row) -> &'a str {
        row.values[self.schema.entity(row.at.kind).display]
            .as_text()
            .unwrap_or_default()
    }

    /// The value of a field as `viewer` sees it, worked out if the row itself does not have it.
    pub fn value<'a>(&self, row: &'a Row, field: usize, viewer: Ref) -> Cow<'a, Value> {
        match self.schema.field(row.at.kind, field).source {
            Source::Row => Cow::Borrowed(&row.values[field]),
            Source::DisplayName => Cow::Owned(Value::text(self.display_name(row))),
            Source::LastVisit => {
                let (visitor, at) = (viewer, row.at);
                let visit = self.mark(&Mark::Visit { visitor, at });
                Cow::Owned(
                    visit
                        .and_then(Json::as_str)
                        .map_or(Value::Null, Value::from),
                )
            }
        }
    }

    /// What is known beside the rows.
    pub fn marks(&self) -> &BTreeMap<Mark, Json> {
        &self.marks
    }

    /// What is known of one thing beside the rows.
    pub fn mark(&self, mark: &Mark) -> Option<&Json> {
        self.marks.get(mark)
    }

    /// Writes what is known of one thing, or forgets it, and gives back what was known before.
    pub(super) fn set_mark(&mut self, mark: Mark, known: Option<Json>) -> Option<Json> {
        match known {
            Some(known) => self.marks.insert(mark, known),
            None => self.marks.remove(&mark),
        }
    }

    /// From now on every change is kept there, too.
    pub(super) fn attach(&mut self, commits: Commits) {
        self.commits = Some(Arc::new(commits));
    }

    /// Where changes line up to be kept, if this site keeps anything.
    pub(super) fn commits(&self) -> Option<&Arc<Commits>> {
        self.commits.as_ref()
    }

    /// Adds a field to a type; rows that are there have nothing in it.
    pub(super) fn add_field(&mut self, kind: Kind, field: Field) {
        let empty = field.data_type.empty();
        for row in &mut self.tables[kind.index()].rows {
            row.values.reserve_exact(1);
            row.values.push(empty.clone());
        }
        Arc::make_mut(&mut self.schema).add_field(kind, field);
    }

    /// Takes the newest field of a type away again, as if it had never been.
    pub(super) fn pop_field(&mut self, kind: Kind) {
        let entity = self.schema.entity(kind);
        let table = &mut self.tables[kind.index()];
        let mut rows = std::mem::take(&mut table.rows);
        for row in &mut rows {
            let field = row.values.len().saturating_sub(1);
            if let Some(value) = row.values.pop() {
                table.leave(entity, row.at.id, field, &value);
            }
        }
        table.rows = rows;
        Arc::make_mut(&mut self.schema).pop_field(kind);
    }

    /// Puts another definition in the place of a field's.
    pub(super) fn replace_field(&mut self, kind: Kind, at: usize, field: Field) {
        Arc::make_mut(&mut self.schema).replace_field(kind, at, field);
    }

    /// The project the row is in.
    pub fn project(&self, row: &Row) -> Option<Ref> {
        let field = self.schema.entity(row.at.kind).project?;
        row.values[field].links().first().copied()
    }

    /// Adds a row; its id comes from its place.
    pub(super) fn push(&mut self, kind: Kind, mut values: Vec<Value>) -> Ref {
        let id = self.next_id(kind);
        let at = Ref { kind, id };
        values[ID] = Value::Number(i64::from(id));
        let entity = self.schema.entity(kind);
        let table = &mut self.tables[kind.index()];
        for (field, value) in values.iter().enumerate() {
            table.enter(entity, id, field, value);
        }
        table.rows.push(Row {
            at,
            retired: false,
            values,
        });
        at
    }

    /// Takes the newest row of a type away again, as if it had never been.
    pub(super) fn pop(&mut self, kind: Kind) {
        let entity = self.schema.entity(kind);
        let table = &mut self.tables[kind.index()];
        let Some(row) = table.rows.pop() else {
            return;
        };
        for (field, value) in row.values.iter().enumerate() {
            table.leave(entity, row.at.id, field, value);
        }
    }

    /// Which id the next row of a type gets.
    pub(super) fn next_id(&self, kind: Kind) -> u32 {
        u32::try_from(self.rows(kind).len()).map_or(u32::MAX, |count| count.saturating_add(1))
    }

    /// Writes one value and gives back what was there.
    pub(super) fn put(&mut self, at: Ref, field: usize, value: Value) -> Value {
        let entity = self.schema.entity(at.kind);
        let table = &mut self.tables[at.kind.index()];
        let Some(old) = table.value(at.id, field).map(std::mem::take) else {
            return Value::Null;
        };
        table.leave(entity, at.id, field, &old);
        table.enter(entity, at.id, field, &value);
        if let Some(held) = table.value(at.id, field) {
            *held = value;
        }
        old
    }

    /// Retires or revives a row. `false` if it was so already.
    pub(super) fn set_retired(&mut self, at: Ref, retired: bool) -> bool {
        let row = slot(at.id).and_then(|slot| self.tables[at.kind.index()].rows.get_mut(slot));
        row.is_some_and(|row| std::mem::replace(&mut row.retired, retired) != retired)
    }
}

fn slot(id: u32) -> Option<usize> {
    usize::try_from(id.checked_sub(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_indexes_follow_a_row_that_moves() {
        let mut store = Store::new(Schema::studio());
        let schema = Arc::clone(store.schema());
        let (shot, project) = (
            schema.kind("Shot").unwrap(),
            schema.kind("Project").unwrap(),
        );
        let field = schema.entity(shot).project.unwrap();
        let first = store.push(project, schema.entity(project).blank());
        let second = store.push(project, schema.entity(project).blank());
        let at = store.push(shot, schema.entity(shot).blank());
        store.put(at, field, Value::Link(first));
        assert_eq!(store.in_project(shot, first.id), [at.id]);
        store.put(at, field, Value::Link(second));
        assert!(store.in_project(shot, first.id).is_empty());
        assert_eq!(store.in_project(shot, second.id), [at.id]);
        let assets = schema.entity(shot).field_index("assets").unwrap();
        store.put(at, assets, Value::Links(vec![first, second]));
        store.put(at, assets, Value::Links(vec![second]));
        assert!(store.linked(shot, assets, first).is_empty());
        assert_eq!(store.linked(shot, assets, second), [at.id]);
        let status = schema.entity(shot).field_index("sg_status_list").unwrap();
        store.put(at, status, Value::from("IP"));
        assert_eq!(store.choosing(shot, status, "ip"), Some(&[at.id][..]));
        store.put(at, status, Value::from("fin"));
        assert_eq!(store.choosing(shot, status, "ip"), Some(&[][..]));
        assert_eq!(store.choosing(shot, status, "fin"), Some(&[at.id][..]));
        assert_eq!(store.choosing(shot, assets, "fin"), None);
        store.pop(shot);
        assert!(store.in_project(shot, second.id).is_empty());
        assert_eq!(store.tables[shot.index()], Table::default());
    }
}
