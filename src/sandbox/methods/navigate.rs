//! `nav_expand` and `nav_search`: the site as a tree.

use serde_json::{Value as Json, json};

use super::Call;
use crate::sandbox::coerce;
use crate::sandbox::error::Fault;
use crate::sandbox::store::Store;
use crate::sandbox::tree::Place;

/// The rows that the tree leads to if the caller does not say.
const USUAL_SEED: &str = "Version.entity";
/// More than this nobody looks through.
const MOST_FOUND: usize = 100;

/// Answers `nav_expand`: the node at a path, and those right below it.
pub fn expand(store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
    let place = place(store, call, "path")?;
    let seed = seed(store, call)?;
    let children = place.children(store);
    let children: Vec<Json> = children
        .iter()
        .map(|child| node(store, child, &seed))
        .collect();
    let mut node = node(store, &place, &seed);
    node["children"] = json!(children);
    Ok(node)
}

/// Answers `nav_search`: where below a path something is called so, or an entity is.
pub fn search(store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
    let root = place(store, call, "root_path")?;
    seed(store, call)?;
    let criteria = &call.argument["search_criteria"];
    let missing = || {
        call.invalid(format!(
            "invalid/missing hash 'search_criteria': {criteria}"
        ))
    };
    let found = match (criteria.get("search_string"), criteria.get("entity")) {
        (Some(text), None) => {
            let text = text.as_str().ok_or_else(missing)?.to_lowercase();
            let all = root.entities(store).into_iter();
            all.filter(|place| *place != root && place.label(store).to_lowercase().contains(&text))
                .take(MOST_FOUND)
                .collect()
        }
        (None, Some(entity)) => {
            let at = coerce::reference(store.schema(), entity).ok_or_else(missing)?;
            let place = store.live(at).and_then(|row| Place::of(store, row));
            place
                .filter(|place| place.is_under(&root))
                .into_iter()
                .collect::<Vec<_>>()
        }
        _neither_or_both => return Err(missing()),
    };
    Ok(found
        .iter()
        .map(|place| result(store, &root, place))
        .collect())
}

fn place(store: &Store, call: &Call<'_>, key: &str) -> Result<Place, Fault> {
    let path = call.text(key).unwrap_or_default();
    Place::parse(store, path).ok_or_else(|| {
        Fault::navigation(format!(
            "API {}() invalid '{key}': {}",
            call.method, call.argument[key]
        ))
    })
}

/// Type and field of the rows that the tree leads to, checked.
fn seed(store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
    let seed = &call.argument["seed_entity_field"];
    let text = if seed.is_null() {
        Some(USUAL_SEED)
    } else {
        seed.as_str()
    };
    let known = text
        .and_then(|text| text.split_once('.'))
        .filter(|(entity, field)| {
            let kind = store.schema().kind(entity);
            kind.is_some_and(|kind| store.schema().entity(kind).field_index(field).is_some())
        });
    let known = known.map(|(entity, field)| json!({"type": entity, "field": field}));
    known.ok_or_else(|| call.invalid(format!("invalid string 'seed_entity_field': {seed}")))
}

fn node(store: &Store, place: &Place, seed: &Json) -> Json {
    let path = place.path(store);
    let preset = json!({"preset_name": "NAV_ENTRIES", "path": path, "seed": seed});
    json!({
        "label": place.label(store),
        "ref": reference(store, place),
        "parent_path": place.parent().map(|parent| parent.path(store)),
        "path": path,
        "target_entities": {"type": seed["type"], "additional_filter_presets": [preset]},
        "has_children": !place.children(store).is_empty(),
    })
}

/// What a place stands for.
fn reference(store: &Store, place: &Place) -> Json {
    let hash = |at: crate::sandbox::value::Ref| json!({"type": store.schema().entity(at.kind).name, "id": at.id});
    let (kind, value) = match place {
        Place::Site => ("site", Json::Null),
        Place::Project(at) => ("project", hash(*at)),
        Place::Branch(_, branch) => ("entity_type", json!(branch.entity())),
        Place::Group(_, _, value) => match value.links().first() {
            Some(link) => ("entity", hash(*link)),
            None => ("list", json!(value.as_text())),
        },
        Place::Entity(.., at) => ("entity", hash(*at)),
    };
    json!({"kind": kind, "value": value})
}

fn result(store: &Store, root: &Place, place: &Place) -> Json {
    let line = place.line();
    let below: Vec<&Place> = line.iter().skip_while(|above| *above != root).collect();
    let paths: Vec<String> = below.iter().map(|place| place.path(store)).collect();
    let above = below.len().saturating_sub(1);
    let labels: Vec<String> = below[..above]
        .iter()
        .skip(1)
        .map(|place| place.label(store))
        .collect();
    json!({
        "label": place.label(store),
        "incremental_path": paths,
        "path_label": labels.join(" > "),
        "ref": reference(store, place),
        "project_id": place.project().map(|project| project.id),
    })
}
