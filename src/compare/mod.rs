//! The same calls made twice: on the thread that draws, and offloaded.
//!
//! [`blocking`] and [`offloaded`] hold the two versions of the code. They are what runs, and what the Compare page shows. A
//! [`Run`] makes the calls of a [`Workload`] with one of them, frame by frame; the frames are the window's, or those of a
//! stand-in without a window ([`headless`]).

pub mod blocking;
mod code;
mod frame_loop;
pub mod offloaded;
mod report;
mod run;
mod shown;
mod typist;
mod workload;

pub use code::{Snippet, snippets};
pub use frame_loop::headless;
pub use report::{LastRow, Report, SideReport, Verdict};
pub use run::{Run, Side};
pub use workload::{LONGEST_FREEZE, Workload};
