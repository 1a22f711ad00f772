//! What the widgets do when they are clicked and typed at.

use callboard::ui::button::Button;
use callboard::ui::field::Field;
use callboard::ui::table::{Column, Sort, Table};
use callboard::ui::toast::Toasts;
use callboard::ui::{menu, placeholder, table};
use egui::{Key, Ui};
use egui_kittest::kittest::Queryable as _;

use crate::harness;

#[test]
fn a_button_answers_a_click_and_a_disabled_one_does_not() {
    let mut harness = harness::window([300.0, 60.0], Vec::new(), |ui, clicked: &mut Vec<&str>| {
        for (label, enabled) in [("Pause", true), ("Clear", false)] {
            if ui.add_enabled(enabled, Button::secondary(label)).clicked() {
                clicked.push(label);
            }
        }
    });
    harness.get_by_label("Pause").click();
    harness.run();
    harness.get_by_label("Clear").click();
    harness.run();
    assert_eq!(*harness.state(), ["Pause"]);
}

#[test]
fn a_menu_chooses_and_closes() {
    let mut harness = harness::window([300.0, 200.0], 1, |ui, value: &mut u32| {
        menu::choose(ui, "Count", value, &[(1, "One"), (20, "Twenty")]);
    });
    harness.get_by_label("Count").click();
    harness.run();
    harness.get_by_label("Twenty").click();
    harness.run();
    assert_eq!(*harness.state(), 20);
    assert!(
        harness.query_by_label("Twenty").is_none(),
        "the menu is closed"
    );
}

#[test]
fn a_search_field_is_typed_into_and_emptied() {
    let mut harness = harness::window([300.0, 60.0], String::new(), |ui, text: &mut String| {
        Field::search(text, "Filter").hint("Filter calls…").show(ui);
    });
    harness.get_by_label("Filter").focus();
    harness.run();
    harness.get_by_label("Filter").type_text("wait:>200ms");
    harness.run();
    assert_eq!(harness.state(), "wait:>200ms");
    harness.get_by_label("Clear the field").click();
    harness.run();
    assert_eq!(harness.state(), "");
}

#[derive(Default)]
struct Shots {
    selected: Option<usize>,
    opened: Option<usize>,
    sort: Option<Sort>,
    drawn: usize,
    visible: std::ops::Range<usize>,
}

fn shots_ui(ui: &mut Ui, shots: &mut Shots) {
    let columns = [
        Column::text("Code", 120.0).sortable(),
        Column::number("Tasks", 60.0),
    ];
    let table = Table::new("Shots", &columns, 10_000)
        .selected(shots.selected)
        .sort(shots.sort);
    let mut drawn = 0;
    let answer = table.show(ui, |ui, row, column| {
        drawn += usize::from(column == 0);
        if column == 0 {
            table::cell_text(ui, format!("shot {row}"));
        } else {
            table::cell_number(ui, format!("{}", row % 7));
        }
    });
    shots.drawn = drawn;
    shots.selected = answer.selected_row().or(shots.selected);
    shots.opened = answer.opened_row.or(shots.opened);
    if let Some(column) = answer.sort_clicked {
        shots.sort = Some(Sort::clicked(shots.sort, column));
    }
    shots.visible = answer.visible;
}

#[test]
fn a_table_lays_out_only_the_rows_that_are_seen() {
    let mut harness = harness::window([400.0, 300.0], Shots::default(), shots_ui);
    harness.run();
    assert!(
        harness.state().drawn < 20,
        "{} of 10,000 rows were laid out",
        harness.state().drawn
    );
}

#[test]
fn a_click_selects_a_row_and_the_arrow_keys_go_on_from_there() {
    let mut harness = harness::window([400.0, 300.0], Shots::default(), shots_ui);
    harness.get_by_label("shot 3").click();
    harness.run();
    assert_eq!(harness.state().selected, Some(3));
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert_eq!(harness.state().selected, Some(4));
    harness.key_press(Key::End);
    harness.run();
    assert_eq!(harness.state().selected, Some(9999));
    assert!(
        harness.state().visible.contains(&9999),
        "scrolled to {:?}",
        harness.state().visible
    );
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().opened, Some(9999));
}

#[test]
fn the_table_is_one_stop_of_the_tab_key() {
    let mut harness = harness::window([400.0, 300.0], Shots::default(), shots_ui);
    harness.key_press(Key::Tab);
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert_eq!(harness.state().selected, Some(0));
}

#[test]
fn a_second_click_on_a_title_turns_the_order_around() {
    let mut harness = harness::window([400.0, 300.0], Shots::default(), shots_ui);
    for descending in [false, true, false] {
        harness.get_by_label("Code").click();
        harness.run();
        assert_eq!(
            harness.state().sort,
            Some(Sort {
                column: 0,
                descending
            })
        );
    }
}

#[test]
fn a_failed_region_offers_a_way_out() {
    let mut harness = harness::window([400.0, 300.0], false, |ui, again: &mut bool| {
        *again |= placeholder::failed(
            ui,
            "The site did not answer",
            "Check the network",
            "Try again",
        );
    });
    harness.get_by_label("Try again").click();
    harness.run();
    assert!(harness.state());
}

#[test]
fn a_notice_acts_and_goes() {
    let mut toasts = Toasts::default();
    let id = toasts.push_with_action(placeholder::Kind::Bad, "It was not saved", "Try again");
    let mut harness = harness::window(
        [500.0, 200.0],
        (toasts, None),
        |ui, (toasts, acted): &mut (Toasts, _)| {
            *acted = toasts.show(ui.ctx()).or(*acted);
        },
    );
    harness.get_by_label("Try again").click();
    harness.run();
    assert_eq!(harness.state().1, Some(id));
    assert!(harness.state().0.is_empty());
}
