//! What somebody may have meant by a name that nobody knows.

/// How alike two names must be, from 0 to 1. Below it, a suggestion puzzles more than it helps.
const ALIKE: f64 = 0.8;
/// How much less alike than the best one others may be.
const CLOSE: f64 = 0.1;
/// How many suggestions are read rather than skipped.
const MOST: usize = 3;

/// The names most like `wanted`, best first, at most three. Each candidate is a name and what people call the same thing;
/// either may be what was meant.
pub(super) fn nearest<'a>(
    wanted: &str,
    candidates: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Vec<&'a str> {
    let wanted = plain(wanted);
    let mut ranked: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|(name, called)| {
            let alike = |text: &str| strsim::jaro_winkler(&wanted, &plain(text));
            (alike(name).max(alike(called)), name)
        })
        .filter(|(alike, _)| *alike >= ALIKE)
        .collect();
    ranked.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let best = ranked.first().map_or(0.0, |(alike, _)| *alike);
    ranked.retain(|(alike, _)| *alike >= best - CLOSE);
    ranked
        .into_iter()
        .take(MOST)
        .map(|(_, name)| name)
        .collect()
}

/// `Did you mean a, b or c?`, with a blank in front; nothing where nothing is near.
pub(super) fn did_you_mean(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => format!(" Did you mean {only}?"),
        Some((last, others)) => format!(" Did you mean {} or {last}?", others.join(", ")),
    }
}

/// Without what people leave out or write differently: case, separators, and the mark of a site's own fields.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let lower = lower.strip_prefix("sg_").unwrap_or(&lower);
    lower.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [(&str, &str); 7] = [
        ("code", "Shot Code"),
        ("description", "Description"),
        ("id", "Id"),
        ("sg_cut_duration", "Cut Duration"),
        ("sg_cut_in", "Cut In"),
        ("sg_cut_out", "Cut Out"),
        ("sg_status_list", "Status"),
    ];

    #[test]
    fn slips_and_names_that_people_use_find_the_field() {
        for (wanted, meant) in [
            ("cdoe", "code"),
            ("CODE", "code"),
            ("cut_in", "sg_cut_in"),
            ("Cut Duration", "sg_cut_duration"),
            ("sg_status", "sg_status_list"),
            ("descripton", "description"),
        ] {
            let found = nearest(wanted, FIELDS);
            assert_eq!(found.first(), Some(&meant), "{wanted}");
            assert!(found.len() <= MOST, "{found:?}");
        }
    }

    #[test]
    fn who_says_exactly_what_people_call_it_hears_nothing_else() {
        assert_eq!(nearest("Cut In", FIELDS), ["sg_cut_in"]);
    }

    #[test]
    fn what_is_like_nothing_suggests_nothing() {
        for wanted in ["", "zzz", "月", "thumbnail"] {
            assert_eq!(nearest(wanted, FIELDS), [""; 0], "{wanted}");
        }
    }

    #[test]
    fn suggestions_read_as_a_question() {
        assert_eq!(did_you_mean(&[]), "");
        assert_eq!(did_you_mean(&["a"]), " Did you mean `a`?");
        assert_eq!(
            did_you_mean(&["a", "b", "c"]),
            " Did you mean `a`, `b` or `c`?"
        );
    }
}
