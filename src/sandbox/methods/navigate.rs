//! `nav_expand` and `nav_search`: the site as a tree.

use serde_json::{Value as Json, json};

use super::Call;
use crate::sandbox::coerce;
use crate::sandbox::error::Fault;
use crate::sandbox::store::Store;
use crate::sandbox::tree::Place;
use crate::sandbox::value::Ref;

/// The rows that the tree leads to if the caller does not say.
const USUAL_SEED: (&str, &str) = ("Version", "entity");
/// More than this nobody looks through.
const MOST_FOUND: usize = 100;

/// Answers `nav_expand`: the node at a path, and those right below it.
pub fn expand(store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
    let place = place(store, call, "path")?;
    let seed = seed(store, call);
    let children = place.children(store);
    let children = children.iter().map(|child| node(store, child, &seed));
    let mut children: Vec<Json> = children.collect();
    if children.is_empty() {
        children.extend(nothing(&place));
    }
    let mut node = node(store, &place, &seed);
    node["children"] = json!(children);
    Ok(node)
}

/// Answers `nav_search`: where below a path something is called so, or an entity is.
pub fn search(store: &Store, call: &Call<'_>) -> Result<Json, Fault> {
    let root = place(store, call, "root_path")?;
    let criteria = call.argument["search_criteria"].as_object();
    let criteria = criteria.ok_or_else(|| call.invalid("search_criteria must be a hash"))?;
    let found = match (criteria.get("search_string"), criteria.get("entity")) {
        (Some(Json::String(text)), None) => {
            let text = text.to_lowercase();
            let rows = root.rows(store).into_iter();
            let named = |place: &Place| place.label(store).to_lowercase().contains(&text);
            rows.filter(|place| *place != root && named(place))
                .take(MOST_FOUND)
                .collect()
        }
        (None, Some(entity)) => {
            let at = coerce::reference(store.schema(), entity);
            let row = at.and_then(|at| store.live(at));
            let place = row.and_then(|row| Place::of(store, row));
            place
                .filter(|place| place.is_under(&root))
                .into_iter()
                .collect::<Vec<_>>()
        }
        _neither_or_both => return Err(call.invalid("search_criteria size must be 1")),
    };
    Ok(found
        .iter()
        .map(|place| result(store, &root, place))
        .collect())
}

fn place(store: &Store, call: &Call<'_>, key: &str) -> Result<Place, Fault> {
    let path = call.text(key).unwrap_or_default();
    Place::parse(store, path).map_err(Fault::navigation)
}

/// Type and field of the rows that the tree leads to. What names none is passed over, as on a real site.
fn seed(store: &Store, call: &Call<'_>) -> Json {
    let given = call.text("seed_entity_field").filter(|text| {
        let known = |(entity, field): (&str, &str)| {
            let kind = store.schema().kind(entity)?;
            store.schema().entity(kind).field_index(field)
        };
        text.split_once('.').and_then(known).is_some()
    });
    let (entity, field) = given
        .and_then(|text| text.split_once('.'))
        .unwrap_or(USUAL_SEED);
    json!({"type": entity, "field": field})
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
        "has_children": !matches!(place, Place::Entity(..)),
    })
}

/// What stands below a place where there could be something and is not.
fn nothing(place: &Place) -> Option<Json> {
    let label = match place {
        Place::Site => "Projects",
        Place::Branch(_, branch) | Place::Group(_, branch, _) => branch.label(),
        Place::Project(_) | Place::Entity(..) => return None,
    };
    let empty = json!({"kind": "empty", "value": null});
    Some(json!({"label": format!("No {label}"), "ref": empty, "has_children": false}))
}

/// What a place stands for.
fn reference(store: &Store, place: &Place) -> Json {
    let (kind, value) = match (place.row(), place) {
        (Some(at), _) => ("entity", hash(store, at)),
        (None, Place::Branch(_, branch)) => ("entity_type", json!(branch.entity())),
        (None, Place::Group(_, branch, value)) => match value.as_text() {
            Some(value) => ("list", json!(value)),
            None => ("entity_type", json!(branch.entity())),
        },
        (None, Place::Site | Place::Project(_) | Place::Entity(..)) => ("site", Json::Null),
    };
    json!({"kind": kind, "value": value})
}

fn hash(store: &Store, at: Ref) -> Json {
    json!({"type": store.schema().entity(at.kind).name, "id": at.id})
}

/// A place that was found, with the way to it: as paths from the root of the search on, and as labels from the project on.
fn result(store: &Store, root: &Place, place: &Place) -> Json {
    let line = place.line();
    let from_root = line.iter().skip_while(|above| *above != root);
    let paths: Vec<String> = from_root.map(|above| above.path(store)).collect();
    let above = line.iter().filter(|above| *above != place);
    let labels: Vec<String> = above
        .filter(|above| matches!(above, Place::Branch(..) | Place::Group(..)))
        .map(|above| above.label(store))
        .collect();
    json!({
        "label": place.label(store),
        "incremental_path": paths,
        "path_label": labels.join(" > "),
        "ref": place.row().map(|at| hash(store, at)),
        "project_id": place.project().map(|project| project.id),
    })
}
