//! When people work.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::schema::wire_project;
use crate::shotgun::call::rpc::Rpc;
use crate::shotgun::client::Client;
use crate::shotgun::entity::{EntityId, EntityRef};
use crate::shotgun::error::Error;
use crate::shotgun::value::date;

/// Whether a day is for working.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WorkDay {
    /// Whether it is.
    pub working: bool,
    /// Why not, such as `Christmas`.
    pub description: Option<Arc<str>>,
    /// Which rule says so: `STUDIO`, `PROJECT` or `USER`, then `_WORK_WEEK` or `_EXCEPTION`.
    pub reason: Option<Arc<str>>,
}

/// An exception from the working week: of the studio, or of a project or a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkRule {
    /// The day.
    pub date: Date,
    /// Whether it is for working.
    pub working: bool,
    /// Why.
    pub description: Option<Arc<str>>,
    /// For this project only.
    pub project: Option<EntityRef>,
    /// For this person only.
    pub user: Option<EntityRef>,
}

impl WorkRule {
    /// A rule for the whole studio.
    pub const fn new(date: Date, working: bool) -> Self {
        Self {
            date,
            working,
            description: None,
            project: None,
            user: None,
        }
    }
}

/// What of a task gives way if its days change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recalculate {
    /// It ends on another day.
    DueDate,
    /// It takes more or less time.
    Duration,
}

impl Recalculate {
    /// Its word on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DueDate => "due_date",
            Self::Duration => "duration",
        }
    }
}

/// A day as on the wire.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Day(Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let day = date(&text)
            .ok_or_else(|| serde::de::Error::custom(format_args!("`{text}` is not a day")))?;
        Ok(Self(day))
    }
}

#[derive(Deserialize)]
struct Rule {
    date: Day,
    working: bool,
    description: Option<Arc<str>>,
    project: Option<EntityRef>,
    user: Option<EntityRef>,
}

impl Client {
    /// For each day from `start` to `end`, both included, whether it is for working: in the studio, or for a project or a
    /// person. On the wire `work_schedule_read`.
    ///
    /// ```no_run
    /// # use callboard::shotgun::Client;
    /// # use jiff::civil::date;
    /// # let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
    /// let days = client.work_schedule_read(date(2026, 12, 21), date(2026, 12, 25), None, None)?;
    /// println!("{} of {} days", days.values().filter(|day| day.working).count(), days.len());
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn work_schedule_read(
        &self,
        start: Date,
        end: Date,
        project: Option<EntityId>,
        user: Option<&EntityRef>,
    ) -> Result<BTreeMap<Date, WorkDay>, Error> {
        let argument = json!({
            "start_date": start.to_string(),
            "end_date": end.to_string(),
            "project": project.map(wire_project),
            "user": user,
        });
        let rpc = Rpc::read("work_schedule_read", Some(argument));
        let days: BTreeMap<Day, WorkDay> = self.ask("work_schedule_read", None, &rpc)?;
        Ok(days
            .into_iter()
            .map(|(Day(day), work)| (day, work))
            .collect())
    }

    /// Makes an exception from the working week, or takes one back; answers with it as the site stored it. `recalculate` says
    /// what of the tasks on that day gives way. On the wire `work_schedule_update`.
    pub fn work_schedule_update(
        &self,
        rule: &WorkRule,
        recalculate: Option<Recalculate>,
    ) -> Result<WorkRule, Error> {
        let argument = json!({
            "date": rule.date.to_string(),
            "working": rule.working,
            "description": rule.description,
            "project": rule.project,
            "user": rule.user,
            "recalculate_field": recalculate.map(Recalculate::name),
        });
        let rpc = Rpc::write("work_schedule_update", argument);
        let Rule {
            date: Day(date),
            working,
            description,
            project,
            user,
        } = self.ask("work_schedule_update", None, &rpc)?;
        Ok(WorkRule {
            date,
            working,
            description,
            project,
            user,
        })
    }
}
