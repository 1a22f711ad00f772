//! What a site and its people have set, and its pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::shotgun::call::rpc::Rpc;
use crate::shotgun::client::Client;
use crate::shotgun::entity::EntityId;
use crate::shotgun::error::Error;
use crate::shotgun::filter::Filter;
use crate::shotgun::value::Value;

/// What a person is licensed for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserSubscription {
    /// The person.
    pub human_user_id: EntityId,
    /// The name of the license; none takes it away.
    pub subscription: Option<Arc<str>>,
}

#[derive(Deserialize)]
struct Status {
    status: Arc<str>,
}

impl Client {
    /// Settings of the site that everybody may know, such as `hours_per_day`: those named, or all. Unknown names are left out.
    /// On the wire `preferences_read`.
    pub fn preferences_read(&self, names: &[&str]) -> Result<BTreeMap<Arc<str>, Value>, Error> {
        let rpc = Rpc::read("preferences_read", Some(json!({ "prefs": names })));
        self.ask("preferences_read", None, &rpc)
    }

    /// Notes that a project was opened just now by a person: by default by whoever is logged in, or the one a script acts as. Another
    /// script has to name one, or leave it to the site. On the wire `update_project_last_accessed_by_current_user`.
    pub fn update_project_last_accessed(
        &self,
        project: impl Into<EntityId>,
        user: Option<EntityId>,
    ) -> Result<(), Error> {
        let user = match (user, self.inner.identity.login()) {
            (None, Some(login)) => self
                .find_one("HumanUser", &[Filter::is("login", login)], &[])?
                .map(|person| person.id()),
            (user, _) => user,
        };
        let mut argument = json!({ "project_id": project.into() });
        if let Some(id) = user {
            argument["user_id"] = json!(id);
        }
        let rpc = Rpc::write("update_project_last_accessed_by_current_user", argument);
        let method = "update_project_last_accessed";
        self.ask::<serde::de::IgnoredAny>(method, Some(&"Project".into()), &rpc)?;
        Ok(())
    }

    /// What a page of the site shows, as text in this format (`csv`), in its layout of this name if it has several. On the wire
    /// `export_page`.
    pub fn export_page(
        &self,
        page_id: u64,
        format: &str,
        layout_name: Option<&str>,
    ) -> Result<String, Error> {
        let argument = json!({
            "format": format,
            "page_id": page_id,
            "layout_name": layout_name,
        });
        let rpc = Rpc::read("export_page", Some(argument));
        self.call("export_page", None, |talk| talk.ask_text(&rpc))
    }

    /// What people are licensed for. On the wire `user_subscriptions_read`.
    pub fn user_subscriptions_read(&self) -> Result<Vec<UserSubscription>, Error> {
        let rpc = Rpc::read("user_subscriptions_read", None);
        self.ask("user_subscriptions_read", None, &rpc)
    }

    /// Gives people licenses. Whether the site did it. On the wire `user_subscriptions_create`.
    pub fn user_subscriptions_create(&self, users: &[UserSubscription]) -> Result<bool, Error> {
        let rpc = Rpc::write("user_subscriptions_create", json!({ "users": users }));
        self.ask("user_subscriptions_create", None, &rpc)
            .map(|Status { status }| &*status == "success")
    }
}
