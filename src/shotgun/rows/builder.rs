//! A table under construction.

use std::sync::Arc;

use crate::shotgun::entity::FieldName;
use crate::shotgun::rows::Rows;
use crate::shotgun::rows::recent::Recent;
use crate::shotgun::value::Value;

/// Columns that nobody asked for are kept up to this many; a server that goes on inventing keys must not eat our memory.
pub(in crate::shotgun) const MAX_EXTRA_COLUMNS: usize = 256;

/// Columns that nobody asked for may have so many cells, filled or not…
const SPARE_CELLS: usize = 1 << 20;

/// …and beyond that so many for each that is filled: a few bytes of JSON must not make for a heap of holes.
const HOLES: usize = 4;

/// An error names at most this much of a key: the server chose it.
const LONGEST_NAME: usize = 80;

/// Grows a table row by row.
pub(in crate::shotgun) struct Builder {
    /// What was asked for. Shared with the finished rows unless the server adds columns.
    asked: Arc<[FieldName]>,
    added: Vec<FieldName>,
    cells: Vec<Option<Value>>,
    /// Complete rows.
    len: usize,
    /// Values in added columns.
    filled: usize,
    /// What each column held lately.
    recent: Vec<Recent>,
    /// The columns of the keys of the previous row, in its order: rows nearly always repeat it.
    order: Vec<usize>,
    /// The column that is being read.
    current: Option<usize>,
}

impl Builder {
    /// For columns of these names: `type`, `id`, and what was asked for.
    pub(in crate::shotgun) fn new(asked: Arc<[FieldName]>) -> Self {
        Self {
            added: Vec::new(),
            cells: Vec::new(),
            len: 0,
            filled: 0,
            recent: asked.iter().map(|_| Recent::default()).collect(),
            order: Vec::with_capacity(asked.len()),
            current: None,
            asked,
        }
    }

    fn width(&self) -> usize {
        self.asked.len() + self.added.len()
    }

    fn name(&self, column: usize) -> Option<&FieldName> {
        self.asked
            .get(column)
            .or_else(|| self.added.get(column - self.asked.len()))
    }

    /// Makes room for a row.
    pub(in crate::shotgun) fn begin_row(&mut self) {
        self.cells.resize(self.cells.len() + self.width(), None);
    }

    /// Where the value of the `nth` key of the row belongs, which reads `key`. None if it is not to be kept.
    pub(in crate::shotgun) fn cell(
        &mut self,
        nth: usize,
        key: &str,
    ) -> Option<(&mut Option<Value>, &mut Recent)> {
        self.current = self.column(nth, key);
        let column = self.current?;
        self.filled += usize::from(column >= self.asked.len());
        let cell = self.len * self.width() + column;
        Some((&mut self.cells[cell], &mut self.recent[column]))
    }

    fn column(&mut self, nth: usize, key: &str) -> Option<usize> {
        if let Some(&guess) = self.order.get(nth)
            && self.name(guess).is_some_and(|name| *name == *key)
        {
            return Some(guess);
        }
        let found = self
            .asked
            .iter()
            .chain(&self.added)
            .position(|name| *name == *key);
        let column = found.or_else(|| self.add_column(key))?;
        if nth < self.order.len() {
            self.order[nth] = column;
        } else if nth == self.order.len() {
            self.order.push(column);
        }
        Some(column)
    }

    fn add_column(&mut self, key: &str) -> Option<usize> {
        if self.added.len() == MAX_EXTRA_COLUMNS || self.is_sparse(self.added.len() + 1) {
            return None;
        }
        let old = self.width();
        self.added.push(key.into());
        self.recent.push(Recent::default());
        let mut cells = Vec::with_capacity(self.cells.len() + self.len + 1);
        let mut left = std::mem::take(&mut self.cells).into_iter();
        while left.len() > 0 {
            cells.extend(left.by_ref().take(old));
            cells.push(None);
        }
        self.cells = cells;
        Some(old)
    }

    /// Whether so many added columns would be little but holes.
    const fn is_sparse(&self, added: usize) -> bool {
        let cells = self.len * added;
        cells > SPARE_CELLS && cells / HOLES > self.filled
    }

    /// Counts the row, if it says which entity it is.
    pub(in crate::shotgun) fn end_row(&mut self) -> Result<(), &'static str> {
        self.current = None;
        if self.is_sparse(self.added.len()) {
            return Err("the rows so far have hardly a key in common");
        }
        let start = self.len * self.width();
        match &self.cells[start] {
            Some(Value::Text(_)) => {}
            Some(_) => return Err("its `type` is not text"),
            None => return Err("it has no `type`"),
        }
        match &self.cells[start + 1] {
            Some(Value::Int(0..)) => {}
            Some(_) => return Err("its `id` is not a whole number from 0 up"),
            None => return Err("it has no `id`"),
        }
        self.len += 1;
        Ok(())
    }

    /// The field that is being read, for an error.
    pub(in crate::shotgun) fn field(&self) -> Option<&str> {
        let name = self.name(self.current?)?.as_str();
        Some(&name[..name.floor_char_boundary(LONGEST_NAME)])
    }

    /// Where the table ends so far, for an error: the number of the row that is being read, from 1, and its field.
    pub(in crate::shotgun) fn place(&self) -> String {
        let row = self.len + 1;
        self.field().map_or_else(
            || format!("row {row}"),
            |field| format!("row {row}, field `{field}`"),
        )
    }

    /// The table.
    pub(in crate::shotgun) fn finish(mut self) -> Rows {
        self.cells.shrink_to_fit();
        let fields = if self.added.is_empty() {
            self.asked
        } else {
            self.asked.iter().chain(&self.added).cloned().collect()
        };
        Rows {
            fields,
            cells: self.cells,
            len: self.len,
        }
    }
}
