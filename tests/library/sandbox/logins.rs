//! Who may call: passwords, one-time codes, single sign-on, sessions that end, and scripts that act for people.

use callboard::sandbox::{
    LoginOptions, Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, UserAuthentication,
};
use serde_json::{Value as Json, json};

use super::{Line, read, with};

fn site(logins: LoginOptions) -> Sandbox {
    let users = vec![("mira".to_owned(), "secret".to_owned())];
    with(Options {
        users,
        logins,
        ..Options::default()
    })
}

fn mira() -> Json {
    json!({"user_login": "mira", "user_password": "secret"})
}

fn script() -> Json {
    json!({"script_name": SCRIPT_NAME, "script_key": SCRIPT_KEY})
}

/// With `auth`, and with one more key.
fn and(mut auth: Json, key: &str, value: &str) -> Json {
    auth[key] = value.into();
    auth
}

/// The error code of a read, 0 if there is none, and the message.
fn tried(sandbox: &Sandbox, auth: &Json) -> (u64, String) {
    let answer = Line::open(sandbox).call_as(auth, "read", &read("Project", &[], 1));
    let message = answer["message"].as_str().unwrap_or_default().to_owned();
    (answer["error_code"].as_u64().unwrap_or_default(), message)
}

fn token(sandbox: &Sandbox, auth: &Json) -> Json {
    let mut answer = Line::open(sandbox).call_as(auth, "get_session_token", &Json::Null);
    json!({"session_token": answer["results"]["session_id"].take(), "reject_if_expired": true})
}

fn refused(message: &str) -> (u64, String) {
    (102, message.to_owned())
}

fn welcome() -> (u64, String) {
    (0, String::new())
}

#[test]
fn a_password_set_through_the_api_is_the_password_from_then_on() {
    let sandbox = site(LoginOptions::default());
    let mut line = Line::open(&sandbox);
    let new = line.create(
        "HumanUser",
        &json!({"name": "Noa", "login": "noa", "password_proxy": "first"}),
    );
    let noa = |password: &str| json!({"user_login": "noa", "user_password": password});
    assert_eq!(tried(&sandbox, &noa("first")), welcome());
    let shown = line.update("HumanUser", new, "password_proxy", &json!("second"));
    assert_eq!(shown["password_proxy"], "*******");
    assert_eq!(tried(&sandbox, &noa("second")), welcome());
    for wrong in ["first", "", "*******", "Second"] {
        assert_eq!(
            tried(&sandbox, &noa(wrong)),
            refused("Can't authenticate user 'noa'."),
            "{wrong}"
        );
    }
    line.update("HumanUser", new, "password_proxy", &Json::Null);
    assert_eq!(
        tried(&sandbox, &noa("")),
        refused("Can't authenticate user 'noa'.")
    );
    let key = json!({"firstname": "robot", "salted_password": "its key"});
    line.create("ApiUser", &key);
    assert_eq!(
        tried(
            &sandbox,
            &json!({"script_name": "robot", "script_key": "its key"})
        ),
        welcome()
    );
}

#[test]
fn whoever_is_disabled_or_retired_is_refused_everywhere() {
    let sandbox = site(LoginOptions::default());
    let mut line = Line::open(&sandbox);
    let new = line.create(
        "HumanUser",
        &json!({"name": "Noa", "login": "noa", "password_proxy": "pass"}),
    );
    let noa = json!({"user_login": "noa", "user_password": "pass"});
    let session = token(&sandbox, &noa);
    let sudo = and(script(), "sudo_as_login", "noa");
    for auth in [&noa, &session, &sudo] {
        assert_eq!(tried(&sandbox, auth), welcome());
    }
    let all_refused = || {
        assert_eq!(
            tried(&sandbox, &noa),
            refused("Can't authenticate user 'noa'.")
        );
        let (code, message) = tried(&sandbox, &session);
        assert!(
            code == 102 && message.starts_with("Can't authenticate session token ending with '"),
            "{message}"
        );
        assert_eq!(
            tried(&sandbox, &sudo).1,
            "Cannot 'sudo' - unknown or retired user: 'noa'"
        );
        assert_eq!(sandbox.open_session("noa"), None);
    };
    line.update("HumanUser", new, "sg_status_list", &json!("dis"));
    all_refused();
    line.update("HumanUser", new, "sg_status_list", &json!("act"));
    assert_eq!(tried(&sandbox, &noa), welcome());
    line.call("delete", &json!({"type": "HumanUser", "id": new}));
    all_refused();
}

#[test]
fn a_script_may_act_for_a_person_and_a_person_for_nobody() {
    let sandbox = site(LoginOptions::default());
    let fields = json!([
        {"field_name": "code", "value": "BY_MIRA"},
        {"field_name": "project", "value": {"type": "Project", "id": 1}},
    ]);
    let argument =
        json!({"type": "Shot", "fields": fields, "return_fields": ["created_by", "updated_by"]});
    let auth = and(
        and(script(), "sudo_as_login", "mira"),
        "session_uuid",
        "0f1e",
    );
    let made = Line::open(&sandbox).call_as(&auth, "create", &argument);
    assert_eq!(made["results"]["created_by"]["type"], "HumanUser", "{made}");
    assert_eq!(made["results"]["created_by"], made["results"]["updated_by"]);
    let person = and(mira(), "sudo_as_login", "mira");
    assert!(
        tried(&sandbox, &person)
            .1
            .starts_with("The user does not have permission to 'sudo':")
    );
    let nobody = and(script(), "sudo_as_login", "x");
    assert_eq!(
        tried(&sandbox, &nobody).1,
        "Cannot 'sudo' - unknown or retired user: 'x'"
    );
}

