//! Answers that are JSON, or nearly, and not what was agreed: each ends in a sound value or in one clear sentence.

use callboard::shotgun::{Error, Rows, Value};

use super::server::{Server, Then, answer};

fn find(body: &str) -> Result<Rows, Error> {
    Server::json(body).client().find("Shot", &[], &["code"])
}

/// The headline of what `body` is answered with.
fn headline(body: &str) -> String {
    match find(body) {
        Ok(rows) => format!("{} rows", rows.len()),
        Err(error) => error.headline(),
    }
}

fn one(row: &str) -> String {
    format!(r#"{{"results":{{"entities":[{{"type":"Shot","id":1}},{row}]}}}}"#)
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

#[test]
fn a_row_that_is_wrong_is_named_with_its_field() {
    for (row, expected) in [
        (r#"{"type":"Shot"}"#, "row 2: it has no `id`"),
        (r#"{"id":7}"#, "row 2: it has no `type`"),
        (r#"{"type":null,"id":7}"#, "row 2: its `type` is not text"),
        (
            r#"{"type":"Shot","id":-1}"#,
            "row 2: its `id` is not a whole number from 0 up",
        ),
        (
            r#"{"type":"Shot","id":1.5}"#,
            "row 2: its `id` is not a whole number from 0 up",
        ),
        (
            r#"{"type":"Shot","id":"7"}"#,
            "row 2: its `id` is not a whole number from 0 up",
        ),
        (
            r#"{"type":"Shot","id":18446744073709551615}"#,
            "row 2: its `id` is not a whole number from 0 up",
        ),
        (
            r#"{"type":"Shot","id":7,"code":1e999}"#,
            "row 2, field `code`: number out of range at line 1 column",
        ),
        ("7", "row 2: invalid type: integer `7`, expected an entity"),
        ("null", "row 2: invalid type: null, expected an entity"),
        (
            r#"{"type":"Shot","id":7,"code":nope}"#,
            "it is not JSON (row 2, field `code`: expected",
        ),
    ] {
        let headline = headline(&one(row));
        let expected = format!("The answer makes no sense: {expected}");
        assert!(headline.starts_with(&expected), "{row}: {headline}");
    }
}

#[test]
fn an_envelope_that_is_wrong_says_what_is_missing() {
    for (body, expected) in [
        ("{}", "The answer makes no sense: missing field `entities`"),
        (
            r#"{"results":{}}"#,
            "The answer makes no sense: missing field `entities`",
        ),
        (
            r#"{"results":[]}"#,
            "The answer makes no sense: invalid type: sequence, expected an object with `entities`",
        ),
        (
            r#"{"results":null}"#,
            "The answer makes no sense: invalid type: null, expected an object with `entities`",
        ),
        (
            r#"{"results":{"entities":{}}}"#,
            "The answer makes no sense: invalid type: map, expected a list of entities",
        ),
        (
            r#"{"results":{"entities":null}}"#,
            "The answer makes no sense: invalid type: null, expected a list of entities",
        ),
        (
            r#"{"results":{"entities":"none"}}"#,
            "The answer makes no sense: invalid type: string \"none\", expected a list of entities",
        ),
        (
            r#"{"results":{"entities":[],"paging_info":{"has_next_page":"yes"}}}"#,
            "The answer makes no sense: `paging_info`: invalid type: string \"yes\", expected a boolean",
        ),
        (
            r#"{"results":{"entities":[],"paging_info":{"page_count":-3}}}"#,
            "The answer makes no sense: `paging_info`: invalid value: integer `-3`, expected u64",
        ),
        (
            r#"{"results":{"entities":[],"paging_info":7}}"#,
            "The answer makes no sense: `paging_info`: invalid type: integer `7`",
        ),
        (
            r#"{"results":{"entities":[],"paging_info":null}}"#,
            "0 rows",
        ),
        (r#"{"results":{"entities":[],"paging_info":{}}}"#, "0 rows"),
        (
            r#"{"results":{"entities":[],"more":[{"x":1}]},"more":2}"#,
            "0 rows",
        ),
    ] {
        let headline = headline(body);
        assert!(headline.starts_with(expected), "{body}: {headline}");
    }
}

#[test]
fn whatever_is_nested_too_deeply_ends_in_one_sentence_and_not_in_a_stack_overflow() {
    let deep = nested(100_000);
    let cell = one(&format!(r#"{{"type":"Shot","id":2,"code":{deep}}}"#));
    assert!(headline(&cell).starts_with(
        "The answer makes no sense: row 2, field `code`: it is nested too deeply at line 1"
    ));
    let link = one(&format!(
        r#"{{"type":"Shot","id":2,"code":{{"type":{deep}}}}}"#
    ));
    assert!(
        headline(&link)
            .starts_with("The answer makes no sense: row 2, field `code`: it is nested too deeply")
    );
    let fault = format!(r#"{{"exception":true,"message":{deep}}}"#);
    assert!(headline(&fault).starts_with("The answer makes no sense: it is nested too deeply"));
    // What is not kept is not looked into either.
    assert_eq!(
        headline(&format!(
            r#"{{"extra":{deep},"results":{{"entities":[]}}}}"#
        )),
        "0 rows"
    );
}

#[test]
fn an_answer_that_ends_within_a_row_is_called_cut_off() {
    let whole = one(r#"{"type":"Shot","id":2,"code":"sh020"}"#);
    for end in [10, 40, whole.len() - 20, whole.len() - 1] {
        let headline = headline(&whole[..end]);
        assert_eq!(
            headline,
            format!("The answer was cut off after {end} bytes")
        );
    }
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    let rows = find(&one(
        r#"{"type":"Shot","id":2,"code":"a","id":3,"code":"b"}"#,
    ))
    .unwrap();
    let row = rows.get(1).unwrap();
    assert_eq!((row.id().0, row.text("code")), (3, "b".to_owned()));
}

#[test]
fn numbers_of_any_size_are_kept() {
    for (number, expected) in [
        ("-0", Value::Float(-0.0)),
        ("9223372036854775807", Value::Int(i64::MAX)),
        ("-9223372036854775808", Value::Int(i64::MIN)),
        (
            "9223372036854775808",
            Value::Json(Box::new(9_223_372_036_854_775_808_u64.into())),
        ),
        (
            "36893488147419103232",
            Value::Float(36_893_488_147_419_103_232.0),
        ),
        ("1e-999", Value::Float(0.0)),
    ] {
        let rows = find(&one(&format!(
            r#"{{"type":"Shot","id":2,"code":{number}}}"#
        )))
        .unwrap();
        assert_eq!(
            rows.get(1).unwrap().get("code"),
            Some(&expected),
            "{number}"
        );
    }
}

#[test]
fn text_that_is_no_utf_8_is_named_with_its_field() {
    let mut body = one(r#"{"type":"Shot","id":2,"code":"?"}"#).into_bytes();
    let mark = body.iter().position(|byte| *byte == b'?').unwrap();
    body[mark] = 0xff;
    let head = String::from_utf8(answer(
        "200 OK",
        "application/json",
        &"x".repeat(body.len()),
    ))
    .unwrap();
    let head = head.trim_end_matches('x').as_bytes();
    let server = Server::saying([head, &body].concat(), Then::Keep);
    let error = server.client().find("Shot", &[], &["code"]).unwrap_err();
    let expected = "The answer makes no sense: row 2, field `code`: invalid unicode code point";
    assert!(error.headline().starts_with(expected), "{error}");
}

#[test]
fn a_reason_does_not_quote_an_answer_as_a_whole() {
    let long = "ä".repeat(100_000);
    let headline = headline(&format!(r#"{{"results":{{"entities":"{long}"}}}}"#));
    assert!(headline.starts_with("The answer makes no sense: invalid type: string \"äää"));
    assert!(headline.len() < 500, "{} bytes", headline.len());
}
