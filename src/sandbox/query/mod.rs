//! Which rows a request means: paths through links, filters, sorting. Reads rows, never changes them.

mod digest;
mod filter;
mod fold;
mod hop;
mod moments;
mod one_of;
mod operand;
mod parse;
mod path;
mod presets;
mod select;
mod sort;

pub use self::filter::{Filter, Operand, Test};
pub use self::fold::lower;
pub use self::one_of::OneOf;
pub use self::parse::Parser;
pub use self::path::{Path, Reached};
pub use self::presets::filters as preset_filters;
pub use self::select::{Scope, select};
pub use self::sort::{Key, Sorting};
