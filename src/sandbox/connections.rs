//! Which connections are open, so that they can be counted, capped and shut.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// How long a connection that has to go may take to end its thread.
const LEAVE_TIME: Duration = Duration::from_secs(1);
/// So many connections beyond the most are let in, too, for those who want to end whatever holds all others up.
const RESERVED: usize = 2;
/// How long a look at whether a peer is still there may take.
const GLANCE: Duration = Duration::from_millis(1);

/// The open connections of one server.
#[derive(Debug)]
pub struct Connections {
    most: usize,
    open: Mutex<Open>,
    left: Condvar,
}

#[derive(Debug, Default)]
struct Open {
    count: u64,
    // Threads that still hold a connection, also one that is no longer listed.
    threads: usize,
    // Those of them that are beyond the most.
    reserved: usize,
    sockets: BTreeMap<u64, Socket>,
    closed: bool,
}

#[derive(Debug)]
struct Socket {
    stream: Arc<TcpStream>,
    idle_since: Option<Instant>,
}

/// One connection's place in the list, given up when dropped.
#[derive(Debug)]
pub struct Ticket {
    /// Which connection, counted from 1.
    pub number: u64,
    /// Whether it is beyond the most: such a place is for the control endpoint only.
    pub is_reserved: bool,
    connections: Arc<Connections>,
}

impl Connections {
    /// Room for `most` connections.
    pub fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most: most.max(1),
            open: Mutex::default(),
            left: Condvar::new(),
        })
    }

    /// Lists a connection. If there is no room, the one that has been idle longest has to go, and its thread is waited
    /// for: each connection has one, and it is threads that cost. If none is idle, there are two reserved places. If these
    /// are taken, or everything is closed, there is no ticket.
    pub fn admit(self: &Arc<Self>, stream: &Arc<TcpStream>) -> Option<Ticket> {
        let mut open = self.open.lock();
        if open.sockets.len() >= self.most {
            open.evict();
        }
        let is_reserved = open.sockets.len() >= self.most;
        if open.closed || open.sockets.len() >= self.most + RESERVED {
            return None;
        }
        let deadline = Instant::now() + LEAVE_TIME;
        while open.threads >= self.threads_before(is_reserved, &open) && !open.closed {
            if self.left.wait_until(&mut open, deadline).timed_out() {
                return None;
            }
        }
        if open.closed {
            return None;
        }
        open.count += 1;
        open.threads += 1;
        open.reserved += usize::from(is_reserved);
        let number = open.count;
        open.sockets.insert(
            number,
            Socket {
                stream: Arc::clone(stream),
                idle_since: Some(Instant::now()),
            },
        );
        Some(Ticket {
            number,
            is_reserved,
            connections: Arc::clone(self),
        })
    }

    /// How many threads there may be before there is one more.
    fn threads_before(&self, is_reserved: bool, open: &Open) -> usize {
        let beyond = if is_reserved { RESERVED } else { open.reserved };
        self.most + beyond
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.open.lock().sockets.len()
    }

    /// How many there have ever been.
    #[cfg(test)]
    pub fn admitted(&self) -> u64 {
        self.open.lock().count
    }

    /// How many threads hold a connection.
    #[cfg(test)]
    pub fn threads(&self) -> usize {
        self.open.lock().threads
    }

    /// Shuts every socket and admits no more.
    pub fn close(&self) {
        let mut open = self.open.lock();
        open.closed = true;
        for socket in open.sockets.values() {
            socket.stream.shutdown(Shutdown::Both).ok();
        }
        open.sockets.clear();
        self.left.notify_all();
    }

    /// Waits until the threads of all connections have ended, but no longer than `time`.
    pub fn wait_until_left(&self, time: Duration) {
        let deadline = Instant::now() + time;
        let mut open = self.open.lock();
        while open.threads > 0 && !self.left.wait_until(&mut open, deadline).timed_out() {}
    }
}

impl Open {
    fn evict(&mut self) {
        let idle = self
            .sockets
            .iter()
            .filter_map(|(number, socket)| Some((socket.idle_since?, *number)));
        let Some((_, longest)) = idle.min() else {
            return;
        };
        if let Some(socket) = self.sockets.remove(&longest) {
            socket.stream.shutdown(Shutdown::Both).ok();
        }
    }
}

impl Ticket {
    /// Notes whether the connection waits for its peer. `false` if it is no longer listed, and has to end.
    pub fn set_idle(&self, idle: bool) -> bool {
        let mut open = self.connections.open.lock();
        let Some(socket) = open.sockets.get_mut(&self.number) else {
            return false;
        };
        // One that was idle already has been for longer: since it was let in.
        let since = socket.idle_since.take();
        socket.idle_since = idle.then(|| since.unwrap_or_else(Instant::now));
        true
    }

    /// Whether the connection is still listed: neither evicted nor closed.
    pub fn is_listed(&self) -> bool {
        let open = self.connections.open.lock();
        open.sockets.contains_key(&self.number)
    }

    /// Whether the peer has hung up. As long as something of it is unread there is no telling.
    pub fn peer_is_gone(&self) -> bool {
        let stream = {
            let open = self.connections.open.lock();
            let socket = open.sockets.get(&self.number);
            let Some(socket) = socket else { return true };
            Arc::clone(&socket.stream)
        };
        // Whoever reads next says anew how long that may take.
        stream.set_read_timeout(Some(GLANCE)).ok();
        match stream.peek(&mut [0]) {
            Ok(unread) => unread == 0,
            // What a time-out is called depends on the platform.
            Err(error) => !matches!(
                error.kind(),
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
            ),
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut open = self.connections.open.lock();
        open.sockets.remove(&self.number);
        open.threads -= 1;
        open.reserved -= usize::from(self.is_reserved);
        self.connections.left.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    #[test]
    fn a_connection_keeps_its_place_until_its_thread_has_ended() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let [first, second] = [(); 2].map(|()| Arc::new(TcpStream::connect(address).unwrap()));
        let connections = Connections::new(1);
        let ticket = connections.admit(&first).unwrap();
        assert!(ticket.set_idle(true));
        assert!(connections.admit(&second).is_none());
        assert!(!ticket.is_listed() && !ticket.set_idle(false));
        assert_eq!((connections.len(), connections.threads()), (0, 1));
        drop(ticket);
        let ticket = connections.admit(&second).unwrap();
        assert!(ticket.is_listed());
        assert_eq!((connections.len(), connections.threads()), (1, 1));
    }
}
