//! Filters as they come over the wire, checked against the schema.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value as Json;

use super::filter::{Filter, Operand, Test, TextSort, TextTest};
use super::moments::{Unit, Window};
use super::one_of::OneOf;
use super::operand::{expected_but_got, mismatch, operand};
use super::path::Path;
use crate::sandbox::error::Fault;
use crate::sandbox::schema::{DataType, Field, Schema};
use crate::sandbox::store::Store;
use crate::sandbox::value::{Kind, Ref};

/// Turns conditions into a [`Filter`].
#[derive(Debug)]
pub struct Parser<'a> {
    /// What exists.
    pub store: &'a Store,
    /// What `in_last` counts from.
    pub now: Timestamp,
    /// The method that asked; messages name it.
    pub method: &'a str,
    /// Who asked.
    pub viewer: Ref,
}

/// One condition, its field found.
struct Condition<'a> {
    path: Path,
    field: &'a Field,
    /// `Shot.code`, for messages.
    name: String,
    relation: &'a str,
    values: Vec<&'a Json>,
}

impl Condition<'_> {
    /// The values as they came, for messages.
    fn given(&self) -> Json {
        self.values.iter().copied().cloned().collect()
    }
}

impl<'a> Parser<'a> {
    /// The types and fields that conditions can name.
    pub fn schema(&self) -> &'a Schema {
        self.store.schema()
    }

    /// Reads a group of conditions on rows of type `kind`; null holds for every row.
    pub fn group(&self, kind: Kind, group: &Json) -> Result<Filter, Fault> {
        if group.is_null() {
            return Ok(Filter::All(Vec::new()));
        }
        let conditions = group.get("conditions").and_then(Json::as_array);
        let conditions = conditions
            .ok_or_else(|| self.invalid(format!("invalid/missing array 'conditions':\n{group}")))?;
        let parse = |item: &Json| {
            if item.get("conditions").is_some() {
                self.group(kind, item)
            } else {
                self.condition(kind, item)
            }
        };
        let filters = conditions
            .iter()
            .map(parse)
            .collect::<Result<Vec<_>, _>>()?;
        match group.get("logical_operator").and_then(Json::as_str) {
            None | Some("and") => Ok(Filter::All(filters)),
            Some("or") => Ok(Filter::Any(filters)),
            Some(other) => Err(self.invalid(format!("invalid 'logical_operator': {other}"))),
        }
    }

    fn condition(&self, kind: Kind, item: &Json) -> Result<Filter, Fault> {
        let text = |key: &str| item.get(key).and_then(Json::as_str);
        let missing =
            |key: &str| self.invalid(format!("invalid/missing string '{key}' in filter:\n{item}"));
        let name = text("path").ok_or_else(|| missing("path"))?;
        let relation = text("relation").ok_or_else(|| missing("relation"))?;
        let path = Path::parse(self.store, kind, name, self.viewer)
            .map_err(|wrong| self.invalid(wrong))?;
        let field = self.schema().field(path.kind, path.field);
        let name = format!("{}.{}", self.schema().entity(path.kind).name, field.name);
        let values = item
            .get("values")
            .and_then(Json::as_array)
            .map_or_else(Vec::new, |values| values.iter().collect());
        let condition = Condition {
            path,
            field,
            name,
            relation,
            values,
        };
        self.check_relation(&condition)?;
        self.test(condition)
    }

    fn check_relation(&self, condition: &Condition<'_>) -> Result<(), Fault> {
        let Condition {
            field,
            name,
            relation,
            ..
        } = condition;
        let data_type = field.data_type.name();
        let relations = field.data_type.relations();
        if relations.is_empty() {
            return Err(self.invalid(format!(
                "{name}'s '{data_type}' data type cannot be used in a filter."
            )));
        }
        if relations.contains(relation) {
            return Ok(());
        }
        Err(self.invalid(format!(
            "{name}'s '{data_type}' data type doesn't support '{relation}' 'relation'. Valid relations are: {}",
            Json::from(relations)
        )))
    }

    fn test(&self, condition: Condition<'_>) -> Result<Filter, Fault> {
        let (positive, negated) = positive(condition.relation);
        let test = match positive {
            relation if condition.field.data_type == DataType::TagList => {
                self.tags(&condition, relation)?
            }
            "is" => Test::Is(OneOf::new([
                self.operand(&condition, self.first(&condition)?)?
            ])),
            "in" => match self.operands(&condition)? {
                Some(operands) => Test::Is(OneOf::new(operands)),
                None => return Ok(Filter::Nothing),
            },
            "less_than" => Test::Less(self.operand(&condition, self.first(&condition)?)?),
            "greater_than" => Test::Greater(self.operand(&condition, self.first(&condition)?)?),
            "between" => self.between(&condition)?,
            "type_is" => Test::Type(self.type_of(&condition)?),
            "in_last" => self.window(&condition, Window::Last)?,
            "in_next" => self.window(&condition, Window::Next)?,
            "in_calendar_day" => self.window(&condition, Window::Calendar(Unit::Day))?,
            "in_calendar_week" => self.window(&condition, Window::Calendar(Unit::Week))?,
            "in_calendar_month" => self.window(&condition, Window::Calendar(Unit::Month))?,
            "in_calendar_year" => self.window(&condition, Window::Calendar(Unit::Year))?,
            text => self.text(&condition, text)?,
        };
        Ok(Filter::Field {
            path: condition.path,
            test,
            negated,
        })
    }

    fn first<'v>(&self, condition: &Condition<'v>) -> Result<&'v Json, Fault> {
        let none = || {
            self.invalid(format!(
                "{}: '{}' needs a value.",
                condition.name, condition.relation
            ))
        };
        condition.values.first().copied().ok_or_else(none)
    }

    /// One value, as the field would store it.
    fn operand(&self, condition: &Condition<'_>, value: &Json) -> Result<Operand, Fault> {
        operand(self.schema(), condition.field, value).ok_or_else(|| {
            let trouble = mismatch(condition.field.data_type, value);
            self.invalid(format!("{} {trouble}", condition.name))
        })
    }

    /// The values of a list; nothing if one of them is of the wrong sort, because such a list finds no rows.
    fn operands(&self, condition: &Condition<'_>) -> Result<Option<Vec<Operand>>, Fault> {
        self.first(condition)?;
        Ok(condition
            .values
            .iter()
            .map(|value| operand(self.schema(), condition.field, value))
            .collect())
    }

    fn between(&self, condition: &Condition<'_>) -> Result<Test, Fault> {
        let [first, second] = condition.values.as_slice() else {
            return Err(self.not_two(condition));
        };
        let (first, second) = (
            self.operand(condition, first)?,
            self.operand(condition, second)?,
        );
        let swapped = match (&first, &second) {
            (Operand::Number(first), Operand::Number(second)) => first > second,
            (Operand::Text(first), Operand::Text(second)) => first > second,
            _null => false,
        };
        Ok(if swapped {
            Test::Between(second, first)
        } else {
            Test::Between(first, second)
        })
    }

    fn type_of(&self, condition: &Condition<'_>) -> Result<Option<Kind>, Fault> {
        let value = self.first(condition)?;
        let Some(name) = value.as_str() else {
            return if value.is_null() {
                Ok(None)
            } else {
                Err(self.unknown_type(value))
            };
        };
        self.schema()
            .kind(name)
            .map(Some)
            .ok_or_else(|| self.unknown_type(value))
    }

    fn unknown_type(&self, value: &Json) -> Fault {
        self.invalid(format!("invalid/missing string entity 'type': {value}"))
    }

    /// The relations that look into text: that of the field itself, or the names of linked rows.
    fn text(&self, condition: &Condition<'_>, relation: &str) -> Result<Test, Fault> {
        let (of_name, sort) = match relation {
            "name_is" => (true, TextSort::Whole),
            "name_starts_with" => (true, TextSort::Start),
            "name_ends_with" => (true, TextSort::End),
            "starts_with" => (false, TextSort::Start),
            "ends_with" => (false, TextSort::End),
            // Of an addressing, `contains` means the names as well.
            other => (
                other == "name_contains" || condition.field.data_type == DataType::Addressing,
                TextSort::Inside,
            ),
        };
        let value = self.first(condition)?;
        let wrong = || {
            let trouble = expected_but_got("String", value);
            self.invalid(format!("{} {trouble}", condition.name))
        };
        let needle = value.as_str().ok_or_else(wrong)?.to_lowercase();
        let test = TextTest { sort, needle };
        Ok(if of_name {
            Test::Name(test)
        } else {
            Test::Text(test)
        })
    }

    /// The relations of names that stand in the row itself. What `name_id` compares is not written down anywhere: it is taken
    /// for the id of a tag with such a name.
    fn tags(&self, condition: &Condition<'_>, relation: &str) -> Result<Test, Fault> {
        let value = self.first(condition)?;
        if value.is_null() && relation == "is" {
            return Ok(Test::Tags(None));
        }
        if relation == "name_id" {
            return self.tag_of_id(condition, value);
        }
        let sort = if relation == "name_contains" {
            TextSort::Inside
        } else {
            TextSort::Whole
        };
        let wrong = || {
            let trouble = mismatch(condition.field.data_type, value);
            self.invalid(format!("{} {trouble}", condition.name))
        };
        let needle = value.as_str().ok_or_else(wrong)?.trim().to_lowercase();
        Ok(Test::Tags(Some(TextTest { sort, needle })))
    }

    fn tag_of_id(&self, condition: &Condition<'_>, value: &Json) -> Result<Test, Fault> {
        let wrong = || {
            let trouble = expected_but_got("Integer", value);
            self.invalid(format!("{} {trouble}", condition.name))
        };
        let id = u32::try_from(value.as_i64().ok_or_else(wrong)?).unwrap_or_default();
        let kind = self.schema().kind("Tag");
        let tag = kind.and_then(|kind| self.store.live(Ref { kind, id }));
        Ok(match tag {
            Some(tag) => Test::Tags(Some(TextTest {
                sort: TextSort::Whole,
                needle: self.store.display_name(tag).to_lowercase(),
            })),
            // No row has a name that there is not.
            None => Test::Is(OneOf::new([])),
        })
    }

    fn window(&self, condition: &Condition<'_>, window: Window) -> Result<Test, Fault> {
        let (count, unit) = match (window, condition.values.as_slice()) {
            (Window::Calendar(unit), _) => (self.first(condition)?, Some(unit)),
            (Window::Last | Window::Next, [count, unit]) => {
                (*count, unit.as_str().and_then(Unit::parse))
            }
            (Window::Last | Window::Next, _) => return Err(self.not_two(condition)),
        };
        let wrong = || {
            let Condition { name, relation, .. } = condition;
            let values = condition.given();
            self.invalid(format!("{name} '{relation}' cannot count with {values}"))
        };
        let is_calendar = matches!(window, Window::Calendar(_));
        let count = count.as_i64().filter(|count| is_calendar || *count > 0);
        let (count, unit) = count.zip(unit).ok_or_else(wrong)?;
        let (low, high) = window.bounds(self.now, count, unit).ok_or_else(wrong)?;
        let operand = |moment| Operand::Text(wire(condition.field.data_type, moment));
        Ok(Test::Between(operand(low), operand(high)))
    }

    fn not_two(&self, condition: &Condition<'_>) -> Fault {
        let Condition { name, relation, .. } = condition;
        let values = condition.given();
        self.invalid(format!(
            "{name} '{relation}' expects a 2-element array: {values}"
        ))
    }

    fn invalid(&self, message: impl std::fmt::Display) -> Fault {
        Fault::invalid(format!("API {}() {message}", self.method))
    }
}

/// The relation without its "not", and whether it had one.
fn positive(relation: &str) -> (&str, bool) {
    match relation {
        "is_not" => ("is", true),
        "not_in" => ("in", true),
        "type_is_not" => ("type_is", true),
        "name_not_contains" => ("name_contains", true),
        other => other
            .strip_prefix("not_")
            .map_or((other, false), |positive| (positive, true)),
    }
}

/// A moment in the form that the rows have it in.
fn wire(data_type: DataType, moment: DateTime) -> String {
    let form = if data_type == DataType::Date {
        "%Y-%m-%d"
    } else {
        "%Y-%m-%dt%H:%M:%Sz"
    };
    moment.strftime(form).to_string()
}
