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
//! ```python
//! import subprocess
//! import pytest
//! import shotgun_api3
//!
//! @pytest.fixture
//! def sg():
//!     command = ["callboard", "sandbox", "--seed", "small", "--quiet"]
//!     with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sandbox:
//!         url = next(word for word in sandbox.stdout.readline().split() if word.startswith("http://"))
//!         yield shotgun_api3.Shotgun(url, script_name="callboard", api_key="sandbox")
//!         sandbox.terminate()
//! ```
//!
//! # In CI
//!
//! `callboard sandbox --port 8080 --quiet &` before the tests is all: it prints its address once it listens, needs no display and
//! no network, and keeps nothing.
