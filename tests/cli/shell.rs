//! Running the program, and servers for it to meet.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use callboard::sandbox::{Options, SCRIPT_KEY, SCRIPT_NAME, Sandbox, Seed};
use serde_json::Value as Json;
use tempfile::TempDir;

/// How long a run may take at most. Only a net: the longest one takes some seven seconds.
const NET: Duration = Duration::from_mins(2);

/// The program, about to be run.
pub struct Shell {
    command: Command,
    /// Lives as long as the run.
    home: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// The program with these arguments.
pub fn callboard<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Shell {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_callboard"));
    command
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Without it Windows finds no sockets.
    command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
    Shell { command, home }
}

impl Shell {
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// With a script that the sandbox lets in.
    pub fn with_default_script(self) -> Self {
        self.env("CALLBOARD_SCRIPT_NAME", SCRIPT_NAME)
            .env("CALLBOARD_SCRIPT_KEY", SCRIPT_KEY)
    }

    /// In this folder.
    pub fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// With this to read on stdin. It must fit into a pipe.
    pub fn stdin(mut self, text: &str) -> Self {
        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(text.as_bytes()).unwrap();
        self.command.stdin(reader);
        self
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(self) -> Ran {
        self.start().finish()
    }

    /// Starts it and leaves it running.
    pub fn start(mut self) -> Running {
        let mut child = self.command.spawn().unwrap();
        Running {
            stdout: child.stdout.take().map(BufReader::new),
            stderr: child.stderr.take().map(read_all),
            child,
            _home: self.home,
        }
    }
}

/// The program while it runs. Ended when dropped.
pub struct Running {
    child: Child,
    stdout: Option<BufReader<ChildStdout>>,
    stderr: Option<JoinHandle<String>>,
    _home: TempDir,
}

impl Running {
    /// The next line of results.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.as_mut().unwrap().read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Reads no more results, as `head` when it has seen enough, and waits for the end.
    #[track_caller]
    pub fn hang_up(mut self) -> Ran {
        self.stdout = None;
        self.finish()
    }

    /// Waits for the end.
    #[track_caller]
    fn finish(mut self) -> Ran {
        // Read all the while: a full pipe would hold the program up.
        let stdout = self.stdout.take().map(read_all);
        let deadline = Instant::now() + NET;
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(Instant::now() < deadline, "it does not end");
            thread::park_timeout(Duration::from_millis(5));
        };
        Ran {
            code: status.code(),
            stdout: stdout.map_or_else(String::new, |stdout| stdout.join().unwrap()),
            stderr: self.errors(),
        }
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it, and returns what it said besides results.
    pub fn end(mut self) -> String {
        self.child.kill().unwrap();
        self.errors()
    }

    fn errors(&mut self) -> String {
        self.stderr.take().unwrap().join().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn read_all(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    spawn(move || {
        let mut text = Vec::new();
        from.read_to_end(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    })
}

fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    thread::Builder::new()
        .name("test".to_owned())
        .spawn(work)
        .unwrap()
}

impl Ran {
    /// It went well.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self.no_panic();
        self
    }

    #[track_caller]
    pub fn no_panic(&self) {
        let said = format!("{}{}", self.stdout, self.stderr);
        for word in ["panicked", "RUST_BACKTRACE", "unwrap"] {
            assert!(!said.contains(word), "{self:#?}");
        }
    }

    /// It failed, and said so in one line that has all of `parts`.
    #[track_caller]
    pub fn failed(&self, code: i32, parts: &[&str]) {
        self.no_panic();
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert_eq!(self.stdout, "", "results of a failure");
        let lines: Vec<&str> = self.stderr.lines().collect();
        let [line] = lines[..] else {
            panic!("not one line: {self:#?}");
        };
        assert!(line.starts_with("callboard: "), "{line}");
        for part in parts {
            assert!(line.contains(part), "`{part}` is missing in: {line}");
        }
        assert!(line.len() < 600, "nobody reads {} characters", line.len());
    }

    pub fn json(&self) -> Json {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

/// A small site that is in this process, to be made slow or broken.
pub fn site(options: Options) -> Sandbox {
    Sandbox::with(Options {
        seed: Seed::Small,
        ..options
    })
    .unwrap()
}

/// The address of a server that says the same to everybody, then hangs up.
pub fn saying(content_type: &str, body: &str) -> String {
    listening(content_type, body).0
}

/// The same, with what it was asked: method and argument of each call.
pub fn listening(content_type: &str, body: &str) -> (String, Receiver<(String, Json)>) {
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, asked) = mpsc::channel();
    spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // A request of ours comes as a whole, or in two pieces at most: the body ends with a brace.
            let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
            while !read.ends_with(b"}") {
                match stream.read(&mut buffer) {
                    Ok(0) | Err(_) => break,
                    Ok(count) => read.extend_from_slice(&buffer[..count]),
                }
            }
            sender.send(call_in(&read)).ok();
            stream.write_all(answer.as_bytes()).ok();
        }
    });
    (url, asked)
}

/// Method and argument of a request.
fn call_in(request: &[u8]) -> (String, Json) {
    let text = String::from_utf8_lossy(request);
    let (_, body) = text.split_once("\r\n\r\n").unwrap_or_default();
    let call: Json = serde_json::from_str(body).unwrap_or_default();
    let method = call["method_name"].as_str().unwrap_or_default();
    (method.to_owned(), call["params"][1].clone())
}

/// An address where nobody listens.
pub fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

pub fn keys(json: &Json) -> BTreeSet<&str> {
    json.as_object()
        .unwrap_or_else(|| panic!("no object: {json}"))
        .keys()
        .map(String::as_str)
        .collect()
}
