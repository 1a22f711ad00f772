//! Who asks: what goes over the wire, one-time codes, and sessions that end in the middle of work.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use callboard::shotgun::{CancelToken, Client, ClientBuilder, Credentials, Effect, Error};
use parking_lot::Mutex;
use serde_json::{Value as Json, json};

use super::server::{Ear, ONE_SHOT, Request, Server, Then, ok};

fn client(builder: ClientBuilder) -> (Arc<Ear>, Client) {
    let ear = Arc::new(Ear::default());
    let client = builder.observer(Arc::clone(&ear) as _).build().unwrap();
    (ear, client)
}

fn body(request: &Request) -> Json {
    serde_json::from_str(&request.body).unwrap()
}

/// The auth objects that came, with the methods they came with.
fn asked_as(server: &Server) -> Vec<(String, Json)> {
    let requests = server.requests.lock();
    let asked = requests.iter().map(|request| {
        let mut body = body(request);
        let method = body["method_name"].as_str().unwrap().to_owned();
        (method, body["params"][0].take())
    });
    asked.collect()
}

fn session(token: &str) -> Json {
    json!({ "session_token": token, "reject_if_expired": true })
}

/// Lets in whoever is in the session `valid`; opens session `opened` for everybody who asks.
fn letting_in(valid: &'static str) -> Server {
    Server::start(move |_, request, stream| {
        let body = body(request);
        let answer = if body["method_name"] == "get_session_token" {
            r#"{"results":{"session_id":"opened-session"}}"#
        } else if body["params"][0]["session_token"] == valid {
            ONE_SHOT
        } else {
            r#"{"exception":true,"message":"Can't authenticate session token ending with 'sion'","error_code":102}"#
        };
        stream.write_all(&ok(answer)).unwrap();
        Then::Keep
    })
}

#[test]
fn a_one_time_code_is_traded_for_a_session_with_the_first_call() {
    let server = letting_in("opened-session");
    let credentials = Credentials::login_with_code("ann", "pass-of-ann", "314159");
    let (ear, client) = client(server.builder().credentials(credentials));
    for _ in 0..2 {
        assert_eq!(client.find("Shot", &[], &[]).unwrap().len(), 1);
    }
    let login =
        json!({"user_login": "ann", "user_password": "pass-of-ann", "auth_token": "314159"});
    let session = session("opened-session");
    let expected = [
        ("get_session_token".to_owned(), login),
        ("read".to_owned(), session.clone()),
        ("read".to_owned(), session),
    ];
    assert_eq!(asked_as(&server), expected);
    assert_eq!(client.user_name().as_deref(), Some("ann"));
    // Two calls were made; opening the session is part of the first.
    assert_eq!(ear.started.lock().len(), 2);
    let told = format!("{:?} {client:?}", ear.exchanges.lock());
    for secret in ["pass-of-ann", "314159", "opened-session"] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
}

#[test]
fn of_many_calls_that_begin_at_once_one_trades_the_code() {
    let server = letting_in("opened-session");
    let credentials = Credentials::login_with_code("ann", "pass-of-ann", "314159");
    let (_, client) = client(server.builder().credentials(credentials));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| client.find("Shot", &[], &[]).unwrap());
        }
    });
    let asked = asked_as(&server);
    let traded = asked.iter().filter(|(method, _)| method != "read").count();
    assert_eq!((traded, asked.len()), (1, 9));
}

#[test]
fn a_code_that_is_wrong_is_said_and_not_tried_again() {
    let refusal =
        r#"{"exception":true,"message":"Can't authenticate user 'ann'.","error_code":102}"#;
    let server = Server::json(refusal);
    let credentials = Credentials::login_with_code("ann", "pass-of-ann", "314159");
    let (_, client) = client(server.builder().credentials(credentials).retries(5));
    let error = client.find("Shot", &[], &[]).unwrap_err();
    assert_eq!(
        error.headline(),
        "The site does not let us in: Can't authenticate user 'ann'."
    );
    assert_eq!(server.requests.lock().len(), 1);
}

#[test]
fn a_session_that_ends_is_renewed_and_the_call_made_again_also_if_it_writes() {
    let server = letting_in("second-session");
    let renewed = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&renewed);
    let builder = server.builder().session_token("first-session");
    let (ear, client) = client(builder.renew_session(move || {
        count.fetch_add(1, Ordering::SeqCst);
        Some("second-session".into())
    }));
    client.delete("Shot", 12_u64).unwrap_err(); // One shot is no answer to that.
    let expected =
        ["first-session", "second-session"].map(|token| ("delete".to_owned(), session(token)));
    assert_eq!(asked_as(&server), expected);
    assert_eq!(client.find("Shot", &[], &[]).unwrap().len(), 1);
    assert_eq!(renewed.load(Ordering::SeqCst), 1);
    let attempts: Vec<_> = ear.exchanges.lock().iter().map(|it| it.attempt).collect();
    assert_eq!(attempts, [1, 2, 1]);
    let told = format!("{:?} {client:?}", ear.exchanges.lock());
    assert!(!told.contains("-session\""), "{told}");
}

