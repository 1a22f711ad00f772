//! From a reply to a value or an error: status, kind of content, the site's own faults, and the decoder's one pass.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value as Json;
use serde_json::de::Read;

use crate::shotgun::call::plain::Plain;
use crate::shotgun::decode::Text;
use crate::shotgun::error::Error;
use crate::shotgun::redact::{Redactor, address};
use crate::shotgun::request::Reply;

/// A decoder's reason may quote what it met, which may be an answer as a whole.
const LONGEST_REASON: usize = 400;

/// What a call's reply says, decoded by `seed`.
pub(in crate::shotgun) fn read<T, S>(
    reply: &Reply,
    host: &Arc<str>,
    redactor: &Redactor,
    seed: S,
) -> Result<T, Error>
where
    S: for<'de> DeserializeSeed<'de, Value = T> + Clone,
{
    check_status(reply, host, redactor)?;
    check_content(reply, host)?;
    decode(&reply.body, redactor, seed)
}

/// What a call's reply says that is answered with text, such as a table; only refusals come as JSON.
pub(in crate::shotgun) fn text(
    reply: &Reply,
    host: &Arc<str>,
    redactor: &Redactor,
) -> Result<String, Error> {
    check_status(reply, host, redactor)?;
    let body = &reply.body;
    let kind = kind(reply);
    let is_json = kind.ends_with("json") || kind.ends_with("javascript");
    // A refusal may come without a type; no table begins like it.
    if is_json || kind.is_empty() && body.trim_ascii_start().starts_with(b"{") {
        let json = decode(body, redactor, Plain::<Json>::new())?;
        let text = json.as_str().map(ToOwned::to_owned);
        return Ok(text.unwrap_or_else(|| json.to_string()));
    }
    if is_page(reply) {
        check_content(reply, host)?;
    }
    let text = str::from_utf8(body).map_err(|error| Error::decode(error.to_string()))?;
    Ok(text.to_owned())
}

/// What a call's reply says of which nobody knows beforehand whether it is JSON.
pub(in crate::shotgun) fn either(
    reply: &Reply,
    host: &Arc<str>,
    redactor: &Redactor,
) -> Result<Json, Error> {
    let kind = kind(reply);
    if kind.starts_with("text/") && !kind.ends_with("javascript") {
        return text(reply, host, redactor).map(Json::String);
    }
    read(reply, host, redactor, Plain::new())
}

/// Whether the status is that of an answer.
pub(in crate::shotgun) fn check_status(
    reply: &Reply,
    host: &Arc<str>,
    redactor: &Redactor,
) -> Result<(), Error> {
    let not_shotgun = |what: String| {
        Err(Error::NotShotgun {
            host: Arc::clone(host),
            what: redactor.clean(&what).into(),
        })
    };
    match reply.status {
        200..=299 => Ok(()),
        300..=399 => not_shotgun(format!(
            "it redirects to {}",
            reply
                .header("location")
                .map_or_else(|| "nowhere".into(), address)
        )),
        401 => Err(Error::Unauthorized {
            message: "HTTP 401".into(),
            code: None,
        }),
        403 => Err(Error::Forbidden {
            message: said(reply, redactor),
        }),
        407 => Err(Error::Proxy {
            reason: "it wants a user name and a password (HTTP 407)".into(),
        }),
        413 => Err(Error::Rejected {
            message: "the request is too large (HTTP 413)".into(),
            code: None,
        }),
        429 => Err(Error::RateLimited {
            retry_after: retry_after(reply),
        }),
        status @ 500..=599 => Err(Error::Server { status }),
        status => not_shotgun(format!("it answers HTTP {status} where calls should go")),
    }
}

fn check_content(reply: &Reply, host: &Arc<str>) -> Result<(), Error> {
    let kind = kind(reply);
    let is_json = kind.is_empty()
        || kind.ends_with("json")
        || kind == "text/javascript"
        || kind == "application/javascript";
    let what = match (is_json, is_page(reply)) {
        (_, true) => "it answers with a web page".into(),
        (false, false) => format!("it answers with `{kind}`").into(),
        (true, false) => return Ok(()),
    };
    Err(Error::NotShotgun {
        host: Arc::clone(host),
        what,
    })
}

/// The type of the content, without its parameters.
fn kind(reply: &Reply) -> String {
    let content_type = reply.header("content-type").unwrap_or_default();
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.to_ascii_lowercase()
}

fn is_page(reply: &Reply) -> bool {
    kind(reply) == "text/html" || reply.body.trim_ascii_start().starts_with(b"<")
}

