//! The window: pages, panels and dialogs over a live connection.
//!
//! Each frame, [`Shell::logic`] polls what arrived and [`Shell::ui`] draws, collects [`command::Command`]s and applies them
//! at the end. Panels read [`state::AppState`] and push commands; only `update` writes. Panels hold no client: what can be
//! fetched is a function of [`session::Session`], and each runs on the session's executor.

pub mod cell;
pub mod command;
pub mod comparing;
pub mod connect;
pub mod details;
pub mod dialogs;
mod fonts;
pub mod incident;
pub mod kind;
mod lanes;
mod layout;
pub mod listing;
pub mod pages;
pub mod panels;
pub mod session;
pub mod settings;
mod shell;
pub mod state;
pub mod statuses;
pub mod thumbnails;
mod update;
pub mod watchdog;

pub use crate::ui::wake::waker;
pub use shell::{App, Shell, Start};
