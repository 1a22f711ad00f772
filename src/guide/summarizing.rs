//! Questions whose answers are numbers: the site adds up, and only the sums travel.
//!
//! ```
//! # use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
//! # use callboard::shotgun::Client;
//! # let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
//! # let sg = Client::builder(&sandbox.url()).script(SCRIPT_NAME, SCRIPT_KEY).build()?;
//! use callboard::shotgun::Grouping;
//!
//! assert_eq!(sg.count("Shot", &[])?, 40);
//!
//! let summary = sg.summarize("Shot", &[], &[("id", "count")], &[Grouping::exact("sg_status_list")])?;
//! for group in &summary.groups {
//!     println!("{:>4} {}", group.summaries["id"], group.name);
//! }
//! # let all: i64 = summary.groups.iter().filter_map(|group| group.summaries["id"].as_i64()).sum();
//! # assert_eq!(all, 40);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The summaries and the groupings are those of the site: `count`, `sum`, `average`, `minimum`, `earliest`, `percentage`…, and
//! `exact`, `day`, `month`, `firstletter`, `tens`…
