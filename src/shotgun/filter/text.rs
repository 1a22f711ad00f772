//! Filters as people type them: `FIELD OPERATOR VALUE`.
//!
//! A value is a number, `true`, `false`, `null`, a date, `Type:id`, text (in quotes if it would be mistaken for one of
//! those, or holds a comma in a list), or JSON. Lists are separated by commas, the two ends of `between` by a blank as well.

use std::str::FromStr;

use crate::shotgun::entity::EntityRef;
use crate::shotgun::error::Error;
use crate::shotgun::filter::Filter;
use crate::shotgun::filter::expected::UNITS;
use crate::shotgun::filter::relations::{Arity, Relation};
use crate::shotgun::value::Value;

impl FromStr for Filter {
    type Err = Error;

    /// Reads `FIELD OPERATOR VALUE`, such as `code contains 'SH 01'`, `id in 1,2,3` or `project is Project:70`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (field, rest) = word(text);
        let (operator, rest) = word(rest);
        if field.is_empty() || operator.is_empty() {
            return Err(Error::bad_filter(format!(
                "`{}` is not FIELD OPERATOR VALUE",
                text.trim()
            )));
        }
        let relation: Relation = operator.parse()?;
        let values = values(relation, rest.trim())
            .map_err(|reason| Error::bad_filter(format!("`{field} {operator}` {reason}")))?;
        let filter = Self::new(field, relation, values);
        filter.check()?;
        Ok(filter)
    }
}

/// The first word, and the rest.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

fn values(relation: Relation, text: &str) -> Result<Vec<Value>, String> {
    if text.is_empty() {
        return Err("is followed by no value".into());
    }
    if text.starts_with(['{', '[']) {
        return json(text);
    }
    match relation.arity() {
        Arity::One => Ok(vec![single(text)?]),
        Arity::Many => split(text, |c| c == ',')?
            .iter()
            .map(|item| single(item))
            .collect(),
        Arity::Two => split(text, |c| c == ',' || c.is_whitespace())?
            .iter()
            .map(|item| single(item))
            .collect(),
        Arity::Span => {
            let mut parts = split(text, |c| c == ',' || c.is_whitespace())?;
            if let Some(unit) = parts.get_mut(1) {
                *unit = known_unit(unit)?;
            }
            parts.iter().map(|item| single(item)).collect()
        }
    }
}

fn known_unit(text: &str) -> Result<String, String> {
    let upper = text.trim_matches(['\'', '"']).to_ascii_uppercase();
    let unit = upper.strip_suffix('S').unwrap_or(&upper);
    UNITS
        .iter()
        .find(|known| **known == unit)
        .map(|known| (*known).to_owned())
        .ok_or_else(|| format!("has no unit `{text}`; the units are {}", UNITS.join(", ")))
}

/// A JSON list is a list of values; a JSON object is one value.
fn json(text: &str) -> Result<Vec<Value>, String> {
    let json: serde_json::Value = serde_json::from_str(text)
        .map_err(|error| format!("is followed by broken JSON: {error}"))?;
    if let serde_json::Value::Array(list) = json {
        return Ok(list.into_iter().map(Value::from).collect());
    }
    Ok(vec![Value::from(json)])
}

/// Cuts at `separator`, but not within quotes. Quotes stay on.
fn split(text: &str, separator: impl Fn(char) -> bool) -> Result<Vec<String>, String> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    for c in text.chars() {
        let at_start = parts.last().is_none_or(|part| part.trim().is_empty());
        match quote {
            Some(open) if c == open => quote = None,
            None if at_start && matches!(c, '\'' | '"') => quote = Some(c),
            None if separator(c) => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    if quote.is_some() {
        return Err("has a quote that is never closed".into());
    }
    Ok(parts
        .into_iter()
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect())
}

fn single(text: &str) -> Result<Value, String> {
    if let Some(inner) = quoted(text)? {
        return Ok(Value::from(inner));
    }
    Ok(match text {
        "null" | "None" => Value::Null,
        "true" | "True" => Value::Bool(true),
        "false" | "False" => Value::Bool(false),
        _ => number(text)
            .or_else(|| entity(text))
            .unwrap_or_else(|| Value::parse(text)),
    })
}

fn quoted(text: &str) -> Result<Option<&str>, String> {
    let Some(open) = text.chars().next().filter(|c| matches!(c, '\'' | '"')) else {
        return Ok(None);
    };
    let inner = text.get(1..).and_then(|rest| rest.strip_suffix(open));
    inner
        .map(Some)
        .ok_or_else(|| "has a quote that is never closed".into())
}

/// Digits with an optional sign and fraction: not `inf`, `nan` or `1e5`, which people mean as text.
fn number(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit())
        || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    {
        return None;
    }
    text.parse().map(Value::Int).ok().or_else(|| {
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.map(Value::Float)
    })
}

/// `Project:70`.
fn entity(text: &str) -> Option<Value> {
    let (entity_type, id) = text.split_once(':')?;
    let is_type = entity_type.starts_with(|c: char| c.is_ascii_uppercase())
        && entity_type.bytes().all(|b| b.is_ascii_alphanumeric());
    let id: u64 = is_type.then(|| id.parse().ok())??;
    Some(EntityRef::new(entity_type, id).into())
}

/// Values as this module would read them: plain if that reads back, as JSON otherwise.
pub(in crate::shotgun) fn written_all(relation: Relation, values: &[Value]) -> String {
    let plain: Vec<_> = values.iter().map(written).collect();
    let plain = plain.join(", ");
    if self::values(relation, &plain).is_ok_and(|read| read == values) {
        return plain;
    }
    let list: Vec<_> = values.iter().map(Value::to_json).collect();
    serde_json::Value::Array(list).to_string()
}

