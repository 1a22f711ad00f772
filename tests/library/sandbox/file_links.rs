//! Fields of type url: local files under the studio's storages, web pages, and what was read from a field written back.

use callboard::sandbox::{SCRIPT_KEY, SCRIPT_NAME, Sandbox};
use serde_json::{Value as Json, json};

use super::form::Form;
use super::{Line, read, small};

/// The number of attachments.
fn attachments(line: &mut Line) -> usize {
    let all = line.call("read", &read("Attachment", &[], 500));
    all["entities"].as_array().unwrap().len()
}

fn publish(line: &mut Line, path: &Json) -> Json {
    let project = json!({"type": "Project", "id": 1});
    let id = line.create(
        "PublishedFile",
        &json!({"code": "plate", "project": project, "path": path}),
    );
    line.value("PublishedFile", id, "path")
}

/// What is said to a publish with this path: number and message.
fn refused(line: &mut Line, path: &Json) -> (Json, String) {
    let auth = json!({"script_name": SCRIPT_NAME, "script_key": SCRIPT_KEY});
    let fields = json!([
        {"field_name": "code", "value": "plate"},
        {"field_name": "project", "value": {"type": "Project", "id": 1}},
        {"field_name": "path", "value": path},
    ]);
    let answer = line.call_as(
        &auth,
        "create",
        &json!({"type": "PublishedFile", "fields": fields}),
    );
    let said = answer["message"]
        .as_str()
        .unwrap_or_else(|| panic!("not refused: {answer}"));
    (answer["error_code"].clone(), said.to_owned())
}

fn storage(line: &mut Line, code: &str, linux: &Json, windows: &Json) -> u64 {
    line.create(
        "LocalStorage",
        &json!({"code": code, "linux_path": linux, "windows_path": windows}),
    )
}

#[test]
fn a_local_file_is_told_by_its_path_on_every_platform() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let outer = storage(&mut line, "outer", &json!("/mnt"), &Json::Null);
    let primary = storage(&mut line, "primary", &json!("/mnt/p"), &json!("P:\\"));
    let expected = |id: &Json| {
        json!({
            "link_type": "local", "type": "Attachment", "id": id, "name": "a.exr", "content_type": "image/x-exr",
            "local_storage": {"type": "LocalStorage", "id": primary, "name": "primary"}, "relative_path": "show/a.exr",
            "local_path_linux": "/mnt/p/show/a.exr", "local_path_mac": null, "local_path_windows": "P:\\show\\a.exr",
        })
    };
    let below = json!({"type": "LocalStorage", "id": primary});
    for path in [
        json!({"local_path": "/mnt/p/show/a.exr"}),
        json!({"local_path": "p:\\show/a.exr"}),
        json!({"relative_path": "show/a.exr", "local_storage": below}),
    ] {
        let link = publish(&mut line, &path);
        assert_eq!(link, expected(&link["id"]), "{path}");
        let attachment = line.row(
            "Attachment",
            link["id"].as_u64().unwrap(),
            &["this_file", "display_name", "project"],
        );
        assert_eq!(attachment["this_file"], link);
        assert_eq!(
            (&attachment["display_name"], &attachment["project"]["id"]),
            (&json!("a.exr"), &json!(1))
        );
    }
    let named = publish(
        &mut line,
        &json!({"local_path": "/mnt/q/b.bin", "name": "plate"}),
    );
    assert_eq!(
        named["local_storage"]["id"], outer,
        "the only one it is under"
    );
    assert_eq!(
        (&named["name"], &named["content_type"]),
        (&json!("plate"), &Json::Null)
    );
    line.update("LocalStorage", outer, "linux_path", &json!("/net"));
    let moved = line.value("Attachment", named["id"].as_u64().unwrap(), "this_file");
    assert_eq!(
        moved["local_path_linux"], "/net/q/b.bin",
        "a storage moves with all that is in it"
    );
}

#[test]
fn a_local_file_must_lie_under_a_storage() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let retired = storage(&mut line, "old", &json!("/old"), &Json::Null);
    line.call("delete", &json!({"type": "LocalStorage", "id": retired}));
    storage(&mut line, "primary", &json!("/mnt/p"), &Json::Null);
    let before = attachments(&mut line);
    for path in [
        "/elsewhere/a.exr",
        "/mnt/pp/a.exr",
        "/mnt/p",
        "/mnt/p/../a.exr",
        "/old/a.exr",
        "a.exr",
    ] {
        let said = format!(
            "API create() CRUD ERROR #6: Create failed for [Attachment]: Path {path} doesn't match any defined Local Storage."
        );
        assert_eq!(
            refused(&mut line, &json!({"local_path": path})),
            (json!(104), said)
        );
    }
    assert_eq!(
        attachments(&mut line),
        before,
        "what was refused leaves nothing behind"
    );
}

