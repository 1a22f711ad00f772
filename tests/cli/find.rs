//! `callboard find`.

use callboard::sandbox::{MethodFaults, Misbehavior, Options};
use serde_json::Value as Json;

use super::shell::{callboard, saying, site};

/// The example of the manual, with its first argument last.
fn example<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec![
        "find",
        "Shot",
        "--filter",
        "sg_status_list is ip",
        "--fields",
        "code,sg_sequence.Sequence.code",
        "--order",
        "-code",
        "--limit",
        "5",
    ];
    arguments.extend(more);
    arguments
}

/// Type, id and the two fields of each row, as text.
fn rows_of(json: &Json) -> Vec<[String; 4]> {
    let text = |value: &Json| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    json.as_array()
        .unwrap()
        .iter()
        .map(|row| {
            ["type", "id", "code", "sg_sequence.Sequence.code"].map(|field| text(&row[field]))
        })
        .collect()
}

#[test]
fn json_is_an_array_of_the_rows_asked_for() {
    let ran = callboard(example(&["--format", "json"])).run().ok();
    assert_eq!(ran.stderr, "");
    let rows = rows_of(&ran.json());
    assert_eq!(rows.len(), 5);
    assert!(
        rows.iter()
            .all(|[kind, id, ..]| kind == "Shot" && id.parse::<u32>().is_ok())
    );
    let codes: Vec<&String> = rows.iter().map(|[_, _, code, _]| code).collect();
    assert!(codes.is_sorted_by(|a, b| a >= b), "{codes:?}");
    assert!(
        rows.iter()
            .all(|[.., sequence]| sequence.len() > 1 && sequence != "null"),
        "{rows:?}"
    );
}

#[test]
fn all_filters_must_hold() {
    let more = [
        "--filter",
        "sg_cut_in greater_than 0",
        "--fields",
        "sg_status_list,sg_cut_in",
        "--format",
        "json",
    ];
    let ran = callboard(example(&more)).run().ok();
    let rows = ran.json();
    let rows = rows.as_array().unwrap();
    assert_eq!(rows.len(), 5);
    for row in rows {
        assert_eq!(row["sg_status_list"], "ip");
        assert!(row["sg_cut_in"].as_i64().unwrap() > 0);
    }
}

#[test]
fn csv_and_table_have_the_same_rows_as_json() {
    let json = callboard(example(&["--format", "json"])).run().ok().json();
    let rows = rows_of(&json);
    let csv = callboard(example(&["--format", "csv"])).run().ok();
    assert_eq!(csv.stderr, "");
    let mut lines = csv.stdout.lines();
    assert_eq!(lines.next(), Some("type,id,code,sg_sequence.Sequence.code"));
    let listed: Vec<String> = lines.map(str::to_owned).collect();
    let expected: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    assert_eq!(listed, expected);

    let table = callboard(example(&[])).run().ok();
    assert_eq!(table.stderr, "5 rows\n");
    let lines: Vec<&str> = table.stdout.lines().collect();
    assert_eq!(lines.len(), 6, "{}", table.stdout);
    for (line, row) in lines[1..].iter().zip(&rows) {
        let cells: Vec<&str> = line
            .split("  ")
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .collect();
        assert_eq!(cells, row.each_ref().map(String::as_str));
    }
    let start = lines[0].find("code").unwrap();
    for (line, [_, _, code, _]) in lines[1..].iter().zip(&rows) {
        assert!(
            line[start..].starts_with(code),
            "not below its header: {line}"
        );
    }
}

#[test]
fn timings_say_where_the_time_went_and_leave_the_results_alone() {
    let ran = callboard(example(&["--timings", "--format", "json"]))
        .run()
        .ok();
    assert_eq!(ran.json().as_array().unwrap().len(), 5);
    let line = ran
        .stderr
        .lines()
        .find(|line| line.contains(" = "))
        .unwrap_or_else(|| panic!("no sum: {}", ran.stderr));
    for part in ["connect ", "send ", "wait ", "receive ", "new connection"] {
        assert!(line.contains(part), "`{part}` is missing in {line}");
    }
    assert!(!line.contains("dns") && !line.contains("tls"), "{line}");
    let (total, phases) = line.split_once(" = ").unwrap();
    let phases = phases.split(" (").next().unwrap();
    let millis = |text: &str| -> f64 {
        let number = text.trim_end_matches(" ms").rsplit(' ').next().unwrap();
        number.parse().unwrap()
    };
    let sum: f64 = phases.split(" + ").map(millis).sum();
    // Each number is rounded to a tenth.
    assert!((sum - millis(total)).abs() < 0.31, "{line}");
    assert!(ran.stderr.contains("decode "), "{}", ran.stderr);
}

