//! Looks: colors, sizes, and the widgets drawn with them. Knows egui only, nothing of Shotgun, calls or jobs.
//!
//! [`theme::install`] once, then call the widgets. All return what happened to them; none of them asks for a repaint by
//! itself, so an idle window draws nothing. All carry their label, so that screen readers and tests find them.

pub mod badge;
pub mod button;
mod button_paint;
pub mod card;
pub mod check;
pub mod code;
pub mod field;
pub mod font;
pub mod format;
pub mod frame_strip;
pub mod icons;
pub mod lanes;
pub mod menu;
pub mod placeholder;
pub mod table;
mod table_keys;
mod table_rows;
pub mod text;
pub mod theme;
pub mod time_scale;
pub mod toast;
pub mod tokens;
pub mod tree;
pub mod wake;
pub mod waterfall;

pub use icons::Icon;
pub use tokens::Palette;
