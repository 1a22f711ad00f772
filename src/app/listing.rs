//! The rows of one entity type in one project: fetched page by page, sorted and filtered on a worker.

use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Instant;

use super::cell;
use super::kind::{Column, Kind, Look};
use super::session::{Session, TablePage};
use super::statuses::Statuses;
use crate::offload::{JobError, Origin, Remote, View};
use crate::shotgun::{EntityId, Error, RowRef, Rows, Value};

/// How a table is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column's field.
    pub field: &'static str,
    /// Largest first.
    pub descending: bool,
}

/// What the table draws: rows in their order. Computed on a worker from one set of pages, so that it is always whole.
#[derive(Clone, Debug, Default)]
pub struct Arranged {
    pages: Vec<Arc<Rows>>,
    order: Vec<(u32, u32)>,
}

impl Arranged {
    /// Rows that pass the filter.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Rows that arrived, also those that the filter hides.
    pub fn arrived(&self) -> usize {
        self.pages.iter().map(|page| page.len()).sum()
    }

    /// The row at a position.
    pub fn row(&self, position: usize) -> Option<RowRef<'_>> {
        let &(page, row) = self.order.get(position)?;
        self.pages.get(page as usize)?.get(row as usize)
    }

    /// The position of an entity.
    pub fn position(&self, entity_id: EntityId) -> Option<usize> {
        (0..self.len())
            .find(|&position| self.row(position).is_some_and(|row| row.id() == entity_id))
    }
}

/// A table's worth of rows. Loading again keeps what is shown until the new rows are complete.
#[derive(Default)]
pub struct Listing {
    of: Option<(Kind, EntityId)>,
    /// What arrived for the rows on their way.
    arriving: Vec<Arc<Rows>>,
    page: Remote<TablePage, Error>,
    /// Whether something complete is shown while `arriving` grows.
    refreshing: bool,
    arranged: Remote<Arranged, Error>,
    /// What `arranged` is, or will be, made of.
    pages: Vec<Arc<Rows>>,
    refreshed: Option<Instant>,
    /// How the rows are sorted; absent: as the site sends them.
    pub sort: Option<Sort>,
    /// Only rows that hold this text are shown.
    pub filter: String,
    /// Names of statuses, to find and sort by what people read.
    pub statuses: Arc<Statuses>,
}

impl Listing {
    /// A table of `kind` in `project`, without rows so far.
    pub fn of_kind(kind: Kind, project: EntityId) -> Self {
        Self {
            of: Some((kind, project)),
            ..Self::default()
        }
    }

    /// Ends what is on its way. What is complete stays.
    pub fn put_away(&mut self) {
        self.page.cancel();
        self.arranged.cancel();
    }

    /// Asks for the rows again, from page 1.
    pub fn reload(&mut self, session: &Session, origin: Origin) {
        let Some((kind, project)) = self.of else {
            return;
        };
        // What is on show stays until newer rows are complete, also where the older ones never were.
        self.refreshing = self.arranged.value().is_some();
        session.free(std::mem::take(&mut self.arriving));
        self.page.load(session.table_page(origin, kind, project, 1));
    }

    /// Takes what arrived, and asks for what comes next.
    pub fn poll(&mut self, session: &Session) {
        // First what is arranged: the next page asks for another arrangement, and would take the place of this one.
        self.arranged.poll();
        if self.page.poll() && self.page.view().value().is_some() {
            self.page_arrived(session);
        }
    }

    fn page_arrived(&mut self, session: &Session) {
        let (Some((kind, project)), View::Ready(page)) = (self.of, self.page.view()) else {
            return;
        };
        self.arriving.push(Arc::clone(&page.rows));
        if page.has_next_page {
            let next = self.arriving.len() as u32 + 1;
            self.page
                .load(session.table_page(Origin::here("Browse"), kind, project, next));
        } else {
            self.refreshed = Some(Instant::now());
            self.refreshing = false;
        }
        if !self.refreshing {
            self.pages = self.arriving.clone();
            self.arrange(session, Origin::here("Browse"));
        }
    }

