//! Forms as the Python client writes them, down to the line ends.

use callboard::sandbox::{SCRIPT_KEY, SCRIPT_NAME};
use serde_json::{Value as Json, json};

use super::{Answer, Line};

const BOUNDARY: &str = "1f2e3d4c";

/// The smallest picture there is.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";

/// A form under way.
#[derive(Clone)]
pub struct Form {
    fields: Vec<(String, String)>,
    file: Option<(String, String, Vec<u8>)>,
}

impl Form {
    /// A form that anyone could send.
    pub fn anonymous() -> Self {
        Self {
            fields: Vec::new(),
            file: None,
        }
    }

    /// A form of the default script.
    pub fn new() -> Self {
        Self::anonymous()
            .field("script_name", SCRIPT_NAME)
            .field("script_key", SCRIPT_KEY)
    }

    /// A form about an entity.
    pub fn about(entity: &str, id: u64) -> Self {
        Self::new()
            .field("entity_type", entity)
            .field("entity_id", &id.to_string())
    }

    pub fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn file(mut self, field: &str, name: &str, content: &[u8]) -> Self {
        self.file = Some((field.to_owned(), name.to_owned(), content.to_vec()));
        self
    }

    /// The body in parts.
    pub fn parts(&self) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in &self.fields {
            let part = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        if let Some((field, name, content)) = &self.file {
            let content_type = if name.ends_with("png") {
                "image/png"
            } else {
                "video/quicktime"
            };
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
                content.len()
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        // The line end after the end is theirs.
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n\r\n").as_bytes());
        body
    }

    fn urlencoded(&self) -> String {
        let escape = |text: &str| {
            let bytes = text.bytes();
            let escaped = bytes.map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                other => format!("%{other:02X}"),
            });
            escaped.collect::<String>()
        };
        let pairs = self
            .fields
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name), escape(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

impl Line {
    /// Sends a form in parts.
    pub fn form(&mut self, path: &str, form: &Form) -> Answer {
        let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
        self.body("POST", path, &content_type, &form.parts())
    }

    /// Sends a form without files.
    pub fn urlencoded(&mut self, path: &str, form: &Form) -> String {
        let content_type = "application/x-www-form-urlencoded";
        let answer = self.body("POST", path, content_type, form.urlencoded().as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text()
    }

    /// Sends any body.
    pub fn body(&mut self, verb: &str, path: &str, content_type: &str, body: &[u8]) -> Answer {
        let head = format!(
            "{verb} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        self.send(head.as_bytes());
        self.send(body);
        self.read().unwrap()
    }

    /// Uploads, and gives back the attachment's id.
    pub fn upload(&mut self, form: &Form) -> u64 {
        let is_thumbnail = form.file.as_ref().unwrap().0 == "thumb_image";
        let name = if is_thumbnail {
            "publish_thumbnail"
        } else {
            "upload_file"
        };
        let answer = self.form(&format!("/upload/{name}"), form);
        attachment(&answer.text())
    }

    /// One field of one row.
    pub fn value(&mut self, entity: &str, id: u64, field: &str) -> Json {
        self.row(entity, id, &[field])[field].take()
    }

    pub fn row(&mut self, entity: &str, id: u64, fields: &[&str]) -> Json {
        let argument = json!({
            "type": entity,
            "return_fields": fields,
            "filters": {"logical_operator": "and", "conditions": [{"path": "id", "relation": "is", "values": [id]}]},
            "paging": {"entities_per_page": 1, "current_page": 1},
        });
        self.call("read", &argument)["entities"][0].take()
    }

    pub fn create(&mut self, entity: &str, fields: &Json) -> u64 {
        let fields = fields.as_object().unwrap().iter();
        let fields: Vec<Json> = fields
            .map(|(name, value)| json!({"field_name": name, "value": value}))
            .collect();
        let argument = json!({"type": entity, "fields": fields, "return_fields": ["id"]});
        self.call("create", &argument)["id"].as_u64().unwrap()
    }

    pub fn update(&mut self, entity: &str, id: u64, field: &str, value: &Json) -> Json {
        let fields = [json!({"field_name": field, "value": value})];
        self.call(
            "update",
            &json!({"type": entity, "id": id, "fields": fields}),
        )
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The id in an answer such as `1:7701`.
pub fn attachment(text: &str) -> u64 {
    let id = text.strip_prefix("1:").and_then(|text| text.lines().next());
    id.and_then(|id| id.parse().ok())
        .unwrap_or_else(|| panic!("{text:?} is no success"))
}
