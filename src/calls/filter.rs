//! What to type to find calls: `find type:Shot wait:>200ms -status:200`. Pure.
//!
//! Terms stand between spaces, and all of them must hold; a leading `-` turns one into its opposite. A word is looked for in
//! the label, the thread, the asking view and the error. `key:value` looks at one thing:
//!
//! | key | value |
//! |---|---|
//! | `method`, `type`, `thread`, `view` | a part of it |
//! | `status` | `200`, a class such as `5xx`, or `failed` |
//! | `total`, `queue`, `dns`, `connect`, `tls`, `send`, `wait`, `receive`, `decode` | `>200ms`, `>=2s`, `<50`, `<=1.5s` |

use std::time::{Duration, Instant};

use super::CallRecord;
use crate::shotgun::Phase;

/// Which calls to list. The default lists all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallFilter {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Clone, Debug, PartialEq)]
enum Test {
    Word(String),
    Method(String),
    Type(String),
    Thread(String),
    View(String),
    /// From the first to the last status of a class.
    Status(u16, u16),
    Failed,
    Cancelled,
    Lane(String),
    Time(Part, Comparison, Duration),
}

/// What a comparison measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Total,
    Queue,
    Phase(Phase),
    Decode,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Over,
    AtLeast,
    Under,
    AtMost,
}

impl CallFilter {
    /// Reads what was typed. The error is a sentence for the one who typed it. A key that still lacks its value asks for
    /// nothing yet.
    pub fn parse(text: &str) -> Result<Self, String> {
        let terms = text
            .split_whitespace()
            .filter_map(|term| parse_term(term).transpose());
        Ok(Self {
            terms: terms.collect::<Result<_, _>>()?,
        })
    }

    /// Whether it lists every call.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether `call` is listed. A call in flight has lasted until `now`.
    pub fn matches(&self, call: &CallRecord, now: Instant) -> bool {
        self.terms
            .iter()
            .all(|term| term.test.holds(call, now) != term.negated)
    }
}

fn parse_term(term: &str) -> Result<Option<Term>, String> {
    let (negated, body) = term
        .strip_prefix('-')
        .map_or((false, term), |rest| (true, rest));
    if body.is_empty() {
        return Ok(None);
    }
    let test = match body.split_once(':') {
        None => Some(Test::Word(body.to_owned())),
        Some((key, value)) => parse_key(key, value)?,
    };
    Ok(test.map(|test| Term { negated, test }))
}

fn parse_key(key: &str, value: &str) -> Result<Option<Test>, String> {
    let key = key.to_ascii_lowercase();
    let text = || value.to_owned();
    let test = match key.as_str() {
        "method" => Some(Test::Method(text())),
        "type" => Some(Test::Type(text())),
        "thread" => Some(Test::Thread(text())),
        "view" => Some(Test::View(text())),
        "lane" => Some(Test::Lane(text())),
        "status" => None,
        _ => {
            let part = Part::named(&key).ok_or_else(|| unknown_key(&key))?;
            return parse_time(&key, part, value);
        }
    };
    if value.is_empty() {
        return Ok(None);
    }
    test.map_or_else(|| parse_status(value), Ok).map(Some)
}

fn unknown_key(key: &str) -> String {
    format!(
        "There is no key “{key}”: use method, type, status, thread, view, lane, or a time such as total, queue, wait or receive"
    )
}

fn parse_status(value: &str) -> Result<Test, String> {
    let value = value.to_ascii_lowercase();
    match value.as_str() {
        "failed" => return Ok(Test::Failed),
        "cancelled" => return Ok(Test::Cancelled),
        _ => {}
    }
    let class = value
        .strip_suffix("xx")
        .and_then(|class| class.parse::<u16>().ok());
    match (class, value.parse::<u16>()) {
        (Some(class @ 1..=9), _) => Ok(Test::Status(class * 100, class * 100 + 99)),
        (None, Ok(status)) => Ok(Test::Status(status, status)),
        (Some(_) | None, _) => Err(format!(
            "“status:{value}” is no status: write 200, 5xx or failed"
        )),
    }
}

