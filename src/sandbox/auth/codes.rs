//! One-time codes: who needs one, and which ones are left.

use parking_lot::Mutex;

use super::super::error::Fault;

/// The codes that have not been used.
#[derive(Debug)]
pub struct Codes {
    logins: Vec<String>,
    unused: Mutex<Vec<(String, String)>>,
}

impl Codes {
    /// Whoever is listed needs a code from now on.
    pub fn new(codes: Vec<(String, String)>) -> Self {
        Self {
            logins: codes.iter().map(|(login, _)| login.clone()).collect(),
            unused: Mutex::new(codes),
        }
    }

    /// Uses up the code of someone whose password was right.
    pub fn redeem(&self, login: &str, code: Option<&str>) -> Result<(), Fault> {
        if !self.logins.iter().any(|known| known == login) {
            return Ok(());
        }
        let code = code.filter(|code| !code.is_empty());
        let code = code.ok_or_else(|| {
            Fault::missing_code(format!(
                "User '{login}' needs a two-factor authentication code."
            ))
        })?;
        let mut unused = self.unused.lock();
        let found = unused
            .iter()
            .position(|(owner, known)| owner == login && known == code);
        let found = found
            .ok_or_else(|| Fault::authentication(format!("Can't authenticate user '{login}'.")))?;
        unused.swap_remove(found);
        Ok(())
    }
}
