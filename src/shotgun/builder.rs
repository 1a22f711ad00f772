//! Setting up a client. Nothing in here touches the network.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use secrecy::{ExposeSecret as _, SecretString};

use crate::shotgun::agent::Agent;
use crate::shotgun::auth::credentials::{Credentials, basic};
use crate::shotgun::auth::identity::{Identity, Renewal};
use crate::shotgun::call::retry::Retries;
use crate::shotgun::client::{Bounds, Client, Inner};
use crate::shotgun::error::Error;
use crate::shotgun::exchange::Observer;
use crate::shotgun::redact::Redactor;
use crate::shotgun::site::Site;
use crate::shotgun::timeouts::Timeouts;
use crate::shotgun::transport::{Authorities, ProxyChoice};

/// As many connections stay open as an executor usually has workers.
const CONNECTIONS: usize = 16;

/// The largest answer we take. The schema of a big site has megabytes; this only stops what never ends.
const MAX_ANSWER: u64 = 1 << 30;

/// How many pages of one call may be under way at once: enough to hide most of the latency, and polite.
const PARALLEL_PAGES: usize = 8;

/// A client in the making: see [`Client::builder`].
#[must_use = "nothing happens until `build`"]
pub struct ClientBuilder {
    url: String,
    credentials: Option<Credentials>,
    sudo_as_login: Option<Arc<str>>,
    extra: Vec<(Arc<str>, SecretString)>,
    renewal: Option<Renewal>,
    localized: bool,
    observer: Option<Arc<dyn Observer>>,
    timeouts: Timeouts,
    deadline: Option<Duration>,
    max_connections: usize,
    max_answer: u64,
    retries: Retries,
    records_per_page: Option<u32>,
    parallel_pages: usize,
    proxy: ProxyChoice,
    authorities: Authorities,
}

