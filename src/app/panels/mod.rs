//! Parts of pages.

pub mod calls;
pub mod notice;
pub mod top_bar;
