//! How long things may take, how to end them, how often they are tried, and where the time went.
//!
//! # Limits
//!
//! Every phase has one: see [`Timeouts`](crate::shotgun::Timeouts). A deadline is for a whole call, its pages, retries and pauses
//! included; files are spared.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use std::time::Duration;
//! use callboard::shotgun::{Error, Timeouts};
//! use callboard::sandbox::Misbehavior;
//!
//! let patient = Client::builder(&sandbox.url())
//!     .script(SCRIPT_NAME, SCRIPT_KEY)
//!     .timeouts(Timeouts { connect: Duration::from_secs(3), ..Timeouts::default() })
//!     .deadline(Duration::from_mins(1))
//!     .build()?;
//!
//! // For one question another one.
//! let hasty = patient.with_deadline(Some(Duration::from_millis(200)));
//! sandbox.faults().once(Misbehavior::NeverAnswer);
//! assert!(matches!(hasty.find("Shot", &[], &[]), Err(Error::Deadline { .. })));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Ending calls
//!
//! A [`CancelToken`](crate::shotgun::CancelToken) ends the calls of a client from any thread, in the handshake, while they send,
//! wait or receive. No other call is disturbed.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use callboard::shotgun::{CancelToken, Error};
//!
//! let token = CancelToken::new();
//! let cancellable = sg.with_cancel(&token);
//! let call = std::thread::spawn(move || cancellable.find("Shot", &[], &["code"]));
//! let done = token.cancel();
//! println!("{} connections closed, {} still connecting", done.connections_closed, done.still_connecting);
//! let outcome = call.join().map_err(|_| "panicked")?;
//! assert!(matches!(outcome, Ok(_) | Err(Error::Cancelled)));
//! assert!(sg.find("Shot", &[], &[]).is_ok());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Trying again
//!
//! Reads are made three times when the connection fails, the server is busy (502, 503, 504, 429) or takes too long; `Retry-After`
//! counts. `.retries(0)` turns it off, `.retry_budget(…)` bounds it. Writes are made once: see [`writing`](super::writing).
//!
//! # Where the time went
//!
//! An [`Observer`](crate::shotgun::Observer) hears of every call and every exchange: how long the name, the connection, the
//! handshake, sending, waiting and receiving took, to the nanosecond and adding up; what went over the wire; never a secret.
//!
//! ```
//! use std::sync::Arc;
//! use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! use callboard::shotgun::{Client, Exchange, Observer};
//!
//! struct Print;
//!
//! impl Observer for Print {
//!     fn exchange(&self, exchange: &Exchange) {
//!         for (phase, time) in exchange.phases.iter() {
//!             println!("{phase} {time:?}");
//!         }
//!         assert_eq!(exchange.phases.total(), exchange.total);
//!     }
//! }
//!
//! let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! let builder = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY);
//! builder.observer(Arc::new(Print)).build()?.find("Shot", &[], &["code"])?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The way to the site
//!
//! Proxies come from the environment (`HTTPS_PROXY` and its like) or from `.proxy(…)`. Certificates are those of the system, or
//! those of `.ca_file(…)` and `SHOTGUN_API_CACERTS`. They are always verified.
