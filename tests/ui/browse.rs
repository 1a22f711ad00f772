//! Browse: what shows without a click, what stays while something is asked for again, what helps when it failed.

use std::collections::{BTreeMap, BTreeSet};

use callboard::app::command::{BrowseCommand, CallsCommand, Command};
use callboard::app::connect::{Connector, Target};
use callboard::app::kind::Kind;
use callboard::app::listing::Arranged;
use callboard::app::settings::Settings;
use callboard::app::state::DetailTab;
use callboard::offload::{End, Job, Origin};
use callboard::sandbox::FaultPlan;
use callboard::shotgun::{Credentials, EntityId};
use egui::{Key, Theme};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable as _;

use crate::harness;
use crate::window::Window;

const SIZE: [f32; 2] = [1000.0, 640.0];

/// A net: nothing here takes nearly as long.
const NET: std::time::Duration = std::time::Duration::from_mins(1);

#[test]
fn the_first_project_is_opened_and_its_shots_asked_for_without_a_click() {
    let mut window = Window::opening(SIZE, Theme::Dark, Target::Sandbox);
    window.harness.run();
    window.assert_says("Connecting");
    assert_eq!(window.answer(), 1, "the site is asked who it is");
    window.harness.run();
    assert!(window.harness.query_by_label("Loading shots").is_some());
    window.arrive();
    window.assert_says("PN_100_0010");
    assert_eq!(window.state().browse.kind, Kind::Shot);
    assert_eq!(
        window.state().browse.listing.arranged().unwrap().arrived(),
        3_000
    );
}

#[test]
fn only_the_rows_that_are_seen_are_laid_out() {
    let window = Window::on_sandbox(SIZE, Theme::Dark);
    let rows = window.harness.query_all_by_label_contains("PN_1").count();
    assert!((10..40).contains(&rows), "{rows} rows");
}

#[test]
fn a_click_on_a_row_shows_its_details_and_what_is_linked_to_it() {
    let mut window = Window::on_sandbox([1300.0, 700.0], Theme::Dark);
    window.click("PN_100_0020");
    window.arrive();
    window.assert_says("Open on the site");
    let details = &window.state().browse.details;
    assert_eq!(
        details
            .view(DetailTab::Fields)
            .value()
            .unwrap()
            .first()
            .unwrap()
            .text("code"),
        "PN_100_0020"
    );
    let tasks = window.harness.get_all_by_label("Tasks");
    tasks.last().unwrap().click();
    window.harness.run();
    assert!(details_have_tasks(&window), "its tasks are listed");
}

fn details_have_tasks(window: &Window) -> bool {
    let tasks = window
        .state()
        .browse
        .details
        .view(DetailTab::Tasks)
        .value()
        .unwrap();
    tasks.iter().all(|task| window.says(&task.text("content")))
}

#[test]
fn typing_a_filter_narrows_the_rows_and_escape_of_it_brings_them_back() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    window.harness.get_by_label("Filter").focus();
    window.harness.run();
    window.harness.get_by_label("Filter").type_text("0450");
    window.arrive();
    assert!(window.says("PN_100_0450") && !window.says("PN_100_0010"));
    window.apply(BrowseCommand::Filter("nothing is called that".to_owned()));
    window.arrive();
    window.assert_says("No shot matches");
    window.click("Clear the filter");
    window.arrive();
    window.assert_says("PN_100_0010");
}

#[test]
fn a_click_on_a_title_sorts_up_then_down_then_as_the_site_does() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    let first = |window: &Window| {
        let rows = window.state().browse.listing.arranged().unwrap();
        rows.row(0).unwrap().text("code")
    };
    let mut seen = Vec::new();
    for _ in 0..3 {
        let titles = window.harness.get_all_by_label("Code");
        titles.last().unwrap().click();
        window.arrive();
        seen.push(first(&window));
    }
    assert!(seen[0] < seen[1], "{seen:?}");
    assert_eq!(seen[2], "PN_100_0010");
}

#[test]
fn a_refresh_keeps_the_rows_and_says_that_it_is_on_its_way() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    window.click("Refresh");
    assert!(window.says("PN_100_0010") && window.says("refreshing"));
    window.arrive();
    assert!(window.says("refreshed") && !window.says("refreshing"));
}

