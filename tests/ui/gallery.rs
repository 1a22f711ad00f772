//! Every widget once, in both themes.

use std::time::Duration;

use callboard::ui::button::Button;
use callboard::ui::field::Field;
use callboard::ui::frame_strip::Frame;
use callboard::ui::lanes::{Activity, Bar};
use callboard::ui::table::{Column, Sort, Table};
use callboard::ui::time_scale::{Origin, TimeScale};
use callboard::ui::toast::Toasts;
use callboard::ui::tree::{Tree, Value};
use callboard::ui::waterfall::{Segment, SegmentKind};
use callboard::ui::{
    Icon, Palette, badge, button, card, check, code, field, frame_strip, icons, lanes, menu,
    placeholder, table, text, time_scale, tokens, waterfall,
};
use egui::{Panel, Ui};

use crate::harness;

#[test]
fn controls() {
    harness::pictures("controls", [1000.0, 560.0], controls_ui);
}

fn controls_ui(ui: &mut Ui) {
    bar_ui(ui);
    buttons_ui(ui);
    fields_ui(ui);
    badges_ui(ui);
    cards_ui(ui);
    notes_ui(ui);
}

fn bar_ui(ui: &mut Ui) {
    let palette = Palette::of(ui);
    card::bar(ui, |ui| {
        menu::menu(ui, Button::secondary("Sandbox").dot(palette.ok), |_| ());
        menu::menu(ui, Button::secondary("Polar Night"), |_| ());
        ui.add_space(tokens::GRID);
        button::tabs(ui, &mut 0, &[(0, "Browse"), (1, "Calls"), (2, "Compare")]);
        card::at_right(ui, |ui| {
            button::icon(ui, Icon::ThemeLight, "Light theme");
            text::number(ui, "412 ms");
            text::muted(ui, "p95");
            badge::connection(ui, badge::Health::Busy, "3 in flight");
            Field::search(&mut String::new(), "Find")
                .hint("Go to shot, task, command…")
                .keys("Ctrl K")
                .width(260.0)
                .show(ui);
        });
    });
}

fn buttons_ui(ui: &mut Ui) {
    ui.horizontal(|ui| {
        button::primary(ui, "Run");
        button::secondary(ui, "Pause");
        ui.add(Button::secondary("Export").icon(Icon::Export).chevron());
        button::quiet(ui, "Clear");
        button::icon(ui, Icon::Refresh, "Refresh");
        button::link(ui, "Show them");
        ui.add_enabled(false, Button::primary("Run both"));
        ui.add_enabled(false, Button::secondary("Repeat"));
        ui.add(Button::tab(false, "Versions").detail("12"));
    });
}

fn fields_ui(ui: &mut Ui) {
    ui.horizontal(|ui| {
        Field::search(&mut "wait:>200ms".to_owned(), "Filter")
            .width(220.0)
            .show(ui);
        Field::new(&mut "secret".to_owned(), "Key")
            .password()
            .width(120.0)
            .show(ui);
        Field::new(&mut "stat:".to_owned(), "Wrong")
            .bad(true)
            .width(120.0)
            .show(ui);
        field::duration(
            ui,
            &mut Duration::from_millis(500),
            Duration::ZERO..=Duration::from_secs(10),
            "Latency",
        );
        field::number(ui, &mut 3000, 1..=10_000, "Calls", "calls");
        check::checkbox(ui, &mut true, "Follow");
        check::checkbox(ui, &mut false, "Wrap");
        check::radio(ui, true, "All");
        check::radio(ui, false, "Mine");
    });
}

fn badges_ui(ui: &mut Ui) {
    let palette = Palette::of(ui);
    ui.horizontal(|ui| {
        badge::status(ui, palette.ok, "Final");
        badge::status(ui, palette.accent, "In progress");
        badge::pill(ui, "read only", palette.warning);
        badge::pill(ui, "UI thread", palette.bad);
        badge::count(ui, 3000);
        badge::key_hint(ui, "F12");
    });
    ui.horizontal_wrapped(|ui| {
        for icon in Icon::ALL {
            icons::icon(ui, icon, tokens::ICON, palette.muted);
        }
    });
}

fn cards_ui(ui: &mut Ui) {
    let palette = Palette::of(ui);
    ui.columns(2, |columns| {
        card::card(&mut columns[0], |ui| {
            ui.horizontal(|ui| {
                card::beside(ui, |ui| card::title(ui, "Offloaded", "16 workers, no async runtime"), |ui| button::primary(ui, "Run"));
            });
            card::figure_row(ui, "Longest freeze", "8 ms", palette.ok);
            card::figure_row(ui, "Total blocking time", "17,090 ms", palette.bad);
            card::figure_row(ui, "All rows", "1,930 ms", palette.text);
        });
        let ui = &mut columns[1];
        card::section(ui, "Polar Night");
        button::nav_item(ui, true, "Shots", Some("3,000"));
        button::nav_item(ui, false, "Assets", Some("600"));
        card::field_row(ui, "Status", 90.0, |ui| badge::status(ui, palette.ok, "Final"));
        card::text_row(ui, "Description", 90.0, "Sky plate, slow pan, hold for title and then for rather longer than that, until it wraps");
        card::text_row(ui, "Due", 90.0, "26 Nov 2026");
    });
}

