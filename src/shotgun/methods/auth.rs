//! What the site is, and sessions.

use std::sync::Arc;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use crate::shotgun::client::Client;
use crate::shotgun::credentials::Credentials;
use crate::shotgun::error::Error;
use crate::shotgun::filter::Filter;
use crate::shotgun::find::{Find, Told};
use crate::shotgun::rows::Entity;
use crate::shotgun::rows_decode::{PageSeed, RowsSeed};
use crate::shotgun::rpc::{Auth, Rpc};
use crate::shotgun::session::Session;

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
                auth: Auth::Nobody,
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
        let token = session.into_token();
        self.inner.redactor.add(&token);
        Ok(token)
    }

    /// The person who proves to be `login`, with `id` and `login`; none if they are not active. Who this client asks as does
    /// not change. On the wire `read`.
    ///
    /// A wrong password is [`Error::Unauthorized`]. A site that wants a one-time code says so with code 106; with one, see
    /// [`Credentials::login_with_code`].
    pub fn authenticate_human_user(
        &self,
        credentials: &Credentials,
    ) -> Result<Option<Entity>, Error> {
        let Some(login) = credentials.name() else {
            let reason = "a session does not tell whose it is: give a login and a password".into();
            return Err(Error::BadSetup { reason });
        };
        for secret in credentials.secrets() {
            self.inner.redactor.add(secret);
        }
        let filters = [
            Filter::is("sg_status_list", "act"),
            Filter::is("login", login),
        ];
        let find = Find::new("HumanUser")
            .filters(filters)
            .fields(["id", "login"]);
        let fields = RowsSeed::new(find.return_fields());
        let rpc = Rpc {
            auth: Auth::As(credentials.clone()),
            ..Rpc::read("read", Some(find.to_wire(1, 1, Told::Nothing)?))
        };
        let method = "authenticate_human_user";
        self.call(method, Some(find.entity_type()), |talk| {
            talk.ask(&rpc, PageSeed(fields))
        })
        .map(|(rows, _)| Entity::first_of(rows))
    }

    /// Marks what this client and its clones change from now on, so that a web page of the site with this id (as the page
    /// tells it) shows the change at once. None ends it.
    pub fn set_session_uuid(&self, session_uuid: Option<&str>) {
        *self.inner.identity.session_uuid.lock() = session_uuid.map(Into::into);
    }

    /// Adds the name of a tool, such as `publisher 2.1`, to what this client and its clones say of themselves in the header
    /// `User-Agent`.
    pub fn add_user_agent(&self, tool: &str) {
        self.inner.agent.set_user_agent(Some(tool));
    }

    /// Takes back what [`Client::add_user_agent`] added.
    pub fn reset_user_agent(&self) {
        self.inner.agent.set_user_agent(None);
    }
}
