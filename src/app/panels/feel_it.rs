//! A ball to watch and a box to type in: what a freeze feels like.

use std::collections::VecDeque;
use std::f32::consts::TAU;
use std::time::{Duration, Instant};

use egui::{Pos2, Rect, Role, Sense, Ui, WidgetInfo};

use crate::app::state::AppState;
use crate::calls::BUDGET;
use crate::ui::field::Field;
use crate::ui::tokens::Palette;
use crate::ui::{card, text};

/// Height of the ball's track, and of the card's content.
const TRACK: f32 = 40.0;
const BALL: f32 = 14.0;
/// Once there and back.
const PERIOD: Duration = Duration::from_secs(4);
/// How long the ball rolls after the page was opened or something was typed.
const ROLL: Duration = Duration::from_secs(5);
/// Past positions that are still seen.
const TRAIL: usize = 10;
const LABEL_WIDTH: f32 = 170.0;
const BOX_WIDTH: f32 = 310.0;

/// The ball moves by the wall clock while a run is on: where the window froze, it jumps.
///
/// Before that it rolls for a few
/// seconds after the page was opened and while somebody types, so that its smooth motion is known; then it rests, because an
/// idle window draws nothing.
#[derive(Default)]
pub struct FeelIt {
    typed: String,
    /// Where on its way the ball is.
    way: Duration,
    /// When the ball was last seen moving; absent while it rests.
    moved: Option<Instant>,
    /// It rolls until then, also without a run.
    rolls_until: Option<Instant>,
    /// Where it was drawn in the last frames, as parts of the track, newest first.
    trail: VecDeque<f32>,
    /// The last frame in which the page was drawn.
    frame: u64,
}

impl FeelIt {
    /// Draws the card.
    pub fn ui(&mut self, ui: &mut Ui, state: &AppState) {
        let frame = ui.ctx().cumulative_frame_nr();
        if frame > self.frame + 1 {
            self.rolls_until = Some(state.now + ROLL);
        }
        let is_new_frame = frame != self.frame;
        self.frame = frame;
        if is_new_frame {
            self.roll(state);
        }
        if self.moved.is_some() {
            ui.ctx().request_repaint_after(
                BUDGET
                    .saturating_sub(state.now.elapsed())
                    .max(Duration::from_millis(1)),
            );
        }
        card::card(ui, |ui| {
            ui.horizontal(|ui| {
                ui.set_height(TRACK);
                let narrow = ui.available_width() < LABEL_WIDTH + BOX_WIDTH * 2.0;
                let scale = if narrow { 0.7 } else { 1.0 };
                label_ui(ui, LABEL_WIDTH * scale);
                let box_width = BOX_WIDTH * scale;
                let size = egui::vec2(
                    ui.available_width() - box_width - ui.spacing().item_spacing.x * 2.0,
                    TRACK,
                );
                let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
                response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Ball"));
                self.ball_ui(ui, rect);
                ui.add_space(ui.spacing().item_spacing.x);
                let field = Field::new(&mut self.typed, "Type here")
                    .hint("Type here while it runs")
                    .width(box_width);
                if field.show(ui).response.changed() {
                    self.rolls_until = Some(state.now + ROLL);
                    ui.ctx().request_repaint();
                }
            });
        });
    }

    fn roll(&mut self, state: &AppState) {
        let rolls = state.compare.progress().is_some()
            || self.rolls_until.is_some_and(|until| state.now < until);
        if !rolls {
            self.moved = None;
            self.trail.clear();
            return;
        }
        if let Some(moved) = self.moved {
            self.way += state.now.saturating_duration_since(moved);
            self.trail.truncate(TRAIL);
        }
        self.moved = Some(state.now);
        self.trail.push_front(part_of_track(self.way));
    }

    fn ball_ui(&self, ui: &Ui, rect: Rect) {
        let palette = Palette::of(ui);
        let painter = ui.painter();
        painter.rect_filled(rect, TRACK * 0.5, palette.background);
        let inner = rect.shrink2(egui::vec2(TRACK * 0.5, 0.0)).x_range();
        let at = |part: f32| Pos2::new(egui::lerp(inner, part), rect.center().y);
        for (age, part) in self.trail.iter().enumerate().skip(1).rev() {
            let fading = 1.0 - age as f32 / (TRAIL + 1) as f32;
            painter.circle_filled(
                at(*part),
                BALL * (0.4 + 0.5 * fading),
                palette.accent.gamma_multiply(0.3 * fading),
            );
        }
        painter.circle_filled(at(part_of_track(self.way)), BALL, palette.accent);
    }
}

/// There and back, slower towards the ends.
fn part_of_track(way: Duration) -> f32 {
    let turn = (way.as_secs_f64() / PERIOD.as_secs_f64()).fract() as f32;
    0.5 - 0.5 * (turn * TAU).cos()
}

fn label_ui(ui: &mut Ui, width: f32) {
    let (rect, _) = ui.allocate_exact_size(egui::vec2(width, TRACK), Sense::hover());
    let layout = egui::Layout::top_down(egui::Align::LEFT).with_main_align(egui::Align::Center);
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(layout));
    ui.spacing_mut().item_spacing.y = 0.0;
    text::strong(&mut ui, "Feel it");
    text::muted(&mut ui, "Watch the ball, keep typing");
}
