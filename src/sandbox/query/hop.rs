//! One step of a path: along a link, or against it.

use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref};

/// A step from a row to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hop {
    /// The type of the rows it leads to.
    pub(super) kind: Kind,
    way: Way,
}

/// Where the targets of a step are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// In this field of the row, which holds one link.
    One(usize),
    /// In this field of the row, which holds any number of links.
    Many(usize),
    /// They link to the row in this field of theirs.
    Against(usize),
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
        let leads_here = schema.field(kind, field).valid_types.contains(&from);
        leads_here.then_some(Self {
            kind,
            way: Way::Against(field),
        })
    }

    /// Whether a row can have more than one target.
    pub(super) fn is_many(self) -> bool {
        !matches!(self.way, Way::One(_))
    }

    /// Where it leads from a row; retired rows are among the targets.
    pub(super) fn targets<'a>(
        self,
        store: &'a Store,
        row: &'a Row,
    ) -> impl Iterator<Item = Ref> + 'a {
        let kind = self.kind;
        let (links, linking) = match self.way {
            Way::One(field) | Way::Many(field) => (row.values[field].links(), &[][..]),
            Way::Against(field) => (&[][..], store.linked(kind, field, row.at)),
        };
        let along = links.iter().copied().filter(move |link| link.kind == kind);
        along.chain(linking.iter().map(move |id| Ref { kind, id: *id }))
    }
}
