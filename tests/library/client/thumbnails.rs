//! One thumbnail for many.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use callboard::shotgun::{EntityId, EntityRef, Error, Remedy, ThumbnailSource};

use super::server::{Ear, Request, Server, Then, answer};
use super::uploads::{PLAIN, file, forms, site};

const AUTH: &str = "script_name=robot&script_key=k3y-of-the-robot";

fn saying(text: &'static str) -> Server {
    site(PLAIN, move |request, stream| {
        let text = if request.line().ends_with("share_thumbnail") {
            text
        } else {
            "1:55\n"
        };
        stream
            .write_all(&answer("200 OK", "text/html", text))
            .unwrap();
        Then::Keep
    })
}

fn entities() -> [EntityRef; 2] {
    [EntityRef::new("Shot", 1), EntityRef::new("Asset", 2)]
}

fn version() -> ThumbnailSource {
    ThumbnailSource::Entity(EntityRef::new("Version", 3))
}

fn lines(forms: &[Request]) -> Vec<&str> {
    forms.iter().map(Request::line).collect()
}

#[test]
fn the_thumbnail_of_an_entity_is_shared_in_one_form() {
    for (filmstrip, spelled) in [(false, "False"), (true, "1")] {
        let server = saying("1:7701\n");
        let shared = server
            .client()
            .share_thumbnail(&entities(), version(), filmstrip);
        assert_eq!(shared.unwrap(), Some(EntityId(7701)));
        let forms = forms(&server);
        assert_eq!(lines(&forms), ["POST /upload/share_thumbnail"]);
        assert_eq!(
            forms[0].body,
            format!(
                "entities=Shot_1%2CAsset_2&source_entity=Version_3&filmstrip_thumbnail={spelled}&{AUTH}"
            )
        );
    }
}

#[test]
fn a_picture_goes_to_the_first_and_is_shared_with_the_others_in_one_call() {
    let server = saying("1:7701\n");
    let ear = Arc::new(Ear::default());
    let builder = server.builder().observer(Arc::clone(&ear) as _);
    let client = builder.build().unwrap();
    let (_folder, path) = file("a.png", b"pixels");
    let share = |entities: &[EntityRef]| {
        client.share_thumbnail(entities, ThumbnailSource::Path(path.clone()), false)
    };
    assert_eq!(share(&entities()).unwrap(), Some(EntityId(7701)));
    assert_eq!(share(&entities()[..1]).unwrap(), Some(EntityId(55)));
    assert_eq!(share(&[]).unwrap(), None);
    let forms = forms(&server);
    assert_eq!(
        lines(&forms),
        [
            "POST /upload/publish_thumbnail",
            "POST /upload/share_thumbnail",
            "POST /upload/publish_thumbnail"
        ]
    );
    assert!(
        forms[1]
            .body
            .starts_with("entities=Asset_2&source_entity=Shot_1&")
    );
    let calls: Vec<_> = ear
        .started
        .lock()
        .iter()
        .map(|it| it.method.to_string())
        .collect();
    assert_eq!(calls, ["info", "share_thumbnail", "share_thumbnail"]);
}

#[test]
fn a_picture_that_is_not_there_is_named_before_anything_is_asked() {
    let server = saying("1:7701\n");
    let missing = ThumbnailSource::Path(PathBuf::from("/nowhere/a.png"));
    let error = server
        .client()
        .share_thumbnail(&entities(), missing, false)
        .unwrap_err();
    assert!(matches!(error, Error::File { .. }), "{error:?}");
    assert!(server.requests.lock().is_empty());
}

#[test]
fn a_thumbnail_in_the_making_says_to_try_again_and_is_not_tried_by_itself() {
    let server = saying("2\nsource is pending");
    let client = server.builder().retries(2).build().unwrap();
    let error = client
        .share_thumbnail(&entities(), version(), false)
        .unwrap_err();
    assert_eq!(
        error.headline(),
        "The thumbnail of Version 3 is not ready yet"
    );
    assert_eq!(error.advice(), "Wait a moment, then try again.");
    assert!(error.is_retryable() && error.remedy() == Remedy::TryAgain);
    assert_eq!(forms(&server).len(), 1);
}

#[test]
fn an_answer_without_an_id_is_none_and_any_other_a_refusal() {
    for text in ["1:\n", "1"] {
        let shared = saying(text)
            .client()
            .share_thumbnail(&entities(), version(), false);
        assert_eq!(shared.unwrap(), None);
    }
    let error = saying("0\nno thumbnail")
        .client()
        .share_thumbnail(&entities(), version(), false)
        .unwrap_err();
    assert_eq!(
        error.headline(),
        "The site refused the request: no thumbnail"
    );
}
