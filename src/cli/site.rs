//! Which site a command works on, and with which credentials.

use std::env;
use std::sync::Arc;

use super::args::SiteArgs;
use super::output::Usage;
use crate::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox};
use crate::shotgun::{Client, Credentials, Observer};

const MISSING: &str = "No credentials: set CALLBOARD_SCRIPT_NAME and CALLBOARD_SCRIPT_KEY, or CALLBOARD_LOGIN and \
                       CALLBOARD_PASSWORD, or CALLBOARD_SESSION_TOKEN.";

const CODE: &str = "CALLBOARD_ONE_TIME_CODE";

/// A client, and the sandbox behind it if the site is one.
pub(super) struct Connected {
    pub(super) client: Client,
    pub(super) sandbox: Option<Sandbox>,
}

/// The address on the command line, or else in the environment. Absent: the embedded sandbox.
pub(super) fn address(args: &SiteArgs) -> Option<String> {
    args.site.clone().or_else(|| variable("CALLBOARD_SITE"))
}

/// Credentials for a real site, from the environment. A session goes first: nobody sets one for good, as they may a script.
pub(super) fn credentials() -> Result<Option<Credentials>, Usage> {
    if let Some(token) = variable("CALLBOARD_SESSION_TOKEN") {
        return Ok(Some(Credentials::session(token)));
    }
    let script = (
        variable("CALLBOARD_SCRIPT_NAME"),
        variable("CALLBOARD_SCRIPT_KEY"),
    );
    let login = (variable("CALLBOARD_LOGIN"), variable("CALLBOARD_PASSWORD"));
    match (script, login) {
        ((Some(name), Some(key)), _) => Ok(Some(Credentials::script(&name, key))),
        (_, (Some(login), Some(password))) => Ok(Some(person(&login, password))),
        ((Some(_), None), _) => Err(half("CALLBOARD_SCRIPT_NAME", "CALLBOARD_SCRIPT_KEY")),
        ((None, Some(_)), _) => Err(half("CALLBOARD_SCRIPT_KEY", "CALLBOARD_SCRIPT_NAME")),
        (_, (Some(_), None)) => Err(half("CALLBOARD_LOGIN", "CALLBOARD_PASSWORD")),
        (_, (None, Some(_))) => Err(half("CALLBOARD_PASSWORD", "CALLBOARD_LOGIN")),
        ((None, None), (None, None)) if variable(CODE).is_some() => {
            Err(half(CODE, "CALLBOARD_LOGIN"))
        }
        ((None, None), (None, None)) => Ok(None),
    }
}

/// A person, with a one-time code if there is one.
fn person(login: &str, password: String) -> Credentials {
    match variable(CODE) {
        Some(code) => Credentials::login_with_code(login, password, code),
        None => Credentials::login(login, password),
    }
}

/// Connects to the site, or starts the sandbox. Asks nothing of a site yet.
pub(super) fn connect(
    address: Option<&str>,
    observer: Option<Arc<dyn Observer>>,
) -> anyhow::Result<Connected> {
    let (sandbox, url, credentials) = if let Some(url) = address {
        (
            None,
            url.to_owned(),
            credentials()?.ok_or_else(|| Usage(MISSING.to_owned()))?,
        )
    } else {
        let sandbox = Sandbox::with(Options::default())?;
        let url = sandbox.url();
        (
            Some(sandbox),
            url,
            Credentials::script(SCRIPT_NAME, SCRIPT_KEY.to_owned()),
        )
    };
    let mut builder = Client::builder(&url).credentials(credentials);
    if let Some(observer) = observer {
        builder = builder.observer(observer);
    }
    Ok(Connected {
        client: builder.build()?,
        sandbox,
    })
}

/// An environment variable that is set to something.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn half(set: &str, missing: &str) -> Usage {
    Usage(format!("{set} is set but {missing} is not: set both."))
}
