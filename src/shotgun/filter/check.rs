//! Filters and questions against what the site knows, before anything is sent.

use crate::shotgun::entity::FieldName;
use crate::shotgun::error::Error;
use crate::shotgun::filter::expected::{Expected, kind};
use crate::shotgun::filter::path::resolve;
use crate::shotgun::filter::relations::{Relation, of_type};
use crate::shotgun::filter::text::written;
use crate::shotgun::filter::{Filter, Node};
use crate::shotgun::find::Find;
use crate::shotgun::schema::{FieldSchema, Schema};
use crate::shotgun::value::Value;

/// An error shows at most this much of a value.
const LONGEST_VALUE: usize = 60;

impl Filter {
    /// Says what is wrong with the filter on entities of a type: a field that is not there, an operator that does not go with
    /// its data type, a value of another kind. What the schema does not tell of passes. Nothing is sent. In a list of values
    /// a site takes one of another kind and finds nothing; here that is a mistake as well.
    ///
    /// A [`Schema`] comes from [`Client::schema_read`](crate::shotgun::Client::schema_read); the fields of one type are enough for
    /// paths that stay within it: `Schema::from([("Shot".into(), fields)])`.
    ///
    /// ```
    /// use callboard::shotgun::{Filter, FieldSchema, Schema};
    ///
    /// let code = FieldSchema { name: "code".into(), data_type: "text".into(), ..FieldSchema::default() };
    /// let schema = Schema::from([("Shot".into(), [("code".into(), code)].into())]);
    ///
    /// let filter: Filter = "cod is sh010".parse()?;
    /// let error = filter.check_against("Shot", &schema).unwrap_err();
    /// assert_eq!(error.headline(), "The filter cannot be used: there is no field `cod` of Shot; did you mean `code`?");
    /// # Ok::<(), callboard::shotgun::Error>(())
    /// ```
    pub fn check_against(&self, entity_type: &str, schema: &Schema) -> Result<(), Error> {
        self.check()?;
        self.check_known(entity_type, schema)
            .map_err(Error::bad_filter)
    }

    fn check_known(&self, entity_type: &str, schema: &Schema) -> Result<(), String> {
        match &self.0 {
            Node::Group { filters, .. } => filters
                .iter()
                .try_for_each(|filter| filter.check_known(entity_type, schema)),
            Node::Condition {
                path,
                relation,
                values,
            } => resolve(path.as_str(), entity_type, schema)?.map_or(Ok(()), |field| {
                check_condition(path, field, *relation, values)
            }),
        }
    }
}

fn check_condition(
    path: &FieldName,
    field: &FieldSchema,
    relation: Relation,
    values: &[Value],
) -> Result<(), String> {
    let data_type = &field.data_type;
    let Some(relations) = of_type(data_type) else {
        return Ok(());
    };
    if relations.is_empty() {
        return Err(format!(
            "`{path}` is of type {data_type}, which no filter can look into"
        ));
    }
    if !relations.split(' ').any(|name| name == relation.name()) {
        return Err(format!(
            "`{path}` is of type {data_type}, which does not go with `{relation}`; the operators that do are {}",
            relations.replace(' ', ", ")
        ));
    }
    let expected = Expected::of(data_type, relation);
    expected.refused(values).map_or(Ok(()), |value| {
        Err(format!(
            "`{path} {relation}` takes {}, not {} ({}); `{path}` is of type {data_type}",
            expected.name(),
            kind(value),
            shown(value),
        ))
    })
}

fn shown(value: &Value) -> String {
    let mut text = written(value);
    if text.len() > LONGEST_VALUE {
        text.truncate(text.floor_char_boundary(LONGEST_VALUE));
        text.push('…');
    }
    text
}

impl Find {
    /// Says what is wrong with the question: its filters as [`Filter::check_against`] does, and fields to answer with or to
    /// sort by that are not there, which a site ignores without a word. What the schema does not tell of passes.
    pub fn check(&self, schema: &Schema) -> Result<(), Error> {
        let entity_type = self.entity_type().as_str();
        for filter in self.conditions() {
            filter.check_against(entity_type, schema)?;
        }
        let wrong = |reason: String| Error::bad_filter(reason);
        for field in self.return_fields() {
            resolve(field.as_str(), entity_type, schema).map_err(wrong)?;
        }
        for order in self.sorting() {
            let path = &order.field;
            let field = resolve(path.as_str(), entity_type, schema).map_err(wrong)?;
            if field.is_some_and(|field| &*field.data_type == "pivot_column") {
                return Err(wrong(format!(
                    "`{path}` is a pivot column, which cannot be sorted by"
                )));
            }
        }
        Ok(())
    }
}
