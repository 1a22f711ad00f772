//! Questions about the studio, always the same ones: `find` and `summarize` as the Python client's arguments.

use std::collections::BTreeMap;

use callboard::shotgun::{Client, FieldName, Find};
use fastrand::Rng;
use serde_json::{Value as Json, json};

const TYPES: [&str; 8] = [
    "Shot",
    "Task",
    "Version",
    "Asset",
    "Sequence",
    "Note",
    "HumanUser",
    "PublishedFile",
];

/// Fields behind links.
const DEEP: &[(&str, &str)] = &[
    ("Shot", "sg_sequence.Sequence.code"),
    ("Shot", "project.Project.archived"),
    ("Task", "entity.Shot.sg_sequence.Sequence.code"),
    ("Task", "entity.Asset.sg_asset_type"),
    ("Task", "step.Step.list_order"),
    ("Version", "entity.Shot.code"),
    ("Version", "sg_task.Task.due_date"),
    ("Version", "user.HumanUser.login"),
    ("Asset", "project.Project.name"),
    ("Note", "created_by.HumanUser.name"),
    ("PublishedFile", "version.Version.created_at"),
];

/// What a question can be about: a field, its data type and values it has.
struct Subject {
    name: String,
    data_type: String,
    values: Vec<Json>,
}

type Subjects = BTreeMap<&'static str, Vec<Subject>>;

/// So many questions.
pub fn questions(client: &Client, count: usize) -> Vec<Json> {
    let subjects: Subjects = TYPES
        .into_iter()
        .map(|name| (name, subjects(client, name)))
        .collect();
    let mut rng = Rng::with_seed(20_261_124);
    let one = |_| {
        let entity_type = TYPES[rng.usize(..TYPES.len())];
        let subjects = &subjects[entity_type];
        if rng.u8(..5) == 0 {
            summarize(&mut rng, entity_type, subjects)
        } else {
            find(&mut rng, entity_type, subjects)
        }
    };
    (0..count).map(one).collect()
}

fn subjects(client: &Client, entity_type: &str) -> Vec<Subject> {
    let fields = client.schema_field_read(entity_type, None, None).unwrap();
    let names: Vec<&FieldName> = fields.keys().collect();
    let deep = DEEP
        .iter()
        .filter(|(of, _)| *of == entity_type)
        .map(|(_, path)| *path);
    let all: Vec<FieldName> = names
        .iter()
        .map(|name| (*name).clone())
        .chain(deep.clone().map(Into::into))
        .collect();
    let rows = client
        .find_all(&Find::new(entity_type).fields(all).limit(60))
        .unwrap();
    let rows = serde_json::to_value(rows).unwrap();
    let subject = |name: &str, data_type: &str| Subject {
        name: name.to_owned(),
        data_type: data_type.to_owned(),
        values: values(&rows, name),
    };
    let own = fields
        .iter()
        .map(|(name, field)| subject(name.as_str(), &field.data_type));
    // What a deep field holds shows in its name as well as it must here.
    let deep = deep.map(|path| {
        let data_type = match path.rsplit('.').next() {
            Some("archived") => "checkbox",
            Some("list_order") => "number",
            Some("due_date") => "date",
            Some("created_at") => "date_time",
            Some("sg_asset_type") => "list",
            _text => "text",
        };
        subject(path, data_type)
    });
    own.chain(deep).collect()
}

/// Some values of a field, each link of many by itself.
fn values(rows: &Json, name: &str) -> Vec<Json> {
    let rows = rows.as_array().unwrap().iter();
    let values = rows.flat_map(|row| match &row[name] {
        Json::Array(links) => links.clone(),
        one => vec![one.clone()],
    });
    values.filter(|value| !value.is_null()).collect()
}

fn find(rng: &mut Rng, entity_type: &str, subjects: &[Subject]) -> Json {
    let fields: Vec<&str> = (0..rng.usize(..9))
        .map(|_| pick(rng, subjects).name.as_str())
        .collect();
    let order: Vec<Json> = (0..rng.usize(..3))
        .map(|_| json!({"field_name": pick(rng, subjects).name, "direction": direction(rng)}))
        .collect();
    let (filters, operator) = filters(rng, subjects, 2);
    let page = if rng.bool() { 0 } else { rng.u32(1..4) };
    json!({"method": "find", "arguments": {
        "entity_type": entity_type,
        "filters": filters,
        "filter_operator": operator,
        "fields": fields,
        "order": order,
        "limit": rng.u32(1..80),
        "page": page,
        "retired_only": rng.u8(..20) == 0,
        "include_archived_projects": rng.bool(),
    }})
}

