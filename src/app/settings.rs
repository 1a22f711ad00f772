//! What survives a restart. Nothing secret is among it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use egui::{Context, ThemePreference};
use etcetera::{AppStrategy as _, AppStrategyArgs};
use serde::{Deserialize, Serialize};

use super::state::{AppState, Page};

/// What the user left behind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Light instead of dark.
    pub light: bool,
    /// The page on show.
    pub page: Page,
    /// Whether the calls are docked below the page.
    pub calls_docked: bool,
    /// The address of the last site that is not the sandbox, to be offered again.
    pub last_site: Option<String>,
    /// The script or login that was used there.
    pub last_name: Option<String>,
}

impl Settings {
    /// Where settings are kept: the system's place for a program's settings.
    pub fn default_path() -> Option<PathBuf> {
        let names = AppStrategyArgs {
            app_name: "callboard".to_owned(),
            ..AppStrategyArgs::default()
        };
        let place = etcetera::choose_app_strategy(names).ok()?;
        Some(place.config_dir().join("settings.json"))
    }

    /// Reads settings. Without a file these are the defaults. A file that cannot be understood is kept aside, and the sentence
    /// that says so is returned with the defaults.
    pub fn load(path: &Path) -> (Self, Option<String>) {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return (Self::default(), None);
            }
            Err(error) => return (Self::default(), Some(keep_aside(path, &error))),
        };
        match serde_json::from_str(&text) {
            Ok(settings) => (settings, None),
            Err(error) => (Self::default(), Some(keep_aside(path, &error))),
        }
    }

    /// Writes settings, whole or not at all. A file that is there and cannot be understood is not written over.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let strange = fs::read(path).is_ok_and(|old| serde_json::from_slice::<Self>(&old).is_err());
        if strange {
            fs::rename(path, aside(path))?;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let part = path.with_extension("json.part");
        fs::write(&part, serde_json::to_string_pretty(self)?)?;
        fs::rename(&part, path)
    }

    pub(super) fn apply(&self, ctx: &Context) {
        ctx.set_theme(if self.light {
            ThemePreference::Light
        } else {
            ThemePreference::Dark
        });
    }

    pub(super) fn of(state: &AppState, ctx: &Context) -> Self {
        Self {
            light: ctx.theme() == egui::Theme::Light,
            page: state.page,
            calls_docked: state.calls_docked,
            last_site: state.last_site.clone(),
            last_name: state.last_name.clone(),
        }
    }
}

/// Moves a file that cannot be understood out of the way, so that saving does not write over it.
fn keep_aside(path: &Path, error: &dyn std::fmt::Display) -> String {
    let aside = aside(path);
    match fs::rename(path, &aside) {
        Ok(()) => format!(
            "The settings could not be understood ({error}): using the defaults. The old file is kept as {}.",
            aside.display()
        ),
        Err(_not_moved) => format!(
            "The settings in {} could not be understood ({error}): using the defaults.",
            path.display()
        ),
    }
}

fn aside(path: &Path) -> PathBuf {
    path.with_extension("json.unreadable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_as_they_went() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deeper/settings.json");
        let settings = Settings {
            light: true,
            last_site: Some("https://studio.example".to_owned()),
            ..Settings::default()
        };
        settings.save(&path).unwrap();
        assert_eq!(Settings::load(&path), (settings, None));
    }

    #[test]
    fn settings_that_do_not_parse_are_kept_aside_and_said_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        fs::write(&path, "{ light: maybe").unwrap();
        let (settings, notice) = Settings::load(&path);
        assert_eq!(settings, Settings::default());
        assert!(notice.unwrap().contains("using the defaults"));
        assert_eq!(
            fs::read_to_string(folder.path().join("settings.json.unreadable")).unwrap(),
            "{ light: maybe"
        );
        assert_eq!(
            Settings::load(&path),
            (Settings::default(), None),
            "and not said twice"
        );
    }

    #[test]
    fn what_is_no_text_is_kept_aside_too_and_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.json");
        let kept = folder.path().join("settings.json.unreadable");
        fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
        assert!(Settings::load(&path).1.unwrap().contains("is kept as"));
        assert_eq!(fs::read(&kept).unwrap(), [0xff, 0xfe, 0x00]);
        fs::write(&path, "{ not json").unwrap();
        Settings::default().save(&path).unwrap();
        assert_eq!(fs::read_to_string(&kept).unwrap(), "{ not json");
        assert_eq!(Settings::load(&path), (Settings::default(), None));
    }

    #[test]
    fn no_file_means_the_defaults_without_a_word() {
        assert_eq!(
            Settings::load(Path::new("/nonexistent/settings.json")),
            (Settings::default(), None)
        );
    }
}
