//! How values read in tables and panes.

use jiff::tz::TimeZone;

use crate::shotgun::Value;

/// What a person reads in a cell: names of entities, dates with the month's name, times in the local zone.
pub fn text(value: &Value) -> String {
    match value {
        Value::Date(date) => date.strftime("%-d %b %Y").to_string(),
        Value::DateTime(time) => time
            .to_zoned_datetime(TimeZone::system())
            .strftime("%-d %b %Y, %H:%M")
            .to_string(),
        Value::Text(text) => one_line(text),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Null
        | Value::Int(_)
        | Value::Float(_)
        | Value::Entity(_)
        | Value::Entities(_)
        | Value::Json(_) => value.to_string(),
    }
}

/// Rows of a table are one line high.
fn one_line(text: &str) -> String {
    if text.contains(['\n', '\r', '\t']) {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        text.to_owned()
    }
}
