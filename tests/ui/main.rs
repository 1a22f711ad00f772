//! The window and its widgets, driven without a screen by kittest.

mod gallery;
mod harness;
mod widgets;
