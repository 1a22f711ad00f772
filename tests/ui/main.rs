//! The window and its widgets, driven without a screen by kittest.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail like tests")]

mod browse;
mod calls;
mod compare;
mod gallery;
mod harness;
mod incidents;
mod leaving;
mod mistakes;
mod widgets;
mod window;
