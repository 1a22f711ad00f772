//! What can be asked for on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Opens a window on a Shotgun site that never freezes. Without an address, on the embedded sandbox.
#[derive(Debug, Parser)]
#[command(name = "callboard", version, args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) site: SiteArgs,
    #[command(flatten)]
    pub(super) record: RecordArgs,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make the same calls synchronously and offloaded, without a window
    Compare(CompareArgs),
    /// Serve a Shotgun site on this machine, for other programs
    Sandbox(SandboxArgs),
    /// Find entities
    Find(FindArgs),
}

/// Which site. Credentials come from `CALLBOARD_SCRIPT_NAME` and `CALLBOARD_SCRIPT_KEY`, or `CALLBOARD_LOGIN` and
/// `CALLBOARD_PASSWORD`; never from the command line.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(super) struct SiteArgs {
    /// Address of the site, such as <https://studio.shotgrid.autodesk.com> [default: $`CALLBOARD_SITE`, else the embedded sandbox]
    #[arg(long, value_name = "URL")]
    pub(super) site: Option<String>,
}

#[derive(Clone, Debug, Default, ClapArgs)]
pub(super) struct RecordArgs {
    /// On exit, write all frames and calls with their timings to a JSON file
    #[arg(long, value_name = "FILE")]
    pub(super) record: Option<PathBuf>,
}

#[derive(Clone, Debug, ClapArgs)]
pub(super) struct CompareArgs {
    /// Calls that each side makes
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(super) calls: u32,
    /// What each call to the sandbox takes longer
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "300ms")]
    pub(super) latency: Duration,
    /// Every N-th call to the sandbox takes TIME longer still, as in 5:2s
    #[arg(long, value_name = "N:TIME", value_parser = hiccup)]
    pub(super) hiccup: Option<(u32, Duration)>,
    /// Rows per call
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=5000))]
    pub(super) rows: u32,
    /// Print one JSON object instead of a table
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) site: SiteArgs,
    #[command(flatten)]
    pub(super) record: RecordArgs,
}

impl Default for CompareArgs {
    fn default() -> Self {
        Self {
            calls: 20,
            latency: Duration::from_millis(300),
            hiccup: None,
            rows: 50,
            json: false,
            site: SiteArgs::default(),
            record: RecordArgs::default(),
        }
    }
}

#[derive(Clone, Debug, ClapArgs)]
pub(super) struct SandboxArgs {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(super) port: u16,
    /// A script that may connect; may be repeated [default: callboard:sandbox]
    #[arg(long, value_name = "NAME:KEY")]
    pub(super) script: Vec<Account>,
    /// A person who may log in; may be repeated
    #[arg(long, value_name = "LOGIN:PASSWORD")]
    pub(super) user: Vec<Account>,
    /// A one-time code that LOGIN has to give beside the password; may be repeated, each works once
    #[arg(long, value_name = "LOGIN:CODE")]
    pub(super) one_time_code: Vec<Account>,
    /// Where people are looked up: default, ldap, saml2 or oxygen; the last two refuse passwords
    #[arg(long, value_name = "METHOD", default_value = "default")]
    pub(super) user_authentication: crate::sandbox::UserAuthentication,
    /// Have clients put files into storage by themselves
    #[arg(long)]
    pub(super) direct_uploads: bool,
    /// What is in it: empty, small or studio
    #[arg(long, value_name = "NAME", default_value = "studio")]
    pub(super) seed: crate::sandbox::Seed,
    /// What each call takes longer
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "0ms")]
    pub(super) latency: Duration,
    /// By how much the latency varies, up and down
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "0ms")]
    pub(super) jitter: Duration,
    /// Every N-th call takes TIME longer still, as in 5:2s
    #[arg(long, value_name = "N:TIME", value_parser = hiccup)]
    pub(super) hiccup: Option<(u32, Duration)>,
    /// The share of calls that fail with HTTP 503, from 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share)]
    pub(super) error_rate: f64,
    /// Do not print a line for each request
    #[arg(long)]
    pub(super) quiet: bool,
}

