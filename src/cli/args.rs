//! What can be asked for on the command line, as far as several subcommands share it.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand};

use super::call::CallArgs;
use super::compare::CompareArgs;
use super::download::DownloadArgs;
use super::find::FindArgs;
use super::output::{self, Usage};
use super::sandbox::SandboxArgs;
use super::schema::SchemaArgs;
use super::summarize::SummarizeArgs;
use super::upload::UploadArgs;
use crate::shotgun::Filter;

/// Opens a window on a Shotgun site that never freezes. Without an address, on the embedded sandbox.
#[derive(Debug, Parser)]
#[command(name = "callboard", version, args_conflicts_with_subcommands = true, after_help = ENVIRONMENT)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) site: SiteArgs,
    #[command(flatten)]
    pub(super) record: RecordArgs,
}

/// Names only: a secret never stands on the command line, where every program on the machine can read it.
const ENVIRONMENT: &str = "\
Credentials of a site come from the environment:
  CALLBOARD_SCRIPT_NAME, CALLBOARD_SCRIPT_KEY  a script
  CALLBOARD_LOGIN, CALLBOARD_PASSWORD          a person
  CALLBOARD_ONE_TIME_CODE                      the code of that person's authenticator, where a site wants one
  CALLBOARD_SESSION_TOKEN                      a session that is open already; goes before the others
and further
  CALLBOARD_SITE                               the address of the site, without --site
  CALLBOARD_LOG                                what to log to stderr, such as debug

Exit codes: 0 done, 1 failed, 2 wrong usage";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make the same calls synchronously and offloaded, without a window
    Compare(CompareArgs),
    /// Serve a Shotgun site on this machine, for other programs
    Sandbox(SandboxArgs),
    /// Find entities
    Find(FindArgs),
    /// Count, add up and the like, group by group
    Summarize(SummarizeArgs),
    /// List the entity types of a site, or their fields
    Schema(SchemaArgs),
    /// Send a file to an entity
    Upload(UploadArgs),
    /// Fetch a file
    Download(DownloadArgs),
    /// Call a method of the API by its own name
    Call(CallArgs),
}

/// Which site. Its credentials come from the environment, never from the command line.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(super) struct SiteArgs {
    #[arg(
        long,
        value_name = "URL",
        help = "Address of the site, such as https://studio.shotgrid.autodesk.com [default: $CALLBOARD_SITE, else the embedded sandbox]"
    )]
    pub(super) site: Option<String>,
}

#[derive(Clone, Debug, Default, ClapArgs)]
pub(super) struct RecordArgs {
    /// On exit, write all frames and calls with their timings to a JSON file
    #[arg(long, value_name = "FILE")]
    pub(super) record: Option<PathBuf>,
}

/// Which entities.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(super) struct FilterArgs {
    #[arg(
        long,
        value_name = "FILTER",
        help = "FIELD OPERATOR VALUE, as in 'sg_status_list is ip'; may be repeated, and all must hold"
    )]
    filter: Vec<String>,
}

impl FilterArgs {
    /// Read. What is no filter is wrong usage.
    pub(super) fn filters(&self) -> Result<Vec<Filter>, Usage> {
        self.filter
            .iter()
            .map(|text| text.parse())
            .collect::<Result<_, _>>()
            .map_err(|error| Usage(output::explained(&error)))
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
}