/// The server's own words, if they are few and plain.
pub(in crate::shotgun) fn said(reply: &Reply, redactor: &Redactor) -> Arc<str> {
    let end = reply.body.len().min(2000);
    let text = String::from_utf8_lossy(&reply.body[..end]);
    let line = text.trim().lines().next().unwrap_or_default();
    if line.is_empty() || line.starts_with(['<', '{']) || line.len() > 300 {
        format!("HTTP {}", reply.status).into()
    } else {
        redactor.clean(line).into()
    }
}

/// How long the server wants to be left alone, if it says so.
pub(in crate::shotgun) fn retry_after(reply: &Reply) -> Option<Duration> {
    until(reply.header("retry-after")?.trim(), Timestamp::now())
}

/// Either form of `Retry-After`, seen from `now`: seconds, or a date.
fn until(text: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    // What has passed needs no waiting.
    Some(
        date.duration_since(now)
            .max(SignedDuration::ZERO)
            .unsigned_abs(),
    )
}

/// What the JSON of a reply says.
pub(in crate::shotgun) fn decode<T, S>(
    body: &[u8],
    redactor: &Redactor,
    seed: S,
) -> Result<T, Error>
where
    S: for<'de> DeserializeSeed<'de, Value = T> + Clone,
{
    if body.trim_ascii().is_empty() {
        return Err(Error::decode("it is empty"));
    }
    match whole(body, Envelope(seed.clone())) {
        Ok(Content::Results(value)) => Ok(value),
        Ok(Content::Fault(fault)) => Err(fault.into_error(redactor)),
        Ok(Content::Bare) => whole(body, seed).map_err(|error| json_error(&error, body, redactor)),
        // Not an object, or `results` did not hold what we asked for: perhaps because of a fault told further on.
        Err(error) => match whole(body, Envelope(IgnoredSeed)) {
            Ok(Content::Fault(fault)) => Err(fault.into_error(redactor)),
            Ok(Content::Results(()) | Content::Bare) => Err(json_error(&error, body, redactor)),
            Err(_) if body.trim_ascii_start().starts_with(b"{") => {
                Err(json_error(&error, body, redactor))
            }
            Err(_) => whole(body, seed).map_err(|error| json_error(&error, body, redactor)),
        },
    }
}

fn whole<'de, S: DeserializeSeed<'de>>(
    body: &'de [u8],
    seed: S,
) -> Result<S::Value, serde_json::Error> {
    // Looking once whether all of it is UTF-8 is faster than looking at each text, but does not tell where it is not.
    match str::from_utf8(body) {
        Ok(text) => read_whole(serde_json::Deserializer::from_str(text), seed),
        Err(_) => read_whole(serde_json::Deserializer::from_slice(body), seed),
    }
}

