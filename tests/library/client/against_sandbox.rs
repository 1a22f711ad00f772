//! Method by method: the client against the sandbox, which shares no code with it.

mod activity;
mod events;
mod files;
mod follow;
mod interrupted;
mod logins;
mod navigate;
mod presets;
mod python;
mod questions;
mod schema;
mod search;
mod settings;
mod soak;
mod thumbnails;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
use callboard::shotgun::{Client, EntityRef, Error};
use serde_json::{Value as Json, json};

/// A small site, and a client that is its script.
fn site() -> (Sandbox, Client) {
    let sandbox = Sandbox::with(Options {
        seed: Seed::Small,
        users: vec![("mira".to_owned(), "hers".to_owned())],
        ..Options::default()
    })
    .unwrap();
    let client = Client::builder(&sandbox.url())
        .script("callboard", "sandbox")
        .retries(0)
        .build()
        .unwrap();
    (sandbox, client)
}

/// The one project of the small site.
fn project() -> EntityRef {
    EntityRef::new("Project", 1)
}

/// Number and words of the fault that a call ended in.
fn fault<T: std::fmt::Debug>(answer: Result<T, Error>) -> (i64, String) {
    match answer {
        Err(Error::Rejected { message, code }) => (code.unwrap(), message.to_string()),
        other => panic!("not a fault: {other:?}"),
    }
}

/// What the sandbox says to a call that our client would not make.
fn raw(sandbox: &Sandbox, method: &str, argument: &Json) -> Json {
    let auth = json!({"script_name": SCRIPT_NAME, "script_key": SCRIPT_KEY});
    let body = json!({"method_name": method, "params": [auth, argument]}).to_string();
    let address = sandbox.url();
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST /api3/json HTTP/1.1\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_head, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}
