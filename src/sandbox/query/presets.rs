//! `additional_filter_presets`: what the site finds out beyond plain filters, such as the newest version of each shot.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::filter::Filter;
use crate::sandbox::error::Fault;
use crate::sandbox::schema::{CREATED_AT, EntityType};
use crate::sandbox::store::{Row, Store};
use crate::sandbox::tree::Place;
use crate::sandbox::value::{Kind, Ref, Value};

/// What stands higher is later.
type Rank<'a> = (f64, &'a str, u32);

/// A preset whose names and values have been understood.
enum Preset {
    /// Of all rows with the same link, the one with the highest rank.
    Latest(By),
    /// The versions of the shots of this cut.
    CutShotVersions(u32),
    /// What leads in this field to something at a place of the site's tree, or below it.
    NavEntries(usize, Place),
}

/// What makes a row the latest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    CreatedAt,
    StepThenCreatedAt,
    /// The number in this field; rows that share the highest one are all there.
    VersionNumber,
    RevisionNumber,
}

/// Filters that let through what each preset of `argument` lets through, from rows of type `kind`.
pub fn filters(store: &Store, kind: Kind, argument: &Json) -> Result<Vec<Filter>, Fault> {
    let presets = &argument["additional_filter_presets"];
    let Some(presets) = presets.as_array() else {
        return if presets.is_null() {
            Ok(Vec::new())
        } else {
            Err(invalid("invalid/missing array", presets))
        };
    };
    let entity = store.schema().entity(kind);
    let presets = presets
        .iter()
        .map(|item| Preset::parse(store, entity, item))
        .collect::<Result<Vec<_>, _>>()?;
    let latest = presets
        .iter()
        .filter(|preset| matches!(preset, Preset::Latest(_)))
        .count();
    if latest > 1 {
        return Err(invalid(
            "'LATEST' is given more than once in",
            &argument["additional_filter_presets"],
        ));
    }
    Ok(presets
        .iter()
        .map(|preset| Filter::Ids(preset.ids(store, kind)))
        .collect())
}

fn invalid(message: &str, given: &Json) -> Fault {
    Fault::invalid(format!(
        "API read() {message} 'additional_filter_presets':\n{given}"
    ))
}

impl Preset {
    fn parse(store: &Store, entity: &EntityType, item: &Json) -> Result<Self, Fault> {
        if !item.is_object() {
            return Err(invalid("an item is no hash in", item));
        }
        let name = item.get("preset_name").and_then(Json::as_str);
        let name = name.ok_or_else(|| invalid("invalid/missing string 'preset_name' in", item))?;
        match (entity.name, name) {
            ("Version" | "PublishedFile" | "Cut", "LATEST") => {
                let by = item.get("latest_by").and_then(Json::as_str);
                let by = by.and_then(|by| By::parse(entity.name, by));
                by.map(Self::Latest)
                    .ok_or_else(|| invalid("invalid/missing string 'latest_by' in", item))
            }
            ("Version", "CUT_SHOT_VERSIONS") => {
                let cut = item.get("cut_id").and_then(Json::as_u64);
                let cut = cut.and_then(|id| u32::try_from(id).ok());
                cut.map(Self::CutShotVersions)
                    .ok_or_else(|| invalid("invalid/missing integer 'cut_id' in", item))
            }
            (_any, "NAV_ENTRIES") => {
                let nav = Self::nav_entries(store, entity, item);
                nav.ok_or_else(|| invalid("invalid/missing 'path' or 'seed' in", item))
            }
            _unknown => Err(invalid(
                &format!("{} has no preset '{name}' for", entity.name),
                item,
            )),
        }
    }

    fn nav_entries(store: &Store, entity: &EntityType, item: &Json) -> Option<Self> {
        let place = Place::parse(store, item.get("path")?.as_str()?).ok()?;
        let seed = item.get("seed")?;
        let field = entity.field_index(seed.get("field")?.as_str()?)?;
        (*seed.get("type")? == entity.name).then_some(Self::NavEntries(field, place))
    }