fn parse_time(key: &str, part: Part, value: &str) -> Result<Option<Test>, String> {
    let (comparison, rest) = [
        (">=", Comparison::AtLeast),
        ("<=", Comparison::AtMost),
        (">", Comparison::Over),
        ("<", Comparison::Under),
        ("", Comparison::AtLeast),
    ]
    .into_iter()
    .find_map(|(sign, comparison)| Some((comparison, value.strip_prefix(sign)?)))
    .unwrap_or((Comparison::AtLeast, value));
    if rest.is_empty() {
        return Ok(None);
    }
    let time = parse_duration(rest)
        .ok_or_else(|| format!("“{key}:{value}” is no time: write {key}:>200ms or {key}:<2s"))?;
    Ok(Some(Test::Time(part, comparison, time)))
}

/// `200ms`, `2s`, `1.5s`, `2min`; a bare number is in milliseconds.
fn parse_duration(text: &str) -> Option<Duration> {
    let unit_at = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_at);
    let number: f64 = number.parse().ok()?;
    let secs = match unit.to_ascii_lowercase().as_str() {
        "" | "ms" => number / 1000.0,
        "s" => number,
        "m" | "min" => number * 60.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(secs).ok()
}

// ----------------------------------------------------------------------------

impl Part {
    fn named(key: &str) -> Option<Self> {
        match key {
            "total" => Some(Self::Total),
            "queue" => Some(Self::Queue),
            "decode" => Some(Self::Decode),
            _ => Phase::ALL
                .into_iter()
                .find(|phase| phase.name() == key)
                .map(Self::Phase),
        }
    }

    /// Absent for what did not take place; a phase counts over all exchanges.
    fn of(self, call: &CallRecord, now: Instant) -> Option<Duration> {
        match self {
            Self::Total => Some(call.total(now)),
            Self::Queue => call.queue(),
            Self::Decode => call.finished.as_ref()?.decode,
            Self::Phase(phase) => {
                let times = call
                    .exchanges
                    .iter()
                    .filter_map(|exchange| exchange.phases.get(phase));
                times.reduce(|sum, time| sum + time)
            }
        }
    }
}

impl Test {
    fn holds(&self, call: &CallRecord, now: Instant) -> bool {
        match self {
            Self::Word(word) => word_holds(call, word),
            Self::Method(part) => contains(&call.method, part),
            Self::Type(part) => call
                .entity_type
                .as_ref()
                .is_some_and(|name| contains(name, part)),
            Self::Thread(part) => contains(&call.thread, part),
            Self::View(part) => view(call).is_some_and(|view| contains(view, part)),
            Self::Status(first, last) => call
                .status()
                .is_some_and(|status| (*first..=*last).contains(&status)),
            Self::Failed => call.is_failed(),
            Self::Cancelled => call.is_cancelled(),
            Self::Lane(part) => {
                let job = call.job.as_ref();
                job.is_some_and(|job| contains(job.lane.name, part))
            }
            Self::Time(part, comparison, limit) => part
                .of(call, now)
                .is_some_and(|time| comparison.holds(time, *limit)),
        }
    }
}

impl Comparison {
    fn holds(self, time: Duration, limit: Duration) -> bool {
        match self {
            Self::Over => time > limit,
            Self::AtLeast => time >= limit,
            Self::Under => time < limit,
            Self::AtMost => time <= limit,
        }
    }
}

fn word_holds(call: &CallRecord, word: &str) -> bool {
    let error = call
        .finished
        .as_ref()
        .and_then(|finished| finished.error.as_deref());
    let texts = [
        Some(&*call.method),
        call.entity_type.as_deref(),
        Some(&*call.thread),
        view(call),
        error,
    ];
    texts.into_iter().flatten().any(|text| contains(text, word))
}

fn view(call: &CallRecord) -> Option<&str> {
    call.job.as_ref().map(|job| job.origin.view)
}

