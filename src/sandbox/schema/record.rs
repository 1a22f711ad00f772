//! The types in which the site keeps its own record: what happened, and the pages that show it.

use super::data_type::DataType;
use super::entity_type::EntityType;
use super::field::{field, link, text};

/// What something can happen to.
const ANYTHING: &[&str] = &[
    "Project",
    "Sequence",
    "Shot",
    "Asset",
    "Task",
    "Step",
    "TaskTemplate",
    "Version",
    "Playlist",
    "Note",
    "Reply",
    "Attachment",
    "PublishedFile",
    "PublishedFileType",
    "LocalStorage",
    "Tag",
    "HumanUser",
    "ApiUser",
    "Group",
    "Department",
    "Status",
    "PermissionRuleSet",
    "Page",
    "Cut",
    "CutItem",
    "TimeLog",
    "Booking",
    "Delivery",
    "Ticket",
    "CustomEntity01",
    "CustomEntity02",
    "CustomEntity03",
    "CustomNonProjectEntity01",
    "CustomNonProjectEntity02",
];

/// The types of this file.
pub(super) fn types() -> Vec<EntityType> {
    vec![
        EntityType::new("EventLogEntry", "Event Log Entry", "description").fields([
            link("project", "Project", &["Project"]),
            text("event_type", "Event Type").mandatory(),
            text("attribute_name", "Attribute Name"),
            link("entity", "Link", ANYTHING),
            link("user", "User", &["HumanUser", "ApiUser"]).author(),
            text("session_uuid", "Session UUID"),
            text("description", "Description"),
            field("meta", "Meta", DataType::Serializable),
        ]),
        EntityType::new("Page", "Page", "name").fields([
            text("name", "Page Name").mandatory(),
            field("entity_type", "Entity Type", DataType::EntityType),
            text("page_type", "Page Type"),
            link("project", "Project", &["Project"]),
            field("last_accessed", "Last Accessed", DataType::DateTime),
            field("api_exportable", "API Exportable", DataType::Checkbox),
        ]),
    ]
}
