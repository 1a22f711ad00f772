//! `callboard upload`.

use std::fs;

use callboard::sandbox::{FileOptions, LoginOptions, MethodFaults, Misbehavior, Options, Sandbox};
use callboard::shotgun::{Client, Entity, EntityId, Filter};
use serde_json::json;
use tempfile::TempDir;

use super::shell::{Ran, Shell, callboard, site};

/// A file to send, in a folder of its own.
pub fn file(name: &str, content: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    (folder, path.to_str().unwrap().to_owned())
}

pub fn client(site: &Sandbox) -> Client {
    let builder = Client::builder(&site.url()).script("callboard", "sandbox");
    builder.build().unwrap()
}

/// As the script that the sandbox lets in.
fn upload(site: &Sandbox, arguments: &[&str]) -> Shell {
    let url = site.url();
    callboard([&["upload", "--site", &url], arguments].concat()).with_default_script()
}

/// The attachment whose id was printed, and nothing besides.
fn attachment(site: &Sandbox, ran: &Ran, fields: &[&str]) -> Entity {
    assert_eq!(ran.stderr, "", "nothing but the id");
    let id: u64 = ran.stdout.trim_end().parse().unwrap();
    let is_it = [Filter::is("id", EntityId(id))];
    let found = client(site).find_one("Attachment", &is_it, fields);
    found.unwrap().unwrap()
}

#[test]
fn a_file_goes_into_a_field_under_a_name_and_with_tags() {
    for direct_uploads in [false, true] {
        let site = site(Options {
            files: FileOptions {
                direct_uploads,
                ..FileOptions::default()
            },
            ..Options::default()
        });
        let (_folder, path) = file("sh010.mov", "moving");
        let more = [
            "--field",
            "sg_uploaded_movie",
            "--name",
            "Try 2",
            "--tag",
            "a",
            "--tag",
            "b",
        ];
        let ran = upload(&site, &[&["Version", "3", &path], &more[..]].concat())
            .run()
            .ok();
        let row = attachment(&site, &ran, &["display_name", "filename", "tags"]);
        assert_eq!(
            (row.text("display_name"), row.text("filename")),
            ("Try 2".to_owned(), "sh010.mov".to_owned())
        );
        assert_eq!(row.get("tags").unwrap().entities().len(), 2);
        let is_it = [Filter::is("id", EntityId(3))];
        let version = client(&site).find_one("Version", &is_it, &["sg_uploaded_movie"]);
        let link = version
            .unwrap()
            .unwrap()
            .get("sg_uploaded_movie")
            .unwrap()
            .as_file();
        assert_eq!(link.unwrap().attachment, Some(row.id()));
    }
}

#[test]
fn a_file_alone_is_attached_to_its_entity() {
    let site = site(Options::default());
    let (_folder, path) = file("notes.txt", "noted");
    let ran = upload(&site, &["Shot", "3", &path]).run().ok();
    let row = attachment(&site, &ran, &["attachment_links", "filename"]);
    assert_eq!(
        row.get("attachment_links").unwrap().entities()[0].id,
        EntityId(3)
    );
    assert_eq!(row.text("filename"), "notes.txt");
}

#[test]
fn a_picture_becomes_a_thumbnail_or_a_filmstrip() {
    for (option, field) in [("--thumbnail", "image"), ("--filmstrip", "filmstrip_image")] {
        let site = site(Options {
            files: FileOptions {
                pending_looks: 0,
                ..FileOptions::default()
            },
            ..Options::default()
        });
        let (_folder, path) = file("frame.jpg", "pixels");
        upload(&site, &["Shot", "3", &path, option]).run().ok();
        let is_it = [Filter::is("id", EntityId(3))];
        let shot = client(&site)
            .find_one("Shot", &is_it, &[field])
            .unwrap()
            .unwrap();
        let picture = client(&site).download(&shot.text(field), 100).unwrap();
        assert_eq!(picture, b"pixels");
    }
}

#[test]
fn timings_go_to_stderr_and_the_id_stays_alone() {
    let site = site(Options::default());
    let (_folder, path) = file("a.txt", "a");
    let ran = upload(&site, &["Shot", "3", &path, "--timings"]).run().ok();
    assert_eq!(ran.stdout.lines().count(), 1);
    assert!(ran.stderr.contains(" ms = "), "{}", ran.stderr);
}

