//! What to call a file that was downloaded. Names come from others: none of them leads out of the folder.

use crate::shotgun::{Client, EntityId, Error, Filter};

/// File systems take 255 bytes.
const LONGEST: usize = 200;

/// As the site calls the file of this attachment.
pub(super) fn of_attachment(client: &Client, id: EntityId) -> Result<String, Error> {
    let fields = ["filename", "this_file", "display_name"];
    let found = client.find_one("Attachment", &[Filter::is("id", id)], &fields)?;
    let name = |field: &str| {
        let value = found.as_ref()?.get(field)?;
        let link = value.as_file().map(|link| link.name.to_string());
        safe(&link.or_else(|| value.as_str().map(str::to_owned))?)
    };
    let known = fields.iter().find_map(|field| name(field));
    Ok(known.unwrap_or_else(|| format!("attachment-{id}")))
}

/// As the last part of an address has it.
pub(super) fn of_url(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let last = path.split('/').skip(1).last().unwrap_or_default();
    safe(&decoded(last)).unwrap_or_else(|| "download".to_owned())
}

/// The last part of `name` without what could do harm, unless nothing is left. Hidden files are not made.
fn safe(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = |c: &char| !c.is_control() && !matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let mut name: String = last.chars().filter(kept).collect();
    name.truncate(name.floor_char_boundary(LONGEST));
    let name = name.trim().trim_start_matches('.').trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// `%20` is a blank, and so on. What makes no sense stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let byte = after.get(..2).and_then(hexadecimal);
        if let Some(byte) = byte.filter(|_| *first == b'%') {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    let value = digits
        .iter()
        .try_fold(0, |value, it| Some(value * 16 + digit(it)?))?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_last_part_of_an_address() {
        for (url, name) in [
            ("https://h/a/b%20%C3%BC.mov?sig=x/y#z", "b ü.mov"),
            ("/thumbnail/Shot/3.png", "3.png"),
            ("https://h/100%.mov", "100%.mov"),
            ("https://h/a%+1b%e", "a%+1b%e"),
            ("https://h/a%2Fb", "b"),
            ("https://h/", "download"),
            ("https://h", "download"),
            ("https://h/..", "download"),
            ("https://h/%2e%2e%2f", "download"),
        ] {
            assert_eq!(of_url(url), name, "{url}");
        }
    }

    #[test]
    fn no_name_leads_out_of_the_folder_or_hides() {
        for (name, expected) in [
            ("a.mov", Some("a.mov")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\Windows\\a.mov", Some("a.mov")),
            (".bashrc", Some("bashrc")),
            (" a\u{7}\nb.mov ", Some("ab.mov")),
            ("a:b?.mov", Some("ab.mov")),
            ("..", None),
            ("a/", None),
            ("", None),
        ] {
            assert_eq!(safe(name).as_deref(), expected, "{name:?}");
        }
        assert_eq!(safe(&"ä".repeat(200)).unwrap().len(), LONGEST);
    }
}
