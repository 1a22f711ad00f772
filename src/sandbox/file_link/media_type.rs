//! A guess at what is in a file.

/// What the ends of names stand for.
const KNOWN: [(&str, &str); 16] = [
    ("abc", "application/x-alembic"),
    ("dpx", "image/x-dpx"),
    ("exr", "image/x-exr"),
    ("gif", "image/gif"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("mov", "video/quicktime"),
    ("mp4", "video/mp4"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("txt", "text/plain"),
    ("wav", "audio/wav"),
    ("zip", "application/zip"),
];

/// The media type of a file with this name, if that is easy to say.
pub(super) fn guess(name: &str) -> Option<&'static str> {
    let (_, end) = name.rsplit_once('.')?;
    let known = KNOWN
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(end));
    known.map(|(_, media_type)| *media_type)
}
