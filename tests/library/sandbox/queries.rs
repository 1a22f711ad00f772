//! Reading: which rows a filter means, in which order they come, and what they come to.

mod absurd;
mod fields;
mod meaning;
mod order;
mod pages;
mod reference;
mod relations;
mod summaries;

use callboard::sandbox::{SCRIPT_KEY, SCRIPT_NAME};
use serde_json::{Value as Json, json};

use super::Line;

/// One condition.
fn condition(path: &str, relation: &str, values: &Json) -> Json {
    json!({"path": path, "relation": relation, "values": values})
}

/// A group of conditions.
fn group(operator: &str, conditions: &[Json]) -> Json {
    json!({"logical_operator": operator, "conditions": conditions})
}

/// The argument of a `read` of up to 5,000 rows that pass one filter.
fn query(entity_type: &str, filter: &Json) -> Json {
    json!({
        "type": entity_type,
        "return_fields": ["id"],
        "filters": group("and", std::slice::from_ref(filter)),
        "paging": {"entities_per_page": 5000, "current_page": 1},
    })
}

/// The ids in the answer to a `read`.
fn ids_of(line: &mut Line, argument: &Json) -> Vec<u64> {
    let rows = line.call("read", argument);
    let rows = rows["entities"].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_u64().unwrap()).collect()
}

/// The ids of the rows that pass one filter.
fn ids(line: &mut Line, entity_type: &str, filter: &Json) -> Vec<u64> {
    ids_of(line, &query(entity_type, filter))
}

/// Number and words of the fault that a call ends in; nothing if it ends well.
fn fault_of(line: &mut Line, method: &str, argument: &Json) -> Option<(u64, String)> {
    let auth = json!({"script_name": SCRIPT_NAME, "script_key": SCRIPT_KEY});
    let answer = line.call_as(&auth, method, argument);
    let message = answer.get("message")?.as_str()?.to_owned();
    Some((answer["error_code"].as_u64()?, message))
}

/// Makes a row and gives its hash.
fn create(line: &mut Line, entity_type: &str, fields: &Json) -> Json {
    let fields = fields.as_object().unwrap().iter();
    let fields: Vec<Json> = fields
        .map(|(name, value)| json!({"field_name": name, "value": value}))
        .collect();
    let made = line.call("create", &json!({"type": entity_type, "fields": fields}));
    json!({"type": entity_type, "id": made["id"]})
}

fn delete(line: &mut Line, row: &Json) {
    assert_eq!(line.call("delete", row), true);
}

/// Makes a field that no seed has, and gives its name.
fn create_field(line: &mut Line, entity_type: &str, data_type: &str) -> String {
    let properties = [json!({"property_name": "name", "value": format!("My {data_type}")})];
    let argument = json!({"type": entity_type, "data_type": data_type, "properties": properties});
    let name = line.call("schema_field_create", &argument);
    name.as_str().unwrap().to_owned()
}
