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
mod answer;
mod builder;
mod cancel;
mod capture;
mod change;
mod client;
mod credentials;
mod decode;
mod entity;
mod error;
mod exchange;
mod files;
mod filter;
mod filter_text;
mod find;
mod interrupt;
mod methods;
mod pages;
mod phases;
mod plain;
mod redact;
mod request;
mod retry;
mod rows;
mod rows_decode;
mod rpc;
mod schema;
mod site;
mod talk;
mod timeouts;
mod transport;
mod value;

pub use builder::ClientBuilder;
pub use cancel::{CancelToken, Cancellation};
pub use change::{Change, Changed, UpdateMode};
pub use client::Client;
pub use credentials::Credentials;
pub use entity::{EntityId, EntityRef, EntityType, FieldName};
pub use error::{Error, Remedy};
pub use exchange::{
    Bytes, CallFinished, CallId, CallStarted, Captured, Connection, Exchange, Observer, Phase,
    Phases,
};
pub use files::{Attachment, Progress, Upload};
pub use filter::{Filter, Relation};
pub use find::{Find, Order, Page};
pub use methods::{
    Activity, ActivityRange, ActivityStream, Group, Grouping, Info, Recalculate, Summary,
    TextMatch, TextMatches, ThumbnailSource, UserSubscription, WorkDay, WorkRule,
};
pub use rows::{Entity, Iter, RowRef, Rows};
pub use schema::{EntitySchema, EntitySchemas, FieldSchema, FieldSchemas, Schema};
pub use site::{Site, without_userinfo};
pub use timeouts::Timeouts;
pub use value::Value;
