//! The window's frame: poll, draw, apply.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, Ui};

use super::command::{Command, Commands};
use super::comparing::Compare;
use super::connect::{Connector, Target};
use super::fonts::SystemFonts;
use super::incident::Incident;
use super::layout::Layout;
use super::settings::Settings;
use super::state::{AppState, Browse, Calls, Dialog, Notice};
use super::thumbnails::Thumbnails;
use super::update;
use super::watchdog::{Watchdog, Watched};
use crate::calls::Recorder;
use crate::compare::Report;
use crate::offload::{Origin, Remote};
use crate::shotgun::without_userinfo;
use crate::ui::theme;

/// For so long the window waits, when it is closed, for calls that were interrupted.
const CLOSING: Duration = Duration::from_millis(100);

/// What a window begins with.
pub struct Start {
    /// Makes connections.
    pub connector: Connector,
    /// Hears of calls and frames.
    pub recorder: Arc<Recorder>,
    /// Where to connect to first, or the address to ask credentials for.
    pub target: Result<Target, String>,
    /// What the user left behind last time.
    pub settings: Settings,
    /// Something to tell at once, such as settings that could not be read.
    pub notice: Option<String>,
}

/// All of the window but the window: [`App`] drives it in a real one, tests without.
pub struct Shell {
    /// What panels may read.
    pub state: AppState,
    connector: Connector,
    layout: Layout,
    frame_began: Instant,
    /// What the frame before cost, as far as it is known.
    last_frame: Duration,
    watchdog: Option<Watchdog>,
}

impl Shell {
    /// A window that connects at once.
    pub fn new(ctx: &Context, start: Start) -> Self {
        let Start {
            connector,
            recorder,
            target,
            settings,
            notice,
        } = start;
        theme::install(ctx);
        settings.apply(ctx);
        let now = Instant::now();
        let mut session = Remote::default();
        let (target, asked_site) = match target {
            Ok(target) => {
                session.load(connector.connect(Origin::here("Window"), target.clone()));
                (Some(target), None)
            }
            Err(url) => (None, Some(url)),
        };
        let state = AppState {
            session,
            dialog: asked_site.is_some().then_some(Dialog::Connect),
            asked_in_dialog: false,
            target,
            // What an address holds besides the way to the site is typed anew.
            last_site: asked_site
                .map(|url| without_userinfo(&url))
                .or(settings.last_site),
            last_name: settings.last_name,
            page: settings.page,
            calls_docked: settings.calls_docked,
            browse: Browse::default(),
            calls: Calls {
                snapshot: recorder.snapshot(),
                recorder,
                inspected: None,
            },
            compare: Compare::default(),
            incident: None,
            thumbnails: Thumbnails::default(),
            notice: notice.map(|text| Notice::bad(text, now)),
            now,
        };
        Self {
            state,
            connector,
            layout: Layout::default(),
            frame_began: now,
            last_frame: Duration::ZERO,
            watchdog: None,
        }
    }

    /// From now on, frames that take too long are seen while they do.
    pub fn watch(&mut self, watchdog: Watchdog) {
        self.watchdog = Some(watchdog);
    }

    /// The frame before has cost `busy`, paint included: known one frame later.
    pub fn settle_last_frame(&mut self, busy: Duration) {
        self.last_frame = self.last_frame.max(busy);
        self.state.calls.recorder.settle_last_frame(busy);
    }

    /// Polls what arrived. Also runs while the window is hidden.
    pub fn logic(&mut self, ctx: &Context) {
        let _watched = self.watched();
        // Egui may lay a frame out twice: it is still one frame.
        if ctx.current_pass_index() == 0 {
            self.frame_began = Instant::now();
        }
        let state = &mut self.state;
        state.now = Instant::now();
        if let Some(arrived) = state.session.arrived() {
            let connected = arrived.is_ok();
            self.connection_changed(connected);
        }
        let AppState {
            session,
            browse,
            calls,
            compare,
            incident,
            thumbnails,
            ..
        } = &mut self.state;
        calls.snapshot = calls.recorder.snapshot();
        if let Some(session) = session.value() {
            browse.poll(session);
            thumbnails.poll(ctx, session);
            compare.frame(ctx, session, self.last_frame);
            let plan = compare.own_plan(session);
            *incident = plan.as_ref().and_then(Incident::of);
        }
    }

