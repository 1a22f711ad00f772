//! The sandbox as others see it: started, asked, stopped.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;

use super::connections::{Connections, Ticket};
use super::control;
use super::faults::{Edition, Faults};
use super::files::FileState;
use super::http::{Connection, Outcome, Stream};
use super::log::{RequestLine, RequestLog};
use super::options::{LogHook, Options};
use super::routes;
use super::site::Site;
use super::tls::Identity;

/// How long stopping may take before threads are left to end on their own.
const STOP_TIME: Duration = Duration::from_millis(150);
/// How long a peer may refuse to take its answer.
const WRITE_TIME: Duration = Duration::from_secs(30);
/// How often a hung connection whose peer says nothing looks whether the plan has changed.
const HANG_CHECK: Duration = Duration::from_millis(100);

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
    identity: Option<Identity>,
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

fn url(address: SocketAddr, tls: bool) -> String {
    format!("{}://{address}", if tls { "https" } else { "http" })
}

impl Server {
    /// Where to reach it.
    pub fn url(&self) -> String {
        url(self.address, self.identity.is_some())
    }

    /// How many connections are open.
    pub fn open_connections(&self) -> usize {
        self.connections.len()
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
        let identity = options.tls.then(Identity::generate).transpose()?;
        let server = Arc::new(Server {
            site: Site::open(&options, url(address, options.tls))?,
            faults: Faults::new(options.faults),
            log: RequestLog::default(),
            hook: options.log,
            address,
            identity,
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

    /// Where to reach it: `http://127.0.0.1:PORT`, or `https` with TLS.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The certificate of a site with TLS, for clients to trust, as PEM.
    ///
    /// ```
    /// use callboard::sandbox::{Options, Sandbox, Seed};
    ///
    /// let sandbox = Sandbox::with(Options { tls: true, seed: Seed::Small, ..Options::default() })?;
    /// assert!(sandbox.url().starts_with("https://127.0.0.1:"));
    /// let pem = sandbox.certificate_pem().unwrap_or_default();
    /// assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn certificate_pem(&self) -> Option<&str> {
        let identity = self.server.identity.as_ref()?;
        Some(&identity.certificate_pem)
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
        self.server.open_connections()
    }

    /// Opens a session for a person, as a browser would, and gives back its token. Nothing if there is no such person.
    pub fn open_session(&self, login: &str) -> Option<String> {
        self.server.site.open_session(login)
    }

    /// Ends all sessions: their tokens are refused from now on, with error code 102. Nothing happens if the data folder cannot
    /// be written.
    pub fn expire_sessions(&self) {
        self.server.site.expire_sessions().ok();
    }

    /// From now on downloads of this attachment meet the file in this state. `false` if nothing was uploaded as it, or the data
    /// folder cannot be written.
    pub fn set_file_state(&self, attachment: u32, state: FileState) -> bool {
        self.server.site.set_file_state(attachment, state)
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
    let socket = Arc::new(stream);
    let Some(ticket) = server.connections.admit(&socket) else {
        return;
    };
    let stream = match &server.identity {
        None => Ok(Stream::plain(socket)),
        Some(identity) => Stream::tls(socket, Arc::clone(&identity.config)),
    };
    let Ok(stream) = stream else {
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

/// Answers requests until one side has enough.
fn serve(server: &Server, stream: Stream, ticket: &Ticket) {
    let mut connection = Connection::new(stream);
    loop {
        ticket.set_idle(true);
        if !connection.await_request() {
            return;
        }
        // Only whoever can end it is heard in a black hole.
        if let Some(edition) = server.faults.black_hole()
            && !connection.asks_for(control::PATH)
        {
            return hang(server, ticket, &mut connection, edition);
        }
        // The places beyond the most are for whoever can make room.
        if ticket.is_reserved && !connection.asks_for(control::PATH) {
            return;
        }
        // From its first byte on a request is safe from having to make room.
        if !ticket.set_idle(false) {
            return;
        }
        let Some(request) = connection.read_request(|request| routes::intake(server, request))
        else {
            return;
        };
        let goes_on = match routes::answer(server, ticket, &request) {
            Outcome::Answer(response) => connection.answer(&request, &response, &server.faults),
            Outcome::Truncate(response) => {
                return connection.answer_half(&response, &server.faults);
            }
            Outcome::ResetMidway(response) => {
                connection.answer_half(&response, &server.faults);
                return connection.reset();
            }
            Outcome::Reset => return connection.reset(),
            Outcome::Hang(edition) => return hang(server, ticket, &mut connection, edition),
            Outcome::Close => return,
        };
        if !goes_on {
            return;
        }
    }
}

/// Leaves the peer waiting until it goes, has to make room, or the plan changes.
fn hang(server: &Server, ticket: &Ticket, connection: &mut Connection, edition: Edition) {
    while server.faults.is_still(edition) && ticket.is_listed() && connection.swallow(HANG_CHECK) {}
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::Shutdown;
    use std::time::Instant;

    use super::super::{FaultPlan, Misbehavior, SCRIPT_KEY, SCRIPT_NAME, Seed};
    use super::*;

    /// How long a test waits for what must come.
    const NET: Duration = Duration::from_mins(1);

    fn with(max_connections: usize, always: Option<Misbehavior>) -> Sandbox {
        let faults = FaultPlan {
            always,
            ..FaultPlan::default()
        };
        Sandbox::with(Options {
            seed: Seed::Small,
            max_connections,
            faults,
            ..Options::default()
        })
        .unwrap()
    }

    /// A peer that has said something.
    fn peer(sandbox: &Sandbox, says: &str) -> TcpStream {
        let mut stream = TcpStream::connect(sandbox.server.address).unwrap();
        stream.set_read_timeout(Some(NET)).unwrap();
        // It may have been hung up on already.
        stream.write_all(says.as_bytes()).ok();
        stream
    }

    /// Whether the peer was hung up on without a word.
    fn is_shut(mut peer: TcpStream) -> bool {
        match peer.read(&mut [0]) {
            Ok(count) => count == 0,
            Err(error) => !matches!(
                error.kind(),
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
            ),
        }
    }

    fn hear(peer: &mut TcpStream, end: &str) -> String {
        let mut heard = String::new();
        let mut byte = [0];
        while !heard.ends_with(end) {
            peer.read_exact(&mut byte).unwrap();
            heard.push(byte[0].into());
        }
        heard
    }

    fn wait_until(what: &str, holds: impl Fn() -> bool) {
        let deadline = Instant::now() + NET;
        while !holds() {
            assert!(Instant::now() < deadline, "it never came to this: {what}");
            std::thread::yield_now();
        }
    }

    fn request(method: &str, argument: &str) -> String {
        let body = format!(
            r#"{{"method_name":"{method}","params":[{{"script_name":"{SCRIPT_NAME}","script_key":"{SCRIPT_KEY}"}},{argument}]}}"#
        );
        let length = body.len();
        format!("POST /api3/json HTTP/1.1\r\nContent-Length: {length}\r\n\r\n{body}")
    }

    /// A call that leaves its trace in [`projects`].
    fn create() -> String {
        request(
            "create",
            r#"{"type":"Project","fields":[{"field_name":"name","value":"Swallowed"}],"return_fields":["name"]}"#,
        )
    }

    fn projects(sandbox: &Sandbox) -> usize {
        sandbox.server.site.with_store(|store| {
            let kind = store.schema().kind("Project").unwrap();
            store.rows(kind).len()
        })
    }

    #[test]
    fn peers_that_leave_a_black_hole_leave_no_thread_behind() {
        let sandbox = with(4, Some(Misbehavior::BlackHole));
        let connections = &sandbox.server.connections;
        for number in 1..=100 {
            let peer = peer(&sandbox, "Is there anybody in there?\r\n");
            wait_until("it is in", || connections.admitted() == number);
            assert!(connections.threads() <= 4);
            drop(peer);
        }
        wait_until("all threads have ended", || connections.threads() == 0);
    }

    #[test]
    fn a_full_black_hole_ends_the_thread_of_its_oldest_peer() {
        let sandbox = with(2, Some(Misbehavior::BlackHole));
        let mut peers = Vec::new();
        for number in 1..=2 {
            peers.push(peer(&sandbox, "Just nod if you can hear me.\r\n"));
            wait_until("it is in", || sandbox.connections() == number);
        }
        let _third = peer(&sandbox, "Is there anyone home?\r\n");
        assert!(is_shut(peers.remove(0)));
        assert!(sandbox.server.connections.threads() <= 2);
        wait_until("the third is in", || sandbox.connections() == 2);
        assert_eq!(sandbox.server.connections.threads(), 2);
    }

    #[test]
    fn a_half_sent_request_is_not_the_one_to_go() {
        let sandbox = with(1, None);
        let mut half = peer(
            &sandbox,
            "POST /api3/json HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 34\r\n\r\n",
        );
        hear(&mut half, "100 Continue\r\n\r\n");
        assert!(is_shut(peer(&sandbox, "GET / HTTP/1.1\r\n\r\n")));
        half.write_all(br#"{"method_name":"info","params":[]}"#)
            .unwrap();
        assert!(hear(&mut half, "\r\n").starts_with("HTTP/1.1 200 "));
    }

    #[test]
    fn a_change_of_plan_ends_a_hung_call() {
        let sandbox = with(4, None);
        sandbox.faults().once(Misbehavior::NeverAnswer);
        let hung = peer(&sandbox, &create());
        wait_until("it hangs", || sandbox.requests().len() == 1);
        assert_eq!(projects(&sandbox), 2, "it was carried out");
        sandbox.faults().update(|plan| plan.error_rate = 0.0);
        assert!(is_shut(hung));
    }

    #[test]
    fn a_black_hole_takes_the_next_request_of_a_connection_that_is_kept() {
        let sandbox = with(4, None);
        let mut kept = peer(&sandbox, "HEAD / HTTP/1.1\r\n\r\n");
        assert!(hear(&mut kept, "\r\n\r\n").starts_with("HTTP/1.1 200 "));
        sandbox
            .faults()
            .update(|plan| plan.always = Some(Misbehavior::BlackHole));
        kept.write_all(create().as_bytes()).unwrap();
        kept.shutdown(Shutdown::Write).unwrap();
        assert!(is_shut(kept));
        assert_eq!(sandbox.request_count("create"), 0);
        assert_eq!(projects(&sandbox), 1);
    }

    #[test]
    fn a_black_hole_for_one_call_carries_nothing_out() {
        let sandbox = with(4, None);
        sandbox.faults().once(Misbehavior::BlackHole);
        let swallowed = peer(&sandbox, &create());
        swallowed.shutdown(Shutdown::Write).unwrap();
        assert!(is_shut(swallowed));
        assert_eq!(sandbox.request_count("create"), 1);
        assert_eq!(projects(&sandbox), 1);
    }
}
