//! `callboard`: the window.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use eframe::egui::{self, ViewportBuilder};

use super::args::{RecordArgs, SiteArgs};
use super::compare::{self, CompareArgs};
use super::{output, record, site};
use crate::app::connect::{Connector, Target};
use crate::app::settings::Settings;
use crate::app::{App, Start, waker};
use crate::calls::Recorder;
use crate::compare::Report;

pub(super) fn run(site: &SiteArgs, record: &RecordArgs) -> anyhow::Result<()> {
    record::check(record.record.as_deref())?;
    if !has_display() {
        return instead_of_window("There is no display", site, record);
    }
    let settings_path = Settings::default_path();
    let (settings, notice) = settings_path
        .as_deref()
        .map(Settings::load)
        .unwrap_or_default();
    let recorder = Arc::new(Recorder::default());
    let target = target(site)?;
    let left: Rc<RefCell<Option<(Settings, Report)>>> = Rc::default();
    let creator = {
        let (recorder, left) = (Arc::clone(&recorder), Rc::clone(&left));
        move |ctx: &egui::Context| -> anyhow::Result<App> {
            let connector = Connector::new(Arc::clone(&recorder), Arc::new(waker(ctx)))?;
            let start = Start {
                connector,
                recorder,
                target,
                settings,
                notice,
            };
            Ok(App::new(ctx, start, move |settings, report| {
                left.replace(Some((settings, report)));
            })?)
        }
    };
    let opened = eframe::run_native(
        "Callboard",
        options(),
        Box::new(move |creation| Ok(Box::new(creator(&creation.egui_ctx)?))),
    );
    if let Err(error) = opened {
        return not_opened(&error, site, record);
    }
    let Some((settings, report)) = left.take() else {
        return Ok(());
    };
    if let Some(path) = settings_path {
        settings
            .save(&path)
            .unwrap_or_else(|error| output::note(format!("The settings were not saved: {error}")));
    }
    if let Some(path) = &record.record {
        record::write(path, &recorder, &report)?;
    }
    Ok(())
}

fn options() -> eframe::NativeOptions {
    eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("Callboard")
            .with_app_id("callboard")
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size([900.0, 600.0]),
        // The window has a provider of its own, which does not look fonts up in a frame.
        system_font_fallback: false,
        ..Default::default()
    }
}

/// Where to connect to. A site without credentials in the environment is only an address: the window asks for the rest.
fn target(site: &SiteArgs) -> anyhow::Result<Result<Target, String>> {
    let Some(url) = site::address(site) else {
        return Ok(Ok(Target::Sandbox));
    };
    Ok(match site::credentials()? {
        Some(credentials) => Ok(Target::Site { url, credentials }),
        None => Err(url),
    })
}

/// On Linux a window needs an X11 or a Wayland display; elsewhere there is always one.
fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY") || set("WAYLAND_SOCKET")
}

fn instead_of_window(reason: &str, site: &SiteArgs, record: &RecordArgs) -> anyhow::Result<()> {
    output::note(format!(
        "{reason}, so no window opens. This is the comparison that it would show:\n"
    ));
    compare::run(&CompareArgs {
        site: site.clone(),
        record: record.clone(),
        ..CompareArgs::default()
    })
}

fn no_opengl(error: &impl std::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!(
        "This display has no usable OpenGL ({error}): set LIBGL_ALWAYS_SOFTWARE=1 to draw without it."
    )
}

fn not_opened(error: &eframe::Error, site: &SiteArgs, record: &RecordArgs) -> anyhow::Result<()> {
    match error {
        // The display is named, but nobody answers there.
        eframe::Error::WinitEventLoop(_) | eframe::Error::Winit(_) => {
            instead_of_window("The display does not answer", site, record)
        }
        eframe::Error::AppCreation(error) => {
            Err(anyhow::anyhow!("The window could not be set up: {error}."))
        }
        eframe::Error::Glutin(error) => Err(no_opengl(error)),
        // What configuration was looked for helps nobody.
        eframe::Error::NoGlutinConfigs(_, error) => Err(no_opengl(error)),
        eframe::Error::OpenGL(error) => Err(no_opengl(error)),
    }
}
