//! Sessions: tokens that stand for a person or script, until they expire.

use std::collections::{HashMap, VecDeque};

use parking_lot::Mutex;

use super::super::error::Fault;
use super::super::value::Ref;

/// Sessions beyond this many close the oldest ones.
const MOST_SESSIONS: usize = 10_000;
/// How many random characters make a session token.
const TOKEN_LENGTH: usize = 32;

/// The sessions that are open.
#[derive(Debug)]
pub struct Sessions {
    calls: Option<u32>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    rows: HashMap<String, Session>,
    oldest_first: VecDeque<String>,
}

#[derive(Debug)]
struct Session {
    caller: Ref,
    calls_left: Option<u32>,
}

impl Sessions {
    /// Sessions that expire after so many calls, or never.
    pub fn lasting(calls: Option<u32>) -> Self {
        Self {
            calls,
            inner: Mutex::default(),
        }
    }

    /// Opens a session for someone who has just been authenticated, and gives back its token.
    pub fn open(&self, caller: Ref) -> String {
        let token: String = std::iter::repeat_with(fastrand::alphanumeric)
            .take(TOKEN_LENGTH)
            .collect();
        let token = token.to_ascii_lowercase();
        let mut sessions = self.inner.lock();
        let session = Session {
            caller,
            calls_left: self.calls,
        };
        sessions.rows.insert(token.clone(), session);
        sessions.oldest_first.push_back(token.clone());
        if sessions.oldest_first.len() > MOST_SESSIONS
            && let Some(oldest) = sessions.oldest_first.pop_front()
        {
            sessions.rows.remove(&oldest);
        }
        token
    }

    /// Who calls with `token`. This is one of the session's calls.
    pub fn call(&self, token: &str) -> Result<Ref, Fault> {
        let mut sessions = self.inner.lock();
        let session = sessions.rows.get_mut(token).ok_or_else(|| dead(token))?;
        match &mut session.calls_left {
            Some(0) => Err(dead(token)),
            Some(left) => {
                *left -= 1;
                Ok(session.caller)
            }
            None => Ok(session.caller),
        }
    }

    /// Whether there is such a session, and it has not expired.
    pub fn knows(&self, token: &str) -> bool {
        let sessions = self.inner.lock();
        sessions
            .rows
            .get(token)
            .is_some_and(|session| session.calls_left != Some(0))
    }

    /// Ends them all.
    pub fn expire(&self) {
        *self.inner.lock() = Inner::default();
    }
}

/// The answer to a token that stands for nobody, or nobody any more.
pub fn dead(token: &str) -> Fault {
    let end = token
        .char_indices()
        .rev()
        .nth(3)
        .map_or(token, |(at, _)| &token[at..]);
    Fault::authentication(format!(
        "Can't authenticate session token ending with '{end}'"
    ))
}
