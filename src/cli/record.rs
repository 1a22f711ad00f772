//! `--record FILE`.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Map, Value};

use crate::calls::{Recorder, recording};
use crate::compare::Report;

/// Writes what was recorded, with the comparisons that were run.
pub(super) fn write(path: &Path, recorder: &Recorder, report: &Report) -> anyhow::Result<()> {
    let about: Map<String, Value> = serde_json::from_value(serde_json::to_value(report)?)?;
    let json = serde_json::to_vec(&recording(recorder, about))?;
    // Whole or not at all: an older recording is lost only to a complete one.
    let part = path.with_extension("part");
    fs::write(&part, json)
        .and_then(|()| fs::rename(&part, path))
        .with_context(|| format!("The recording cannot be written to {}.", path.display()))
}

/// Finds out before the work whether the file can be written after it.
pub(super) fn check(path: Option<&Path>) -> anyhow::Result<()> {
    let Some(path) = path else { return Ok(()) };
    let mut options = fs::OpenOptions::new();
    options
        .append(true)
        .create(true)
        .open(path)
        .map(drop)
        .map_err(|error| {
            super::output::Usage(format!(
                "The recording cannot be written to {}: {error}.",
                path.display()
            ))
            .into()
        })
}
