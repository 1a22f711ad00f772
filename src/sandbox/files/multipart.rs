//! `multipart/form-data`, taken apart where it lies: a part is a slice of the body and is not copied.
//!
//! Lenient where clients are known to be sloppy (lengths per part, line ends after the end), strict about everything
//! that decides where a part begins and ends. Knows nothing of Shotgun.

use std::io::Read as _;

use memchr::memmem::Finder;

use super::super::http::Body;

/// The largest head of a part.
const LARGEST_HEAD: u64 = 16 * 1024;
/// How many headers a part may have.
const MOST_HEADERS: usize = 16;
/// How many parts a form may have.
const MOST_PARTS: usize = 100;
/// How much of the body is searched at once.
const WINDOW: usize = 256 * 1024;
/// How many bytes after a boundary say what comes.
const ANNOUNCEMENT: usize = 2;

/// One field of a form.
#[derive(Clone, Debug)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// What the file is called, if this is one.
    pub filename: Option<String>,
    /// What the part says it is, empty if it does not.
    pub content_type: String,
    /// The content.
    pub body: Body,
}

/// The boundary that `content_type` names, if that is a form in parts.
pub fn boundary(content_type: &str) -> Option<&str> {
    let (kind, rest) = content_type.split_once(';')?;
    let is_form = kind.trim().eq_ignore_ascii_case("multipart/form-data");
    let boundary = parameters(rest)
        .find(|(name, _)| name.eq_ignore_ascii_case("boundary"))
        .map(|(_, value)| value.trim_matches('"'))?;
    (is_form && (1..=200).contains(&boundary.len())).then_some(boundary)
}

/// Takes a form apart. The error says what is wrong with it.
pub fn parse(body: &Body, boundary: &str) -> Result<Vec<Part>, String> {
    let delimiter = Delimiter::new(body, boundary);
    let mut parts = Vec::new();
    let mut next = delimiter.first()?;
    while let Next::Part { start } = next {
        if parts.len() == MOST_PARTS {
            return Err(format!("The form has more than {MOST_PARTS} parts"));
        }
        let (head, length) = head(body, start)?;
        let start = start + length;
        let (end, following) = delimiter.after(start)?;
        parts.push(part(&head, body.slice(start..end))?);
        next = following;
    }
    Ok(parts)
}

/// What comes after a delimiter.
#[derive(Clone, Copy)]
enum Next {
    /// A part, whose head begins here.
    Part { start: u64 },
    /// Nothing that matters.
    End,
}

/// What stands between two parts: a line break, two dashes and the boundary.
struct Delimiter<'a> {
    body: &'a Body,
    finder: Finder<'static>,
}

impl<'a> Delimiter<'a> {
    fn new(body: &'a Body, boundary: &str) -> Self {
        let finder = Finder::new(&format!("\r\n--{boundary}")).into_owned();
        Self { body, finder }
    }

    fn len(&self) -> u64 {
        self.finder.needle().len() as u64
    }

    /// The first one may stand at the very beginning, without a line break.
    fn first(&self) -> Result<Next, String> {
        let dashes = &self.finder.needle()[2..];
        let begins = bytes(self.body, 0, dashes.len() as u64)? == dashes;
        let at_once = if begins {
            self.next(self.len() - 2)?
        } else {
            None
        };
        match at_once {
            Some(next) => Ok(next),
            None => self.after(0).map(|(_, next)| next),
        }
    }

    /// Where the content that starts at `from` ends, and what comes then.
    fn after(&self, from: u64) -> Result<(u64, Next), String> {
        let found = find(self.body, &self.finder, from)?;
        found.ok_or_else(|| "The form ends in the middle of a part".to_owned())
    }

    fn next(&self, at: u64) -> Result<Option<Next>, String> {
        Ok(announced(&bytes(self.body, at, ANNOUNCEMENT as u64)?, at))
    }
}

/// What the bytes after a boundary, which begin at `at`, announce. Nothing if they belong to the same line: then the boundary
/// was only the beginning of that.
fn announced(bytes: &[u8], at: u64) -> Option<Next> {
    match bytes.get(..ANNOUNCEMENT)? {
        b"\r\n" => Some(Next::Part {
            start: at + ANNOUNCEMENT as u64,
        }),
        b"--" => Some(Next::End),
        _other => None,
    }
}

