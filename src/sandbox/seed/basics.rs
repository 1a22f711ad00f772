//! What every site has before its first project: statuses, departments, pipeline steps; and the studio's people.

use super::planter::{Made, Person, Planter};
use super::words::{DEPARTMENTS, PEOPLE, STEPS};
use crate::sandbox::schema::STATUSES;
use crate::sandbox::value::{Ref, Value};

/// The day the site was set up.
const SETUP: Made = Made {
    by: None,
    created: -690,
    updated: -690,
};

/// The rows that are there even on an empty site.
pub(super) fn plant(planter: &mut Planter<'_>) {
    for ((code, name, color), order) in STATUSES.iter().zip(1_i64..) {
        planter.add(
            "Status",
            SETUP,
            [
                ("code", (*code).into()),
                ("name", (*name).into()),
                ("bg_color", (*color).into()),
                ("list_order", order.into()),
            ],
        );
    }
    let departments = plant_departments(planter);
    for ((short, name, entity, color, department), order) in STEPS.iter().zip(1_i64..) {
        let step = planter.add(
            "Step",
            SETUP,
            [
                ("code", (*name).into()),
                ("short_name", (*short).into()),
                ("entity_type", (*entity).into()),
                ("color", (*color).into()),
                ("list_order", (order * 10).into()),
                (
                    "department",
                    departments
                        .get(*department)
                        .map_or(Value::Null, |row| Value::Link(*row)),
                ),
            ],
        );
        planter.steps.extend(step.map(|step| (*short, step)));
    }
    for name in ["Artist", "Manager", "Admin"] {
        planter.add(
            "PermissionRuleSet",
            SETUP,
            [
                ("display_name", name.into()),
                ("code", name.to_lowercase().into()),
                ("entity_type", "HumanUser".into()),
            ],
        );
    }
    for name in ["Image Sequence", "Movie", "Scene"] {
        planter.add("PublishedFileType", SETUP, [("code", name.into())]);
    }
}

fn plant_departments(planter: &mut Planter<'_>) -> Vec<Ref> {
    let mut rows = Vec::new();
    for ((name, code, color), order) in DEPARTMENTS.iter().zip(1_i64..) {
        rows.extend(planter.add(
            "Department",
            SETUP,
            [
                ("name", (*name).into()),
                ("code", (*code).into()),
                ("color", (*color).into()),
                ("list_order", (order * 10).into()),
            ],
        ));
    }
    rows
}

/// The first `count` people of the studio, spread over the departments.
pub(super) fn plant_people(planter: &mut Planter<'_>, count: usize) {
    for (place, (first, last)) in PEOPLE.iter().take(count).enumerate() {
        let department = place % DEPARTMENTS.len();
        let login = first.to_lowercase();
        let hired = -650 + i32::try_from(place).unwrap_or(0) * 9;
        let person = planter.add(
            "HumanUser",
            Made::by_script(hired),
            [
                ("name", format!("{first} {last}").into()),
                ("firstname", (*first).into()),
                ("lastname", (*last).into()),
                ("email", format!("{login}@callboard.example").into()),
                ("login", login.into()),
                ("department", nth(planter, "Department", department)),
                (
                    "permission_rule_set",
                    nth(planter, "PermissionRuleSet", usize::from(department == 0)),
                ),
            ],
        );
        planter
            .people
            .extend(person.map(|row| Person { row, department }));
    }
    for (name, department) in [("Supervisors", 1), ("Production", 0)] {
        let users: Vec<Ref> = planter
            .people
            .iter()
            .filter(|person| person.department == department)
            .map(|person| person.row)
            .collect();
        planter.add(
            "Group",
            SETUP,
            [("code", name.into()), ("users", users.into())],
        );
    }
}

/// A link to the row at `place`, counted from 0.
fn nth(planter: &Planter<'_>, entity: &str, place: usize) -> Value {
    let id = u32::try_from(place + 1).unwrap_or(1);
    planter
        .kind(entity)
        .map_or(Value::Null, |kind| Value::Link(Ref { kind, id }))
}