/// A value as this module would read it, if there is a plain way to write it.
pub(in crate::shotgun) fn written(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Text(text)
            if single(text).is_ok_and(|read| read == *value)
                && !text.contains(',')
                && !text.is_empty()
                && text.trim() == &**text =>
        {
            text.to_string()
        }
        Value::Text(text) if text.contains('\'') => format!("\"{text}\""),
        Value::Text(text) => format!("'{text}'"),
        Value::Entity(entity) => format!("{}:{}", entity.entity_type, entity.id),
        // With a point, or it would be read as a whole number.
        Value::Float(number) => format!("{number:?}"),
        Value::Bool(_) | Value::Int(_) | Value::Date(_) | Value::DateTime(_) => value.to_string(),
        Value::Entities(_) | Value::Json(_) => value.to_json().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Filter {
        text.parse().unwrap()
    }

    #[test]
    fn what_people_type_means_what_they_mean() {
        assert_eq!(
            read("sg_status_list is ip"),
            Filter::is("sg_status_list", "ip")
        );
        assert_eq!(
            read("  code   contains 'SH 01' "),
            Filter::contains("code", "SH 01")
        );
        assert_eq!(
            read("code contains SH 01"),
            Filter::contains("code", "SH 01")
        );
        assert_eq!(read("code is '42'"), Filter::is("code", "42"));
        assert_eq!(
            read("cut_in between 1 9"),
            Filter::new("cut_in", Relation::Between, [1, 9])
        );
        assert_eq!(
            read("cut_in between 1, 9"),
            Filter::new("cut_in", Relation::Between, [1, 9])
        );
        assert_eq!(read("id in 1,2,3"), Filter::in_("id", [1, 2, 3]));
        assert_eq!(
            read("code in 'a, b', c"),
            Filter::in_("code", ["a, b", "c"])
        );
        assert_eq!(
            read("project is Project:70"),
            Filter::is("project", Value::entity("Project", 70))
        );
        assert_eq!(
            read(r#"project is {"type":"Project","id":70}"#),
            Filter::is("project", Value::entity("Project", 70))
        );
        assert_eq!(read("id in [1, 2]"), Filter::in_("id", [1, 2]));
        assert_eq!(
            read("due_date in_last 2 weeks"),
            Filter::new(
                "due_date",
                Relation::InLast,
                [Value::from(2), "WEEK".into()]
            )
        );
        assert_eq!(read("image is null"), Filter::is("image", Value::Null));
        assert_eq!(read("ratio is -1.5"), Filter::is("ratio", -1.5));
        assert_eq!(read("ok is true"), Filter::is("ok", true));
        assert_eq!(
            read("due is 2026-03-01"),
            Filter::is("due", Value::parse("2026-03-01"))
        );
        assert_eq!(read("code is it's"), Filter::is("code", "it's"));
        assert_eq!(read("code is 1.2.3"), Filter::is("code", "1.2.3"));
    }

    #[test]
    fn mistakes_are_answered_with_what_would_be_right() {
        for (text, expected) in [
            ("code", "`code` is not FIELD OPERATOR VALUE"),
            ("", "`` is not FIELD OPERATOR VALUE"),
            (
                "code like x",
                "there is no operator `like`; the operators are is, is_not, less_than",
            ),
            ("code is", "`code is` is followed by no value"),
            ("code is 'x", "`code is` has a quote that is never closed"),
            ("cut between 1", "`cut between` takes two values, both ends"),
            (
                "due in_last 2 fortnights",
                "`due in_last` has no unit `fortnights`; the units are HOUR, DAY, WEEK, MONTH, YEAR",
            ),
            ("id in ,", "`id in` has an empty list of values"),
            ("id in []", "`id in` has an empty list of values"),
            (
                "project is {\"type\"",
                "`project is` is followed by broken JSON",
            ),
        ] {
            let headline = text.parse::<Filter>().unwrap_err().headline();
            assert!(headline.contains(expected), "{text}: {headline}");
        }
    }

    #[test]
    fn a_text_of_one_blank_reads_back() {
        // Found by the property below.
        let filter = Filter::in_("f", [Value::from(" "), Value::from(0)]);
        assert_eq!(read(&filter.to_string()), filter);
    }

    #[test]
    fn what_has_no_plain_form_is_printed_as_json_and_reads_back() {
        for (value, expected) in [
            (Value::from(2.0), "f is 2.0"),
            (Value::from(1e300), "f is [1e+300]"),
            (Value::from("it's \"so\""), r#"f is it's "so""#),
            (Value::from("[x"), r#"f is ["[x"]"#),
            (
                Value::Entities(vec![EntityRef::new("Asset", 9)]),
                r#"f is [[{"id":9,"type":"Asset"}]]"#,
            ),
        ] {
            let filter = Filter::is("f", value);
            assert_eq!(filter.to_string(), expected);
            assert_eq!(read(expected), filter);
        }
        let filter = Filter::in_("f", ["'a \"b\", c", "d"]);
        assert_eq!(filter.to_string(), r#"f in ["'a \"b\", c","d"]"#);
        assert_eq!(read(&filter.to_string()), filter);
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,60}") {
            text.parse::<Filter>().ok();
        }

        #[test]
        fn reading_values_never_panics(operator in 0..Relation::ALL.len(), value in "\\PC{0,30}") {
            format!("f {} {value}", Relation::ALL[operator]).parse::<Filter>().ok();
        }

        #[test]
        fn what_is_printed_reads_back(text in "[a-zA-Z0-9 :,.-]{0,12}", number in any::<i32>()) {
            let filter = Filter::in_("f", [Value::from(text.as_str()), Value::from(number)]);
            prop_assert_eq!(filter.to_string().parse::<Filter>().unwrap(), filter);
        }
    }
}
