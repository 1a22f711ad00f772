//! The site behind the sockets: rows, accounts and clock, and what each API method does with them.

use parking_lot::RwLock;
use serde_json::{Value as Json, json};

use super::auth::Accounts;
use super::clock::Clock;
use super::error::Fault;
use super::methods::{self, Answer, Beside, Call};
use super::options::Options;
use super::read::read;
use super::schema::Schema;
use super::seed;
use super::store::Store;
use super::summarize::summarize;
use super::value::Ref;
use super::write::{By, Writer};

/// A Shotgun site without its network.
#[derive(Debug)]
pub struct Site {
    pub(super) store: RwLock<Store>,
    accounts: Accounts,
    pub(super) beside: Beside,
    pub(super) clock: Clock,
    pub(super) base_url: String,
}

impl Site {
    /// A site that is reached at `base_url`.
    pub fn new(options: &Options, base_url: String) -> Self {
        let mut store = Store::new(Schema::studio());
        // Scripts come first: the seed's rows are made by the first of them.
        Accounts::enroll(&mut store, &options.scripts, &[]);
        seed::plant(&mut store, options.seed, options.today);
        let accounts = Accounts::enroll(&mut store, &options.scripts, &options.users);
        Self {
            store: RwLock::new(store),
            accounts,
            beside: Beside::default(),
            clock: Clock::starting_on(options.today),
            base_url,
        }
    }

    /// Answers a call.
    pub fn call(&self, method: &str, auth: &Json, argument: &Json) -> Result<Answer, Fault> {
        if method == "info" {
            return Ok(Answer::Json(info()));
        }
        let caller = self.accounts.authenticate(&self.store.read(), auth)?;
        let result = match method {
            "read" => read(
                &self.store.read(),
                &self.base_url,
                self.clock.now(),
                caller,
                argument,
            ),
            "create" | "update" | "delete" | "revive" => {
                self.write(self.by(caller, auth, &self.clock.stamp()), method, argument)
            }
            "batch" => self.batch(self.by(caller, auth, &self.clock.stamp()), argument),
            "summarize" => summarize(&self.store.read(), self.clock.now(), caller, argument),
            "get_session_token" => {
                Ok(json!({"session_id": self.accounts.open_session(caller)}).to_string())
            }
            _other => {
                let call = Call {
                    method,
                    caller,
                    argument,
                };
                return methods::answer(self, &call);
            }
        }?;
        Ok(Answer::results(&result))
    }

    /// Lends the rows for reading.
    pub fn with_store<T>(&self, look: impl FnOnce(&Store) -> T) -> T {
        look(&self.store.read())
    }

    fn write(&self, by: By<'_>, method: &str, argument: &Json) -> Result<String, Fault> {
        let mut store = self.store.write();
        let mut writer = Writer::begin(&mut store, by);
        let result = writer.apply(method, argument)?;
        writer.commit();
        Ok(result)
    }

    fn batch(&self, by: By<'_>, argument: &Json) -> Result<String, Fault> {
        let requests = argument.as_array();
        let requests =
            requests.ok_or_else(|| Fault::invalid("API batch() expects an array of requests"))?;
        let mut store = self.store.write();
        let mut writer = Writer::begin(&mut store, by);
        let mut results = Vec::with_capacity(requests.len());
        for (index, request) in requests.iter().enumerate() {
            let result = writer.apply(
                request["request_type"].as_str().unwrap_or_default(),
                request,
            );
            results.push(result.map_err(|fault| {
                let Fault { message, .. } = fault;
                Fault::refused(format!("API batch() request with index {index} failed.  All requests rolled back.\n{message}"))
            })?);
        }
        writer.commit();
        Ok(format!("[{}]", results.join(",")))
    }

    fn by<'a>(&'a self, actor: Ref, auth: &'a Json, stamp: &'a str) -> By<'a> {
        By {
            actor,
            stamp,
            base_url: &self.base_url,
            session: auth.get("session_uuid").and_then(Json::as_str),
        }
    }
}

/// The only call without authentication, and the only result without a wrapping.
fn info() -> String {
    json!({
        "version": [8, 89, 0],
        "full_version": [8, 89, 0, 0],
        "user_authentication_method": "default",
        "api_max_entities_per_page": 500,
        "s3_uploads_enabled": false,
        "s3_direct_uploads_enabled": false,
        "s3_enabled_upload_types": {},
    })
    .to_string()
}
