//! Plans from JSON. Whoever writes one by hand is told which key is wrong, where it stands, and what would be right.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value as Json};

use super::duration;
use super::preset::Preset;
use super::{Failure, FaultPlan, Hiccup, MethodFaults, Misbehavior, Rule, Tail, Target};

/// What a plan says about all calls.
const PLAN: [&str; 11] = [
    "preset",
    "seed",
    "latency",
    "jitter",
    "tail",
    "hiccup",
    "slow_body",
    "error_rate",
    "failures",
    "always",
    "rules",
];
const RULE: [&str; 10] = [
    "method",
    "entity_type",
    "latency",
    "jitter",
    "tail",
    "hiccup",
    "slow_body",
    "error_rate",
    "failures",
    "always",
];
const TAIL: [&str; 4] = ["share", "least", "most", "alpha"];
const HICCUP: [&str; 2] = ["every", "pause"];
const FAILURE: [&str; 2] = ["share", "ends_in"];
const RETRY_LATER: [&str; 2] = ["status", "retry_after"];
const ONCE: [&str; 3] = ["ends_in", "method", "entity_type"];

/// The JSON is no plan: where it goes wrong, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError {
    /// The path to the key, such as `rules[2].latency`; empty if it is all of it.
    pub at: String,
    /// What is wrong there.
    pub problem: String,
}

/// What one call is to end in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// Which call: the next one of these.
    pub target: Target,
    /// In what it ends.
    pub ends_in: Misbehavior,
}

type Read<T> = Result<T, PlanError>;

impl fmt::Display for PlanError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, problem } = self;
        if at.is_empty() {
            return formatter.write_str(problem);
        }
        write!(formatter, "{at}: {problem}")
    }
}

impl std::error::Error for PlanError {}

impl FaultPlan {
    /// Reads a plan. Nothing has to be there; `"preset"` begins with one of these, and all other keys go before what it
    /// says. Durations are text: `"300ms"`, `"2s"`. See [`to_json`](Self::to_json) for the whole form.
    ///
    /// ```
    /// use callboard::sandbox::FaultPlan;
    ///
    /// assert!(FaultPlan::from_json(r#"{"preset": "flaky-vpn", "seed": 7}"#).is_ok());
    /// let wrong = FaultPlan::from_json(r#"{"rules": [{"method": "read", "latencey": "2s"}]}"#).unwrap_err();
    /// assert_eq!(wrong.at, "rules[0].latencey");
    /// ```
    pub fn from_json(text: &str) -> Result<Self, PlanError> {
        plan(&parse(text)?)
    }
}

impl Once {
    /// Reads `{"ends_in": 503}`, and `"method"` and `"entity_type"` beside it.
    pub fn from_json(text: &str) -> Result<Self, PlanError> {
        let json = parse(text)?;
        let object = Object::open(String::new(), &json, &ONCE)?;
        let ends_in = object.required("ends_in", misbehavior)?;
        Ok(Self {
            target: target(&object)?,
            ends_in,
        })
    }
}

fn parse(text: &str) -> Read<Json> {
    serde_json::from_str(text).map_err(|error| PlanError {
        at: String::new(),
        problem: format!("this is not JSON: {error}"),
    })
}

fn plan(json: &Json) -> Read<FaultPlan> {
    let object = Object::open(String::new(), json, &PLAN)?;
    let preset = object.field("preset", preset)?;
    let before = preset.map(Preset::plan).unwrap_or_default();
    let own = faults(&object)?;
    Ok(FaultPlan {
        latency: own.latency.unwrap_or(before.latency),
        jitter: own.jitter.unwrap_or(before.jitter),
        tail: own.tail.or(before.tail),
        hiccup: own.hiccup.or(before.hiccup),
        slow_body: own.slow_body.or(before.slow_body),
        error_rate: own.error_rate.unwrap_or(before.error_rate),
        failures: own.failures.unwrap_or(before.failures),
        always: own.always.or(before.always),
        rules: object
            .field("rules", |at, json| list(at, json, rule))?
            .unwrap_or(before.rules),
        per_method: before.per_method,
        seed: object.field("seed", whole)?.unwrap_or(before.seed),
    })
}

fn rule(at: &str, json: &Json) -> Read<Rule> {
    let object = Object::open(at.to_owned(), json, &RULE)?;
    Ok(Rule {
        target: target(&object)?,
        faults: faults(&object)?,
    })
}

fn target(object: &Object<'_>) -> Read<Target> {
    Ok(Target {
        method: object.field("method", text)?.map(str::to_owned),
        entity_type: object.field("entity_type", text)?.map(str::to_owned),
    })
}

