//! What a failure looks like: what happened, what to do, and the button that does it.

use egui::Ui;

use crate::app::command::{Command, Commands};
use crate::app::connect::ConnectError;
use crate::offload::JobError;
use crate::shotgun::{Error, Remedy};
use crate::ui::placeholder::{self, Kind};
use crate::ui::{button, text};

/// A failure in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, without a full stop.
    pub headline: String,
    /// What to do, in one sentence.
    pub advice: &'static str,
    /// What kind of thing helps.
    pub remedy: Remedy,
}

impl Failure {
    /// Of a call.
    pub fn of(error: &JobError<Error>) -> Self {
        Self::of_job(error, Self::of_call)
    }

    /// Of an attempt to connect.
    pub fn of_connecting(error: &JobError<ConnectError>) -> Self {
        Self::of_job(error, |error| match error {
            ConnectError::Site(error) => Self::of_call(error),
            ConnectError::Start(_) => Self {
                headline: error.to_string(),
                advice: "Close programs that you do not need, then try again.",
                remedy: Remedy::TryAgain,
            },
        })
    }

    fn of_call(error: &Error) -> Self {
        Self {
            headline: error.headline(),
            advice: error.advice(),
            remedy: error.remedy(),
        }
    }

    fn of_job<E>(error: &JobError<E>, of_error: impl FnOnce(&E) -> Self) -> Self {
        let (headline, advice) = match error {
            JobError::Failed(error) => return of_error(error),
            JobError::Panicked(message) => (
                format!("Callboard made a mistake: {message}"),
                "Try again; if it stays, please report it.",
            ),
            JobError::Cancelled => ("It was cancelled".to_owned(), "Try again when you want it."),
            JobError::TimedOut(limit) => (
                format!("No answer within {limit:?}"),
                "Try again; if it stays, see in Calls what it waited for.",
            ),
            JobError::ShutDown => (
                "The connection is closed".to_owned(),
                "Connect to the site again.",
            ),
        };
        Self {
            headline,
            advice,
            remedy: Remedy::TryAgain,
        }
    }

    /// The button that helps: what it says, and what it does. `retry` asks the same again.
    fn way_out(&self, retry: Command) -> (&'static str, Command) {
        if matches!(self.remedy, Remedy::LogIn | Remedy::CheckAddress) {
            ("Connect again…", Command::OpenConnect)
        } else {
            ("Try again", retry)
        }
    }

    /// In place of what should be there.
    pub fn region_ui(&self, ui: &mut Ui, retry: impl Into<Command>, out: &mut Commands) {
        let (label, command) = self.way_out(retry.into());
        if placeholder::failed(ui, &self.headline, self.advice, label) {
            out.push(command);
        }
    }

    /// Above what is still there. `meaning` says what is wrong with it.
    pub fn banner_ui(
        &self,
        ui: &mut Ui,
        meaning: &str,
        retry: impl Into<Command>,
        out: &mut Commands,
    ) {
        let (label, command) = self.way_out(retry.into());
        let message = format!("{meaning}. {}.", self.headline);
        placeholder::banner(ui, Kind::Bad, &message, |ui| {
            let clicked = button::secondary(ui, label)
                .on_hover_text(self.advice)
                .clicked();
            if clicked {
                out.push(command);
            }
        });
    }

    /// In a narrow place: the sentence and a link.
    pub fn short_ui(&self, ui: &mut Ui, retry: impl Into<Command>, out: &mut Commands) {
        let (label, command) = self.way_out(retry.into());
        text::sentence(ui, &[(&self.headline, text::Tone::Plain)]);
        text::sentence(ui, &[(self.advice, text::Tone::Muted)]);
        if button::secondary(ui, label).clicked() {
            out.push(command);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::command::BrowseCommand;

    #[test]
    fn wrong_credentials_lead_to_the_dialog_and_a_slow_server_to_another_try() {
        let retry = Command::from(BrowseCommand::Refresh);
        let refused = Failure::of(&JobError::Failed(Error::Unauthorized {
            message: "no".into(),
            code: Some(102),
        }));
        assert_eq!(refused.way_out(retry.clone()).1, Command::OpenConnect);
        let slow = Failure::of(&JobError::Failed(Error::Server { status: 503 }));
        assert_eq!(slow.way_out(retry.clone()), ("Try again", retry));
    }
}
