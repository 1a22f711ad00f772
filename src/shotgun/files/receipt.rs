//! What a form is answered with: a line or a few of text, whose first character says whether it was done.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::shotgun::call::answer;
use crate::shotgun::call::plain::Plain;
use crate::shotgun::entity::EntityId;
use crate::shotgun::error::Error;
use crate::shotgun::redact::{Redactor, without_queries};
use crate::shotgun::request::Reply;

/// The text of a form's answer, if it is good. The kind of content says nothing: sites call such text HTML.
pub(super) fn read(reply: &Reply, host: &Arc<str>, redactor: &Redactor) -> Result<String, Error> {
    answer::check_status(reply, host, redactor)?;
    let text = str::from_utf8(&reply.body).map_err(|error| Error::decode(error.to_string()))?;
    let trimmed = text.trim();
    match trimmed.as_bytes().first() {
        Some(b'1') => Ok(text.to_owned()),
        Some(b'<') => Err(Error::NotShotgun {
            host: Arc::clone(host),
            what: "it answers with a web page".into(),
        }),
        Some(b'{') => Err(
            match answer::decode(&reply.body, redactor, Plain::<Json>::new()) {
                Err(fault) => fault,
                Ok(_) => Error::decode("it is JSON where a line of text should be"),
            },
        ),
        Some(_) => Err(refused(reason(trimmed, redactor))),
        None => Err(Error::decode("it is empty")),
    }
}

/// The id in `1:7701`. The rest of the text means nothing.
pub(in crate::shotgun) fn attachment_id(text: &str) -> Option<EntityId> {
    let (_, rest) = text.split_once(':')?;
    let id = rest.split([':', '\n']).next()?;
    id.trim().parse().ok().map(EntityId)
}

/// Forms are answered without codes; this is how the site begins what has code 102 in a call.
fn refused(message: Arc<str>) -> Error {
    let code = None;
    if message.starts_with("Can't authenticate") {
        Error::Unauthorized { message, code }
    } else {
        Error::Rejected { message, code }
    }
}

/// Why it was not done: a `0`, and then the site's own words on the same line or the next.
fn reason(text: &str, redactor: &Redactor) -> Arc<str> {
    const LONGEST: usize = 300;
    let words = text
        .strip_prefix('0')
        .filter(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        .map_or(text, |rest| rest.trim_start_matches(':'));
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return "it does not say why".into();
    }
    let words = without_queries(&words);
    let mut words = redactor.clean(&words).into_owned();
    words.truncate(words.floor_char_boundary(LONGEST));
    words.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(body: &str) -> Result<String, String> {
        let reply = Reply {
            status: 200,
            headers: vec![("content-type".into(), "text/html; charset=utf-8".into())],
            body: body.into(),
        };
        read(&reply, &"h".into(), &Redactor::default()).map_err(|error| error.headline())
    }

    #[test]
    fn the_first_character_says_whether_it_was_done() {
        assert_eq!(outcome("1:7701\nx").unwrap(), "1:7701\nx");
        for (body, expected) in [
            (
                "0\nno such  field\n",
                "The site refused the request: no such field",
            ),
            (
                "0\nCan't authenticate script 'x'",
                "The site does not let us in: Can't authenticate script 'x'",
            ),
            ("0: full", "The site refused the request: full"),
            ("0", "The site refused the request: it does not say why"),
            (
                "007 is not a shot",
                "The site refused the request: 007 is not a shot",
            ),
            (
                "Error: see https://s3/x?sig=hush now",
                "The site refused the request: Error: see https://s3/x?[hidden] now",
            ),
            ("2\npending", "The site refused the request: 2 pending"),
            (
                " <html>",
                "h is not a Shotgun site: it answers with a web page",
            ),
            ("", "The answer makes no sense: it is empty"),
            (
                r#"{"exception":true,"message":"no","error_code":102}"#,
                "The site does not let us in: no",
            ),
            (
                "{}",
                "The answer makes no sense: it is JSON where a line of text should be",
            ),
        ] {
            assert_eq!(outcome(body).unwrap_err(), expected);
        }
    }

    #[test]
    fn the_id_stands_between_the_colon_and_the_end_of_the_line() {
        for (text, id) in [
            ("1:7701\nwhatever", Some(7701)),
            ("1:7701:more", Some(7701)),
            ("1: 7701\r\n", Some(7701)),
            ("1:\n", None),
            ("1", None),
        ] {
            assert_eq!(attachment_id(text), id.map(EntityId), "{text}");
        }
    }
}
