//! How a sandbox is set up.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::{Date, date};

use super::auth::LoginOptions;
use super::faults::FaultPlan;
use super::files::FileOptions;
use super::log::RequestLine;

/// The name of the script that every sandbox knows unless told otherwise.
pub const SCRIPT_NAME: &str = "callboard";
/// The key of that script.
pub const SCRIPT_KEY: &str = "sandbox";
/// The day that the studio's dates lie around.
pub const TODAY: Date = date(2026, 11, 24);
/// More connections than this close the one that has been idle longest.
const MOST_CONNECTIONS: usize = 256;

/// Called with every request, from the thread that answers it, just before the answer goes out.
pub type LogHook = Arc<dyn Fn(&RequestLine) + Send + Sync>;

/// What a sandbox starts with.
///
/// ```
/// use callboard::sandbox::{Options, Sandbox, Seed};
///
/// let options = Options { seed: Seed::Small, users: vec![("mira".into(), "secret".into())], ..Options::default() };
/// let sandbox = Sandbox::with(options)?;
/// assert!(sandbox.url().starts_with("http://127.0.0.1:"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct Options {
    /// Where to listen on 127.0.0.1; 0 picks a free port.
    pub port: u16,
    /// Names and keys of scripts.
    pub scripts: Vec<(String, String)>,
    /// Logins and passwords of people.
    pub users: Vec<(String, String)>,
    /// How people log in.
    pub logins: LoginOptions,
    /// Which way files take.
    pub files: FileOptions,
    /// What there is at the start.
    pub seed: Seed,
    /// Where the site is kept between starts. A folder that has one already is what there is at the start, whatever the seed.
    pub data: Option<PathBuf>,
    /// A folder of JSON that takes the place of the seed, as [`export`](super::export) writes it.
    pub fixtures: Option<PathBuf>,
    /// How slow and how broken to be.
    pub faults: FaultPlan,
    /// The day the seed's dates lie around, and the site's clock starts on.
    pub today: Date,
    /// How many connections may be open at once.
    pub max_connections: usize,
    /// Whether to serve https, by a certificate for 127.0.0.1 and localhost that is made at the start and signed by
    /// itself: see [`Sandbox::certificate_pem`](super::Sandbox::certificate_pem).
    pub tls: bool,
    /// Told of every request.
    pub log: Option<LogHook>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            scripts: vec![(SCRIPT_NAME.to_owned(), SCRIPT_KEY.to_owned())],
            users: Vec::new(),
            logins: LoginOptions::default(),
            files: FileOptions::default(),
            seed: Seed::default(),
            data: None,
            fixtures: None,
            faults: FaultPlan::default(),
            today: TODAY,
            max_connections: MOST_CONNECTIONS,
            tls: false,
            log: None,
        }
    }
}

impl fmt::Debug for Options {
    // Secrets stay out of it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            port,
            scripts,
            users,
            logins,
            files,
            seed,
            data,
            fixtures,
            faults,
            today,
            max_connections,
            tls,
            log,
        } = self;
        formatter
            .debug_struct("Options")
            .field("port", port)
            .field("scripts", &scripts.len())
            .field("users", &users.len())
            .field("logins", logins)
            .field("files", files)
            .field("seed", seed)
            .field("data", data)
            .field("fixtures", fixtures)
            .field("faults", faults)
            .field("today", today)
            .field("max_connections", max_connections)
            .field("tls", tls)
            .field("log", &log.is_some())
            .finish()
    }
}

/// What a sandbox holds when it starts. The same on every start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seed {
    /// No projects, no people: only what every site has, such as statuses and pipeline steps.
    Empty,
    /// One project with 40 shots, for tests.
    Small,
    /// Twelve projects, the first of them, Polar Night, with 3,000 shots.
    #[default]
    Studio,
    /// The studio and eight more projects of the size of Polar Night: more than 100,000 tasks.
    Large,
}

impl Seed {
    /// All of them, with the names they are written by.
    pub const ALL: [(&'static str, Self); 4] = [
        ("empty", Self::Empty),
        ("small", Self::Small),
        ("studio", Self::Studio),
        ("large", Self::Large),
    ];
}

impl fmt::Display for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL
            .iter()
            .find_map(|(name, seed)| (seed == self).then_some(*name));
        formatter.pad(name.unwrap_or_default())
    }
}

/// The name is not that of a [`Seed`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownSeed(String);

impl fmt::Display for UnknownSeed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "unknown seed '{}': choose empty, small, studio or large",
            self.0
        )
    }
}

impl std::error::Error for UnknownSeed {}

impl FromStr for Seed {
    type Err = UnknownSeed;

    fn from_str(name: &str) -> Result<Self, UnknownSeed> {
        let seed = Self::ALL
            .iter()
            .find_map(|(known, seed)| (*known == name).then_some(*seed));
        seed.ok_or_else(|| UnknownSeed(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_read_back_from_its_name() {
        for (name, seed) in Seed::ALL {
            assert_eq!(name.parse(), Ok(seed));
            assert_eq!(seed.to_string(), name);
        }
        assert!("Studio ".parse::<Seed>().is_err());
    }

    #[test]
    fn debug_output_shows_no_secrets() {
        let options = Options {
            users: vec![("mira".to_owned(), "hunter2".to_owned())],
            logins: LoginOptions {
                one_time_codes: vec![("mira".to_owned(), "hunter2".to_owned())],
                ..LoginOptions::default()
            },
            ..Options::default()
        };
        let shown = format!("{options:?}");
        assert!(
            !shown.contains("hunter2") && !shown.contains(SCRIPT_KEY),
            "{shown}"
        );
    }
}
