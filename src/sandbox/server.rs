//! The sandbox as others see it: started, asked, stopped.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;

use super::connections::{Connections, Ticket};
use super::faults::Faults;
use super::http::Connection;
use super::log::{RequestLine, RequestLog};
use super::options::{LogHook, Options};
use super::routes;
use super::site::Site;

/// How long stopping may take before threads are left to end on their own.
const STOP_TIME: Duration = Duration::from_millis(150);
/// How long a peer may refuse to take its answer.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// How often a hung connection looks whether its peer is still there.
const HANG_CHECK: Duration = Duration::from_millis(250);

/// A Shotgun site on this machine's loopback, for as long as the value lives.
///
/// ```
/// use callboard::sandbox::{FaultPlan, Options, Sandbox, Seed};
/// use std::io::{Read as _, Write as _};
///
/// let sandbox = Sandbox::with(Options { seed: Seed::Small, ..Options::default() })?;
/// sandbox.faults().set(FaultPlan { latency: std::time::Duration::from_millis(5), ..FaultPlan::default() });
///
/// let body = r#"{"method_name":"info","params":[]}"#;
/// let mut stream = std::net::TcpStream::connect(sandbox.url().trim_start_matches("http://"))?;
/// write!(stream, "POST /api3/json HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
/// let mut answer = String::new();
/// stream.read_to_string(&mut answer)?;
/// assert!(answer.starts_with("HTTP/1.1 200 OK"));
/// assert_eq!(sandbox.request_count("info"), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Sandbox {
    server: Arc<Server>,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

/// What the threads share.
pub struct Server {
    /// The site they all serve.
    pub site: Site,
    /// What goes wrong.
    pub faults: Faults,
    /// What arrived.
    pub log: RequestLog,
    /// Who else wants to know what arrived.
    pub hook: Option<LogHook>,
    address: SocketAddr,
    connections: Arc<Connections>,
    stopping: AtomicBool,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Server")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts the studio on a free port.
    pub fn start() -> io::Result<Self> {
        Self::with(Options::default())
    }

    /// Starts a site as `options` say. A port that is taken is an [`io::ErrorKind::AddrInUse`].
    pub fn with(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        let address = listener.local_addr()?;
        let server = Arc::new(Server {
            site: Site::new(&options, format!("http://{address}")),
            faults: Faults::new(options.faults),
            log: RequestLog::default(),
            hook: options.log,
            address,
            connections: Connections::new(options.max_connections),
            stopping: AtomicBool::new(false),
        });
        let accept = {
            let server = Arc::clone(&server);
            move || accept(&server, &listener)
        };
        let thread = std::thread::Builder::new()
            .name("sandbox accept".to_owned())
            .spawn(accept)?;
        Ok(Self {
            server,
            accepting: Mutex::new(Some(thread)),
        })
    }

    /// Where to reach it: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// A handle that makes the site slow or broken while it runs.
    pub fn faults(&self) -> Faults {
        self.server.faults.clone()
    }

    /// The latest requests that were answered, oldest first. Only so many are kept.
    pub fn requests(&self) -> Vec<RequestLine> {
        self.server.log.lines()
    }

    /// How many requests of `method` have arrived, answered or not. The name is that on the wire: `read`, not `find`.
    pub fn request_count(&self, method: &str) -> usize {
        self.server.log.count(method)
    }

    /// How many connections are open.
    pub fn connections(&self) -> usize {
        self.server.connections.len()
    }

    /// Stops: every socket is shut, every wait ends. Stopping again does nothing.
    pub fn stop(&self) {
        let Some(thread) = self.accepting.lock().take() else {
            return;
        };
        self.server.stopping.store(true, Ordering::SeqCst);
        self.server.faults.stop();
        self.server.connections.close();
        // The thread waits for a connection; here is one.
        if TcpStream::connect_timeout(&self.server.address, STOP_TIME).is_ok() {
            thread.join().ok();
        }
        self.server.connections.wait_until_left(STOP_TIME);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop();
    }
}

fn accept(server: &Arc<Server>, listener: &TcpListener) {
    loop {
        let accepted = listener.accept();
        if server.stopping.load(Ordering::SeqCst) {
            return;
        }
        match accepted {
            Ok((stream, _peer)) => open(server, stream),
            // Out of file descriptors, most likely: some will come back.
            Err(_error) => drop(server.faults.wait(Duration::from_millis(20))),
        }
    }
}

fn open(server: &Arc<Server>, stream: TcpStream) {
    stream.set_nodelay(true).ok();
    stream.set_write_timeout(Some(WRITE_TIME)).ok();
    let Some(ticket) = server.connections.admit(&stream) else {
        return;
    };
    let name = format!("sandbox {}", ticket.number);
    let serve = {
        let server = Arc::clone(server);
        move || serve(&server, stream, &ticket)
    };
    // Without a thread the connection is dropped, and so closed.
    std::thread::Builder::new().name(name).spawn(serve).ok();
}

fn serve(server: &Server, stream: TcpStream, ticket: &Ticket) {
    let hang = |stream: &TcpStream| {
        while server.faults.hang(HANG_CHECK) && is_connected(stream) {}
    };
    if server.faults.is_black_hole() {
        return hang(&stream);
    }
    Connection::new(stream).serve(
        |idle| ticket.set_idle(idle),
        |request| routes::answer(server, ticket.number, request),
        hang,
    );
}

/// Whether the peer has not closed its end, as far as can be told.
fn is_connected(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).ok();
    let peeked = stream.peek(&mut [0]);
    stream.set_nonblocking(false).ok();
    match peeked {
        Ok(count) => count > 0,
        Err(error) => error.kind() == io::ErrorKind::WouldBlock,
    }
}
