//! The library through its public API, one binary for all of it.

#[cfg(all(feature = "client", feature = "sandbox"))]
mod calls;
#[cfg(feature = "client")]
mod client;
#[cfg(all(feature = "client", feature = "sandbox"))]
mod compare;
mod layers;
mod offload;
#[cfg(feature = "client")]
mod packages;
#[cfg(feature = "sandbox")]
mod sandbox;
