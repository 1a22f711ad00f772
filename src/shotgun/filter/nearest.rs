//! The name that somebody probably meant.

/// Longer names are no slips of the finger.
const LONGEST: usize = 64;

/// The name out of `known` that takes the fewest changed letters to reach from `name`, if those are few.
pub(in crate::shotgun) fn nearest<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let allowed = (name.chars().count() / 3).max(1);
    known
        .into_iter()
        .filter(|known| known.len() <= LONGEST)
        .map(|known| (distance(name, known), known))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// How many letters must be put in, left out or replaced; upper and lower case count as the same.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().flat_map(char::to_lowercase).collect();
    let mut line: Vec<usize> = (0..=to.len()).collect();
    for (row, from) in from.chars().flat_map(char::to_lowercase).enumerate() {
        let mut diagonal = line[0];
        line[0] = row + 1;
        for (column, to) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = line[column + 1];
            line[column + 1] = replaced.min(diagonal + 1).min(line[column] + 1);
        }
    }
    line[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_changed_letters() {
        for (from, to, expected) in [
            ("", "", 0),
            ("code", "code", 0),
            ("Code", "code", 0),
            ("cod", "code", 1),
            ("codee", "code", 1),
            ("kitten", "sitting", 3),
            ("", "abc", 3),
            ("ä", "a", 1),
        ] {
            assert_eq!(distance(from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn only_a_name_that_is_near_is_proposed() {
        let known = ["code", "description", "sg_cut_in", "sg_cut_out"];
        for (name, expected) in [
            ("cdoe", None),
            ("coed", None),
            ("cod", Some("code")),
            ("CODE", Some("code")),
            ("descriptoin", Some("description")),
            ("sg_cut_ni", Some("sg_cut_in")),
            ("xyzzy", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
    }
}
