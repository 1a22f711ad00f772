//! A Shotgun site on loopback, embedded in the process, that the unmodified Python client takes for a real one.
//!
//! It is written from the facts about the wire protocol and shares no code with `shotgun`, on purpose: a shared
//! serializer would let both be wrong alike. It imports nothing of this crate.
//!
//! A request comes in at `http`, is told apart in `routes`, may meet a fault on its way (`faults`), and ends at the
//! `site`, which holds the rows (`store`). All reading goes through `query`, all writing through `write`, which has `events`
//! note what was done; what else a site can be asked is in `methods`. Who may do so is up to `auth`. Uploads and downloads
//! have a door of their own, `files`, and so has whoever makes the site slow or broken while it runs:
//!
//! ```sh
//! curl -H X-Callboard:sandbox http://127.0.0.1:8000/callboard/faults -X PUT -d '{"preset": "flaky-vpn"}'
//! ```
//!
//! The header is needed, and a `Host` of loopback, or any web page could do it. Beside `/callboard/faults` (`GET`, `PUT`,
//! `DELETE`) there are `/callboard/faults/once` (`POST`), `/callboard/expire_sessions` (`POST`), `/callboard/requests`,
//! `/callboard/presets` and `/callboard/health`.
//!
//! ```
//! use callboard::sandbox::{Options, Sandbox, Seed};
//!
//! let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! println!("A Shotgun site is at {}", sandbox.url());
//! sandbox.stop();
//! # Ok::<(), std::io::Error>(())
//! ```

mod auth;
mod beside;
mod choices;
mod clock;
mod coerce;
mod commits;
mod connections;
mod control;
mod error;
mod events;
mod faults;
mod file_link;
mod files;
mod http;
mod journal;
mod json;
mod links;
mod log;
mod methods;
mod options;
mod persist;
mod query;
mod read;
mod render;
mod routes;
mod schema;
mod seed;
mod server;
mod site;
mod store;
mod summarize;
mod thumbnails;
mod tls;
mod transaction;
mod tree;
mod undo;
mod unique;
mod value;
mod write;

pub use self::auth::{LoginOptions, UnknownAuthentication, UserAuthentication};
pub use self::faults::{
    Failure, FaultPlan, Faults, Hiccup, MethodFaults, Misbehavior, PlanError, Preset, Rule, Tail,
    Target, UnknownPreset,
};
pub use self::files::{FileOptions, FileState};
pub use self::log::RequestLine;
pub use self::options::{LogHook, Options, SCRIPT_KEY, SCRIPT_NAME, Seed, TODAY, UnknownSeed};
pub use self::persist::{export, is_data_folder};
pub use self::server::Sandbox;
