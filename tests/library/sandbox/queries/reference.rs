//! Random filters, next to an evaluator that is too simple to be wrong: it looks at the JSON of every row, and knows neither the
//! schema nor an index.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value as Json, json};

use super::{condition, group, ids};
use crate::sandbox::{Line, read, small};

/// The rows of each type by id, with all their fields.
type Tables = BTreeMap<String, BTreeMap<u64, Json>>;

const TYPES: [&str; 9] = [
    "Project",
    "Sequence",
    "Shot",
    "Asset",
    "Task",
    "Step",
    "Version",
    "Note",
    "HumanUser",
];

const TEXT: &[&str] = &[
    "is",
    "is_not",
    "contains",
    "not_contains",
    "starts_with",
    "ends_with",
    "in",
    "not_in",
];
const NUMBER: &[&str] = &[
    "is",
    "is_not",
    "less_than",
    "greater_than",
    "between",
    "not_between",
    "in",
    "not_in",
];
const MOMENT: &[&str] = &[
    "is",
    "is_not",
    "less_than",
    "greater_than",
    "between",
    "in",
    "not_in",
];
const CHOICE: &[&str] = &["is", "is_not", "in", "not_in"];
const FLAG: &[&str] = &["is", "is_not"];
const LINK: &[&str] = &[
    "is",
    "is_not",
    "in",
    "not_in",
    "type_is",
    "type_is_not",
    "name_is",
    "name_contains",
    "name_not_contains",
];

/// What may be asked of each type: path, where example values are, relations.
const ASKED: &[(&str, &str, &str, &[&str])] = &[
    ("Shot", "id", "Shot.id", NUMBER),
    ("Shot", "code", "Shot.code", TEXT),
    ("Shot", "description", "Shot.description", TEXT),
    ("Shot", "sg_cut_in", "Shot.sg_cut_in", NUMBER),
    ("Shot", "sg_status_list", "Shot.sg_status_list", CHOICE),
    ("Shot", "sg_shot_type", "Shot.sg_shot_type", CHOICE),
    ("Shot", "created_at", "Shot.created_at", MOMENT),
    ("Shot", "sg_sequence", "Shot.sg_sequence", LINK),
    ("Shot", "assets", "Shot.assets", LINK),
    ("Shot", "sg_sequence.Sequence.code", "Sequence.code", TEXT),
    (
        "Shot",
        "assets.Asset.sg_asset_type",
        "Asset.sg_asset_type",
        CHOICE,
    ),
    ("Shot", "tasks.Task.due_date", "Task.due_date", MOMENT),
    ("Shot", "tasks.Task.step.Step.code", "Step.code", TEXT),
    (
        "Shot",
        "$FROM$Task.entity.duration",
        "Task.duration",
        NUMBER,
    ),
    ("Shot", "$FROM$Version.entity.code", "Version.code", TEXT),
    ("Task", "project", "Task.project", LINK),
    ("Task", "content", "Task.content", TEXT),
    ("Task", "duration", "Task.duration", NUMBER),
    ("Task", "due_date", "Task.due_date", MOMENT),
    ("Task", "milestone", "Task.milestone", FLAG),
    ("Task", "entity", "Task.entity", LINK),
    ("Task", "task_assignees", "Task.task_assignees", LINK),
    ("Task", "entity.Shot.sg_sequence", "Shot.sg_sequence", LINK),
    ("Task", "entity.Asset.code", "Asset.code", TEXT),
    (
        "Task",
        "upstream_tasks.Task.sg_status_list",
        "Task.sg_status_list",
        CHOICE,
    ),
    ("Step", "$FROM$Task.step.due_date", "Task.due_date", MOMENT),
    ("Step", "code", "Step.code", TEXT),
    ("Note", "note_links", "Note.note_links", LINK),
    ("Note", "$FROM$Reply.entity.id", "Note.id", NUMBER),
];

// ---------------------------------------------------------------------------- the evaluator

fn passes(tables: &Tables, row: &Json, filter: &Json) -> bool {
    if let Some(conditions) = filter["conditions"].as_array() {
        let mut each = conditions.iter().map(|filter| passes(tables, row, filter));
        return if filter["logical_operator"] == "and" {
            each.all(|passed| passed)
        } else {
            conditions.is_empty() || each.any(|passed| passed)
        };
    }
    let relation = filter["relation"].as_str().unwrap();
    let given = filter["values"].as_array().unwrap();
    let positive = match relation {
        "is_not" => "is",
        "type_is_not" => "type_is",
        "name_not_contains" => "name_contains",
        other => other.strip_prefix("not_").unwrap_or(other),
    };
    let found = values(tables, row, filter["path"].as_str().unwrap());
    found
        .iter()
        .any(|value| holds(value, positive, given) == (positive == relation))
}

