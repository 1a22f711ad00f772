//! Wrong usage ends with 2 and points at the help.

use super::shell::callboard;

const SUBCOMMANDS: [&str; 8] = [
    "compare",
    "sandbox",
    "find",
    "summarize",
    "schema",
    "upload",
    "download",
    "call",
];

#[test]
fn wrong_usage_is_exit_code_two() {
    for arguments in [
        &["frobnicate"][..],
        &["--frobnicate"],
        &["find"],
        &["find", "Shot", "--limit", "0"],
        &["find", "Shot", "--limit", "many"],
        &["find", "Shot", "--format", "xml"],
        &["compare", "--calls", "0"],
        &["compare", "--calls", "-3"],
        &["compare", "--latency", "soon"],
        &["compare", "--latency", "300"],
        &["compare", "--latency", "11m"],
        &["compare", "--hiccup", "2s"],
        &["compare", "--rows", "1000000"],
        &["sandbox", "--port", "70000"],
        &["sandbox", "--seed", "chaos"],
        &["sandbox", "--error-rate", "2"],
        &["find", "Shot", "--script-key", "key"],
        &["summarize"],
        &["summarize", "Shot", "--field", "id"],
        &["summarize", "Shot", "--group", "code:alike"],
        &["summarize", "Shot", "--format", "xml"],
        &["schema", "Shot", "code", "more"],
        &["schema", "Shot", "--project", "Moon"],
        &["upload", "Shot", "3"],
        &["upload", "Shot", "many", "a.mov"],
        &["download"],
        &["download", "7", "8"],
        &["--site"],
    ] {
        let ran = callboard(arguments.iter().copied()).run();
        ran.no_panic();
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
        assert!(
            ran.stderr.starts_with("error: ") && ran.stderr.contains("--help"),
            "{arguments:?}: {}",
            ran.stderr
        );
    }
}

#[test]
fn durations_are_explained_where_they_are_wrong() {
    let ran = callboard(["compare", "--latency", "soon"]).run();
    assert!(ran.stderr.contains("300ms or 2s"), "{}", ran.stderr);
    let ran = callboard(["compare", "--hiccup", "2s"]).run();
    assert!(ran.stderr.contains("5:2s"), "{}", ran.stderr);
}

#[test]
fn help_and_version_are_results() {
    let help = callboard(["--help"]).run().ok();
    for part in [
        "--site",
        "--record",
        "CALLBOARD_SESSION_TOKEN",
        "Exit codes",
    ] {
        assert!(help.stdout.contains(part), "{}", help.stdout);
    }
    for command in SUBCOMMANDS {
        assert!(help.stdout.contains(command), "{}", help.stdout);
    }
    let version = callboard(["--version"]).run().ok();
    assert_eq!(
        version.stdout.trim(),
        format!("callboard {}", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn the_help_of_each_subcommand_ends_with_an_example_of_it() {
    for command in SUBCOMMANDS {
        let help = callboard([command, "--help"]).run().ok().stdout;
        let last = help.trim_end().lines().last().unwrap();
        assert!(help.contains("Example"), "{help}");
        assert!(
            last.starts_with(&format!("  callboard {command} ")),
            "{help}"
        );
    }
}

#[test]
fn no_argument_takes_a_secret_but_those_of_the_sandbox() {
    let others = SUBCOMMANDS.into_iter().filter(|name| *name != "sandbox");
    let commands = others.map(|name| vec![name, "--help"]);
    for command in commands.chain([vec!["--help"]]) {
        let help = callboard(command).run().ok().stdout;
        for option in ["--script", "--key", "--password", "--user", "--token"] {
            assert!(!help.contains(option), "{option} in {help}");
        }
    }
}

#[test]
fn an_account_without_a_secret_is_refused_without_being_repeated() {
    for option in ["--script", "--user"] {
        for account in ["pl4nted", "pl4nted:", ":pl4nted"] {
            let ran = callboard(["sandbox", option, account]).run();
            ran.failed(2, &[option, "colon"]);
            assert!(!ran.stderr.contains("pl4nted"), "{}", ran.stderr);
        }
    }
}
