//! The Compare page's runs, frame by frame in the real window.

use std::time::{Duration, Instant};

use egui::Context;

use super::command::CompareCommand;
use super::session::Session;
use crate::calls::{Percentiles, Snapshot};
use crate::compare::{Report, Run, Side, SideReport, Verdict, Workload};
use crate::sandbox::{FaultPlan, Hiccup};

/// What the Compare page shows.
#[derive(Default)]
pub struct Compare {
    /// The calls to make, as wanted.
    pub workload: Workload,
    /// The troubles that the sandbox has during runs.
    pub trouble: Trouble,
    /// The run on its way.
    pub run: Option<Run>,
    /// What runs after it.
    next: Option<Side>,
    /// Whether a frame of the run is open, waiting to learn its cost.
    frame_open: bool,
    /// The sandbox's own troubles, to be restored after the run.
    plan_before: Option<FaultPlan>,
    /// The last blocking run.
    pub sync: Option<SideReport>,
    /// The last offloaded run.
    pub offloaded: Option<SideReport>,
    /// Why the last run could not start.
    pub error: Option<String>,
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
        Self { latency: Duration::from_millis(500), hiccup_every: 5, hiccup: Duration::from_secs(2) }
    }
}

impl Trouble {
    /// What a call takes on average, in a sandbox that has it.
    pub fn per_call(&self) -> Duration {
        let hiccup = if self.hiccup_every > 0 { self.hiccup / self.hiccup_every } else { Duration::ZERO };
        self.latency + hiccup
    }

    fn plan(&self) -> FaultPlan {
        let hiccup = (self.hiccup_every > 0).then_some(Hiccup { every: self.hiccup_every, pause: self.hiccup });
        FaultPlan { latency: self.latency, hiccup, ..FaultPlan::default() }
    }
}

impl Compare {
    /// What one call is expected to take: in the sandbox what it is told to take, elsewhere what `find` took lately.
    pub fn expected_per_call(&self, session: &Session, calls: &Snapshot) -> Duration {
        if session.faults().is_some() {
            return self.trouble.per_call().max(Duration::from_millis(1));
        }
        let finds = calls.calls.iter().filter(|call| &*call.method == "find" && call.finished.is_some());
        let took = finds.map(|call| call.total(call.started)).collect::<Vec<_>>();
        Percentiles::of(took).map_or(Duration::from_millis(300), |found| found.p50)
    }

    /// The workload as it will run: with fewer calls where the freeze would be unreasonable.
    pub fn affordable(&self, session: &Session, calls: &Snapshot) -> Workload {
        self.workload.capped(self.expected_per_call(session, calls))
    }

    pub(super) fn apply(&mut self, ctx: &Context, session: &Session, calls: &Snapshot, command: CompareCommand) {
        match command {
            CompareCommand::Set(workload, trouble) => {
                self.workload = workload;
                self.trouble = trouble;
            }
            CompareCommand::Run(side) => self.start(ctx, session, calls, side),
            CompareCommand::RunBoth => {
                self.start(ctx, session, calls, Side::Sync);
                self.next = Some(Side::Offloaded);
            }
            CompareCommand::Stop => self.end(session),
        }
    }

    fn start(&mut self, ctx: &Context, session: &Session, calls: &Snapshot, side: Side) {
        self.end(session);
        if let Some(faults) = session.faults() {
            self.plan_before = Some(faults.plan());
            faults.set(self.trouble.plan());
        }
        let workload = self.affordable(session, calls);
        let ctx = ctx.clone();
        let wake = move || ctx.request_repaint();
        let run = match side {
            Side::Sync => session.on_this_thread(&workload, wake),
            Side::Offloaded => session.offloaded_run(&workload, wake),
        };
        match run {
            Ok(run) => {
                self.error = None;
                self.run = Some(run);
            }
            Err(error) => {
                self.error = Some(format!("The run could not start: {error}"));
                self.end(session);
            }
        }
    }

    /// A frame begins: the one before has cost `last_frame`.
    pub(super) fn frame(&mut self, ctx: &Context, session: &Session, calls: &Snapshot, last_frame: Duration) {
        let Some(run) = &mut self.run else { return };
        if self.frame_open {
            run.end_frame(last_frame);
            self.frame_open = false;
        }
        if run.is_done() {
            self.finish(session);
            if let Some(side) = self.next.take() {
                self.start(ctx, session, calls, side);
            }
            return;
        }
        run.begin_frame(Instant::now());
        run.step();
        self.frame_open = true;
    }

    fn finish(&mut self, session: &Session) {
        if let Some(run) = self.run.take() {
            match run.side() {
                Side::Sync => self.sync = Some(run.finish()),
                Side::Offloaded => self.offloaded = Some(run.finish()),
            }
        }
        self.restore(session);
    }

    fn end(&mut self, session: &Session) {
        self.run = None;
        self.next = None;
        self.frame_open = false;
        self.restore(session);
    }

    fn restore(&mut self, session: &Session) {
        if let (Some(faults), Some(plan)) = (session.faults(), self.plan_before.take()) {
            faults.set(plan);
        }
    }

    /// The verdict, once both sides have run the same calls.
    pub fn verdict(&self) -> Option<Verdict> {
        let (sync, offloaded) = (self.sync.as_ref()?, self.offloaded.as_ref()?);
        (sync.answers.len() == offloaded.answers.len()).then(|| Verdict::of(sync, offloaded))
    }

    /// Both runs, as far as they were made.
    pub fn report(&self, site: String) -> Report {
        let calls = self.sync.as_ref().or(self.offloaded.as_ref()).map_or(0, |side| side.answers.len());
        Report {
            site,
            calls,
            calls_wanted: self.workload.calls,
            sync: self.sync.as_ref().map(|side| side.figures.clone()),
            offloaded: self.offloaded.as_ref().map(|side| side.figures.clone()),
        }
    }
}
