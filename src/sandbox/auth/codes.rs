//! One-time codes: who needs one, and which ones are left.
//!
//! A code that was used is a mark beside the rows: on a site that is kept it stays used.

use serde_json::json;

use super::super::beside::Mark;
use super::super::error::Fault;
use super::super::store::Store;
use super::super::transaction::Transaction;
use super::caller::Uses;
use super::password;

/// Logins and the codes that were given out to them.
#[derive(Debug)]
pub struct Codes(Vec<(String, String)>);

impl Codes {
    /// Whoever is listed needs a code from now on.
    pub fn new(codes: Vec<(String, String)>) -> Self {
        Self(codes)
    }

    /// Whether someone whose password was right may come in, and which code that uses up.
    pub fn check(&self, store: &Store, login: &str, code: Option<&str>) -> Result<Uses, Fault> {
        let Self(codes) = self;
        if !codes.iter().any(|(owner, _)| owner == login) {
            return Ok(Uses::Nothing);
        }
        let code = code.filter(|code| !code.is_empty());
        let code = code.ok_or_else(|| {
            Fault::missing_code(format!(
                "User '{login}' needs a two-factor authentication code."
            ))
        })?;
        let known = codes
            .iter()
            .any(|(owner, known)| owner == login && known == code);
        if !known || store.mark(&used(login, code)).is_some() {
            return Err(wrong(login));
        }
        Ok(Uses::Code {
            login: login.to_owned(),
            code: code.to_owned(),
        })
    }
}

/// Uses up a code.
pub fn redeem(change: &mut Transaction<'_>, login: &str, code: &str) -> Result<(), Fault> {
    let used = used(login, code);
    if change.store().mark(&used).is_some() {
        return Err(wrong(login));
    }
    change.mark(used, Some(json!(true)));
    Ok(())
}

fn used(login: &str, code: &str) -> Mark {
    Mark::UsedCode {
        digest: password::digest(&[login, "\n", code]),
    }
}

fn wrong(login: &str) -> Fault {
    Fault::authentication(format!("Can't authenticate user '{login}'."))
}
