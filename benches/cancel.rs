//! How soon a call returns that another thread ends, on a connection from the pool, at a site that never answers.

use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use callboard::sandbox::{FaultPlan, MethodFaults, Misbehavior, SCRIPT_KEY, SCRIPT_NAME, Sandbox};
use callboard::shotgun::{CancelToken, Client, Error};

const ROUNDS: usize = 101;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let site = Sandbox::start()?;
    let client = Client::builder(&site.url())
        .script(SCRIPT_NAME, SCRIPT_KEY)
        .build()?;
    let silent = MethodFaults {
        always: Some(Misbehavior::NeverAnswer),
        ..MethodFaults::default()
    };
    site.faults().set(FaultPlan {
        per_method: [("read".to_owned(), silent)].into(),
        ..FaultPlan::default()
    });
    let quick = std::env::args().any(|arg| arg == "--test");
    let rounds = if quick { 1 } else { ROUNDS };
    let mut times = (0..rounds)
        .map(|_| cancel_one(&site, &client))
        .collect::<Result<Vec<_>, _>>()?;
    times.sort();
    report(&times);
    Ok(())
}

/// From the word to the return of the call.
fn cancel_one(site: &Sandbox, client: &Client) -> Result<Duration, Box<dyn std::error::Error>> {
    // Leaves a connection in the pool.
    client.count("Shot", &[])?;
    let (token, asked_before) = (CancelToken::new(), site.request_count("read"));
    let stalled = client.with_cancel(&token);
    let (sender, returned) = channel();
    let call = move || {
        let outcome = stalled.find("Shot", &[], &["code"]);
        sender.send((Instant::now(), outcome.err())).ok();
    };
    let thread = thread::Builder::new().name("stalled call".to_owned());
    thread.spawn(call)?;
    while site.request_count("read") == asked_before {
        thread::yield_now();
    }
    let said = Instant::now();
    token.cancel();
    match returned.recv() {
        Ok((at, Some(Error::Cancelled))) => Ok(at.saturating_duration_since(said)),
        other => unreachable!("the call was not cancelled: {other:?}"),
    }
}

#[expect(clippy::print_stdout, reason = "the report of a benchmark")]
fn report(times: &[Duration]) {
    println!(
        "a stalled call returns {:.2?} after it is cancelled (median of {} rounds, {:.2?} to {:.2?})",
        times[times.len() / 2],
        times.len(),
        times[0],
        times[times.len() - 1],
    );
}
