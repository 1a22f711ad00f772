//! The head of a request: told apart, and refused if it cannot be trusted. Does no input or output.

use super::{Body, Request, Unread};

/// The largest head that is read.
pub const LARGEST_HEAD: usize = 64 * 1024;
/// How many header lines a head may have.
const MOST_HEADERS: usize = 128;

/// Longer words than this are the method of no request.
const LONGEST_METHOD: usize = 16;

/// What a head says.
#[derive(Debug)]
pub struct Head {
    /// The request, still without its body.
    pub request: Request,
    /// How long the body is.
    pub length: u64,
    /// Whether the peer holds the body back until it is asked for it.
    pub expects_continue: bool,
}

/// Reads a head, if it is there as a whole, and says how long it is.
pub fn parse(bytes: &[u8]) -> Result<Option<(Head, usize)>, Unread> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let length = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(length)) if length > LARGEST_HEAD => {
            return Err(Unread::Refused(431));
        }
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Unread::Refused(431)),
        Err(_other) => return Err(Unread::Refused(400)),
    };
    let method = parsed.method.unwrap_or_default().to_owned();
    let path = parsed.path.unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let text = |name: &str| header(&parsed, name).unwrap_or_default().to_owned();
    let connection = header(&parsed, "connection")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let says = |word: &str| connection.split(',').any(|part| part.trim() == word);
    let keep_alive = if parsed.version == Some(1) {
        !says("close")
    } else {
        says("keep-alive")
    };
    let head = Head {
        length: body_length(&parsed, &method)?,
        expects_continue: header(&parsed, "expect")
            .is_some_and(|value| value.eq_ignore_ascii_case("100-continue")),
        request: Request {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            content_type: text("content-type"),
            cookie: text("cookie"),
            host: host(&parsed).unwrap_or_default().to_owned(),
            control: text("x-callboard"),
            origin: text("origin"),
            fetch_site: text("sec-fetch-site"),
            body: Body::from(Vec::new()),
            keep_alive,
        },
    };
    Ok(Some((head, length)))
}

fn body_length(parsed: &httparse::Request<'_, '_>, method: &str) -> Result<u64, Unread> {
    if header(parsed, "transfer-encoding").is_some() {
        return Err(Unread::Refused(411));
    }
    let mut lengths = parsed
        .headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("content-length"));
    let Some(first) = lengths.next() else {
        return if matches!(method, "POST" | "PUT") {
            Err(Unread::Refused(411))
        } else {
            Ok(0)
        };
    };
    if lengths.any(|other| other.value != first.value)
        || !first.value.iter().all(u8::is_ascii_digit)
    {
        return Err(Unread::Refused(400));
    }
    let length = std::str::from_utf8(first.value)
        .ok()
        .and_then(|text| text.parse().ok());
    // Digits that are no number are too many digits.
    length.ok_or(Unread::Refused(if first.value.is_empty() {
        400
    } else {
        413
    }))
}

fn host<'a>(parsed: &httparse::Request<'_, 'a>) -> Option<&'a str> {
    let is_host = |header: &&httparse::Header<'_>| header.name.eq_ignore_ascii_case("host");
    let is_single = parsed.headers.iter().filter(is_host).count() == 1;
    header(parsed, "host").filter(|_| is_single)
}

/// Whether the path of the request that begins with `bytes` begins with `prefix`, if that can be told yet.
pub fn path_begins(bytes: &[u8], prefix: &str) -> Option<bool> {
    let Some(space) = bytes.iter().position(|byte| *byte == b' ') else {
        return (bytes.len() > LONGEST_METHOD).then_some(false);
    };
    let path = &bytes[space + 1..];
    let length = path.len().min(prefix.len());
    let is_alike = path[..length] == prefix.as_bytes()[..length];
    (!is_alike || length == prefix.len()).then_some(is_alike)
}

fn header<'a>(parsed: &httparse::Request<'_, 'a>, name: &str) -> Option<&'a str> {
    let found = parsed
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case(name))?;
    std::str::from_utf8(found.value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Unread::Refused;

    fn parse(head: &str) -> Result<(Head, usize), Unread> {
        super::parse(head.as_bytes()).map(|parsed| parsed.expect("a whole head"))
    }

    #[test]
    fn a_connection_stays_open_unless_someone_says_otherwise() {
        let keeps = |head| parse(head).map(|(head, _)| head.request.keep_alive);
        assert_eq!(keeps("GET / HTTP/1.1\r\n\r\n"), Ok(true));
        assert_eq!(
            keeps("GET / HTTP/1.1\r\nconnection: Close\r\n\r\n"),
            Ok(false)
        );
        assert_eq!(keeps("GET / HTTP/1.0\r\n\r\n"), Ok(false));
        assert_eq!(
            keeps("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
            Ok(true)
        );
    }

    #[test]
    fn a_body_needs_one_honest_length() {
        let length = |lines: &str| {
            parse(&format!("POST / HTTP/1.1\r\n{lines}\r\n")).map(|(head, _)| head.length)
        };
        assert_eq!(length("Content-Length: 12\r\n"), Ok(12));
        assert_eq!(length(""), Err(Refused(411)));
        assert_eq!(length("Transfer-Encoding: chunked\r\n"), Err(Refused(411)));
        assert_eq!(
            length("Content-Length: 1\r\nContent-Length: 2\r\n"),
            Err(Refused(400))
        );
        assert_eq!(length("Content-Length: -1\r\n"), Err(Refused(400)));
        assert_eq!(
            length("Content-Length: 99999999999999999999999\r\n"),
            Err(Refused(413))
        );
    }

    #[test]
    fn two_hosts_are_none() {
        let host = |lines: &str| {
            let parsed = parse(&format!("GET / HTTP/1.1\r\n{lines}\r\n"));
            parsed.map(|(head, _)| head.request.host)
        };
        assert_eq!(host("Host: a\r\n"), Ok("a".to_owned()));
        assert_eq!(host(""), Ok(String::new()));
        assert_eq!(host("Host: a\r\nhost: b\r\n"), Ok(String::new()));
    }

    #[test]
    fn the_beginning_of_a_path_is_told_as_soon_as_it_can_be() {
        let begins = |bytes: &str| path_begins(bytes.as_bytes(), "/door/");
        for (bytes, expected) in [
            ("", None),
            ("GET", None),
            ("GET ", None),
            ("GET /do", None),
            ("GET /door/", Some(true)),
            ("GET /door/way HTTP/1.1", Some(true)),
            ("GET /dot", Some(false)),
            ("GET / HTTP/1.1", Some(false)),
            ("\u{16}\u{3}\u{1}aaaaaaaaaaaaaaaaaaaaaa", Some(false)),
        ] {
            assert_eq!(begins(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_query_is_not_part_of_the_path() {
        let (head, length) =
            parse("GET /thumbnail/Shot/1.png?size=2 HTTP/1.1\r\n\r\nrest").unwrap();
        assert_eq!(head.request.path, "/thumbnail/Shot/1.png");
        assert_eq!(head.request.query, "size=2");
        assert_eq!(
            length,
            "GET /thumbnail/Shot/1.png?size=2 HTTP/1.1\r\n\r\n".len()
        );
    }
}
