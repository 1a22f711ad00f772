//! What goes to the terminal: results to stdout, everything else to stderr.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::ExitCode;

use crate::shotgun::{Error, Find};

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
        .downcast_ref::<Error>()
        .map_or_else(|| error.to_string(), explained);
    note(format!("callboard: {}", text.trim_end().replace('\n', " ")));
}

/// What happened, and what to do: two sentences, and a hint if there is one.
pub(super) fn explained(error: &Error) -> String {
    let headline = error.headline();
    let stop = if headline.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    let more = hint(error).map(|hint| format!(" {hint}"));
    format!(
        "{headline}{stop} {}{}",
        error.advice(),
        more.unwrap_or_default()
    )
}

/// What helps on the command line only.
fn hint(error: &Error) -> Option<String> {
    if let Error::Unauthorized {
        code: Some(106), ..
    } = error
    {
        return Some("It is read from CALLBOARD_ONE_TIME_CODE.".to_owned());
    }
    let check = error.check()?;
    Some(format!("To check: {}", command(check)))
}

/// The same question for a shell.
fn command(find: &Find) -> String {
    let filters = find.conditions().iter();
    let filters = filters.map(|filter| format!(" --filter {}", quoted(&filter.to_string())));
    let entity_type = find.entity_type();
    format!(
        "callboard find {entity_type}{}",
        filters.collect::<String>()
    )
}

/// As a shell takes it for one word. Double quotes read better around the single ones of a text, but let more happen inside.
fn quoted(text: &str) -> String {
    if text.contains('\'') && !text.contains(['"', '$', '`', '\\', '!']) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// 2 for wrong usage, 1 for all else.
pub(super) fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.is::<Usage>() {
        ExitCode::from(2)
    } else {
        ExitCode::FAILURE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shotgun::Filter;
    use std::sync::Arc;

    fn unknown(check: Option<Find>) -> String {
        explained(&Error::UnknownOutcome {
            method: "create".into(),
            check: check.map(Arc::new),
            source: Arc::new(Error::Cancelled),
        })
    }

    #[test]
    fn an_unknown_outcome_says_what_to_type_to_check_it() {
        let find =
            Find::new("Shot").filters([Filter::is("code", "SH0100"), Filter::is("sg_take", "7")]);
        let told = unknown(Some(find));
        assert!(
            told.ends_with(
                r#" To check: callboard find Shot --filter 'code is SH0100' --filter "sg_take is '7'""#
            ),
            "{told}"
        );
        assert!(!unknown(None).contains("To check"));
    }

    #[test]
    fn a_word_is_quoted_so_that_no_shell_looks_into_it() {
        for (text, expected) in [
            ("code is a", "'code is a'"),
            ("code is 'a b'", r#""code is 'a b'""#),
            ("code is 'a $b'", r"'code is '\''a $b'\'''"),
            (r#"code is "it's""#, r#"'code is "it'\''s"'"#),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
