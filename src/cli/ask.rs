//! Asking a site, and saying where the time went.

use std::sync::Arc;

use clap::Args as ClapArgs;

use super::args::SiteArgs;
use super::site;
use super::timings::Timings;
use crate::shotgun::{Client, Observer};

/// Whom to ask, and whether to say how long it took.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(super) struct AskArgs {
    /// Say on stderr where the time of each request went
    #[arg(long)]
    timings: bool,
    #[command(flatten)]
    site: SiteArgs,
}

/// Puts a question of one or more calls to the site. The timings come first, whether it is answered or not.
pub(super) fn ask<T>(
    args: &AskArgs,
    question: impl FnOnce(&Client) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let timings = args.timings.then(Arc::<Timings>::default);
    let observer = timings.clone().map(|timings| timings as Arc<dyn Observer>);
    let connected = site::connect(site::address(&args.site).as_deref(), observer)?;
    let answer = question(&connected.client);
    if let Some(timings) = timings {
        timings.print();
    }
    answer
}