fn notes_ui(ui: &mut Ui) {
    placeholder::banner(
        ui,
        placeholder::Kind::Warning,
        "The site is slow: 12 calls wait longer than 2 s",
        |ui| button::link(ui, "Show them"),
    );
    placeholder::banner(
        ui,
        placeholder::Kind::Bad,
        "The connection was lost",
        |ui| button::secondary(ui, "Try again"),
    );
    placeholder::progress_line(
        ui,
        "Rows 1 to 500 shown while 2,500 more arrive · page 2 of 6",
        0.33,
    );
    placeholder::refreshing(ui, "Refreshing, 3,000 rows from 4 s ago");
}

#[test]
fn regions() {
    harness::pictures("regions", [900.0, 420.0], |ui| {
        Panel::left("table")
            .exact_size(620.0)
            .frame(panel(ui))
            .show(ui, table_ui);
        egui::CentralPanel::default()
            .frame(panel(ui))
            .show(ui, |ui| {
                placeholder::skeleton_rows(ui, "Loading shots", 4, &[1.0, 2.0]);
                ui.allocate_ui([ui.available_width(), 100.0].into(), |ui| {
                    placeholder::empty(
                        ui,
                        "No shots here",
                        "Pick another project, or clear the filter",
                    );
                });
                let _ = placeholder::failed(
                    ui,
                    "The site did not answer",
                    "It was asked three times in 30 s. Check the network, then try again.",
                    "Try again",
                );
            });
    });
}

fn panel(ui: &Ui) -> egui::Frame {
    egui::Frame::new().fill(Palette::of(ui).panel)
}

fn table_ui(ui: &mut Ui) {
    let columns = [
        Column::text("", 36.0),
        Column::text("Code", 110.0).sortable(),
        Column::text("Status", 130.0).sortable(),
        Column::fill("Description", 120.0).sortable(),
        Column::number("Cut out", 60.0).sortable(),
        Column::number("Tasks", 40.0),
    ];
    let palette = Palette::of(ui);
    let sort = Some(Sort {
        column: 1,
        descending: false,
    });
    Table::new("Shots", &columns, 9)
        .selected(Some(3))
        .sort(sort)
        .room_below(28.0)
        .show(ui, |ui, row, column| match column {
            0 => {
                let rect = egui::Align2::LEFT_CENTER
                    .align_size_within_rect(egui::vec2(36.0, 20.0), ui.max_rect());
                ui.painter().rect_filled(
                    rect,
                    2.0,
                    palette.decode.gamma_multiply(0.1 * row as f32),
                );
            }
            1 => table::cell_text(ui, format!("PN_100_{:04}", 10 * row)),
            2 => {
                badge::status(
                    ui,
                    palette.ok,
                    if row % 2 == 0 {
                        "Final"
                    } else {
                        "Pending review of the whole"
                    },
                );
            }
            3 => table::cell_muted(ui, "Wide establishing, wind building over the shelf"),
            4 => table::cell_number(ui, format!("{}", 1084 + row)),
            _ => table::cell_number(ui, format!("{}", 76 + row * 17)),
        });
    placeholder::progress_line(ui, "Rows 1 to 500 shown while 2,500 more arrive", 0.33);
}

#[test]
fn timing() {
    harness::pictures("timing", [1000.0, 640.0], timing_ui);
}

fn timing_ui(ui: &mut Ui) {
    let x = ui.max_rect().left() + 96.0..=ui.max_rect().right();
    let scale = TimeScale::new(0.0, 7.0, x);
    let origin = Origin::Clock(Duration::from_mins(642));
    time_scale::axis(ui, &scale, origin);
    lanes::dots(
        ui,
        &scale,
        "inputs",
        [
            (0.4, false),
            (0.9, false),
            (1.1, true),
            (2.6, false),
            (5.0, false),
        ],
    );
    frame_strip::strip(ui, &scale, frames());
    ui.spacing_mut().item_spacing.y = 0.0;
    for worker in 0..4 {
        lanes::lane(ui, &scale, &format!("worker {}", worker + 1), &lane(worker));
    }
    ui.add_space(8.0);
    card::hairline(ui);
    calls_ui(ui, scale);
    runs_ui(ui);
}

fn calls_ui(ui: &mut Ui, scale: TimeScale) {
    let columns = [
        Column::text("Call", 160.0),
        Column::number("Status", 60.0),
        Column::number("Total", 70.0),
        Column::fill("Waterfall", 200.0),
    ];
    Table::new("Calls", &columns, 5)
        .selected(Some(3))
        .room_below(280.0)
        .show(ui, |ui, row, column| match column {
            0 => table::cell_text(
                ui,
                [
                    "find Project",
                    "find Shot · page 1 of 6",
                    "schema_field_read",
                    "find Task",
                    "update Shot",
                ][row],
            ),
            1 => table::cell_number(ui, "200"),
            2 if row == 3 => {
                text::colored_number(ui, "6,214 ms", Palette::of(ui).bad);
            }
            2 => table::cell_number(ui, "140 ms"),
            _ => {
                let rect = ui.max_rect();
                waterfall::paint(
                    ui,
                    rect,
                    &scale.across(rect.x_range()),
                    &segments(row),
                    Some(0.3 + row as f64 + if row == 3 { 3.15 } else { 0.0 }),
                );
            }
        });
}