impl ClientBuilder {
    pub(super) fn new(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            credentials: None,
            sudo_as_login: None,
            extra: Vec::new(),
            renewal: None,
            localized: false,
            observer: None,
            timeouts: Timeouts::default(),
            deadline: None,
            max_connections: CONNECTIONS,
            max_answer: MAX_ANSWER,
            retries: Retries::default(),
            records_per_page: None,
            parallel_pages: PARALLEL_PAGES,
            proxy: ProxyChoice::default(),
            authorities: Authorities::default(),
        }
    }

    /// As a machine account.
    pub fn script(self, name: &str, key: impl Into<SecretString>) -> Self {
        self.credentials(Credentials::script(name, key))
    }

    /// As a person.
    pub fn login(self, login: &str, password: impl Into<SecretString>) -> Self {
        self.credentials(Credentials::login(login, password))
    }

    /// In a session that someone else opened.
    pub fn session_token(self, token: impl Into<SecretString>) -> Self {
        self.credentials(Credentials::session(token))
    }

    /// As whoever these credentials belong to. Without any, only [`Client::info`] can be asked.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Lets a script act as the person with this login; what it makes has them as its creator. The site refuses this to people,
    /// and to scripts that may not.
    pub fn sudo_as_login(mut self, login: &str) -> Self {
        self.sudo_as_login = Some(login.into());
        self
    }

    /// Brings the token of a new session when the one that the client is in has expired, or none if there is no way. It is
    /// asked on the thread whose call was refused, once for all calls that the same session failed, and each of them is then
    /// made again, once: the site had done nothing. This is for sessions only: scripts, and people with a password, identify
    /// themselves in every call.
    ///
    /// On a site with single sign-on a person gets a session in the browser, or from the vendor's tools; that token is what
    /// goes into [`ClientBuilder::session_token`], and the next one comes from here.
    pub fn renew_session(
        mut self,
        renewal: impl Fn() -> Option<SecretString> + Send + Sync + 'static,
    ) -> Self {
        self.renewal = Some(Box::new(renewal));
        self
    }

    /// Sends one more parameter along with the credentials, such as a site behind a gateway may want. Overrides what has the
    /// same name. Treated as a secret.
    pub fn extra_auth_param(mut self, name: &str, value: impl Into<SecretString>) -> Self {
        self.extra.push((name.into(), value.into()));
        self
    }

    /// Asks for names of fields and types in the user's own language.
    pub fn localized(mut self, localized: bool) -> Self {
        self.localized = localized;
        self
    }

    /// Tells `observer` of every call.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// How long to wait, and for what.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// How long a whole call may take, with its pages, retries and pauses; by default without end. Files are spared. One call
    /// can be told otherwise: see [`Client::with_deadline`].
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How many idle connections to keep: as many as threads use the client at once.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections.max(1);
        self
    }

    /// How often to ask again what changes nothing and failed for a reason that may pass: no connection or a broken one, a
    /// time-out, HTTP 429, 502, 503 and 504. Twice by default, after pauses of about 0.2 s and 0.4 s, or of what the server
    /// asks for (`Retry-After`). What writes is never sent again.
    pub fn retries(mut self, most: u32) -> Self {
        self.retries.most = most;
        self
    }

    /// How long to go on about it: no attempt begins later than this after the first one failed. 10 s by default. A server
    /// that wants to be left alone for longer gets its way, and the call fails.
    pub fn retry_budget(mut self, budget: Duration) -> Self {
        self.retries.budget = budget;
        self
    }

    /// The largest answer to take, in bytes.
    pub fn max_answer(mut self, bytes: u64) -> Self {
        self.max_answer = bytes;
        self
    }

    /// How many rows to ask for at a time. By default what the site says it likes, once it has been asked, else 500.
    pub fn records_per_page(mut self, records: u32) -> Self {
        self.records_per_page = Some(records.max(1));
        self
    }

    /// How many pages of one [`Client::find_all`] may be under way at once, from 1 to 8; 8 by default. With 1 they are asked
    /// for one after the other, and the site is not asked to count the rows beforehand.
    pub fn parallel_pages(mut self, pages: usize) -> Self {
        self.parallel_pages = pages.clamp(1, PARALLEL_PAGES);
        self
    }

    /// Goes through the proxy at this address, or through none. By default the environment chooses: `HTTPS_PROXY`, for a site
    /// on plain http `HTTP_PROXY`, else `ALL_PROXY`, unless `NO_PROXY` lists the host or the site is on this machine.
    pub fn proxy(mut self, url: Option<&str>) -> Self {
        self.proxy = url.map_or(ProxyChoice::None, |url| ProxyChoice::Url(url.to_owned()));
        self
    }

    /// Trusts those whose certificates are in this file (PEM, any number of them), and nobody else. By default the file that
    /// `SHOTGUN_API_CACERTS` names, else whom the operating system trusts.
    pub fn ca_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.authorities = Authorities::File(file.into());
        self
    }

    /// The client. Asks nothing of the network yet; the first call does.
    pub fn build(self) -> Result<Client, Error> {
        let (site, userinfo) = Site::parse_base(&self.url)?;
        if let Some(credentials) = &self.credentials {
            credentials.check().map_err(|reason| Error::BadSetup {
                reason: reason.into(),
            })?;
        }
        let agent = Agent::new(
            self.timeouts,
            self.max_connections,
            &self.proxy,
            &self.authorities,
            &site,
        )?;
        let basic = userinfo.as_ref().map(basic);
        let redactor = Redactor::default();
        let password = userinfo
            .as_ref()
            .and_then(|userinfo| userinfo.expose_secret().split_once(':'))
            .map(|(_, password)| SecretString::from(password));
        let proxy_password = agent.proxy_password().map(SecretString::from);
        for secret in self
            .credentials
            .iter()
            .flat_map(Credentials::secrets)
            .chain(self.extra.iter().map(|(_, value)| value))
            .chain(&basic)
            .chain(&password)
            .chain(&proxy_password)
        {
            redactor.add(secret);
        }
        let mut identity = Identity::new(self.credentials);
        identity.renewal = self.renewal;
        identity.sudo_as_login = self.sudo_as_login;
        identity.extra = self.extra;
        let inner = Inner {
            api_url: site.api_url(),
            host: site.authority().into(),
            site,
            agent,
            identity,
            localized: self.localized,
            basic,
            redactor,
            observer: self.observer,
            records_per_page: self.records_per_page,
            parallel_pages: self.parallel_pages,
            max_answer: self.max_answer,
            retries: self.retries,
            info: OnceLock::new(),
            session: Mutex::new(None),
        };
        Ok(Client {
            inner: Arc::new(inner),
            bounds: Bounds {
                cancel: None,
                deadline: self.deadline,
            },
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            url,
            credentials,
            timeouts,
            ..
        } = self;
        f.debug_struct("ClientBuilder")
            .field("url", &crate::shotgun::site::without_userinfo(url))
            .field("credentials", credentials)
            .field("timeouts", timeouts)
            .finish_non_exhaustive()
    }
}
