//! The built program, run as a user runs it: what it prints, where, and with which exit code.
//!
//! Every run has a bare environment: no display, no proxy, no settings, and a home of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail like tests"
)]

#[path = "cli/call.rs"]
mod call;
#[path = "cli/compare.rs"]
mod compare;
#[path = "cli/credentials.rs"]
mod credentials;
#[cfg(target_os = "linux")]
#[path = "cli/descriptors.rs"]
mod descriptors;
#[path = "cli/download.rs"]
mod download;
#[path = "cli/find.rs"]
mod find;
#[path = "cli/mistakes.rs"]
mod mistakes;
#[path = "cli/sandbox.rs"]
mod sandbox;
#[path = "cli/sandbox_faults.rs"]
mod sandbox_faults;
#[path = "cli/schema.rs"]
mod schema;
#[path = "cli/secrets.rs"]
mod secrets;
#[path = "cli/shell.rs"]
mod shell;
#[path = "cli/storm.rs"]
mod storm;
#[path = "cli/summarize.rs"]
mod summarize;
#[path = "cli/upload.rs"]
mod upload;
#[path = "cli/usage.rs"]
mod usage;
#[cfg(feature = "gui")]
#[path = "cli/window.rs"]
mod window;
