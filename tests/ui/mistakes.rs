//! What can be wrong with a site, as the window says it: a sentence, and a way out.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use callboard::app::connect::Target;
use callboard::sandbox::{SCRIPT_NAME, Sandbox};
use callboard::shotgun::Credentials;
use egui::Theme;
use egui_kittest::kittest::Queryable as _;

use crate::window::Window;

/// The address of a server that gives every connection the same answer.
fn server(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serve = move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            read_request(&stream);
            stream.write_all(answer.as_bytes()).ok();
        }
    };
    std::thread::Builder::new().spawn(serve).unwrap();
    url
}

/// All of it: closing a socket with unread bytes could take the answer along.
fn read_request(stream: &TcpStream) {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line).is_ok_and(|count| count > 2) {
        let lower = line.to_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    reader.read_exact(&mut vec![0; length]).ok();
}

/// A window that was sent to `url` with a key that no site knows.
fn sent_to(url: String) -> Window {
    let credentials = Credentials::script(SCRIPT_NAME, "n0-such-key");
    let target = Target::Site { url, credentials };
    let mut window = Window::opening([1000.0, 640.0], Theme::Dark, target);
    window.arrive();
    window
}

#[track_caller]
fn assert_explained(window: &Window, expected: &str) {
    window.assert_says(expected);
    assert!(!window.says("n0-such-key"), "the key is told");
    let way_out = window.harness.query_by_label("Use the sandbox");
    assert!(way_out.is_some(), "no way out");
}

#[test]
fn a_server_that_is_no_site_is_called_that() {
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<hi>";
    let missing = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let elsewhere = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    for answer in [html, missing, elsewhere] {
        assert_explained(&sent_to(server(answer)), "Shotgun");
    }
}

#[test]
fn an_answer_that_is_damaged_is_explained() {
    let cut =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"resu";
    assert_explained(&sent_to(server(cut)), "cut off");
    let odd = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\nConnection: close\r\n\r\n{\"results\": 7}";
    assert_explained(&sent_to(server(odd)), "unknown version");
}

#[test]
fn a_server_in_trouble_is_told_from_one_that_is_not_there() {
    let busy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    assert_explained(&sent_to(server(busy)), "HTTP 503");
    assert_explained(
        &sent_to("http://no-such-host.invalid".to_owned()),
        "no-such-host.invalid",
    );
}

#[test]
fn a_wrong_key_leads_back_to_the_credentials() {
    let site = Sandbox::start().unwrap();
    let window = sent_to(site.url());
    assert!(!window.says("n0-such-key"), "the key is told");
    let again = window.harness.query_by_label_contains("Connect");
    assert!(again.is_some(), "no way to other credentials");
    assert!(window.state().session.value().is_none());
}
