//! A site of one's own for tests, from Rust, from Python, and in CI.
//!
//! # From Rust
//!
//! One sandbox for each test: it starts in milliseconds, listens on a port of its own on 127.0.0.1, and is gone when it is dropped.
//! It can be made slow and broken while it runs.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use callboard::sandbox::Misbehavior;
//!
//! sandbox.faults().once(Misbehavior::Status(503));
//! assert_eq!(sg.find("Shot", &[], &[])?.len(), 40); // The client asked again.
//! assert_eq!(sandbox.request_count("read"), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # From Python
//!
//! The unmodified `shotgun_api3` takes it for a real site. A fixture for pytest:
//!
#![doc = concat!("```python\n", include_str!("../../tests/python/conftest.py"), "```")]
//!
//! The project's own CI runs this very file: `tests/python/conftest.py`, and `tests/python/test_pipeline.py` with what a studio's
//! tests may look like.
//!
//! # In CI
//!
//! `callboard sandbox --port 8080 --quiet &` before the tests is all: it prints its address once it listens, needs no display and
//! no network, and keeps nothing.