#[test]
fn a_failed_refresh_keeps_the_rows_and_offers_another_try() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    let faults = window.session().faults().unwrap();
    faults.set(FaultPlan {
        error_rate: 1.0,
        ..FaultPlan::default()
    });
    window.click("Refresh");
    window.arrive();
    window.assert_says("Not refreshed");
    window.assert_says("PN_100_0010");
    faults.set(FaultPlan::default());
    window.click("Try again");
    window.arrive();
    assert!(!window.says("Not refreshed") && window.says("PN_100_0010"));
}

#[test]
fn another_try_after_a_few_pages_takes_no_row_away() {
    let mut window = Window::opening(SIZE, Theme::Dark, Target::Sandbox);
    let arrived = |window: &Window| {
        let rows = window.state().browse.listing.arranged();
        rows.map_or(0, Arranged::arrived)
    };
    // A page comes with each turn; some have come, then the site fails.
    while arrived(&window) < 1_000 {
        window.harness.step();
        window.answer();
    }
    let faults = window.session().faults().unwrap();
    faults.set(FaultPlan {
        error_rate: 1.0,
        ..FaultPlan::default()
    });
    window.arrive();
    let some = arrived(&window);
    assert!((1_000..3_000).contains(&some), "{some} rows");
    window.assert_says("of 3,000 rows arrived");
    faults.set(FaultPlan::default());
    window.click("Try again");
    while window.state().browse.listing.is_loading() {
        assert_eq!(arrived(&window), some, "they stay until all are there");
        window.harness.step();
        window.answer();
    }
    window.arrive();
    assert_eq!(arrived(&window), 3_000);
}

#[test]
fn a_refresh_asks_for_everything_on_show() {
    let mut window = Window::on_sandbox([1300.0, 700.0], Theme::Dark);
    window.click("PN_100_0020");
    window.arrive();
    window.apply(CallsCommand::Clear);
    window.click("Refresh");
    window.arrive();
    let calls = &window.state().calls.snapshot.calls;
    let jobs: BTreeSet<_> = calls
        .iter()
        .filter_map(|call| call.job.as_ref())
        .map(|job| &*job.label)
        .collect();
    for expected in ["table page", "details", "linked", "count"] {
        assert!(jobs.contains(expected), "{expected} is not among {jobs:?}");
    }
}

#[test]
fn what_an_address_holds_besides_the_way_to_the_site_is_not_kept() {
    let site = callboard::sandbox::Sandbox::start().unwrap();
    let target = Target::Site {
        url: site.url().replace("http://", "http://ann:pl4nted@"),
        credentials: Credentials::script(
            callboard::sandbox::SCRIPT_NAME,
            callboard::sandbox::SCRIPT_KEY,
        ),
    };
    assert!(!format!("{target:?}").contains("pl4nted"));
    let mut window = Window::opening(SIZE, Theme::Dark, target);
    window.arrive();
    window.assert_says("PN_100_0010");
    let kept = window.shell().settings(&window.harness.ctx);
    assert_eq!(kept.last_site, Some(site.url()));
    window.apply(Command::OpenConnect);
    window.harness.run();
    assert!(!window.says("pl4nted"));
}

#[test]
fn a_host_that_says_nothing_does_not_hold_up_the_next_one() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let (told, woken) = std::sync::mpsc::channel();
    let wake = std::sync::Arc::new(move || told.send(()).unwrap_or_default());
    let connector = Connector::new(std::sync::Arc::default(), wake).unwrap();
    let hung: Vec<_> = (0..3)
        .map(|_| {
            let credentials = Credentials::script("robot", "key");
            let target = Target::Site {
                url: url.clone(),
                credentials,
            };
            let job = connector.connect(Origin::here("Test"), target);
            (job, silent.accept().unwrap())
        })
        .collect();
    let mut sandbox = connector.connect(Origin::here("Test"), Target::Sandbox);
    // The three before it are still waiting: theirs is not the wake-up.
    let outcome = loop {
        woken.recv_timeout(NET).unwrap();
        if let Some(outcome) = sandbox.take() {
            break outcome;
        }
    };
    assert!(outcome.is_ok());
    let given_up = |(job, _): &(Job<_, _>, _)| job.record().end() == Some(End::ShutDown);
    assert!(hung.iter().all(given_up), "each made way for the next");
}

