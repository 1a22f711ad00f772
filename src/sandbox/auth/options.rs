//! How people log in to a sandbox.

use std::fmt;
use std::str::FromStr;

/// How people log in, and for how long.
///
/// ```
/// use callboard::sandbox::{LoginOptions, Options, Sandbox, Seed, UserAuthentication};
///
/// let logins = LoginOptions {
///     user_authentication_method: UserAuthentication::Saml2,
///     session_calls: Some(100),
///     ..LoginOptions::default()
/// };
/// let users = vec![("mira".into(), "of no use here".into())];
/// let sandbox = Sandbox::with(Options { seed: Seed::Small, users, logins, ..Options::default() })?;
/// assert!(sandbox.open_session("mira").is_some());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct LoginOptions {
    /// Where the site looks people up.
    pub user_authentication_method: UserAuthentication,
    /// Logins and one-time codes. Whoever is listed here needs one of them beside the password, and each of them works
    /// once.
    pub one_time_codes: Vec<(String, String)>,
    /// After how many calls a session expires; nothing means never. Calls, not time: so it expires at the same call on
    /// every machine, and no test waits for it.
    pub session_calls: Option<u32>,
}

impl fmt::Debug for LoginOptions {
    // Secrets stay out of it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            user_authentication_method,
            one_time_codes,
            session_calls,
        } = self;
        formatter
            .debug_struct("LoginOptions")
            .field("user_authentication_method", user_authentication_method)
            .field("one_time_codes", &one_time_codes.len())
            .field("session_calls", session_calls)
            .finish()
    }
}

/// Where a site looks people up. Scripts and sessions work in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserAuthentication {
    /// On the site itself: login and password.
    #[default]
    Default,
    /// In the studio's directory; for callers that is the same.
    Ldap,
    /// At the studio's single sign-on. Passwords are refused with 108.
    Saml2,
    /// At Autodesk Identity. Passwords are refused with 110.
    Oxygen,
}

impl UserAuthentication {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Default, Self::Ldap, Self::Saml2, Self::Oxygen];

    /// The name in `info`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Ldap => "ldap",
            Self::Saml2 => "saml2",
            Self::Oxygen => "oxygen",
        }
    }
}

/// The name is not that of a [`UserAuthentication`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAuthentication(String);

impl fmt::Display for UnknownAuthentication {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(name) = self;
        write!(
            formatter,
            "unknown method '{name}': choose default, ldap, saml2 or oxygen"
        )
    }
}

impl std::error::Error for UnknownAuthentication {}

impl FromStr for UserAuthentication {
    type Err = UnknownAuthentication;

    fn from_str(name: &str) -> Result<Self, UnknownAuthentication> {
        let found = Self::ALL.into_iter().find(|method| method.name() == name);
        found.ok_or_else(|| UnknownAuthentication(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_read_back_from_its_name() {
        for method in UserAuthentication::ALL {
            assert_eq!(method.name().parse(), Ok(method));
        }
        assert!("SAML".parse::<UserAuthentication>().is_err());
    }
}
