//! The site's schema: which entity types there are and which fields they have. Knows no rows.

mod data_type;
mod describe;
mod entity_type;
mod field;
mod media;
mod people;
mod production;
mod statuses;

pub use self::data_type::{DataType, Family};
pub use self::entity_type::{CREATED_AT, CREATED_BY, ID, Schema, UPDATED_AT, UPDATED_BY};
pub use self::field::{Access, Field};
pub use self::statuses::ALL as STATUSES;
