//! When people work: five days a week, but for exceptions of the studio, of a project or of a person.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use serde_json::{Map, Value as Json, json};

use super::{Call, Facts};
use crate::sandbox::beside::Mark;
use crate::sandbox::coerce;
use crate::sandbox::error::Fault;
use crate::sandbox::store::{Row, Store};
use crate::sandbox::transaction::Transaction;
use crate::sandbox::value::Ref;

/// Nobody plans further at once.
const MOST_DAYS: usize = 3660;

/// Whom an exception is for, and what an answer calls that.
type Whose = (Option<Ref>, &'static str);

/// Answers `work_schedule_read`: each day from the first to the last, both included. What a person is told beats what a
/// project says, and that the studio.
pub fn read(store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
    let (start, end) = (day(call, "start_date")?, day(call, "end_date")?);
    let user = call.row(store, "user")?;
    let user = user.map(|row| (Some(row.at), "USER_EXCEPTION"));
    let project = project(store, call)?.map(|row| (Some(row.at), "PROJECT_EXCEPTION"));
    let studio = (None, "STUDIO_EXCEPTION");
    let whose: Vec<Whose> = user.into_iter().chain(project).chain([studio]).collect();
    if start > end {
        return Err(call.invalid("'start_date' is after 'end_date'."));
    }
    let days: Vec<Date> = start
        .series(1.day())
        .take_while(|day| *day <= end)
        .take(MOST_DAYS + 1)
        .collect();
    if days.len() > MOST_DAYS {
        return Err(call.invalid(format!("more than {MOST_DAYS} days were asked for.")));
    }
    let days = days
        .into_iter()
        .map(|day| (day.to_string(), on(store, day, &whose)));
    Ok(Json::Object(days.collect::<Map<_, _>>()))
}

/// Answers `work_schedule_update` with the exception as it now stands. Tasks on that day stay as they are.
pub fn update(change: &mut Transaction<'_>, call: &Call<'_>) -> Result<Json, Fault> {
    let store = change.store();
    let facts = Facts {
        store,
        base_url: "",
        viewer: call.caller,
    };
    let date = day(call, "date")?;
    let working = call.argument["working"].as_bool();
    let working = working.ok_or_else(|| call.invalid("invalid/missing boolean 'working'"))?;
    let recalculate = &call.argument["recalculate_field"];
    if !recalculate.is_null() && recalculate != "due_date" && recalculate != "duration" {
        return Err(call.invalid(format!("invalid string 'recalculate_field': {recalculate}")));
    }
    let user = call.row(store, "user")?;
    let project = project(store, call)?;
    let whose = user.or(project).map(|row| row.at);
    let description = call.text("description");
    let answer = json!({
        "date": date.to_string(),
        "working": working,
        "description": description,
        "project": project.map(|row| facts.hash(row)),
        "user": user.map(|row| facts.hash(row)),
    });
    let day = date.to_string();
    let exception = json!({"working": working, "description": description});
    change.mark(Mark::WorkDay { whose, day }, Some(exception));
    Ok(answer)
}

/// What holds on a day for those named, the closest first.
fn on(store: &Store, date: Date, whose: &[Whose]) -> Json {
    let exception = whose.iter().find_map(|(whose, reason)| {
        let (whose, day) = (*whose, date.to_string());
        let exception = store.mark(&Mark::WorkDay { whose, day })?;
        Some((*reason, exception))
    });
    if let Some((reason, exception)) = exception {
        return json!({
            "working": exception["working"],
            "description": exception["description"],
            "reason": reason,
        });
    }
    let working = !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    json!({"working": working, "description": null, "reason": "STUDIO_WORK_WEEK"})
}

fn day(call: &Call<'_>, key: &str) -> Result<Date, Fault> {
    coerce::date(&call.argument[key]).ok_or_else(|| {
        call.invalid(format!(
            "invalid/missing date '{key}': {}",
            call.argument[key]
        ))
    })
}

fn project<'a>(store: &'a Store, call: &Call<'_>) -> Result<Option<&'a Row>, Fault> {
    call.project(store)?;
    call.row(store, "project")
}
