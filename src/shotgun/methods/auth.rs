//! What the site is, and sessions.

use std::collections::BTreeMap;
use std::slice;
use std::sync::Arc;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use crate::shotgun::auth::credentials::Credentials;
use crate::shotgun::auth::session::Session;
use crate::shotgun::call::rpc::{Auth, Rpc};
use crate::shotgun::client::Client;
use crate::shotgun::entity::{EntityType, FieldName};
use crate::shotgun::error::Error;
use crate::shotgun::filter::Filter;
use crate::shotgun::find::{Find, Told};
use crate::shotgun::rows::Entity;
use crate::shotgun::rows::decode::{PageSeed, RowsSeed};

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
    /// Whether files go to the site's storage at all.
    pub s3_uploads_enabled: bool,
    /// Whether clients put files there themselves: those of [`Info::s3_enabled_upload_types`].
    pub s3_direct_uploads_enabled: bool,
    /// Which fields of which types take files that way; `*` stands for any type, or any field.
    pub s3_enabled_upload_types: BTreeMap<Arc<str>, Vec<Arc<str>>>,
}

impl Info {
    /// Whether a file for this field goes to the site's storage rather than through the site.
    pub(in crate::shotgun) fn is_uploaded_directly(
        &self,
        entity_type: &EntityType,
        field: Option<&FieldName>,
    ) -> bool {
        let field = field.map(FieldName::as_str);
        let takes = |key: &str| {
            let fields = self.s3_enabled_upload_types.get(key);
            fields.is_some_and(|fields| {
                fields
                    .iter()
                    .any(|name| &**name == "*" || Some(&**name) == field)
            })
        };
        self.s3_direct_uploads_enabled
            && (takes(entity_type.as_str())
                || takes("*")
                // So did the first sites that took files this way, without saying so.
                || (entity_type.as_str(), field) == ("Version", Some("sg_uploaded_movie")))
    }
}

#[derive(Deserialize)]
struct Wire {
    version: Vec<Json>,
    #[serde(default)]
    full_version: Vec<Json>,
    user_authentication_method: Option<String>,
    api_max_entities_per_page: Option<u32>,
    #[serde(default)]
    s3_uploads_enabled: Json,
    #[serde(default)]
    s3_direct_uploads_enabled: Json,
    #[serde(default)]
    s3_enabled_upload_types: Json,
}

/// Fields by type, each a list or one name. What is neither is passed over.
fn upload_types(json: &Json) -> BTreeMap<Arc<str>, Vec<Arc<str>>> {
    let names = |fields: &Json| -> Vec<Arc<str>> {
        let list = fields
            .as_array()
            .map_or(slice::from_ref(fields), Vec::as_slice);
        list.iter()
            .filter_map(Json::as_str)
            .map(Arc::from)
            .collect()
    };
    let types = json.as_object().into_iter().flatten();
    types
        .map(|(entity_type, fields)| (Arc::from(&**entity_type), names(fields)))
        .collect()
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
            s3_uploads_enabled: wire.s3_uploads_enabled == true,
            s3_direct_uploads_enabled: wire.s3_direct_uploads_enabled == true,
            s3_enabled_upload_types: upload_types(&wire.s3_enabled_upload_types),
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_file_takes_the_route_that_the_site_names_for_its_field() {
        let types =
            json!({"Shot": ["a", "b"], "Task": "*", "Asset": ["*"], "Odd": 7, "*": ["any"]});
        let info = |direct: Json, types: &Json| -> Info {
            serde_json::from_value(json!({"version": [8], "s3_direct_uploads_enabled": direct, "s3_enabled_upload_types": types})).unwrap()
        };
        for (entity_type, field, expected) in [
            ("Shot", Some("a"), true),
            ("Shot", Some("c"), false),
            ("Shot", None, false),
            ("Task", Some("c"), true),
            ("Task", None, true),
            ("Asset", Some("c"), true),
            ("Odd", Some("c"), false),
            ("Odd", Some("any"), true),
            ("Version", Some("sg_uploaded_movie"), true),
            ("Version", Some("sg_other"), false),
        ] {
            let (entity_type, field) = (EntityType::from(entity_type), field.map(FieldName::from));
            let is_direct = |info: &Info| info.is_uploaded_directly(&entity_type, field.as_ref());
            assert_eq!(
                is_direct(&info(json!(true), &types)),
                expected,
                "{entity_type} {field:?}"
            );
            for off in [json!(false), Json::Null, json!("yes")] {
                assert!(!is_direct(&info(off, &types)));
            }
        }
        let any = info(json!(true), &json!({"*": "*"}));
        assert!(any.is_uploaded_directly(&"Shot".into(), None));
        let none = info(json!(true), &Json::Null);
        assert!(!none.is_uploaded_directly(&"Shot".into(), None));
    }
}
