//! The methods of the client, one file per family, in the words of `shotgun_api3`. Each is a few lines over one call.

mod activity;
mod auth;
mod download;
mod find;
mod navigate;
mod raw;
mod schedule;
mod schema;
mod search;
mod settings;
mod summarize;
mod thumbnails;
mod upload;
mod write;

pub use activity::{Activity, ActivityRange, ActivityStream};
pub use auth::Info;
pub use raw::Effect;
pub use schedule::{Recalculate, WorkDay, WorkRule};
pub use search::{TextMatch, TextMatches};
pub use settings::UserSubscription;
pub use summarize::{Group, Grouping, Summary};
pub use thumbnails::ThumbnailSource;
