//! What the site is, and sessions.

use std::sync::Arc;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use crate::shotgun::client::Client;
use crate::shotgun::error::Error;
use crate::shotgun::rpc::Rpc;

/// What a site says about itself before anyone has logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Info {
    /// Major, minor and patch number.
    pub version: (u32, u32, u32),
    /// Every part of the version, joined by dots.
    pub full_version: Arc<str>,
    /// Whether it is a development server.
    pub dev: bool,
    /// How people log in: `default`, `ldap`, `saml2` or `oxygen`.
    pub user_authentication_method: Arc<str>,
    /// How many rows a page should have at most, if the site says so.
    pub max_entities_per_page: Option<u32>,
}

#[derive(Deserialize)]
struct Wire {
    version: Vec<Json>,
    #[serde(default)]
    full_version: Vec<Json>,
    user_authentication_method: Option<String>,
    api_max_entities_per_page: Option<u32>,
}

impl<'de> Deserialize<'de> for Info {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        let number = |index: usize| {
            wire.version
                .get(index)
                .and_then(Json::as_u64)
                .unwrap_or_default() as u32
        };
        let full = if wire.full_version.is_empty() {
            &wire.version
        } else {
            &wire.full_version
        };
        let parts: Vec<String> = full
            .iter()
            .map(|part| {
                part.as_str()
                    .map_or_else(|| part.to_string(), ToOwned::to_owned)
            })
            .collect();
        Ok(Self {
            version: (number(0), number(1), number(2)),
            full_version: parts.join(".").into(),
            dev: wire.version.get(3).is_some_and(|part| part == "Dev"),
            user_authentication_method: wire
                .user_authentication_method
                .unwrap_or_else(|| "default".into())
                .into(),
            max_entities_per_page: wire.api_max_entities_per_page.filter(|most| *most > 0),
        })
    }
}

#[derive(Deserialize)]
struct Session {
    session_id: SecretText,
}

/// Text that is wiped when it is no longer needed.
struct SecretText(SecretString);

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}

impl Client {
    /// What the site says about itself. Needs no credentials; asked once, then remembered by all clones.
    pub fn info(&self) -> Result<Info, Error> {
        if let Some(info) = self.inner.info.get() {
            return Ok(info.clone());
        }
        let info: Info = self.ask(
            "info",
            None,
            &Rpc {
                auth: false,
                ..Rpc::read("info", None)
            },
        )?;
        Ok(self.inner.info.get_or_init(|| info).clone())
    }

    /// A token that stands for these credentials until the session expires.
    pub fn get_session_token(&self) -> Result<SecretString, Error> {
        let session: Session = self.ask(
            "get_session_token",
            None,
            &Rpc::read("get_session_token", None),
        )?;
        let SecretText(token) = session.session_id;
        self.inner.redactor.add(&token);
        Ok(token)
    }
}
