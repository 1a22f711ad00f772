//! Blocking closures, away from the thread that draws.
//!
//! An immediate-mode GUI draws the whole window again and again on one thread. A blocking call on that thread freezes the
//! window for as long as it takes. Offloading it takes three steps:
//!
//! 1. give the closure to an [`Executor`]: it runs on a pool of worker threads sized for waiting, and [`Executor::run`]
//!    returns at once with a [`Job`];
//! 2. put the job into a [`Remote`], which keeps the last good value while a newer one is on its way;
//! 3. each frame, [`Remote::poll`] and draw what [`Remote::view`] says.
//!
//! The executor calls its `wake` function after each answer, so that the window draws the frame that shows it.
//!
//! ```
//! use callboard::offload::{Executor, Remote, View};
//!
//! let executor = Executor::new(|| { /* ctx.request_repaint() */ })?;
//! let mut answer: Remote<u64, String> = Remote::default();
//! answer.load(executor.run("count", || Ok(6 * 7))); // returns at once
//!
//! // …and in each frame:
//! # while answer.is_loading() {
//! answer.poll();
//! match answer.view() {
//!     View::Idle => {}                           // nothing was asked
//!     View::Loading { previous: _ } => {}        // a placeholder, or the previous value
//!     View::Ready(count) => assert_eq!(*count, 42),
//!     View::Failed { error, previous: _ } => panic!("{error}"),
//! }
//! # }
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! What holds, whatever a job does: it is answered exactly once (value, error, panic, cancelled or shut down); the answer is
//! stored before the one wake-up; an answer that was superseded is never seen and is freed on a worker, not on the thread
//! that draws. This module knows neither egui nor Shotgun.
//!
//! A closure may wait for anything but rayon: inside `rayon::join` or `scope` a worker would pick up another queued job, and
//! wait for that one as well.

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
