//! Classic uploads: what a form changes, and what comes back.

use callboard::sandbox::{Options, Sandbox};
use serde_json::json;

use super::form::Form;
use super::{Line, header, read, small, with};

const MOVIE: &[u8] = b"not really\r\n--a movie";

fn movie() -> Form {
    Form::about("Version", 1)
        .field("field_name", "sg_uploaded_movie")
        .field("display_name", "Take 4")
        .file("file", "take_4.mov", MOVIE)
}

fn bytes_of(line: &mut Line, sandbox: &Sandbox, url: &str) -> Vec<u8> {
    let path = url.strip_prefix(&sandbox.url()).unwrap();
    let answer = line.get(path);
    if answer.status != 302 {
        assert_eq!(answer.status, 200, "{}", answer.text());
        return answer.body;
    }
    let location = header(&answer.head, "location").unwrap().to_owned();
    bytes_of(line, sandbox, &location)
}

#[test]
fn a_file_for_a_field_becomes_its_link_and_an_attachment() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let id = line.upload(&movie());
    let link = line.value("Version", 1, "sg_uploaded_movie");
    let url = format!("{}/file_serve/attachment/{id}", sandbox.url());
    let expected = json!({
        "link_type": "upload", "type": "Attachment", "id": id, "name": "Take 4",
        "content_type": "video/quicktime", "url": url,
    });
    assert_eq!(link, expected);
    let fields = [
        "this_file",
        "filename",
        "display_name",
        "file_size",
        "attachment_links",
        "created_by",
        "project",
    ];
    let row = line.row("Attachment", id, &fields);
    assert_eq!(row["this_file"], expected);
    assert_eq!(row["filename"], "take_4.mov");
    assert_eq!(row["display_name"], "Take 4");
    assert_eq!(row["file_size"], MOVIE.len());
    assert_eq!(row["attachment_links"], json!([]));
    assert_eq!(row["created_by"]["type"], "ApiUser");
    assert_eq!(row["project"]["id"], 1);
    assert_eq!(bytes_of(&mut line, &sandbox, &url), MOVIE);
}

#[test]
fn a_file_without_a_field_links_to_its_entity() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let note = line.create(
        "Note",
        &json!({"subject": "See file", "project": {"type": "Project", "id": 1}}),
    );
    for (entity, id) in [("Shot", 2), ("Note", note)] {
        let attachment = line.upload(&Form::about(entity, id).file("file", "a.mov", MOVIE));
        let links = line.value("Attachment", attachment, "attachment_links");
        assert_eq!(
            (&links[0]["type"], &links[0]["id"]),
            (&json!(entity), &json!(id))
        );
        assert_eq!(
            line.value("Attachment", attachment, "display_name"),
            "a.mov"
        );
    }
    assert_eq!(line.value("Note", note, "attachments")[0]["name"], "a.mov");
}

#[test]
fn a_form_says_when_the_file_was_made() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    for said in [
        "2026-01-02T03:04:05",
        "2026-01-02 03:04:05",
        "2026-01-02T05:04:05+02:00",
    ] {
        let id = line.upload(&movie().field("created_at", said));
        assert_eq!(
            line.value("Attachment", id, "created_at"),
            "2026-01-02T03:04:05Z"
        );
    }
    let answer = line.form("/upload/upload_file", &movie().field("created_at", "soon"));
    assert!(
        answer.text().starts_with("0\nAttachment.created_at"),
        "{}",
        answer.text()
    );
}

#[test]
fn a_long_file_comes_back_as_it_was_sent() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let content: Vec<u8> = (0..3_500_000_u32).flat_map(u32::to_le_bytes).collect();
    let id = line.upload(&Form::about("Shot", 1).file("file", "long.mov", &content));
    let url = format!("{}/file_serve/attachment/{id}", sandbox.url());
    assert!(bytes_of(&mut line, &sandbox, &url) == content);
    assert_eq!(line.value("Attachment", id, "file_size"), content.len());
    assert_eq!(
        sandbox.connections(),
        1,
        "one connection does for all of it"
    );
}

#[test]
fn a_file_bears_the_name_of_whoever_sends_it() {
    let users = vec![("mira".to_owned(), "secret".to_owned())];
    let sandbox = with(Options {
        users,
        ..Options::default()
    });
    let mut line = Line::open(&sandbox);
    let form = Form::anonymous()
        .field("entity_type", "Shot")
        .field("entity_id", "1")
        .file("file", "a.mov", MOVIE);
    let session = sandbox.open_session("mira").unwrap();
    for form in [
        form.clone()
            .field("user_login", "mira")
            .field("user_password", "secret"),
        form.clone().field("session_token", &session),
        Form::about("Shot", 1)
            .field("sudo_as_login", "mira")
            .file("file", "a.mov", MOVIE),
    ] {
        let id = line.upload(&form);
        assert_eq!(
            line.value("Attachment", id, "created_by")["type"],
            "HumanUser"
        );
        assert_eq!(line.value("Shot", 1, "updated_by")["type"], "HumanUser");
    }
    let stranger = line.form("/upload/upload_file", &form);
    assert_eq!(
        stranger.text(),
        "0\nMissing or invalid authentication arguments\n"
    );
}

#[test]
fn a_refused_upload_changes_nothing_and_says_why() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    let before = line.value("Version", 1, "updated_at");
    let file = |form: Form| form.file("file", "a.mov", MOVIE);
    for (form, why) in [
        (
            file(Form::about("Nope", 1)),
            "There is no entity type 'Nope'.",
        ),
        (
            file(Form::about("Version", 9999)),
            "Entity of type [Version] with id=9999 does not exist.",
        ),
        (
            file(Form::new().field("entity_type", "Version")),
            "The form has no 'entity_id'",
        ),
        (
            file(Form::about("Version", 1).field("field_name", "nope")),
            "Version.nope doesn't exist.",
        ),
        (
            file(Form::about("Version", 1).field("field_name", "code")),
            "Version.code does not take files.",
        ),
        (
            file(Form::about("Status", 1)),
            "A Status has no files of its own: name a field.",
        ),
        (Form::about("Version", 1), "The form has no file."),
        (
            Form::about("Version", 1).file("file", "empty.mov", b""),
            "The file 'empty.mov' is empty.",
        ),
    ] {
        let answer = line.form("/upload/upload_file", &form);
        assert_eq!((answer.status, answer.text()), (200, format!("0\n{why}\n")));
        assert!(
            header(&answer.head, "content-type")
                .unwrap()
                .starts_with("text/plain")
        );
    }
    assert_eq!(line.value("Version", 1, "updated_at"), before);
    let attachments = line.call("read", &super::read("Attachment", &[], 10));
    assert_eq!(attachments["entities"], json!([]));
}

#[test]
fn events_of_an_upload_bear_the_mark_of_the_page_it_came_from() {
    let sandbox = small();
    let mut line = Line::open(&sandbox);
    line.upload(&movie().field("session_uuid", "0f1e"));
    let mut newest = read(
        "EventLogEntry",
        &["session_uuid".to_owned(), "event_type".to_owned()],
        1,
    );
    newest["sorts"] = json!([{"field_name": "id", "direction": "desc"}]);
    let newest = line.call("read", &newest)["entities"][0].take();
    let told = (&newest["event_type"], &newest["session_uuid"]);
    assert_eq!(told, (&json!("Shotgun_Version_Change"), &json!("0f1e")));
}
