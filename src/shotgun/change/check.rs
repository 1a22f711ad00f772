//! How to find out whether a write was done that nobody answered.

use crate::shotgun::change::Change;
use crate::shotgun::entity::{EntityId, FieldName};
use crate::shotgun::filter::Filter;
use crate::shotgun::find::{Find, Order};
use crate::shotgun::redact;
use crate::shotgun::value::Value;

/// More would not help anyone who looks whether something is there.
const ENOUGH: u32 = 10;

impl Change {
    /// What to ask, if asking can tell.
    pub(in crate::shotgun) fn check(&self) -> Option<Find> {
        match self {
            Self::Create {
                entity_type, data, ..
            } => {
                let known: Vec<Filter> = data.iter().filter_map(told_apart).collect();
                // Nothing to tell it apart by: it could be any of them.
                (!known.is_empty()).then(|| {
                    Find::new(entity_type.clone())
                        .filters(known)
                        .fields(names(data))
                        .order(Order::descending("id"))
                        .limit(ENOUGH)
                })
            }
            Self::Update {
                entity_type,
                id,
                data,
                ..
            } => Some(entity(entity_type.as_str(), *id).fields(names(data))),
            Self::Delete { entity_type, id } => Some(entity(entity_type.as_str(), *id)),
        }
    }
}

/// Looks whether an entity is there.
pub(in crate::shotgun) fn entity(entity_type: &str, id: EntityId) -> Find {
    Find::new(entity_type).filter(Filter::is("id", id)).limit(1)
}

fn names(data: &[(FieldName, Value)]) -> impl Iterator<Item = FieldName> + '_ {
    data.iter().map(|(field, _)| field.clone())
}

/// A filter for a value that was to be set, where one can be filtered for.
fn told_apart((field, value): &(FieldName, Value)) -> Option<Filter> {
    let is_comparable = match value {
        Value::Text(_)
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Date(_)
        | Value::DateTime(_)
        | Value::Entity(_) => !redact::is_secret(field.as_str()),
        // Rounded, read back in another form, or said by what is absent.
        Value::Float(_) | Value::Null | Value::Entities(_) | Value::Json(_) => false,
    };
    // A site strips text, and makes nothing of what is empty.
    let value = if let Value::Text(text) = value {
        Value::from(text.trim())
    } else {
        value.clone()
    };
    let is_comparable = is_comparable && value.as_str() != Some("");
    is_comparable.then(|| Filter::is(field.clone(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: &Change) -> String {
        change
            .check()
            .map(|find| find.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn a_check_asks_for_what_the_write_would_have_left() {
        let project = Value::entity("Project", 70);
        let data = [
            ("code", "SH0100".into()),
            ("project", project),
            ("sg_ratio", 1.5.into()),
        ];
        for (change, expected) in [
            (
                Change::create("Shot", &data, &[]),
                "Shot where code is SH0100 and project is Project:70",
            ),
            (
                Change::update("Shot", 7, &[("code", "b".into())]),
                "Shot where id is 7",
            ),
            (Change::delete("Shot", 7), "Shot where id is 7"),
            (
                Change::create(
                    "Shot",
                    &[("code", " a ".into()), ("description", " ".into())],
                    &[],
                ),
                "Shot where code is a",
            ),
            (Change::create("Shot", &[("sg_ratio", 1.5.into())], &[]), ""),
            (
                Change::create("HumanUser", &[("password_proxy", "hush".into())], &[]),
                "",
            ),
        ] {
            assert_eq!(check(&change), expected);
        }
    }
}
