//! The types of editorial: cuts, and which shot and version stand where in them.

use super::entity_type::EntityType;
use super::field::{link, links, number, text};

/// The types of this file.
pub(super) fn types() -> Vec<EntityType> {
    vec![
        EntityType::new("Cut", "Cut", "code")
            .in_project()
            .with_thumbnail()
            .fields([
                text("code", "Cut Name").mandatory(),
                text("description", "Description"),
                link("entity", "Link", &["Project", "Sequence"]),
                number("revision_number", "Revision Number"),
                links("cut_items", "Cut Items", &["CutItem"]).other_end("cut"),
            ]),
        EntityType::new("CutItem", "Cut Item", "code")
            .in_project()
            .fields([
                text("code", "Cut Item Name").mandatory(),
                link("cut", "Cut", &["Cut"]).other_end("cut_items"),
                link("shot", "Shot", &["Shot"]),
                link("version", "Version", &["Version"]),
                number("cut_order", "Cut Order"),
            ]),
    ]
}
