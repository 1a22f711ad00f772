//! The site's schema: which entity types there are and which fields they have. Knows no rows.

mod data_type;
mod describe;
mod editorial;
mod entity_type;
mod field;
mod media;
mod naming;
mod people;
mod production;
mod record;
mod statuses;
mod tracking;

pub use self::data_type::{DataType, Family};
pub use self::entity_type::{
    CREATED_AT, CREATED_BY, EntityType, ID, Schema, UPDATED_AT, UPDATED_BY,
};
pub use self::field::{Access, Choice, Field, Origin, Source};
pub use self::naming::custom_name;
pub use self::statuses::ALL as STATUSES;
