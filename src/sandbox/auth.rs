//! Who calls: scripts, people, and the sessions they open.

use std::collections::HashMap;

use parking_lot::Mutex;
use serde_json::Value as Json;

use super::error::Fault;
use super::store::Store;
use super::transaction::Transaction;
use super::value::{Ref, Value};

/// Sessions beyond this many close the oldest ones.
const MOST_SESSIONS: usize = 10_000;
/// How many random characters make a session token.
const TOKEN_LENGTH: usize = 32;

/// Everyone who may call.
#[derive(Debug)]
pub struct Accounts {
    scripts: Vec<Account>,
    users: Vec<Account>,
    sessions: Mutex<Sessions>,
}

#[derive(Debug)]
struct Account {
    name: String,
    secret: String,
    row: Ref,
}

#[derive(Debug, Default)]
struct Sessions {
    rows: HashMap<String, Ref>,
    oldest_first: std::collections::VecDeque<String>,
}

impl Accounts {
    /// Gives each script and person a row, unless there is one already.
    pub fn enroll(
        store: &mut Store,
        scripts: &[(String, String)],
        users: &[(String, String)],
    ) -> Self {
        Self {
            scripts: enroll(store, "ApiUser", &["firstname"], scripts),
            users: enroll(store, "HumanUser", &["login", "name"], users),
            sessions: Mutex::default(),
        }
    }

    /// Finds out who sends `auth`, the first of a request's params.
    pub fn authenticate(&self, store: &Store, auth: &Json) -> Result<Ref, Fault> {
        let text = |key: &str| auth.get(key).and_then(Json::as_str);
        let caller = match (
            text("user_login"),
            text("script_name"),
            text("session_token"),
        ) {
            (Some(login), _, _) => {
                find(&self.users, login, text("user_password")).ok_or_else(|| {
                    Fault::authentication(format!("Can't authenticate user '{login}'."))
                })
            }
            (None, Some(name), _) => {
                find(&self.scripts, name, text("script_key")).ok_or_else(|| {
                    Fault::authentication(format!("Can't authenticate script '{name}'"))
                })
            }
            (None, None, Some(token)) => self.session(token),
            (None, None, None) => Err(Fault::authentication(
                "Missing or invalid authentication arguments",
            )),
        }?;
        match text("sudo_as_login") {
            Some(login) => sudo(store, caller, login),
            None => Ok(caller),
        }
    }

    /// Opens a session for someone who has just been authenticated.
    pub fn open_session(&self, caller: Ref) -> String {
        let token: String = std::iter::repeat_with(fastrand::alphanumeric)
            .take(TOKEN_LENGTH)
            .collect();
        let token = token.to_ascii_lowercase();
        let mut sessions = self.sessions.lock();
        sessions.rows.insert(token.clone(), caller);
        sessions.oldest_first.push_back(token.clone());
        if sessions.oldest_first.len() > MOST_SESSIONS
            && let Some(oldest) = sessions.oldest_first.pop_front()
        {
            sessions.rows.remove(&oldest);
        }
        token
    }

    fn session(&self, token: &str) -> Result<Ref, Fault> {
        self.sessions
            .lock()
            .rows
            .get(token)
            .copied()
            .ok_or_else(|| {
                let end = token
                    .char_indices()
                    .rev()
                    .nth(3)
                    .map_or(token, |(at, _)| &token[at..]);
                Fault::authentication(format!(
                    "Can't authenticate session token ending with '{end}'"
                ))
            })
    }
}

fn find(accounts: &[Account], name: &str, secret: Option<&str>) -> Option<Ref> {
    accounts
        .iter()
        .find(|account| account.name == name && Some(account.secret.as_str()) == secret)
        .map(|found| found.row)
}

/// A script may act as a person; a person may not act as another.
fn sudo(store: &Store, caller: Ref, login: &str) -> Result<Ref, Fault> {
    if store.schema().entity(caller.kind).name != "ApiUser" {
        return Err(Fault::refused(format!(
            "The user does not have permission to 'sudo': {login}"
        )));
    }
    let unknown = || {
        Fault::refused(format!(
            "Cannot 'sudo' - unknown or retired user: '{login}'"
        ))
    };
    row_named(store, "HumanUser", "login", login)
        .filter(|row| store.live(*row).is_some())
        .ok_or_else(unknown)
}

fn enroll(
    store: &mut Store,
    entity: &str,
    name_fields: &[&str],
    accounts: &[(String, String)],
) -> Vec<Account> {
    let enrolled = accounts.iter().filter_map(|(name, secret)| {
        let row = name_fields
            .first()
            .and_then(|field| row_named(store, entity, field, name));
        let row = row.or_else(|| add(store, entity, name_fields, name))?;
        Some(Account {
            name: name.clone(),
            secret: secret.clone(),
            row,
        })
    });
    enrolled.collect()
}

fn row_named(store: &Store, entity: &str, field: &str, name: &str) -> Option<Ref> {
    let kind = store.schema().kind(entity)?;
    let field = store.schema().entity(kind).field_index(field)?;
    store
        .rows(kind)
        .iter()
        .find(|row| row.values[field].as_text() == Some(name))
        .map(|row| row.at)
}

fn add(store: &mut Store, entity: &str, name_fields: &[&str], name: &str) -> Option<Ref> {
    let kind = store.schema().kind(entity)?;
    let definition = store.schema().entity(kind);
    let mut values = definition.blank();
    for field in name_fields
        .iter()
        .filter_map(|field| definition.field_index(field))
    {
        values[field] = Value::text(name);
    }
    let mut change = Transaction::for_seeding(store);
    let row = change.insert(kind, values);
    change.commit();
    Some(row)
}