/// The head of the part at `start`, and how long it is.
fn head(body: &Body, start: u64) -> Result<(Vec<u8>, u64), String> {
    let mut head = bytes(body, start, LARGEST_HEAD)?;
    // A part without headers begins with the empty line.
    let length = if head.starts_with(b"\r\n") {
        2
    } else {
        let end = memchr::memmem::find(&head, b"\r\n\r\n");
        end.ok_or("The head of a part is too large or not complete")? + 4
    };
    head.truncate(length);
    Ok((head, length as u64))
}

fn part(head: &[u8], body: Body) -> Result<Part, String> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let headers = match httparse::parse_headers(head, &mut headers) {
        Ok(httparse::Status::Complete((_length, headers))) => headers,
        Ok(httparse::Status::Partial) | Err(_) => {
            return Err("The head of a part cannot be read".to_owned());
        }
    };
    let header = |name: &str| {
        let found = headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name));
        found.map(|header| String::from_utf8_lossy(header.value).into_owned())
    };
    let disposition = header("content-disposition").unwrap_or_default();
    let parameter = |name: &str| {
        let (_, rest) = disposition.split_once(';')?;
        let found = parameters(rest).find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| unquoted(value))
    };
    Ok(Part {
        name: parameter("name").ok_or("A part has no name")?,
        filename: parameter("filename"),
        content_type: header("content-type").unwrap_or_default(),
        body,
    })
}

/// The `name=value` pairs of a header's value. Semicolons within quotes do not separate them.
fn parameters(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut quoted = false;
    let mut escaped = false;
    let pairs = text.split(move |character| {
        let separates = character == ';' && !quoted;
        if character == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = character == '\\' && !escaped;
        separates
    });
    pairs.filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        Some((name.trim(), value.trim()))
    })
}

/// A value without its quotes. Quotes within it are escaped by some, and written as `%22` by others.
fn unquoted(value: &str) -> String {
    let inner = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'));
    inner.map_or_else(
        || value.to_owned(),
        |inner| inner.replace("\\\"", "\"").replace("%22", "\""),
    )
}

