//! Field names that lead through links: `entity.Shot.sg_sequence.Sequence.code`.

use std::borrow::Cow;

use crate::sandbox::schema::{Family, Schema};
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref, Value};

/// A resolved field name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    hops: Vec<Hop>,
    /// The type at the end of the path.
    pub kind: Kind,
    /// The field at the end of the path.
    pub field: usize,
    viewer: Ref,
}

/// One step: through a link field to rows of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hop {
    field: usize,
    kind: Kind,
    multi: bool,
}

/// Where a path ends for one row.
#[derive(Debug)]
pub enum Reached<'a> {
    /// At this row.
    Row(&'a Row),
    /// At a link that is null or leads to another type.
    Null,
    /// At a field with many links: there is no one value.
    Many,
}

impl Path {
    /// Resolves `text` from rows of type `kind` on, for `viewer` to look along. The error is what does not exist, as
    /// `Shot.nope`.
    pub fn parse(schema: &Schema, kind: Kind, text: &str, viewer: Ref) -> Result<Self, String> {
        let mut hops = Vec::new();
        let mut kind = kind;
        let mut parts = text.split('.');
        let mut name = parts.next().unwrap_or_default();
        loop {
            let entity = schema.entity(kind);
            let missing = || format!("{}.{name}", entity.name);
            let field = entity.field_index(name).ok_or_else(missing)?;
            let Some(next) = parts.next() else {
                return Ok(Self {
                    hops,
                    kind,
                    field,
                    viewer,
                });
            };
            let definition = &entity.fields[field];
            if definition.data_type.family() != Family::Link {
                return Err(format!("{}.{text}", entity.name));
            }
            kind = schema
                .kind(next)
                .ok_or_else(|| format!("{}.{name}.{next}", entity.name))?;
            hops.push(Hop {
                field,
                kind,
                multi: definition.data_type.is_multi(),
            });
            name = parts
                .next()
                .ok_or_else(|| format!("{}.{text}", entity.name))?;
        }
    }

    /// Whether the field is the row's own.
    pub fn is_direct(&self) -> bool {
        self.hops.is_empty()
    }

    /// The value at the path's end, in the row that the path [reaches](Self::reach).
    pub fn value<'a>(&self, store: &Store, row: &'a Row) -> Cow<'a, Value> {
        store.value(row, self.field, self.viewer)
    }

    /// Follows the path to the one row that it ends at.
    pub fn reach<'a>(&self, store: &'a Store, row: &'a Row) -> Reached<'a> {
        let mut row = row;
        for hop in &self.hops {
            if hop.multi {
                return Reached::Many;
            }
            let target = row.values[hop.field]
                .links()
                .first()
                .filter(|link| link.kind == hop.kind);
            let Some(next) = target.and_then(|link| store.live(*link)) else {
                return Reached::Null;
            };
            row = next;
        }
        Reached::Row(row)
    }

    /// Whether `test` holds for a value at the path's end. Where there are many, one is enough.
    ///
    /// A missing link counts as null, but nothing is found through a retired row.
    pub fn any(&self, store: &Store, row: &Row, test: &dyn Fn(&Value) -> bool) -> bool {
        self.any_from(&self.hops, store, row, test)
    }

    fn any_from(
        &self,
        hops: &[Hop],
        store: &Store,
        row: &Row,
        test: &dyn Fn(&Value) -> bool,
    ) -> bool {
        let Some((hop, rest)) = hops.split_first() else {
            return test(&self.value(store, row));
        };
        let mut targets = row.values[hop.field]
            .links()
            .iter()
            .filter(|link| link.kind == hop.kind)
            .peekable();
        if targets.peek().is_none() {
            return test(&Value::Null);
        }
        targets.any(|link| {
            store
                .live(*link)
                .is_some_and(|row| self.any_from(rest, store, row, test))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_what_does_not_exist() {
        let schema = Schema::studio();
        let shot = schema.kind("Shot").unwrap();
        let viewer = Ref { kind: shot, id: 1 };
        let parse = |text| Path::parse(&schema, shot, text, viewer);
        assert!(parse("sg_sequence.Sequence.project.Project.name").is_ok());
        assert_eq!(parse("nope"), Err("Shot.nope".to_owned()));
        assert_eq!(
            parse("sg_sequence.Sequence.nope"),
            Err("Sequence.nope".to_owned())
        );
        assert_eq!(
            parse("code.Shot.code"),
            Err("Shot.code.Shot.code".to_owned())
        );
        assert!(parse("sg_sequence.Nope.code").is_err());
        assert!(parse("sg_sequence.Sequence").is_err());
    }
}
