//! Plans as JSON, in the form that is read.

use serde_json::{Map, Value as Json, json};

use super::duration::write;
use super::{Failure, FaultPlan, Hiccup, MethodFaults, Misbehavior, Rule, Tail, Target};

impl FaultPlan {
    /// The plan as JSON, without what is as in the default plan.
    ///
    /// ```json
    /// {
    ///   "seed": 7,
    ///   "latency": "80ms", "jitter": "20ms",
    ///   "tail": {"share": 0.05, "least": "500ms", "most": "20s", "alpha": 1.2},
    ///   "hiccup": {"every": 25, "pause": "2s"},
    ///   "slow_body": 65536,
    ///   "error_rate": 0.01,
    ///   "failures": [
    ///     {"share": 0.02, "ends_in": 502},
    ///     {"share": 0.01, "ends_in": {"status": 429, "retry_after": "2s"}},
    ///     {"share": 0.01, "ends_in": "reset_before"}
    ///   ],
    ///   "always": null,
    ///   "rules": [{"method": "read", "entity_type": "Version", "latency": "2s", "failures": []}]
    /// }
    /// ```
    ///
    /// The names beside the statuses are `redirect`, `html`, `invalid_json`, `truncate`, `reset_before`, `reset_midway`,
    /// `reset` (after the call was carried out), `never_answer`, `black_hole` and `expire_sessions`.
    pub fn to_json(&self) -> String {
        let mut fields = faults(&self.general());
        if self.seed != 0 {
            fields.insert("seed".to_owned(), self.seed.into());
        }
        let methods = self
            .per_method
            .iter()
            .map(|(method, faults)| rule(&Target::method(method), faults));
        let rules: Vec<Json> = self
            .rules
            .iter()
            .map(|Rule { target, faults }| rule(target, faults))
            .chain(methods)
            .collect();
        if !rules.is_empty() {
            fields.insert("rules".to_owned(), rules.into());
        }
        format!("{:#}", Json::Object(fields))
    }

    /// What holds for all calls, as if it were a rule; nothing where it is as in the default plan.
    fn general(&self) -> MethodFaults {
        let unless = |is_default: bool| move |_: &_| !is_default;
        MethodFaults {
            latency: Some(self.latency).filter(|latency| !latency.is_zero()),
            jitter: Some(self.jitter).filter(|jitter| !jitter.is_zero()),
            tail: self.tail,
            hiccup: self.hiccup,
            slow_body: self.slow_body,
            error_rate: Some(self.error_rate).filter(unless(self.error_rate == 0.0)),
            failures: Some(self.failures.clone()).filter(|failures| !failures.is_empty()),
            always: self.always,
        }
    }
}

fn rule(target: &Target, own: &MethodFaults) -> Json {
    let Target {
        method,
        entity_type,
    } = target;
    let mut fields = faults(own);
    for (key, name) in [("method", method), ("entity_type", entity_type)] {
        if let Some(name) = name {
            fields.insert(key.to_owned(), name.as_str().into());
        }
    }
    Json::Object(fields)
}

fn faults(faults: &MethodFaults) -> Map<String, Json> {
    let MethodFaults {
        latency,
        jitter,
        tail,
        hiccup,
        slow_body,
        error_rate,
        failures,
        always,
    } = faults;
    let failures = failures
        .as_ref()
        .map(|failures| failures.iter().map(failure).collect());
    let fields = [
        ("latency", latency.map(|latency| write(latency).into())),
        ("jitter", jitter.map(|jitter| write(jitter).into())),
        ("tail", tail.map(tail_json)),
        ("hiccup", hiccup.map(hiccup_json)),
        ("slow_body", slow_body.map(Json::from)),
        ("error_rate", error_rate.map(Json::from)),
        ("failures", failures.map(Json::Array)),
        ("always", always.map(misbehavior)),
    ];
    let said = fields
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)));
    said.collect()
}

fn tail_json(tail: Tail) -> Json {
    let Tail {
        share,
        least,
        most,
        alpha,
    } = tail;
    json!({"share": share, "least": write(least), "most": write(most), "alpha": alpha})
}

fn hiccup_json(hiccup: Hiccup) -> Json {
    json!({"every": hiccup.every, "pause": write(hiccup.pause)})
}

fn failure(failure: &Failure) -> Json {
    json!({"share": failure.share, "ends_in": misbehavior(failure.ends_in)})
}

fn misbehavior(misbehavior: Misbehavior) -> Json {
    match (misbehavior, misbehavior.name()) {
        (Misbehavior::Status(status), _) => status.into(),
        (Misbehavior::RetryLater { status, after }, _) => {
            json!({"status": status, "retry_after": write(after)})
        }
        (_, name) => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use super::super::Preset;
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let own = MethodFaults {
            latency: Some(Duration::from_micros(1_500)),
            jitter: Some(Duration::ZERO),
            hiccup: Some(Hiccup {
                every: 0,
                pause: Duration::from_secs(1),
            }),
            slow_body: Some(0),
            error_rate: Some(0.0),
            failures: Some(Vec::new()),
            always: Some(Misbehavior::BlackHole),
            ..MethodFaults::default()
        };
        let plan = FaultPlan {
            always: Some(Misbehavior::Status(503)),
            error_rate: 0.1,
            rules: vec![Rule {
                target: Target::method("read").and_entity_type("Shot"),
                faults: own,
            }],
            ..Preset::FlakyVpn.plan()
        };
        assert_eq!(FaultPlan::from_json(&plan.to_json()), Ok(plan));
        for preset in Preset::ALL {
            let plan = preset.plan();
            assert_eq!(FaultPlan::from_json(&plan.to_json()), Ok(plan), "{preset}");
        }
        assert_eq!(FaultPlan::default().to_json(), "{}");
    }

    #[test]
    fn every_way_to_end_badly_has_a_form_that_is_read_back() {
        let after = Duration::from_millis(2_500);
        let others = [
            Misbehavior::Status(504),
            Misbehavior::RetryLater { status: 429, after },
        ];
        let named = super::super::misbehavior::NAMED.map(|(_, named)| named);
        for ends_in in named.into_iter().chain(others) {
            let failures = vec![Failure {
                share: 0.5,
                ends_in,
            }];
            let plan = FaultPlan {
                failures,
                always: Some(ends_in),
                ..FaultPlan::default()
            };
            let json = plan.to_json();
            assert_eq!(FaultPlan::from_json(&json), Ok(plan), "{json}");
        }
    }

    #[test]
    fn single_methods_become_the_last_rules() {
        let own = MethodFaults {
            always: Some(Misbehavior::Reset),
            ..MethodFaults::default()
        };
        let plan = FaultPlan {
            per_method: BTreeMap::from([("read".to_owned(), own.clone())]),
            rules: vec![Rule::default()],
            ..FaultPlan::default()
        };
        let read = FaultPlan::from_json(&plan.to_json()).unwrap();
        assert_eq!(read.rules.len(), 2);
        assert_eq!(read.rules[1].target, Target::method("read"));
        assert_eq!(read.rules[1].faults, own);
    }
}