    /// Draws, then carries out what the user asked for.
    pub fn ui(&mut self, ui: &mut Ui) {
        let _watched = self.watched();
        let mut out = Commands::default();
        self.layout.ui(ui, &self.state, &mut out);
        for (command, origin) in out.take() {
            self.apply(ui.ctx(), command, origin);
        }
        self.last_frame = self.frame_began.elapsed();
        if ui.ctx().current_pass_index() > 0 {
            return self.state.calls.recorder.settle_last_frame(self.last_frame);
        }
        let cause = cause(ui.ctx());
        let inputs = ui.input(|input| input.events.len()) as u32;
        let view = self.state.page.title();
        self.state
            .calls
            .recorder
            .frame(self.frame_began, self.last_frame, view, cause, inputs);
    }

    /// Carries out one command, as if the user had asked for it.
    pub fn apply(&mut self, ctx: &Context, command: Command, origin: Origin) {
        if let Some(watchdog) = &self.watchdog {
            watchdog.acts(command.name());
        }
        update::apply(ctx, &self.connector, &mut self.state, command, origin);
    }

    /// What is worth keeping for the next start.
    pub fn settings(&self, ctx: &Context) -> Settings {
        Settings::of(&self.state, ctx)
    }

    /// The comparisons that were run.
    pub fn report(&self) -> Report {
        let site = self
            .state
            .session
            .value()
            .map(super::session::Session::address)
            .unwrap_or_default();
        self.state.compare.report(site)
    }

    /// Ends all work: no job starts any more, and calls on their way are interrupted. Waits a moment for that.
    pub fn close(&self) {
        let Some(session) = self.state.session.value() else {
            return;
        };
        for job in session.close(CLOSING) {
            tracing::warn!(job = %job.label, "left behind: its call did not end in time");
        }
    }

    fn watched(&self) -> Option<Watched> {
        let watchdog = self.watchdog.as_ref()?;
        Some(watchdog.frame(self.state.page.title()))
    }

    fn connection_changed(&mut self, connected: bool) {
        let AppState {
            session,
            browse,
            thumbnails,
            compare,
            dialog,
            asked_in_dialog,
            target,
            last_site,
            last_name,
            ..
        } = &mut self.state;
        if let (true, Some(session)) = (connected, session.value()) {
            if *asked_in_dialog {
                *dialog = None;
            }
            if let Some(Target::Site { url, credentials }) = target {
                *last_site = Some(without_userinfo(url));
                *last_name = credentials.name().map(str::to_owned);
            }
            *thumbnails = Thumbnails::default();
            compare.leave_site();
            browse.begin(session, Origin::here("Browse"));
        }
    }
}

/// Why this frame is drawn: the line that asked for it, without where this machine keeps its sources.
fn cause(ctx: &Context) -> String {
    let causes = ctx.repaint_causes();
    let Some(cause) = causes.first() else {
        return String::new();
    };
    let file = cause.file.replace('\\', "/");
    let in_registry = file.split_once("/registry/src/");
    let short = in_registry.and_then(|(_, rest)| rest.split_once('/'));
    let file = short.map_or(&*file, |(_, short)| short);
    format!("{file}:{} {}", cause.line, cause.reason)
        .trim_end()
        .to_owned()
}

/// A [`Shell`] in a real window.
pub struct App {
    shell: Shell,
    /// Called once, when the window is gone.
    on_exit: Option<Box<dyn FnOnce(Settings, Report)>>,
    fonts: SystemFonts,
    ctx: Context,
}

impl App {
    /// `on_exit` gets what is worth keeping, on the way out. Fails when the system gives no threads.
    pub fn new(
        ctx: &Context,
        start: Start,
        on_exit: impl FnOnce(Settings, Report) + 'static,
    ) -> io::Result<Self> {
        let watchdog = Watchdog::start(Arc::clone(&start.recorder))?;
        let mut shell = Shell::new(ctx, start);
        shell.watch(watchdog);
        Ok(Self {
            fonts: SystemFonts::install(ctx)?,
            shell,
            on_exit: Some(Box::new(on_exit)),
            ctx: ctx.clone(),
        })
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        let is_first_pass = ctx.current_pass_index() == 0;
        if let Some(seconds) = frame.info().cpu_usage.filter(|_| is_first_pass) {
            self.shell
                .settle_last_frame(Duration::from_secs_f32(seconds));
        }
        self.fonts.poll(ctx);
        self.shell.logic(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.shell.ui(ui);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.shell.close();
        if let Some(on_exit) = self.on_exit.take() {
            on_exit(self.shell.settings(&self.ctx), self.shell.report());
        }
    }
}