#[test]
fn quick_switches_between_projects_never_show_another_project_s_rows() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    let projects: Vec<EntityId> = {
        let rows = window.state().browse.projects.value().unwrap();
        rows.iter().map(|row| row.id()).collect()
    };
    // Opened one by one, without hurry: whose rows are whose.
    let mut own = BTreeMap::new();
    for &project in &projects {
        window.apply(BrowseCommand::PickProject(project));
        window.arrive();
        own.insert(project, shown(&window).unwrap());
    }
    let mut chance = fastrand::Rng::with_seed(7);
    for turn in 0..30 {
        let project = projects[chance.usize(..projects.len())];
        window.apply(BrowseCommand::PickProject(project));
        // Sometimes an answer comes in between, sometimes the next click.
        if turn % 3 == 0 {
            window.answer();
        }
        window.harness.step();
        let shown = shown(&window).unwrap_or_default();
        assert!(
            shown.is_subset(&own[&project]),
            "{project:?} shows {shown:?}"
        );
    }
    window.arrive();
    let last = window.state().browse.project.unwrap();
    assert_eq!(shown(&window), Some(own[&last].clone()));
}

/// The rows in the table, once there is one.
fn shown(window: &Window) -> Option<BTreeSet<EntityId>> {
    let rows = window.state().browse.listing.arranged()?;
    Some(
        (0..rows.len())
            .filter_map(|row| rows.row(row))
            .map(|row| row.id())
            .collect(),
    )
}

#[test]
fn a_site_that_does_not_answer_is_said_so_with_a_way_out() {
    let nobody = Target::Site {
        url: "http://127.0.0.1:9".to_owned(),
        credentials: Credentials::script("robot", "key"),
    };
    let mut window = Window::opening(SIZE, Theme::Dark, nobody);
    window.arrive();
    window.assert_says("cannot be reached");
    window.click("Use the sandbox");
    window.arrive();
    window.assert_says("PN_100_0010");
}

#[test]
fn the_connect_dialog_says_what_is_missing_and_closes_with_escape() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    window.apply(Command::OpenConnect);
    window.harness.run();
    window.assert_says("Connect to a site");
    window.assert_says("Script key");
    window.harness.key_press(Key::Escape);
    window.harness.run();
    assert!(!window.says("Connect to a site"));
}

#[test]
fn what_was_wrong_with_the_saved_settings_is_said_in_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.json");
    std::fs::write(&path, "{ light: maybe").unwrap();
    let (settings, notice) = Settings::load(&path);
    let mut window = Window::with_settings(SIZE, Target::Sandbox, settings, notice);
    window.arrive();
    window.assert_says("using the defaults");
    window.assert_says("PN_100_0010");
}

#[test]
fn promise_6_an_idle_window_asks_for_no_frame() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    window.harness.step();
    let delays = window.harness.output().viewport_output.values();
    assert_eq!(
        delays.map(|output| output.repaint_delay).min(),
        Some(std::time::Duration::MAX)
    );
}

#[test]
fn pictures_of_browse() {
    let mut results = SnapshotResults::new();
    for theme in [Theme::Dark, Theme::Light] {
        let name = if theme == Theme::Dark {
            "dark"
        } else {
            "light"
        };
        let mut window = Window::opening(SIZE, theme, Target::Sandbox);
        window.harness.run();
        window.answer();
        window.harness.run();
        take(&mut window, &mut results, &format!("browse_loading_{name}"));
        window.arrive();
        take(&mut window, &mut results, &format!("browse_{name}"));
        window.session().faults().unwrap().set(FaultPlan {
            error_rate: 1.0,
            ..FaultPlan::default()
        });
        window.apply(BrowseCommand::PickKind(Kind::Asset));
        window.arrive();
        take(&mut window, &mut results, &format!("browse_failed_{name}"));
    }
}

/// A picture without what tells the time: times of calls, and when rows were fresh.
pub fn take(window: &mut Window, results: &mut SnapshotResults, name: &str) {
    window.apply(CallsCommand::Clear);
    window.harness.run();
    if !harness::can_draw() {
        return;
    }
    let times: Vec<_> = window
        .harness
        .query_all_by_label_contains("refreshed ")
        .map(|node| node.rect())
        .collect();
    for time in times {
        // Digits differ in width; the right end stays where it is.
        let right = time.right().ceil();
        let widest = egui::Rect::from_x_y_ranges(right - 110.0..=right, time.y_range());
        window.harness.mask(widest);
    }
    results.add(window.harness.try_snapshot(name));
}
