//! What kind of content a file has, going by its name: the kinds that studios upload.

/// For whatever is not known.
const ANY: &str = "application/octet-stream";

const KNOWN: [(&str, &str); 31] = [
    ("3gp", "video/3gpp"),
    ("aif", "audio/x-aiff"),
    ("aiff", "audio/x-aiff"),
    ("avi", "video/x-msvideo"),
    ("bmp", "image/bmp"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("gif", "image/gif"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("m4v", "video/x-m4v"),
    ("mkv", "video/x-matroska"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpeg"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("txt", "text/plain"),
    ("wav", "audio/x-wav"),
    ("webm", "video/webm"),
    ("webp", "image/webp"),
    ("xml", "text/xml"),
    ("zip", "application/zip"),
];

/// The media type of a file called `name`.
pub(super) fn of(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let known = extension.and_then(|extension| {
        KNOWN
            .iter()
            .find(|(known, _)| extension.eq_ignore_ascii_case(known))
    });
    known.map_or(ANY, |(_, media_type)| media_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_of_the_name_counts_whatever_its_case() {
        for (name, expected) in [
            ("a.MOV", "video/quicktime"),
            ("a.mov.png", "image/png"),
            ("mov", ANY),
            ("a.exr", ANY),
        ] {
            assert_eq!(of(name), expected, "{name}");
        }
    }
}
