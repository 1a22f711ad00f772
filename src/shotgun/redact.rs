//! Keeps secrets out of everything that leaves a call: captures, error texts, traces.
//!
//! Three nets, one behind the other. What we send is captured from the method and its argument, never from the
//! credentials. Fields known to hold secrets are hidden by name. And the client's own secrets are hidden wherever they
//! turn up word for word, also escaped.

use std::borrow::Cow;

use parking_lot::RwLock;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value as Json;

use crate::shotgun::exchange::Captured;

/// What stands in place of a secret.
pub(super) const HIDDEN: &str = "[hidden]";

/// Fields and parameters whose values are nobody's business.
const SECRET_NAMES: [&str; 10] = [
    "api_key",
    "auth_token",
    "password",
    "password_proxy",
    "salted_password",
    "script_key",
    "session_id",
    "session_token",
    "user_password",
    "auth_cookie",
];

/// Parts of an address that let anyone in who has it.
const SIGNED: [&str; 4] = ["signature=", "token=", "sig=", "key="];

/// Headers worth keeping that never hold a secret.
pub(super) const KEPT_HEADERS: [&str; 18] = [
    "accept",
    "accept-encoding",
    "age",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "location",
    "retry-after",
    "server",
    "server-timing",
    "transfer-encoding",
    "user-agent",
    "vary",
    "via",
    "x-request-id",
];

/// Knows the secrets of one client.
#[derive(Default)]
pub(super) struct Redactor {
    /// Each in every spelling it may turn up in; longest first, so that no part of one is left over.
    secrets: RwLock<Vec<SecretString>>,
}

impl Redactor {
    /// From here on `secret` is hidden.
    pub(super) fn add(&self, secret: &SecretString) {
        let mut secrets = self.secrets.write();
        for spelling in spellings(secret.expose_secret()) {
            if !spelling.is_empty()
                && !secrets
                    .iter()
                    .any(|known| known.expose_secret() == spelling)
            {
                secrets.push(spelling.into());
            }
        }
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose_secret().len()));
    }

    /// `text` without the client's secrets.
    pub(super) fn clean<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for secret in &*self.secrets.read() {
            if let Some(replaced) = without(&text, secret.expose_secret()) {
                text = Cow::Owned(replaced);
            }
        }
        text
    }

    /// An argument we are about to send, as people may see it.
    pub(super) fn request_body(&self, mut shown: Json) -> (String, bool) {
        hide(&mut shown);
        cut(self.clean(&shown.to_string()).into_owned(), false)
    }

    /// The beginning of an answer, as people may see it. Empty if it is not text.
    pub(super) fn response_body(&self, body: &[u8], is_text: bool) -> (String, bool) {
        if !is_text {
            return (String::new(), !body.is_empty());
        }
        // A little more than is kept, so that a secret across the edge is seen whole.
        let end = body.len().min(Captured::LIMIT + 4096);
        let text = String::from_utf8_lossy(&body[..end]);
        let mut shown = hide_in_text(&text);
        if !text.trim_start().starts_with(['{', '[', '"']) {
            // The places where files go are told in plain text.
            shown = without_queries(&shown);
        }
        cut(self.clean(&shown).into_owned(), end < body.len())
    }

    /// The value of a header that is kept.
    pub(super) fn header(&self, name: &str, value: &str) -> String {
        let value = if name == "location" {
            Cow::Owned(address(value))
        } else {
            Cow::Borrowed(value)
        };
        self.clean(&value).into_owned()
    }
}

/// An address without user, password and query.
pub(super) fn address(url: &str) -> String {
    let url = crate::shotgun::site::without_authority_userinfo(url);
    url.split_once('?')
        .map_or_else(|| url.clone(), |(path, _query)| format!("{path}?{HIDDEN}"))
}