#[test]
fn a_session_that_many_calls_find_ended_is_renewed_once() {
    const CALLS: usize = 8;
    let server = letting_in("second-session");
    let renewed = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&renewed);
    let builder = server.builder().session_token("first-session");
    let (_, client) = client(builder.renew_session(move || {
        count.fetch_add(1, Ordering::SeqCst);
        Some("second-session".into())
    }));
    thread::scope(|scope| {
        for _ in 0..CALLS {
            scope.spawn(|| client.find("Shot", &[], &[]).unwrap());
        }
    });
    assert_eq!(renewed.load(Ordering::SeqCst), 1);
    assert!(server.requests.lock().len() <= 2 * CALLS);
}

#[test]
fn a_session_is_renewed_once_in_a_call_and_then_the_error_stands() {
    let server = letting_in("nobody's");
    let tokens = Arc::new(Mutex::new(vec!["third-session", "second-session"]));
    let left = Arc::clone(&tokens);
    let builder = server.builder().session_token("first-session");
    let (_, client) = client(builder.renew_session(move || left.lock().pop().map(Into::into)));
    let error = client.find("Shot", &[], &[]).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Unauthorized {
                code: Some(102),
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(server.requests.lock().len(), 2);
    // The third session, and then there is none left to be had.
    for asked in [4, 5, 6] {
        client.find("Shot", &[], &[]).unwrap_err();
        assert_eq!(server.requests.lock().len(), asked);
    }
}

#[test]
fn whoever_identifies_in_every_call_has_no_session_to_renew() {
    let server = letting_in("nobody's");
    let (_, client) = client(server.builder().renew_session(|| panic!("asked for")));
    client.find("Shot", &[], &[]).unwrap_err();
    assert_eq!(server.requests.lock().len(), 1);
}

#[test]
fn what_goes_along_with_the_credentials_goes_in_every_call_and_stays_hidden() {
    let server = Server::json(ONE_SHOT);
    let builder = server.builder().sudo_as_login("ann");
    let (ear, client) = client(builder.extra_auth_param("gate", "open-sesame"));
    client.set_session_uuid(Some("0f1e"));
    client.clone().find("Shot", &[], &[]).unwrap();
    client.set_session_uuid(None);
    client.find("Shot", &[], &[]).unwrap();
    let auth = json!({"script_name": "robot", "script_key": "k3y-of-the-robot", "sudo_as_login": "ann", "gate": "open-sesame"});
    let mut marked = auth.clone();
    marked["session_uuid"] = json!("0f1e");
    assert_eq!(
        asked_as(&server),
        [marked, auth].map(|auth| ("read".to_owned(), auth))
    );
    let told = format!("{:?}", ear.exchanges.lock());
    assert!(
        told.contains("sudo_as_login") && !told.contains("open-sesame"),
        "{told}"
    );
}

#[test]
fn a_person_is_authenticated_without_changing_who_asks() {
    let found = r#"{"results":{"entities":[{"type":"HumanUser","id":24,"login":"ann"}]}}"#;
    let server = Server::json(found);
    let (ear, client) = client(server.builder().sudo_as_login("bob"));
    let ann = Credentials::login("ann", "pass-of-ann");
    let person = client.authenticate_human_user(&ann).unwrap().unwrap();
    assert_eq!(person.id().0, 24);
    client.find("Shot", &[], &[]).unwrap();
    let asked = asked_as(&server);
    let login = json!({"user_login": "ann", "user_password": "pass-of-ann"});
    assert_eq!(asked[0], ("read".to_owned(), login));
    assert_eq!(asked[1].1["script_name"], "robot");
    let argument = &body(&server.requests.lock()[0])["params"][1];
    let conditions = json!([
        {"path": "sg_status_list", "relation": "is", "values": ["act"]},
        {"path": "login", "relation": "is", "values": ["ann"]},
    ]);
    assert_eq!(argument["filters"]["conditions"], conditions);
    assert_eq!(argument["return_fields"], json!(["id", "login"]));
    assert_eq!(&*ear.started.lock()[0].method, "authenticate_human_user");
    let told = format!("{:?}", ear.exchanges.lock());
    assert!(!told.contains("pass-of-ann"), "{told}");
    let nobody = Credentials::session("token");
    let error = client.authenticate_human_user(&nobody).unwrap_err();
    assert!(matches!(error, Error::BadSetup { .. }), "{error:?}");
}

#[test]
fn a_tool_can_say_its_name_and_ask_for_the_users_language() {
    let server = Server::json(ONE_SHOT);
    let client = server.builder().localized(true).build().unwrap();
    client.add_user_agent("publisher 2.1\r\nevil: ☃");
    client.find("Shot", &[], &[]).unwrap();
    client.reset_user_agent();
    client.find("Shot", &[], &[]).unwrap();
    let requests = server.requests.lock();
    let agents = requests.iter().map(|request| {
        let head = request.head.to_ascii_lowercase();
        assert!(head.contains("\r\nlocale: auto\r\n"), "{head}");
        let agent = head.lines().find(|line| line.starts_with("user-agent: "));
        agent.unwrap().replace(env!("CARGO_PKG_VERSION"), "VERSION")
    });
    assert_eq!(
        agents.collect::<Vec<_>>(),
        [
            "user-agent: callboard/VERSION; publisher 2.1??evil: ?",
            "user-agent: callboard/VERSION"
        ]
    );
}

#[test]
fn any_method_can_be_called_by_its_name_and_one_that_writes_is_not_repeated() {
    let server = Server::json(r#"{"results":{"answer":42}}"#);
    let (ear, client) = client(server.builder());
    let answer = client.call_rpc("wonder", Some(json!({"deep": [1]})), Effect::Reads);
    assert_eq!(answer.unwrap(), json!({"answer": 42}));
    assert_eq!(
        super::server::asked(&server),
        ("wonder".to_owned(), json!({"deep": [1]}))
    );
    assert_eq!(&*ear.started.lock()[0].method, "wonder");
    let table = super::server::answer("200 OK", "text/csv", "Id,Shot\n1,sh010\n");
    let client = Server::saying(table, Then::Keep).client();
    let page = client.call_rpc("export_page", None, Effect::Reads).unwrap();
    assert_eq!(page, json!("Id,Shot\n1,sh010\n"));
    for (effect, attempts) in [(Effect::Reads, 3), (Effect::Writes, 1)] {
        let server = Server::start(|_, _, _| Then::Close);
        let client = server.builder().retries(2).build().unwrap();
        client.call_rpc("wonder", None, effect).unwrap_err();
        assert_eq!(server.requests.lock().len(), attempts);
    }
}

#[test]
fn a_code_that_was_refused_is_not_sent_again() {
    let refusal =
        r#"{"exception":true,"message":"Can't authenticate user 'ann'.","error_code":102}"#;
    let server = Server::json(refusal);
    let credentials = Credentials::login_with_code("ann", "pass-of-ann", "314159");
    let (_, client) = client(server.builder().credentials(credentials));
    for _ in 0..3 {
        let error = client.find("Shot", &[], &[]).unwrap_err();
        assert!(matches!(error, Error::Unauthorized { .. }), "{error:?}");
    }
    assert_eq!(server.requests.lock().len(), 1);
}

#[test]
fn whoever_waits_for_a_new_session_can_be_ended_and_shares_that_there_is_none() {
    let server = letting_in("nobody's");
    let (asked, asking) = channel();
    let (answer, answering) = channel::<()>();
    let (asked, answering) = (Mutex::new(asked), Mutex::new(answering));
    let builder = server.builder().session_token("first-session");
    let (_, client) = client(builder.renew_session(move || {
        asked.lock().send(()).unwrap();
        answering.lock().recv().unwrap();
        None
    }));
    let token = CancelToken::new();
    let cancellable = client.with_cancel(&token);
    thread::scope(|scope| {
        let first = scope.spawn(|| client.find("Shot", &[], &[]));
        asking.recv().unwrap();
        let second = scope.spawn(|| cancellable.find("Shot", &[], &[]));
        let third = scope.spawn(|| client.find("Shot", &[], &[]));
        while server.requests.lock().len() < 3 {
            thread::yield_now();
        }
        token.cancel();
        let outcome = second.join().unwrap();
        assert!(matches!(outcome, Err(Error::Cancelled)), "{outcome:?}");
        answer.send(()).unwrap();
        // Should the third not have waited yet, it asks for itself.
        answer.send(()).unwrap();
        for call in [first, third] {
            let outcome = call.join().unwrap();
            assert!(
                matches!(outcome, Err(Error::Unauthorized { .. })),
                "{outcome:?}"
            );
        }
    });
}
