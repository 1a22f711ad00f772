//! `callboard summarize`.

use serde_json::{Value as Json, json};

use super::shell::{Ran, callboard, listening};

fn summarize(arguments: &[&str]) -> Ran {
    callboard(["summarize", "Shot"].iter().chain(arguments).copied()).run()
}

/// Counted by sequence and, within, by status.
const NESTED: [&str; 4] = ["--group", "sg_sequence", "--group", "sg_status_list"];

fn groups(json: &Json) -> &Vec<Json> {
    json["groups"].as_array().unwrap()
}

/// The names on the way to each innermost group, and what it counts.
fn leaves(json: &Json) -> Vec<(String, String, String)> {
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    let mut leaves = Vec::new();
    for outer in groups(json) {
        for inner in groups(outer) {
            leaves.push((
                text(&outer["group_name"]),
                text(&inner["group_name"]),
                inner["summaries"]["id"].to_string(),
            ));
        }
    }
    leaves
}

#[test]
fn without_more_it_counts() {
    let json = summarize(&["--format", "json"]).ok().json();
    let count = json["summaries"]["id"].as_u64().unwrap();
    assert_eq!(json, json!({"summaries": {"id": count}, "groups": []}));
    assert_eq!(
        summarize(&["--format", "csv"]).ok().stdout,
        format!("id:count\n{count}\n")
    );
    let table = summarize(&[]).ok();
    assert_eq!(table.stdout, format!("id:count\n{count:>8}\n"));
    assert_eq!(table.stderr, "");
}

#[test]
fn filters_hold_as_they_do_when_finding() {
    let filter = ["--filter", "sg_status_list is hld"];
    let counted = summarize(&[&filter[..], &["--format", "json"]].concat())
        .ok()
        .json();
    let found = callboard([&["find", "Shot", "--format", "json"], &filter[..]].concat())
        .run()
        .ok()
        .json();
    assert!(!found.as_array().unwrap().is_empty());
    assert_eq!(counted["summaries"]["id"], found.as_array().unwrap().len());
}

#[test]
fn json_is_nested_with_the_same_keys_at_every_depth() {
    let json = summarize(&[&NESTED[..], &["--format", "json"]].concat())
        .ok()
        .json();
    let keys = |json: &Json| {
        json.as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    let group = ["group_name", "group_value", "groups", "summaries"];
    assert_eq!(keys(&json), ["groups", "summaries"]);
    assert!(groups(&json).len() > 10, "{json}");
    for outer in groups(&json) {
        assert_eq!(keys(outer), group);
        assert!(groups(outer).iter().all(|inner| keys(inner) == group));
        let sum: u64 = groups(outer)
            .iter()
            .map(|inner| inner["summaries"]["id"].as_u64().unwrap())
            .sum();
        assert_eq!(outer["summaries"]["id"], sum);
    }
    assert_eq!(groups(&json)[0]["group_value"]["type"], "Sequence");
}

#[test]
fn csv_and_table_have_a_column_for_each_grouping_and_a_line_for_each_innermost_group() {
    let json = summarize(&[&NESTED[..], &["--format", "json"]].concat())
        .ok()
        .json();
    let csv = summarize(&[&NESTED[..], &["--format", "csv"]].concat()).ok();
    let mut lines = csv.stdout.lines();
    assert_eq!(lines.next(), Some("sg_sequence,sg_status_list,id:count"));
    let expected: Vec<String> = leaves(&json)
        .into_iter()
        .map(|(sequence, status, count)| format!("{sequence},{status},{count}"))
        .collect();
    assert_eq!(lines.collect::<Vec<_>>(), expected);
    // Only the table, which nobody adds up, ends with the total.
    let table = summarize(&NESTED).ok();
    assert_eq!(table.stdout.lines().count(), expected.len() + 2);
    let last: Vec<&str> = table
        .stdout
        .lines()
        .last()
        .unwrap()
        .split_whitespace()
        .collect();
    assert_eq!(last, ["Total", &json["summaries"]["id"].to_string()]);
}

#[test]
fn groups_come_in_the_direction_asked_for() {
    let statuses = |group| {
        let arguments = ["--group", group, "--format", "csv"];
        let csv = summarize(&arguments).ok().stdout;
        let names = csv
            .lines()
            .skip(1)
            .map(|line| line.split(',').next().unwrap());
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let up = statuses("sg_status_list");
    let mut down = statuses("sg_status_list:exact:desc");
    assert!(up.len() > 3 && up.is_sorted(), "{up:?}");
    down.reverse();
    assert_eq!(up, down);
}

#[test]
fn each_summary_has_a_column_of_its_own_in_the_order_asked_for() {
    let group = r#"{"group_name":"a, b","group_value":"ab","summaries":{"id":3,"cut":12.5,"due":"2026-05-01"}}"#;
    let empty =
        r#"{"group_name":"","group_value":null,"summaries":{"id":1,"cut":null,"due":null}}"#;
    let (url, asked) = listening(
        "application/json",
        &format!(
            r#"{{"results":{{"summaries":{{"id":4,"cut":12.5,"due":"2026-05-01"}},"groups":[{group},{empty}]}}}}"#
        ),
    );
    let ran = callboard([
        "summarize",
        "Task",
        "--field",
        "due:latest",
        "--field",
        "cut:sum",
        "--field",
        "id:count",
        "--group",
        "step:firstletter",
        "--format",
        "csv",
        "--site",
        &url,
    ])
    .with_default_script()
    .run()
    .ok();
    assert_eq!(
        ran.stdout,
        "step,due:latest,cut:sum,id:count\n\"a, b\",2026-05-01,12.5,3\n,,,1\n"
    );
    let (method, argument) = asked.recv().unwrap();
    assert_eq!(method, "summarize");
    let step = json!([{"field": "step", "type": "firstletter", "direction": "asc"}]);
    assert_eq!(argument["grouping"], step);
}

#[test]
fn timings_leave_the_results_alone() {
    let ran = summarize(&["--timings", "--format", "json"]).ok();
    assert!(ran.json()["summaries"]["id"].is_u64());
    assert!(
        ran.stderr.contains(" = connect ") && ran.stderr.contains("decode "),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_cannot_be_summarized_is_said_in_one_line() {
    for (arguments, code, part) in [
        (&["--filter", "code resembles x"][..], 2, "Write it like"),
        (
            &["--field", "id:count", "--field", "id:maximum"],
            2,
            "`id` is asked for twice",
        ),
        (&["--field", "nope:count"], 1, "nope"),
        (&["--group", "nope"], 1, "nope"),
    ] {
        summarize(arguments).failed(code, &[part]);
    }
    callboard(["summarize", "Nope"])
        .run()
        .failed(1, &["The site refused the request", "Nope"]);
}

#[test]
fn words_that_are_no_summary_or_grouping_are_wrong_usage_and_the_nearest_is_named() {
    for (arguments, part) in [
        (["--field", "id"], "write it like id:count"),
        (["--field", "id:cuont"], "Did you mean `count`"),
        (["--group", "due_date:weeks"], "Did you mean `week`?"),
        (["--group", "due_date:week:down"], "no direction"),
        (["--group", ""], "write it like due_date:week:desc"),
    ] {
        let ran = summarize(&arguments);
        ran.no_panic();
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
        assert!(ran.stderr.contains(part), "{arguments:?}: {}", ran.stderr);
    }
}
