//! The keyboard in a table: which row the arrow keys reach.

use egui::{EventFilter, Key, Modifiers, Response, Ui};

/// What the keys asked of a table.
pub(super) struct Keys {
    /// The row the selection moves to.
    pub moved_to: Option<usize>,
    /// The row to open.
    pub opened: Option<usize>,
}

/// Take the keys meant for the table that `focus` stands for, if it has the keyboard.
pub(super) fn read(
    ui: &Ui,
    focus: &Response,
    selected: Option<usize>,
    rows: usize,
    page: usize,
) -> Keys {
    if !focus.has_focus() || rows == 0 {
        return Keys {
            moved_to: None,
            opened: None,
        };
    }
    // Without this, egui takes the arrows to move the focus to another widget.
    let filter = EventFilter {
        vertical_arrows: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(focus.id, filter));

    let mut at = selected;
    ui.input_mut(|input| {
        for key in [
            Key::ArrowUp,
            Key::ArrowDown,
            Key::PageUp,
            Key::PageDown,
            Key::Home,
            Key::End,
        ] {
            for _ in 0..input.count_and_consume_key(Modifiers::NONE, key) {
                at = Some(after(key, at, rows, page));
            }
        }
    });
    let enter = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
    Keys {
        moved_to: at.filter(|_| at != selected),
        opened: selected.filter(|_| enter),
    }
}

/// The row that `key` leads to from row `at`, of `rows` rows with `page` of them in view.
fn after(key: Key, at: Option<usize>, rows: usize, page: usize) -> usize {
    let last = rows - 1;
    let Some(at) = at else {
        return if key == Key::End { last } else { 0 };
    };
    let step = page.saturating_sub(1).max(1);
    let to = if key == Key::ArrowUp {
        at.saturating_sub(1)
    } else if key == Key::ArrowDown {
        at + 1
    } else if key == Key::PageUp {
        at.saturating_sub(step)
    } else if key == Key::PageDown {
        at + step
    } else if key == Key::Home {
        0
    } else {
        last
    };
    to.min(last)
}

/// Whether to show a ring around the table: when the keyboard, not a click, led there.
pub(super) fn focus_is_visible(ui: &Ui, focus: &Response, clicked: bool) -> bool {
    let id = focus.id.with("by pointer");
    let by_pointer = if clicked {
        true
    } else if focus.gained_focus() && ui.input(|input| input.key_pressed(Key::Tab)) {
        false
    } else {
        return focus.has_focus() && !ui.data(|data| data.get_temp(id).unwrap_or(false));
    };
    ui.data_mut(|data| data.insert_temp(id, by_pointer));
    focus.has_focus() && !by_pointer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_within_the_rows() {
        let from = |key, at| after(key, Some(at), 100, 11);
        assert_eq!([from(Key::ArrowDown, 0), from(Key::ArrowDown, 99)], [1, 99]);
        assert_eq!([from(Key::ArrowUp, 1), from(Key::ArrowUp, 0)], [0, 0]);
        assert_eq!([from(Key::PageDown, 50), from(Key::PageDown, 95)], [60, 99]);
        assert_eq!([from(Key::PageUp, 50), from(Key::PageUp, 5)], [40, 0]);
        assert_eq!([from(Key::Home, 50), from(Key::End, 50)], [0, 99]);
    }

    #[test]
    fn without_a_selection_the_first_key_selects_an_end() {
        assert_eq!(after(Key::ArrowDown, None, 100, 11), 0);
        assert_eq!(after(Key::End, None, 100, 11), 99);
    }
}
