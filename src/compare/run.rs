//! One run of a workload, frame by frame.

use std::io;
use std::time::{Duration, Instant};

use super::blocking::Blocking;
use super::offloaded::Offloaded;
use super::report::SideReport;
use super::shown::Shown;
use super::typist::Typist;
use super::workload::Workload;
use crate::calls::{Figures, RunMarks};
use crate::offload::Executor;
use crate::shotgun::{Client, Find};

/// Which of the two versions runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// On the thread that draws.
    Sync,
    /// On the workers.
    Offloaded,
}

/// A workload on its way. Whoever draws the frames calls, in each until [`Self::is_over`]: [`Self::begin_frame`],
/// [`Self::step`], and [`Self::end_frame`] with what the frame cost.
pub struct Run {
    version: Version,
    /// What is still to be asked, the next one last.
    finds: Vec<Find>,
    typist: Typist,
    began: Instant,
    frame: Frame,
    /// Inputs that the frame handles.
    due: Vec<Instant>,
    frames: Vec<Duration>,
    interactions: Vec<Duration>,
    /// Whether the inputs that fell due in the last frame were handled, too.
    over: bool,
}

enum Version {
    Sync(Vec<Blocking>),
    Offloaded(Vec<Offloaded>),
}

struct Frame {
    began: Instant,
    /// It follows the last answer: its inputs count, the frame itself is not one of the run's.
    is_after: bool,
}

impl Run {
    /// The blocking version: one call per frame, as a slot per click would.
    pub fn blocking(
        sg: &Client,
        workload: &Workload,
        wake: impl Fn() + Send + 'static,
    ) -> io::Result<Self> {
        let slots = (0..workload.calls)
            .map(|_| Blocking::new(sg.clone()))
            .collect();
        Self::start(Version::Sync(slots), workload, wake)
    }

    /// The offloaded version: all calls asked at once.
    pub fn offloaded(
        sg: &Client,
        pool: &Executor,
        workload: &Workload,
        wake: impl Fn() + Send + 'static,
    ) -> io::Result<Self> {
        let slots = (0..workload.calls)
            .map(|_| Offloaded::new(sg.clone(), pool.clone()))
            .collect();
        Self::start(Version::Offloaded(slots), workload, wake)
    }

    fn start(
        version: Version,
        workload: &Workload,
        wake: impl Fn() + Send + 'static,
    ) -> io::Result<Self> {
        let now = Instant::now();
        Ok(Self {
            version,
            finds: workload.finds().into_iter().rev().collect(),
            typist: Typist::start(wake)?,
            began: now,
            frame: Frame {
                began: now,
                is_after: false,
            },
            due: Vec::new(),
            frames: Vec::new(),
            interactions: Vec::new(),
            over: false,
        })
    }

    /// Which version this is.
    pub fn side(&self) -> Side {
        match self.version {
            Version::Sync(_) => Side::Sync,
            Version::Offloaded(_) => Side::Offloaded,
        }
    }

    /// When it began.
    pub fn began(&self) -> Instant {
        self.began
    }

    /// A frame begins: it handles the inputs that are due.
    pub fn begin_frame(&mut self, now: Instant) {
        self.frame = Frame {
            began: now,
            is_after: self.is_done(),
        };
        self.due = self.typist.take();
    }

    /// What the window does in a frame. The blocking version blocks here.
    pub fn step(&mut self) {
        match &mut self.version {
            Version::Sync(slots) => {
                let slot = slots.len() - self.finds.len();
                if let (Some(page), Some(slot)) = (self.finds.pop(), slots.get_mut(slot)) {
                    slot.get_shots(&page);
                }
            }
            Version::Offloaded(slots) => {
                for slot in slots.iter_mut() {
                    match self.finds.pop() {
                        Some(page) => slot.get_shots(page),
                        None => slot.each_frame(),
                    }
                }
            }
        }
    }

    /// A frame is done, after being busy for `busy`.
    pub fn end_frame(&mut self, busy: Duration) {
        let Frame { began, is_after } = self.frame;
        let ended = began + busy;
        self.interactions.extend(
            self.due
                .drain(..)
                .map(|due| ended.saturating_duration_since(due)),
        );
        if is_after {
            self.over = true;
        } else {
            self.frames.push(busy);
        }
    }

    /// Leaves out the calls that were not asked yet.
    pub fn cut_short(&mut self) {
        let left = self.finds.len();
        self.finds.clear();
        match &mut self.version {
            Version::Sync(slots) => slots.truncate(slots.len() - left),
            Version::Offloaded(slots) => slots.truncate(slots.len() - left),
        }
    }

    /// Frames so far, each with its busy time.
    pub fn frames(&self) -> &[Duration] {
        &self.frames
    }

    /// Calls that were answered.
    pub fn answered(&self) -> usize {
        self.shown().filter(|shown| shown.answer.is_some()).count()
    }

    /// Calls to make in all.
    pub fn calls(&self) -> usize {
        self.shown().count()
    }

    /// Whether every call was answered.
    pub fn is_done(&self) -> bool {
        self.answered() == self.calls()
    }

    /// Whether the frame after the last answer is over, too: it is the one that handles what was typed during a last, long
    /// frame.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// The figures of the run, once it is over.
    pub fn finish(self) -> SideReport {
        let since_start = |at: Instant| at.saturating_duration_since(self.began);
        let answers = || {
            self.shown()
                .filter_map(|shown| Some((since_start(shown.at?), shown.answer.as_ref()?)))
        };
        let rows = || {
            answers()
                .filter(|(_, answer)| answer.is_ok())
                .map(|(at, _)| at)
        };
        let errors = answers().filter(|(_, answer)| answer.is_err()).count();
        let marks = RunMarks {
            calls: self.calls(),
            interactions: self.interactions.clone(),
            first_row: rows().min(),
            // Where a call failed, its rows never came.
            all_rows: rows().max().filter(|_| errors == 0),
            wall: answers().map(|(at, _)| at).max().unwrap_or_default(),
            peak_in_flight: self.peak_in_flight(),
            errors,
        };
        SideReport {
            figures: Figures::of(&self.frames, &marks),
            answers: self.shown().map(|shown| shown.answer.clone()).collect(),
            frames: self.frames,
        }
    }

    fn shown(&self) -> Box<dyn Iterator<Item = &Shown> + '_> {
        match &self.version {
            Version::Sync(slots) => Box::new(slots.iter().map(|slot| &slot.shown)),
            Version::Offloaded(slots) => Box::new(slots.iter().map(|slot| &slot.shown)),
        }
    }

    fn peak_in_flight(&self) -> usize {
        match &self.version {
            Version::Sync(_) => 1,
            Version::Offloaded(slots) => {
                let spans = slots.iter().filter_map(Offloaded::span).collect::<Vec<_>>();
                let out_at = |moment: Instant| {
                    spans
                        .iter()
                        .filter(|(from, to)| *from <= moment && moment < *to)
                        .count()
                };
                spans
                    .iter()
                    .map(|(from, _)| out_at(*from))
                    .max()
                    .unwrap_or(0)
            }
        }
    }
}
