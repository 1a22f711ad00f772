//! A client that takes no time of its own: one connection, and bytes over it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use callboard::sandbox::{SCRIPT_KEY, SCRIPT_NAME, Sandbox};
use serde_json::{Value as Json, json};

pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A connection to the site, and the last answer that came over it.
pub struct Line {
    stream: TcpStream,
    /// The body of the last answer.
    pub body: Vec<u8>,
}

impl Line {
    /// Connects.
    pub fn open(site: &Sandbox) -> Outcome<Self> {
        let address = site.url().replace("http://", "");
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            body: Vec::new(),
        })
    }

    /// Calls a method and gives the size of the answer in bytes.
    pub fn call(&mut self, method: &str, argument: &Json) -> Outcome<usize> {
        let auth = json!({"script_name": SCRIPT_NAME, "script_key": SCRIPT_KEY});
        let request = json!({"method_name": method, "params": [auth, argument]}).to_string();
        let length = request.len();
        let head = format!("POST /api3/json HTTP/1.1\r\nContent-Length: {length}\r\n\r\n");
        self.stream.write_all((head + &request).as_bytes())?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head)?.to_ascii_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"));
        let length = length.ok_or("an answer without a length")?;
        self.body.resize(length.trim().parse()?, 0);
        self.stream.read_exact(&mut self.body)?;
        if self.body.starts_with(b"{\"results\"") {
            Ok(length.trim().parse()?)
        } else {
            Err(String::from_utf8_lossy(&self.body).into())
        }
    }
}