fn summarize(rng: &mut Rng, entity_type: &str, subjects: &[Subject]) -> Json {
    let summaries: Vec<Json> = (0..rng.usize(1..4))
        .map(|_| {
            let subject = pick(rng, subjects);
            let types: &[&str] = match subject.data_type.as_str() {
                "number" | "duration" | "percent" | "float" => {
                    &["sum", "average", "maximum", "minimum", "count"]
                }
                "date" | "date_time" => &["earliest", "latest", "count"],
                "checkbox" => &["checked", "unchecked", "percentage"],
                "status_list" => &["status_list", "count"],
                _other => &["count", "record_count"],
            };
            json!({"field": subject.name, "type": types[rng.usize(..types.len())]})
        })
        .collect();
    let grouping: Vec<Json> = (0..rng.usize(..3))
        .map(|_| {
            let subject = pick(rng, subjects);
            let types: &[&str] = match subject.data_type.as_str() {
                "number" | "duration" | "percent" | "float" => &["exact", "tens", "thousands"],
                "date" | "date_time" => &["day", "week", "month", "year", "clustered_date"],
                "entity" => &["exact", "entitytype"],
                "text" => &["exact", "firstletter"],
                _other => &["exact"],
            };
            json!({"field": subject.name, "type": types[rng.usize(..types.len())], "direction": direction(rng)})
        })
        .collect();
    let (filters, operator) = filters(rng, subjects, 1);
    let mut arguments = json!({
        "entity_type": entity_type, "filters": filters, "filter_operator": operator, "summary_fields": summaries,
    });
    if !grouping.is_empty() {
        arguments["grouping"] = grouping.into();
    }
    json!({"method": "summarize", "arguments": arguments})
}

/// Filters, and how they are joined.
fn filters(rng: &mut Rng, subjects: &[Subject], depth: usize) -> (Vec<Json>, &'static str) {
    let count = rng.usize(..4);
    let filters = (0..count).map(|_| {
        if depth > 0 && rng.u8(..4) == 0 {
            let (filters, operator) = filters(rng, subjects, depth - 1);
            return json!({"filter_operator": operator, "filters": filters});
        }
        if rng.u8(..60) == 0 {
            return json!(["no_such_field", "is", 1]);
        }
        let subject = pick(rng, subjects);
        filter(rng, subject)
    });
    let filters = filters.collect();
    (filters, if rng.bool() { "all" } else { "any" })
}

fn filter(rng: &mut Rng, subject: &Subject) -> Json {
    let relations = relations(&subject.data_type);
    let relation = relations[rng.usize(..relations.len())];
    let has: Vec<&Json> = (0..3).filter_map(|_| rng.choice(&subject.values)).collect();
    let Some(&first) = has.first() else {
        return json!([
            subject.name,
            "is_not",
            if subject.data_type == "checkbox" {
                json!(true)
            } else {
                Json::Null
            }
        ]);
    };
    let text = first.as_str().or(first["name"].as_str()).unwrap_or("a");
    let value = match relation {
        "in" | "not_in" => json!(has),
        "between" => json!([first, has[has.len() - 1]]),
        "in_last" => json!([rng.u8(1..30), "WEEK"]),
        "in_calendar_month" => json!(rng.i8(-3..3)),
        "type_is" => json!(["Shot", "Asset", "HumanUser"][rng.usize(..3)]),
        "contains" | "not_contains" | "name_contains" => {
            json!(text.chars().skip(1).take(3).collect::<String>())
        }
        "starts_with" => json!(text.chars().take(2).collect::<String>()),
        "ends_with" => json!(text.chars().skip(2).collect::<String>()),
        _only if subject.data_type == "image" => Json::Null,
        _one if rng.u8(..10) == 0 && subject.data_type != "checkbox" => Json::Null,
        _one => first.clone(),
    };
    json!([subject.name, relation, value])
}

/// What may be asked of a field.
fn relations(data_type: &str) -> &'static [&'static str] {
    match data_type {
        "text" => &[
            "is",
            "is_not",
            "contains",
            "not_contains",
            "starts_with",
            "ends_with",
            "in",
            "not_in",
        ],
        "number" | "duration" | "percent" | "float" | "timecode" | "currency" => &[
            "is",
            "is_not",
            "less_than",
            "greater_than",
            "between",
            "in",
            "not_in",
        ],
        "date" | "date_time" => &[
            "is",
            "less_than",
            "greater_than",
            "between",
            "in_last",
            "in_calendar_month",
            "not_in",
        ],
        "entity" | "multi_entity" | "addressing" => {
            &["is", "is_not", "in", "not_in", "type_is", "name_contains"]
        }
        "checkbox" => &["is", "is_not"],
        // Of an image there is only one thing to ask.
        "image" => &["is_not"],
        // What no filter looks into is asked for all the same: both clients get the same fault.
        _other => &["is", "is_not", "in", "not_in"],
    }
}

fn pick<'a>(rng: &mut Rng, subjects: &'a [Subject]) -> &'a Subject {
    &subjects[rng.usize(..subjects.len())]
}

fn direction(rng: &mut Rng) -> &'static str {
    if rng.bool() { "asc" } else { "desc" }
}
