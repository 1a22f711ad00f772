//! Field names that lead through links: `entity.Shot.sg_sequence.Sequence.code`, and against them: `$FROM$Task.entity.content`.

use std::borrow::Cow;
use std::collections::HashSet;

use super::hop::Hop;
use crate::sandbox::schema::{EntityType, Family, Schema, Source};
use crate::sandbox::store::{Row, Store};
use crate::sandbox::value::{Kind, Ref, Value};

/// What a name starts with that leads against a link.
const AGAINST: &str = "$FROM$";
/// How many links a name may lead over.
const MOST_HOPS: usize = 8;

/// A resolved field name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    hops: Vec<Hop>,
    /// The type at the end of the path.
    pub kind: Kind,
    /// The field at the end of the path.
    pub field: usize,
    /// Whether the value is in the row itself.
    stored: bool,
    viewer: Ref,
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
    /// Resolves `text` from rows of type `kind` on, for `viewer` to look along. The error says what is wrong with it, as
    /// `Shot.nope doesn't exist.`
    pub fn parse(store: &Store, kind: Kind, text: &str, viewer: Ref) -> Result<Self, String> {
        let schema = store.schema();
        let mut hops = Vec::new();
        let mut kind = kind;
        let mut parts = text.split('.');
        loop {
            let entity = schema.entity(kind);
            let name = parts.next().unwrap_or_default();
            let hop = if let Some(linking) = name.strip_prefix(AGAINST) {
                let field = parts.next().unwrap_or_default();
                let hop = Hop::against(store, kind, linking, field);
                hop.ok_or_else(|| missing(&format!("{}.{name}.{field}", entity.name)))?
            } else {
                let field = entity.field_index(name);
                let field = field.ok_or_else(|| missing(&format!("{}.{name}", entity.name)))?;
                let Some(next) = parts.next() else {
                    let stored = entity.fields[field].source == Source::Row;
                    return Ok(Self {
                        hops,
                        kind,
                        field,
                        stored,
                        viewer,
                    });
                };
                along(schema, entity, field, next)?
            };
            if hops.len() == MOST_HOPS {
                return Err(format!(
                    "{}.{name} is too far away: a field name leads over {MOST_HOPS} links at most.",
                    entity.name
                ));
            }
            kind = hop.kind;
            hops.push(hop);
        }
    }

    /// Whether the field is the row's own.
    pub fn is_direct(&self) -> bool {
        self.hops.is_empty()
    }

    /// The value at the path's end, in the row that the path [reaches](Self::reach).
    pub fn value<'a>(&self, store: &Store, row: &'a Row) -> Cow<'a, Value> {
        if self.stored {
            Cow::Borrowed(&row.values[self.field])
        } else {
            store.value(row, self.field, self.viewer)
        }
    }

    /// Follows the path to the one row that it ends at.
    pub fn reach<'a>(&self, store: &'a Store, row: &'a Row) -> Reached<'a> {
        let mut row = row;
        for hop in &self.hops {
            if hop.is_many() {
                return Reached::Many;
            }
            let target = hop.targets(store, row).next();
            let Some(next) = target.and_then(|link| store.live(link)) else {
                return Reached::Null;
            };
            row = next;
        }
        Reached::Row(row)
    }

    /// Whether `test` holds for a value at the path's end. Where there are many, one is enough.
    ///
    /// A missing link counts as null, but nothing is found through a retired row. However many ways lead to a row, it is
    /// visited once per hop.
    pub fn any(&self, store: &Store, row: &Row, test: &dyn Fn(&Value) -> bool) -> bool {
        let Some((last, before)) = self.hops.split_last() else {
            return test(&self.value(store, row));
        };
        let mut rows = vec![row];
        for hop in before {
            let mut next = Vec::new();
            let found = rows_behind(*hop, store, &rows, test, &mut |row| {
                next.push(row);
                false
            });
            if found {
                return true;
            }
            rows = next;
        }
        let at_end = &mut |row: &Row| test(&self.value(store, row));
        rows_behind(*last, store, &rows, test, at_end)
    }
}

/// Visits the living rows that `hop` leads to from `rows`, each of them once, until `visit` has found something. From where
/// it leads nowhere there is null for `test`.
fn rows_behind<'a>(
    hop: Hop,
    store: &'a Store,
    rows: &[&'a Row],
    test: &dyn Fn(&Value) -> bool,
    visit: &mut dyn FnMut(&'a Row) -> bool,
) -> bool {
    let mut seen = HashSet::new();
    rows.iter().any(|row| {
        let mut targets = hop.targets(store, row).peekable();
        if targets.peek().is_none() {
            return test(&Value::Null);
        }
        // No row has the same link twice, so with one there is nothing to remember.
        targets.any(|link| {
            (rows.len() == 1 || seen.insert(link)) && store.live(link).is_some_and(&mut *visit)
        })
    })
}

/// That something does not exist.
fn missing(what: &str) -> String {
    format!("{what} doesn't exist.")
}

/// The step from `field` of `entity` to rows of the type called `next`.
fn along(schema: &Schema, entity: &EntityType, field: usize, next: &str) -> Result<Hop, String> {
    let definition = &entity.fields[field];
    let nowhere = || missing(&format!("{}.{}.{next}", entity.name, definition.name));
    if definition.data_type.family() != Family::Link {
        return Err(nowhere());
    }
    let target = schema.kind(next).ok_or_else(nowhere)?;
    Ok(Hop::along(field, target, definition.data_type.is_multi()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_what_does_not_exist() {
        let store = Store::new(Schema::studio());
        let shot = store.schema().kind("Shot").unwrap();
        let viewer = Ref { kind: shot, id: 1 };
        let parse = |text| Path::parse(&store, shot, text, viewer);
        assert!(parse("sg_sequence.Sequence.project.Project.name").is_ok());
        assert_eq!(parse("nope"), Err("Shot.nope doesn't exist.".to_owned()));
        assert_eq!(
            parse("sg_sequence.Sequence.nope"),
            Err("Sequence.nope doesn't exist.".to_owned())
        );
        assert_eq!(
            parse("code.Shot.code"),
            Err("Shot.code.Shot doesn't exist.".to_owned())
        );
        assert!(parse("$FROM$Task.entity.content").is_ok());
        assert!(parse("$FROM$Task.entity.step.Step.code").is_ok());
        assert_eq!(
            parse("$FROM$Task.step.content"),
            Err("Shot.$FROM$Task.step doesn't exist.".to_owned())
        );
        assert!(parse("$FROM$Nope.entity.content").is_err());
        assert!(parse("$FROM$Task").is_err());
        assert!(parse("$FROM$Task.entity").is_err());
        assert!(parse("sg_sequence.Nope.code").is_err());
        assert!(parse("sg_sequence.Sequence").is_err());
    }
}