    /// Sorts and filters again, on a worker.
    pub fn arrange(&mut self, session: &Session, origin: Origin) {
        let Some((kind, _)) = self.of else { return };
        let wanted = Wanted {
            kind,
            sort: self.sort,
            filter: self.filter.to_lowercase(),
            statuses: Arc::clone(&self.statuses),
        };
        let pages = self.pages.clone();
        self.arranged
            .load(session.compute(origin, "arrange rows", move || wanted.arrange(pages)));
    }

    /// What to draw. Absent until the first page has come.
    pub fn arranged(&self) -> Option<&Arranged> {
        self.arranged.value()
    }

    /// What kind of rows, and of which project.
    pub fn of(&self) -> Option<(Kind, EntityId)> {
        self.of
    }

    /// Whether rows are on their way.
    pub fn is_loading(&self) -> bool {
        self.page.is_loading()
    }

    /// Whether complete rows are shown while newer ones are on their way.
    pub fn is_refreshing(&self) -> bool {
        self.refreshing && self.is_loading()
    }

    /// Pages that have arrived of the rows on their way.
    pub fn pages_arrived(&self) -> usize {
        self.arriving.len()
    }

    /// Whether rows that arrived are being sorted and filtered.
    pub fn is_arranging(&self) -> bool {
        self.arranged.is_loading()
    }

    /// Why the rows are not complete.
    pub fn error(&self) -> Option<&JobError<Error>> {
        failure(&self.page).or_else(|| failure(&self.arranged))
    }

    /// When the rows were last complete.
    pub fn refreshed(&self) -> Option<Instant> {
        self.refreshed
    }
}

fn failure<T: Send>(remote: &Remote<T, Error>) -> Option<&JobError<Error>> {
    match remote.view() {
        View::Failed { error, .. } => Some(error),
        View::Idle | View::Loading { .. } | View::Ready(_) => None,
    }
}

/// How rows are to be arranged; computed with on a worker.
struct Wanted {
    kind: Kind,
    sort: Option<Sort>,
    filter: String,
    statuses: Arc<Statuses>,
}

impl Wanted {
    fn arrange(&self, pages: Vec<Arc<Rows>>) -> Arranged {
        let mut order: Vec<(u32, u32)> = Vec::new();
        for (page_index, page) in pages.iter().enumerate() {
            let matches = page.iter().enumerate().filter(|(_, row)| self.holds(row));
            order.extend(matches.map(|(row, _)| (page_index as u32, row as u32)));
        }
        if let Some(sort) = self.sort {
            let key = |&(page, row): &(u32, u32)| {
                self.key(
                    pages[page as usize]
                        .get(row as usize)
                        .and_then(|row| row.get(sort.field)),
                )
            };
            // Stable: rows that are alike stay in the order of the site, in both directions.
            if sort.descending {
                order.sort_by_cached_key(|place| Reverse(key(place)));
            } else {
                order.sort_by_cached_key(key);
            }
        }
        Arranged { pages, order }
    }

    fn holds(&self, row: &RowRef<'_>) -> bool {
        self.filter.is_empty()
            || (self.kind.columns().iter())
                .filter(|column| column.look != Look::Thumbnail)
                .filter_map(|column| Some(self.text(column, row.get(column.field)?)))
                .any(|text| text.to_lowercase().contains(&self.filter))
    }

    fn text(&self, column: &Column, value: &Value) -> String {
        if column.look == Look::Status {
            self.statuses.name(value)
        } else {
            cell::text(value)
        }
    }

    /// Empty values come first, then numbers by size, then all else by what people read, without regard to case.
    fn key(&self, value: Option<&Value>) -> SortKey {
        match value {
            None | Some(Value::Null) => SortKey::Empty,
            Some(Value::Int(number)) => SortKey::Number(*number),
            // Half a unit of a float decides nothing in a table; its sign and size do.
            Some(Value::Float(number)) => SortKey::Number(number.floor() as i64),
            Some(value @ (Value::Date(_) | Value::DateTime(_))) => SortKey::Text(value.to_string()),
            Some(value) => SortKey::Text(
                self.statuses
                    .order(value)
                    .unwrap_or_else(|| cell::text(value).to_lowercase()),
            ),
        }
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortKey {
    Empty,
    Number(i64),
    Text(String),
}