/// What plans and rules have in common.
fn faults(object: &Object<'_>) -> Read<MethodFaults> {
    Ok(MethodFaults {
        latency: object.field("latency", time)?,
        jitter: object.field("jitter", time)?,
        tail: object.field("tail", tail)?,
        hiccup: object.field("hiccup", hiccup)?,
        slow_body: object.field("slow_body", whole)?,
        error_rate: object.field("error_rate", share)?,
        failures: object.field("failures", |at, json| list(at, json, failure))?,
        always: object.field("always", misbehavior)?,
    })
}

fn tail(at: &str, json: &Json) -> Read<Tail> {
    let object = Object::open(at.to_owned(), json, &TAIL)?;
    let tail = Tail {
        share: object.required("share", share)?,
        least: object.required("least", time)?,
        most: object.required("most", time)?,
        alpha: object.required("alpha", |at, json| {
            let alpha = json.as_f64().filter(|alpha| *alpha > 0.0);
            alpha.ok_or_else(|| wrong(at, json, "a number above 0, such as 1.2"))
        })?,
    };
    if tail.most < tail.least {
        return Err(PlanError {
            at: format!("{at}.most"),
            problem: format!(
                "it is shorter than \"least\", {}",
                duration::write(tail.least)
            ),
        });
    }
    Ok(tail)
}

fn hiccup(at: &str, json: &Json) -> Read<Hiccup> {
    let object = Object::open(at.to_owned(), json, &HICCUP)?;
    Ok(Hiccup {
        every: object.required("every", |at, json| {
            let every = whole(at, json)?;
            u32::try_from(every).map_err(|_too_many| wrong(at, json, "a smaller number"))
        })?,
        pause: object.required("pause", time)?,
    })
}

fn failure(at: &str, json: &Json) -> Read<Failure> {
    let object = Object::open(at.to_owned(), json, &FAILURE)?;
    Ok(Failure {
        share: object.required("share", share)?,
        ends_in: object.required("ends_in", misbehavior)?,
    })
}

/// A status, a name, or a status with a time to come back.
fn misbehavior(at: &str, json: &Json) -> Read<Misbehavior> {
    match json {
        Json::Number(_) => status(at, json).map(Misbehavior::Status),
        Json::Object(_) => {
            let object = Object::open(at.to_owned(), json, &RETRY_LATER)?;
            Ok(Misbehavior::RetryLater {
                status: object.required("status", status)?,
                after: object.required("retry_after", time)?,
            })
        }
        Json::String(name) => Misbehavior::named(name).ok_or_else(|| {
            let names = Misbehavior::names();
            wrong(
                at,
                json,
                &format!("a status such as 503, or one of {names}"),
            )
        }),
        Json::Null | Json::Bool(_) | Json::Array(_) => Err(wrong(
            at,
            json,
            "503, \"reset\" or {\"status\": 429, \"retry_after\": \"2s\"}",
        )),
    }
}

fn status(at: &str, json: &Json) -> Read<u16> {
    let status = json.as_u64().and_then(|status| u16::try_from(status).ok());
    let status = status.filter(|status| (200..=599).contains(status));
    status.ok_or_else(|| wrong(at, json, "an HTTP status from 200 to 599"))
}

fn preset(at: &str, json: &Json) -> Read<Preset> {
    let preset = text(at, json)?.parse();
    preset.map_err(|unknown: super::UnknownPreset| PlanError {
        at: at.to_owned(),
        problem: unknown.to_string(),
    })
}

fn time(at: &str, json: &Json) -> Read<Duration> {
    let time = json.as_str().and_then(duration::parse);
    time.ok_or_else(|| wrong(at, json, "a duration such as \"300ms\" or \"2s\""))
}

fn share(at: &str, json: &Json) -> Read<f64> {
    let share = json.as_f64().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| wrong(at, json, "a number from 0 to 1"))
}

fn whole(at: &str, json: &Json) -> Read<u64> {
    let number = json.as_u64();
    number.ok_or_else(|| wrong(at, json, "a whole number, not below 0"))
}

fn text<'a>(at: &str, json: &'a Json) -> Read<&'a str> {
    json.as_str().ok_or_else(|| wrong(at, json, "a text"))
}

fn list<T>(at: &str, json: &Json, item: impl Fn(&str, &Json) -> Read<T>) -> Read<Vec<T>> {
    let items = json.as_array().ok_or_else(|| wrong(at, json, "a list"))?;
    let items = items.iter().enumerate();
    items
        .map(|(index, json)| item(&format!("{at}[{index}]"), json))
        .collect()
}

