//! The client: who it is, where it asks, and the one path that every method takes.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use secrecy::SecretString;
use serde::de::DeserializeOwned;

use crate::shotgun::agent::Agent;
use crate::shotgun::auth::identity::Identity;
use crate::shotgun::builder::ClientBuilder;
use crate::shotgun::call::cancel::CancelToken;
use crate::shotgun::call::plain::Plain;
use crate::shotgun::call::retry::Retries;
use crate::shotgun::call::rpc::Rpc;
use crate::shotgun::call::talk::Talk;
use crate::shotgun::entity::EntityType;
use crate::shotgun::error::Error;
use crate::shotgun::exchange::Observer;
use crate::shotgun::methods::Info;
use crate::shotgun::redact::Redactor;
use crate::shotgun::site::Site;

/// A client of one site. Cloning is cheap, and all clones share connections; any thread may use any of them.
///
/// ```no_run
/// use callboard::shotgun::{Client, Filter};
///
/// let client = Client::builder("https://mysite.shotgrid.autodesk.com").script("pipeline", "key").build()?;
/// for project in &client.find("Project", &[Filter::is("archived", false)], &["name"])? {
///     println!("{} {}", project.id(), project.text("name"));
/// }
/// # Ok::<(), callboard::shotgun::Error>(())
/// ```
#[derive(Clone)]
pub struct Client {
    pub(super) inner: Arc<Inner>,
    pub(super) bounds: Bounds,
}

/// What may end the calls of a client before their time. Its clones may differ in it.
#[derive(Clone, Default)]
pub(super) struct Bounds {
    pub(super) cancel: Option<CancelToken>,
    pub(super) deadline: Option<Duration>,
}

/// What the clones of a client share.
pub(super) struct Inner {
    pub(super) site: Site,
    pub(super) api_url: String,
    /// Host and port, for messages.
    pub(super) host: Arc<str>,
    pub(super) agent: Agent,
    pub(super) identity: Identity,
    /// Whether names come in the user's own language.
    pub(super) localized: bool,
    /// What was `user:password@` in the address.
    pub(super) basic: Option<SecretString>,
    pub(super) redactor: Redactor,
    pub(super) observer: Option<Arc<dyn Observer>>,
    pub(super) records_per_page: Option<u32>,
    /// How many pages of one call may be under way at once.
    pub(super) parallel_pages: usize,
    pub(super) max_answer: u64,
    pub(super) retries: Retries,
    pub(super) info: OnceLock<Info>,
    /// For downloads from the site itself, which know no script.
    pub(super) session: Mutex<Option<SecretString>>,
}

impl Client {
    /// Sets up a client of the site at `url`.
    pub fn builder(url: &str) -> ClientBuilder {
        ClientBuilder::new(url)
    }

    /// Where the site is.
    pub fn site(&self) -> &Site {
        &self.inner.site
    }

    /// Who asks: the script's name or the login.
    pub fn user_name(&self) -> Option<Arc<str>> {
        self.inner.identity.name()
    }

    /// A client whose calls `token` ends, whichever thread makes them. It shares all else with this one.
    #[must_use = "the client that was there goes on as before"]
    pub fn with_cancel(&self, token: &CancelToken) -> Self {
        let mut client = self.clone();
        client.bounds.cancel = Some(token.clone());
        client
    }

    /// A client each call of which may take so long in all, with its pages, retries and pauses, and then fails with
    /// [`Error::Deadline`]; without end if `None`. Files that go up or down are spared. It shares all else with this one.
    #[must_use = "the client that was there goes on as before"]
    pub fn with_deadline(&self, deadline: Option<Duration>) -> Self {
        let mut client = self.clone();
        client.bounds.deadline = deadline;
        client
    }

    /// Breaks off all calls under way, on any thread, and refuses new ones: for leaving the program. They end as
    /// [`Error::Cancelled`], a write that was out already as [`Error::UnknownOutcome`].
    pub fn shutdown(&self) {
        self.inner.agent.shutdown();
    }

    /// The one path of every method: starts a call, does `work`, tells the observer what came of it.
    pub(super) fn call<T>(
        &self,
        method: &str,
        entity_type: Option<&EntityType>,
        work: impl FnOnce(&Talk<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        Talk::hold(self, method, entity_type, work)
    }

    /// A call of one question, whose answer decodes itself.
    pub(super) fn ask<T: DeserializeOwned>(
        &self,
        method: &str,
        entity_type: Option<&EntityType>,
        rpc: &Rpc,
    ) -> Result<T, Error> {
        self.call(method, entity_type, |talk| talk.ask(rpc, Plain::new()))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            site,
            identity,
            agent,
            ..
        } = &*self.inner;
        f.debug_struct("Client")
            .field("site", site)
            .field("identity", identity)
            .field("timeouts", &agent.timeouts())
            .finish_non_exhaustive()
    }
}
