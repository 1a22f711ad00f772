//! Summaries and groupings as people type them.

use std::fmt;
use std::str::FromStr;

use super::nearest::{did_you_mean, nearest};
use crate::shotgun::Grouping;

/// What can be worked out of a field.
const SUMMARIES: [&str; 14] = [
    "record_count",
    "count",
    "sum",
    "maximum",
    "minimum",
    "average",
    "earliest",
    "latest",
    "percentage",
    "status_percentage",
    "status_percentage_as_float",
    "status_list",
    "checked",
    "unchecked",
];

/// How alike the values of a group can be.
const GROUPINGS: [&str; 17] = [
    "exact",
    "tens",
    "hundreds",
    "thousands",
    "tensofthousands",
    "hundredsofthousands",
    "millions",
    "day",
    "week",
    "month",
    "quarter",
    "year",
    "clustered_date",
    "oneday",
    "fivedays",
    "entitytype",
    "firstletter",
];

/// A field and what to work out of it: `sg_cut_duration:sum`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    field: String,
    summary: &'static str,
}

impl Asked {
    pub(super) fn pair(&self) -> (&str, &str) {
        (&self.field, self.summary)
    }
}

impl FromStr for Asked {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some((field, summary)) if !field.is_empty() => Ok(Self {
                field: field.to_owned(),
                summary: known("summary", summary, &SUMMARIES)?,
            }),
            _ => Err("write it like id:count, a field and a summary".to_owned()),
        }
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.field, self.summary)
    }
}

/// `due_date`, `due_date:week` or `due_date:week:desc`.
pub(super) fn grouping(text: &str) -> Result<Grouping, String> {
    let parts: Vec<&str> = text.split(':').collect();
    let (field, how, direction) = match parts[..] {
        [field] => (field, "exact", "asc"),
        [field, how] => (field, how, "asc"),
        [field, how, direction] => (field, how, direction),
        _ => ("", "", ""),
    };
    if field.is_empty() {
        return Err("write it like due_date:week:desc, or due_date alone".to_owned());
    }
    let descending = known("direction", direction, &["asc", "desc"])? == "desc";
    Ok(Grouping {
        field: field.into(),
        how: known("grouping", how, &GROUPINGS)?.into(),
        descending,
    })
}

fn known(what: &str, word: &str, words: &[&'static str]) -> Result<&'static str, String> {
    if let Some(known) = words.iter().find(|known| **known == word) {
        return Ok(known);
    }
    let near = nearest(word, words.iter().map(|known| (*known, *known)));
    let choice = if near.is_empty() {
        format!(" Choose one of {}", words.join(", "))
    } else {
        did_you_mean(&near)
    };
    Err(format!("`{word}` is no {what}.{choice}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_a_field_and_a_known_word() {
        let asked: Asked = "sg_sequence.Sequence.sg_frames:sum".parse().unwrap();
        assert_eq!(asked.pair(), ("sg_sequence.Sequence.sg_frames", "sum"));
        assert_eq!(asked.to_string(), "sg_sequence.Sequence.sg_frames:sum");
        for (wrong, why) in [
            ("", "like id:count"),
            ("id", "like id:count"),
            (":count", "like id:count"),
            ("id:", "Choose one of record_count"),
            ("id:cuont", "`cuont` is no summary. Did you mean `count`"),
            ("id:count:sum", "`count:sum` is no summary"),
        ] {
            let error = wrong.parse::<Asked>().unwrap_err();
            assert!(error.contains(why), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_grouping_needs_a_field_only() {
        for (text, how, descending) in [
            ("due_date", "exact", false),
            ("due_date:week", "week", false),
            ("due_date:week:asc", "week", false),
            ("due_date:month:desc", "month", true),
        ] {
            let expected = Grouping {
                field: "due_date".into(),
                how: how.into(),
                descending,
            };
            assert_eq!(grouping(text), Ok(expected), "{text}");
        }
        for (wrong, why) in [
            ("", "like due_date:week:desc"),
            (":week", "like due_date:week:desc"),
            ("a:week:asc:more", "like due_date:week:desc"),
            ("a:fortnight", "Choose one of exact"),
            ("a:weeks", "Did you mean `week`?"),
            ("a:week:down", "`down` is no direction"),
        ] {
            let error = grouping(wrong).unwrap_err();
            assert!(error.contains(why), "{wrong}: {error}");
        }
    }
}
