//! The site behind the sockets: rows, accounts and clock, and what each API method does with them.

use std::io;

use parking_lot::RwLock;
use serde_json::{Value as Json, json};

use super::auth::{self, Accounts, Caller, Uses, sessions};
use super::beside::Mark;
use super::clock::Clock;
use super::error::Fault;
use super::files::{FileState, Files};
use super::http::{Request, Response};
use super::methods::{self, Answer, Call};
use super::options::Options;
use super::persist;
use super::read::read;
use super::store::Store;
use super::summarize::summarize;
use super::transaction::Transaction;
use super::value::Ref;
use super::write::{By, Writer};

/// A Shotgun site without its network.
#[derive(Debug)]
pub struct Site {
    pub(super) store: RwLock<Store>,
    accounts: Accounts,
    files: Files,
    pub(super) clock: Clock,
    pub(super) base_url: String,
}

impl Site {
    /// A site that is reached at `base_url`, with what its data folder has, or else as new.
    pub fn open(options: &Options, base_url: String) -> io::Result<Self> {
        let persist::Opened {
            store,
            storage,
            clock,
        } = persist::open(options)?;
        for (mark, known) in store.read().marks() {
            if let Mark::FileState { attachment } = mark {
                let state = FileState::named(known.as_str().unwrap_or_default());
                storage.set_state(*attachment, state.unwrap_or_default());
            }
        }
        Ok(Self {
            store,
            accounts: Accounts::new(options.logins.clone()),
            files: Files::new(options.files, storage),
            clock,
            base_url,
        })
    }

    /// Answers a call.
    pub fn call(&self, method: &str, auth: &Json, argument: &Json) -> Result<Answer, Fault> {
        if method == "info" {
            return Ok(Answer::Json(self.info()));
        }
        let caller = self.caller(auth)?;
        let result = match method {
            "read" => read(
                &self.store.read(),
                &self.base_url,
                self.clock.now(),
                caller.actor,
                argument,
            ),
            "create" | "update" | "delete" | "revive" => {
                self.write(self.by(caller, auth, &self.clock.stamp()), method, argument)
            }
            "batch" => self.batch(self.by(caller, auth, &self.clock.stamp()), argument),
            "summarize" => summarize(&self.store.read(), self.clock.now(), caller.actor, argument),
            "get_session_token" => {
                let token = self.transact(|change| Ok(self.accounts.open_session(change, caller)));
                token.map(|token| json!({"session_id": token}).to_string())
            }
            _other => {
                let call = Call {
                    method,
                    caller: caller.actor,
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
        self.written(by, |writer| writer.apply(method, argument))
    }

    fn batch(&self, by: By<'_>, argument: &Json) -> Result<String, Fault> {
        let requests = argument.as_array();
        let requests =
            requests.ok_or_else(|| Fault::invalid("API batch() expects an array of requests"))?;
        let results = self.written(by, |writer| {
            let results = requests.iter().enumerate().map(|(index, request)| {
                let result =
                    request_type(request).and_then(|method| writer.apply(method, request));
                result.map_err(|fault| {
                    let Fault { message, .. } = fault;
                    Fault::refused(format!("API batch() request with index {index} failed.  All requests rolled back.\n{message}"))
                })
            });
            results.collect::<Result<Vec<_>, _>>()
        })?;
        Ok(format!("[{}]", results.join(",")))
    }

    /// All of `work` happens and is kept, or nothing. Nobody is kept from the rows while the disk takes its time.
    fn written<T>(
        &self,
        by: By<'_>,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let (done, receipt) = {
            let mut store = self.store.write();
            let mut writer = Writer::begin(&mut store, by);
            (work(&mut writer)?, writer.commit())
        };
        receipt.wait(&self.store)?;
        Ok(done)
    }

    fn by<'a>(&'a self, caller: Caller, auth: &'a Json, stamp: &'a str) -> By<'a> {
        By {
            actor: caller.actor,
            sender: caller.sender,
            stamp,
            base_url: &self.base_url,
            session: auth.get("session_uuid").and_then(Json::as_str),
        }
    }

