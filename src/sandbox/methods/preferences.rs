//! `preferences_read`: settings of the site that everybody may know.

use serde_json::{Map, Value as Json, json};

use super::Call;
use crate::sandbox::error::Fault;

/// Answers it: the settings that are named, or all. A name that there is not is left out.
pub fn read(call: &Call<'_>) -> Result<Json, Fault> {
    let names = &call.argument["prefs"];
    let read = |name: &Json| name.as_str().map(str::to_owned);
    let wanted: Option<Vec<String>> = if names.is_null() {
        Some(Vec::new())
    } else {
        names
            .as_array()
            .and_then(|names| names.iter().map(read).collect())
    };
    let wanted =
        wanted.ok_or_else(|| call.invalid(format!("invalid array of strings 'prefs': {names}")))?;
    let mut all = all();
    all.retain(|name, _| wanted.is_empty() || wanted.contains(name));
    Ok(Json::Object(all))
}

fn all() -> Map<String, Json> {
    let all = [
        ("creative_review_settings", json!("")),
        ("date_component_order", json!("month_day")),
        ("duration_units", json!("days")),
        ("enable_rv_integration", json!(true)),
        ("enable_shotgun_review_for_rv", json!(false)),
        ("format_currency_fields_decimal_options", json!("$1,000.99")),
        ("format_currency_fields_display_dollar_sign", json!(false)),
        ("format_currency_fields_negative_options", json!("- $1,000")),
        (
            "format_date_fields",
            json!("08/04/22 OR 04/08/22 (depending on the Month order preference)"),
        ),
        ("format_float_fields", json!("9,999.99")),
        ("format_float_fields_rounding", json!("9.999999")),
        ("format_footage_fields", json!("10-05")),
        ("format_number_fields", json!("1,000")),
        ("format_time_hour_fields", json!("12 hour")),
        ("hours_per_day", json!(8.0)),
        ("support_local_storage", json!(true)),
        (
            "view_master_settings",
            json!({"status_groups": []}).to_string().into(),
        ),
    ];
    all.into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
