//! The debug panel: what it lists, what the inspector says, and that it says the truth about the thread that draws.

use callboard::app::command::{BrowseCommand, CallsCommand, Command, CompareCommand};
use callboard::app::comparing::Trouble;
use callboard::app::state::Page;
use callboard::compare::{Side, Workload};
use callboard::sandbox::FaultPlan;
use egui::{Key, Theme};
use egui_kittest::kittest::Queryable as _;

use crate::window::Window;

const SIZE: [f32; 2] = [1300.0, 700.0];

/// The Calls page with the projects and the six pages of shots, asked for once more: all of it fits the table.
fn on_calls() -> Window {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    window.apply(Command::ShowPage(Page::Calls));
    window.apply(CallsCommand::Clear);
    window.apply(BrowseCommand::ReloadProjects);
    window.apply(BrowseCommand::Refresh);
    window.arrive();
    window
}

#[test]
fn every_call_is_listed_with_the_line_that_asked() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    window.apply(CallsCommand::Clear);
    window.click("Refresh");
    window.arrive();
    window.apply(Command::ShowPage(Page::Calls));
    window.harness.run();
    window.assert_says("find Shot · page 6");
    window.click("find Shot");
    window.assert_says("asked by Browse · table page");
    window.assert_says("app/panels/entity_table.rs:");
}

#[test]
fn the_inspector_tells_where_the_time_went_and_what_was_said() {
    let mut window = on_calls();
    window.click("find Project");
    for part in ["queue ", "send ", "wait ", "receive · ", "decode · 12 rows"] {
        window.assert_says(part);
    }
    window.assert_says("shown in frame");
    window.click("Request");
    window.assert_says("method_name: read");
    window.click("0: { … }");
    window.assert_says("script_name: callboard");
    assert!(!window.says("script_key"), "the key never gets this far");
    window.click("Response");
    window.assert_says("results");
}

#[test]
fn f12_docks_the_calls_and_enter_opens_one() {
    let mut window = on_calls();
    window.apply(Command::ShowPage(Page::Browse));
    window.arrive();
    window.apply(CallsCommand::Clear);
    window.apply(BrowseCommand::ReloadProjects);
    window.harness.key_press(Key::F12);
    window.arrive();
    window.click("find Project");
    assert_eq!(window.state().page, Page::Browse);
    window.harness.key_press(Key::Enter);
    window.harness.run();
    assert_eq!(window.state().page, Page::Calls);
    assert!(window.state().calls.inspected.is_some());
}

#[test]
fn a_filter_narrows_the_list_and_what_cannot_be_understood_is_said() {
    let mut window = on_calls();
    type_filter(&mut window, "type:Shot");
    assert!(window.says("find Shot") && !window.says("find Project"));
    type_filter(&mut window, " speed:>3");
    window.assert_says("There is no key “speed”");
    window.assert_says("find Project");
}

#[test]
fn a_filter_that_nothing_matches_has_a_way_out() {
    let mut window = on_calls();
    type_filter(&mut window, "type:Nothing");
    window.assert_says("No call matches the filter");
    window.click("List all calls");
    window.assert_says("find Project");
}

fn type_filter(window: &mut Window, text: &str) {
    window.harness.get_by_label("Filter calls").focus();
    window.harness.run();
    window.harness.get_by_label("Filter calls").type_text(text);
    window.harness.run();
}

#[test]
fn clear_forgets_and_pause_leaves_out_what_comes() {
    let mut window = on_calls();
    window.click("Pause");
    window.click("Clear");
    window.apply(BrowseCommand::Refresh);
    window.arrive();
    window.assert_says("Recording is paused");
    window.click("Record again");
    window.apply(BrowseCommand::Refresh);
    window.arrive();
    window.assert_says("find Shot");
}

#[test]
fn a_failed_call_says_what_went_wrong() {
    let mut window = on_calls();
    window.apply(CallsCommand::Clear);
    let faults = window.session().faults().unwrap();
    faults.set(FaultPlan {
        error_rate: 1.0,
        ..FaultPlan::default()
    });
    window.apply(BrowseCommand::ReloadProjects);
    window.arrive();
    window.click("find Project");
    window.assert_says("HTTP 50");
}

#[test]
fn a_call_on_the_thread_that_draws_is_called_by_its_name() {
    let mut window = on_calls();
    let trouble = Trouble {
        latency: std::time::Duration::ZERO,
        hiccup_every: 0,
        ..Trouble::default()
    };
    let workload = Workload {
        calls: 2,
        ..Workload::default()
    };
    window.apply(CallsCommand::Clear);
    window.apply(CompareCommand::Set(workload, trouble));
    window.apply(CompareCommand::Run(Side::Sync));
    window.harness.run_steps(12);
    let calls = &window.state().calls.snapshot.calls;
    assert_eq!(
        calls.iter().filter(|call| call.is_on_ui_thread()).count(),
        2
    );
    let first = calls[0].call_id;
    window.apply(CallsCommand::Inspect(Some(first)));
    window.harness.run();
    window.assert_says("which stood still for it");
}
