//! Sort keys in sixteen bytes: most comparisons need no more, and no text has to be fetched for them.

use super::sort::Key;

/// Texts up to this length are in a digest as a whole.
const WHOLE: usize = 14;

/// The beginning of a [`Key`]. Digests that differ are in the order of their keys.
///
/// From the highest byte on: the sort of key, then the number in a form that orders as bits do, or the first bytes of the text. The
/// lowest byte is the length of the text, so far as it matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Digest(u128);

impl Digest {
    pub(super) fn of(key: &Key<'_>) -> Self {
        let content = match key {
            Key::Number(number) => u128::from(ordered(*number)) << 56,
            Key::Text(text) => {
                let bytes = text.as_bytes();
                let mut first = [0; 16];
                let length = bytes.len().min(WHOLE);
                first[1..=length].copy_from_slice(&bytes[..length]);
                first[15] = bytes.len().min(WHOLE + 1) as u8;
                u128::from_be_bytes(first)
            }
            Key::Null => 0,
        };
        Self(u128::from(key.rank()) << 120 | content)
    }

    /// Whether keys with this digest are equal.
    pub(super) fn is_whole(self) -> bool {
        self.0 as u8 <= WHOLE as u8
    }

    /// What sorts the other way round.
    pub(super) fn reversed(self) -> Self {
        Self(!self.0)
    }
}

/// Bits that order as [`f64::total_cmp`] does.
fn ordered(number: f64) -> u64 {
    let bits = number.to_bits();
    if number.is_sign_negative() {
        !bits
    } else {
        bits | 1 << 63
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn digests_order_as_their_keys_do() {
        let texts = [
            "",
            "\0",
            "a",
            "a\0",
            "a\0b",
            "ab",
            "fourteen bytes",
            "fourteen bytes\0",
            "fourteen bytes and more",
            "fourteen bytes and most",
            "öde",
            "夜間飛行の夜",
        ];
        let numbers = [f64::NEG_INFINITY, -1.5, -0.0, 0.0, 1e-300, 2.0, 1e300];
        let texts = texts.map(|text| Key::Text(Cow::Borrowed(text)));
        let keys = numbers.map(Key::Number).into_iter().chain(texts);
        let keys: Vec<Key<'_>> = keys.chain([Key::Null]).collect();
        for left in &keys {
            for right in &keys {
                let (one, other) = (Digest::of(left), Digest::of(right));
                let order = one.cmp(&other);
                assert_eq!(order.reverse(), one.reversed().cmp(&other.reversed()));
                if order.is_ne() || one.is_whole() {
                    assert_eq!(order, left.compare(right), "{left:?} {right:?}");
                }
            }
        }
    }
}
