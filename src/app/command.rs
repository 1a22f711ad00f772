//! Every intention of the user.

use std::panic::Location;

use super::comparing::Trouble;
use super::connect::Target;
use super::kind::Kind;
use super::state::{DetailTab, Page};
use crate::compare::{Side, Workload};
use crate::offload::Origin;
use crate::sandbox::Preset;
use crate::shotgun::{CallId, EntityId, EntityRef};

/// Something to do. Panels push it; `update` carries it out at the end of the frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Show a page.
    ShowPage(Page),
    /// Dock the calls below the page, or put them away.
    ToggleCalls,
    /// Dark or light.
    ToggleTheme,
    /// Ask for the site to connect to.
    OpenConnect,
    /// Put the dialog away.
    CloseDialog,
    /// Connect to a site.
    Connect(Target),
    /// Give up the connection attempt.
    CancelConnect,
    /// Put the sandbox through an incident; with none, it behaves well.
    Rehearse(Option<Preset>),
    /// Put a notice away.
    DismissNotice,
    /// Something in Browse.
    Browse(BrowseCommand),
    /// Something with the recorded calls.
    Calls(CallsCommand),
    /// Something on the Compare page.
    Compare(CompareCommand),
}

/// Something to do in Browse.
#[derive(Clone, Debug, PartialEq)]
pub enum BrowseCommand {
    /// Ask for the projects again.
    ReloadProjects,
    /// Browse a project.
    PickProject(EntityId),
    /// Browse an entity type.
    PickKind(Kind),
    /// Ask for the rows of the table again.
    Refresh,
    /// Sort by a column; again for the other direction.
    Sort(&'static str),
    /// Show only rows that hold this text.
    Filter(String),
    /// Show a row in the details pane, or none.
    Select(Option<EntityId>),
    /// Show a tab of the details pane.
    ShowTab(DetailTab),
    /// Ask for the details again.
    ReloadDetails,
    /// Open an entity's page in the browser.
    OpenOnSite(EntityRef),
    /// Put an entity's address on the clipboard.
    CopyLink(EntityRef),
}

/// Something to do with the recorded calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallsCommand {
    /// Record new calls, or leave them out.
    Pause(bool),
    /// Forget the recorded calls.
    Clear,
    /// Look into a call, or into none.
    Inspect(Option<CallId>),
}

/// Something to do on the Compare page.
#[derive(Clone, Debug, PartialEq)]
pub enum CompareCommand {
    /// Set the calls and the sandbox's troubles of the next runs.
    Set(Workload, Trouble),
    /// Run one version.
    Run(Side),
    /// Run one version after the other.
    RunBoth,
    /// End the run that is on its way.
    Stop,
}

impl Command {
    /// What it is, in a few words: for the record of what went wrong after it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ShowPage(_) => "show a page",
            Self::ToggleCalls => "dock the calls",
            Self::ToggleTheme => "change the theme",
            Self::OpenConnect | Self::CloseDialog => "connection dialog",
            Self::Connect(_) => "connect",
            Self::CancelConnect => "stop connecting",
            Self::Rehearse(_) => "rehearse an incident",
            Self::DismissNotice => "dismiss a notice",
            Self::Browse(command) => command.name(),
            Self::Calls(_) => "recorded calls",
            Self::Compare(CompareCommand::Run(Side::Sync) | CompareCommand::RunBoth) => {
                "run the sync version"
            }
            Self::Compare(CompareCommand::Run(Side::Offloaded)) => "run the offloaded version",
            Self::Compare(CompareCommand::Set(..) | CompareCommand::Stop) => "set up a comparison",
        }
    }
}

impl BrowseCommand {
    fn name(&self) -> &'static str {
        match self {
            Self::ReloadProjects => "load the projects",
            Self::PickProject(_) => "open a project",
            Self::PickKind(_) => "open an entity type",
            Self::Refresh => "refresh",
            Self::Sort(_) => "sort",
            Self::Filter(_) => "filter",
            Self::Select(_) => "select a row",
            Self::ShowTab(_) => "show a tab",
            Self::ReloadDetails => "load the details",
            Self::OpenOnSite(_) => "open on the site",
            Self::CopyLink(_) => "copy a link",
        }
    }
}

impl From<BrowseCommand> for Command {
    fn from(command: BrowseCommand) -> Self {
        Self::Browse(command)
    }
}

impl From<CallsCommand> for Command {
    fn from(command: CallsCommand) -> Self {
        Self::Calls(command)
    }
}

impl From<CompareCommand> for Command {
    fn from(command: CompareCommand) -> Self {
        Self::Compare(command)
    }
}

/// The commands of one frame, each with the place that pushed it.
#[derive(Debug, Default)]
pub struct Commands {
    view: &'static str,
    list: Vec<(Command, Origin)>,
}

impl Commands {
    /// What is pushed from now on comes from `view`, named as its user knows it.
    pub fn enter(&mut self, view: &'static str) {
        self.view = view;
    }

    /// Something to do. The caller's line is recorded as the one that asked.
    #[track_caller]
    pub fn push(&mut self, command: impl Into<Command>) {
        let origin = Origin {
            view: self.view,
            location: Location::caller(),
        };
        self.list.push((command.into(), origin));
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Takes all commands, in the order in which they were pushed.
    pub fn take(&mut self) -> Vec<(Command, Origin)> {
        std::mem::take(&mut self.list)
    }
}
