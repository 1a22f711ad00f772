//! Who asks. Secrets live here and go nowhere else than into a request.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value as Json, json};

/// How a client identifies itself. Printing one shows the name and hides the rest.
///
/// ```
/// use callboard::shotgun::Credentials;
///
/// let script = Credentials::script("pipeline", "hush");
/// assert_eq!(format!("{script:?}"), "Script(\"pipeline\")");
/// ```
#[derive(Clone)]
pub enum Credentials {
    /// A machine account.
    Script {
        /// Its name.
        name: Arc<str>,
        /// Its key.
        key: SecretString,
    },
    /// A person.
    Login {
        /// Their login.
        login: Arc<str>,
        /// Their password.
        password: SecretString,
        /// The one-time code of their authenticator, on a site that asks for one.
        code: Option<SecretString>,
    },
    /// A session that someone else opened.
    Session {
        /// Its token.
        token: SecretString,
    },
}

/// A field of a form, which may hold a secret.
pub(in crate::shotgun) type FormField = (Cow<'static, str>, Zeroizing<String>);

impl Credentials {
    /// A machine account.
    pub fn script(name: &str, key: impl Into<SecretString>) -> Self {
        Self::Script {
            name: name.into(),
            key: key.into(),
        }
    }

    /// A person.
    pub fn login(login: &str, password: impl Into<SecretString>) -> Self {
        Self::Login {
            login: login.into(),
            password: password.into(),
            code: None,
        }
    }

    /// A person on a site that asks for the one-time code of an authenticator. It works once: with the first call the client
    /// opens a session, and goes on in that.
    pub fn login_with_code(
        login: &str,
        password: impl Into<SecretString>,
        code: impl Into<SecretString>,
    ) -> Self {
        Self::Login {
            login: login.into(),
            password: password.into(),
            code: Some(code.into()),
        }
    }

    /// A session that someone else opened.
    pub fn session(token: impl Into<SecretString>) -> Self {
        Self::Session {
            token: token.into(),
        }
    }

    /// The name to show: of the script, or the login. A session has none.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Script { name, .. } => Some(name),
            Self::Login { login, .. } => Some(login),
            Self::Session { .. } => None,
        }
    }

    /// All that proves who asks.
    pub(in crate::shotgun) fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        let (secret, code) = match self {
            Self::Script { key, .. } => (key, None),
            Self::Login { password, code, .. } => (password, code.as_ref()),
            Self::Session { token } => (token, None),
        };
        std::iter::once(secret).chain(code)
    }

    /// Whether nobody can ask with them a second time.
    pub(in crate::shotgun) const fn works_once(&self) -> bool {
        matches!(self, Self::Login { code: Some(_), .. })
    }

    /// What is missing, if something is.
    pub(in crate::shotgun) fn check(&self) -> Result<(), &'static str> {
        match self {
            Self::Script { name, .. } if name.trim().is_empty() => {
                Err("the script's name is empty")
            }
            Self::Script { key, .. } if key.expose_secret().is_empty() => {
                Err("the script's key is empty")
            }
            Self::Login { login, .. } if login.trim().is_empty() => Err("the login is empty"),
            Self::Login { password, .. } if password.expose_secret().is_empty() => {
                Err("the password is empty")
            }
            Self::Login {
                code: Some(code), ..
            } if code.expose_secret().trim().is_empty() => Err("the one-time code is empty"),
            Self::Session { token } if token.expose_secret().is_empty() => {
                Err("the session token is empty")
            }
            Self::Script { .. } | Self::Login { .. } | Self::Session { .. } => Ok(()),
        }
    }

    /// The first of a call's `params`. One of two places where secrets leave; [`Credentials::to_form`] is the other.
    pub(in crate::shotgun) fn to_wire(&self) -> Json {
        match self {
            Self::Script { name, key } => {
                json!({ "script_name": name, "script_key": key.expose_secret() })
            }
            Self::Login {
                login,
                password,
                code,
            } => {
                let password = password.expose_secret();
                let mut auth = json!({ "user_login": login, "user_password": password });
                if let Some(code) = code {
                    auth["auth_token"] = json!(code.expose_secret());
                }
                auth
            }
            Self::Session { token } => {
                json!({ "session_token": token.expose_secret(), "reject_if_expired": true })
            }
        }
    }

    /// The fields of an upload form that say who asks. The other place where secrets leave.
    pub(in crate::shotgun) fn to_form(&self) -> Vec<FormField> {
        let field =
            |name: &'static str, value: &str| (name.into(), Zeroizing::new(value.to_owned()));
        match self {
            Self::Script { name, key } => vec![
                field("script_name", name),
                field("script_key", key.expose_secret()),
            ],
            Self::Login {
                login,
                password,
                code,
            } => {
                let mut fields = vec![
                    field("user_login", login),
                    field("user_password", password.expose_secret()),
                ];
                let code = code.as_ref();
                fields.extend(code.map(|code| field("auth_token", code.expose_secret())));
                fields
            }
            Self::Session { token } => vec![
                field("session_token", token.expose_secret()),
                field("reject_if_expired", "True"),
            ],
        }
    }

    /// The same for people's eyes: who, and never how they prove it.
    pub(in crate::shotgun) fn to_shown(&self) -> Json {
        match self {
            Self::Script { name, .. } => json!({ "script_name": name }),
            Self::Login { login, .. } => json!({ "user_login": login }),
            Self::Session { .. } => json!({ "session": true }),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Script { name, .. } => f.debug_tuple("Script").field(name).finish(),
            Self::Login { login, .. } => f.debug_tuple("Login").field(login).finish(),
            Self::Session { .. } => f.write_str("Session"),
        }
    }
}

/// The value of an `Authorization: Basic` header.
pub(in crate::shotgun) fn basic(userinfo: &SecretString) -> SecretString {
    SecretString::from(format!(
        "Basic {}",
        base64(userinfo.expose_secret().as_bytes())
    ))
}

pub(in crate::shotgun) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0_u32, |group, byte| group << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for sextet in 0..4 {
            let index = (group >> (18 - 6 * sextet) & 63) as usize;
            text.push(if sextet <= chunk.len() {
                char::from(ALPHABET[index])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_base64() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
            ("\u{fb}\u{ff}", "w7vDvw=="),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn debug_and_shown_hold_no_secret() {
        for credentials in [
            Credentials::script("s", "hush"),
            Credentials::login("ann", "hush"),
            Credentials::login_with_code("ann", "hush", "hush"),
            Credentials::session("hush"),
        ] {
            assert!(!format!("{credentials:?} {}", credentials.to_shown()).contains("hush"));
            assert!(credentials.to_wire().to_string().contains("hush"));
            assert!(
                credentials
                    .to_form()
                    .iter()
                    .any(|(_, value)| **value == "hush")
            );
        }
    }
}
