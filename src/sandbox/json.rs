//! Requests as JSON, nested as deep as a site takes it and no deeper.

use serde::Deserialize as _;
use serde_json::Value as Json;

/// How deep a request may be nested. A group of a filter takes two levels, so this is enough for 265 of them, the most that a
/// live site was seen to take, and little enough for the stack of a thread.
const DEEPEST: usize = 600;

/// Reads a request. The error says what is wrong with it.
pub fn parse(body: &[u8]) -> Result<Json, String> {
    if depth(body) > DEEPEST {
        return Err(format!("it is nested deeper than {DEEPEST} levels"));
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    reader.disable_recursion_limit();
    let read = Json::deserialize(&mut reader);
    let read = read.and_then(|json| reader.end().map(|()| json));
    read.map_err(|error| error.to_string())
}

/// How many brackets are open at the deepest place.
fn depth(body: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut bytes = body.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b'"' => skip_string(&mut bytes),
            _other => {}
        }
    }
    deepest
}

/// Goes on behind the quote that ends a string.
fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => _ = bytes.next(),
            _other => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_within_strings_do_not_count() {
        assert_eq!(depth(br#"{"a": ["[[[", "\"[[\\", {}]}"#), 3);
        assert_eq!(depth(b"]]] 1"), 0);
    }

    #[test]
    fn what_is_nested_too_deep_is_refused_and_the_rest_is_read() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(parse(nested(DEEPEST).as_bytes()).is_ok());
        let error = parse(nested(DEEPEST + 1).as_bytes()).unwrap_err();
        assert_eq!(error, "it is nested deeper than 600 levels");
        assert!(parse(b"{} x").is_err() && parse(b"{").is_err() && parse(b"").is_err());
    }
}
