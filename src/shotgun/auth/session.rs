//! What the site answers when it opens a session.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

/// A session that was just opened.
#[derive(Deserialize)]
pub(in crate::shotgun) struct Session {
    session_id: Token,
}

impl Session {
    pub(in crate::shotgun) fn into_token(self) -> SecretString {
        self.session_id.0
    }
}

/// Text that is wiped when it is no longer needed.
struct Token(SecretString);

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}
