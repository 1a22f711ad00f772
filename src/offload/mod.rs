//! Blocking closures, away from the thread that draws.
//!
//! An immediate-mode GUI draws the whole window again and again on one thread. A blocking call on that thread freezes the
//! window for as long as it takes. This module runs it elsewhere, and needs no async runtime for that. It knows neither egui
//! nor Shotgun, and `default-features = false` leaves it alone in the crate.
//!
//! # One closure
//!
//! Offloading it takes three steps: give it to an [`Executor`], which runs it on a worker and returns a [`Job`] at once; put
//! the job into a [`Remote`], which keeps the last good value while a newer one is on its way; and in each frame, look.
//!
//! ```
//! use callboard::offload::{Executor, Remote, View};
//!
//! struct Window {
//!     executor: Executor, // Executor::new(move || ctx.request_repaint())?
//!     names: Remote<String, std::io::Error>,
//! }
//!
//! impl Window {
//!     fn frame(&mut self, load_clicked: bool) -> String {
//!         if load_clicked {
//!             // It returns at once; the file is read on a worker.
//!             self.names.load(self.executor.run("names", || std::fs::read_to_string("Cargo.toml")));
//!         }
//!         self.names.poll();
//!         match self.names.view() {
//!             View::Idle => "Nothing was asked".to_owned(),
//!             View::Loading { previous: None } => "Loading…".to_owned(),
//!             View::Loading { previous: Some(old) } => format!("Loading again: {old}"),
//!             View::Ready(names) => names.clone(),
//!             View::Failed { error, .. } => format!("It did not work: {error}"),
//!         }
//!     }
//! }
//! # let mut window = Window { executor: Executor::new(|| {})?, names: Remote::default() };
//! # assert_eq!(window.frame(false), "Nothing was asked");
//! # window.frame(true);
//! # while window.names.is_loading() {
//! #     window.frame(false);
//! # }
//! # assert!(window.frame(false).contains("[package]"));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! The executor calls its `wake` function after each answer, so that the window draws the frame that shows it.
//!
//! # Many of them
//!
//! A screen shows many values, each of which has a key. A [`Store`] is a [`Remote`] for each key: it asks when a key is first
//! looked at, lets all who look share the answer, and keeps it for a while.
//!
//! ```
//! use std::time::Duration;
//!
//! use callboard::offload::{Executor, Keep, Store, View};
//!
//! let executor = Executor::manual(|| {});
//! let mut sizes: Store<&str, u64, std::io::Error> = Store::new(Keep { fresh: Duration::from_secs(60), keys: 500 });
//! let mut row = |path: &'static str| {
//!     let ask = || executor.run("size", move || Ok(std::fs::metadata(path)?.len()));
//!     matches!(sizes.get(&path, ask), View::Ready(_))
//! };
//! assert!(!row("Cargo.toml") && !row("README.md"), "they are being asked for");
//! executor.run_pending();
//! assert!(row("Cargo.toml") && row("README.md"));
//! ```
//!
//! # Who goes first
//!
//! A click must not wait behind a prefetch. A [`Lane`] is a class of jobs with a limit of its own; one worker is always kept
//! for interactive ones. Within a lane a job has a priority, which may change as long as it waits: what is scrolled into view
//! goes first. What computes has threads of its own, which no waiting ever takes up: [`Executor::compute`], and
//! [`Ask::run_then`] for a call whose answer is decoded.
//!
//! ```
//! use std::time::Duration;
//!
//! use callboard::offload::{Executor, Job, Lane};
//!
//! const CLICKS: Lane = Lane::interactive("Clicks");
//! const PICTURES: Lane = Lane::background("Pictures", 4);
//!
//! let executor = Executor::new(|| {})?;
//! let picture: Job<usize, std::io::Error> = executor
//!     .job("picture")
//!     .lane(PICTURES)
//!     .deadline(Duration::from_secs(30))
//!     .run_then(|| std::fs::read("logo.png"), |bytes| Ok(bytes.len()));
//! picture.set_priority(1); // it is on screen now
//! let found: Job<u32, String> = executor
//!     .job("search")
//!     .lane(CLICKS)
//!     .after(Duration::from_millis(200)) // replaced by the next key, it never starts
//!     .run(|| Ok(42));
//! # drop((picture, found));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Not wanted any more
//!
//! Dropping a job, replacing it in a remote, and leaving a [`Scope`] all say that nobody wants its answer. A job that waits is
//! taken from the queue; one that runs hears of it by [`stop_requested`], or by a hook of [`on_stop`] that breaks off what it
//! waits for. [`JobRecord::cancel`] tells which it was, and how long it took. [`Job::ask_to_stop`] is for writes: it lets the
//! job say itself how far it came.
//!
//! ```
//! use std::net::TcpStream;
//!
//! use callboard::offload::{Told, on_stop};
//!
//! fn talk(stream: &TcpStream) -> std::io::Result<()> {
//!     let other = stream.try_clone()?;
//!     let _hook = on_stop(move || match other.shutdown(std::net::Shutdown::Both) {
//!         Ok(()) => Told::BrokenOff,
//!         Err(_) => Told::Noted,
//!     });
//!     // …read and write: it returns as soon as the job is told to stop.
//!     Ok(())
//! }
//! # let _ = talk;
//! ```
//!
//! # Bit by bit
//!
//! [`Ask::stream`] has its parts drawn while there are more to come, and [`report_progress`] says how far a job is.
//!
//! ```
//! use callboard::offload::{Executor, Stream};
//!
//! let executor = Executor::manual(|| {});
//! let mut pages: Stream<u32, String> = executor.job("pages").stream(|out| {
//!     for page in 1..=3 {
//!         if !out.send(page) {
//!             break; // nobody looks any more
//!         }
//!     }
//!     Ok(())
//! });
//! executor.run_pending();
//! assert_eq!(pages.arrived().len(), 3);
//! assert_eq!(pages.end(), Some(Ok(())));
//! ```
//!
//! # The end
//!
//! [`Executor::close`] takes no more, ends what waits and what runs, waits a moment, and names what it leaves behind; then
//! `main` can return. A closure may hang for ever: its thread ends with the process.
//!
//! # Tests
//!
//! [`Executor::manual`] has no threads, and a clock that stands still: a test says when a job runs and when time passes, and
//! needs no sleep.
//!
//! # What holds, whatever a job does
//!
//! It is answered exactly once: value, error, panic, cancelled, too late or shut down. The answer is stored before the one
//! wake-up. An answer that was superseded is never seen. Whatever was answered is freed on a worker ([`Parcel`]), not on the
//! thread that draws. Looking never waits, and costs what arrived, not what is out.
//!
//! A closure that waits may wait for anything but rayon: inside `rayon::join` or `scope` a worker would pick up another queued
//! job, and wait for that one as well. What computes may.

mod ask;
mod clock;
mod core;
mod current;
mod executor;
mod job;
mod lane;
mod mailbox;
mod parcel;
mod queue;
mod record;
mod remote;
mod ring;
mod scope;
mod stop;
mod store;
mod stream;
mod ticket;
mod timer;
mod workers;

pub use ask::Ask;
pub use current::{current_job, report_progress};
pub use executor::{DEFAULT_WORKERS, Executor};
pub use job::{Job, JobError, JobId};
pub use lane::Lane;
pub use parcel::Parcel;
pub use record::{Cancel, End, JobRecord, Origin, Progress};
pub use remote::{Remote, View};
pub use ring::Recent;
pub use scope::{LAST, Scope};
pub use stop::{OnStop, Told, on_stop, stop_requested};
pub use store::{Forced, Keep, Store};
pub use stream::{Parts, Stream};
pub use workers::Load;
