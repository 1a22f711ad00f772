//! The client, against answers written by hand and against the sandbox.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "helpers of tests may fail like tests, and tests look at one case at a time"
)]

mod activity;
mod addresses;
#[cfg(feature = "sandbox")]
mod against_sandbox;
mod auth;
mod cancel;
#[cfg(all(target_os = "linux", feature = "sandbox"))]
mod connecting;
mod deadlines;
mod downloads;
mod filter_check;
mod hostile;
mod mistakes;
mod odd_answers;
mod pages;
mod phases;
mod proxies;
mod retries;
mod routes;
mod rows;
mod rows_read;
#[cfg(feature = "sandbox")]
mod sandbox;
#[cfg(feature = "sandbox")]
mod sandbox_check;
mod schema;
mod secrets;
mod server;
mod storage;
mod studio;
mod thumbnails;
mod tls;
mod transfers;
mod uploads;
mod values;
mod wire;
mod writes;
