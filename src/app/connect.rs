//! From an address and credentials to a live [`Session`].

use std::io;
use std::sync::Arc;

use super::session::Session;
use crate::calls::Recorder;
use crate::offload::{Executor, Job, Origin};
use crate::sandbox::{SCRIPT_KEY, SCRIPT_NAME, Sandbox};
use crate::shotgun::{Client, Credentials, Error, Observer};

/// Attempts to connect that may wait at the same time.
const ATTEMPTS: usize = 2;

/// Where to connect to.
#[derive(Clone, Debug)]
pub enum Target {
    /// The embedded sandbox.
    Sandbox,
    /// A site.
    Site {
        /// Its address.
        url: String,
        /// Who asks.
        credentials: Credentials,
    },
}

impl Target {
    /// What to call it in a sentence: the host, never the credentials that an address may hold.
    pub fn name(&self) -> &str {
        match self {
            Self::Sandbox => "the sandbox",
            Self::Site { url, .. } => {
                let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
                let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
                authority
                    .rsplit_once('@')
                    .map_or(authority, |(_, host)| host)
            }
        }
    }
}

/// Two targets are the same if they lead to the same site; credentials are not compared.
impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Sandbox, Self::Sandbox) => true,
            (Self::Site { url, .. }, Self::Site { url: other, .. }) => url == other,
            (Self::Sandbox, Self::Site { .. }) | (Self::Site { .. }, Self::Sandbox) => false,
        }
    }
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The site, or the way to it.
    #[error("{}", .0.headline())]
    Site(#[source] Error),
    /// The sandbox did not start, or the system gave no threads.
    #[error("The sandbox did not start: {0}")]
    Start(#[source] io::Error),
}

/// Makes sessions. Lives as long as the window; the jobs it starts run on an executor of its own.
#[derive(Clone)]
pub struct Connector {
    executor: Executor,
    sessions: Sessions,
}

/// What the sessions are made with.
#[derive(Clone)]
struct Sessions {
    recorder: Arc<Recorder>,
    /// Each session has an executor of its own: a site that does not answer never holds up the next one.
    executor: Arc<dyn Fn() -> io::Result<Executor> + Send + Sync>,
}

impl Connector {
    /// `wake` asks the window for a frame, from any thread. Fails when the system gives no threads.
    pub fn new(recorder: Arc<Recorder>, wake: Arc<dyn Fn() + Send + Sync>) -> io::Result<Self> {
        let own = Arc::clone(&wake);
        let executor = Executor::pool(ATTEMPTS, move || own())?;
        let of_session = move || {
            let wake = Arc::clone(&wake);
            Executor::new(move || wake())
        };
        Ok(Self {
            executor,
            sessions: Sessions {
                recorder,
                executor: Arc::new(of_session),
            },
        })
    }

    /// For tests: jobs of the connector and of its sessions wait until [`Self::run_pending`] and
    /// [`Session::run_pending`].
    pub fn manual(recorder: Arc<Recorder>) -> Self {
        let executor: Arc<dyn Fn() -> _ + Send + Sync> = Arc::new(|| Ok(Executor::manual(|| {})));
        Self {
            executor: Executor::manual(|| {}),
            sessions: Sessions { recorder, executor },
        }
    }

    /// Runs what waits on a manual connector, in tests.
    pub fn run_pending(&self) -> usize {
        self.executor.run_pending()
    }

    /// Starts an attempt. It ends with a session that was answered by the site, or with the reason why not.
    pub fn connect(&self, origin: Origin, target: Target) -> Job<Session, ConnectError> {
        let sessions = self.sessions.clone();
        self.executor
            .run_for(origin, "connect", move || match target {
                Target::Sandbox => sessions.sandbox(),
                Target::Site { url, credentials } => sessions.site(&url, credentials),
            })
    }
}

impl Sessions {
    fn sandbox(&self) -> Result<Session, ConnectError> {
        let sandbox = Sandbox::start().map_err(ConnectError::Start)?;
        let client = Client::builder(&sandbox.url())
            .script(SCRIPT_NAME, SCRIPT_KEY)
            .observer(self.observer())
            .build()
            .map_err(ConnectError::Site)?;
        let executor = (self.executor)().map_err(ConnectError::Start)?;
        Ok(Session::new(client, executor, Some(sandbox)))
    }

    fn site(&self, url: &str, credentials: Credentials) -> Result<Session, ConnectError> {
        let client = Client::builder(url)
            .credentials(credentials)
            .observer(self.observer())
            .build()
            .map_err(ConnectError::Site)?;
        client.info().map_err(ConnectError::Site)?;
        // `info` asks for no credentials; this does.
        client
            .find_one("Project", &[], &["id"])
            .map_err(ConnectError::Site)?;
        let executor = (self.executor)().map_err(ConnectError::Start)?;
        Ok(Session::new(client, executor, None))
    }

    fn observer(&self) -> Arc<dyn Observer> {
        Arc::clone(&self.recorder) as Arc<_>
    }
}