fn wrong(at: &str, found: &Json, expected: &str) -> PlanError {
    let mut found = found.to_string();
    if let Some((cut, _)) = found.char_indices().nth(40) {
        found.truncate(cut);
        found.push('…');
    }
    PlanError {
        at: at.to_owned(),
        problem: format!("expected {expected}, found {found}"),
    }
}

/// A JSON object whose keys are all known.
struct Object<'a> {
    at: String,
    fields: &'a Map<String, Json>,
}

impl<'a> Object<'a> {
    fn open(at: String, json: &'a Json, known: &[&str]) -> Read<Self> {
        let fields = json
            .as_object()
            .ok_or_else(|| wrong(&at, json, "an object"))?;
        let object = Self { at, fields };
        match fields.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(object),
            Some(key) => Err(PlanError {
                at: object.path(key),
                problem: format!("there is no such key here; known are {}", known.join(", ")),
            }),
        }
    }

    fn field<T>(&self, key: &str, read: impl FnOnce(&str, &'a Json) -> Read<T>) -> Read<Option<T>> {
        let value = self.fields.get(key).filter(|value| !value.is_null());
        value.map(|value| read(&self.path(key), value)).transpose()
    }

    fn required<T>(&self, key: &str, read: impl FnOnce(&str, &'a Json) -> Read<T>) -> Read<T> {
        self.field(key, read)?.ok_or_else(|| PlanError {
            at: self.path(key),
            problem: "this key is missing".to_owned(),
        })
    }

    fn path(&self, key: &str) -> String {
        if self.at.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.at)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> PlanError {
        FaultPlan::from_json(text).unwrap_err()
    }

    #[test]
    fn a_mistake_is_named_with_its_key_and_place() {
        for (text, at, says) in [
            (
                r#"{"latencey": "2s"}"#,
                "latencey",
                "known are preset, seed",
            ),
            (r#"{"latency": 300}"#, "latency", "found 300"),
            (r#"{"latency": "300"}"#, "latency", "such as \"300ms\""),
            (r#"{"error_rate": 1.5}"#, "error_rate", "from 0 to 1"),
            (r#"{"seed": -1}"#, "seed", "not below 0"),
            (r#"{"preset": "tuesday"}"#, "preset", "monday-morning"),
            (r#"{"always": "explode"}"#, "always", "black_hole"),
            (r#"{"always": 99}"#, "always", "from 200 to 599"),
            (r#"{"hiccup": {"every": 5}}"#, "hiccup.pause", "is missing"),
            (
                r#"{"tail": {"share": 0.1, "least": "2s", "most": "1s", "alpha": 1}}"#,
                "tail.most",
                "shorter than \"least\", 2s",
            ),
            (
                r#"{"rules": [{}, {"methd": "read"}]}"#,
                "rules[1].methd",
                "known are method",
            ),
            (
                r#"{"rules": [{"failures": [{"share": 0.1, "ends_in": {"status": 429}}]}]}"#,
                "rules[0].failures[0].ends_in.retry_after",
                "is missing",
            ),
            (r#"{"rules": {}}"#, "rules", "expected a list"),
            ("[]", "", "expected an object"),
            ("{,}", "", "this is not JSON"),
        ] {
            let error = error(text);
            assert_eq!(error.at, at, "{text}");
            assert!(error.to_string().contains(says), "{error} for {text}");
        }
    }

    #[test]
    fn a_long_mistake_is_not_repeated_in_full() {
        let long = "é".repeat(5_000);
        let error = error(&format!(r#"{{"latency": "{long}"}}"#));
        assert!(error.problem.len() < 200, "{error}");
    }

    #[test]
    fn what_is_said_beside_a_preset_goes_before_it() {
        let preset = Preset::FlakyVpn.plan();
        let plan = FaultPlan::from_json(r#"{"preset": "flaky-vpn", "latency": "1ms", "seed": 9}"#);
        let expected = FaultPlan {
            latency: Duration::from_millis(1),
            seed: 9,
            ..preset
        };
        assert_eq!(plan, Ok(expected));
    }

    #[test]
    fn one_call_is_named_like_a_rule() {
        let once = Once::from_json(r#"{"ends_in": "truncate", "method": "read"}"#).unwrap();
        assert_eq!(once.target, Target::method("read"));
        assert_eq!(once.ends_in, Misbehavior::Truncate);
        assert_eq!(Once::from_json("{}").unwrap_err().at, "ends_in");
    }
}
