//! How fast the sandbox is: its start, and what it finds among 100,000 tasks, from the request's first byte to the answer's
//! last one, over loopback. Nothing of our client is timed.

mod line;

use std::time::{Duration, Instant};

use callboard::sandbox::{Options, Sandbox, Seed};
use serde_json::{Value as Json, json};

use self::line::{Line, Outcome};

/// The tasks are made in batches of this size.
const BATCH: usize = 500;
const STATUSES: [&str; 4] = ["wtg", "ip", "rdy", "fin"];

fn main() -> Outcome<()> {
    // `cargo bench -- --test` only proves that the benchmark works.
    let quick = std::env::args().any(|arg| arg == "--test");
    let (tasks, rounds) = if quick { (1_000, 1) } else { (100_000, 21) };
    report("start of the default studio", rounds.min(5), || {
        Sandbox::start()?.stop();
        Ok(0)
    })?;
    let site = Sandbox::with(Options {
        seed: Seed::Small,
        ..Options::default()
    })?;
    let mut line = Line::open(&site)?;
    let project = fill(&mut line, tasks)?;
    let of_project = |line: &mut Line, conditions: &[Json], change: &Json| {
        line.call("read", &read(&project, conditions, change))
    };

    let in_progress = [json!({"path": "sg_status_list", "relation": "is", "values": ["ip"]})];
    let by_due_date = json!({"sorts": [{"field_name": "due_date", "direction": "asc"}]});
    report(
        "project and status, by due date, page of 500",
        rounds,
        || of_project(&mut line, &in_progress, &by_due_date),
    )?;
    let by_three = json!({"sorts": [{"field_name": "sg_status_list"}, {"field_name": "entity"}, {"field_name": "content"}]});
    report("project, by three fields, page of 500", rounds, || {
        of_project(&mut line, &[], &by_three)
    })?;
    let by_name =
        [json!({"path": "entity.Shot.code", "relation": "contains", "values": ["_0040"]})];
    report("a text through a link, page of 500", rounds, || {
        of_project(&mut line, &by_name, &json!({}))
    })?;
    let grouping = json!({
        "summaries": [{"field": "id", "type": "count"}, {"field": "duration", "type": "sum"}],
        "grouping": [{"field": "sg_status_list", "type": "exact"}, {"field": "due_date", "type": "month"}],
    });
    report("two sums by status and month", rounds, || {
        line.call("summarize", &read(&project, &[], &grouping))
    })?;
    for (what, asked) in [
        (
            "activity of the first task",
            json!({"type": "Task", "id": 1}),
        ),
        ("activity of a shot", json!({"type": "Shot", "id": 1})),
        ("activity of the project", project.clone()),
    ] {
        report(what, rounds, || line.call("activity_stream", &asked))?;
    }
    find_all(&mut line, &project, tasks, rounds.min(5))
}

/// All tasks, page by page: with their values and without.
fn find_all(line: &mut Line, project: &Json, tasks: usize, rounds: usize) -> Outcome<()> {
    // The difference is what it takes to write values as JSON, and to send them.
    for (what, fields) in [("with", fields()), ("without", json!([]))] {
        let what = format!("find of all {what} values, 5,000 on a page");
        report(&what, rounds, || {
            let mut bytes = 0;
            for page in 1..=tasks.div_ceil(5000) {
                let paging = json!({"entities_per_page": 5000, "current_page": page});
                let change = json!({"paging": paging, "return_fields": fields});
                bytes += line.call("read", &read(project, &[], &change))?;
            }
            Ok(bytes)
        })?;
    }
    Ok(())
}

/// What is told of each task.
fn fields() -> Json {
    json!([
        "content",
        "sg_status_list",
        "due_date",
        "duration",
        "entity",
        "project",
        "created_at",
        "created_by"
    ])
}

/// Runs `work` once to warm up and then some rounds, and prints the median. `work` gives the size of its answer in bytes.
#[expect(clippy::print_stdout, reason = "the report of a benchmark")]
fn report(what: &str, rounds: usize, mut work: impl FnMut() -> Outcome<usize>) -> Outcome<()> {
    let bytes = work()?;
    let mut times = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let started = Instant::now();
        work()?;
        times.push(started.elapsed());
    }
    times.sort();
    let median = times.get(rounds / 2).copied().unwrap_or(Duration::ZERO);
    let kilobytes = bytes / 1000;
    println!("{what}: {median:.1?} for {kilobytes} kB (median of {rounds})");
    Ok(())
}

/// A project with so many tasks, on the shots that there are.
fn fill(line: &mut Line, tasks: usize) -> Outcome<Json> {
    let name = json!([{"field_name": "name", "value": "Benchmark"}]);
    line.call("create", &json!({"type": "Project", "fields": name}))?;
    let answer: Json = serde_json::from_slice(&line.body)?;
    let project = json!({"type": "Project", "id": answer["results"]["id"]});
    for first in (0..tasks).step_by(BATCH) {
        let batch: Vec<Json> = (first..tasks.min(first + BATCH))
            .map(|number| task(&project, number))
            .collect();
        line.call("batch", &batch.into())?;
    }
    Ok(project)
}

/// A request to make a task, one like no other.
fn task(project: &Json, number: usize) -> Json {
    // Spreads the days and minutes over their ranges in no order.
    let mixed = number * 7919 % 10_007;
    let due = format!("2026-{:02}-{:02}", mixed % 12 + 1, mixed % 28 + 1);
    let fields = json!([
        {"field_name": "content", "value": format!("Comp {mixed}")},
        {"field_name": "project", "value": project},
        {"field_name": "entity", "value": {"type": "Shot", "id": number % 40 + 1}},
        {"field_name": "sg_status_list", "value": STATUSES[mixed % STATUSES.len()]},
        {"field_name": "due_date", "value": due},
        {"field_name": "duration", "value": mixed},
    ]);
    json!({"request_type": "create", "type": "Task", "fields": fields})
}

/// The argument of a `read` of the first 500 tasks of a project that pass, with the keys of `change` besides.
fn read(project: &Json, conditions: &[Json], change: &Json) -> Json {
    let ours = json!({"path": "project", "relation": "is", "values": [project]});
    let conditions: Vec<&Json> = std::iter::once(&ours).chain(conditions).collect();
    let mut argument = json!({
        "type": "Task",
        "return_fields": fields(),
        "filters": {"logical_operator": "and", "conditions": conditions},
        "return_only": "active",
        "paging": {"entities_per_page": 500, "current_page": 1},
        "api_return_image_urls": true,
        "return_paging_info_without_counts": true,
    });
    for (key, value) in change.as_object().into_iter().flatten() {
        argument[key] = value.clone();
    }
    argument
}