#[test]
fn the_site_comes_from_the_line_or_from_the_environment() {
    let site = site(Options {
        users: vec![("mira".to_owned(), "moon".to_owned())],
        ..Options::default()
    });
    let by_line = callboard(["find", "Shot", "--limit", "2", "--site", &site.url()])
        .with_default_script()
        .run()
        .ok();
    let by_environment = callboard(["find", "Shot", "--limit", "2"])
        .env("CALLBOARD_LOGIN", "mira")
        .env("CALLBOARD_PASSWORD", "moon")
        .env("CALLBOARD_SITE", &site.url())
        .run()
        .ok();
    assert_eq!(by_line.stdout, by_environment.stdout);
    assert_eq!(site.request_count("read"), 2);
}

#[test]
fn the_embedded_sandbox_ignores_credentials_of_other_sites() {
    callboard(["find", "Project", "--fields", "name"])
        .env("CALLBOARD_SCRIPT_NAME", "somebody")
        .env("CALLBOARD_SCRIPT_KEY", "else")
        .run()
        .ok();
}

#[test]
fn all_pages_are_fetched_where_nothing_limits_them() {
    let ran = callboard(["find", "Task", "--format", "csv", "--fields", "content"])
        .run()
        .ok();
    let lines = ran.stdout.lines().count();
    assert!(lines > 12_000, "{lines} lines");
}

#[test]
fn a_field_that_no_row_has_is_pointed_out() {
    let ran = callboard([
        "find",
        "Shot",
        "--fields",
        "code,nope",
        "--limit",
        "3",
        "--format",
        "json",
    ])
    .run()
    .ok();
    assert_eq!(ran.json().as_array().unwrap().len(), 3);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("`nope`") && ran.stderr.contains("Check"),
        "{}",
        ran.stderr
    );
    let known = callboard([
        "find",
        "Shot",
        "--fields",
        "code,description",
        "--limit",
        "3",
        "--format",
        "json",
    ])
    .run()
    .ok();
    assert_eq!(known.stderr, "");
}

#[test]
fn who_hears_enough_hangs_up_and_nothing_more_is_said() {
    for format in ["table", "csv", "json"] {
        // Far more than a pipe holds.
        let mut running =
            callboard(["find", "Task", "--fields", "content", "--format", format]).start();
        assert_ne!(running.line(), "");
        let ran = running.hang_up();
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn a_cell_of_several_lines_is_quoted_in_csv_and_one_line_in_a_table() {
    let row = r#"{"type":"Note","id":7,"content":"first\nsecond, \"third\""}"#;
    let page = r#""paging_info":{"current_page":1,"page_count":1,"entity_count":1,"entities_per_page":500}"#;
    let url = saying(
        "application/json",
        &format!(r#"{{"results":{{"entities":[{row}],{page}}}}}"#),
    );
    let find = |format| {
        let arguments = ["find", "Note", "--fields", "content", "--format", format];
        let shell = callboard(arguments.into_iter().chain(["--site", &url]));
        shell.with_default_script().run().ok()
    };
    assert_eq!(
        find("csv").stdout,
        "type,id,content\nNote,7,\"first\nsecond, \"\"third\"\"\"\n"
    );
    let table = find("table");
    assert_eq!(
        table.stdout,
        "type  id  content\nNote   7  first second, \"third\"\n"
    );
    assert_eq!(table.stderr, "1 row\n");
}

#[test]
fn timings_number_the_attempts_and_say_how_each_failed() {
    let site = site(Options::default());
    let faults = MethodFaults {
        always: Some(Misbehavior::Status(503)),
        ..Default::default()
    };
    site.faults().update(|plan| {
        plan.per_method.insert("read".to_owned(), faults);
    });
    let ran = callboard(["find", "Shot", "--timings", "--site", &site.url()])
        .with_default_script()
        .run();
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:#?}");
    let requests: Vec<&str> = ran
        .stderr
        .lines()
        .filter(|line| line.contains(" ms = "))
        .collect();
    assert_eq!(requests.len(), site.request_count("read"));
    assert!(!requests[0].contains("attempt") && requests[1].contains("attempt 2: "));
    assert!(requests.iter().all(|line| line.ends_with(", HTTP 503)")));
    let last = ran.stderr.lines().last().unwrap();
    assert!(last.starts_with("callboard: "), "{}", ran.stderr);
}
