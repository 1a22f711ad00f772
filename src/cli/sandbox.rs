//! `callboard sandbox`: serves the sandbox for other programs.

use std::io;
use std::sync::Arc;

use super::args::{Account, SandboxArgs};
use super::output::{self, Usage};
use crate::sandbox::{
    FaultPlan, FileOptions, Hiccup, LoginOptions, Options, RequestLine, SCRIPT_KEY, SCRIPT_NAME,
    Sandbox,
};

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
        seed: args.seed,
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
