//! Notices at the bottom of the window: what happened, and one thing to do about it.
//!
//! Few at a time; each can be dismissed. Good news goes away by itself, failures stay until they are dismissed.

use std::collections::VecDeque;
use std::time::Duration;

use egui::{Align2, Area, Context, Frame, Id, Margin, Order, Role, Ui, WidgetInfo};

use super::icons::{self, Icon};
use super::placeholder::Kind;
use super::tokens::{self, Palette};
use super::{button, card};

/// More than this would cover the window; the oldest makes room.
const MOST: usize = 4;
/// How long good news stays.
const STAYS: Duration = Duration::from_secs(6);

/// Tells which notice's action was clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ToastId(u64);

#[derive(Clone, Debug)]
struct Toast {
    id: ToastId,
    kind: Kind,
    text: String,
    action: Option<String>,
    /// When it goes, in seconds of egui's clock: known once it was shown.
    goes_at: Option<f64>,
}

/// The notices that are shown.
#[derive(Clone, Debug, Default)]
pub struct Toasts {
    toasts: VecDeque<Toast>,
    last_id: u64,
}

/// What was done to a notice.
enum Done {
    Acted(ToastId),
    Dismissed(ToastId),
}

impl Toasts {
    /// Show a notice.
    pub fn push(&mut self, kind: Kind, text: impl Into<String>) -> ToastId {
        self.add(kind, text.into(), None)
    }

    /// Show a notice with one thing to do about it, such as `Open the folder`.
    pub fn push_with_action(
        &mut self,
        kind: Kind,
        text: impl Into<String>,
        action: impl Into<String>,
    ) -> ToastId {
        self.add(kind, text.into(), Some(action.into()))
    }

    /// Whether nothing is shown.
    pub fn is_empty(&self) -> bool {
        self.toasts.is_empty()
    }

    fn add(&mut self, kind: Kind, text: String, action: Option<String>) -> ToastId {
        // Said once more is not said twice.
        self.toasts.retain(|toast| toast.text != text);
        if self.toasts.len() == MOST {
            self.toasts.pop_front();
        }
        self.last_id += 1;
        let id = ToastId(self.last_id);
        self.toasts.push_back(Toast {
            id,
            kind,
            text,
            action,
            goes_at: None,
        });
        id
    }

    /// Draw them over everything, at the bottom right. Returns the notice whose action was clicked; it is gone then.
    pub fn show(&mut self, ctx: &Context) -> Option<ToastId> {
        self.drop_old(ctx);
        if self.toasts.is_empty() {
            return None;
        }
        let away = -egui::Vec2::splat(tokens::PANEL_PADDING);
        let done = Area::new(Id::unique("notices"))
            .anchor(Align2::RIGHT_BOTTOM, away)
            .order(Order::Foreground)
            .fade_in(false)
            .show(ctx, |ui| {
                ui.set_width(tokens::TOAST_WIDTH);
                self.toasts
                    .iter()
                    .fold(None, |done, toast| toast_ui(ui, toast).or(done))
            })
            .inner;
        let (Done::Acted(id) | Done::Dismissed(id)) = done.as_ref()?;
        self.toasts.retain(|toast| toast.id != *id);
        match done? {
            Done::Acted(id) => Some(id),
            Done::Dismissed(_) => None,
        }
    }

    /// Drop what was shown long enough, and wake up when the next one is due: once, not every frame until then.
    fn drop_old(&mut self, ctx: &Context) {
        let now = ctx.input(|input| input.time);
        for toast in &mut self.toasts {
            if toast.goes_at.is_none() && toast.kind != Kind::Bad {
                toast.goes_at = Some(now + STAYS.as_secs_f64());
            }
        }
        self.toasts
            .retain(|toast| toast.goes_at.is_none_or(|goes_at| goes_at > now));
        let next = self
            .toasts
            .iter()
            .filter_map(|toast| toast.goes_at)
            .fold(f64::INFINITY, f64::min);
        if next.is_finite() {
            ctx.request_repaint_after(Duration::from_secs_f64(next - now));
        }
    }
}

fn toast_ui(ui: &mut Ui, toast: &Toast) -> Option<Done> {
    let palette = Palette::of(ui);
    let mut done = None;
    Frame::new()
        .fill(palette.raised)
        .stroke(palette.hairline())
        .corner_radius(tokens::RADIUS)
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(Margin::symmetric(12, 6))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal(|ui| {
                icons::icon(
                    ui,
                    toast.kind.icon(),
                    tokens::ICON,
                    toast.kind.color(palette),
                );
                card::beside(
                    ui,
                    |ui| text_ui(ui, &toast.text),
                    |ui| {
                        if button::icon(ui, Icon::Close, "Dismiss").clicked() {
                            done = Some(Done::Dismissed(toast.id));
                        }
                        if let Some(action) = &toast.action
                            && button::link(ui, action).clicked()
                        {
                            done = Some(Done::Acted(toast.id));
                        }
                    },
                );
            });
        });
    done
}

/// The text as a status, so that screen readers speak it when it comes.
fn text_ui(ui: &mut Ui, text: &str) {
    let response = ui.add(egui::Label::new(text).wrap());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room_and_nothing_is_said_twice() {
        let mut toasts = Toasts::default();
        for n in 0..6 {
            toasts.push(Kind::Done, format!("Saved {n}"));
        }
        toasts.push(Kind::Done, "Saved 4");
        let texts: Vec<_> = toasts
            .toasts
            .iter()
            .map(|toast| toast.text.as_str())
            .collect();
        assert_eq!(texts, ["Saved 2", "Saved 3", "Saved 5", "Saved 4"]);
    }
}
