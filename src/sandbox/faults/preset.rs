//! Plans named after incidents that people know.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{Failure, FaultPlan, Hiccup, MethodFaults, Misbehavior, Rule, Tail, Target};

const MS: Duration = Duration::from_millis(1);
const S: Duration = Duration::from_secs(1);

/// An incident to rehearse.
///
/// ```
/// use callboard::sandbox::{Preset, Sandbox};
///
/// let sandbox = Sandbox::start()?;
/// sandbox.faults().set("flaky-vpn".parse::<Preset>()?.plan());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Everybody logs in at once: all is slow, the large tables most of all, and nothing fails.
    MondayMorning,
    /// More calls than the site can take: half-minute answers, and some that the load balancer gives.
    OverloadedSite,
    /// The tables are well, and files are not.
    StorageOutage,
    /// A line that is far, narrow, and lost now and then.
    FlakyVpn,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::MondayMorning,
        Self::OverloadedSite,
        Self::StorageOutage,
        Self::FlakyVpn,
    ];

    /// What it is called on a command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::MondayMorning => "monday-morning",
            Self::OverloadedSite => "overloaded-site",
            Self::StorageOutage => "storage-outage",
            Self::FlakyVpn => "flaky-vpn",
        }
    }

    /// What it is called in a window.
    pub fn title(self) -> &'static str {
        match self {
            Self::MondayMorning => "Monday morning",
            Self::OverloadedSite => "Overloaded site",
            Self::StorageOutage => "Storage outage",
            Self::FlakyVpn => "Flaky VPN",
        }
    }

    /// What to expect, in one line.
    pub fn description(self) -> &'static str {
        match self {
            Self::MondayMorning => {
                "everybody logs in at once: slow, large tables slower, no errors"
            }
            Self::OverloadedSite => "seconds per call, a long tail, 502, 503 and 504 now and then",
            Self::StorageOutage => {
                "tables work; uploads, downloads and pictures fail, crawl or hang"
            }
            Self::FlakyVpn => "far and narrow, resets and cut answers, a pause at every 40th call",
        }
    }

    /// What goes wrong.
    pub fn plan(self) -> FaultPlan {
        match self {
            Self::MondayMorning => monday_morning(),
            Self::OverloadedSite => overloaded_site(),
            Self::StorageOutage => storage_outage(),
            Self::FlakyVpn => flaky_vpn(),
        }
    }
}

/// A site that answers in some 80 ms on other days takes three times as long while all of a studio opens its tools. Only
/// waits: whatever does not freeze here does not freeze in daily work.
fn monday_morning() -> FaultPlan {
    // Versions and tasks are the tables that grow fastest, and that everybody opens first.
    let large = |entity_type: &str| Rule {
        target: Target::method("read").and_entity_type(entity_type),
        faults: MethodFaults {
            latency: Some(900 * MS),
            jitter: Some(400 * MS),
            ..MethodFaults::default()
        },
    };
    // Whoever was away for longer than a day has to log in, and the directory of people has a queue of its own.
    let login = Rule {
        target: Target::method("get_session_token"),
        faults: MethodFaults {
            latency: Some(2 * S),
            ..MethodFaults::default()
        },
    };
    FaultPlan {
        latency: 250 * MS,
        jitter: 100 * MS,
        // One call in ten waits behind somebody's large page. With alpha 1.2 half of those take less than 1.7 s.
        tail: Some(Tail {
            share: 0.1,
            least: S,
            most: 8 * S,
            alpha: 1.2,
        }),
        rules: vec![large("Version"), large("Task"), login],
        ..FaultPlan::default()
    }
}

/// Made so that about one call in twenty takes longer than 8 s, which is what people report on bad afternoons.
fn overloaded_site() -> FaultPlan {
    FaultPlan {
        latency: 1_500 * MS,
        jitter: 700 * MS,
        // A fifth of the calls: of those nearly a quarter waits 6.5 s or more on top.
        tail: Some(Tail {
            share: 0.2,
            least: 2 * S,
            most: 28 * S,
            alpha: 1.1,
        }),
        failures: vec![
            // The load balancer's own: these two are what shotgun_api3 asks again after.
            failure(0.03, Misbehavior::Status(502)),
            failure(0.02, Misbehavior::Status(504)),
            // The site's: "down for maintenance or too busy", and asked for too often by one address.
            failure(0.04, retry_later(503, 5 * S)),
            failure(0.01, retry_later(429, 2 * S)),
        ],
        ..FaultPlan::default()
    }
}

