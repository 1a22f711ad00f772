//! Method by method: the client against the sandbox, which shares no code with it.

mod activity;
mod events;
mod follow;
mod schema;
mod search;
mod settings;

use callboard::sandbox::{Options, Sandbox, Seed};
use callboard::shotgun::{Client, EntityRef, Error};

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
