//! Who asks, as it stands: the credentials that were given, or the session that has taken their place.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value as Json, json};

use crate::shotgun::auth::credentials::{Credentials, FormField};
use crate::shotgun::error::Error;

/// The code of the site's "I do not know you (any more)".
const UNKNOWN: i64 = 102;

/// Brings the token of a new session, or none if it cannot.
pub(in crate::shotgun) type Renewal = Box<dyn Fn() -> Option<SecretString> + Send + Sync>;

/// Who a client asks as, and what goes along with it.
#[derive(Default)]
pub(in crate::shotgun) struct Identity {
    standing: Mutex<Standing>,
    /// Held while a session is opened or renewed: of many calls that want one, one gets it and the others need it anyway. What
    /// it holds is how the site refused a code, which is then spent.
    opening: Mutex<Option<Error>>,
    /// How often a new session was asked for.
    asked: AtomicU64,
    pub(in crate::shotgun) renewal: Option<Renewal>,
    /// The person that a script acts as.
    pub(in crate::shotgun) sudo_as_login: Option<Arc<str>>,
    pub(in crate::shotgun) session_uuid: Mutex<Option<Arc<str>>>,
    /// Sent along last, so that they may override anything.
    pub(in crate::shotgun) extra: Vec<(Arc<str>, SecretString)>,
}

#[derive(Clone, Default)]
struct Standing {
    /// The script's name or the login, also when a session has taken their place.
    name: Option<Arc<str>>,
    /// Whether the name is a login.
    is_person: bool,
    credentials: Option<Credentials>,
    /// How often they have changed.
    generation: u64,
}

/// Credentials, and which they are in the row of those that a client has had.
pub(in crate::shotgun) struct Current {
    pub(in crate::shotgun) credentials: Credentials,
    /// None if they are not the client's own.
    generation: Option<u64>,
}

impl Current {
    /// Credentials that are not the client's own.
    pub(in crate::shotgun) fn once(credentials: &Credentials) -> Self {
        Self {
            credentials: credentials.clone(),
            generation: None,
        }
    }

    const fn is_stranger(&self) -> bool {
        self.generation.is_none()
    }
}

impl Identity {
    pub(in crate::shotgun) fn new(credentials: Option<Credentials>) -> Self {
        Self {
            standing: Mutex::new(Standing {
                name: credentials
                    .as_ref()
                    .and_then(Credentials::name)
                    .map(Into::into),
                is_person: matches!(credentials, Some(Credentials::Login { .. })),
                credentials,
                generation: 0,
            }),
            ..Self::default()
        }
    }

    pub(in crate::shotgun) fn name(&self) -> Option<Arc<str>> {
        self.standing.lock().name.clone()
    }

    /// The login of the person that the site will see: the one that a script acts as, or the one who logged in.
    pub(in crate::shotgun) fn login(&self) -> Option<Arc<str>> {
        let standing = self.standing.lock();
        let login = standing.name.clone().filter(|_| standing.is_person);
        self.sudo_as_login.clone().or(login)
    }

    pub(in crate::shotgun) fn credentials(&self) -> Option<Credentials> {
        self.standing.lock().credentials.clone()
    }

    /// What to ask with. A code that works only once is traded for a session first, with `open`.
    pub(in crate::shotgun) fn current(
        &self,
        open: impl FnOnce(&Credentials) -> Result<SecretString, Error>,
        go_on: impl Fn() -> Result<(), Error>,
    ) -> Result<Current, Error> {
        let current = self.known().ok_or_else(nobody)?;
        if !current.credentials.works_once() {
            return Ok(current);
        }
        let mut spent = self.turn(go_on)?;
        let current = self.known().ok_or_else(nobody)?;
        if !current.credentials.works_once() {
            return Ok(current);
        }
        if let Some(refusal) = &*spent {
            return Err(refusal.clone());
        }
        let opened = open(&current.credentials);
        if let Err(refusal @ Error::Unauthorized { .. }) = &opened {
            *spent = Some(refusal.clone());
        }
        self.put(opened?);
        self.known().ok_or_else(nobody)
    }

    /// Whether `error` says that the site does not know who asks, or does not any more.
    pub(in crate::shotgun) const fn knows_no_more(error: &Error) -> bool {
        matches!(
            error,
            Error::Unauthorized {
                code: Some(UNKNOWN),
                ..
            }
        )
    }

