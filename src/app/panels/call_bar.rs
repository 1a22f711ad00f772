//! The bar above the calls: filter, range, pause, clear, and what the listed calls add up to.

use std::time::Duration;

use egui::text::LayoutJob;
use egui::{Color32, FontId, Label, TextFormat, Ui};

use super::call_list::{CallList, Query, Range};
use crate::app::command::{CallsCommand, Commands};
use crate::app::state::AppState;
use crate::calls::{CallFilter, FREEZE, Snapshot};
use crate::ui::button::Button;
use crate::ui::field::Field;
use crate::ui::tokens::Palette;
use crate::ui::{button, card, font, format, menu, text};

const RANGES: [(Range, &str); 6] = [
    (Range::Last(2), "Last 2 s"),
    (Range::Last(5), "Last 5 s"),
    (Range::Last(10), "Last 10 s"),
    (Range::Last(30), "Last 30 s"),
    (Range::Last(120), "Last 2 min"),
    (Range::All, "All"),
];

/// What is asked for, the text in the filter field, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct CallBar {
    pub query: Query,
    text: String,
    pub error: Option<String>,
}

impl CallBar {
    /// Draws the bar, and changes the query as the user asks.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        state: &AppState,
        totals: &[Total],
        compact: bool,
        out: &mut Commands,
    ) {
        card::bar(ui, |ui| {
            if compact {
                text::strong(ui, "Calls");
            }
            let width =
                (ui.available_width() * 0.3).clamp(160.0, if compact { 280.0 } else { 420.0 });
            let answer = Field::search(&mut self.text, "Filter calls")
                .hint("Filter, e.g. method:find wait:>200ms")
                .bad(self.error.is_some())
                .width(width)
                .show(ui);
            if answer.response.changed() {
                self.read();
            }
            range_ui(ui, &mut self.query.range);
            let paused = state.calls.snapshot.paused;
            if button::secondary(ui, if paused { "Resume" } else { "Pause" }).clicked() {
                out.push(CallsCommand::Pause(!paused));
            }
            if button::secondary(ui, "Clear").clicked() {
                out.push(CallsCommand::Clear);
            }
            card::at_right(ui, |ui| totals_ui(ui, totals));
        });
    }

    /// Lists all calls again.
    pub fn clear(&mut self) {
        self.text.clear();
        self.read();
    }

    /// What cannot be understood filters nothing.
    fn read(&mut self) {
        let parsed = CallFilter::parse(&self.text);
        self.error = parsed.as_ref().err().cloned();
        self.query.filter = parsed.unwrap_or_default();
    }
}

fn range_ui(ui: &mut Ui, range: &mut Range) {
    let label = match *range {
        Range::Between(from, to) => {
            format!(
                "Selected {}",
                format::brief(Duration::try_from_secs_f64(to - from).unwrap_or_default())
            )
        }
        Range::Last(_) | Range::All => RANGES
            .iter()
            .find(|(known, _)| known == range)
            .map_or("All", |(_, label)| label)
            .to_owned(),
    };
    menu::menu(ui, Button::secondary(&label).name("Time range"), |ui| {
        for (choice, label) in RANGES {
            if menu::choice(ui, choice == *range, label).clicked() {
                *range = choice;
            }
        }
    });
}

// ----------------------------------------------------------------------------

/// One figure of the bar.
#[derive(Clone, Debug)]
pub(super) struct Total {
    name: &'static str,
    value: String,
    after: &'static str,
    look: Tone,
    /// Figures of less weight go first where there is no room for all.
    weight: u8,
}

#[derive(Clone, Copy, Debug)]
enum Tone {
    Plain,
    Good,
    Bad,
}

/// What the listed calls and the frames on show add up to.
pub(super) fn totals(
    list: &CallList,
    snapshot: &Snapshot,
    longest: Option<Duration>,
) -> Vec<Total> {
    let calls = list.rows.len() as u64;
    let plain = |name, value, after, weight| Total {
        name,
        value,
        after,
        look: Tone::Plain,
        weight,
    };
    let mut totals = vec![
        plain(
            "",
            format::count(calls),
            if calls == 1 { " call" } else { " calls" },
            9,
        ),
        plain("", format::bytes(list.bytes), "", 3),
    ];
    if let Some(found) = list.percentiles {
        totals.push(plain("p50 ", format::millis_number(found.p50), "", 4));
        totals.push(plain("p95 ", format::millis_number(found.p95), "", 6));
        totals.push(plain("max ", format::millis_number(found.max), "", 2));
    }
    if let Some(longest) = longest {
        let look = if longest > FREEZE {
            Tone::Bad
        } else {
            Tone::Good
        };
        totals.push(Total {
            look,
            ..plain("longest frame ", format::millis(longest), "", 8)
        });
    }
    let of = format!(
        "{} / {}",
        megabytes(snapshot.bytes),
        megabytes(snapshot.bytes_limit)
    );
    totals.push(plain("recorder ", of, " MB", 1));
    totals
}

/// `6.1` of `64`: in the units of the bound, which is a power of two.
fn megabytes(bytes: usize) -> String {
    let mb = bytes as f64 / f64::from(1 << 20);
    if mb < 9.95 && mb > 0.0 {
        format!("{mb:.1}")
    } else {
        format!("{mb:.0}")
    }
}

/// As many of the totals as there is room for; all of them in the tooltip.
fn totals_ui(ui: &mut Ui, totals: &[Total]) {
    let palette = Palette::of(ui);
    let whole = sentence(totals.iter(), palette);
    let hint = format!(
        "{}\nOf the calls in the list, and of the frames on the time axis",
        whole.text
    );
    let mut job = whole;
    for least in 1..=9 {
        if ui.fonts_mut(|fonts| fonts.layout_job(job.clone())).size().x <= ui.available_width() {
            break;
        }
        job = sentence(totals.iter().filter(|total| total.weight > least), palette);
    }
    ui.add(Label::new(job).truncate().show_tooltip_when_elided(false))
        .on_hover_text(hint);
}

fn sentence<'a>(totals: impl Iterator<Item = &'a Total>, palette: &Palette) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut add = |text: &str, font: FontId, color: Color32| {
        let mut format = TextFormat::simple(font, color);
        format.valign = egui::Align::Center;
        job.append(text, 0.0, format);
    };
    for (index, total) in totals.enumerate() {
        if index > 0 {
            add(" · ", font::body(), palette.muted);
        }
        let color = match total.look {
            Tone::Plain => palette.text,
            Tone::Good => palette.ok,
            Tone::Bad => palette.bad,
        };
        add(total.name, font::body(), palette.muted);
        add(&total.value, font::number(), color);
        add(total.after, font::body(), palette.muted);
    }
    job
}
