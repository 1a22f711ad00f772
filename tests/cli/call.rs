//! `callboard call`.

use serde_json::{Value as Json, json};

use super::shell::{callboard, listening};

#[test]
fn an_argument_that_is_no_json_is_refused_and_not_repeated() {
    for (argument, stdin) in [("{pl4nted", ""), ("-", ""), ("-", "{\"key\": \"pl4nted\"")] {
        let ran = callboard(["call", "create", argument]).stdin(stdin).run();
        ran.failed(2, &["is not JSON", "in single quotes"]);
        assert!(!ran.stderr.contains("pl4nted"), "{}", ran.stderr);
    }
}

#[test]
fn a_method_is_called_by_the_name_that_a_request_has_for_it() {
    for (alias, name) in [
        ("find", "`read`"),
        ("text_search", "`query_display_name_cache`"),
    ] {
        let ran = callboard(["call", alias, "{}"]).run();
        ran.no_panic();
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:#?}");
        assert!(ran.stderr.contains(name), "{}", ran.stderr);
    }
}

#[test]
fn the_answer_is_printed_as_json() {
    let shots = r#"{"type": "Shot", "field_name": "code"}"#;
    let ran = callboard(["call", "schema_field_read", shots]).run().ok();
    assert_eq!(ran.json()["code"]["data_type"]["value"], "text");
    assert_eq!(ran.stderr, "");
    let by_stdin = callboard(["call", "schema_field_read", "-"])
        .stdin(shots)
        .run();
    assert_eq!(by_stdin.ok().stdout, ran.stdout);
    let types = callboard(["call", "schema_entity_read", "--timings"])
        .run()
        .ok();
    assert_eq!(types.json()["Shot"]["name"]["value"], "Shot");
    assert!(types.stderr.contains(" ms = "), "{}", types.stderr);
}

#[test]
fn the_site_is_asked_exactly_what_was_given() {
    let (url, asked) = listening("application/json", r#"{"results":[1,"two",null]}"#);
    let argument = r#"{"a":[1.50,{"b":null}],"c":"ü"}"#;
    let ran = callboard(["call", "brand_new", argument, "--site", &url])
        .with_default_script()
        .run()
        .ok();
    assert_eq!(ran.json(), json!([1, "two", null]));
    let expected = serde_json::from_str(argument).unwrap();
    assert_eq!(asked.recv().unwrap(), ("brand_new".to_owned(), expected));
    let bare = callboard(["call", "brand_new", "--site", &url]);
    bare.with_default_script().run().ok();
    assert_eq!(asked.recv().unwrap(), ("brand_new".to_owned(), Json::Null));
}

#[test]
fn a_method_that_the_site_does_not_know_is_a_failure() {
    callboard(["call", "nonesuch"])
        .run()
        .failed(1, &["The site refused the request", "nonesuch"]);
}
