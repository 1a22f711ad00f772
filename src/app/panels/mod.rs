//! Parts of pages.

mod call_bar;
mod call_body;
mod call_detail;
mod call_facts;
mod call_list;
mod call_parts;
mod call_table;
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
mod incident;
pub mod notice;
pub mod picture;
pub mod side_bar;
mod timeline;
pub mod top_bar;
