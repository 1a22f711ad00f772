//! Files that go up, and come down again as they were.

use std::fs;
use std::path::{Path, PathBuf};

use callboard::sandbox::{FileOptions, FileState, Options, Sandbox, Seed};
use callboard::shotgun::{
    Attachment, Client, Entity, EntityId, EntityRef, Error, FilePlace, Filter, Upload, Value,
};
use tempfile::TempDir;

/// A small site that deals with files as `files` say, and a client that is its script.
pub fn site(files: FileOptions) -> (Sandbox, Client) {
    let sandbox = Sandbox::with(Options {
        seed: Seed::Small,
        users: vec![("mira".to_owned(), "hers".to_owned())],
        files,
        ..Options::default()
    })
    .unwrap();
    let client = Client::builder(&sandbox.url())
        .script("callboard", "sandbox")
        .retries(0)
        .build()
        .unwrap();
    (sandbox, client)
}

/// On each of the two routes that files may take.
fn each_route() -> [(Sandbox, Client); 2] {
    [false, true].map(|direct_uploads| {
        site(FileOptions {
            direct_uploads,
            ..FileOptions::default()
        })
    })
}

/// A folder, and in it a file of so many bytes, in which no two parts of a long upload are alike.
pub fn file(name: &str, length: usize) -> (TempDir, PathBuf) {
    // A prime number of bytes, over and over.
    const BLOCK: usize = 99_991;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let block: Vec<u8> = (0..BLOCK).map(|at| (at * at / 7) as u8).collect();
    let mut content = block.repeat(length / BLOCK + 1);
    content.truncate(length);
    fs::write(&path, content).unwrap();
    (folder, path)
}

pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    entries
        .map(|entry| name(entry).into_string().unwrap())
        .collect()
}

/// What is at `attachment`, by way of a file on the disk.
pub fn download(client: &Client, attachment: impl Into<Attachment>) -> Result<Vec<u8>, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("came.bin");
    match client.download_attachment(attachment, &path) {
        Ok(length) => {
            assert_eq!(fs::metadata(&path).unwrap().len(), length);
            assert_eq!(names(folder.path()), ["came.bin"]);
            Ok(fs::read(&path).unwrap())
        }
        Err(error) => {
            assert!(names(folder.path()).is_empty(), "nothing is left behind");
            Err(error)
        }
    }
}

pub fn row(client: &Client, id: EntityId, fields: &[&str]) -> Entity {
    let is_it = [Filter::is("id", id)];
    client
        .find_one("Attachment", &is_it, fields)
        .unwrap()
        .unwrap()
}

#[test]
fn a_file_in_a_field_is_its_link_and_comes_back_by_whatever_names_it() {
    for (sandbox, client) in each_route() {
        let (_folder, path) = file("sh010 ü.mov", 100_000);
        let id = client
            .upload(&Upload::new("Version", 3, &path).field("sg_uploaded_movie"))
            .unwrap();
        let version = client
            .find_one("Version", &[Filter::is("id", 3)], &["sg_uploaded_movie"])
            .unwrap()
            .unwrap();
        let value = version.get("sg_uploaded_movie").unwrap();
        let link = value.as_file().unwrap();
        assert_eq!((link.attachment, &*link.name), (Some(id), "sh010 ü.mov"));
        assert!(matches!(link.place, FilePlace::Upload { .. }), "{link:?}");
        let content = fs::read(&path).unwrap();
        let url = client.get_attachment_download_url(id);
        let attachments: [Attachment; 4] = [
            id.into(),
            value.into(),
            (&*url).into(),
            (&EntityRef::new("Attachment", id)).into(),
        ];
        for attachment in attachments {
            assert!(download(&client, attachment).unwrap() == content);
        }
        assert!(client.download(&url, 100_000).unwrap() == content);
        let error = client.download(&url, 99_999).unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
        let routes = ["upload_file", "api_link_file"].map(|form| sandbox.request_count(form));
        let is_direct = client.info().unwrap().s3_direct_uploads_enabled;
        assert_eq!(routes, [usize::from(!is_direct), usize::from(is_direct)]);
    }
}

#[test]
fn an_attachment_has_the_name_the_tags_and_the_time_that_it_was_given() {
    for (_sandbox, client) in each_route() {
        let (_folder, path) = file("a.mov", 10);
        let movie = Upload::new("Version", 3, &path)
            .field("sg_uploaded_movie")
            .display_name("Second try, ünder wraps")
            .tag_list(&["hero", "night shoot"])
            .created_at("2026-01-02T03:04:05Z".parse().unwrap());
        let fields = [
            "display_name",
            "filename",
            "file_size",
            "created_at",
            "tags",
        ];
        let first = row(&client, client.upload(&movie).unwrap(), &fields);
        let told =
            ["display_name", "filename", "file_size", "created_at"].map(|field| first.text(field));
        assert_eq!(told[..3], ["Second try, ünder wraps", "a.mov", "10"]);
        assert!(told[3].starts_with("2026-01-02"), "{told:?}");
        let tags = |row: &Entity| row.get("tags").unwrap().entities().to_vec();
        let named: Vec<_> = tags(&first)
            .into_iter()
            .filter_map(|tag| tag.name)
            .collect();
        assert_eq!(named, ["hero", "night shoot"].map(Into::into));
        // The same tags, not others of the same name.
        let second = row(&client, client.upload(&movie).unwrap(), &fields);
        assert_eq!(tags(&second), tags(&first));
        assert_eq!(client.count("Tag", &[]).unwrap(), 2);
    }
}

