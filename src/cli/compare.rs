//! `callboard compare`: the comparison without a window.

use std::sync::Arc;
use std::time::Duration;

use clap::Args as ClapArgs;

use super::args::{RecordArgs, SiteArgs};
use super::output::{self, Usage};
use super::record;
use super::site::{self, Connected};
use super::values::{duration, hiccup};
use crate::calls::{Figures, Recorder};
use crate::compare::{Report, Run, SideReport, Verdict, Workload, headless};
use crate::offload::Executor;
use crate::sandbox::{FaultPlan, Hiccup};

#[derive(Clone, Debug, ClapArgs)]
#[command(after_help = "\
Example:
  callboard compare --calls 10 --latency 500ms --hiccup 5:2s")]
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

pub(super) fn run(args: &CompareArgs) -> anyhow::Result<()> {
    record::check(args.record.record.as_deref())?;
    let recorder = Arc::new(Recorder::default());
    let connected = connect(args, &recorder)?;
    let wanted = Workload::shots(args.calls as usize, args.rows as usize);
    let workload = wanted.capped(expected_per_call(args, &connected)?);
    let (sync, offloaded) = both(args, &connected, &workload, &recorder)?;
    let report = Report {
        site: connected.client.site().to_string(),
        calls: workload.calls,
        calls_wanted: wanted.calls,
        sync: Some(sync.figures.clone()),
        offloaded: Some(offloaded.figures.clone()),
    };
    if let Some(path) = &args.record.record {
        record::write(path, &recorder, &report)?;
    }
    if args.json {
        output::line(serde_json::to_string_pretty(&report)?)?;
    } else {
        table(&report, &sync, &offloaded)?;
    }
    match sync.first_error().or(offloaded.first_error()) {
        Some(error) => Err(anyhow::anyhow!(
            "Not every call was answered: {error}. Try again, or look at each call with --record FILE."
        )),
        None => Ok(()),
    }
}

fn connect(args: &CompareArgs, recorder: &Arc<Recorder>) -> anyhow::Result<Connected> {
    let address = site::address(&args.site.clone());
    let connected = site::connect(address.as_deref(), Some(Arc::clone(recorder) as Arc<_>))?;
    if args.site.site.is_none() && !connected.client.site().is_loopback() {
        let text =
            "The comparison makes many calls: name a site that is not on this machine with --site.";
        return Err(Usage(text.to_owned()).into());
    }
    Ok(connected)
}

/// In the sandbox a call takes what it is told to take; elsewhere the first answer tells.
fn expected_per_call(args: &CompareArgs, connected: &Connected) -> anyhow::Result<Duration> {
    if connected.sandbox.is_none() {
        let began = std::time::Instant::now();
        connected.client.info()?;
        return Ok(began.elapsed());
    }
    let hiccup = args
        .hiccup
        .map_or(Duration::ZERO, |(every, pause)| pause / every);
    Ok(args.latency + hiccup)
}

fn both(
    args: &CompareArgs,
    connected: &Connected,
    workload: &Workload,
    recorder: &Recorder,
) -> anyhow::Result<(SideReport, SideReport)> {
    let Connected { client, sandbox } = connected;
    let hiccup = args.hiccup.map(|(every, pause)| Hiccup { every, pause });
    // Set before each side: both meet the same troubles, counted from the start.
    let trouble = || {
        if let Some(sandbox) = sandbox {
            sandbox.faults().set(FaultPlan {
                latency: args.latency,
                hiccup,
                ..FaultPlan::default()
            });
        }
    };
    let executor = Executor::new(|| {})?;
    trouble();
    let sync = headless(Run::blocking(client, workload, || {})?, recorder);
    trouble();
    let offloaded = headless(
        Run::offloaded(client, &executor, workload, || {})?,
        recorder,
    );
    Ok((sync, offloaded))
}

fn table(report: &Report, sync: &SideReport, offloaded: &SideReport) -> anyhow::Result<()> {
    output::line(format!("{} × find Shot on {}", report.calls, report.site))?;
    if report.calls < report.calls_wanted {
        let reason = "more would freeze the synchronous side for over 20 s";
        output::line(format!("{} were wanted: {reason}.", report.calls_wanted))?;
    }
    output::line(format!("\n{:<24}{:>14}{:>14}", "", "sync", "offloaded"))?;
    for (name, value) in ROWS {
        output::line(format!(
            "{name:<24}{:>14}{:>14}",
            value(&sync.figures),
            value(&offloaded.figures)
        ))?;
    }
    output::line(format!("\n{}", Verdict::of(sync, offloaded)))?;
    Ok(())
}

type Row = (&'static str, fn(&Figures) -> String);

/// The figures in the order of the Compare page.
const ROWS: [Row; 13] = [
    ("Longest freeze", |figures| {
        ms(Some(figures.longest_freeze_ms))
    }),
    ("Total blocking time", |figures| {
        ms(Some(figures.total_blocking_ms))
    }),
    ("Worst interaction", |figures| {
        ms(figures.worst_interaction_ms)
    }),
    ("Frames", |figures| figures.frames.to_string()),
    ("Frames over 50 ms", |figures| {
        figures.frames_over_50ms.to_string()
    }),
    ("Frames over 16.7 ms", |figures| {
        figures.frames_over_16_7ms.to_string()
    }),
    ("1 % low", |figures| {
        figures
            .one_percent_low_fps
            .map_or_else(absent, |fps| format!("{fps:.1} fps"))
    }),
    ("First row", |figures| ms(figures.first_row_ms)),
    ("All rows", |figures| ms(figures.all_rows_ms)),
    ("Wall time", |figures| ms(Some(figures.wall_ms))),
    ("Calls per second", |figures| {
        format!("{:.1}", figures.calls_per_s)
    }),
    ("Peak in flight", |figures| {
        figures.peak_in_flight.to_string()
    }),
    ("Errors", |figures| figures.errors.to_string()),
];

fn ms(millis: Option<f64>) -> String {
    millis.map_or_else(absent, |millis| format!("{millis:.1} ms"))
}

/// What was not measured is not zero.
fn absent() -> String {
    "–".to_owned()
}
