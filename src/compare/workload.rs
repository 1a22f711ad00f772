//! Which calls are compared, and how many of them.

use std::time::Duration;

use crate::shotgun::Find;

/// The comparison never asks anybody to sit through a longer freeze.
pub const LONGEST_FREEZE: Duration = Duration::from_secs(20);

/// A number of `find` calls, one page each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// Calls to make, at least one.
    pub calls: usize,
    /// Rows per call, at least one.
    pub rows: usize,
    /// What is looked for.
    pub entity_type: String,
    /// Fields per row.
    pub fields: Vec<String>,
}

impl Default for Workload {
    fn default() -> Self {
        Self::shots(20, 50)
    }
}

impl Workload {
    /// `calls` pages of `rows` shots each.
    pub fn shots(calls: usize, rows: usize) -> Self {
        let fields = [
            "code",
            "sg_status_list",
            "description",
            "sg_cut_in",
            "sg_cut_out",
        ];
        Self {
            calls: calls.max(1),
            rows: rows.max(1),
            entity_type: "Shot".to_owned(),
            fields: fields.map(str::to_owned).to_vec(),
        }
    }

    /// The same, with as few calls as it takes to stay below [`LONGEST_FREEZE`] where each call takes `expected`.
    #[must_use]
    pub fn capped(&self, expected: Duration) -> Self {
        let affordable = (LONGEST_FREEZE.as_secs_f64() / expected.as_secs_f64().max(1e-6)) as usize;
        Self {
            calls: self.calls.min(affordable).max(1),
            ..self.clone()
        }
    }

    /// One page for each call.
    pub(super) fn finds(&self) -> Vec<Find> {
        let fields: Vec<&str> = self.fields.iter().map(String::as_str).collect();
        (1..=self.calls)
            .map(|page| {
                Find::new(&self.entity_type)
                    .fields(&fields)
                    .page(page as u32)
                    .page_size(self.rows as u32)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_calls_are_fewer_calls() {
        let workload = Workload::shots(20, 50);
        assert_eq!(workload.capped(Duration::from_millis(300)).calls, 20);
        assert_eq!(workload.capped(Duration::from_secs(4)).calls, 5);
        assert_eq!(
            workload.capped(Duration::from_mins(1)).calls,
            1,
            "one call is the least that can be felt"
        );
        assert_eq!(workload.capped(Duration::ZERO).calls, 20);
    }
}