/// `text` with each address in it without its query.
pub(super) fn without_queries(text: &str) -> String {
    let (mut clean, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("://") {
        let (before, from) = rest.split_at(at);
        let end = from
            .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>'))
            .unwrap_or(from.len());
        clean.push_str(before);
        match from[..end].split_once('?') {
            Some((path, _query)) => clean.extend([path, "?", HIDDEN]),
            None => clean.push_str(&from[..end]),
        }
        rest = &from[end..];
    }
    clean.push_str(rest);
    clean
}

fn cut(mut text: String, mut was_cut: bool) -> (String, bool) {
    if text.len() > Captured::LIMIT {
        let end = text.floor_char_boundary(Captured::LIMIT);
        text.truncate(end);
        was_cut = true;
    }
    (text, was_cut)
}

/// `text` without `secret`, or None if it is not in there. A very short one is only hidden where it stands alone:
/// otherwise the password `a` would leave nothing readable.
fn without(text: &str, secret: &str) -> Option<String> {
    const SHORT: usize = 4;
    if !text.contains(secret) {
        return None;
    }
    if secret.len() >= SHORT {
        return Some(text.replace(secret, HIDDEN));
    }
    let (mut clean, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(secret) {
        let (before, after) = (&rest[..at], &rest[at + secret.len()..]);
        let alone =
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        clean.push_str(before);
        clean.push_str(if alone { HIDDEN } else { secret });
        rest = after;
    }
    clean.push_str(rest);
    Some(clean)
}

/// A secret as it is, in JSON, and in an address.
fn spellings(secret: &str) -> Vec<String> {
    let json = Json::from(secret).to_string();
    let json = json[1..json.len() - 1].to_owned();
    let ascii: String = json
        .chars()
        .flat_map(|c| if c.is_ascii() { vec![c] } else { escaped(c) })
        .collect();
    let slashes = json.replace('/', "\\/");
    let percent = |space: &str, upper: bool| -> String {
        secret
            .bytes()
            .map(|byte| match byte {
                b' ' => space.to_owned(),
                b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
                b if upper => format!("%{b:02X}"),
                b => format!("%{b:02x}"),
            })
            .collect()
    };
    vec![
        secret.to_owned(),
        json,
        ascii,
        slashes,
        percent("%20", true),
        percent("%20", false),
        percent("+", true),
        percent("+", false),
    ]
}

fn escaped(c: char) -> Vec<char> {
    c.encode_utf16(&mut [0; 2])
        .iter()
        .flat_map(|unit| format!("\\u{unit:04x}").chars().collect::<Vec<_>>())
        .collect()
}

/// Whether a field, or the last step of a path to one, holds a secret.
pub(super) fn is_secret(name: &str) -> bool {
    SECRET_NAMES.contains(&name.rsplit('.').next().unwrap_or(name))
}

/// Hides the values of secret fields, in all three ways a request can name a field.
fn hide(json: &mut Json) {
    match json {
        Json::Object(object) => {
            let names_a_secret = ["field_name", "path", "field"].iter().any(|key| {
                object
                    .get(*key)
                    .and_then(Json::as_str)
                    .is_some_and(is_secret)
            });
            for (key, value) in object.iter_mut() {
                if is_secret(key) || (names_a_secret && matches!(key.as_str(), "value" | "values"))
                {
                    *value = HIDDEN.into();
                } else {
                    hide(value);
                }
            }
        }
        Json::Array(list) => list.iter_mut().for_each(hide),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// Hides the values of secret fields, and signatures, in JSON that may be cut or broken: it is only read string by string.
fn hide_in_text(text: &str) -> String {
    let (mut clean, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(open) = rest.find('"') {
        let (string, after) = string_at(&rest[open..]);
        clean.push_str(&rest[..open]);
        rest = after;
        let value = after.trim_start().strip_prefix(':').map(str::trim_start);
        match value {
            Some(value) if is_secret(string.trim_matches('"')) => {
                clean.push_str(string);
                clean.push_str(":\"");
                clean.push_str(HIDDEN);
                clean.push('"');
                rest = after_value(value);
            }
            None if is_signed(string) => {
                clean.push_str(string.split('?').next().unwrap_or_default());
                clean.push('?');
                clean.push_str(HIDDEN);
                clean.push('"');
            }
            Some(_) | None => clean.push_str(string),
        }
    }
    clean.push_str(rest);
    clean
}

fn is_signed(string: &str) -> bool {
    string.starts_with("\"http")
        && string.split_once('?').is_some_and(|(_, query)| {
            let query = query.to_ascii_lowercase();
            SIGNED.iter().any(|part| query.contains(part))
        })
}

/// Splits after the string that `text` begins with, quotes included. One that never ends takes all.
fn string_at(text: &str) -> (&str, &str) {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return text.split_at(at + 1),
            _ => at += 1,
        }
    }
    (text, "")
}

/// What follows the JSON value that `text` begins with.
fn after_value(text: &str) -> &str {
    let (mut rest, mut depth) = (text, 0_usize);
    loop {
        match rest.as_bytes().first() {
            None => return rest,
            Some(b'"') => rest = string_at(rest).1,
            Some(b'{' | b'[') => {
                depth += 1;
                rest = &rest[1..];
            }
            Some(b'}' | b']') if depth > 0 => {
                depth -= 1;
                rest = &rest[1..];
            }
            Some(_) => {
                let end = rest
                    .find(['"', '{', '[', '}', ']', ','])
                    .unwrap_or(rest.len());
                if depth == 0 || end == 0 && !rest.starts_with(',') {
                    return &rest[end..];
                }
                rest = &rest[end.max(1)..];
            }
        }
        if depth == 0 {
            return rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn secrets_are_hidden_in_every_spelling() {
        let redactor = Redactor::default();
        redactor.add(&"p\"ä ss/w".into());
        for text in [
            "p\"ä ss/w",
            r#"p\"ä ss/w"#,
            r#"p\"\u00e4 ss/w"#,
            r#"p\"ä ss\/w"#,
            "p%22%C3%A4%20ss%2Fw",
            "p%22%c3%a4%20ss%2fw",
            "p%22%C3%A4+ss%2Fw",
        ] {
            assert_eq!(redactor.clean(&format!("<{text}>")), "<[hidden]>", "{text}");
        }
        assert!(matches!(redactor.clean("nothing here"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_very_short_secret_does_not_eat_the_text() {
        let redactor = Redactor::default();
        redactor.add(&"a".into());
        assert_eq!(
            redactor.clean("a banana is \"a\""),
            "[hidden] banana is \"[hidden]\""
        );
    }

    #[test]
    fn secret_fields_are_hidden_however_they_are_named() {
        let redactor = Redactor::default();
        let (body, _) = redactor.request_body(json!({"fields": [{"field_name": "password_proxy", "value": "hush"}, {"field_name": "code", "value": "seen"}],
            "filters": {"conditions": [{"path": "user.HumanUser.salted_password", "relation": "is", "values": ["hush"]}]}, "auth_token": "hush"}));
        assert!(!body.contains("hush") && body.contains("seen"), "{body}");
        for answer in [
            r#"{"results": {"session_id" : "hush", "code": "seen"}}"#,
            r#"{"session_id":{"a":["hush"],"b":"hush"},"code":"seen"}"#,
            r#"{"code":"seen","salted_password":"hush\"hush"#,
            r#"[{"password_proxy":null,"code":"seen","session_id":12345}]"#,
            r#"{"image":"https://s3/x.jpg?X-Amz-Signature=hush","code":"seen"}"#,
        ] {
            let (body, _) = redactor.response_body(answer.as_bytes(), true);
            assert!(
                !body.contains("hush") && !body.contains("12345") && body.contains("seen"),
                "{body}"
            );
        }
    }

    #[test]
    fn addresses_in_plain_text_lose_their_queries() {
        assert_eq!(
            without_queries("1\nhttps://s3/a?sig=hush\n'http://h/b' <c://d?e>\n?"),
            "1\nhttps://s3/a?[hidden]\n'http://h/b' <c://d?[hidden]>\n?"
        );
        let redactor = Redactor::default();
        let (body, _) = redactor.response_body(b"1\nhttps://s3/a?sig=hush\n2026", true);
        assert_eq!(body, "1\nhttps://s3/a?[hidden]\n2026");
    }

    #[test]
    fn a_secret_across_the_edge_of_what_is_kept_is_hidden() {
        let redactor = Redactor::default();
        redactor.add(&"hushhushhush".into());
        let body = format!(
            "{}hushhushhush{}",
            "x".repeat(Captured::LIMIT - 4),
            "y".repeat(10_000)
        );
        let (kept, was_cut) = redactor.response_body(body.as_bytes(), true);
        assert!(was_cut && kept.len() <= Captured::LIMIT && !kept.contains("hush"));
    }

    #[test]
    fn addresses_lose_user_and_query() {
        assert_eq!(
            address("https://ann:hush@h/x?sig=1"),
            "https://h/x?[hidden]"
        );
        assert_eq!(address("/x"), "/x");
    }

    proptest! {
        #[test]
        fn hiding_never_panics(text in r#"("|\\|:|,|\{|\}|\[|\]|"session_id"|ä|a|https://x\?sig=|1| ){0,40}"#) {
            hide_in_text(&text);
            without_queries(&text);
        }
    }
}
