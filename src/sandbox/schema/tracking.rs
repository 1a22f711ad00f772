//! The types with which time, deliveries and requests are tracked, and those that a studio names itself.

use super::data_type::DataType;
use super::entity_type::EntityType;
use super::field::{field, link, links, list, status, text};
use super::statuses;

const TICKET_TYPE: &[(&str, &str)] = &[
    ("Bug", "Bug"),
    ("Feature", "Feature"),
    ("Support", "Support"),
];
const TICKET_PRIORITY: &[(&str, &str)] = &[("1", "High"), ("2", "Medium"), ("3", "Low")];

/// The types of this file.
pub(super) fn types() -> Vec<EntityType> {
    let mut types = vec![time_log(), booking(), delivery(), ticket()];
    let in_project = [
        ("CustomEntity01", "Custom Entity 01"),
        ("CustomEntity02", "Custom Entity 02"),
        ("CustomEntity03", "Custom Entity 03"),
    ];
    types.extend(in_project.map(|(name, label)| own(name, label, EntityType::in_project)));
    let of_site = [
        ("CustomNonProjectEntity01", "Custom Non Project Entity 01"),
        ("CustomNonProjectEntity02", "Custom Non Project Entity 02"),
    ];
    types.extend(of_site.map(|(name, label)| own(name, label, std::convert::identity)));
    types
}

fn time_log() -> EntityType {
    EntityType::new("TimeLog", "Time Log", "description")
        .in_project()
        .fields([
            text("description", "Description"),
            field("date", "Date", DataType::Date),
            field("duration", "Duration", DataType::Duration),
            link("entity", "Link", &["Task"]).other_end("time_logs"),
            link("user", "Person", &["HumanUser"]).author(),
        ])
}

fn booking() -> EntityType {
    EntityType::new("Booking", "Booking", "note").fields([
        text("note", "Note"),
        link("project", "Project", &["Project"]),
        link("user", "Person", &["HumanUser", "Group"]),
        field("start_date", "Start Date", DataType::Date),
        field("end_date", "End Date", DataType::Date),
        field("percent_allocation", "% Allocation", DataType::Percent),
        field("vacation", "Vacation", DataType::Checkbox),
    ])
}

fn delivery() -> EntityType {
    EntityType::new("Delivery", "Delivery", "title")
        .in_project()
        .with_thumbnail()
        .fields([
            text("title", "Title").mandatory(),
            text("sg_contents", "Contents"),
            field("sg_due_date", "Due Date", DataType::Date),
            status(statuses::ENTITY).default("wtg"),
            links("addressings_to", "To", &["HumanUser", "Group"]),
            links("sg_versions", "Versions", &["Version"]),
        ])
}

fn ticket() -> EntityType {
    EntityType::new("Ticket", "Ticket", "title")
        .in_project()
        .with_thumbnail()
        .fields([
            text("title", "Title").mandatory(),
            text("description", "Description"),
            list("sg_ticket_type", "Type", TICKET_TYPE),
            list("sg_priority", "Priority", TICKET_PRIORITY).default("2"),
            status(statuses::ENTITY).default("wtg"),
            links("addressings_to", "Assigned To", &["HumanUser", "Group"]),
        ])
}

/// A type that means whatever the studio says. Its name in requests stays, however it is called.
fn own(
    name: &'static str,
    label: &'static str,
    place: impl FnOnce(EntityType) -> EntityType,
) -> EntityType {
    place(EntityType::new(name, label, "code"))
        .with_thumbnail()
        .fields([
            text("code", "Name").mandatory(),
            text("description", "Description"),
            status(statuses::ENTITY).default("wtg"),
        ])
}