    /// The ids of the rows of type `kind` that the preset lets through.
    fn ids(&self, store: &Store, kind: Kind) -> BTreeSet<u32> {
        match self {
            Self::Latest(by) => latest(store, kind, *by),
            Self::CutShotVersions(cut) => cut_shot_versions(store, *cut).unwrap_or_default(),
            Self::NavEntries(field, place) => nav_entries(store, kind, *field, place),
        }
    }
}

impl By {
    fn parse(entity: &str, name: &str) -> Option<Self> {
        match (entity, name) {
            ("Version" | "PublishedFile", "ENTITIES_CREATED_AT") => Some(Self::CreatedAt),
            ("Version", "BY_PIPELINE_STEP_NUMBER_AND_ENTITIES_CREATED_AT") => {
                Some(Self::StepThenCreatedAt)
            }
            ("PublishedFile", "VERSION_NUMBER") => Some(Self::VersionNumber),
            ("Cut", "REVISION_NUMBER") => Some(Self::RevisionNumber),
            _unknown => None,
        }
    }

    fn rank<'a>(self, store: &Store, row: &'a Row) -> Rank<'a> {
        let number = match self {
            Self::CreatedAt => 0.0,
            Self::StepThenCreatedAt => step_order(store, row).unwrap_or(f64::MIN),
            Self::VersionNumber => number(store, row, "version_number").unwrap_or(f64::MIN),
            Self::RevisionNumber => number(store, row, "revision_number").unwrap_or(f64::MIN),
        };
        if self == Self::VersionNumber {
            return (number, "", 0);
        }
        (
            number,
            row.values[CREATED_AT].as_text().unwrap_or_default(),
            row.at.id,
        )
    }
}

/// For each row that anything links to in `entity`, the highest ranking one that does. What links to nothing is not among them.
fn latest(store: &Store, kind: Kind, by: By) -> BTreeSet<u32> {
    let mut best: BTreeMap<Ref, (Rank<'_>, Vec<u32>)> = BTreeMap::new();
    for row in store.rows(kind).iter().filter(|row| !row.retired) {
        let Some(subject) = value(store, row, "entity").and_then(|value| value.links().first())
        else {
            continue;
        };
        let rank = by.rank(store, row);
        let (highest, ids) = best.entry(*subject).or_insert_with(|| (rank, Vec::new()));
        if rank > *highest {
            *highest = rank;
            ids.clear();
        }
        if rank >= *highest {
            ids.push(row.at.id);
        }
    }
    best.into_values().flat_map(|(_, ids)| ids).collect()
}

/// The `list_order` of the step of a version's task.
fn step_order(store: &Store, version: &Row) -> Option<f64> {
    let task = store.live(*value(store, version, "sg_task")?.links().first()?)?;
    let step = store.live(*value(store, task, "step")?.links().first()?)?;
    number(store, step, "list_order")
}

fn cut_shot_versions(store: &Store, cut: u32) -> Option<BTreeSet<u32>> {
    let kind = store.schema().kind("Cut")?;
    let cut = store.live(Ref { kind, id: cut })?;
    let items = value(store, cut, "cut_items")?.links().iter();
    let items = items.filter_map(|item| store.live(*item));
    let shots = items.filter_map(|item| value(store, item, "shot")?.links().first());
    let shots = shots.filter_map(|shot| store.live(*shot));
    let versions = shots.filter_map(|shot| value(store, shot, "sg_versions"));
    Some(
        versions
            .flat_map(Value::links)
            .map(|version| version.id)
            .collect(),
    )
}

fn nav_entries(store: &Store, kind: Kind, field: usize, place: &Place) -> BTreeSet<u32> {
    let leads_there = |row: &&Row| {
        let targets = row.values[field].links().iter();
        let mut targets = targets.filter_map(|target| Place::of(store, store.live(*target)?));
        targets.any(|target| target.is_under(place))
    };
    let rows = store.rows(kind).iter().filter(leads_there);
    rows.map(|row| row.at.id).collect()
}

fn value<'a>(store: &Store, row: &'a Row, name: &str) -> Option<&'a Value> {
    let field = store.schema().entity(row.at.kind).field_index(name)?;
    row.values.get(field)
}

fn number(store: &Store, row: &Row, name: &str) -> Option<f64> {
    value(store, row, name)?.as_number()
}
