//! What a form says: its fields as text, at most one file, and who sends it.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::super::http::{Body, Request};
use super::multipart::{self, Part};

/// The largest field that is no file.
const LARGEST_FIELD: u64 = 256 * 1024;
/// What says who calls, in forms as in the params of a call.
const AUTH: [&str; 8] = [
    "user_login",
    "user_password",
    "auth_token",
    "script_name",
    "script_key",
    "session_token",
    "session_uuid",
    "sudo_as_login",
];

/// A form that was sent.
#[derive(Debug)]
pub struct Form {
    fields: BTreeMap<String, String>,
    /// The file in it.
    pub file: Option<File>,
}

/// A file as it was sent.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name, never with a path, never used as one.
    pub name: String,
    /// The type that the sender says it has.
    pub content_type: String,
    /// Its content.
    pub body: Body,
}

impl Form {
    /// Reads the form in `request`. The error says what is wrong with it.
    pub fn read(request: &Request) -> Result<Self, String> {
        if let Some(boundary) = multipart::boundary(&request.content_type) {
            return Self::from_parts(multipart::parse(&request.body, boundary)?);
        }
        let content_type = request.content_type.to_ascii_lowercase();
        if content_type.starts_with("multipart/") {
            return Err("The form names no boundary".to_owned());
        }
        Ok(Self::urlencoded(text(&request.body)?.as_bytes()))
    }

    /// The fields of a query, or of a form that is written like one.
    pub fn urlencoded(text: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(text);
        Self {
            fields: pairs
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
            file: None,
        }
    }

    fn from_parts(parts: Vec<Part>) -> Result<Self, String> {
        let mut form = Self {
            fields: BTreeMap::new(),
            file: None,
        };
        for part in parts {
            let Some(filename) = part.filename else {
                form.fields.insert(part.name, text(&part.body)?);
                continue;
            };
            let file = File {
                name: base_name(&filename),
                content_type: content_type(&part.content_type),
                body: part.body,
            };
            if form.file.replace(file).is_some() {
                return Err("The form has more than one file".to_owned());
            }
        }
        Ok(form)
    }

    /// A field's text, unless it is missing or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    /// A field that must be there. The error says that it is not.
    pub fn require(&self, name: &str) -> Result<&str, String> {
        self.get(name)
            .ok_or_else(|| format!("The form has no '{name}'"))
    }

    /// Whether a field says yes: Python's `True`, or `1`.
    pub fn says(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|text| matches!(text, "True" | "true" | "1"))
    }

    /// Who sends it, as the first of a call's params has it.
    pub fn auth(&self) -> Json {
        let mut auth = json!({});
        for name in AUTH {
            if let Some(text) = self.fields.get(name) {
                auth[name] = text.as_str().into();
            }
        }
        auth
    }
}

/// The last part of a name that may be a path on any system, in one line.
pub fn base_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|character| !character.is_control())
        .collect();
    if matches!(clean.trim(), "" | "." | "..") {
        "unnamed".to_owned()
    } else {
        clean
    }
}

/// A content type that fits into a header, whatever was said.
pub fn content_type(said: &str) -> String {
    let fits = |character: char| character.is_ascii_graphic() || character == ' ';
    if said.contains('/') && said.len() < 200 && said.chars().all(fits) {
        said.to_owned()
    } else {
        "application/octet-stream".to_owned()
    }
}

fn text(body: &Body) -> Result<String, String> {
    if body.len() > LARGEST_FIELD {
        return Err(format!(
            "A field of the form has more than {LARGEST_FIELD} bytes"
        ));
    }
    let mut bytes = Vec::new();
    let read = body.write_to(&mut bytes);
    read.map_err(|error| format!("The sandbox cannot read what it was sent: {error}"))?;
    String::from_utf8(bytes).map_err(|_error| "A field of the form is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_never_leads_anywhere() {
        for (sent, kept) in [
            ("a.mov", "a.mov"),
            ("../../etc/passwd", "passwd"),
            ("C:\\show\\a b.exr", "a b.exr"),
            ("..", "unnamed"),
            ("dir/", "unnamed"),
            ("a\r\nX-Evil: 1.png", "aX-Evil: 1.png"),
        ] {
            assert_eq!(base_name(sent), kept);
        }
    }

    #[test]
    fn a_content_type_stays_in_its_header() {
        assert_eq!(content_type("image/png"), "image/png");
        for odd in ["", "png", "image/png\r\nSet-Cookie: a", "image/é"] {
            assert_eq!(content_type(odd), "application/octet-stream");
        }
    }

    #[test]
    fn a_query_says_who_and_what() {
        let form = Form::urlencoded(b"script_name=a%3Ab&filstrip=False&filmstrip=True&empty=");
        assert_eq!(form.auth(), json!({"script_name": "a:b"}));
        assert!(form.says("filmstrip") && !form.says("filstrip"));
        assert!(form.require("empty").is_err());
    }
}
