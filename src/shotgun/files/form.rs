//! A form as the site takes it: named fields in a fixed order, the credentials in between, perhaps a file at the end.

use std::fmt::Write as _;

use secrecy::zeroize::Zeroizing;
use serde_json::{Map, Value as Json};

use super::local::LocalFile;
use crate::shotgun::auth::credentials::FormField;
use crate::shotgun::redact::HIDDEN;

/// The fields of a form. Not to be printed: see [`Form::shown`].
#[derive(Default)]
pub(in crate::shotgun) struct Form(Vec<Part>);

enum Part {
    Field {
        name: &'static str,
        value: String,
        /// Whether people may not see it.
        hidden: bool,
    },
    /// Whoever asks puts the credentials here.
    Auth,
}

impl Form {
    pub(in crate::shotgun) fn new() -> Self {
        Self::default()
    }

    pub(in crate::shotgun) fn field(
        self,
        name: &'static str,
        value: &(impl ToString + ?Sized),
    ) -> Self {
        self.part(name, value.to_string(), false)
    }

    /// A field that is left out if there is nothing to say.
    pub(super) fn optional(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.field(name, &value),
            None => self,
        }
    }

    /// As the site spells it.
    pub(super) fn flag(self, name: &'static str, on: bool) -> Self {
        self.field(name, if on { "True" } else { "False" })
    }

    /// A field that lets anyone in who has it.
    pub(super) fn hidden(self, name: &'static str, value: &str) -> Self {
        self.part(name, value.to_owned(), true)
    }

    /// Here the site wants to know who asks.
    pub(in crate::shotgun) fn auth(mut self) -> Self {
        self.0.push(Part::Auth);
        self
    }

    fn part(mut self, name: &'static str, value: String, hidden: bool) -> Self {
        self.0.push(Part::Field {
            name,
            value,
            hidden,
        });
        self
    }

    /// What goes over the wire, in order.
    fn wire(&self, who: &Who) -> Vec<FormField> {
        let mut fields = Vec::new();
        for part in &self.0 {
            match part {
                Part::Field { name, value, .. } => {
                    fields.push(((*name).into(), Zeroizing::new(value.clone())));
                }
                Part::Auth => fields.extend(who.fields.iter().cloned()),
            }
        }
        fields
    }

    /// `application/x-www-form-urlencoded`.
    pub(super) fn urlencoded(&self, who: &Who) -> Zeroizing<Vec<u8>> {
        // Long enough for most: a secret that moves to a larger place leaves a copy behind.
        let mut body = Zeroizing::new(Vec::with_capacity(16 << 10));
        for (name, value) in self.wire(who) {
            if !body.is_empty() {
                body.push(b'&');
            }
            body.extend_from_slice(name.as_bytes());
            body.push(b'=');
            quote(value.as_bytes(), &mut body);
        }
        body
    }

    /// `multipart/form-data`: what comes before the bytes of `file`, as the field `file_field`.
    pub(super) fn multipart(&self, who: &Who, file_field: &str, file: &LocalFile) -> Multipart {
        let random = || fastrand::u64(..);
        let boundary = format!("callboard-{:016x}{:016x}", random(), random());
        let mut head = Zeroizing::new(String::with_capacity(16 << 10));
        let mut write = |text: std::fmt::Arguments<'_>| {
            // Writing to a string does not fail.
            head.write_fmt(text).ok();
        };
        for (name, value) in self.wire(who) {
            write(format_args!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{}\r\n",
                *value
            ));
        }
        write(format_args!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{file_field}\"; filename=\"{}\"\r\n\
             Content-Type: {}\r\nContent-Length: {}\r\n\r\n",
            file_name(&file.name),
            file.media_type(),
            file.length
        ));
        Multipart {
            content_type: format!("multipart/form-data; boundary={boundary}"),
            head,
            // The empty line at the end is how `shotgun_api3` ends its forms.
            tail: format!("\r\n--{boundary}--\r\n\r\n"),
        }
    }

    /// For people's eyes: who asks rather than how they prove it, and of a file its size.
    pub(super) fn shown(&self, who: &Who, file: Option<(&str, &LocalFile)>) -> Json {
        let mut shown = Map::new();
        for part in &self.0 {
            match part {
                Part::Field {
                    name,
                    value,
                    hidden,
                } => {
                    let value = if *hidden { HIDDEN } else { value };
                    shown.insert((*name).to_owned(), value.into());
                }
                Part::Auth => {
                    if let Json::Object(who) = &who.shown {
                        shown.extend(who.clone());
                    }
                }
            }
        }
        if let Some((field, file)) = file {
            shown.insert(field.to_owned(), file_of(file.length).into());
        }
        shown.into()
    }
}

/// Who asks, for the site and for people's eyes.
pub(super) struct Who {
    pub(super) fields: Vec<FormField>,
    pub(super) shown: Json,
}

/// A form with a file, without the bytes of the file. The credentials are in there.
pub(super) struct Multipart {
    pub(super) content_type: String,
    pub(super) head: Zeroizing<String>,
    pub(super) tail: String,
}

/// What stands in a capture for the bytes of a file.
pub(in crate::shotgun) fn file_of(length: u64) -> String {
    format!("[file, {length} bytes]")
}

/// As browsers do, for whom quotes and line breaks would end the name.
fn file_name(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn quote(value: &[u8], to: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value {
        match byte {
            b' ' => to.push(b'+'),
            b if b.is_ascii_alphanumeric() || b"-._~".contains(b) => to.push(*b),
            b => to.extend([
                b'%',
                DIGITS[usize::from(b >> 4)],
                DIGITS[usize::from(b & 15)],
            ]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shotgun::auth::credentials::Credentials;

    fn who(credentials: &Credentials) -> Who {
        Who {
            fields: credentials.to_form(),
            shown: credentials.to_shown(),
        }
    }

    #[test]
    fn fields_keep_their_order_and_their_spelling() {
        let form = Form::new()
            .field("entities", "Shot_1,Asset_2")
            .flag("filmstrip", true)
            .auth()
            .optional("tag_list", Some("ä b"))
            .optional("created_at", None::<&str>);
        let body = form.urlencoded(&who(&Credentials::session("a&b=c")));
        assert_eq!(
            str::from_utf8(&body).unwrap(),
            "entities=Shot_1%2CAsset_2&filmstrip=True&session_token=a%26b%3Dc&reject_if_expired=True&tag_list=%C3%A4+b"
        );
    }

    #[test]
    fn people_see_who_asks_and_nothing_that_lets_them_in() {
        let form = Form::new().auth().hidden("upload_link_info", "hush");
        let script = Credentials::script("robot", "hush");
        let shown = form.shown(&who(&script), None).to_string();
        assert_eq!(
            shown,
            r#"{"script_name":"robot","upload_link_info":"[hidden]"}"#
        );
    }

    #[test]
    fn a_file_name_does_not_end_the_header_it_stands_in() {
        assert_eq!(file_name("a\"\r\n.png"), "a%22%0D%0A.png");
    }
}