#[test]
fn a_link_that_says_too_little_is_refused() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let retired = storage(&mut line, "old", &json!("/old"), &Json::Null);
    line.call("delete", &json!({"type": "LocalStorage", "id": retired}));
    storage(&mut line, "primary", &json!("/mnt/p"), &Json::Null);
    let before = attachments(&mut line);
    for (path, said) in [
        (
            json!({"relative_path": "a.exr"}),
            "has no LocalStorage as its 'local_storage': null",
        ),
        (
            json!({"relative_path": "a.exr", "local_storage": {"type": "Shot", "id": 1}}),
            "has no LocalStorage as its 'local_storage': ",
        ),
        (
            json!({"relative_path": "a.exr", "local_storage": {"type": "LocalStorage", "id": retired}}),
            "links to a LocalStorage with id 1 that does not exist.",
        ),
        (
            json!({"relative_path": "../a.exr", "local_storage": {"type": "LocalStorage", "id": 2}}),
            "has a 'relative_path' that leads nowhere: ../a.exr",
        ),
        (
            json!({"name": "a"}),
            "needs a 'url', a 'local_path', or a 'relative_path' with",
        ),
        (json!({"url": ""}), "needs a 'url'"),
        (json!({"type": "Attachment", "id": 9999}), "needs a 'url'"),
        (
            json!("/mnt/p/a.exr"),
            "expected [Hash, NilClass] data type(s) but got: [String]",
        ),
    ] {
        let (code, message) = refused(&mut line, &path);
        assert_eq!(code, 103);
        assert!(
            message.starts_with(&format!("API create() PublishedFile.path {said}")),
            "{message}"
        );
    }
    assert_eq!(
        attachments(&mut line),
        before,
        "what was refused leaves nothing behind"
    );
}

#[test]
fn a_web_page_gets_an_attachment_and_so_does_a_file_of_its_own() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let link = publish(
        &mut line,
        &json!({"url": "https://example.com/", "name": "docs"}),
    );
    let id = link["id"].as_u64().unwrap();
    let expected = json!({
        "link_type": "web", "type": "Attachment", "id": id, "name": "docs", "content_type": null, "url": "https://example.com/",
    });
    assert_eq!(link, expected);
    assert_eq!(
        line.row("Attachment", id, &["this_file"])["this_file"],
        expected
    );
    let before = attachments(&mut line);
    let own = line.create(
        "Attachment",
        &json!({"this_file": {"url": "https://example.com/b"}}),
    );
    let row = line.row("Attachment", own, &["this_file", "display_name"]);
    assert_eq!(
        (&row["this_file"]["id"], &row["display_name"]),
        (&json!(own), &json!("https://example.com/b"))
    );
    line.update(
        "Attachment",
        own,
        "this_file",
        &json!({"url": "https://example.com/c"}),
    );
    assert_eq!(line.value("Attachment", own, "this_file")["id"], own);
    assert_eq!(attachments(&mut line), before + 1, "it stands for itself");
    line.call("delete", &json!({"type": "Attachment", "id": id}));
    let files = line.call("read", &read("PublishedFile", &["path".to_owned()], 500));
    let last = files["entities"].as_array().unwrap().last().unwrap();
    assert_eq!(
        last["path"],
        Json::Null,
        "a link to what is retired is not shown"
    );
}

/// A link as clients write it back: the Python client keeps only these keys of it.
fn trimmed(link: &Json) -> Json {
    let kept = [
        "id",
        "type",
        "url",
        "name",
        "content_type",
        "local_path",
        "relative_path",
    ];
    let entries = link.as_object().unwrap().iter();
    let entries = entries.filter(|(key, _)| kept.contains(&key.as_str()));
    entries
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn written_back(line: &mut Line, sandbox: &Sandbox, link: &Json) {
    let before = attachments(line);
    line.update("Version", 1, "sg_uploaded_movie", link);
    let mut elsewhere = trimmed(link);
    if link["link_type"] == "local" {
        // What the Python client adds when it reads.
        elsewhere["local_path"] = link["local_path_linux"].clone();
        elsewhere["url"] = json!("file:///mnt/p/a.mov");
    }
    line.update("Version", 2, "sg_uploaded_movie", &elsewhere);
    for version in [1, 2] {
        assert_eq!(line.value("Version", version, "sg_uploaded_movie"), *link);
    }
    assert_eq!(attachments(line), before, "nothing new was linked");
    let mut renamed = link.clone();
    renamed["name"] = json!("Take 5");
    line.update("Version", 1, "sg_uploaded_movie", &renamed);
    assert_eq!(line.value("Version", 1, "sg_uploaded_movie"), renamed);
    // Whoever puts another address into what was read means that address.
    let other = json!({"type": "Attachment", "id": link["id"], "name": "other", "url": format!("{}/other", sandbox.url())});
    line.update("Version", 1, "sg_uploaded_movie", &other);
    let new = line.value("Version", 1, "sg_uploaded_movie");
    assert_eq!(
        (&new["link_type"], &new["url"]),
        (&json!("web"), &other["url"])
    );
    assert_ne!(new["id"], link["id"]);
    let other = json!({"type": "Attachment", "id": link["id"], "local_path": "/mnt/p/other.mov"});
    line.update("Version", 1, "sg_uploaded_movie", &other);
    let new = line.value("Version", 1, "sg_uploaded_movie");
    assert_eq!(
        (&new["link_type"], &new["relative_path"]),
        (&json!("local"), &json!("other.mov"))
    );
}

#[test]
fn what_was_read_and_is_written_back_stays_what_it_is() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    storage(&mut line, "primary", &json!("/mnt/p"), &json!("P:\\"));
    let form = Form::about("Version", 1).field("field_name", "sg_uploaded_movie");
    line.upload(&form.file("file", "a.mov", b"a movie"));
    let upload = line.value("Version", 1, "sg_uploaded_movie");
    assert_eq!(upload["link_type"], "upload");
    let local = publish(&mut line, &json!({"local_path": "/mnt/p/a.mov"}));
    let web = publish(&mut line, &json!({"url": "https://example.com/a.mov"}));
    for link in [upload, local, web] {
        written_back(&mut line, &sandbox, &link);
    }
}
