//! Callboard: a native window on a Shotgun site that never freezes, and a board of every API call it made.
//!
//! Blocking [`ureq`] calls run on a [`rayon`] thread pool; the window polls [`poll_promise`] promises each frame. There is no
//! async runtime anywhere.
//!
//! # Layers
//!
//! Arrows point downward only: `main → cli → app → compare → calls → { offload, shotgun }`. `sandbox` and `ui` are leaves
//! beside them, and the four leaves do not know one another. `guide` has pages with examples, and no code.
//!
//! ```
//! # #[cfg(all(feature = "client", feature = "sandbox"))] {
//! use callboard::sandbox::{SCRIPT_KEY, SCRIPT_NAME, Sandbox};
//! use callboard::shotgun::{Client, Credentials};
//!
//! let site = Sandbox::start()?;
//! let sg = Client::builder(&site.url()).credentials(Credentials::script(SCRIPT_NAME, SCRIPT_KEY)).build()?;
//! let projects = sg.find("Project", &[], &["name", "id"])?;
//! assert_eq!(projects.len(), 12);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(feature = "gui")]
pub mod app;
#[cfg(feature = "client")]
pub mod calls;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "client")]
pub mod compare;
#[cfg(all(feature = "client", feature = "sandbox"))]
pub mod guide;
pub mod offload;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "client")]
pub mod shotgun;
#[cfg(feature = "gui")]
pub mod ui;

/// The examples of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
