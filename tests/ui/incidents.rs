//! Incidents that the sandbox is put through from the window: chosen, told, ended, and out of the way of comparisons.

use std::time::Duration;

use callboard::app::command::{BrowseCommand, Command, CompareCommand};
use callboard::app::connect::Target;
use callboard::app::incident::Incident;
use callboard::compare::{Side, Workload};
use callboard::sandbox::{FaultPlan, Preset, SCRIPT_KEY, SCRIPT_NAME, Sandbox};
use callboard::shotgun::Credentials;
use egui::accesskit::{Role, Toggled};
use egui::{Rect, Theme};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Node, SnapshotResults};

use crate::browse::take;
use crate::window::Window;

/// The smallest that the window gets.
const NARROW: [f32; 2] = [900.0, 600.0];
const SIZE: [f32; 2] = [1280.0, 800.0];

fn plan(window: &Window) -> FaultPlan {
    window.session().faults().unwrap().plan()
}

/// From the site's menu, as a user does.
fn choose(window: &mut Window, title: &str) {
    window.click("Site");
    pick(window, title);
}

/// In the menu that is open.
fn pick(window: &mut Window, title: &str) {
    choice(window, title).click();
    window.harness.run();
}

fn choice<'a>(window: &'a Window, title: &'a str) -> Node<'a> {
    let role = Role::MenuItemRadio;
    window.harness.get_by_role_and_label(role, title)
}

#[test]
fn an_incident_is_chosen_in_the_site_s_menu_and_ended_in_the_bar() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    for preset in Preset::ALL {
        choose(&mut window, preset.title());
        assert_eq!(plan(&window), preset.plan());
        assert_eq!(window.state().incident, Some(Incident::Known(preset)));
        // The menu is closed: that is what the bar says.
        window.harness.get_by_label(preset.title());
    }
    window.click("End “Flaky VPN”");
    assert_eq!(plan(&window), FaultPlan::default());
    assert!(!window.says("Flaky VPN"));
}

#[test]
fn the_menu_says_what_to_expect_and_which_one_is_on() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    choose(&mut window, "Storage outage");
    window.click("Site");
    let titles = ["Well behaved"]
        .into_iter()
        .chain(Preset::ALL.map(Preset::title));
    for title in titles {
        let choice = choice(&window, title);
        let node = choice.accesskit_node();
        assert!(node.description().is_some_and(|about| !about.is_empty()));
        let is_on = node.toggled() == Some(Toggled::True);
        assert_eq!(is_on, title == "Storage outage", "{title}");
    }
    pick(&mut window, "Well behaved");
    assert_eq!(plan(&window), FaultPlan::default());
    assert_eq!(window.state().incident, None);
}

#[test]
fn a_comparison_has_its_own_troubles_and_gives_the_incident_back() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    choose(&mut window, "Flaky VPN");
    run_offloaded(&mut window);
    assert_eq!(
        plan(&window).latency,
        window.state().compare.trouble.latency
    );
    assert!(plan(&window).failures.is_empty(), "nothing of the VPN's");
    window.harness.get_by_label("Flaky VPN · paused");
    window.apply(CompareCommand::Stop);
    window.harness.step();
    assert_eq!(plan(&window), Preset::FlakyVpn.plan());
    window.harness.get_by_label("Flaky VPN");
}

#[test]
fn what_is_chosen_while_a_comparison_runs_holds_once_it_has_ended() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    run_offloaded(&mut window);
    let of_the_run = plan(&window);
    assert_eq!(window.state().incident, None, "a run is no incident");
    for (chosen, then) in [
        (Some(Preset::MondayMorning), Preset::MondayMorning.plan()),
        (None, FaultPlan::default()),
    ] {
        window.apply(Command::Rehearse(chosen));
        window.harness.step();
        assert_eq!(plan(&window), of_the_run, "the run's own plan goes first");
        assert_eq!(window.state().incident, chosen.map(Incident::Known));
        window.apply(CompareCommand::Stop);
        window.harness.step();
        assert_eq!(plan(&window), then);
        run_offloaded(&mut window);
    }
}

