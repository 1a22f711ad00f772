//! How slow and how broken the site is: planned, seeded, and changed while it runs.
//!
//! A [`FaultPlan`] says what may go wrong; a [`Preset`] is one named after an incident. [`Faults`] is the handle on the
//! plan of a running site, and a [`Verdict`] is what comes of it for one call. Plans are read from JSON and written as
//! such, for files and for the control endpoint.
//!
//! What repeats itself: chance is drawn from the plan's seed, the call's method and entity type, and which call of these
//! it is since the plan was set. So the third `read` of `Shot` meets the same fate in every run, whatever other calls
//! happen in between or at the same time. Two calls of the same kind that arrive together may swap their numbers, and so
//! their fates. Hiccups count the calls of all kinds that they hold for, in the order in which those arrive.

mod chance;
mod duration;
mod handle;
mod json;
mod misbehavior;
mod plan;
mod preset;
mod reader;
mod verdict;

pub use self::handle::{Edition, Faults};
pub use self::misbehavior::{Misbehavior, whole_seconds};
pub use self::plan::{Failure, FaultPlan, Hiccup, MethodFaults, Rule, Tail, Target};
pub use self::preset::{Preset, UnknownPreset};
pub use self::reader::{Once, PlanError};
pub use self::verdict::{Call, THUMBNAIL, Verdict};
