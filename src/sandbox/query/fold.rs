//! Text compared without case, and without copying it where it is ASCII.

use std::borrow::Cow;
use std::cmp::Ordering;

/// `text` in lower case; the same text if it is in lower case already.
pub fn lower(text: &str) -> Cow<'_, str> {
    let is_lower = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if text.bytes().all(is_lower) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase())
    }
}

/// How `text` stands to `lower`, which is in lower case: before it, equal to it or after it.
pub fn compare(text: &str, lower: &str) -> Ordering {
    if text.is_ascii() {
        let bytes = text.bytes().map(|byte| byte.to_ascii_lowercase());
        bytes.cmp(lower.bytes())
    } else {
        text.to_lowercase().as_str().cmp(lower)
    }
}

/// Whether `text` is `lower`, which is in lower case.
pub fn equal(text: &str, lower: &str) -> bool {
    if text.is_ascii() {
        text.eq_ignore_ascii_case(lower)
    } else {
        text.to_lowercase() == lower
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lower_already_is_not_copied() {
        assert!(matches!(lower("sh_010"), Cow::Borrowed("sh_010")));
        assert_eq!(lower("SH_010"), "sh_010");
        assert_eq!(lower("Einöde É"), "einöde é");
    }

    #[test]
    fn the_order_is_that_of_lower_case_letters() {
        for (text, other) in [("A", "b"), ("b", "A"), ("Ä", "z"), ("Z", "ä"), ("ab", "AB")] {
            let expected = text.to_lowercase().cmp(&other.to_lowercase());
            assert_eq!(compare(text, &other.to_lowercase()), expected);
            assert_eq!(equal(text, &other.to_lowercase()), expected.is_eq());
        }
    }
}