#[derive(Clone, Debug, ClapArgs)]
pub(super) struct FindArgs {
    /// What to find, such as Shot
    #[arg(value_name = "TYPE")]
    pub(super) entity_type: String,
    /// FIELD OPERATOR VALUE, as in '`sg_status_list` is ip'; may be repeated, and all must hold
    #[arg(long, value_name = "FILTER")]
    pub(super) filter: Vec<String>,
    /// Fields, separated by commas; fields of linked entities as in `sg_sequence.Sequence.code`
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(super) fields: Vec<String>,
    /// Fields to sort by, separated by commas; -FIELD for largest first
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub(super) order: Vec<String>,
    /// At most so many rows
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) limit: Option<u32>,
    /// How to print them
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(super) format: Format,
    /// Say on stderr where the time of each request went
    #[arg(long)]
    pub(super) timings: bool,
    #[command(flatten)]
    pub(super) site: SiteArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Aligned columns
    Table,
    /// An array of rows
    Json,
    /// A header and a line for each row
    Csv,
}

/// `300ms` or `2s`.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no duration: write it like 300ms or 2s");
    let (number, unit) = text.split_at(
        text.find(|c: char| c.is_ascii_alphabetic())
            .ok_or_else(wrong)?,
    );
    let number: f64 = number.trim().parse().map_err(|_not_a_number| wrong())?;
    let seconds = match unit {
        "ms" => number / 1_000.0,
        "s" => number,
        _ => return Err(wrong()),
    };
    let duration = Duration::try_from_secs_f64(seconds).map_err(|_out_of_range| wrong())?;
    if duration > Duration::from_mins(10) {
        Err(format!("`{text}` is longer than 10 minutes"))
    } else {
        Ok(duration)
    }
}

/// `5:2s`.
fn hiccup(text: &str) -> Result<(u32, Duration), String> {
    let wrong =
        || format!("`{text}` is no hiccup: write it like 5:2s, for 2 s more at every 5th call");
    let (every, pause) = text.split_once(':').ok_or_else(wrong)?;
    match every.parse() {
        Ok(every) if every > 0 => Ok((every, duration(pause)?)),
        _ => Err(wrong()),
    }
}

/// `NAME:SECRET`, split only later: clap would repeat a value that it cannot use, and this one holds a secret.
#[derive(Clone)]
pub(super) struct Account(String);

impl From<String> for Account {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Account(hidden)")
    }
}

impl Account {
    /// Name and secret. The secret may hold colons.
    pub(super) fn pair(&self) -> Option<(String, String)> {
        let (name, secret) = self.0.split_once(':')?;
        let complete = !name.is_empty() && !secret.is_empty();
        complete.then(|| (name.to_owned(), secret.to_owned()))
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err(format!("`{text}` is no share: write a number from 0 to 1")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory as _;
        Args::command().debug_assert();
    }

    #[test]
    fn durations_read_as_people_write_them() {
        assert_eq!(duration("300ms"), Ok(Duration::from_millis(300)));
        assert_eq!(duration("2s"), Ok(Duration::from_secs(2)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1_500)));
        for wrong in ["", "300", "ms", "-1s", "2 hours", "1e99s", "NaNs", "700s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn hiccups_need_a_number_and_a_duration() {
        assert_eq!(hiccup("5:2s"), Ok((5, Duration::from_secs(2))));
        for wrong in ["5", "0:2s", "x:2s", "5:", "5:2"] {
            assert!(hiccup(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_account_is_a_name_and_a_secret_and_hides_both() {
        let pair = |text: &str| Account(text.to_owned()).pair();
        assert_eq!(
            pair("name:a:b"),
            Some(("name".to_owned(), "a:b".to_owned()))
        );
        for wrong in ["", "name", "name:", ":secret"] {
            assert_eq!(pair(wrong), None, "{wrong}");
        }
        let shown = format!("{:?}", Account("name:topsecret".to_owned()));
        assert!(!shown.contains("topsecret"), "{shown}");
    }
}
