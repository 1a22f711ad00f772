//! Where the storage of the site takes a file: the answer to the first question of the direct route.

use crate::shotgun::error::Error;

/// Lines of text: `1`, an address, and what names the upload from then on.
pub(super) struct Link<'a> {
    pub(super) url: &'a str,
    pub(super) timestamp: &'a str,
    pub(super) upload_type: &'a str,
    pub(super) upload_id: &'a str,
}

impl<'a> Link<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Error> {
        let lines: Vec<&str> = text.lines().collect();
        match lines[..] {
            [_, url, timestamp, upload_type, upload_id, ..] => Ok(Self {
                url,
                timestamp,
                upload_type,
                upload_id,
            }),
            _ => Err(Error::decode(format!(
                "it has {} lines where an upload takes 5",
                lines.len()
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_lines_are_enough_and_four_are_not() {
        let text = "1\nhttps://s3/x\nT\nAttachment\n\nmore";
        let link = Link::parse(text).unwrap();
        assert_eq!((link.url, link.upload_id), ("https://s3/x", ""));
        let error = Link::parse("1\nhttps://s3/x\nT\nAttachment").err().unwrap();
        assert!(
            error
                .headline()
                .ends_with("it has 4 lines where an upload takes 5")
        );
    }
}
