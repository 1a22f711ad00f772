//! Filters that no one would write by hand: they are answered, or refused, and nothing falls over.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::{condition, fault_of, group, ids, query};
use crate::sandbox::{Line, small};

/// A filter within so many groups.
fn nested(levels: usize, filter: Json) -> Json {
    (0..levels).fold(filter, |inner, level| {
        group(if level % 2 == 0 { "and" } else { "or" }, &[inner])
    })
}

#[test]
fn filters_may_be_nested_265_deep_and_not_a_thousand() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let third = condition("id", "is", &json!([3]));
    // The outermost group is that of `query`.
    assert_eq!(ids(&mut line, "Shot", &nested(264, third.clone())), [3]);
    for levels in [1000, 50_000] {
        let mut text = query("Shot", &json!("HERE")).to_string();
        // Written by hand: to drop such a value would need a deep stack.
        let open = "{\"logical_operator\":\"and\",\"conditions\":[".repeat(levels);
        text = text.replace("\"HERE\"", &format!("{open}{third}{}", "]}".repeat(levels)));
        let body = format!("{{\"method_name\":\"read\",\"params\":[{{}},{text}]}}");
        let answer = line.post(&body).unwrap();
        let answer: Json = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer["error_code"], 103, "{levels}");
        let said = answer["message"].as_str().unwrap();
        assert!(said.contains("nested deeper than"), "{said}");
    }
    assert_eq!(ids(&mut line, "Shot", &third), [3], "and it still answers");
}

#[test]
fn a_list_of_a_hundred_thousand_values_is_searched_and_not_walked() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let all = ids(&mut line, "Shot", &group("and", &[]));
    let began = Instant::now();
    let numbers: Vec<u64> = (0..100_000).map(|number| number * 2).collect();
    let even: Vec<u64> = all.iter().copied().filter(|id| id % 2 == 0).collect();
    assert_eq!(
        ids(&mut line, "Shot", &condition("id", "in", &json!(numbers))),
        even
    );
    let odd: Vec<u64> = all.iter().copied().filter(|id| id % 2 == 1).collect();
    assert_eq!(
        ids(
            &mut line,
            "Shot",
            &condition("id", "not_in", &json!(numbers))
        ),
        odd
    );
    let texts: Vec<String> = (0..100_000)
        .map(|number| format!("no such code {number}"))
        .collect();
    assert_eq!(
        ids(
            &mut line,
            "Shot",
            &condition("code", "not_in", &json!(texts))
        ),
        all
    );
    let links: Vec<Json> = (1..100_000)
        .map(|id| json!({"type": "Sequence", "id": id}))
        .collect();
    let linked = ids(
        &mut line,
        "Shot",
        &condition("sg_sequence", "is_not", &json!([null])),
    );
    assert_eq!(
        ids(
            &mut line,
            "Shot",
            &condition("sg_sequence", "in", &json!(links))
        ),
        linked
    );
    // Walked for each row, these lists would take minutes in a build for tests.
    assert!(
        began.elapsed() < Duration::from_mins(1),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn many_conditions_side_by_side_are_fine() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let conditions: Vec<Json> = (0..5000)
        .map(|id| condition("id", "is", &json!([id])))
        .collect();
    assert_eq!(ids(&mut line, "Shot", &group("or", &conditions)).len(), 40);
    assert_eq!(
        fault_of(
            &mut line,
            "read",
            &query("Shot", &group("and", &conditions))
        ),
        None
    );
}
