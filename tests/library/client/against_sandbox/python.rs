//! The same questions asked by our client and by the unmodified Python client: the answers are the same.

use std::io::Write as _;
use std::process::{Command, Stdio};

use callboard::sandbox::{SCRIPT_KEY, SCRIPT_NAME, Sandbox};
use callboard::shotgun::{Client, Error, Filter, Find, Group, Grouping, Order, Value};
use serde_json::{Map, Value as Json, json};

use super::questions::questions;

const QUESTIONS: usize = 500;

#[test]
#[ignore = "needs a Python with shotgun_api3, which CALLBOARD_PYTHON names"]
fn our_answers_are_those_of_the_python_client() {
    let python = std::env::var("CALLBOARD_PYTHON")
        .expect("CALLBOARD_PYTHON names a Python with shotgun_api3");
    let sandbox = Sandbox::start().unwrap();
    let client = Client::builder(&sandbox.url())
        .script(SCRIPT_NAME, SCRIPT_KEY)
        .build()
        .unwrap();
    let questions = questions(&client, QUESTIONS);
    let theirs = ask_python(&python, &sandbox.url(), &questions);
    assert_eq!(theirs.len(), QUESTIONS);
    let (mut rows, mut faults) = (0, 0);
    for (question, mut theirs) in questions.iter().zip(theirs) {
        unmark(&mut theirs);
        let ours = match ask(&client, question) {
            Ok(answer) => json!({ "answer": answer }),
            Err(Error::Rejected { message, .. }) => json!({"fault": message.to_string()}),
            Err(error) => panic!("{error} after {question}"),
        };
        assert_eq!(ours, theirs, "{question}");
        rows += ours["answer"].as_array().map_or(0, Vec::len);
        faults += usize::from(ours["answer"].is_null());
    }
    assert!(rows > 5 * QUESTIONS, "only {rows} rows were compared");
    assert!(faults < QUESTIONS / 5, "{faults} questions were refused");
}

/// The answers of the Python client, all from one process.
fn ask_python(python: &str, url: &str, questions: &[Json]) -> Vec<Json> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/python/queries.py");
    let mut process = Command::new(python)
        .args([script, url, SCRIPT_NAME, SCRIPT_KEY])
        // Far from UTC, so that a date-time that is not converted shows.
        .env("TZ", "Asia/Kathmandu")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for question in questions {
                writeln!(input, "{question}").unwrap();
            }
        });
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "the Python client failed");
        let lines = output.stdout.split(|byte| *byte == b'\n');
        let lines = lines.filter(|line| !line.is_empty());
        lines
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect()
    })
}

/// Takes away what our client does not keep: that a link in the answer to `summarize` is valid.
fn unmark(answer: &mut Json) {
    if let Some(items) = answer.as_array_mut() {
        items.iter_mut().for_each(unmark);
    } else if let Some(items) = answer.as_object_mut() {
        items.remove("valid");
        items.values_mut().for_each(unmark);
    }
}

// ---------------------------------------------------------------------------- our client

fn ask(client: &Client, question: &Json) -> Result<Json, Error> {
    let arguments = &question["arguments"];
    let filters: Vec<Filter> = list(&arguments["filters"]).iter().map(filter).collect();
    let filter = if arguments["filter_operator"] == "any" {
        Filter::any(filters)
    } else {
        Filter::all(filters)
    };
    if question["method"] == "summarize" {
        return summarize(client, arguments, filter);
    }
    let mut find = Find::new(text(&arguments["entity_type"]))
        .filter(filter)
        .fields(list(&arguments["fields"]).iter().map(text));
    for order in list(&arguments["order"]) {
        let field = text(&order["field_name"]);
        find = find.order(if order["direction"] == "desc" {
            Order::descending(field)
        } else {
            Order::ascending(field)
        });
    }
    if arguments["retired_only"] == true {
        find = find.retired_only();
    }
    if arguments["include_archived_projects"] == false {
        find = find.without_archived_projects();
    }
    let limit = u32::try_from(arguments["limit"].as_u64().unwrap()).unwrap();
    let page = u32::try_from(arguments["page"].as_u64().unwrap()).unwrap();
    let rows = if page > 0 {
        client.query(&find.page(page).page_size(limit))?.rows
    } else {
        client.find_all(&find.limit(limit))?
    };
    Ok(serde_json::to_value(rows).unwrap())
}

fn summarize(client: &Client, arguments: &Json, filter: Filter) -> Result<Json, Error> {
    let summaries = list(&arguments["summary_fields"]).iter();
    let summaries: Vec<_> = summaries
        .map(|item| (text(&item["field"]), text(&item["type"])))
        .collect();
    let groupings = list(&arguments["grouping"]).iter().map(|item| Grouping {
        field: text(&item["field"]).into(),
        how: text(&item["type"]).into(),
        descending: item["direction"] == "desc",
    });
    let groupings: Vec<_> = groupings.collect();
    let entity_type = text(&arguments["entity_type"]);
    let summary = client.summarize(entity_type, &[filter], &summaries, &groupings)?;
    let groups: Vec<Json> = summary.groups.iter().map(group).collect();
    Ok(json!({"summaries": summary.summaries, "groups": groups}))
}

fn group(group: &Group) -> Json {
    let mut told = Map::new();
    told.insert("group_name".to_owned(), json!(group.name));
    told.insert("group_value".to_owned(), json!(group.value));
    told.insert("summaries".to_owned(), json!(group.summaries));
    if !group.groups.is_empty() {
        let groups: Vec<Json> = group.groups.iter().map(self::group).collect();
        told.insert("groups".to_owned(), groups.into());
    }
    told.into()
}

/// A filter in the form that the Python client takes.
fn filter(given: &Json) -> Filter {
    if given.is_object() {
        let filters: Vec<Filter> = list(&given["filters"]).iter().map(filter).collect();
        return if given["filter_operator"] == "any" {
            Filter::any(filters)
        } else {
            Filter::all(filters)
        };
    }
    let values = match &given[2] {
        Json::Array(values) => values.clone(),
        one => vec![one.clone()],
    };
    let relation = text(&given[1]).parse().unwrap();
    Filter::new(
        text(&given[0]),
        relation,
        values.into_iter().map(Value::from),
    )
}

fn list(value: &Json) -> &[Json] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap()
}
