//! The Compare page's runs, frame by frame in the real window.

use std::io;
use std::time::{Duration, Instant};

use egui::Context;

use super::command::CompareCommand;
use super::session::Session;
use crate::calls::{BUDGET, Snapshot};
use crate::compare::{LONGEST_FREEZE, Report, Run, Side, SideReport, Verdict, Workload};
use crate::sandbox::{FaultPlan, Hiccup};
use crate::ui::wake::waker;

/// Frames drawn between the command and the first call: they say on screen that a run begins, also where the first call
/// then blocks the window.
const FRAMES_BEFORE: u64 = 2;

/// What a call to a site is expected to take before any was made.
const UNKNOWN_SITE: Duration = Duration::from_millis(300);

/// As many of the last calls tell what the next one will take.
const CALLS_TO_JUDGE_BY: usize = 50;

/// What the Compare page shows.
#[derive(Default)]
pub struct Compare {
    /// The calls to make, as wanted.
    pub workload: Workload,
    /// The troubles that the sandbox has during runs.
    pub trouble: Trouble,
    /// The last blocking run.
    pub sync: Option<Ran>,
    /// The last offloaded run.
    pub offloaded: Option<Ran>,
    /// Why the last run could not start.
    pub error: Option<String>,
    going: Option<Going>,
    /// What runs after it.
    next: Option<(Side, Workload)>,
    /// The sandbox's own troubles, to be restored after the run.
    plan_before: Option<FaultPlan>,
}

/// A run that has ended.
#[derive(Clone, Debug)]
pub struct Ran {
    /// What it left behind.
    pub side: SideReport,
    /// The calls that were wanted, and the troubles they met.
    pub settings: (Workload, Trouble),
}

/// A run on its way, for those who draw it.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// Which version runs.
    pub side: Side,
    /// Calls that were answered.
    pub answered: usize,
    /// Calls to make in all.
    pub calls: usize,
    /// Frames so far, each with its busy time.
    pub frames: &'a [Duration],
}

enum Going {
    /// Said on screen, but no call was made yet: frames drawn when it was asked for.
    Announced {
        side: Side,
        workload: Workload,
        frame: u64,
    },
    On {
        run: Run,
        open: Option<OpenFrame>,
    },
}

/// A frame of the run that waits to learn its cost.
struct OpenFrame {
    /// Frames drawn before it.
    frame: u64,
    /// What the run alone cost in it.
    step: Duration,
}

/// How slow the sandbox is while a comparison runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What each call takes longer.
    pub latency: Duration,
    /// Every so many calls one takes longer still; 0 for never.
    pub hiccup_every: u32,
    /// How much longer.
    pub hiccup: Duration,
}

impl Default for Trouble {
    fn default() -> Self {
        Self {
            latency: Duration::from_millis(500),
            hiccup_every: 5,
            hiccup: Duration::from_secs(2),
        }
    }
}

impl Trouble {
    /// What a call takes on average, in a sandbox that has it.
    pub fn per_call(&self) -> Duration {
        self.latency
            + self
                .hiccup
                .checked_div(self.hiccup_every)
                .unwrap_or_default()
    }

    /// What `calls` take in all, one after the other.
    pub fn of_calls(&self, calls: usize) -> Duration {
        let calls = calls as u32;
        self.latency * calls
            + self.hiccup * calls.checked_div(self.hiccup_every).unwrap_or_default()
    }

    fn plan(&self) -> FaultPlan {
        let hiccup = (self.hiccup_every > 0).then_some(Hiccup {
            every: self.hiccup_every,
            pause: self.hiccup,
        });
        FaultPlan {
            latency: self.latency,
            hiccup,
            ..FaultPlan::default()
        }
    }
}

impl Compare {
    /// Another site is on show: its runs are yet to be made, with what was set before.
    pub(super) fn leave_site(&mut self) {
        *self = Self {
            workload: self.workload.clone(),
            trouble: self.trouble,
            ..Self::default()
        };
    }

