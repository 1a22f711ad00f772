//! Calls that have no method of their own.

use serde_json::Value as Json;

use crate::shotgun::call::rpc::{Auth, Rpc};
use crate::shotgun::client::Client;
use crate::shotgun::error::Error;

/// What a call does on the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It changes nothing, so it may be made again when it fails.
    Reads,
    /// It may change something, so it never is.
    Writes,
}

impl Client {
    /// Calls any method of the site by its name on the wire, for what this client does not know: the argument and the result as
    /// JSON, text as a string. The methods of this type are nicer.
    ///
    /// ```no_run
    /// # use callboard::shotgun::{Client, Effect};
    /// # let client = Client::builder("http://127.0.0.1:8080").script("callboard", "sandbox").build()?;
    /// let argument = serde_json::json!({ "prefs": ["hours_per_day"] });
    /// let preferences = client.call_rpc("preferences_read", Some(argument), Effect::Reads)?;
    /// println!("{}", preferences["hours_per_day"]);
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn call_rpc(
        &self,
        method: &str,
        argument: Option<Json>,
        effect: Effect,
    ) -> Result<Json, Error> {
        let auth = if method == "info" {
            Auth::Nobody
        } else {
            Auth::Client
        };
        let rpc = Rpc {
            auth,
            write: effect == Effect::Writes,
            ..Rpc::read(method.to_owned(), argument)
        };
        self.call(method, None, |talk| talk.ask_either(&rpc))
    }
}
