//! The types of people and of the site itself: users, scripts, groups, departments, statuses.

use super::data_type::DataType;
use super::entity_type::EntityType;
use super::field::{field, link, links, number, status, text};
use super::statuses;

/// The types of this file.
pub(super) fn types() -> Vec<EntityType> {
    vec![
        human_user(),
        api_user(),
        EntityType::new("Group", "Group", "code").fields([
            text("code", "Group Name").mandatory().unique(),
            links("users", "People", &["HumanUser"]).other_end("groups"),
        ]),
        EntityType::new("Department", "Department", "name").fields([
            text("name", "Department Name").mandatory().unique(),
            text("code", "Short Name"),
            status(statuses::ACTIVE).default("act"),
            field("color", "Color", DataType::Color),
            number("list_order", "List Order"),
        ]),
        EntityType::new("Status", "Status", "name").fields([
            text("code", "Short Code").mandatory().unique(),
            text("name", "Status Name").mandatory(),
            field("bg_color", "Color", DataType::Color),
            number("list_order", "List Order"),
        ]),
        EntityType::new("PermissionRuleSet", "Permission Role", "display_name").fields([
            text("display_name", "Display Name").mandatory(),
            text("code", "Code"),
            field("entity_type", "Entity Type", DataType::EntityType),
        ]),
    ]
}

fn human_user() -> EntityType {
    EntityType::new("HumanUser", "Person", "name")
        .with_thumbnail()
        .fields([
            text("name", "Name").mandatory(),
            text("login", "Login").mandatory().unique(),
            text("firstname", "First Name"),
            text("lastname", "Last Name"),
            text("email", "Email"),
            status(statuses::ACTIVE).default("act"),
            field("password_proxy", "Password", DataType::Password),
            field("locked_until", "Locked Until", DataType::DateTime),
            links("projects", "Projects", &["Project"]).other_end("users"),
            links("groups", "Groups", &["Group"]).other_end("users"),
            link("department", "Department", &["Department"]),
            link(
                "permission_rule_set",
                "Permission Group",
                &["PermissionRuleSet"],
            ),
        ])
}

fn api_user() -> EntityType {
    EntityType::new("ApiUser", "Script", "firstname")
        .with_thumbnail()
        .fields([
            text("firstname", "Script Name").mandatory().unique(),
            text("lastname", "Version"),
            text("description", "Description"),
            text("email", "Maintainer Email"),
            status(statuses::ACTIVE).default("act"),
            field("salted_password", "Application Key", DataType::Password),
            field(
                "generate_event_log_entries",
                "Generate Events",
                DataType::Checkbox,
            )
            .default(true),
            link(
                "permission_rule_set",
                "Permission Group",
                &["PermissionRuleSet"],
            ),
        ])
}
