//! `callboard call`.

use super::shell::callboard;

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
fn until_the_client_can_it_says_that_it_cannot() {
    for (argument, stdin) in [("{}", ""), ("-", "{\"type\": \"Shot\"}")] {
        let shell = callboard(["call", "schema_field_read", argument, "--timings"]);
        let ran = shell.stdin(stdin).run();
        ran.failed(1, &["cannot call `schema_field_read`", "Use find"]);
    }
}