fn read_whole<'de, R: Read<'de>, S: DeserializeSeed<'de>>(
    mut deserializer: serde_json::Deserializer<R>,
    seed: S,
) -> Result<S::Value, serde_json::Error> {
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

fn json_error(error: &serde_json::Error, body: &[u8], redactor: &Redactor) -> Error {
    // Rows tell where they were when the parser stopped; what made it stop, a second look tells.
    let broken = whole(body, IgnoredSeed).err();
    if broken.as_ref().is_some_and(serde_json::Error::is_eof) {
        return Error::Truncated {
            received: body.len() as u64,
        };
    }
    let text = error.to_string();
    let text = text.replace("recursion limit exceeded", "it is nested too deeply");
    let text = if broken.is_some() {
        format!("it is not JSON ({text})")
    } else {
        text
    };
    let mut text = redactor.clean(&text).into_owned();
    if text.len() > LONGEST_REASON {
        text.truncate(text.floor_char_boundary(LONGEST_REASON));
        text.push('…');
    }
    Error::decode(text)
}

/// What an answer consists of.
enum Content<T> {
    Results(T),
    Fault(Fault),
    /// No `results`: the object itself is the value.
    Bare,
}

/// A refusal by the site, told with HTTP 200.
struct Fault {
    message: String,
    code: Option<i64>,
}

impl Fault {
    fn into_error(self, redactor: &Redactor) -> Error {
        let Self { message, code } = self;
        // Sites put line breaks and markup into some messages.
        let message = message.replace("<br>", " ");
        let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
        let message: Arc<str> = redactor.clean(&message).into();
        match code {
            Some(102 | 106 | 108 | 110) => Error::Unauthorized { message, code },
            _ => Error::Rejected { message, code },
        }
    }
}

struct Envelope<S>(S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Envelope<S> {
    type Value = Content<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for Envelope<S> {
    type Value = Content<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut seed, mut results) = (Some(self.0), None);
        let (mut exception, mut message, mut code) = (false, Json::Null, Json::Null);
        while let Some(Text(key)) = map.next_key::<Text<'de>>()? {
            match (&*key, seed.take()) {
                ("results", Some(seed)) => results = Some(map.next_value_seed(seed)?),
                (key, unused) => {
                    seed = unused;
                    match key {
                        "exception" => exception = map.next_value::<Json>()? == Json::Bool(true),
                        "message" => message = map.next_value()?,
                        "error_code" => code = map.next_value()?,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
            }
        }
        if exception {
            let message = message
                .as_str()
                .map_or_else(|| message.to_string(), ToOwned::to_owned);
            return Ok(Content::Fault(Fault {
                message,
                code: code.as_i64(),
            }));
        }
        Ok(results.map_or(Content::Bare, Content::Results))
    }
}

#[derive(Clone)]
struct IgnoredSeed;

impl<'de> DeserializeSeed<'de> for IgnoredSeed {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        IgnoredAny::deserialize(deserializer).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shotgun::call::plain::Plain;

    fn reply(status: u16, content_type: &str, body: &str) -> Reply {
        let headers = vec![
            ("content-type".into(), content_type.into()),
            (
                "location".into(),
                "https://ann:pw@other/login?token=hush".into(),
            ),
        ];
        Reply {
            status,
            headers,
            body: body.into(),
        }
    }

    fn headline(reply: &Reply) -> String {
        read(
            reply,
            &"h:80".into(),
            &Redactor::default(),
            Plain::<u32>::new(),
        )
        .unwrap_err()
        .headline()
    }

    #[test]
    fn an_answer_counts_with_and_without_results() {
        for body in ["{\"results\": 7}", "7", "{\"x\":1,\"results\":7,\"y\":{}}"] {
            assert_eq!(
                read(
                    &reply(200, "application/json; charset=utf-8", body),
                    &"h".into(),
                    &Redactor::default(),
                    Plain::<u32>::new()
                )
                .unwrap(),
                7
            );
        }
    }

    #[test]
    fn what_is_not_an_answer_gets_one_clear_sentence() {
        let json = "application/json";
        for (reply, expected) in [
            (
                reply(200, "text/html", "<html>"),
                "h:80 is not a Shotgun site: it answers with a web page",
            ),
            (
                reply(200, json, "  <!doctype html>"),
                "h:80 is not a Shotgun site: it answers with a web page",
            ),
            (
                reply(200, "image/png", "x"),
                "h:80 is not a Shotgun site: it answers with `image/png`",
            ),
            (
                reply(302, json, ""),
                "h:80 is not a Shotgun site: it redirects to https://other/login?[hidden]",
            ),
            (
                reply(404, json, ""),
                "h:80 is not a Shotgun site: it answers HTTP 404 where calls should go",
            ),
        ] {
            assert_eq!(headline(&reply), expected);
        }
    }

    #[test]
    fn a_server_may_say_how_long_or_until_when_to_leave_it_alone() {
        let now = "2026-03-01T10:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("7", Some(7)),
            ("0", Some(0)),
            ("Sun, 01 Mar 2026 10:01:30 GMT", Some(90)),
            ("Sun, 01 Mar 2026 09:00:00 GMT", Some(0)),
            ("-3", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(
                until(text, now),
                expected.map(Duration::from_secs),
                "{text}"
            );
        }
    }

    #[test]
    fn what_the_site_refuses_or_garbles_gets_one_clear_sentence() {
        let json = "application/json";
        for (reply, expected) in [
            (
                reply(503, json, ""),
                "The server has trouble of its own: HTTP 503 (down for maintenance, or too busy)",
            ),
            (reply(429, json, ""), "The site asks us to slow down"),
            (
                reply(403, json, "API access is blocked"),
                "Access is denied: API access is blocked",
            ),
            (
                reply(200, json, ""),
                "The answer makes no sense: it is empty",
            ),
            (
                reply(200, json, "{\"results\": "),
                "The answer was cut off after 12 bytes",
            ),
            (
                reply(200, json, "{\"results\": nope}"),
                "The answer makes no sense: it is not JSON (expected ident at line 1 column 14)",
            ),
            (
                reply(
                    200,
                    json,
                    "{\"exception\": true, \"message\": \"API read() Shot.nope doesn't exist.<br>\\n\", \"error_code\": 103}",
                ),
                "The site refused the request: API read() Shot.nope doesn't exist.",
            ),
            (
                reply(
                    200,
                    json,
                    "{\"results\":null,\"exception\":true,\"message\":\"no\",\"error_code\":102}",
                ),
                "The site does not let us in: no",
            ),
        ] {
            assert_eq!(headline(&reply), expected);
        }
        assert!(
            headline(&reply(200, json, "{\"results\": \"x\"}"))
                .starts_with("The answer makes no sense: invalid type: string \"x\", expected u32")
        );
    }
}
