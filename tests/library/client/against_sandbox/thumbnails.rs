//! Pictures of entities: uploaded, in the making, and shared.

use std::fs;

use callboard::sandbox::FileOptions;
use callboard::shotgun::{Client, EntityId, EntityRef, Error, Filter, ThumbnailSource};

use super::files::{file, names, site};

const PENDING: &str = "/images/status/transient/thumbnail_pending.png";

/// The address in a field of a shot.
fn address(client: &Client, id: u64, field: &str) -> String {
    let shot = client.find_one("Shot", &[Filter::is("id", EntityId(id))], &[field]);
    shot.unwrap().unwrap().text(field)
}

/// What is at the address in a field of a shot.
fn picture(client: &Client, id: u64, field: &str) -> Vec<u8> {
    client
        .download(&address(client, id, field), 1 << 20)
        .unwrap()
}

fn shot(id: u64) -> EntityRef {
    EntityRef::new("Shot", id)
}

#[test]
fn an_uploaded_thumbnail_is_in_the_making_and_then_there() {
    for direct_uploads in [false, true] {
        let (_sandbox, client) = site(FileOptions {
            direct_uploads,
            ..FileOptions::default()
        });
        let (_folder, path) = file("frame.jpg", 3_000);
        let content = fs::read(&path).unwrap();
        for field in ["image", "filmstrip_image"] {
            let id = if field == "image" {
                client.upload_thumbnail("Shot", 3, &path)
            } else {
                client.upload_filmstrip_thumbnail("Shot", 3, &path)
            };
            let pending = address(&client, 3, field);
            assert!(pending.ends_with(PENDING), "{pending}");
            let placeholder = client.download(&pending, 1 << 20).unwrap();
            assert!(placeholder.starts_with(b"\x89PNG"));
            assert!(picture(&client, 3, field) == content);
            assert!(id.unwrap().0 > 0);
        }
        // One did not take the place of the other.
        assert!(address(&client, 3, "image") != address(&client, 3, "filmstrip_image"));
    }
}

#[test]
fn a_thumbnail_is_shared_once_it_is_ready() {
    let (_sandbox, client) = site(FileOptions::default());
    let (_folder, path) = file("frame.jpg", 3_000);
    let id = client.upload_thumbnail("Shot", 3, &path).unwrap();
    let share =
        || client.share_thumbnail(&[shot(4), shot(5)], ThumbnailSource::Entity(shot(3)), false);
    let before = address(&client, 4, "image");
    let error = share().unwrap_err();
    assert!(matches!(error, Error::NotReady { .. }), "{error:?}");
    assert!(error.is_retryable());
    assert_eq!(address(&client, 4, "image"), before);
    // To ask was to look, so now it is.
    assert_eq!(share().unwrap(), Some(id));
    let content = fs::read(&path).unwrap();
    for other in [4, 5] {
        assert!(picture(&client, other, "image") == content);
    }
}

#[test]
fn a_picture_of_this_machine_is_shared_by_many() {
    for filmstrip in [false, true] {
        let (sandbox, client) = site(FileOptions {
            pending_looks: 0,
            ..FileOptions::default()
        });
        let (folder, path) = file("frame.jpg", 3_000);
        let content = fs::read(&path).unwrap();
        let source = || ThumbnailSource::Path(path.clone());
        let shots = [shot(3), shot(4), shot(5)];
        let id = client.share_thumbnail(&shots, source(), filmstrip).unwrap();
        assert!(id.is_some());
        let field = if filmstrip {
            "filmstrip_image"
        } else {
            "image"
        };
        for id in [3, 4, 5] {
            assert!(picture(&client, id, field) == content);
        }
        assert_eq!(sandbox.request_count("publish_thumbnail"), 1);
        // For one alone there is nobody to share with, and for nobody nothing to do.
        let alone = client.share_thumbnail(&[shot(6)], source(), filmstrip);
        assert!(alone.unwrap().is_some());
        assert_eq!(
            client.share_thumbnail(&[], source(), filmstrip).unwrap(),
            None
        );
        assert_eq!(sandbox.request_count("share_thumbnail"), 1);
        assert_eq!(names(folder.path()), ["frame.jpg"]);
    }
}

#[test]
fn a_picture_that_is_still_in_the_making_when_it_is_shared_can_be_shared_from_its_entity() {
    let (_sandbox, client) = site(FileOptions::default());
    let (_folder, path) = file("frame.jpg", 3_000);
    let shots = [shot(3), shot(4)];
    let error = client
        .share_thumbnail(&shots, ThumbnailSource::Path(path.clone()), false)
        .unwrap_err();
    assert!(
        matches!(&error, Error::NotReady { what } if what.contains("Shot")),
        "{error:?}"
    );
    let id = client.share_thumbnail(&[shot(4)], ThumbnailSource::Entity(shot(3)), false);
    assert!(id.unwrap().is_some());
    assert!(picture(&client, 4, "image") == fs::read(&path).unwrap());
}
