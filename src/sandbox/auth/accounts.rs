//! Finds out who calls.

use serde_json::Value as Json;

use super::super::commits::Receipt;
use super::super::error::Fault;
use super::super::store::{Row, Store};
use super::super::transaction::Transaction;
use super::super::value::{Ref, Value};
use super::caller::{Caller, Uses};
use super::codes::Codes;
use super::options::{LoginOptions, UserAuthentication};
use super::password;
use super::sessions;

/// Where the rows of one sort of caller have what they log in with.
#[derive(Clone, Copy, Debug)]
struct Sort {
    entity: &'static str,
    name: &'static str,
    secret: &'static str,
}

const SCRIPT: Sort = Sort {
    entity: "ApiUser",
    name: "firstname",
    secret: "salted_password",
};
const PERSON: Sort = Sort {
    entity: "HumanUser",
    name: "login",
    secret: "password_proxy",
};

/// Everyone who may call.
#[derive(Debug)]
pub struct Accounts {
    method: UserAuthentication,
    codes: Codes,
    session_calls: Option<u32>,
}

impl Accounts {
    /// A site that people log in to as `options` say.
    pub fn new(options: LoginOptions) -> Self {
        Self {
            method: options.user_authentication_method,
            codes: Codes::new(options.one_time_codes),
            session_calls: options.session_calls,
        }
    }

    /// How people log in.
    pub fn method(&self) -> UserAuthentication {
        self.method
    }

    /// Finds out who sends `auth`, the first of a request's params, and what has to be used up before they are let in.
    pub fn authenticate(&self, store: &Store, auth: &Json) -> Result<(Caller, Uses), Fault> {
        let text = |key: &str| auth.get(key).and_then(Json::as_str);
        let (caller, uses) = match (
            text("user_login"),
            text("script_name"),
            text("session_token"),
        ) {
            (Some(login), _, _) => {
                self.person(store, login, text("user_password"), text("auth_token"))
            }
            (None, Some(name), _) => find(store, SCRIPT, name, text("script_key"))
                .map(|at| (at.into(), Uses::Nothing))
                .ok_or_else(|| {
                    Fault::authentication(format!("Can't authenticate script '{name}'"))
                }),
            (None, None, Some(token)) => session(store, token),
            (None, None, None) => Err(Fault::authentication(
                "Missing or invalid authentication arguments",
            )),
        }?;
        match text("sudo_as_login") {
            Some(login) => Ok((sudo(store, caller, login)?, uses)),
            None => Ok((caller, uses)),
        }
    }

    /// Opens a session for someone who has just been authenticated, and gives back its token.
    pub fn open_session(&self, change: &mut Transaction<'_>, caller: Caller) -> String {
        sessions::open(change, caller, self.session_calls)
    }

    fn person(
        &self,
        store: &Store,
        login: &str,
        password: Option<&str>,
        code: Option<&str>,
    ) -> Result<(Caller, Uses), Fault> {
        match self.method {
            UserAuthentication::Default | UserAuthentication::Ldap => {}
            UserAuthentication::Saml2 => {
                return Err(Fault::sso(
                    "This site uses single sign-on: a password is not enough to log in.",
                ));
            }
            UserAuthentication::Oxygen => {
                return Err(Fault::oxygen(
                    "This site uses Autodesk Identity: a password is not enough to log in.",
                ));
            }
        }
        let found = find(store, PERSON, login, password);
        let found = found
            .ok_or_else(|| Fault::authentication(format!("Can't authenticate user '{login}'.")))?;
        Ok((found.into(), self.codes.check(store, login, code)?))
    }
}

/// Whose session it is. It is worth no more than its owner.
fn session(store: &Store, token: &str) -> Result<(Caller, Uses), Fault> {
    let session = sessions::find(store, token).filter(|session| {
        let Caller { actor, sender } = session.caller;
        let mut owners = [actor, sender].into_iter();
        owners.all(|at| store.live(at).is_some_and(|row| is_enabled(store, row)))
    });
    let session = session.ok_or_else(|| sessions::dead(token))?;
    let uses = match session.calls_left {
        None => Uses::Nothing,
        Some(_) => Uses::Call {
            token: token.to_owned(),
        },
    };
    Ok((session.caller, uses))
}

/// The person who logs in as `login`, unless retired or disabled.
pub fn person(store: &Store, login: &str) -> Option<Ref> {
    let row = named(store, PERSON, login).filter(|row| !row.retired && is_enabled(store, row));
    row.map(|row| row.at)
}

/// Gives each script and person a row, unless there is one already, and the row its secret, unless it has it.
pub fn enroll(
    store: &mut Store,
    scripts: &[(String, String)],
    users: &[(String, String)],
) -> Receipt {
    let mut change = Transaction::begin(store);
    for (name, key) in scripts {
        enroll_one(&mut change, SCRIPT, (&["firstname"], name), key);
    }
    for (login, secret) in users {
        enroll_one(&mut change, PERSON, (&["login", "name"], login), secret);
    }
    change.commit()
}

fn enroll_one(
    change: &mut Transaction<'_>,
    sort: Sort,
    (name_fields, name): (&[&str], &str),
    secret: &str,
) {
    let store = change.store();
    let Some(kind) = store.schema().kind(sort.entity) else {
        return;
    };
    let definition = store.schema().entity(kind);
    let mut values = definition.blank();
    for field in name_fields
        .iter()
        .filter_map(|field| definition.field_index(field))
    {
        values[field] = Value::text(name);
    }
    let secret_field = definition.field_index(sort.secret);
    let known = named(store, sort, name);
    let has_secret = known
        .and_then(|row| text(store, row, sort.secret))
        .is_some_and(|kept| password::matches(kept, secret));
    let known = known.map(|row| row.at);
    let at = known.unwrap_or_else(|| change.insert(kind, values));
    if let Some(field) = secret_field.filter(|_| !has_secret) {
        change.set(at, field, Value::text(password::hash(secret)));
    }
}

fn find(store: &Store, sort: Sort, name: &str, secret: Option<&str>) -> Option<Ref> {
    let row = named(store, sort, name).filter(|row| !row.retired && is_enabled(store, row))?;
    let kept = text(store, row, sort.secret)?;
    password::matches(kept, secret?).then_some(row.at)
}

/// A script may act as a person; a person may not act as another.
fn sudo(store: &Store, caller: Caller, login: &str) -> Result<Caller, Fault> {
    if store.schema().entity(caller.actor.kind).name != SCRIPT.entity {
        return Err(Fault::refused(format!(
            "The user does not have permission to 'sudo': {login}"
        )));
    }
    let unknown = || {
        Fault::refused(format!(
            "Cannot 'sudo' - unknown or retired user: '{login}'"
        ))
    };
    let actor = person(store, login).ok_or_else(unknown)?;
    Ok(Caller { actor, ..caller })
}

/// The row with this name; of several, one that is not retired.
fn named<'a>(store: &'a Store, sort: Sort, name: &str) -> Option<&'a Row> {
    let kind = store.schema().kind(sort.entity)?;
    let field = store.schema().entity(kind).field_index(sort.name)?;
    let mut rows = store
        .rows(kind)
        .iter()
        .filter(|row| row.values[field].as_text() == Some(name));
    rows.clone()
        .find(|row| !row.retired)
        .or_else(|| rows.next())
}

fn is_enabled(store: &Store, row: &Row) -> bool {
    text(store, row, "sg_status_list") != Some("dis")
}

fn text<'a>(store: &Store, row: &'a Row, field: &str) -> Option<&'a str> {
    let field = store.schema().entity(row.at.kind).field_index(field)?;
    row.values[field].as_text()
}