/// Without regard to the case of ASCII letters, and without allocating: it runs for thousands of calls at once.
fn contains(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    part.is_empty()
        || text
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::calls::Finished;
    use crate::shotgun::{Bytes, CallId, Captured, Exchange, Phases};

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn call(outcome: Result<u16, Arc<str>>, error: Option<&str>) -> CallRecord {
        let started = Instant::now();
        let exchange = Exchange {
            call_id: CallId(7),
            attempt: 1,
            page: None,
            started,
            phases: Phases {
                send: Some(ms(1)),
                wait: Some(ms(300)),
                receive: Some(ms(20)),
                ..Phases::default()
            },
            total: ms(321),
            connection: None,
            outcome,
            bytes: Bytes::default(),
            server_timing: None,
            request: Captured::default(),
            response: Captured::default(),
        };
        CallRecord {
            call_id: CallId(7),
            method: "find".into(),
            entity_type: Some("Shot".into()),
            job: None,
            thread: "UI thread".into(),
            started,
            exchanges: vec![Arc::new(exchange)],
            finished: Some(Finished {
                at: started + ms(340),
                decode: Some(ms(19)),
                rows: Some(500),
                error: error.map(Arc::from),
            }),
            first_of_job: true,
            last_of_job: true,
            shown: None,
        }
    }

    fn holds(filter: &str, call: &CallRecord) -> bool {
        CallFilter::parse(filter)
            .unwrap()
            .matches(call, call.started + ms(1000))
    }

    #[test]
    fn words_are_looked_for_everywhere_and_all_must_hold() {
        let call = call(Err("reset".into()), Some("The site hung up"));
        for filter in ["", "find", "FIND shot", "ui", "hung"] {
            assert!(holds(filter, &call), "{filter}");
        }
        for filter in ["find task", "update", "-shot"] {
            assert!(!holds(filter, &call), "{filter}");
        }
    }

    #[test]
    fn keys_look_at_one_thing() {
        let call = call(Ok(503), Some("The site is busy"));
        for filter in [
            "method:find",
            "type:shot",
            "status:503",
            "status:5xx",
            "status:failed",
            "thread:ui",
            "-view:x",
        ] {
            assert!(holds(filter, &call), "{filter}");
        }
        for filter in [
            "method:shot",
            "type:task",
            "status:200",
            "-status:5xx",
            "view:browse",
        ] {
            assert!(!holds(filter, &call), "{filter}");
        }
    }

    #[test]
    fn times_are_compared_and_absent_ones_never_hold() {
        let call = call(Ok(200), None);
        for filter in [
            "wait:>200ms",
            "wait:>=300",
            "total:<1s",
            "total:>0.3s",
            "receive:<=20ms",
            "decode:19",
        ] {
            assert!(holds(filter, &call), "{filter}");
        }
        for filter in [
            "wait:>300ms",
            "queue:<10s",
            "tls:>0",
            "total:>2min",
            "-send:<1s",
        ] {
            assert!(!holds(filter, &call), "{filter}");
        }
    }

    #[test]
    fn what_is_half_typed_asks_for_nothing_yet() {
        for filter in ["-", "method:", "status:", "wait:", "wait:>", "-type:"] {
            assert!(CallFilter::parse(filter).unwrap().is_empty(), "{filter}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_said_in_one_sentence() {
        let error = |filter| CallFilter::parse(filter).unwrap_err();
        assert!(error("find stat:200").contains("no key “stat”"));
        assert_eq!(
            error("status:fine"),
            "“status:fine” is no status: write 200, 5xx or failed"
        );
        assert_eq!(
            error("wait:>fast"),
            "“wait:>fast” is no time: write wait:>200ms or wait:<2s"
        );
        assert!(CallFilter::parse("total:>1e9s").is_err());
        assert!(CallFilter::parse("status:99999999").is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}", key in "(-?(total|wait|status|type|none):[<>=]{0,2})?", tail in "[0-9a-zµ. ]{0,8}") {
            let call = call(Ok(200), Some("ß"));
            for text in [text.clone(), format!("{key}{tail}"), format!("{text} {key}{text}")] {
                if let Ok(filter) = CallFilter::parse(&text) {
                    filter.matches(&call, call.started);
                }
            }
        }

        #[test]
        fn the_opposite_lists_the_others(word in "[a-zA-Z]{1,5}") {
            let call = call(Ok(200), None);
            prop_assert_ne!(holds(&word, &call), holds(&format!("-{word}"), &call));
        }
    }
}
