//! `callboard call`: a method of the API by its own name, for what has no subcommand.

use std::io::{self, Read};

use clap::Args as ClapArgs;
use serde_json::Value as Json;

use super::ask::{AskArgs, ask};
use super::output::{self, Usage};
use crate::shotgun::Effect;

#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = "\
Example:
  callboard call schema_field_read '{\"type\": \"Shot\", \"field_name\": \"code\"}'")]
pub(super) struct CallArgs {
    /// The name of the method in a request, such as read
    #[arg(value_name = "METHOD", value_parser = method)]
    method: String,
    /// Its argument; - reads it from stdin, where no other program sees it
    #[arg(value_name = "JSON")]
    argument: Option<String>,
    #[command(flatten)]
    ask: AskArgs,
}

pub(super) fn run(args: &CallArgs) -> anyhow::Result<()> {
    let argument = args
        .argument
        .as_deref()
        .map(|text| argument(text, io::stdin().lock()))
        .transpose()?;
    let effect = effect(&args.method);
    let result = ask(&args.ask, |client| {
        Ok(client.call_rpc(&args.method, argument, effect)?)
    })?;
    output::line(serde_json::to_string_pretty(&result)?)?;
    Ok(())
}

/// Methods that change nothing, so that a failed request may be repeated.
const READS: [&str; 15] = [
    "activity_stream",
    "export_page",
    "followers",
    "following",
    "info",
    "nav_expand",
    "nav_search",
    "note_thread_contents",
    "preferences_read",
    "query_display_name_cache",
    "read",
    "summarize",
    "user_subscriptions_read",
    "work_schedule_read",
    "get_session_token",
];

/// Of an unknown method the worst is assumed.
fn effect(method: &str) -> Effect {
    let reads_schema = method.starts_with("schema_") && method.ends_with("_read");
    if reads_schema || READS.contains(&method) {
        Effect::Reads
    } else {
        Effect::Writes
    }
}

/// What Python programs call it, and what it is called in a request.
const ALIASES: [(&str, &str); 8] = [
    ("find", "read"),
    ("find_one", "read"),
    ("text_search", "query_display_name_cache"),
    ("note_thread_read", "note_thread_contents"),
    ("activity_stream_read", "activity_stream"),
    ("nav_search_string", "nav_search"),
    ("nav_search_entity", "nav_search"),
    (
        "update_project_last_accessed",
        "update_project_last_accessed_by_current_user",
    ),
];

fn method(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("name a method, such as read".to_owned());
    }
    match ALIASES.iter().find(|(alias, _)| *alias == text) {
        Some((_, name)) => Err(format!("in a request it is called `{name}`")),
        None => Ok(text.to_owned()),
    }
}

/// Read as JSON. It may hold a secret, so that no error repeats it.
fn argument(text: &str, mut stdin: impl Read) -> Result<Json, Usage> {
    let read = if text == "-" {
        serde_json::from_reader(&mut stdin)
    } else {
        serde_json::from_str(text)
    };
    read.map_err(|error| {
        let place = if text == "-" { "on stdin" } else { "given" };
        Usage(format!(
            "The argument {place} is not JSON: {error}. Write it like '{{\"type\": \"Shot\"}}', in single quotes."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_comes_from_the_line_or_from_stdin() {
        let json = serde_json::json!({"type": "Shot"});
        let text = r#" {"type": "Shot"} "#;
        assert_eq!(argument(text, io::empty()).unwrap(), json);
        assert_eq!(argument("-", text.as_bytes()).unwrap(), json);
    }

    #[test]
    fn what_is_no_json_is_not_repeated() {
        for (text, stdin) in [
            ("", ""),
            ("{\"password\": hush}", ""),
            ("{\"password\": \"hush\"", ""),
            ("\"a\" \"hush\"", ""),
            ("-", ""),
            ("-", "hush"),
            ("-", "{\"a\": \"hush\"} hush"),
            ("-", "[\"hush\u{7}\"]"),
        ] {
            let Usage(error) = argument(text, stdin.as_bytes()).unwrap_err();
            assert!(error.contains("is not JSON"), "{text:?}: {error}");
            assert!(!error.contains("hush"), "{text:?}: {error}");
        }
    }

    #[test]
    fn only_what_is_known_to_change_nothing_may_be_repeated() {
        for read in ["read", "schema_read", "schema_field_read", "followers"] {
            assert_eq!(effect(read), Effect::Reads, "{read}");
        }
        for write in [
            "create",
            "batch",
            "follow",
            "schema_field_update",
            "brand_new_read",
        ] {
            assert_eq!(effect(write), Effect::Writes, "{write}");
        }
    }

    #[test]
    fn names_that_only_python_knows_are_told_apart() {
        assert_eq!(method("schema_read"), Ok("schema_read".to_owned()));
        assert!(method("find").unwrap_err().contains("`read`"));
        assert!(method(" ").is_err());
    }
}
