//! A server that says exactly what a test tells it to, over plain sockets: it shares nothing with the client.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use callboard::shotgun::{
    CallFinished, CallStarted, Client, ClientBuilder, Exchange, Observer, Timeouts,
};
use parking_lot::Mutex;
use serde_json::Value as Json;

/// What a connection does after an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Keep,
    Close,
    /// Keeps the socket open and says nothing more.
    Hang,
}

/// One request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Request {
    pub head: String,
    /// As text, whatever it is.
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Request {
    /// Method and address.
    pub fn line(&self) -> &str {
        self.head.split(" HTTP/").next().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(": ")?;
            known.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// Whether it asks for this method of the API.
    pub fn calls(&self, method: &str) -> bool {
        self.body
            .starts_with(&format!("{{\"method_name\":\"{method}\""))
    }
}

/// Listens on loopback until the test ends.
pub struct Server {
    pub port: u16,
    pub requests: Arc<Mutex<Vec<Request>>>,
    pub connections: Arc<AtomicUsize>,
}

impl Server {
    /// `answer` gets the number of the request, from 0.
    pub fn start(
        answer: impl Fn(usize, &Request, &mut TcpStream) -> Then + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (requests, connections) = (
            Arc::new(Mutex::new(Vec::new())),
            Arc::new(AtomicUsize::new(0)),
        );
        let server = Self {
            port,
            requests: Arc::clone(&requests),
            connections: Arc::clone(&connections),
        };
        let answer = Arc::new(answer);
        spawn(move || {
            for stream in listener.incoming().flatten() {
                connections.fetch_add(1, Ordering::SeqCst);
                let (answer, requests) = (Arc::clone(&answer), Arc::clone(&requests));
                spawn(move || connection(stream, &requests, &*answer));
            }
        });
        server
    }

    /// Answers each request with the same bytes, then does `then`.
    pub fn saying(answer: impl Into<Vec<u8>>, then: Then) -> Self {
        let answer = answer.into();
        Self::start(move |_, _, stream| {
            stream.write_all(&answer).ok();
            then
        })
    }

    /// Answers each request with a JSON text.
    pub fn json(body: &str) -> Self {
        Self::saying(ok(body), Then::Keep)
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn builder(&self) -> ClientBuilder {
        builder(&self.url())
    }

    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }
}

/// A client in the making with a script and short time-outs, which tries everything once.
pub fn builder(url: &str) -> ClientBuilder {
    let timeouts = Timeouts {
        connect: Duration::from_secs(5),
        resolve: Duration::from_secs(5),
        idle: Duration::from_secs(10),
        ..Timeouts::default()
    };
    Client::builder(url)
        .script("robot", "k3y-of-the-robot")
        .timeouts(timeouts)
        .retries(0)
        .proxy(None)
}

fn connection(
    mut stream: TcpStream,
    requests: &Mutex<Vec<Request>>,
    answer: &dyn Fn(usize, &Request, &mut TcpStream) -> Then,
) {
    while let Some(request) = read_request(&mut stream) {
        let number = {
            let mut requests = requests.lock();
            requests.push(request.clone());
            requests.len() - 1
        };
        match answer(number, &request, &mut stream) {
            Then::Keep => {}
            Then::Close => return,
            Then::Hang => {
                // Until the client goes away.
                stream.read_to_end(&mut Vec::new()).ok();
                return;
            }
        }
    }
}

pub fn read_request(stream: &mut impl io::Read) -> Option<Request> {
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 64 << 10]);
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length:")?
            .trim()
            .parse()
            .ok()
    });
    let mut body = bytes[head_end..].to_vec();
    while body.len() < length.unwrap_or(0) {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(read) => body.extend_from_slice(&buffer[..read]),
        }
    }
    Some(Request {
        head,
        body: String::from_utf8_lossy(&body).into_owned(),
        bytes: body,
    })
}

/// Writes a few bytes at a time: each piece within the time-outs of these tests, all of them far beyond.
pub fn drip(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
    for piece in bytes.chunks(4) {
        stream.write_all(piece)?;
        pass(Duration::from_millis(50));
    }
    Ok(())
}

/// Lets time pass, for a server that is slow on purpose.
pub fn pass(time: Duration) {
    let (_kept, never) = mpsc::channel::<()>();
    never.recv_timeout(time).ok();
}

/// A whole answer with HTTP 200 and JSON in it.
pub fn ok(body: &str) -> Vec<u8> {
    answer("200 OK", "application/json; charset=utf-8", body)
}

pub fn answer(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub fn spawn<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> thread::JoinHandle<T> {
    thread::Builder::new()
        .name("test server".into())
        .spawn(work)
        .unwrap()
}

/// The method and the argument of the last request; null if it had none.
pub fn asked(server: &Server) -> (String, Json) {
    let requests = server.requests.lock();
    let mut body: Json = serde_json::from_str(&requests.last().unwrap().body).unwrap();
    let method = body["method_name"].as_str().unwrap().to_owned();
    (
        method,
        body["params"]
            .get_mut(1)
            .map(Json::take)
            .unwrap_or_default(),
    )
}

/// Remembers what it is told.
#[derive(Default)]
pub struct Ear {
    pub started: Mutex<Vec<CallStarted>>,
    pub exchanges: Mutex<Vec<Exchange>>,
    pub finished: Mutex<Vec<CallFinished>>,
}

impl Observer for Ear {
    fn call_started(&self, call: &CallStarted) {
        self.started.lock().push(call.clone());
    }

    fn exchange(&self, exchange: &Exchange) {
        self.exchanges.lock().push(exchange.clone());
    }

    fn call_finished(&self, call: &CallFinished) {
        self.finished.lock().push(call.clone());
    }
}

/// One shot in an answer to `read`.
pub const ONE_SHOT: &str = r#"{"results":{"entities":[{"type":"Shot","id":12,"code":"sh010"}],"paging_info":{"has_next_page":false}}}"#;
