//! What the site knows that is in no row.

use serde_json::{Value as Json, json};

use super::coerce::reference;
use super::schema::Schema;
use super::value::Ref;

/// One thing that the site knows; what it knows of it is kept beside it as JSON.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A person follows an entity: `true`.
    Follow {
        /// What is followed.
        entity: Ref,
        /// Who follows it.
        user: Ref,
    },
    /// Someone was at a row: the moment, as the wire has it.
    Visit {
        /// Who was there.
        visitor: Ref,
        /// Where.
        at: Ref,
    },
    /// A day that is not as the week would have it: `working` and `description`.
    WorkDay {
        /// The project or person it holds for; all of the studio if none.
        whose: Option<Ref>,
        /// The day, as the wire has it.
        day: String,
    },
    /// A person's license: its name, or null.
    License {
        /// Who has it.
        user: Ref,
    },
    /// A file that is not simply there to be had: the name of its state.
    FileState {
        /// The id of its attachment.
        attachment: u32,
    },
    /// A one-time code does not work any more: `true`.
    UsedCode {
        /// The digest of login and code.
        digest: String,
    },
    /// Someone has opened a session: who, and how long it lasts.
    Session {
        /// The digest of its token.
        digest: String,
    },
}

impl Mark {
    /// Whether it is for others to see, and to start with. What belongs to callers and bytes is not: these go nowhere.
    pub fn is_public(&self) -> bool {
        match self {
            Self::Follow { .. }
            | Self::Visit { .. }
            | Self::WorkDay { .. }
            | Self::License { .. } => true,
            Self::FileState { .. } | Self::UsedCode { .. } | Self::Session { .. } => false,
        }
    }

    /// The mark by names, as it is kept.
    pub fn to_json(&self, schema: &Schema) -> Json {
        let link = |at: &Ref| json!({"type": schema.entity(at.kind).name, "id": at.id});
        match self {
            Self::Follow { entity, user } => {
                json!({"mark": "follow", "entity": link(entity), "user": link(user)})
            }
            Self::Visit { visitor, at } => {
                json!({"mark": "visit", "visitor": link(visitor), "at": link(at)})
            }
            Self::WorkDay { whose, day } => {
                json!({"mark": "work_day", "whose": whose.as_ref().map(link), "day": day})
            }
            Self::License { user } => json!({"mark": "license", "user": link(user)}),
            Self::FileState { attachment } => {
                json!({"mark": "file_state", "attachment": attachment})
            }
            Self::UsedCode { digest } => json!({"mark": "used_code", "digest": digest}),
            Self::Session { digest } => json!({"mark": "session", "digest": digest}),
        }
    }

    /// Reads what [`to_json`](Self::to_json) wrote. None if it is no mark.
    pub fn from_json(schema: &Schema, json: &Json) -> Option<Self> {
        let link = |key: &str| reference(schema, &json[key]);
        match json["mark"].as_str()? {
            "follow" => Some(Self::Follow {
                entity: link("entity")?,
                user: link("user")?,
            }),
            "visit" => Some(Self::Visit {
                visitor: link("visitor")?,
                at: link("at")?,
            }),
            "work_day" => Some(Self::WorkDay {
                whose: if json["whose"].is_null() {
                    None
                } else {
                    Some(link("whose")?)
                },
                day: json["day"].as_str()?.to_owned(),
            }),
            "license" => Some(Self::License {
                user: link("user")?,
            }),
            "file_state" => Some(Self::FileState {
                attachment: u32::try_from(json["attachment"].as_u64()?).ok()?,
            }),
            "used_code" => Some(Self::UsedCode {
                digest: json["digest"].as_str()?.to_owned(),
            }),
            "session" => Some(Self::Session {
                digest: json["digest"].as_str()?.to_owned(),
            }),
            _unknown => None,
        }
    }
}
