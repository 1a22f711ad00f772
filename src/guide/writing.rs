//! Creating, changing, deleting; many changes at once; and what to do when nobody answers.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use callboard::shotgun::{Change, Changed, UpdateMode};
//!
//! let project = sg.find_one("Project", &[], &[])?.ok_or("no project")?.to_ref();
//! let shot = sg.create("Shot", &[("code", "SH9000".into()), ("project", project.clone().into())], &["sg_status_list"])?;
//! let shot = sg.update("Shot", shot.id(), &[("sg_status_list", "ip".into())])?;
//!
//! // Links may be added and taken away without knowing the others.
//! let asset = sg.find_one("Asset", &[], &[])?.ok_or("no asset")?.to_ref();
//! sg.update_with_modes("Shot", shot.id(), &[("assets", vec![asset].into())], &[("assets", UpdateMode::Add)])?;
//!
//! // All or nothing, in one request.
//! let changed = sg.batch(&[
//!     Change::create("Shot", &[("code", "SH9010".into()), ("project", project.into())], &[]),
//!     Change::delete("Shot", shot.id()),
//! ])?;
//! assert!(matches!(changed[1], Changed::Deleted(true)));
//!
//! // What is deleted can come back.
//! assert!(sg.revive("Shot", shot.id())?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A write that nobody answered
//!
//! Nobody knows whether the site did it, so it is not sent again. The error carries the question that settles it:
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use callboard::sandbox::Misbehavior;
//! use callboard::shotgun::Error;
//!
//! let project = sg.find_one("Project", &[], &[])?.ok_or("no project")?.to_ref();
//! sandbox.faults().once(Misbehavior::Reset); // The site does it, and the answer is lost.
//! let error = sg.create("Shot", &[("code", "SH9000".into()), ("project", project.into())], &[]).unwrap_err();
//! assert!(matches!(error, Error::UnknownOutcome { .. }));
//! let check = error.check().ok_or("nothing to ask")?;
//! assert_eq!(sg.find_all(check)?.len(), 1); // It is there.
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What has no method here
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use callboard::shotgun::Effect;
//!
//! let hours = sg.call_rpc("preferences_read", Some(serde_json::json!({"prefs": ["hours_per_day"]})), Effect::Reads)?;
//! assert_eq!(hours["hours_per_day"], 8.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
