//! The command line: what can be asked for, and one file for each subcommand with its own arguments.

mod account;
mod args;
mod ask;
mod call;
mod compare;
mod download;
mod file_name;
mod find;
mod grid;
mod nearest;
mod output;
mod progress;
mod record;
mod sandbox;
mod schema;
mod site;
mod summarize;
mod summary_text;
mod timings;
mod upload;
mod values;
#[cfg(feature = "gui")]
mod window;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};

/// Runs the program. Exit codes: 0 ok, 1 the operation failed, 2 wrong usage.
pub fn main() -> ExitCode {
    // clap prints wrong usage itself and exits with 2.
    let args = Args::parse();
    start_logging();
    let result = match args.command {
        None => open_window(&args.site, &args.record),
        Some(Command::Compare(compare)) => compare::run(&compare),
        Some(Command::Sandbox(sandbox)) => sandbox::run(&sandbox),
        Some(Command::Find(find)) => find::run(&find),
        Some(Command::Summarize(summarize)) => summarize::run(&summarize),
        Some(Command::Schema(schema)) => schema::run(&schema),
        Some(Command::Upload(upload)) => upload::run(&upload),
        Some(Command::Download(download)) => download::run(&download),
        Some(Command::Call(call)) => call::run(&call),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            output::exit_code(&error)
        }
    }
}

#[cfg(feature = "gui")]
fn open_window(site: &args::SiteArgs, record: &args::RecordArgs) -> anyhow::Result<()> {
    window::run(site, record)
}

/// Without the feature `gui` there is no window: the comparison is what shows the point.
#[cfg(not(feature = "gui"))]
fn open_window(site: &args::SiteArgs, record: &args::RecordArgs) -> anyhow::Result<()> {
    output::note("This build has no window. Here is the comparison that it would show:");
    compare::run(&compare::CompareArgs {
        site: site.clone(),
        record: record.clone(),
        ..compare::CompareArgs::default()
    })
}

/// Logs what `CALLBOARD_LOG` asks for (`debug`, `callboard::shotgun=trace`), to stderr.
fn start_logging() {
    let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("CALLBOARD_LOG") else {
        return;
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
