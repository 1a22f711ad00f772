//! The board of calls: what was asked, by whom, what happened on the wire, and in which frame it reached the screen.
//!
//! A [`Recorder`] hears of every exchange from the client, of every job from the executor, and of every frame from the
//! window, and joins the three. It knows nothing of egui: the debug panel, the Compare page and the command line all read
//! the same [`Snapshot`].

mod clock;
mod export;
mod filter;
mod frames;
mod log;
mod record;
mod recorder;
mod segments;
mod stats;

pub use clock::Clock;
pub use export::recording;
pub use filter::CallFilter;
pub use frames::{FrameMark, FrameRecord, Stall};
pub use record::{CallRecord, Finished};
pub use recorder::{Recorder, Snapshot};
pub use segments::{Segment, Step};
pub use stats::{BUDGET, FREEZE, Figures, Percentiles, RunMarks};
