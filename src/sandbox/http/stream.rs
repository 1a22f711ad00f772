//! What a connection reads from and writes to: a socket, in the clear or under TLS, that can always be reset.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection};

/// One peer's socket. Whoever keeps the list of sockets holds it, too: to close it, all have to let go.
#[derive(Debug)]
pub struct Stream {
    socket: Arc<TcpStream>,
    tls: Option<Box<ServerConnection>>,
}

impl Stream {
    /// In the clear.
    pub fn plain(socket: Arc<TcpStream>) -> Self {
        Self { socket, tls: None }
    }

    /// Under TLS. The handshake is part of the first reading.
    pub fn tls(socket: Arc<TcpStream>, config: Arc<ServerConfig>) -> io::Result<Self> {
        let session = ServerConnection::new(config).map_err(io::Error::other)?;
        Ok(Self {
            socket,
            tls: Some(Box::new(session)),
        })
    }

    /// How long one reading may take.
    pub fn set_read_timeout(&self, time: Duration) -> io::Result<()> {
        self.socket.set_read_timeout(Some(time))
    }

    /// The socket alone.
    #[cfg(test)]
    pub fn into_socket(self) -> Arc<TcpStream> {
        self.socket
    }

    /// Says that nothing more will come.
    pub fn finish(&mut self) {
        if let Some(session) = &mut self.tls {
            session.send_close_notify();
            send(session, &self.socket).ok();
        }
        self.socket.shutdown(Shutdown::Write).ok();
    }

    /// From now on closing the socket resets it.
    pub fn reset_on_close(&self) {
        let socket = socket2::SockRef::from(&*self.socket);
        socket.set_linger(Some(Duration::ZERO)).ok();
    }
}

impl Read for Stream {
    /// Reads the socket once at most, so that nobody gets more time by sending bytes of which nothing comes. If nothing
    /// came of them yet, it is as if a signal had cut the reading short.
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut socket = &*self.socket;
        let Some(session) = &mut self.tls else {
            return socket.read(out);
        };
        match session.reader().read(out) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            read_before => return read_before,
        }
        session.read_tls(&mut socket)?;
        let understood = session.process_new_packets();
        // What the handshake answers; and if it failed, why.
        let sent = send(session, socket);
        understood.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        sent?;
        session.reader().read(out).map_err(|error| {
            if error.kind() == ErrorKind::WouldBlock {
                ErrorKind::Interrupted.into()
            } else {
                error
            }
        })
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut socket = &*self.socket;
        let Some(session) = &mut self.tls else {
            return socket.write(bytes);
        };
        let taken = session.writer().write(bytes)?;
        send(session, socket)?;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sends what the session has to say.
fn send(session: &mut ServerConnection, mut socket: &TcpStream) -> io::Result<()> {
    while session.wants_write() {
        session.write_tls(&mut socket)?;
    }
    Ok(())
}
