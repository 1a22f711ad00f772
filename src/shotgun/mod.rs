//! A blocking client for a Shotgun site, for any program: it knows neither the window nor the executor.
//!
//! A [`Client`] speaks the vocabulary of `shotgun_api3`: [`find`](Client::find), [`create`](Client::create),
//! [`schema_read`](Client::schema_read)… It may be shared by any number of threads. Who wants to know what it does gives it
//! an [`Observer`]: it hears of every call and of every HTTP [`Exchange`], with the time each [`Phase`] took, and never of a
//! secret. What goes wrong is an [`Error`] that says what to do.
//!
//! Only `agent` and `transport` know which HTTP library is underneath. That library writes the heads of requests, cookies
//! and basic passwords with them, to the `log` crate at level `trace`: a program that installs a logger there, or a bridge
//! from `log` to `tracing`, leaves out the target `ureq_proto`. What this module itself traces holds no secret.

mod agent;
mod auth;
mod builder;
mod call;
mod change;
mod client;
mod decode;
mod entity;
mod error;
mod exchange;
mod files;
mod filter;
mod find;
mod methods;
#[cfg(test)]
mod never_panics;
mod pages;
mod phases;
mod redact;
mod request;
mod rows;
mod schema;
mod site;
mod timeouts;
mod transport;
mod value;

pub use auth::credentials::Credentials;
pub use builder::ClientBuilder;
pub use call::cancel::{CancelToken, Cancellation};
pub use change::{Change, Changed, UpdateMode};
pub use client::Client;
pub use entity::{EntityId, EntityRef, EntityType, FieldName};
pub use error::tls_trouble::TlsTrouble;
pub use error::{Error, Remedy};
pub use exchange::{
    Bytes, CallFinished, CallId, CallStarted, Captured, Connection, Exchange, Observer, Phase,
    Phases,
};
pub use files::{Attachment, Progress, Upload};
pub use filter::Filter;
pub use filter::relations::Relation;
pub use find::{Find, Order, Page};
pub use methods::{
    Activity, ActivityRange, ActivityStream, Effect, Group, Grouping, Info, Recalculate, Summary,
    TextMatch, TextMatches, ThumbnailSource, UserSubscription, WorkDay, WorkRule,
};
pub use rows::{Entity, Iter, RowRef, Rows};
pub use schema::{EntitySchema, EntitySchemas, FieldSchema, FieldSchemas, Schema};
pub use site::{Site, without_userinfo};
pub use timeouts::Timeouts;
pub use value::Value;
pub use value::file_link::{FileLink, FilePlace, LocalFile};
pub use value::measures::{Color, Footage, Picture};
