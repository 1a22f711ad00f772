//! `callboard sandbox`: serves the sandbox for other programs.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args as ClapArgs;

use super::account::Account;
use super::output::{self, Usage};
use super::values::{duration, hiccup, share};
use crate::sandbox::{
    FaultPlan, FileOptions, Hiccup, LoginOptions, Options, RequestLine, SCRIPT_KEY, SCRIPT_NAME,
    Sandbox, Seed, UserAuthentication, export, is_data_folder,
};

#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = "\
Example:
  callboard sandbox --port 8080 --seed small --latency 300ms
  callboard sandbox --fixtures tests/site --data /tmp/site")]
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
    pub(super) user_authentication: UserAuthentication,
    /// Have clients put files into storage by themselves
    #[arg(long)]
    pub(super) direct_uploads: bool,
    /// What is in it: empty, small, studio or large [default: studio]
    #[arg(long, value_name = "NAME")]
    pub(super) seed: Option<Seed>,
    /// Keep the site in DIR between starts; if there is one already, start with it
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// Start with the JSON in DIR, as --export writes it, instead of a seed
    #[arg(long, value_name = "DIR", conflicts_with = "seed")]
    pub(super) fixtures: Option<PathBuf>,
    /// Write what is in it as JSON into DIR, and end
    #[arg(long, value_name = "DIR")]
    pub(super) export: Option<PathBuf>,
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

pub(super) fn run(args: &SandboxArgs) -> anyhow::Result<()> {
    let mut scripts = pairs("--script", &args.script)?;
    if scripts.is_empty() {
        scripts.push((SCRIPT_NAME.to_owned(), SCRIPT_KEY.to_owned()));
    }
    let options = Options {
        port: args.port,
        scripts: scripts.clone(),
        users: pairs("--user", &args.user)?,
        logins: LoginOptions {
            user_authentication_method: args.user_authentication,
            one_time_codes: pairs("--one-time-code", &args.one_time_code)?,
            ..LoginOptions::default()
        },
        files: FileOptions {
            direct_uploads: args.direct_uploads,
            ..FileOptions::default()
        },
        seed: args.seed.unwrap_or_default(),
        data: args.data.clone(),
        fixtures: args.fixtures.clone(),
        faults: FaultPlan {
            latency: args.latency,
            jitter: args.jitter,
            hiccup: args.hiccup.map(|(every, pause)| Hiccup { every, pause }),
            error_rate: args.error_rate,
            ..FaultPlan::default()
        },
        log: (!args.quiet)
            .then(|| Arc::new(|line: &RequestLine| output::note(request(line))) as Arc<_>),
        ..Options::default()
    };
    note_what_is_kept(args);
    if let Some(folder) = &args.export {
        return Ok(export(&options, folder)?);
    }
    let sandbox = Sandbox::with(options).map_err(|error| start_error(&error, args.port))?;
    output::line_if_read(format!("listening on {}", sandbox.url()));
    if let Some((name, key)) = scripts.first() {
        // The key of a sandbox that only this machine can reach is no secret; it is what the user has to type.
        let (url, import) = (sandbox.url(), "import shotgun_api3");
        output::line_if_read(format!(
            "from Python: {import}; sg = shotgun_api3.Shotgun(\"{url}\", \"{name}\", \"{key}\")"
        ));
    }
    // Serves until the process is ended.
    loop {
        std::thread::park();
    }
}

/// Says so if what was asked for is not what there will be.
fn note_what_is_kept(args: &SandboxArgs) {
    let asked = [
        ("--seed", args.seed.is_some()),
        ("--fixtures", args.fixtures.is_some()),
    ];
    let kept = args.data.as_deref().filter(|folder| is_data_folder(folder));
    for (option, _) in asked.iter().filter(|(_, is_given)| *is_given) {
        if let Some(folder) = kept {
            output::note(format!(
                "note: there is a site in {} already, so {option} is of no use.",
                folder.display()
            ));
        }
    }
}

fn pairs(option: &str, accounts: &[Account]) -> Result<Vec<(String, String)>, Usage> {
    let pairs = accounts.iter().map(Account::pair).collect::<Option<_>>();
    pairs.ok_or_else(|| {
        Usage(format!(
            "{option} takes a name and a secret with a colon between them, as in robot:key."
        ))
    })
}

/// Like `read Shot 200 3.2 ms 48122 bytes`.
fn request(line: &RequestLine) -> String {
    let RequestLine {
        method,
        subject,
        status,
        took,
        bytes_out,
        fault,
        ..
    } = line;
    let fault = fault
        .as_deref()
        .map(|fault| format!(" ({fault})"))
        .unwrap_or_default();
    let took = took.as_secs_f64() * 1_000.0;
    format!("{method} {subject} {status} {took:.1} ms {bytes_out} bytes{fault}")
}

fn start_error(error: &io::Error, port: u16) -> anyhow::Error {
    if error.kind() == io::ErrorKind::AddrInUse {
        return anyhow::anyhow!(
            "Port {port} is taken. Name another one with --port, or --port 0 for any free one."
        );
    }
    anyhow::anyhow!("The sandbox did not start: {error}.")
}
