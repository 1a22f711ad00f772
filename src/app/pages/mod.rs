//! What fills the window below the top bar.

pub mod browse;
pub mod compare;
