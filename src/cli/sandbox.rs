//! `callboard sandbox`: serves the sandbox for other programs.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args as ClapArgs;

use super::account::Account;
use super::output::{self, Usage};
use super::values::{duration, hiccup, share};
use crate::sandbox::{
    FaultPlan, FileOptions, Hiccup, LoginOptions, Options, Preset, RequestLine, SCRIPT_KEY,
    SCRIPT_NAME, Sandbox, Seed, UserAuthentication, export, is_data_folder,
};

#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = after_help())]
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
    /// A plan of faults named after an incident; see below
    #[arg(long, value_name = "NAME", conflicts_with = "faults")]
    pub(super) preset: Option<Preset>,
    /// A plan of faults as JSON, in the form that /callboard/faults has; the options below go before it
    #[arg(long, value_name = "FILE")]
    pub(super) faults: Option<PathBuf>,
    /// What each call takes longer
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(super) latency: Option<Duration>,
    /// By how much the latency varies, up and down
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(super) jitter: Option<Duration>,
    /// Every N-th call takes TIME longer still, as in 5:2s
    #[arg(long, value_name = "N:TIME", value_parser = hiccup)]
    pub(super) hiccup: Option<(u32, Duration)>,
    /// The share of calls that fail with HTTP 500 or 503, from 0 to 1
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(super) error_rate: Option<f64>,
    /// Makes chance repeat itself: the same number, the same misfortune
    #[arg(long, value_name = "N")]
    pub(super) fault_seed: Option<u64>,
    /// Serve https, by a certificate that is made now and signed by itself
    #[arg(long)]
    pub(super) tls: bool,
    /// Where to write that certificate, for clients that are to trust it
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub(super) tls_certificate: Option<PathBuf>,
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
        faults: plan(args)?,
        tls: args.tls,
        log: (!args.quiet)
            .then(|| Arc::new(|line: &RequestLine| output::note(request(line))) as Arc<_>),
        ..Options::default()
    };
    note_what_is_kept(args);
    if let Some(folder) = &args.export {
        return Ok(export(&options, folder)?);
    }
    let sandbox = Sandbox::with(options).map_err(|error| start_error(&error, args.port))?;
    write_certificate(args, &sandbox)?;
    output::line_if_read(format!("listening on {}", sandbox.url()));
    if let Some((name, key)) = scripts.first() {
        output::line_if_read(from_python(args, &sandbox.url(), name, key));
    }
    // Serves until the process is ended.
    loop {
        std::thread::park();
    }
}

/// What goes wrong: a preset or a file, and what single options say instead.
fn plan(args: &SandboxArgs) -> anyhow::Result<FaultPlan> {
    let mut plan = match (&args.faults, args.preset) {
        (Some(path), _) => read_plan(path)?,
        (None, Some(preset)) => preset.plan(),
        (None, None) => FaultPlan::default(),
    };
    plan.latency = args.latency.unwrap_or(plan.latency);
    plan.jitter = args.jitter.unwrap_or(plan.jitter);
    plan.error_rate = args.error_rate.unwrap_or(plan.error_rate);
    plan.seed = args.fault_seed.unwrap_or(plan.seed);
    if let Some((every, pause)) = args.hiccup {
        plan.hiccup = Some(Hiccup { every, pause });
    }
    Ok(plan)
}

fn read_plan(path: &Path) -> anyhow::Result<FaultPlan> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| anyhow::anyhow!("The plan in {shown} cannot be read: {error}."))?;
    // A path that exists and says nonsense is as wrong as an option that does.
    let plan = FaultPlan::from_json(&text);
    Ok(plan.map_err(|wrong| Usage(format!("{shown}: {wrong}.")))?)
}

fn write_certificate(args: &SandboxArgs, sandbox: &Sandbox) -> anyhow::Result<()> {
    let (Some(path), Some(pem)) = (&args.tls_certificate, sandbox.certificate_pem()) else {
        return Ok(());
    };
    std::fs::write(path, pem).map_err(|error| {
        let shown = path.display();
        anyhow::anyhow!("The certificate cannot be written to {shown}: {error}.")
    })
}

/// How Python connects. The key of a sandbox that only this machine can reach is no secret; it is what people have to type.
fn from_python(args: &SandboxArgs, url: &str, name: &str, key: &str) -> String {
    let import = "import shotgun_api3";
    let trust = args.tls_certificate.as_ref().map(|path| {
        let path = path.display();
        format!(", ca_certs=\"{path}\"")
    });
    let trust = trust.unwrap_or_default();
    format!(
        "from Python: {import}; sg = shotgun_api3.Shotgun(\"{url}\", \"{name}\", \"{key}\"{trust})"
    )
}

/// Presets, the control endpoint, examples.
fn after_help() -> String {
    let presets = Preset::ALL.map(|preset| {
        let (name, description) = (preset.name(), preset.description());
        format!("  {name:<16} {description}\n")
    });
    let presets = presets.concat();
    format!(
        "\
Presets:
{presets}
While it runs:
  curl -H X-Callboard:sandbox http://127.0.0.1:8080/callboard/faults
  … -X PUT -d '{{\"preset\": \"flaky-vpn\"}}'    or -X DELETE, and nothing goes wrong any more
  Also there: /callboard/faults/once, expire_sessions, requests, presets, health

Examples:
  callboard sandbox --port 8080 --seed small --latency 300ms
  callboard sandbox --port 8080 --preset monday-morning --tls --tls-certificate sandbox.pem
  callboard sandbox --fixtures tests/site --data /tmp/site"
    )
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
