//! What becomes of jobs when their view is left, and of a window that stands still.

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use callboard::app::command::BrowseCommand;
use callboard::app::kind::Kind;
use callboard::app::state::DetailTab;
use callboard::app::watchdog::Watchdog;
use callboard::calls::Recorder;
use callboard::offload::View;
use callboard::shotgun::EntityId;
use egui::Theme;

use crate::window::Window;

const SIZE: [f32; 2] = [1300.0, 700.0];

/// A net: nothing here takes nearly as long.
const NET: Duration = Duration::from_mins(1);

fn row(window: &Window, position: usize) -> EntityId {
    let rows = window.state().browse.listing.arranged().unwrap();
    rows.row(position).unwrap().id()
}

fn select(window: &mut Window, entity_id: EntityId) {
    window.apply(BrowseCommand::Select(Some(entity_id)));
    window.harness.step();
}

#[test]
fn what_was_asked_about_a_row_that_was_left_never_starts_and_what_was_seen_is_kept() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    let (first, second) = (row(&window, 0), row(&window, 1));
    select(&mut window, first);
    select(&mut window, second);
    window.arrive();
    let calls = window.state().calls.snapshot.calls.len();
    let fields = |window: &Window| {
        let view = window.state().browse.details.view(DetailTab::Fields);
        view.value()
            .and_then(|rows| rows.first().map(|row| row.id()))
    };
    assert_eq!(fields(&window), Some(second));

    select(&mut window, first);
    assert_eq!(fields(&window), None, "it was never answered");
    window.arrive();
    assert_eq!(fields(&window), Some(first));
    assert!(window.state().calls.snapshot.calls.len() > calls);

    let calls = window.state().calls.snapshot.calls.len();
    select(&mut window, second);
    let view = window.state().browse.details.view(DetailTab::Fields);
    assert!(matches!(view, View::Ready(_)), "no call, no wait");
    window.arrive();
    assert_eq!(window.state().calls.snapshot.calls.len(), calls);
}

#[test]
fn a_table_that_was_left_is_there_at_once_and_asked_for_again() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    let shots = row(&window, 0);
    window.apply(BrowseCommand::PickKind(Kind::Task));
    window.harness.step();
    assert!(window.state().browse.listing.arranged().is_none());
    window.arrive();
    window.apply(BrowseCommand::PickKind(Kind::Shot));
    window.harness.step();
    let listing = &window.state().browse.listing;
    assert!(listing.is_refreshing());
    assert_eq!(row(&window, 0), shots);
    window.arrive();
    assert!(!window.state().browse.listing.is_loading());
    assert_eq!(row(&window, 0), shots);
}

#[test]
fn closing_says_what_it_leaves_behind() {
    let mut window = Window::on_sandbox(SIZE, Theme::Dark);
    window.apply(BrowseCommand::Refresh);
    window.harness.step();
    assert_eq!(window.session().close(NET).len(), 0, "nothing runs");
    window.harness.step();
    assert!(window.state().browse.listing.error().is_some());
}

#[test]
fn promise_1_a_frame_that_does_not_end_is_recorded_while_it_hangs() {
    let recorder = Arc::new(Recorder::default());
    let watchdog = Watchdog::start(Arc::clone(&recorder)).unwrap();
    watchdog.acts("open a project");
    drop(watchdog.frame("Calls"));
    let before = Instant::now();
    let hung = watchdog.frame("Browse");
    let (_open, gate) = channel::<()>();
    while recorder.stalls().is_empty() {
        assert!(before.elapsed() < NET, "nobody saw it");
        gate.recv_timeout(Duration::from_millis(10)).ok();
    }
    let stalls = recorder.stalls();
    assert_eq!(stalls.len(), 1);
    assert_eq!(
        (stalls[0].view, stalls[0].action),
        ("Browse", "open a project")
    );
    assert!(stalls[0].began >= before);
    drop(hung);
}