/// The names are those of requests that carry files; all else is left alone.
fn storage_outage() -> FaultPlan {
    let files = |method: &str, faults: MethodFaults| Rule {
        target: Target::method(method),
        faults,
    };
    // Storage sheds load by 503, which clients try three times; what gets through may still never end.
    let sheds = MethodFaults {
        latency: Some(400 * MS),
        failures: Some(vec![
            failure(0.6, retry_later(503, S)),
            failure(0.1, Misbehavior::Truncate),
            failure(0.1, Misbehavior::NeverAnswer),
        ]),
        ..MethodFaults::default()
    };
    // 16 KiB/s: a picture takes a second, a movie all day.
    let crawls = MethodFaults {
        slow_body: Some(16 * 1024),
        ..sheds.clone()
    };
    let fails = MethodFaults {
        always: Some(Misbehavior::Status(500)),
        ..MethodFaults::default()
    };
    FaultPlan {
        rules: vec![
            files("storage", sheds),
            files("download", crawls.clone()),
            files("thumbnail", crawls),
            files("upload_file", fails.clone()),
            files("publish_thumbnail", fails),
        ],
        ..FaultPlan::default()
    }
}

/// A home line, through a tunnel, to a site on another continent.
fn flaky_vpn() -> FaultPlan {
    FaultPlan {
        // 180 ms is a round trip across an ocean, and the way around through the office.
        latency: 180 * MS,
        jitter: 60 * MS,
        // 2 Mbit/s.
        slow_body: Some(250_000),
        // The tunnel negotiates new keys, or the radio link is lost and found.
        hiccup: Some(Hiccup {
            every: 40,
            pause: 4 * S,
        }),
        // 3 % in total: one page of 25 calls in two meets one. Each way of being cut off leaves another riddle: nothing
        // was done, an answer is half there, or a call was carried out and nobody was told.
        failures: vec![
            failure(0.01, Misbehavior::ResetBefore),
            failure(0.005, Misbehavior::ResetMidway),
            failure(0.005, Misbehavior::Reset),
            failure(0.005, Misbehavior::Truncate),
            // A firewall that forgot the connection drops packets, and tells nobody.
            failure(0.005, Misbehavior::BlackHole),
        ],
        ..FaultPlan::default()
    }
}

fn failure(share: f64, ends_in: Misbehavior) -> Failure {
    Failure { share, ends_in }
}

fn retry_later(status: u16, after: Duration) -> Misbehavior {
    Misbehavior::RetryLater { status, after }
}

impl fmt::Display for Preset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// The name is not that of a [`Preset`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPreset(String);

impl fmt::Display for UnknownPreset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Preset::ALL.map(Preset::name).join(", ");
        write!(
            formatter,
            "unknown preset '{}': choose one of {known}",
            self.0
        )
    }
}

impl std::error::Error for UnknownPreset {}

impl FromStr for Preset {
    type Err = UnknownPreset;

    fn from_str(name: &str) -> Result<Self, UnknownPreset> {
        let preset = Self::ALL.into_iter().find(|preset| preset.name() == name);
        preset.ok_or_else(|| UnknownPreset(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Faults;
    use super::super::verdict::{Call, Verdict};
    use super::*;

    fn verdicts(preset: Preset, call: &Call<'_>) -> Vec<Verdict> {
        let faults = Faults::new(preset.plan());
        (0..4_000).map(|_| faults.verdict(call)).collect()
    }

    fn share(verdicts: &[Verdict], holds: impl Fn(&Verdict) -> bool) -> f64 {
        verdicts.iter().filter(|verdict| holds(verdict)).count() as f64 / verdicts.len() as f64
    }

    #[test]
    fn a_preset_is_read_back_from_its_name() {
        for preset in Preset::ALL {
            assert_eq!(preset.name().parse(), Ok(preset));
            assert!(preset.description().len() <= 70, "one line of help");
        }
        assert!("Flaky VPN".parse::<Preset>().is_err());
    }

    #[test]
    fn monday_is_slow_and_nothing_fails() {
        for call in [Call::of("read"), Call::about("read", "Version")] {
            let verdicts = verdicts(Preset::MondayMorning, &call);
            assert!(verdicts.iter().all(|verdict| verdict.misbehavior.is_none()));
            assert!(verdicts.iter().all(|verdict| verdict.wait >= 150 * MS));
        }
        let versions = verdicts(Preset::MondayMorning, &Call::about("read", "Version"));
        assert!(versions.iter().all(|verdict| verdict.wait >= 500 * MS));
    }

    #[test]
    fn on_an_overloaded_site_one_call_in_twenty_takes_longer_than_eight_seconds() {
        let verdicts = verdicts(Preset::OverloadedSite, &Call::of("read"));
        let long = share(&verdicts, |verdict| verdict.wait > 8 * S);
        assert!((0.03..0.07).contains(&long), "{long}");
        let failed = share(&verdicts, |verdict| verdict.misbehavior.is_some());
        assert!((0.08..0.12).contains(&failed), "{failed}");
    }

    #[test]
    fn a_storage_outage_leaves_tables_alone() {
        let reads = verdicts(Preset::StorageOutage, &Call::about("read", "Shot"));
        assert!(reads.iter().all(|verdict| *verdict == Verdict::default()));
        for method in ["storage", "download", "thumbnail", "upload_file"] {
            let files = verdicts(Preset::StorageOutage, &Call::of(method));
            assert!(share(&files, |verdict| verdict.misbehavior.is_some()) > 0.7);
        }
    }
}