fn runs_ui(ui: &mut Ui) {
    waterfall::legend(ui);
    ui.add_space(8.0);
    ui.spacing_mut().item_spacing.y = 4.0;
    let palette = Palette::of(ui);
    let sync: Vec<f32> = (0..20)
        .map(|n| if n % 5 == 4 { 2004.0 } else { 503.0 })
        .collect();
    let offloaded: Vec<f32> = (0..118).map(|n| 4.0 + (n * 7 % 5) as f32).collect();
    ui.columns(2, |columns| {
        frame_strip::run(&mut columns[0], "Sync frames", palette.bad, &sync);
        frame_strip::run(&mut columns[1], "Offloaded frames", palette.ok, &offloaded);
        code::block(&mut columns[0], "Sync code", SYNC, &[]);
        code::block(&mut columns[1], "Offloaded code", OFFLOADED, &[1..3, 4..5]);
    });
}

const SYNC: &str = "fn get_projects(&mut self) {
    match self.sg.find(\"Project\", &[], &[\"name\", \"id\"]) {
        Ok(rows) => self.show_projects(rows), // it stands still
        Err(error) => self.fail(error),
    }
}";

const OFFLOADED: &str = "fn get_projects(&mut self) {
    let sg = self.sg.clone();
    self.projects.load(self.pool.run(\"projects\", move || {
        sg.find(\"Project\", &[], &[\"name\", \"id\"])
    }));
}";

fn frames() -> impl Iterator<Item = Frame> {
    (0..420_u32).map(|n| Frame {
        at: f64::from(n) / 60.0,
        busy_ms: match n {
            200 => 620.0,
            300 => 24.0,
            _ => 2.0 + (n * 37 % 11) as f32 * 0.5,
        },
    })
}

fn lane(worker: u32) -> Vec<Bar> {
    let bar = |activity, start, end| Bar {
        activity,
        start,
        end,
    };
    let mut bars: Vec<_> = (0..4)
        .map(|n| f64::from(n) * 1.3 + f64::from(worker) * 0.31)
        .map(|start| bar(Activity::Busy, start, start + 0.6))
        .collect();
    if worker == 2 {
        bars.push(bar(Activity::Failed, 3.0, 3.2));
        bars.push(bar(Activity::Backoff, 5.2, 6.0));
    }
    bars
}

fn segments(row: usize) -> Vec<Segment> {
    use SegmentKind::{Backoff, Connect, Decode, Dns, Failed, Queue, Receive, Send, Tls, Wait};
    let short = [
        (Queue, 0.04),
        (Dns, 0.01),
        (Send, 0.01),
        (Wait, 0.15),
        (Receive, 0.06),
        (Decode, 0.03),
    ];
    let long = [
        (Queue, 0.6),
        (Failed, 0.3),
        (Backoff, 1.2),
        (Connect, 0.12),
        (Tls, 0.1),
        (Send, 0.02),
        (Wait, 0.7),
        (Receive, 0.25),
        (Decode, 0.12),
    ];
    let parts = if row == 3 { &long[..] } else { &short[..] };
    let mut at = row as f64;
    parts
        .iter()
        .map(|(kind, secs)| {
            let start = at;
            at += secs;
            Segment {
                kind: *kind,
                start,
                end: at,
            }
        })
        .collect()
}

// ----------------------------------------------------------------------------

#[test]
fn notices_and_trees() {
    harness::pictures("notices", [700.0, 300.0], |ui| {
        let mut toasts = Toasts::default();
        toasts.push(
            placeholder::Kind::Done,
            "28 calls were written to calls.har",
        );
        toasts.push_with_action(
            placeholder::Kind::Bad,
            "The status of PN_100_0040 was not saved: the site did not answer in time",
            "Try again",
        );
        toasts.show(ui.ctx());
        answer().show(ui, "Response");
    });
}

fn answer() -> Tree {
    let mut tree = Tree::default();
    tree.begin("", Value::Object);
    tree.begin("data", Value::List);
    tree.begin("0", Value::Object);
    tree.leaf("id", "862", Value::Number);
    tree.leaf("type", "Shot", Value::Text);
    tree.end();
    tree.leaf("1", "null", Value::Literal);
    tree.end();
    tree.leaf("next", "/api/v1/entity/shots?page=2", Value::Text);
    tree.end();
    tree
}

#[test]
fn widgets_that_are_left_alone_ask_for_no_frame() {
    for contents in [controls_ui, table_ui, timing_ui] {
        let mut harness = harness::window([1000.0, 700.0], (), |ui, ()| contents(ui));
        harness.run();
        harness.step();
        let delay = harness
            .output()
            .viewport_output
            .values()
            .map(|output| output.repaint_delay)
            .min();
        assert_eq!(delay, Some(Duration::MAX));
    }
}