    /// The only call without authentication, and the only result without a wrapping.
    fn info(&self) -> String {
        let direct = self.files.direct_uploads();
        json!({
            "version": [8, 89, 0],
            "full_version": [8, 89, 0, 0],
            "user_authentication_method": self.accounts.method().name(),
            "api_max_entities_per_page": 500,
            "s3_uploads_enabled": direct,
            "s3_direct_uploads_enabled": direct,
            "s3_enabled_upload_types": if direct { json!({"*": ["*"]}) } else { json!({}) },
        })
        .to_string()
    }
}

/// What files need of a site.
impl Site {
    /// Answers a request that is about files.
    pub fn file(&self, request: &Request) -> (Response, Option<String>) {
        self.files.answer(self, request)
    }

    /// The files.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Who sends `auth`. What works only so often has then been used once more.
    pub fn caller(&self, auth: &Json) -> Result<Caller, Fault> {
        let (caller, uses) = self.accounts.authenticate(&self.store.read(), auth)?;
        if uses != Uses::Nothing {
            self.transact(|change| uses.up(change))?;
        }
        Ok(caller)
    }

    /// Writes rows by other ways than the API's methods: all of `work` happens, or nothing. `auth` is what `caller` has sent.
    pub fn change<T>(
        &self,
        caller: Caller,
        auth: &Json,
        work: impl FnOnce(&mut Writer<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let stamp = self.clock.stamp();
        self.written(self.by(caller, auth, &stamp), work)
    }

    /// Changes what is no row, and so makes no event: all of `work` happens, or nothing.
    pub(super) fn transact<T>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let (done, receipt) = {
            let mut store = self.store.write();
            let mut change = Transaction::begin(&mut store);
            (work(&mut change)?, change.commit())
        };
        receipt.wait(&self.store)?;
        Ok(done)
    }

    /// Whether there is such an attachment, and it is not retired.
    pub fn has_attachment(&self, id: u32) -> bool {
        let store = self.store.read();
        let kind = store.schema().kind("Attachment");
        kind.is_some_and(|kind| store.live(Ref { kind, id }).is_some())
    }

    /// What addresses start with.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// This moment on the site, as the wire has it.
    pub fn stamp(&self) -> String {
        self.clock.stamp()
    }

    /// Whether a token is that of a session.
    pub fn knows_session(&self, token: &str) -> bool {
        sessions::find(&self.store.read(), token).is_some()
    }

    /// Opens a session for a person, without a password.
    pub fn open_session(&self, login: &str) -> Option<String> {
        let person = auth::person(&self.store.read(), login)?;
        let open =
            |change: &mut Transaction<'_>| Ok(self.accounts.open_session(change, person.into()));
        self.transact(open).ok()
    }

    /// Ends all sessions.
    pub fn expire_sessions(&self) -> Result<(), Fault> {
        self.transact(|change| {
            sessions::expire(change);
            Ok(())
        })
    }

    /// The file of an attachment is in this state from now on. `false` if there is no such file, or that cannot be kept.
    pub fn set_file_state(&self, attachment: u32, state: FileState) -> bool {
        let known = (state != FileState::Ready).then(|| state.name().into());
        let mark = |change: &mut Transaction<'_>| {
            change.mark(Mark::FileState { attachment }, known);
            Ok(())
        };
        let storage = &self.files.storage;
        storage.state(attachment).is_some()
            && self.transact(mark).is_ok()
            && storage.set_state(attachment, state)
    }
}

/// What a request of a batch is to do: there is no reviving in one.
fn request_type(request: &Json) -> Result<&str, Fault> {
    let name = request["request_type"].as_str();
    let known = name.filter(|name| matches!(*name, "create" | "update" | "delete"));
    known.ok_or_else(|| {
        let said = &request["request_type"];
        Fault::invalid(format!(
            "API batch() invalid/missing string 'request_type': {said}"
        ))
    })
}