#[test]
fn a_file_without_a_field_is_attached_to_its_entity() {
    for (_sandbox, client) in each_route() {
        let (_folder, path) = file("notes.pdf", 7);
        let id = client.upload(&Upload::new("Shot", 3, &path)).unwrap();
        let attachment = row(&client, id, &["attachment_links", "this_file"]);
        let shot = EntityRef::new("Shot", 3);
        let links = attachment.get("attachment_links").unwrap().entities();
        assert_eq!(links, [shot]);
        let content = download(&client, attachment.get("this_file").unwrap()).unwrap();
        assert!(content == fs::read(&path).unwrap());
    }
}

#[test]
fn an_upload_that_the_site_refuses_says_why_and_leaves_nothing() {
    for (_sandbox, client) in each_route() {
        let before = client.count("Attachment", &[]).unwrap();
        let (_folder, path) = file("a.mov", 7);
        for (upload, why) in [
            (
                Upload::new("Version", 3, &path).field("nope"),
                "Version.nope",
            ),
            (
                Upload::new("Version", 3, &path).field("code"),
                "Version.code",
            ),
            (Upload::new("Version", 90_000, &path), "id=90000"),
            (Upload::new("Nope", 3, &path), "'Nope'"),
        ] {
            match client.upload(&upload) {
                Err(Error::Rejected { message, .. }) => assert!(message.contains(why), "{message}"),
                other => panic!("{why}: {other:?}"),
            }
        }
        assert_eq!(client.count("Attachment", &[]).unwrap(), before);
    }
}

#[test]
fn a_file_of_more_than_twenty_megabytes_goes_in_parts_and_comes_back_whole() {
    for (sandbox, client) in each_route() {
        let (_folder, path) = file("long.mov", 45_000_001);
        let upload = Upload::new("Version", 3, &path).field("sg_uploaded_movie");
        let told = std::cell::RefCell::new(Vec::new());
        let id = client
            .upload_with_progress(&upload, &|progress| told.borrow_mut().push(progress))
            .unwrap();
        let last = *told.borrow().last().unwrap();
        assert_eq!((last.done, last.total), (45_000_001, Some(45_000_001)));
        assert!(download(&client, id).unwrap() == fs::read(&path).unwrap());
        let is_direct = client.info().unwrap().s3_direct_uploads_enabled;
        let parts = if is_direct { 3 } else { 0 };
        assert_eq!(sandbox.request_count("api_get_upload_link_for_part"), parts);
    }
}

#[test]
fn a_site_that_wants_a_session_gets_one_also_when_the_last_one_is_over() {
    let (sandbox, client) = site(FileOptions {
        downloads_need_session: true,
        ..FileOptions::default()
    });
    let (_folder, path) = file("a.mov", 5_000);
    let id = client.upload(&Upload::new("Shot", 3, &path)).unwrap();
    let content = fs::read(&path).unwrap();
    let mira = Client::builder(&sandbox.url())
        .session_token(sandbox.open_session("mira").unwrap())
        .retries(0)
        .build()
        .unwrap();
    for client in [&client, &mira] {
        assert!(download(client, id).unwrap() == content);
        assert!(download(client, id).unwrap() == content);
    }
    assert_eq!(sandbox.request_count("get_session_token"), 1);
    sandbox.expire_sessions();
    assert!(download(&client, id).unwrap() == content);
    assert_eq!(sandbox.request_count("get_session_token"), 2);
    // Nobody brings a new one.
    let error = download(&mira, id).unwrap_err();
    assert!(matches!(error, Error::Forbidden { .. }), "{error:?}");
    assert!(error.headline().contains("Log in"), "{error}");
}

#[test]
fn a_file_that_cannot_be_had_says_why() {
    let (sandbox, client) = site(FileOptions::default());
    let (_folder, path) = file("a.mov", 5_000);
    let id = client.upload(&Upload::new("Shot", 3, &path)).unwrap();
    let number = u32::try_from(id.0).unwrap();
    let refusal = |state| {
        assert!(sandbox.set_file_state(number, state));
        download(&client, id).unwrap_err()
    };
    let error = refusal(FileState::Scanning);
    assert!(matches!(error, Error::NotReady { .. }), "{error:?}");
    assert!(error.headline().contains("malware scan"), "{error}");
    let error = refusal(FileState::Quarantined);
    assert!(matches!(error, Error::Forbidden { .. }), "{error:?}");
    assert!(error.headline().contains("quarantine"), "{error}");
    let error = refusal(FileState::Expired);
    assert!(matches!(error, Error::Forbidden { .. }), "{error:?}");
    assert_eq!(error.headline(), "Access is denied: Request has expired");
    for missing in [Attachment::from(90_000_u64), (&Value::Null).into()] {
        let error = download(&client, missing).unwrap_err();
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    }
    sandbox.set_file_state(number, FileState::Ready);
    assert_eq!(download(&client, id).unwrap().len(), 5_000);
}

#[test]
fn whoever_hears_of_the_progress_may_make_calls_of_his_own() {
    let (_sandbox, client) = site(FileOptions::default());
    let (_folder, path) = file("sh010.mov", 3_000_000);
    let version = client.find_one("Version", &[], &[]).unwrap().unwrap();
    let upload = Upload::new("Version", version.id(), &path).field("sg_uploaded_movie");
    let heard = std::cell::Cell::new(0);
    let uploaded = client.upload_with_progress(&upload, &|_| {
        heard.set(heard.get() + client.count("Project", &[]).unwrap());
    });
    uploaded.unwrap();
    assert!(heard.get() > 1, "{}", heard.get());
}
