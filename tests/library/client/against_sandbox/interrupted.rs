//! Files whose way is cut off or given up, what people read then, and what is left: nothing.

use std::fs;

use callboard::sandbox::{FileOptions, MethodFaults, Misbehavior, Sandbox};
use callboard::shotgun::{CancelToken, Client, EntityId, Error, Remedy, Upload};

use super::files::{download, file, names, site};

fn attachments(client: &Client) -> u64 {
    client.count("Attachment", &[]).unwrap()
}

/// From now on requests of `method` end in this.
fn always(sandbox: &Sandbox, method: &str, way: Option<Misbehavior>) {
    let faults = MethodFaults {
        always: way,
        ..MethodFaults::default()
    };
    sandbox.faults().update(|plan| {
        plan.per_method.insert(method.to_owned(), faults);
    });
}

/// A site with a file of five megabytes on it.
fn stored() -> (Sandbox, Client, EntityId) {
    let (sandbox, client) = site(FileOptions::default());
    let (_folder, path) = file("a.mov", 5_000_000);
    let id = client.upload(&Upload::new("Shot", 3, &path)).unwrap();
    (sandbox, client, id)
}

#[test]
fn a_download_that_is_cut_off_says_so_and_leaves_nothing() {
    let (sandbox, client, id) = stored();
    always(&sandbox, "storage", Some(Misbehavior::Truncate));
    let error = download(&client, id).unwrap_err();
    assert_eq!(
        error.headline(),
        "The answer was cut off after 2500000 bytes"
    );
    assert_eq!(error.remedy(), Remedy::TryAgain);
    always(&sandbox, "storage", Some(Misbehavior::Reset));
    let error = download(&client, id).unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    always(&sandbox, "storage", None);
    assert_eq!(download(&client, id).unwrap().len(), 5_000_000);
}

#[test]
fn a_site_that_goes_down_in_mid_download_leaves_the_older_file() {
    let (sandbox, client, id) = stored();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mov");
    fs::write(&path, "older").unwrap();
    let outcome = client.download_attachment_with_progress(id, &path, &|_| sandbox.stop());
    let error = outcome.unwrap_err();
    assert!(
        matches!(error, Error::Truncated { .. } | Error::Unreachable { .. }),
        "{error:?}"
    );
    assert_eq!(names(folder.path()), ["a.mov"]);
    assert_eq!(fs::read(&path).unwrap(), b"older");
}

#[test]
fn a_download_that_is_given_up_leaves_nothing() {
    let (_sandbox, client, id) = stored();
    let token = CancelToken::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mov");
    let outcome = client
        .with_cancel(&token)
        .download_attachment_with_progress(id, &path, &|_| {
            token.cancel();
        });
    assert!(matches!(outcome, Err(Error::Cancelled)), "{outcome:?}");
    assert!(names(folder.path()).is_empty());
    assert_eq!(download(&client, id).unwrap().len(), 5_000_000);
}

#[test]
fn an_upload_that_is_given_up_half_way_was_not_done() {
    for direct_uploads in [false, true] {
        let (_sandbox, client) = site(FileOptions {
            direct_uploads,
            ..FileOptions::default()
        });
        let before = attachments(&client);
        let (folder, path) = file("long.mov", 45_000_000);
        let token = CancelToken::new();
        let upload = Upload::new("Version", 3, &path).field("sg_uploaded_movie");
        let outcome = client
            .with_cancel(&token)
            .upload_with_progress(&upload, &|_| {
                token.cancel();
            });
        assert!(matches!(outcome, Err(Error::Cancelled)), "{outcome:?}");
        assert_eq!(attachments(&client), before);
        assert_eq!(names(folder.path()), ["long.mov"]);
    }
}

#[test]
fn a_site_that_goes_down_in_mid_upload_cannot_have_done_it() {
    let (sandbox, client) = site(FileOptions::default());
    let (_folder, path) = file("long.mov", 45_000_000);
    let upload = Upload::new("Version", 3, &path).field("sg_uploaded_movie");
    let outcome = client.upload_with_progress(&upload, &|_| sandbox.stop());
    let error = outcome.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    assert_eq!(error.remedy(), Remedy::CheckNetwork);
}

#[test]
fn an_upload_whose_answer_gets_lost_has_an_unknown_outcome_and_was_done_once() {
    for (direct_uploads, form) in [(false, "upload_file"), (true, "api_link_file")] {
        for way in [Misbehavior::Reset, Misbehavior::Truncate] {
            let (sandbox, client) = site(FileOptions {
                direct_uploads,
                ..FileOptions::default()
            });
            let before = attachments(&client);
            always(&sandbox, form, Some(way));
            let (_folder, path) = file("a.mov", 5_000);
            let error = client.upload(&Upload::new("Shot", 3, &path)).unwrap_err();
            assert!(matches!(error, Error::UnknownOutcome { .. }), "{error:?}");
            assert!(!error.is_retryable());
            assert_eq!(error.remedy(), Remedy::LookFirst);
            assert_eq!(attachments(&client), before + 1, "{form} {way:?}");
            let found = client.find_all(error.check().unwrap()).unwrap();
            assert_eq!(found.first().unwrap().text("display_name"), "a.mov");
        }
    }
}

#[test]
fn an_upload_that_the_site_did_not_look_at_was_not_done() {
    let (sandbox, client) = site(FileOptions::default());
    let before = attachments(&client);
    let (_folder, path) = file("a.mov", 5_000);
    let upload = Upload::new("Shot", 3, &path);
    for status in [403, 413, 503] {
        always(&sandbox, "upload_file", Some(Misbehavior::Status(status)));
        let error = client.upload(&upload).unwrap_err();
        let is_known = !matches!(error, Error::UnknownOutcome { .. });
        // A gateway may say so while the site behind it goes on.
        assert_eq!(is_known, status < 500, "{status}: {error:?}");
    }
    assert_eq!(attachments(&client), before);
}

#[test]
fn a_storage_that_has_trouble_for_a_moment_costs_nothing() {
    let (sandbox, _) = site(FileOptions {
        direct_uploads: true,
        ..FileOptions::default()
    });
    let client = Client::builder(&sandbox.url())
        .script("callboard", "sandbox")
        .build()
        .unwrap();
    // So that the next one is the question for a link.
    client.info().unwrap();
    let (_folder, path) = file("a.mov", 5_000);
    for _ in 0..2 {
        sandbox.faults().once(Misbehavior::Status(503));
    }
    let id = client.upload(&Upload::new("Shot", 3, &path)).unwrap();
    assert_eq!(sandbox.request_count("api_get_upload_link_info"), 3);
    assert!(download(&client, id).unwrap() == fs::read(&path).unwrap());
    assert_eq!(attachments(&client), 1);
}
