//! Plain `callboard` where no window can open.

use super::shell::{Ran, callboard, keys, nobody};

#[track_caller]
fn assert_compared(ran: &Ran, reason: &str) {
    assert!(ran.stderr.contains(reason), "{ran:#?}");
    assert!(
        ran.stderr.contains("so no window opens") && ran.stderr.lines().count() <= 2,
        "{ran:#?}"
    );
    for part in [
        "20 × find Shot on http://127.0.0.1:",
        "Longest freeze",
        "offloaded",
        "Same 20 calls, same answers.",
        "the window stood still for",
    ] {
        assert!(ran.stdout.contains(part), "`{part}` is missing in {ran:#?}");
    }
}

#[test]
fn without_a_display_it_says_so_and_prints_the_comparison() {
    let file = tempfile::tempdir().unwrap();
    let path = file.path().join("record.json");
    let ran = callboard(["--record", path.to_str().unwrap()]).run().ok();
    assert_compared(&ran, "There is no display");
    let written = std::fs::read_to_string(path).unwrap();
    let written: serde_json::Value = serde_json::from_str(&written).unwrap();
    assert_eq!(keys(&written), ["calls", "frames", "summary"].into());
    assert_eq!(written["calls"].as_array().unwrap().len(), 40);
}

#[test]
#[cfg(target_os = "linux")]
fn a_display_that_does_not_answer_is_said_not_to_and_the_comparison_printed() {
    let ran = callboard([]).env("DISPLAY", ":987").run().ok();
    assert_compared(&ran, "The display does not answer");
}

#[test]
#[cfg(target_os = "linux")]
fn a_compositor_that_does_not_answer_is_treated_alike() {
    // With a site that is not there the comparison ends at once, and says why.
    let ran = callboard(["--site", &nobody()])
        .with_default_script()
        .env("WAYLAND_DISPLAY", "wayland-987")
        .env("XDG_RUNTIME_DIR", "/nonexistent")
        .run();
    ran.no_panic();
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains("The display does not answer")
            && ran.stderr.contains("cannot be reached"),
        "{ran:#?}"
    );
}