#[test]
fn a_one_time_code_is_asked_for_and_works_once() {
    let codes = [("mira", "111222"), ("mira", "333444"), ("noa", "555666")];
    let sandbox = site(LoginOptions {
        one_time_codes: codes
            .map(|(login, code)| (login.to_owned(), code.to_owned()))
            .to_vec(),
        ..LoginOptions::default()
    });
    let with_code = |code: &str| and(mira(), "auth_token", code);
    assert_eq!(tried(&sandbox, &mira()).0, 106);
    assert_eq!(tried(&sandbox, &with_code("")).0, 106);
    let wrong = json!({"user_login": "mira", "user_password": "guessed", "auth_token": "111222"});
    assert_eq!(
        tried(&sandbox, &wrong),
        refused("Can't authenticate user 'mira'.")
    );
    let unknown = json!({"user_login": "mira", "user_password": "guessed"});
    assert_eq!(
        tried(&sandbox, &unknown).0,
        102,
        "a wrong password learns nothing of codes"
    );
    for code in ["999999", "555666"] {
        assert_eq!(
            tried(&sandbox, &with_code(code)),
            refused("Can't authenticate user 'mira'.")
        );
    }
    let session = token(&sandbox, &with_code("111222"));
    assert_eq!(
        tried(&sandbox, &with_code("111222")).0,
        102,
        "it has been used"
    );
    assert_eq!(tried(&sandbox, &with_code("333444")), welcome());
    assert_eq!(
        tried(&sandbox, &mira()).0,
        106,
        "and there is no way around one"
    );
    assert_eq!(tried(&sandbox, &session), welcome(), "a session needs none");
}

#[test]
fn single_sign_on_closes_the_door_to_passwords_only() {
    for (method, code) in [
        (UserAuthentication::Saml2, 108),
        (UserAuthentication::Oxygen, 110),
        (UserAuthentication::Ldap, 0),
    ] {
        let sandbox = site(LoginOptions {
            user_authentication_method: method,
            ..LoginOptions::default()
        });
        let info = Line::open(&sandbox)
            .post("{\"method_name\":\"info\",\"params\":[]}")
            .unwrap();
        let info: Json = serde_json::from_slice(&info.body).unwrap();
        assert_eq!(info["user_authentication_method"], method.name());
        assert_eq!(tried(&sandbox, &mira()).0, code);
        assert_eq!(tried(&sandbox, &script()), welcome());
        let session = sandbox.open_session("mira").unwrap();
        assert_eq!(
            tried(&sandbox, &json!({"session_token": session})),
            welcome()
        );
    }
}

#[test]
fn a_session_expires_after_its_calls_or_when_it_is_told_to() {
    let sandbox = site(LoginOptions {
        session_calls: Some(2),
        ..LoginOptions::default()
    });
    let session = token(&sandbox, &mira());
    assert_eq!(tried(&sandbox, &session), welcome());
    assert_eq!(tried(&sandbox, &session), welcome());
    let text = session["session_token"].as_str().unwrap();
    let end = &text[text.len() - 4..];
    let dead = refused(&format!(
        "Can't authenticate session token ending with '{end}'"
    ));
    assert_eq!(tried(&sandbox, &session), dead);

    let sandbox = site(LoginOptions::default());
    let session = token(&sandbox, &script());
    assert_eq!(tried(&sandbox, &session), welcome());
    sandbox.expire_sessions();
    let (code, message) = tried(&sandbox, &session);
    assert!(
        code == 102 && message.starts_with("Can't authenticate session token ending with '"),
        "{message}"
    );
    assert_eq!(
        tried(&sandbox, &token(&sandbox, &script())),
        welcome(),
        "new ones can be had"
    );
}

#[test]
fn a_script_that_makes_no_events_makes_none_for_anybody() {
    let sandbox = site(LoginOptions::default());
    let mut line = Line::open(&sandbox);
    let events = |line: &mut Line| {
        let mut newest = read("EventLogEntry", &[], 1);
        newest["sorts"] = json!([{"field_name": "id", "direction": "desc"}]);
        line.call("read", &newest)["entities"][0]["id"].as_u64()
    };
    let mut sudo = script();
    sudo["sudo_as_login"] = json!("mira");
    let update = |value: &str| {
        let field = json!({"field_name": "description", "value": value});
        json!({"type": "Shot", "id": 1, "fields": [field]})
    };
    line.update("ApiUser", 1, "generate_event_log_entries", &json!(false));
    let before = events(&mut line);
    line.call_as(&sudo, "update", &update("in silence"));
    let token = line.call_as(&sudo, "get_session_token", &Json::Null);
    let session = json!({"session_token": token["results"]["session_id"]});
    line.call_as(&session, "update", &update("in a session"));
    assert_eq!(events(&mut line), before);
    assert_eq!(line.value("Shot", 1, "updated_by")["type"], "HumanUser");
    line.call_as(&mira(), "update", &update("aloud"));
    assert_eq!(
        events(&mut line),
        before.map(|id| id + 1),
        "people always do"
    );
}
