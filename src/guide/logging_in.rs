//! Who asks: scripts, people, sessions, and scripts that act as people.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! assert_eq!(sg.user_name().as_deref(), Some("callboard"));
//! assert_eq!(&*sg.info()?.user_authentication_method, "default"); // Needs no credentials.
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # People
//!
//! They have a password, and on some sites a one-time code. A code works once, so with the first call the client opens a session
//! and goes on in that.
//!
//! ```
//! use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! use callboard::shotgun::{Client, Credentials};
//!
//! let users = vec![("mira".to_owned(), "hunter2".to_owned())];
//! let sandbox = Sandbox::with(Options { seed: Seed::Small, users, ..Options::default() })?;
//! let mira = Credentials::login("mira", "hunter2");
//! let hers = Client::builder(&sandbox.url()).credentials(mira.clone()).build()?;
//! assert_eq!(hers.find("Project", &[], &[])?.len(), 1);
//!
//! // A script may ask whether somebody is who they say, and may act as them.
//! let script = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY);
//! let script = script.sudo_as_login("mira").build()?;
//! assert!(script.authenticate_human_user(&mira)?.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Sessions, and sites with single sign-on
//!
//! There a password does not help a program (the site says 108 or 110). Its people log in with their browser, or with the vendor's
//! tools, and hand on the session's token. When that expires in the middle of work, the client asks for the next one, once for all
//! calls that it failed, and makes each of them again, once.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! let token = sg.get_session_token()?;
//! # let next = sg.get_session_token()?;
//! let client = Client::builder(&sandbox.url())
//!     .session_token(token)
//!     .renew_session(move || Some(next.clone())) // Such as from a dialog or a file.
//!     .build()?;
//! client.find("Project", &[], &[])?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Saying who one is
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! sg.add_user_agent("publisher 2.1");
//! sg.set_session_uuid(Some("0f1e4b9c")); // The page of the site that shall show the change at once.
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