/// The values at a path's end; null where a link is missing.
fn values(tables: &Tables, row: &Json, path: &str) -> Vec<Json> {
    let Some((first, rest)) = path.split_once('.') else {
        return vec![row[path].clone()];
    };
    let (second, rest) = rest.split_once('.').unwrap();
    let targets: Vec<&Json> = if let Some(linking) = first.strip_prefix("$FROM$") {
        let here = (&row["type"], &row["id"]);
        let leads_here = |other: &&Json| {
            links(&other[second])
                .iter()
                .any(|link| (&link["type"], &link["id"]) == here)
        };
        tables[linking].values().filter(leads_here).collect()
    } else {
        let links = links(&row[first]);
        let links = links.iter().filter(|link| link["type"] == second);
        links
            .map(|link| &tables[second][&link["id"].as_u64().unwrap()])
            .collect()
    };
    if targets.is_empty() {
        return vec![Json::Null];
    }
    targets
        .into_iter()
        .flat_map(|target| values(tables, target, rest))
        .collect()
}

fn links(value: &Json) -> Vec<Json> {
    if value.is_object() {
        return vec![value.clone()];
    }
    value.as_array().cloned().unwrap_or_default()
}

fn holds(value: &Json, relation: &str, given: &[Json]) -> bool {
    let first = &given[0];
    let needle = || lower(first).unwrap();
    let named = |test: &dyn Fn(&str) -> bool| {
        links(value)
            .iter()
            .any(|link| test(&lower(&link["name"]).unwrap()))
    };
    match relation {
        "is" | "in" => given.iter().any(|given| equal(value, given)),
        "less_than" => compare(value, first) == Some(Ordering::Less),
        "greater_than" => compare(value, first) == Some(Ordering::Greater),
        "between" => {
            let [one, other] = [first, &given[1]].map(|end| compare(value, end));
            matches!((one, other), (Some(one), Some(other)) if one != other || one.is_eq())
        }
        "contains" => lower(value).is_some_and(|text| text.contains(&needle())),
        "starts_with" => lower(value).is_some_and(|text| text.starts_with(&needle())),
        "ends_with" => lower(value).is_some_and(|text| text.ends_with(&needle())),
        "type_is" if first.is_null() => links(value).is_empty(),
        "type_is" => links(value).iter().any(|link| link["type"] == *first),
        "name_is" => named(&|name| name == needle()),
        "name_contains" => named(&|name| name.contains(&needle())),
        other => panic!("no such relation: {other}"),
    }
}

fn equal(value: &Json, given: &Json) -> bool {
    if given.is_null() {
        return value.is_null() || *value == json!([]);
    }
    if given.is_object() {
        let same = |link: &Json| link["type"] == given["type"] && link["id"] == given["id"];
        return links(value).iter().any(same);
    }
    value == given || compare(value, given) == Some(Ordering::Equal)
}

fn compare(value: &Json, given: &Json) -> Option<Ordering> {
    if let (Some(value), Some(given)) = (value.as_f64(), given.as_f64()) {
        return value.partial_cmp(&given);
    }
    Some(lower(value)?.cmp(&lower(given)?))
}

fn lower(value: &Json) -> Option<String> {
    value.as_str().map(str::to_lowercase)
}

// ---------------------------------------------------------------------------- the filters

/// What a condition is made from: which path, which relation, which values.
type Dice = (Index, Index, Vec<Index>);

/// A filter whose conditions have still to be chosen.
#[derive(Clone, Debug)]
enum Shape {
    Leaf(Dice),
    Group(bool, Vec<Self>),
}

fn shape() -> impl Strategy<Value = Shape> {
    let dice = (
        any::<Index>(),
        any::<Index>(),
        prop::collection::vec(any::<Index>(), 2..5),
    );
    let leaf = dice.prop_map(Shape::Leaf);
    leaf.prop_recursive(3, 12, 4, |inner| {
        (any::<bool>(), prop::collection::vec(inner, 0..4))
            .prop_map(|(all, filters)| Shape::Group(all, filters))
    })
}