    /// What one call is expected to take: in the sandbox what it is told to take, elsewhere what `find` took lately.
    pub fn expected_per_call(&self, session: &Session, calls: &Snapshot) -> Duration {
        if session.faults().is_some() {
            return self.trouble.per_call().max(Duration::from_millis(1));
        }
        let finds = calls
            .calls
            .iter()
            .rev()
            .filter(|call| &*call.method == "find" && call.finished.is_some());
        let took = finds
            .take(CALLS_TO_JUDGE_BY)
            .filter_map(|call| Some(call.finished.as_ref()?.at.duration_since(call.started)))
            .collect::<Vec<_>>();
        // The mean, not the median: the freeze will be the sum.
        took.iter()
            .sum::<Duration>()
            .checked_div(took.len() as u32)
            .unwrap_or(UNKNOWN_SITE)
    }

    /// How long the blocking run is expected to freeze the window.
    pub fn expected_freeze(&self, session: &Session, calls: &Snapshot) -> Duration {
        let affordable = self.affordable(session, calls).calls;
        match session.faults() {
            Some(_) => self.trouble.of_calls(affordable),
            None => self.expected_per_call(session, calls) * affordable as u32,
        }
    }

    /// The workload as it will run: with fewer calls where the freeze would be unreasonable.
    pub fn affordable(&self, session: &Session, calls: &Snapshot) -> Workload {
        self.workload.capped(self.expected_per_call(session, calls))
    }

