//! Thin wrappers around ureq's connectors and resolver: they mark the phases of an exchange and count its bytes, and
//! delegate everything else.
//!
//! ureq does all its work on the calling thread, so a thread-local names the exchange under way. The chain, from the
//! socket outwards: `Begin`, the proxy's tunnel, `Dial` (the socket), TLS, `Complete`.

mod connector;
mod failure;
mod handshake;
mod proxy;
mod resolver;
mod roots;
mod trip;
mod wire;
mod wrapped;

pub(super) use connector::chain;
pub(super) use failure::Failure;
pub(super) use proxy::ProxyChoice;
pub(super) use resolver::CachingResolver;
pub(super) use roots::Authorities;
pub(super) use trip::{Trip, begin, end};
pub(super) use wire::Wire;
