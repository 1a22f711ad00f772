//! However many long files a sandbox has taken in, they take it no file descriptors.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use super::sandbox::serve;

/// Files, each too long to be kept in memory.
const FILES: usize = 25;
const LENGTH: usize = 1024 * 1024 + 1;

fn descriptors(process: u32) -> usize {
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    open.count()
}

/// Sends a request over a connection of its own and gives back the answer.
fn ask(url: &str, head: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    let length = body.len();
    let head = format!(
        "{head} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// A form that uploads a file for a version.
fn form() -> Vec<u8> {
    let fields = [
        ("script_name", "callboard"),
        ("script_key", "sandbox"),
        ("entity_type", "Version"),
        ("entity_id", "1"),
        ("field_name", "sg_uploaded_movie"),
    ];
    let fields = fields.map(|(name, value)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    });
    let mut form = fields.concat();
    form += "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mov\"\r\n\r\n";
    [form.as_bytes(), &vec![7; LENGTH], b"\r\n--b--\r\n"].concat()
}

#[test]
fn long_files_share_one_descriptor() {
    let (running, url) = serve(&["--seed", "small", "--quiet"]);
    let form = form();
    let upload = || {
        let answer = ask(&url, "POST /upload/upload_file", &form);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let (_, id) = answer.rsplit_once("\r\n\r\n1:").unwrap();
        id.trim().to_owned()
    };
    let first = upload();
    let before = descriptors(running.id());
    for _ in 1..FILES {
        upload();
    }
    // The connections themselves may still be on their way out.
    let after = descriptors(running.id());
    assert!(
        after <= before + FILES / 4,
        "{before} at first, then {after}"
    );
    let download = ask(&url, &format!("GET /file_serve/attachment/{first}"), b"");
    let (_, location) = download.split_once("Location: ").unwrap();
    let path = location.lines().next().unwrap().strip_prefix(&url).unwrap();
    let bytes = ask(&url, &format!("GET {path}"), b"");
    assert!(bytes.ends_with(&"\u{7}".repeat(LENGTH)), "it comes back");
}
