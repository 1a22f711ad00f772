//! One step of a path: along a link, or against it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref};

/// A step from a row to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hop {
    /// The type of the rows it leads to.
    pub(super) kind: Kind,
    way: Way,
}

/// How a step finds its targets.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// They are in this field, which holds one link.
    One(usize),
    /// They are in this field, which holds any number of links.
    Many(usize),
    /// They have a link to the row: who links to which id. Gathered once, when the path is read.
    Against(Arc<BTreeMap<u32, Vec<Ref>>>),
}

impl Hop {
    /// The step along the links in `field` to rows of type `kind`.
    pub(super) fn along(field: usize, kind: Kind, many: bool) -> Self {
        let way = if many {
            Way::Many(field)
        } else {
            Way::One(field)
        };
        Self { kind, way }
    }

    /// The step from rows of type `from` to the rows of the type called `linking` whose field `name` leads to them. Nothing if
    /// there is no such field, or it cannot lead there.
    pub(super) fn against(store: &Store, from: Kind, linking: &str, name: &str) -> Option<Self> {
        let schema = store.schema();
        let kind = schema.kind(linking)?;
        let field = schema.entity(kind).field_index(name)?;
        let definition = schema.field(kind, field);
        if !definition.valid_types.contains(&from) {
            return None;
        }
        // Where both ends of a link are fields, the other end has what is looked for.
        if let Some(end) = schema.other_end(definition, from) {
            return Some(Self::along(end, kind, true));
        }
        let mut linked: BTreeMap<u32, Vec<Ref>> = BTreeMap::new();
        for row in store.rows(kind) {
            let targets = row.values[field].links().iter();
            for target in targets.filter(|target| target.kind == from) {
                linked.entry(target.id).or_default().push(row.at);
            }
        }
        let way = Way::Against(Arc::new(linked));
        Some(Self { kind, way })
    }

    /// Whether a row can have more than one target.
    pub(super) fn is_many(&self) -> bool {
        !matches!(self.way, Way::One(_))
    }

    /// Where it leads from a row; retired rows are among the targets.
    pub(super) fn targets<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = Ref> + 'a {
        let links = match &self.way {
            Way::One(field) | Way::Many(field) => row.values[*field].links(),
            Way::Against(linked) => linked.get(&row.at.id).map_or(&[][..], Vec::as_slice),
        };
        let links = links.iter().copied();
        links.filter(|link| link.kind == self.kind)
    }
}
