//! The events of the last two weeks: each row that was made in them was made by someone. What is older has left the log.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::planter::Planter;
use crate::sandbox::schema::{CREATED_AT, CREATED_BY};
use crate::sandbox::value::{Kind, Ref};

/// How far back the log goes.
const DAYS: i64 = 14;

/// Writes the log. It comes last: ids of events ascend with time.
pub(super) fn plant(planter: &mut Planter<'_>, today: Date) {
    let first = today.saturating_sub(DAYS.days()).to_string();
    let mut made = recent(planter, &first);
    made.sort();
    for (stamp, at, by) in made {
        planter.record(at, by, &stamp);
    }
}

/// What was made on the day `first` or later: when, what, by whom.
fn recent(planter: &Planter<'_>, first: &str) -> Vec<(String, Ref, Ref)> {
    let store = planter.store();
    let kinds = (0..).map(Kind).take(store.schema().types().len());
    let rows = kinds.flat_map(|kind| store.rows(kind));
    rows.filter_map(|row| {
        let stamp = row.values[CREATED_AT].as_text()?;
        let by = row.values[CREATED_BY].links().first()?;
        (stamp >= first).then(|| (stamp.to_owned(), row.at, *by))
    })
    .collect()
}
