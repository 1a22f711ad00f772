//! What people follow, write and work on; the tree of a site; its settings.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use callboard::shotgun::ActivityRange;
//! use jiff::civil::date;
//!
//! let person = sg.find_one("HumanUser", &[], &[])?.ok_or("nobody")?.to_ref();
//! let shot = sg.find_one("Shot", &[], &[])?.ok_or("no shot")?.to_ref();
//! assert!(sg.follow(&person, &shot)?);
//! assert_eq!(sg.followers(&shot)?.len(), 1);
//! assert_eq!(sg.following(&person, None, Some("Shot"))?.len(), 1);
//!
//! // What happened to it, newest first.
//! let stream = sg.activity_stream_read("Shot", shot.id, &[], ActivityRange::default())?;
//! for update in &stream.updates {
//!     println!("{} {}", update.id, update.update_type);
//! }
//!
//! // A note, its replies and its attachments, in the order of time.
//! if let Some(note) = sg.find_one("Note", &[], &[])? {
//!     assert!(!sg.note_thread_read(note.id(), &[])?.is_empty());
//! }
//!
//! // Working days, with the reason for each.
//! let week = sg.work_schedule_read(date(2026, 12, 21), date(2026, 12, 27), None, None)?;
//! assert_eq!(week.len(), 7);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The tree, and settings
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! let root = sg.nav_expand("/", None, None)?;
//! assert!(root["children"].as_array().is_some_and(|children| !children.is_empty()));
//!
//! let settings = sg.preferences_read(&["hours_per_day"])?;
//! println!("{}", settings["hours_per_day"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
