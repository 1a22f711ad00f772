//! The whole window over executors that run only when told to: "loading" is a state to look at, not a race.

use std::sync::Arc;

use callboard::app::command::Command;
use callboard::app::connect::{Connector, Target};
use callboard::app::session::Session;
use callboard::app::settings::Settings;
use callboard::app::state::AppState;
use callboard::app::{Shell, Start};
use callboard::calls::Recorder;
use callboard::offload::Origin;
use egui::{Theme, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::harness;

/// A window whose jobs wait for [`Self::arrive`].
pub struct Window {
    pub harness: Harness<'static, Option<Shell>>,
    connector: Connector,
}

impl Window {
    /// A window that has just been opened: it connects, and nothing has arrived.
    pub fn opening(size: impl Into<Vec2>, theme: Theme, target: Target) -> Self {
        let settings = Settings {
            light: theme == Theme::Light,
            ..Settings::default()
        };
        Self::with_settings(size, target, settings, None)
    }

    /// The same, as it was left behind last time, and with something to tell.
    pub fn with_settings(
        size: impl Into<Vec2>,
        target: Target,
        settings: Settings,
        notice: Option<String>,
    ) -> Self {
        let theme = if settings.light {
            Theme::Light
        } else {
            Theme::Dark
        };
        let recorder = Arc::new(Recorder::default());
        let connector = Connector::manual(Arc::clone(&recorder));
        let mut start = Some(Start {
            connector: connector.clone(),
            recorder,
            target: Ok(target),
            settings,
            notice,
        });
        let contents = move |ui: &mut egui::Ui, shell: &mut Option<Shell>| {
            if let Some(start) = start.take() {
                *shell = Some(Shell::new(ui.ctx(), start));
            }
            let shell = shell.as_mut().unwrap();
            shell.logic(ui.ctx());
            shell.ui(ui);
        };
        // One of the sandbox's projects has a Japanese name, and the fonts of the system are not asked in tests.
        let harness = harness::builder(size, theme)
            .allow_missing_glyphs()
            .build_ui_state(contents, None);
        Self { harness, connector }
    }

    /// A window on the sandbox, with all that it asked for by itself.
    pub fn on_sandbox(size: impl Into<Vec2>, theme: Theme) -> Self {
        let mut window = Self::opening(size, theme, Target::Sandbox);
        window.arrive();
        window
    }

    /// Runs what is asked for, and what follows from it, until nothing is left.
    pub fn arrive(&mut self) {
        // What a frame wants to see, such as pictures, is asked for by the next one.
        let mut quiet_frames = 0;
        while quiet_frames < 2 {
            self.harness.step();
            quiet_frames = if self.answer() == 0 {
                quiet_frames + 1
            } else {
                0
            };
        }
        self.harness.run();
    }

    /// Runs what waits now, without a frame, and says how many jobs that were.
    pub fn answer(&self) -> usize {
        let session = self.state().session.value().map(Session::run_pending);
        self.connector.run_pending() + session.unwrap_or(0)
    }

    pub fn state(&self) -> &AppState {
        &self.shell().state
    }

    pub fn session(&self) -> &Session {
        self.state().session.value().unwrap()
    }

    pub fn shell(&self) -> &Shell {
        self.harness.state().as_ref().unwrap()
    }

    /// Does what a panel would ask for.
    pub fn apply(&mut self, command: impl Into<Command>) {
        let ctx = self.harness.ctx.clone();
        let shell = self.harness.state_mut().as_mut().unwrap();
        shell.apply(&ctx, command.into(), Origin::here("Test"));
    }

    pub fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.run();
    }

    /// Whether some text of the window holds `part`.
    pub fn says(&self, part: &str) -> bool {
        self.harness
            .query_all_by_label_contains(part)
            .next()
            .is_some()
            || self.harness.query_all_by_value(part).next().is_some()
    }

    #[track_caller]
    pub fn assert_says(&self, part: &str) {
        assert!(self.says(part), "nothing says “{part}”");
    }
}
