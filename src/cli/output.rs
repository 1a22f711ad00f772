//! What goes to the terminal: results to stdout, everything else to stderr.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;

/// What was asked for makes no sense, as opposed to: it failed.
#[derive(Debug)]
pub(super) struct Usage(pub(super) String);

impl Display for Usage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// A line of results. A reader that went away, as `head` does, is no failure.
pub(super) fn line(text: impl Display) -> io::Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        result => result,
    }
}

/// The same for a program that goes on whether anyone reads or not.
pub(super) fn line_if_read(text: impl Display) {
    writeln!(io::stdout().lock(), "{text}").ok();
}

/// Something to know that is not a result.
pub(super) fn note(text: impl Display) {
    // Unlike `eprintln!`, this does not panic where nobody reads any more.
    writeln!(io::stderr().lock(), "{text}").ok();
}

/// One line that says what happened and what to do.
pub(super) fn error(error: &anyhow::Error) {
    let text = error
        .downcast_ref::<crate::shotgun::Error>()
        .map_or_else(|| error.to_string(), explained);
    note(format!("callboard: {}", text.trim_end().replace('\n', " ")));
}

/// What happened, and what to do: two sentences.
pub(super) fn explained(error: &crate::shotgun::Error) -> String {
    let headline = error.headline();
    let stop = if headline.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!("{headline}{stop} {}", error.advice())
}

/// 2 for wrong usage, 1 for all else.
pub(super) fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.is::<Usage>() {
        ExitCode::from(2)
    } else {
        ExitCode::FAILURE
    }
}