/// Until its calls are under way. The workers of the manual executor never get to them.
fn run_offloaded(window: &mut Window) {
    let (workload, mut trouble) = (Workload::default(), window.state().compare.trouble);
    trouble.latency = Duration::from_millis(60);
    window.apply(CompareCommand::Set(workload, trouble));
    window.apply(CompareCommand::Run(Side::Offloaded));
    window.harness.run_steps(6);
    let compare = &window.state().compare;
    assert!(compare.progress().is_some());
}

#[test]
fn a_real_site_is_put_through_nothing() {
    let site = Sandbox::start().unwrap();
    let target = Target::Site {
        url: site.url(),
        credentials: Credentials::script(SCRIPT_NAME, SCRIPT_KEY),
    };
    let mut window = Window::opening(SIZE, Theme::Dark, target);
    window.arrive();
    window.click("Site");
    window.assert_says("Connect to a site");
    assert!(!window.says("Well behaved") && !window.says("Flaky VPN"));
    window.apply(Command::Rehearse(Some(Preset::FlakyVpn)));
    window.harness.run();
    assert_eq!(site.faults().plan(), FaultPlan::default());
    assert_eq!(window.state().incident, None);
}

#[test]
fn the_next_sandbox_and_the_next_start_begin_well_behaved() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    let settings = |window: &Window| window.shell().settings(&window.harness.ctx);
    let before = settings(&window);
    choose(&mut window, "Flaky VPN");
    assert_eq!(settings(&window), before);
    window.click("Site");
    window.click("Use the sandbox");
    window.arrive();
    assert_eq!(plan(&window), FaultPlan::default());
    assert_eq!(window.state().incident, None);
}

#[test]
fn what_another_program_does_to_the_sandbox_is_told_and_can_be_ended() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    window.session().faults().unwrap().set(FaultPlan {
        error_rate: 0.5,
        ..FaultPlan::default()
    });
    window.harness.run();
    window.harness.get_by_label("Custom faults");
    window.click("End “Custom faults”");
    assert_eq!(plan(&window), FaultPlan::default());
}

#[test]
fn nothing_in_the_bar_moves_for_an_incident_and_nothing_is_covered() {
    for (size, project) in [
        (SIZE, "Polar Night"),
        (NARROW, "Polar Night"),
        (NARROW, "The Extremely Long"),
    ] {
        let mut window = Window::on_sandbox(size, Theme::Dark);
        open_project(&mut window, project);
        let before = places(&window);
        for preset in Preset::ALL {
            choose(&mut window, preset.title());
            assert_eq!(places(&window), before, "{preset} at {size:?}");
            let place = |label: &str| window.harness.get_by_label(label).rect();
            let end = place(&format!("End “{}”", preset.title()));
            let title = place(preset.title());
            let across = [place("Compare"), title, end, in_flight(&window)];
            let apart = across.is_sorted_by(|left, right| left.right() <= right.left());
            assert!(apart, "{preset} at {size:?}: {across:?}");
        }
    }
}

/// Whose name begins like this.
fn open_project(window: &mut Window, name: &str) {
    let projects = window.state().browse.projects.value().unwrap();
    let found = projects
        .iter()
        .find(|row| row.text("name").starts_with(name));
    let project = found.unwrap().id();
    window.apply(BrowseCommand::PickProject(project));
    window.arrive();
}

fn in_flight(window: &Window) -> Rect {
    window.harness.get_by_label_contains("in flight").rect()
}

fn places(window: &Window) -> Vec<Rect> {
    let labels = [
        "Site",
        "Project",
        "Browse",
        "Calls",
        "Compare",
        "Light theme",
    ];
    let mut places: Vec<_> = labels
        .map(|label| window.harness.get_by_label(label).rect())
        .into();
    places.push(in_flight(window));
    places
}

#[test]
fn pictures_of_an_incident() {
    let mut results = SnapshotResults::new();
    for (theme, name) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let mut window = Window::on_sandbox(NARROW, theme);
        choose(&mut window, "Flaky VPN");
        window.click("Site");
        take(&mut window, &mut results, &format!("incident_{name}"));
    }
}
