//! Which site to connect to.

use egui::{Frame, Id, Margin, Modal, Ui};

use crate::app::command::{Command, Commands};
use crate::app::connect::Target;
use crate::app::panels::failure::Failure;
use crate::app::state::AppState;
use crate::offload::View;
use crate::shotgun::{Credentials, without_userinfo};
use crate::ui::button::{self, Button};
use crate::ui::field::{Field, FieldResponse};
use crate::ui::placeholder::{self, Kind};
use crate::ui::tokens::{self, Palette};
use crate::ui::{card, text};

/// Who asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Who {
    #[default]
    Script,
    Person,
}

impl Who {
    fn name_label(self) -> &'static str {
        match self {
            Self::Script => "Script name",
            Self::Person => "Login",
        }
    }

    fn secret_label(self) -> &'static str {
        match self {
            Self::Script => "Script key",
            Self::Person => "Password",
        }
    }
}

/// The dialog, with what is being typed. Not `Debug`: it holds a secret.
#[derive(Default)]
pub struct ConnectDialog {
    /// Absent until the dialog is drawn for the first time.
    form: Option<Form>,
}

struct Form {
    url: String,
    who: Who,
    name: String,
    secret: String,
    /// Whether the last attempt to connect is this dialog's.
    tried: bool,
    /// Whether the first field was given the keyboard.
    focused: bool,
}

impl ConnectDialog {
    /// Draws it.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        let form = self.form.get_or_insert_with(|| Form::of(state));
        let frame = Frame::popup(ui.style()).inner_margin(Margin::same(20));
        let shown = Modal::new(Id::unique("connect"))
            .frame(frame)
            .backdrop_color(Palette::of(ui).shadow)
            .show(ui.ctx(), |ui| {
                ui.set_width(tokens::DIALOG_WIDTH);
                form.ui(ui, state, out);
            });
        // A click beside it is too easily made to lose what was typed: only Escape and the button close it.
        if !shown.backdrop_response.clicked() && shown.should_close() {
            if state.session.is_loading() && form.tried {
                out.push(Command::CancelConnect);
            }
            out.push(Command::CloseDialog);
        }
    }
}

impl Form {
    fn of(state: &AppState) -> Self {
        let (url, name, who) = match &state.target {
            Some(Target::Site { url, credentials }) => {
                let who = match credentials {
                    Credentials::Login { .. } => Who::Person,
                    Credentials::Script { .. } | Credentials::Session { .. } => Who::Script,
                };
                (
                    Some(without_userinfo(url)),
                    credentials.name().map(str::to_owned),
                    who,
                )
            }
            Some(Target::Sandbox) | None => (
                state.last_site.clone(),
                state.last_name.clone(),
                Who::default(),
            ),
        };
        Self {
            url: url.unwrap_or_default(),
            who,
            name: name.unwrap_or_default(),
            secret: String::new(),
            tried: false,
            focused: false,
        }
    }

    fn ui(&mut self, ui: &mut Ui, state: &AppState, out: &mut Commands) {
        let connecting = self.is_connecting(state);
        ui.spacing_mut().item_spacing.y = tokens::GRID * 2.0;
        text::heading(ui, "Connect to a site");
        if self.tried
            && let View::Failed { error, .. } = state.session.view()
        {
            let failure = Failure::of_connecting(error);
            let message = format!("{}. {}", failure.headline, failure.advice);
            placeholder::banner(ui, Kind::Bad, &message, |_| ());
        }
        let submitted = ui
            .add_enabled_ui(!connecting, |ui| self.fields_ui(ui))
            .inner;
        ui.add_space(tokens::GRID);
        self.actions_ui(ui, state, submitted, out);
    }

    fn is_connecting(&self, state: &AppState) -> bool {
        state.session.is_loading() && self.tried
    }

    /// Whether Enter was pressed in one of them.
    fn fields_ui(&mut self, ui: &mut Ui) -> bool {
        let hint = "https://mysite.shotgrid.autodesk.com";
        let url = labeled(ui, "Site", Field::new(&mut self.url, "Site").hint(hint));
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = tokens::GRID;
            for (who, label) in [(Who::Script, "Script"), (Who::Person, "Person")] {
                if button::tab(ui, self.who == who, label).clicked() {
                    self.who = who;
                }
            }
        });
        let (name_label, secret_label) = (self.who.name_label(), self.who.secret_label());
        let name = labeled(ui, name_label, Field::new(&mut self.name, name_label));
        let secret = Field::new(&mut self.secret, secret_label).password();
        let secret = labeled(ui, secret_label, secret);
        if !self.focused {
            self.focused = true;
            let first = [(&self.url, &url), (&self.name, &name)]
                .into_iter()
                .find(|(text, _)| text.is_empty());
            first
                .map_or(&secret, |(_, field)| field)
                .response
                .request_focus();
        }
        url.submitted || name.submitted || secret.submitted
    }

    fn actions_ui(&mut self, ui: &mut Ui, state: &AppState, submitted: bool, out: &mut Commands) {
        let connecting = self.is_connecting(state);
        let missing = self.missing();
        let told = match (connecting, missing) {
            (true, _) => format!(
                "Connecting to {}…",
                state.target.as_ref().map_or("the site", Target::name)
            ),
            (false, Some(missing)) => missing.to_owned(),
            (false, None) => String::new(),
        };
        card::beside(
            ui,
            |ui| text::muted(ui, told),
            |ui| {
                let connect =
                    ui.add_enabled(!connecting && missing.is_none(), Button::primary("Connect"));
                if missing.is_none() && !connecting && (connect.clicked() || submitted) {
                    self.tried = true;
                    out.push(Command::Connect(self.target()));
                }
                if button::secondary(ui, "Cancel").clicked() {
                    out.push(if connecting {
                        Command::CancelConnect
                    } else {
                        Command::CloseDialog
                    });
                }
            },
        );
    }

    /// What is still to be filled in.
    fn missing(&self) -> Option<&'static str> {
        if self.url.trim().is_empty() {
            Some("The address is missing")
        } else if self.name.trim().is_empty() {
            Some(match self.who {
                Who::Script => "The name of the script is missing",
                Who::Person => "The login is missing",
            })
        } else if self.secret.is_empty() {
            Some(match self.who {
                Who::Script => "The key is missing",
                Who::Person => "The password is missing",
            })
        } else {
            None
        }
    }

    fn target(&self) -> Target {
        let url = self.url.trim();
        let url = if url.contains("://") {
            url.to_owned()
        } else {
            format!("https://{url}")
        };
        let (name, secret) = (self.name.trim(), self.secret.as_str());
        let credentials = match self.who {
            Who::Script => Credentials::script(name, secret),
            Who::Person => Credentials::login(name, secret),
        };
        Target::Site { url, credentials }
    }
}

/// A field below its name.
fn labeled(ui: &mut Ui, label: &str, field: Field<'_>) -> FieldResponse {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = tokens::GRID;
        text::muted(ui, label);
        field.show(ui)
    })
    .inner
}
