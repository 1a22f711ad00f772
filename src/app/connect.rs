//! From an address and credentials to a live [`Session`].

use std::fmt;
use std::io;
use std::sync::Arc;

use parking_lot::Mutex;

use super::lanes::stoppable;
use super::session::Session;
use crate::calls::Recorder;
use crate::offload::{Executor, Job, Origin};
use crate::sandbox::{SCRIPT_KEY, SCRIPT_NAME, Sandbox};
use crate::shotgun::{Client, Credentials, Error, Observer};

/// Where to connect to.
#[derive(Clone)]
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

/// An address may hold a user and a password: only its host is told.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Target").field(&self.name()).finish()
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

/// Makes sessions. Lives as long as the window.
#[derive(Clone)]
pub struct Connector {
    /// Each attempt has a worker of its own: one that waits for a site that does not answer never holds up the next one.
    worker: MakeExecutor,
    /// The worker of the latest attempt.
    latest: Arc<Mutex<Executor>>,
    sessions: Sessions,
}

type MakeExecutor = Arc<dyn Fn() -> io::Result<Executor> + Send + Sync>;

/// What the sessions are made with.
#[derive(Clone)]
struct Sessions {
    recorder: Arc<Recorder>,
    /// Each session has an executor of its own: a site that does not answer never holds up the next one.
    executor: MakeExecutor,
}

impl Connector {
    /// `wake` asks the window for a frame, from any thread. Fails when the system gives no threads.
    pub fn new(recorder: Arc<Recorder>, wake: Arc<dyn Fn() + Send + Sync>) -> io::Result<Self> {
        let of_attempt = Arc::clone(&wake);
        let worker = move || {
            let wake = Arc::clone(&of_attempt);
            Executor::pool(1, move || wake())
        };
        let of_session = move || {
            let wake = Arc::clone(&wake);
            Executor::new(move || wake())
        };
        Ok(Self {
            latest: Arc::new(Mutex::new(worker()?)),
            worker: Arc::new(worker),
            sessions: Sessions {
                recorder,
                executor: Arc::new(of_session),
            },
        })
    }

    /// For tests: jobs of the connector and of its sessions wait until [`Self::run_pending`] and
    /// [`Session::run_pending`].
    pub fn manual(recorder: Arc<Recorder>) -> Self {
        let manual: MakeExecutor = Arc::new(|| Ok(Executor::manual(|| {})));
        Self {
            worker: Arc::clone(&manual),
            latest: Arc::new(Mutex::new(Executor::manual(|| {}))),
            sessions: Sessions {
                recorder,
                executor: manual,
            },
        }
    }

    /// Runs what waits on a manual connector, in tests.
    pub fn run_pending(&self) -> usize {
        let latest = self.latest.lock().clone();
        latest.run_pending()
    }

    /// Starts an attempt. It ends with a session that was answered by the site, or with the reason why not.
    pub fn connect(&self, origin: Origin, target: Target) -> Job<Session, ConnectError> {
        let sessions = self.sessions.clone();
        // Where the system gives no more threads, the attempt queues behind the one before.
        if let Ok(worker) = (self.worker)() {
            *self.latest.lock() = worker;
        }
        let latest = self.latest.lock().clone();
        latest
            .job("connect")
            .origin(origin)
            .run(move || match target {
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
        stoppable(&client, |sg| {
            sg.info()?;
            // `info` asks for no credentials; this does.
            sg.find_one("Project", &[], &["id"])
        })
        .map_err(ConnectError::Site)?;
        let executor = (self.executor)().map_err(ConnectError::Start)?;
        Ok(Session::new(client, executor, None))
    }

    fn observer(&self) -> Arc<dyn Observer> {
        Arc::clone(&self.recorder) as Arc<_>
    }
}
