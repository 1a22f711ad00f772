//! What names a thing on a site: its type, its number, and the names of its fields.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Makes a shared, cheap-to-clone name out of `Arc<str>`.
macro_rules! shared_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The shared text itself.
            pub fn to_shared(&self) -> Arc<str> {
                Arc::clone(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(name.into())
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self(name.into())
            }
        }

        impl From<Arc<str>> for $name {
            fn from(name: Arc<str>) -> Self {
                Self(name)
            }
        }

        impl From<&String> for $name {
            fn from(name: &String) -> Self {
                Self(name.as_str().into())
            }
        }

        impl From<&&str> for $name {
            fn from(name: &&str) -> Self {
                Self((*name).into())
            }
        }

        impl From<&Self> for $name {
            fn from(name: &Self) -> Self {
                name.clone()
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

shared_name! {
    /// The type of an entity, such as `Shot`.
    EntityType
}

shared_name! {
    /// The name of a field, or a path through links such as `sg_sequence.Sequence.code`.
    FieldName
}

/// The number of an entity; unique within its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntityId(pub u64);

impl From<u64> for EntityId {
    fn from(id: u64) -> Self {
        Self(id)
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A link to an entity: what it is, and how it is called.
///
/// ```
/// use callboard::shotgun::EntityRef;
///
/// let project = EntityRef::new("Project", 70);
/// assert_eq!(project.to_string(), "Project 70");
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EntityRef {
    /// What it is.
    #[serde(rename = "type")]
    pub entity_type: EntityType,
    /// Which one.
    pub id: EntityId,
    /// Its display name, as the server gave it. Not needed for writing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Arc<str>>,
}

impl EntityRef {
    /// A link without a display name: enough for filters and for writing.
    pub fn new(entity_type: impl Into<EntityType>, id: impl Into<EntityId>) -> Self {
        Self {
            entity_type: entity_type.into(),
            id: id.into(),
            name: None,
        }
    }
}

/// Two links are the same if they lead to the same entity, whatever its name was at the time.
impl PartialEq for EntityRef {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.entity_type == other.entity_type
    }
}

impl Eq for EntityRef {}

impl std::hash::Hash for EntityRef {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.id.hash(state);
        self.entity_type.hash(state);
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) if !name.is_empty() => f.write_str(name),
            Some(_) | None => write!(f, "{} {}", self.entity_type, self.id),
        }
    }
}
