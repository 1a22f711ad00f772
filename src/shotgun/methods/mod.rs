//! The methods of the client, one file per family, in the words of `shotgun_api3`. Each is a few lines over one call.

mod auth;
mod files;
mod find;
mod schema;
mod summarize;
mod write;

pub use auth::Info;
