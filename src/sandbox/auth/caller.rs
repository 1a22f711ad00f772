//! Who was found to call, and what calling uses up.

use super::super::error::Fault;
use super::super::transaction::Transaction;
use super::super::value::Ref;
use super::{codes, sessions};

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The person or script that all of it is done by.
    pub actor: Ref,
    /// Who has logged in: the same, unless it is a script that acts for a person.
    pub sender: Ref,
}

impl From<Ref> for Caller {
    /// Someone who acts for nobody else.
    fn from(at: Ref) -> Self {
        Self {
            actor: at,
            sender: at,
        }
    }
}

/// What someone has shown to be let in, if it does not work any number of times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uses {
    /// A password or a key, or a session that lasts.
    Nothing,
    /// A one-time code of this login.
    Code {
        /// Whose it is.
        login: String,
        /// The code.
        code: String,
    },
    /// One of the calls of the session with this token.
    Call {
        /// The token.
        token: String,
    },
}

impl Uses {
    /// Uses it up. Somebody else may have been faster: then it is too late.
    pub fn up(&self, change: &mut Transaction<'_>) -> Result<(), Fault> {
        match self {
            Self::Nothing => Ok(()),
            Self::Code { login, code } => codes::redeem(change, login, code),
            Self::Call { token } => sessions::spend(change, token),
        }
    }
}