    /// The session of `refused` is over: whether there is another one by now to ask again with.
    pub(in crate::shotgun) fn renew(
        &self,
        refused: &Current,
        learn: impl FnOnce(&SecretString),
        go_on: impl Fn() -> Result<(), Error>,
    ) -> Result<bool, Error> {
        let is_session = matches!(refused.credentials, Credentials::Session { .. });
        let is_worth_it = is_session && !refused.is_stranger();
        let Some(renewal) = self.renewal.as_ref().filter(|_| is_worth_it) else {
            return Ok(false);
        };
        let asked = self.asked.load(Ordering::Acquire);
        let _one_at_a_time = self.turn(go_on)?;
        if Some(self.standing.lock().generation) != refused.generation {
            return Ok(true);
        }
        // Whoever waited in vain shares the outcome.
        if self.asked.load(Ordering::Acquire) != asked {
            return Ok(false);
        }
        let token = renewal();
        self.asked.fetch_add(1, Ordering::Release);
        let Some(token) = token else {
            return Ok(false);
        };
        learn(&token);
        self.put(token);
        Ok(true)
    }

    /// Waits until nobody else opens a session, as long as `go_on` says so: that may be a person who looks for a password.
    fn turn(
        &self,
        go_on: impl Fn() -> Result<(), Error>,
    ) -> Result<MutexGuard<'_, Option<Error>>, Error> {
        const LOOK: Duration = Duration::from_millis(20);
        loop {
            if let Some(turn) = self.opening.try_lock_for(LOOK) {
                return Ok(turn);
            }
            go_on()?;
        }
    }

    /// The auth object of a request: the credentials, and what goes along with the client's own. A place where secrets leave.
    pub(in crate::shotgun) fn to_wire(&self, asker: &Current) -> Json {
        let mut auth = asker.credentials.to_wire();
        if asker.is_stranger() {
            return auth;
        }
        if let Some(login) = &self.sudo_as_login {
            auth["sudo_as_login"] = json!(login);
        }
        if let Some(uuid) = &*self.session_uuid.lock() {
            auth["session_uuid"] = json!(uuid);
        }
        for (name, value) in &self.extra {
            auth[&**name] = json!(value.expose_secret());
        }
        auth
    }

    /// The same as the fields of a form, in the order of `shotgun_api3`.
    pub(in crate::shotgun) fn to_form(&self, asker: &Current) -> Vec<FormField> {
        let mut fields = asker.credentials.to_form();
        let mut set = |name: &str, value: &str| {
            fields.retain(|(known, _)| known != name);
            fields.push((name.to_owned().into(), Zeroizing::new(value.to_owned())));
        };
        if let Some(uuid) = &*self.session_uuid.lock() {
            set("session_uuid", uuid);
        }
        if let Some(login) = &self.sudo_as_login {
            set("sudo_as_login", login);
        }
        for (name, value) in &self.extra {
            set(name, value.expose_secret());
        }
        fields
    }

    /// The same for people's eyes.
    pub(in crate::shotgun) fn to_shown(&self, asker: &Current) -> Json {
        let mut auth = asker.credentials.to_shown();
        if let Some(login) = self.sudo_as_login.as_ref().filter(|_| !asker.is_stranger()) {
            auth["sudo_as_login"] = json!(login);
        }
        auth
    }

    /// The token of the session that the client is in, if it is in one.
    pub(in crate::shotgun) fn session_token(&self) -> Option<SecretString> {
        match self.standing.lock().credentials.as_ref()? {
            Credentials::Session { token } => Some(token.clone()),
            Credentials::Script { .. } | Credentials::Login { .. } => None,
        }
    }

    /// Who asks, without asking anybody.
    pub(in crate::shotgun) fn known(&self) -> Option<Current> {
        let Standing {
            credentials,
            generation,
            ..
        } = self.standing.lock().clone();
        Some(Current {
            credentials: credentials?,
            generation: Some(generation),
        })
    }

    fn put(&self, token: SecretString) {
        let mut standing = self.standing.lock();
        standing.credentials = Some(Credentials::session(token));
        standing.generation += 1;
    }
}

fn nobody() -> Error {
    Error::Unauthorized {
        message: "no credentials were given".into(),
        code: None,
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("credentials", &self.credentials())
            .field("sudo_as_login", &self.sudo_as_login)
            .finish_non_exhaustive()
    }
}
