//! Parts of pages.

pub mod calls;
pub mod compare_controls;
pub mod compare_side;
pub mod connection;
pub mod detail;
mod detail_fields;
mod detail_links;
mod entity_cells;
pub mod entity_table;
pub mod failure;
pub mod feel_it;
pub mod notice;
pub mod picture;
pub mod side_bar;
pub mod top_bar;
