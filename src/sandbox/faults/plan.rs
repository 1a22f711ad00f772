//! What goes wrong, how often, and for which calls.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Misbehavior;

/// What goes wrong, and how often. The default is a site where nothing does.
///
/// ```
/// use callboard::sandbox::{FaultPlan, MethodFaults, Rule, Target};
/// use std::time::Duration;
///
/// let slow = MethodFaults { latency: Some(Duration::from_secs(2)), ..MethodFaults::default() };
/// let plan = FaultPlan {
///     latency: Duration::from_millis(80),
///     rules: vec![Rule { target: Target::method("read").and_entity_type("Version"), faults: slow }],
///     ..FaultPlan::default()
/// };
/// let same = r#"{"latency": "80ms", "rules": [{"method": "read", "entity_type": "Version", "latency": "2s"}]}"#;
/// assert_eq!(FaultPlan::from_json(same), Ok(plan));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaultPlan {
    /// How long every call waits before it is answered.
    pub latency: Duration,
    /// How much longer or shorter than [`latency`](Self::latency) a wait may be, evenly spread.
    pub jitter: Duration,
    /// Some calls take far longer than the others.
    pub tail: Option<Tail>,
    /// A longer pause now and then, on top of the latency.
    pub hiccup: Option<Hiccup>,
    /// How many bytes of an answer's body go out per second; nothing or 0 for as fast as it goes.
    pub slow_body: Option<u64>,
    /// The share of calls, from 0 to 1, that end in HTTP 500 or 503.
    pub error_rate: f64,
    /// Shares of calls that end badly in other ways. All shares, [`error_rate`](Self::error_rate) included, add up: of
    /// what is beyond 1, the last ones never happen.
    pub failures: Vec<Failure>,
    /// What every call ends in.
    pub always: Option<Misbehavior>,
    /// Exceptions for some calls.
    pub rules: Vec<Rule>,
    /// Exceptions for single methods, by their name on the wire (`read`, `batch`, …), or `thumbnail` for pictures. The
    /// same as rules that stand last and name nothing but a method.
    pub per_method: BTreeMap<String, MethodFaults>,
    /// Makes chance repeat itself.
    pub seed: u64,
}

/// Every n-th call takes a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hiccup {
    /// Which calls: 10 means the tenth, the twentieth and so on; 0 means none.
    pub every: u32,
    /// How long they wait in addition to the latency.
    pub pause: Duration,
}

/// A heavy tail: a few calls wait longer still, most of them not by much, and some by a lot.
///
/// The additional wait has the bounded Pareto distribution: of two waits, one twice as long as the other, the longer one
/// is about 2^`alpha` times rarer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    /// The share of calls, from 0 to 1, that this happens to.
    pub share: f64,
    /// The shortest additional wait.
    pub least: Duration,
    /// The longest.
    pub most: Duration,
    /// How steep it falls off. Near 1 the tail is heavy; with 3 hardly anything waits much longer than the shortest.
    pub alpha: f64,
}

/// A share of calls that ends badly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failure {
    /// How many calls, from 0 to 1.
    pub share: f64,
    /// In what they end.
    pub ends_in: Misbehavior,
}

/// Which calls are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Only this method, by its name on the wire: `read`, `batch`, …, `thumbnail` for pictures, `download`, `storage` and
    /// `upload_file` (and their like) for files.
    pub method: Option<String>,
    /// Only calls about this entity type. A `batch` is about the types of all its requests; files are about none. Pictures
    /// are about their row's type, but only meant if the method is `thumbnail`.
    pub entity_type: Option<String>,
}

/// What differs for some calls.
///
/// A rule with method and entity type goes before one with a method alone, that one before one with an entity type alone,
/// and that one before one without either; of two that are equally specific the later one wins. This is decided for each
/// field by itself: what a rule says nothing about, the next one may.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// Which calls.
    pub target: Target,
    /// What differs.
    pub faults: MethodFaults,
}

/// What differs for some calls; nothing means as for all the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MethodFaults {
    /// Instead of the plan's latency.
    pub latency: Option<Duration>,
    /// Instead of the plan's jitter.
    pub jitter: Option<Duration>,
    /// Instead of the plan's tail. One with a share of 0 is none.
    pub tail: Option<Tail>,
    /// Instead of the plan's hiccup. It counts the calls that it holds for.
    pub hiccup: Option<Hiccup>,
    /// Instead of the plan's bytes per second.
    pub slow_body: Option<u64>,
    /// Instead of the plan's error rate.
    pub error_rate: Option<f64>,
    /// Instead of the plan's failures. An empty list is none.
    pub failures: Option<Vec<Failure>>,
    /// Instead of what every call ends in.
    pub always: Option<Misbehavior>,
}

impl Target {
    /// Calls of one method.
    pub fn method(method: impl Into<String>) -> Self {
        Self {
            method: Some(method.into()),
            entity_type: None,
        }
    }

    /// Calls about one entity type.
    pub fn entity_type(entity_type: impl Into<String>) -> Self {
        Self::default().and_entity_type(entity_type)
    }

    /// Of these, the calls about one entity type.
    #[must_use]
    pub fn and_entity_type(self, entity_type: impl Into<String>) -> Self {
        Self {
            entity_type: Some(entity_type.into()),
            ..self
        }
    }
}