#[test]
fn what_goes_wrong_is_said_in_one_line() {
    let site = site(Options::default());
    let (folder, path) = file("a.txt", "a");
    let (_empty_folder, empty) = file("empty.txt", "");
    let folder = folder.path().to_str().unwrap();
    let missing = format!("{folder}/nope.txt");
    for (arguments, parts) in [
        (
            ["Shot", "3", &missing, "--field=image"],
            &["nope.txt: ", "Check the path"][..],
        ),
        (
            ["Shot", "3", &empty, "--field=image"],
            &["empty.txt: the file is empty"],
        ),
        (
            ["Shot", "3", folder, "--field=image"],
            &["it is not a file"],
        ),
        (
            ["Shot", "3", &path, "--field=nope"],
            &["The site refused the request", "Shot.nope"],
        ),
        (
            ["Shot", "90000", &path, "--tag=a"],
            &["id=90000 does not exist"],
        ),
        (["Nope", "3", &path, "--tag=a"], &["no entity type 'Nope'"]),
    ] {
        upload(&site, &arguments).run().failed(1, parts);
    }
    assert_eq!(client(&site).count("Attachment", &[]).unwrap(), 0);
}

#[test]
fn a_thumbnail_has_no_field_no_name_and_no_tags() {
    for more in [
        &["--filmstrip"][..],
        &["--field", "image"],
        &["--name", "a"],
        &["--tag", "a"],
    ] {
        let ran =
            callboard([&["upload", "Shot", "3", "a.jpg", "--thumbnail"], more].concat()).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:#?}");
        assert!(ran.stderr.contains("cannot be used with"), "{}", ran.stderr);
    }
}

#[test]
fn an_upload_whose_answer_gets_lost_is_not_called_a_failure() {
    let site = site(Options::default());
    let faults = MethodFaults {
        always: Some(Misbehavior::Reset),
        ..MethodFaults::default()
    };
    site.faults().update(|plan| {
        plan.per_method.insert("upload_file".to_owned(), faults);
    });
    let (_folder, path) = file("a.txt", "a");
    let check = ["find", "Attachment", "--filter", "display_name is a.txt"];
    let parts = [
        "Whether `upload` was done is unknown",
        "before you repeat it. To check: callboard find Attachment --filter 'display_name is a.txt'",
    ];
    upload(&site, &["Shot", "3", &path]).run().failed(1, &parts);
    // What it says to type finds what was done after all.
    let url = site.url();
    let found = callboard([&check[..], &["--site", &url]].concat());
    let found = found.with_default_script().run().ok();
    assert_eq!(found.stderr, "1 row\n");
}

#[test]
fn a_one_time_code_from_the_environment_lets_a_person_in_once() {
    let site = site(Options {
        users: vec![("mira".to_owned(), "hers".to_owned())],
        logins: LoginOptions {
            one_time_codes: vec![("mira".to_owned(), "pl4nted".to_owned())],
            ..LoginOptions::default()
        },
        ..Options::default()
    });
    let (_folder, path) = file("a.txt", "a");
    let url = site.url();
    let mira = |code: &str| {
        callboard(["upload", "Shot", "3", &path, "--site", &url])
            .env("CALLBOARD_LOGIN", "mira")
            .env("CALLBOARD_PASSWORD", "hers")
            .env("CALLBOARD_ONE_TIME_CODE", code)
            .env("CALLBOARD_LOG", "trace")
            .run()
    };
    let ran = mira("pl4nted").ok();
    assert!(!ran.stderr.contains("pl4nted"), "{}", ran.stderr);
    let ran = mira("pl4nted");
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains("does not let us in") && !ran.stderr.contains("pl4nted"),
        "{}",
        ran.stderr
    );
    let id = json!(
        client(&site)
            .find_one("Attachment", &[], &[])
            .unwrap()
            .unwrap()
            .id()
            .0
    );
    assert_eq!(id, json!(1));
    // Without one the message says where it goes.
    let find =
        |name: &str, value: &str| callboard(["find", "Shot", "--site", &url]).env(name, value);
    find("CALLBOARD_LOGIN", "mira")
        .env("CALLBOARD_PASSWORD", "hers")
        .run()
        .failed(1, &["two-factor", "CALLBOARD_ONE_TIME_CODE"]);
    find("CALLBOARD_ONE_TIME_CODE", "pl4nted").run().failed(
        2,
        &["CALLBOARD_ONE_TIME_CODE is set but CALLBOARD_LOGIN is not"],
    );
}
