//! Command → change of state, or job. The only writer besides the polling in `logic`.

use egui::{Context, OpenUrl, Theme};

use super::command::{BrowseCommand, CallsCommand, Command};
use super::connect::{Connector, Target};
use super::listing::Sort;
use super::session::Session;
use super::state::{AppState, Browse, Dialog, Notice};
use crate::offload::Origin;
use crate::sandbox::Preset;
use crate::shotgun::EntityRef;

/// Carries out one command.
pub(super) fn apply(
    ctx: &Context,
    connector: &Connector,
    state: &mut AppState,
    command: Command,
    origin: Origin,
) {
    match command {
        Command::ShowPage(page) => state.page = page,
        Command::ToggleCalls => state.calls_docked = !state.calls_docked,
        Command::ToggleTheme => toggle_theme(ctx),
        Command::OpenConnect => {
            state.dialog = Some(Dialog::Connect);
            state.asked_in_dialog = false;
        }
        Command::CloseDialog => state.dialog = None,
        Command::Connect(target) => connect(connector, state, target, origin),
        Command::CancelConnect => state.session.cancel(),
        Command::Rehearse(preset) => {
            if let Some(session) = state.session.value() {
                let plan = preset.map(Preset::plan).unwrap_or_default();
                state.compare.set_own_plan(session, plan);
            }
        }
        Command::DismissNotice => state.notice = None,
        Command::Calls(command) => calls(state, command),
        Command::Browse(command) => {
            if command == BrowseCommand::Refresh {
                state.thumbnails.forget_missing();
            }
            if let Some(session) = state.session.value() {
                let notice = browse(ctx, session, &mut state.browse, command, origin);
                state.notice = notice
                    .map(|text| Notice::good(text, state.now))
                    .or(state.notice.take());
            }
        }
        Command::Compare(command) => {
            if let Some(session) = state.session.value() {
                state
                    .compare
                    .apply(ctx, session, &state.calls.snapshot, command);
            }
        }
    }
}

/// What may be said about it afterwards is returned.
fn browse(
    ctx: &Context,
    session: &Session,
    browse: &mut Browse,
    command: BrowseCommand,
    origin: Origin,
) -> Option<&'static str> {
    match command {
        BrowseCommand::ReloadProjects => browse.projects.load(session.projects(origin)),
        BrowseCommand::PickProject(project) => browse.open_project(session, origin, project),
        BrowseCommand::PickKind(kind) => browse.open_kind(session, origin, kind),
        BrowseCommand::Refresh => browse.refresh(session, origin),
        BrowseCommand::Sort(field) => {
            browse.listing.sort = turned(browse.listing.sort, field);
            browse.listing.arrange(session, origin);
        }
        BrowseCommand::Filter(text) => {
            browse.listing.filter = text;
            browse.listing.arrange(session, origin);
        }
        BrowseCommand::Select(None) => {
            browse.selected = None;
            browse.details.close();
        }
        BrowseCommand::Select(Some(entity_id)) => {
            browse.selected = Some(entity_id);
            let entity = EntityRef::new(browse.kind.entity_type(), entity_id);
            browse.details.open(origin, browse.kind, entity);
        }
        BrowseCommand::ShowTab(tab) => browse.details.tab = tab,
        BrowseCommand::ReloadDetails => browse.details.reload(origin),
        BrowseCommand::OpenOnSite(entity) => {
            ctx.open_url(OpenUrl::new_tab(session.page_url(&entity)));
        }
        BrowseCommand::CopyLink(entity) => {
            ctx.copy_text(session.page_url(&entity));
            return Some("Link copied");
        }
    }
    None
}

fn calls(state: &mut AppState, command: CallsCommand) {
    let calls = &mut state.calls;
    match command {
        CallsCommand::Pause(paused) => calls.recorder.pause(paused),
        CallsCommand::Clear => {
            calls.recorder.clear();
            calls.inspected = None;
            // The last to hold the cleared calls would free all of them in a frame.
            let cleared = std::mem::replace(&mut calls.snapshot, calls.recorder.snapshot());
            if let Some(session) = state.session.value() {
                session.free(cleared);
            }
        }
        CallsCommand::Inspect(call_id) => calls.inspected = call_id,
    }
}

fn connect(connector: &Connector, state: &mut AppState, target: Target, origin: Origin) {
    state
        .session
        .load(connector.connect(origin, target.clone()));
    state.target = Some(target);
    state.asked_in_dialog = state.dialog.is_some();
}

fn toggle_theme(ctx: &Context) {
    ctx.set_theme(match ctx.theme() {
        Theme::Dark => Theme::Light,
        Theme::Light => Theme::Dark,
    });
}

/// Up, down, and back to the order of the site.
fn turned(sort: Option<Sort>, field: &'static str) -> Option<Sort> {
    match sort {
        Some(sort) if sort.field == field && sort.descending => None,
        Some(sort) if sort.field == field => Some(Sort {
            field,
            descending: true,
        }),
        Some(_) | None => Some(Sort {
            field,
            descending: false,
        }),
    }
}