/// At most `count` bytes from `at` on.
fn bytes(body: &Body, at: u64, count: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let slice = body.slice(at..at.saturating_add(count));
    slice
        .write_to(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    Ok(bytes)
}

/// Where the next needle is that announces something, from `from` on, and what that is. Every byte is read once, however
/// many needles announce nothing.
fn find(body: &Body, finder: &Finder<'_>, from: u64) -> Result<Option<(u64, Next)>, String> {
    let rest = body.slice(from..body.len());
    if let Some(bytes) = rest.in_memory() {
        return Ok(search(bytes, finder, from));
    }
    // A needle and its announcement, but for one byte: that may be the beginning of both.
    let overlap = finder.needle().len() + ANNOUNCEMENT - 1;
    let mut reader = rest.reader();
    let mut window = vec![0; WINDOW];
    // The bytes of the last window that may be such a beginning stay in front.
    let (mut kept, mut at) = (0, from);
    loop {
        let count = reader
            .read(&mut window[kept..])
            .map_err(|error| unreadable(&error))?;
        if count == 0 {
            return Ok(None);
        }
        let filled = kept + count;
        if let Some(found) = search(&window[..filled], finder, at) {
            return Ok(Some(found));
        }
        kept = filled.min(overlap);
        window.copy_within(filled - kept..filled, 0);
        at += (filled - kept) as u64;
    }
}

/// The first needle in `bytes`, which begin at `at`, that announces something.
fn search(bytes: &[u8], finder: &Finder<'_>, at: u64) -> Option<(u64, Next)> {
    finder.find_iter(bytes).find_map(|found| {
        let end = found + finder.needle().len();
        let next = announced(&bytes[end..], at + end as u64)?;
        Some((at + found as u64, next))
    })
}

fn unreadable(error: &std::io::Error) -> String {
    format!("The sandbox cannot read what it was sent: {error}")
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;

    const FORM: &str = "--b\r\nContent-Disposition: form-data; name=\"entity_id\"\r\n\r\n5\r\n\
        --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a; \\\"b\\\".mov\"\r\n\
        Content-Type: video/quicktime\r\nContent-Length: 8\r\n\r\n\r\n--bb\r\n\r\n--b--\r\n\r\n";

    fn body(text: &str) -> Body {
        text.as_bytes().to_vec().into()
    }

    fn in_file(bytes: &[u8]) -> Body {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        Body::in_file(file, bytes.len() as u64)
    }

    fn content(part: &Part) -> Vec<u8> {
        bytes(&part.body, 0, u64::MAX).unwrap()
    }

    #[test]
    fn parts_have_names_types_and_content() {
        for form in [
            body(FORM),
            in_file(FORM.as_bytes()),
            body(&format!("preamble\r\n{FORM}")),
        ] {
            let parts = parse(&form, "b").unwrap();
            let names: Vec<_> = parts.iter().map(|part| part.name.as_str()).collect();
            assert_eq!(names, ["entity_id", "file"]);
            assert_eq!(content(&parts[0]), b"5");
            assert_eq!(parts[0].filename, None);
            assert_eq!(parts[1].filename.as_deref(), Some("a; \"b\".mov"));
            assert_eq!(parts[1].content_type, "video/quicktime");
            assert_eq!(
                content(&parts[1]),
                b"\r\n--bb\r\n",
                "a longer line is no boundary"
            );
        }
    }

    #[test]
    fn a_boundary_is_found_wherever_the_windows_meet() {
        for length in WINDOW - 40..WINDOW + 40 {
            let head = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";
            let content = "x".repeat(length - head.len());
            let parts = parse(
                &in_file(format!("{head}{content}\r\n--b--").as_bytes()),
                "b",
            )
            .unwrap();
            assert_eq!(parts[0].body.len(), content.len() as u64);
        }
    }

    #[test]
    fn false_boundaries_cost_no_more_than_other_bytes() {
        let head = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";
        let content = "\r\n--bb".repeat(500_000);
        let form = in_file(format!("{head}{content}\r\n--b--").as_bytes());
        let started = std::time::Instant::now();
        let parts = parse(&form, "b").unwrap();
        assert_eq!(parts[0].body.len(), content.len() as u64);
        // Reading a window for each of them takes far longer.
        assert!(started.elapsed() < std::time::Duration::from_secs(10));
    }

    #[test]
    fn what_is_cut_off_anywhere_is_no_form() {
        let end = FORM.rfind("--\r\n\r\n").unwrap();
        for length in 0..=end {
            assert!(parse(&body(&FORM[..length]), "b").is_err(), "{length}");
        }
        assert!(parse(&body(&FORM[..end + 2]), "b").is_ok());
    }

    #[test]
    fn what_is_too_large_or_too_much_is_refused() {
        let huge = format!("--b\r\nX: {}\r\n\r\n\r\n--b--", "a".repeat(20_000));
        assert!(parse(&body(&huge), "b").unwrap_err().contains("too large"));
        let many =
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n".repeat(101) + "--b--";
        assert!(
            parse(&body(&many), "b")
                .unwrap_err()
                .contains("more than 100")
        );
        assert!(
            parse(&body("--b\r\n\r\nx\r\n--b--"), "b")
                .unwrap_err()
                .contains("no name")
        );
    }

    #[test]
    fn the_boundary_comes_from_the_content_type() {
        assert_eq!(boundary("multipart/form-data; boundary=abc"), Some("abc"));
        assert_eq!(
            boundary("Multipart/Form-Data; charset=x; Boundary=\"a;b\""),
            Some("a;b")
        );
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(boundary("multipart/form-data; boundary="), None);
        assert_eq!(boundary("multipart/mixed; boundary=abc"), None);
    }

    /// What forms are made of, and what is nearly that.
    const PIECES: [&str; 12] = [
        "--b",
        "--bb",
        "--",
        "b",
        "\r\n",
        "\r\n--b\r\n",
        "\r\n--b--",
        "\r",
        "\n",
        ": ",
        "Content-Disposition: form-data; name=\"a\"",
        "; filename=\"c;\\\"d",
    ];

    proptest! {
        #[test]
        fn nonsense_is_read_the_same_from_memory_and_from_a_file(
            pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40),
        ) {
            let nonsense = format!("--b\r\n{}", pieces.concat());
            let parsed = |body: &Body| {
                let parts = parse(body, "b")?;
                Ok::<_, String>(parts.into_iter().map(|part| (content(&part), part.name)).collect::<Vec<_>>())
            };
            prop_assert_eq!(parsed(&body(&nonsense)), parsed(&in_file(nonsense.as_bytes())));
        }
    }
}
