//! The client, against answers written by hand and against the sandbox.

#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "helpers of tests may fail like tests, and tests look at one case at a time"
)]

mod activity;
mod cancel;
mod deadlines;
mod downloads;
mod mistakes;
mod pages;
mod phases;
mod retries;
mod routes;
mod rows;
#[cfg(feature = "sandbox")]
mod sandbox;
mod secrets;
mod server;
mod storage;
mod studio;
mod thumbnails;
mod transfers;
mod uploads;
mod writes;