fn filter(pools: &BTreeMap<&str, Vec<Json>>, entity_type: &str, shape: &Shape) -> Json {
    match shape {
        Shape::Leaf(dice) => leaf(pools, entity_type, dice),
        Shape::Group(all, filters) => {
            let filters: Vec<Json> = filters
                .iter()
                .map(|shape| filter(pools, entity_type, shape))
                .collect();
            group(if *all { "and" } else { "or" }, &filters)
        }
    }
}

fn leaf(
    pools: &BTreeMap<&str, Vec<Json>>,
    entity_type: &str,
    (path, relation, picks): &Dice,
) -> Json {
    let paths: Vec<_> = ASKED
        .iter()
        .filter(|asked| asked.0 == entity_type)
        .collect();
    let (_, path, pool, relations) = path.get(&paths);
    let pool = &pools[pool];
    let relation = *relation.get(relations);
    let picked: Vec<Json> = picks.iter().map(|pick| pick.get(pool).clone()).collect();
    let text = || {
        let texts = picked.iter().find_map(|value| {
            value
                .as_str()
                .or(links(value).first()?["name"].as_str())
                .map(str::to_owned)
        });
        texts.unwrap_or_else(|| "e".to_owned())
    };
    let values = match relation {
        "between" | "not_between" => json!(picked[..2]),
        "in" | "not_in" => json!(picked),
        "contains" | "not_contains" => json!([text()
            .chars()
            .skip(1)
            .take(3)
            .collect::<String>()
            .to_uppercase()]),
        "starts_with" => json!([text().chars().take(2).collect::<String>()]),
        "ends_with" => json!([text().chars().skip(2).collect::<String>()]),
        "name_is" => json!([text().to_uppercase()]),
        "name_contains" | "name_not_contains" => {
            json!([text().chars().skip(1).collect::<String>()])
        }
        "type_is" | "type_is_not" => {
            let types = ["Shot", "Asset", "Sequence"];
            json!([picks[0].get(&types)])
        }
        _one => json!([picked[0]]),
    };
    condition(path, relation, &values)
}

/// Values to ask for: null, what some rows have, and what none has.
fn pools(tables: &Tables) -> BTreeMap<&'static str, Vec<Json>> {
    let pool = |name: &'static str| {
        let (entity_type, field) = name.split_once('.').unwrap();
        let rows = tables[entity_type].values();
        let has = rows.flat_map(|row| {
            row[field]
                .as_array()
                .cloned()
                .unwrap_or_else(|| vec![row[field].clone()])
        });
        let mut pool: Vec<Json> = has.step_by(3).take(30).collect();
        if field != "milestone" {
            pool.push(Json::Null);
        }
        (name, pool)
    };
    ASKED.iter().map(|(_, _, name, _)| pool(name)).collect()
}

fn tables(line: &mut Line) -> Tables {
    let mut table = |entity_type: &str| {
        let fields = line.call("schema_field_read", &json!({"type": entity_type}));
        let fields: Vec<String> = fields.as_object().unwrap().keys().cloned().collect();
        let rows = line.call("read", &read(entity_type, &fields, 5000));
        let rows = rows["entities"].as_array().unwrap().iter();
        let rows = rows.map(|row| (row["id"].as_u64().unwrap(), row.clone()));
        (entity_type.to_owned(), rows.collect())
    };
    TYPES.into_iter().chain(["Reply"]).map(&mut table).collect()
}

#[test]
fn random_filters_find_what_the_simple_evaluator_finds() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let tables = tables(&mut line);
    let pools = pools(&tables);
    let line = RefCell::new(line);
    let (selective, all) = (RefCell::new(0), RefCell::new(0));
    proptest!(ProptestConfig::with_cases(1000), |(which in 0..4_usize, shape in shape())| {
        let entity_type = ["Shot", "Task", "Step", "Note"][which];
        let filter = filter(&pools, entity_type, &shape);
        let rows = &tables[entity_type];
        let expected: Vec<u64> = rows.values().filter(|row| passes(&tables, row, &filter)).map(|row| row["id"].as_u64().unwrap()).collect();
        let found = ids(&mut line.borrow_mut(), entity_type, &filter);
        *all.borrow_mut() += 1;
        *selective.borrow_mut() += u32::from(!found.is_empty() && found.len() < rows.len());
        prop_assert_eq!(found, expected, "{} {}", entity_type, filter);
    });
    let (selective, all) = (selective.into_inner(), all.into_inner());
    assert!(
        selective * 4 > all,
        "only {selective} of {all} filters told rows apart"
    );
}
