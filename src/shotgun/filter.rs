//! Which entities are meant. Filters are values: built, printed, parsed and tested without a server.

mod check;
mod expected;
mod nearest;
mod path;
pub(super) mod relations;
pub(super) mod text;

use std::fmt;

use serde_json::{Value as Json, json};

use crate::shotgun::entity::FieldName;
use crate::shotgun::error::Error;
use crate::shotgun::filter::relations::Relation;
use crate::shotgun::value::Value;

/// A condition on a field, or several joined by *all* or *any*.
///
/// ```
/// use callboard::shotgun::{Filter, Relation, Value};
///
/// let busy = Filter::in_("sg_status_list", ["ip", "rev"]);
/// let mine = Filter::is("project", Value::entity("Project", 70));
/// let late = Filter::new("due_date", Relation::InLast, [Value::from(2), "WEEK".into()]);
/// let filter = Filter::all([mine, Filter::any([busy, late])]);
///
/// let typed: Filter = "sg_cut_in between 1 9".parse()?;
/// assert_eq!(typed, Filter::new("sg_cut_in", Relation::Between, [1, 9]));
/// # Ok::<(), callboard::shotgun::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(pub(super) Node);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Condition {
        path: FieldName,
        relation: Relation,
        values: Vec<Value>,
    },
    Group {
        any: bool,
        filters: Vec<Filter>,
    },
}

impl Filter {
    /// `field` stands in `relation` to `values`.
    pub fn new<V: Into<Value>>(
        field: impl Into<FieldName>,
        relation: Relation,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self(Node::Condition {
            path: field.into(),
            relation,
            values: values.into_iter().map(Into::into).collect(),
        })
    }

    /// `field` is `value`; on a field with many links: has it.
    pub fn is(field: impl Into<FieldName>, value: impl Into<Value>) -> Self {
        Self::new(field, Relation::Is, [value.into()])
    }

    /// `field` is not `value`.
    pub fn is_not(field: impl Into<FieldName>, value: impl Into<Value>) -> Self {
        Self::new(field, Relation::IsNot, [value.into()])
    }

    /// `field` is one of `values`. An empty list is an error when the filter is used: nothing could match it.
    pub fn in_<V: Into<Value>>(
        field: impl Into<FieldName>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::new(field, Relation::In, values)
    }

    /// The text of `field` contains `text`, whatever the case.
    pub fn contains(field: impl Into<FieldName>, text: &str) -> Self {
        Self::new(field, Relation::Contains, [text])
    }

    /// All of `filters` hold. Of none: always true.
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        Self(Node::Group {
            any: false,
            filters: filters.into_iter().collect(),
        })
    }

    /// At least one of `filters` holds.
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Self {
        Self(Node::Group {
            any: true,
            filters: filters.into_iter().collect(),
        })
    }

    /// Says what is wrong with the filter, if the server could only refuse it.
    pub fn check(&self) -> Result<(), Error> {
        match &self.0 {
            Node::Group { filters, .. } => filters.iter().try_for_each(Self::check),
            Node::Condition { path, .. } if path.as_str().is_empty() => {
                Err(Error::bad_filter("it names no field"))
            }
            Node::Condition {
                path,
                relation,
                values,
            } => relation
                .check(values.len())
                .map_err(|reason| Error::bad_filter(format!("`{path} {relation}` {reason}"))),
        }
    }

    /// The form on the wire.
    pub(super) fn to_wire(&self) -> Json {
        match &self.0 {
            Node::Group { any, filters } => group(*any, filters),
            Node::Condition {
                path,
                relation,
                values,
            } => {
                let mut values: Vec<Json> = values.iter().map(Value::to_json).collect();
                if relation.trims() && *path != "id" && values.first().is_some_and(Json::is_object)
                {
                    values.iter_mut().for_each(trim);
                }
                json!({ "path": path, "relation": relation.name(), "values": values })
            }
        }
    }
}

/// The form on the wire of filters that must all hold.
pub(super) fn conditions(filters: &[Filter]) -> Result<Json, Error> {
    filters.iter().try_for_each(Filter::check)?;
    Ok(group(false, filters))
}

fn group(any: bool, filters: &[Filter]) -> Json {
    let conditions: Vec<Json> = filters.iter().map(Filter::to_wire).collect();
    json!({ "logical_operator": if any { "or" } else { "and" }, "conditions": conditions })
}

/// Cuts an entity down to what identifies it, as `shotgun_api3` does.
fn trim(value: &mut Json) {
    const KEPT: [&str; 8] = [
        "id",
        "type",
        "url",
        "name",
        "content_type",
        "local_path",
        "storage",
        "relative_path",
    ];
    if let Json::Object(object) = value
        && object.contains_key("id")
        && object.contains_key("type")
    {
        object.retain(|key, _| KEPT.contains(&key.as_str()));
    }
}

/// The form that [`FromStr`](std::str::FromStr) reads, for people.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Node::Group { any, filters } => {
                f.write_str(if *any { "any(" } else { "all(" })?;
                for (index, filter) in filters.iter().enumerate() {
                    write!(f, "{}{filter}", if index > 0 { "; " } else { "" })?;
                }
                f.write_str(")")
            }
            Node::Condition {
                path,
                relation,
                values,
            } => {
                let values = text::written_all(*relation, values);
                write!(f, "{path} {relation} {values}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_translated_as_the_protocol_says() {
        let filter = [
            Filter::in_("sg_status_list", ["ip", "rev"]),
            Filter::any([
                Filter::contains("code", "sh"),
                Filter::is("assets", Value::entity("Asset", 9)),
            ]),
            Filter::is("image", Value::Null),
        ];
        let expected = json!({"logical_operator": "and", "conditions": [
            {"path": "sg_status_list", "relation": "in", "values": ["ip", "rev"]},
            {"logical_operator": "or", "conditions": [
                {"path": "code", "relation": "contains", "values": ["sh"]},
                {"path": "assets", "relation": "is", "values": [{"type": "Asset", "id": 9}]}]},
            {"path": "image", "relation": "is", "values": [null]}]});
        assert_eq!(conditions(&filter).unwrap(), expected);
        assert_eq!(
            conditions(&[]).unwrap(),
            json!({"logical_operator": "and", "conditions": []})
        );
    }

    #[test]
    fn entities_are_trimmed_where_the_python_client_trims_them() {
        let odd = Value::Json(Box::new(
            json!({"type": "Asset", "id": 9, "link_type": "web", "url": "u", "status": "ip"}),
        ));
        let wire = |field: &str, relation| {
            Filter::new(field, relation, [odd.clone()]).to_wire()["values"][0].clone()
        };
        assert_eq!(
            wire("asset", Relation::Is),
            json!({"type": "Asset", "id": 9, "url": "u"})
        );
        assert_eq!(wire("id", Relation::Is), odd.to_json());
        assert_eq!(wire("asset", Relation::TypeIs), odd.to_json());
    }

    #[test]
    fn an_empty_list_is_refused_here_with_a_reason() {
        let error = conditions(&[Filter::all([Filter::in_("id", Vec::<i64>::new())])]).unwrap_err();
        assert_eq!(
            error.headline(),
            "The filter cannot be used: `id in` has an empty list of values, which nothing could match: leave the condition out, or name a value"
        );
        assert!(
            Filter::new("cut_in", Relation::Between, [1])
                .check()
                .is_err()
        );
    }
}
