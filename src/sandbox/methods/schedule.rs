//! When people work: five days a week, but for exceptions of the studio, of a project or of a person.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use serde_json::{Map, Value as Json, json};

use super::{Call, Facts};
use crate::sandbox::coerce;
use crate::sandbox::error::Fault;
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::Ref;

/// Nobody plans further at once.
const MOST_DAYS: usize = 3660;

/// The exceptions there are.
#[derive(Debug, Default)]
pub struct WorkSchedule(BTreeMap<(Whose, Date), Exception>);

/// Whom an exception is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Studio,
    Project(Ref),
    User(Ref),
}

#[derive(Clone, Debug)]
struct Exception {
    working: bool,
    description: Option<String>,
}

impl WorkSchedule {
    /// Answers `work_schedule_read`: each day from the first to the last, both included. What a person is told beats what a
    /// project says, and that the studio.
    pub fn read(&self, store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
        let (start, end) = (day(call, "start_date")?, day(call, "end_date")?);
        let user = call.row(store, "user")?.map(|row| Whose::User(row.at));
        let project = project(store, call)?.map(|row| Whose::Project(row.at));
        let whose: Vec<Whose> = user
            .into_iter()
            .chain(project)
            .chain([Whose::Studio])
            .collect();
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
            .map(|day| (day.to_string(), self.on(day, &whose)));
        Ok(Json::Object(days.collect::<Map<_, _>>()))
    }

    /// Answers `work_schedule_update` with the exception as it now stands. Tasks on that day stay as they are.
    pub fn update(&mut self, facts: Facts<'_>, call: &Call<'_>) -> Result<Json, Fault> {
        let date = day(call, "date")?;
        let working = call.argument["working"].as_bool();
        let working = working.ok_or_else(|| call.invalid("invalid/missing boolean 'working'"))?;
        let recalculate = &call.argument["recalculate_field"];
        if !recalculate.is_null() && recalculate != "due_date" && recalculate != "duration" {
            return Err(call.invalid(format!("invalid string 'recalculate_field': {recalculate}")));
        }
        let user = call.row(facts.store, "user")?;
        let project = project(facts.store, call)?;
        let whose = match (user, project) {
            (Some(user), _) => Whose::User(user.at),
            (None, Some(project)) => Whose::Project(project.at),
            (None, None) => Whose::Studio,
        };
        let description = call.text("description").map(str::to_owned);
        let answer = json!({
            "date": date.to_string(),
            "working": working,
            "description": description,
            "project": project.map(|row| facts.hash(row)),
            "user": user.map(|row| facts.hash(row)),
        });
        self.0.insert(
            (whose, date),
            Exception {
                working,
                description,
            },
        );
        Ok(answer)
    }

    /// What holds on a day for those named, the closest first.
    fn on(&self, day: Date, whose: &[Whose]) -> Json {
        let exception = whose.iter().find_map(|whose| {
            let exception = self.0.get(&(*whose, day))?;
            Some((whose.reason(), exception))
        });
        if let Some((reason, exception)) = exception {
            return json!({
                "working": exception.working,
                "description": exception.description,
                "reason": reason,
            });
        }
        let working = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        json!({"working": working, "description": null, "reason": "STUDIO_WORK_WEEK"})
    }
}

impl Whose {
    fn reason(self) -> &'static str {
        match self {
            Self::Studio => "STUDIO_EXCEPTION",
            Self::Project(_) => "PROJECT_EXCEPTION",
            Self::User(_) => "USER_EXCEPTION",
        }
    }
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
