//! The library through its public API, one binary for all of it.

#[cfg(feature = "client")]
mod client;
