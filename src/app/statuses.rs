//! The site's statuses: names and colors for the short codes in the rows.

use std::collections::BTreeMap;

use crate::shotgun::{Rows, Value};

/// Statuses by short code.
#[derive(Clone, Debug, Default)]
pub struct Statuses(BTreeMap<String, Status>);

/// One status.
#[derive(Clone, Debug)]
struct Status {
    name: String,
    color: Option<[u8; 3]>,
}

impl Statuses {
    /// From rows of `Status`.
    pub fn of(rows: &Rows) -> Self {
        let status = |row: crate::shotgun::RowRef<'_>| Status {
            name: row.text("name"),
            color: rgb(&row.text("bg_color")),
        };
        Self(
            rows.iter()
                .map(|row| (row.text("code"), status(row)))
                .collect(),
        )
    }

    /// What people call the status; its code where the site has no name for it.
    pub fn name(&self, code: &Value) -> String {
        let code = code.to_string();
        self.0
            .get(&code)
            .map(|status| status.name.clone())
            .filter(|name| !name.is_empty())
            .unwrap_or(code)
    }

    /// The status's color, red, green and blue.
    pub fn color(&self, code: &Value) -> Option<[u8; 3]> {
        self.0.get(code.as_str()?)?.color
    }

    /// What statuses are sorted by. Absent for what is no status.
    pub fn order(&self, code: &Value) -> Option<String> {
        Some(self.0.get(code.as_str()?)?.name.to_lowercase())
    }
}

/// `"240,162,59"`, as the site writes colors.
fn rgb(text: &str) -> Option<[u8; 3]> {
    let mut parts = text.split(',').map(|part| part.trim().parse().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}
