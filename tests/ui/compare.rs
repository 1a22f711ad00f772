//! The Compare page: both runs in a window that is driven frame by frame, and the verdict on them.

use std::time::Duration;

use callboard::app::command::{Command, CompareCommand};
use callboard::app::comparing::Trouble;
use callboard::app::state::Page;
use callboard::compare::{Side, Workload};
use egui::Theme;
use egui_kittest::kittest::Queryable as _;

use crate::window::Window;

/// A net: so many frames are never needed.
const MOST_FRAMES: usize = 2_000;

fn on_compare(workload: Workload, trouble: Trouble) -> Window {
    let mut window = Window::on_sandbox([1300.0, 800.0], Theme::Dark);
    window.apply(Command::ShowPage(Page::Compare));
    window.apply(CompareCommand::Set(workload, trouble));
    window.harness.step();
    window
}

fn small() -> Window {
    let trouble = Trouble {
        latency: Duration::from_millis(60),
        hiccup_every: 0,
        hiccup: Duration::ZERO,
    };
    on_compare(
        Workload {
            calls: 4,
            ..Workload::default()
        },
        trouble,
    )
}

/// Draws frames, and lets the workers of the manual executor work between them, until no run is on its way.
fn run_to_the_end(window: &mut Window) {
    let ended = (0..MOST_FRAMES).any(|_| {
        window.harness.step();
        window.answer();
        window.state().compare.progress().is_none()
    });
    assert!(ended, "the run does not end");
    window.harness.step();
}

#[test]
fn both_runs_bring_the_same_rows_and_only_one_of_them_freezes_the_window() {
    let mut window = small();
    window.harness.get_by_label("Run both").click();
    run_to_the_end(&mut window);
    let compare = &window.state().compare;
    let (sync, offloaded) = (
        compare.sync.as_ref().unwrap(),
        compare.offloaded.as_ref().unwrap(),
    );
    assert_eq!(sync.side.answers.len(), 4);
    assert!(compare.verdict().unwrap().same_answers);
    assert!(sync.side.figures.longest_freeze_ms >= 60.0);
    assert_eq!(sync.side.figures.peak_in_flight, 1);
    assert_eq!(offloaded.side.figures.errors, 0);
    window.assert_says("Same 4 calls, same answers");
}

#[test]
fn what_the_page_shows_as_code_is_the_code_that_runs() {
    let window = small();
    for (name, line) in [
        (
            "Code of the synchronous version",
            "self.shown.take(self.sg.query(page));",
        ),
        ("Code of the offloaded version", "self.pool.run("),
    ] {
        let code = window.harness.get_by_label(name).value().unwrap();
        assert!(code.contains(line), "{code}");
    }
}

#[test]
fn a_freeze_that_nobody_would_sit_through_becomes_fewer_calls_on_both_sides() {
    let trouble = Trouble {
        latency: Duration::from_secs(5),
        hiccup_every: 0,
        hiccup: Duration::ZERO,
    };
    let window = on_compare(
        Workload {
            calls: 20,
            ..Workload::default()
        },
        trouble,
    );
    let compare = &window.state().compare;
    let affordable = compare.affordable(window.session(), &window.state().calls.snapshot);
    assert_eq!(affordable.calls, 4, "4 × 5 s are 20 s");
    window.assert_says("4 of 20");
}

#[test]
fn a_run_can_be_stopped_and_leaves_the_sandbox_as_it_was() {
    let mut window = small();
    let before = window.session().faults().unwrap().plan();
    window.apply(CompareCommand::Run(Side::Offloaded));
    window.harness.run_steps(6);
    assert!(window.state().compare.progress().is_some());
    window.apply(CompareCommand::Stop);
    window.harness.step();
    assert!(window.state().compare.progress().is_none());
    assert_eq!(window.session().faults().unwrap().plan(), before);
}
