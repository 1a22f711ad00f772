//! The client, against answers written by hand and against the sandbox.

#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "helpers of tests may fail like tests, and tests look at one case at a time"
)]

mod activity;
mod filter_check;
mod mistakes;
mod odd_answers;
mod pages;
mod phases;
mod retries;
mod routes;
mod rows;
mod rows_read;
#[cfg(feature = "sandbox")]
mod sandbox;
#[cfg(feature = "sandbox")]
mod sandbox_check;
mod secrets;
mod server;
mod studio;
mod values;
mod writes;