    /// The run on its way.
    pub fn progress(&self) -> Option<Progress<'_>> {
        Some(match self.going.as_ref()? {
            Going::Announced { side, workload, .. } => Progress {
                side: *side,
                answered: 0,
                calls: workload.calls,
                frames: &[],
            },
            Going::On { run, .. } => Progress {
                side: run.side(),
                answered: run.answered(),
                calls: run.calls(),
                frames: run.frames(),
            },
        })
    }

    pub(super) fn apply(
        &mut self,
        ctx: &Context,
        session: &Session,
        calls: &Snapshot,
        command: CompareCommand,
    ) {
        match command {
            CompareCommand::Set(workload, trouble) => {
                self.workload = workload;
                self.trouble = trouble;
            }
            CompareCommand::Run(side) => {
                self.end(session);
                self.announce(ctx, side, self.affordable(session, calls));
            }
            CompareCommand::RunBoth => {
                self.end(session);
                let workload = self.affordable(session, calls);
                self.next = Some((Side::Offloaded, workload.clone()));
                self.announce(ctx, Side::Sync, workload);
            }
            CompareCommand::Stop => self.end(session),
        }
    }

    fn announce(&mut self, ctx: &Context, side: Side, workload: Workload) {
        self.error = None;
        self.going = Some(Going::Announced {
            side,
            workload,
            frame: ctx.cumulative_frame_nr(),
        });
        ctx.request_repaint();
    }

    /// A frame begins: the one before has cost `last_frame`.
    pub(super) fn frame(&mut self, ctx: &Context, session: &Session, last_frame: Duration) {
        // Egui may lay out a frame twice; it still makes one call and is counted once.
        if self.going.is_none() || ctx.current_pass_index() > 0 {
            return;
        }
        let now = Instant::now();
        // Begin to begin: no more than 60 frames a second for the moving parts, however short the frames are.
        ctx.request_repaint_after(BUDGET);
        let drawn = ctx.cumulative_frame_nr();
        match self.going.take() {
            Some(Going::Announced {
                side,
                workload,
                frame,
            }) if drawn >= frame + FRAMES_BEFORE => {
                match self.start(ctx, session, side, &workload) {
                    Ok(run) => self.going = Some(Self::step(run, drawn, now)),
                    Err(error) => {
                        self.end(session);
                        self.error = Some(format!("The run could not start: {error}"));
                    }
                }
            }
            Some(Going::On { mut run, open }) => {
                if let Some(open) = open {
                    // A hidden window draws nothing: then only what the run itself took is known.
                    let drew = drawn > open.frame;
                    run.end_frame(if drew {
                        last_frame.max(open.step)
                    } else {
                        open.step
                    });
                }
                if run.is_over() {
                    self.finish(ctx, session, run);
                } else {
                    self.going = Some(Self::step(run, drawn, now));
                }
            }
            announced => self.going = announced,
        }
    }

    /// The sandbox's troubles begin with the run, counted from the start: both sides meet the same ones.
    fn start(
        &mut self,
        ctx: &Context,
        session: &Session,
        side: Side,
        workload: &Workload,
    ) -> io::Result<Run> {
        if let Some(faults) = session.faults() {
            self.plan_before.get_or_insert(faults.plan());
            faults.set(self.trouble.plan());
        }
        let wake = waker(ctx);
        match side {
            Side::Sync => session.on_this_thread(workload, wake),
            Side::Offloaded => session.offloaded_run(workload, wake),
        }
    }

    /// One frame of the run. The blocking version blocks the window here: the one sanctioned exception.
    fn step(mut run: Run, drawn: u64, now: Instant) -> Going {
        run.begin_frame(now);
        run.step();
        // A site that is slower than expected: nobody has to sit through a longer freeze than was agreed on.
        if run.side() == Side::Sync && run.began().elapsed() > LONGEST_FREEZE {
            run.cut_short();
        }
        Going::On {
            run,
            open: Some(OpenFrame {
                frame: drawn,
                step: now.elapsed(),
            }),
        }
    }

    fn finish(&mut self, ctx: &Context, session: &Session, run: Run) {
        let side = run.side();
        let ran = Ran {
            side: run.finish(),
            settings: (self.workload.clone(), self.trouble),
        };
        let made = ran.side.answers.len();
        match side {
            Side::Sync => self.sync = Some(ran),
            Side::Offloaded => self.offloaded = Some(ran),
        }
        self.restore(session);
        if let Some((side, workload)) = self.next.take() {
            self.announce(
                ctx,
                side,
                Workload {
                    calls: made,
                    ..workload
                },
            );
        }
    }

    fn end(&mut self, session: &Session) {
        self.going = None;
        self.next = None;
        self.restore(session);
    }

    fn restore(&mut self, session: &Session) {
        if let (Some(faults), Some(plan)) = (session.faults(), self.plan_before.take()) {
            faults.set(plan);
        }
    }

    /// The plan that the sandbox goes by while no run is on its way.
    pub(super) fn own_plan(&self, session: &Session) -> Option<FaultPlan> {
        // The lock on a plan is never held for longer than it takes to look at one: a frame may take it.
        let faults = session.faults()?;
        Some(self.plan_before.clone().unwrap_or_else(|| faults.plan()))
    }

    /// The sandbox goes by `plan` from now on, or from the end of the run that is on its way.
    pub(super) fn set_own_plan(&mut self, session: &Session, plan: FaultPlan) {
        match (&mut self.plan_before, session.faults()) {
            (Some(before), _) => *before = plan,
            (None, Some(faults)) => faults.set(plan),
            (None, None) => {}
        }
    }

    /// The verdict, once both sides have made the same calls under the same circumstances.
    pub fn verdict(&self) -> Option<Verdict> {
        let (sync, offloaded) = (self.sync.as_ref()?, self.offloaded.as_ref()?);
        let same = sync.settings == offloaded.settings
            && sync.side.answers.len() == offloaded.side.answers.len();
        same.then(|| Verdict::of(&sync.side, &offloaded.side))
    }

    /// Both runs, as far as they were made.
    pub fn report(&self, site: String) -> Report {
        let last = self.sync.as_ref().or(self.offloaded.as_ref());
        let figures = |ran: &Option<Ran>| ran.as_ref().map(|ran| ran.side.figures.clone());
        Report {
            site,
            calls: last.map_or(0, |ran| ran.side.answers.len()),
            calls_wanted: last.map_or(self.workload.calls, |ran| ran.settings.0.calls),
            sync: figures(&self.sync),
            offloaded: figures(&self.offloaded),
        }
    }
}
