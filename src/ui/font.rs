//! The fonts by what they are for.

use std::sync::Arc;

use egui::{FontFamily, FontId};

use super::tokens;

/// Family of medium weight: labels of controls.
pub const MEDIUM: &str = "medium";
/// Family of semibold weight: headings.
pub const SEMIBOLD: &str = "semibold";
/// Family of the icons.
pub const ICONS: &str = "icons";

fn named(name: &'static str, size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(Arc::from(name)))
}

/// Text that is read.
pub fn body() -> FontId {
    FontId::proportional(tokens::BODY)
}

/// Captions, axis labels.
pub fn small() -> FontId {
    FontId::proportional(tokens::SMALL)
}

/// Titles of table columns.
pub fn header() -> FontId {
    FontId::proportional(tokens::HEADER)
}

/// Numbers and code.
pub fn number() -> FontId {
    FontId::monospace(tokens::NUMBER)
}

/// Numbers beside small text.
pub fn number_small() -> FontId {
    FontId::monospace(tokens::SMALL)
}

/// A number that stands for the whole.
pub fn number_large() -> FontId {
    FontId::monospace(tokens::NUMBER_LARGE)
}

/// Labels of controls.
pub fn medium() -> FontId {
    named(MEDIUM, tokens::BODY)
}

/// What stands out of a line of body text.
pub fn semibold() -> FontId {
    named(SEMIBOLD, tokens::BODY)
}

/// Headings of regions.
pub fn heading() -> FontId {
    named(SEMIBOLD, tokens::HEADING)
}

/// Icons of the given size.
pub fn icon(size: f32) -> FontId {
    named(ICONS, size)
}
