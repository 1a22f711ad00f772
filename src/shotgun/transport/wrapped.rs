//! Transports that delegate to ureq's, and say what goes through them.

use std::io;
use std::sync::Arc;

use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use super::trip;
use super::wire::Wire;
use crate::shotgun::exchange::Connection;
use crate::shotgun::phases::Phase;

/// Right at the socket: counts what goes over the wire, and lets the call that it carries be ended.
#[derive(Debug)]
pub(super) struct Metered<T> {
    socket: T,
    wire: Arc<Wire>,
}

impl<T> Metered<T> {
    /// Over a socket that `wire` has hold of. Fails if the call that wanted it is ended.
    pub(super) fn new(socket: T, wire: Arc<Wire>) -> Result<Self, Error> {
        let metered = Self { socket, wire };
        metered.hold()?;
        Ok(metered)
    }

    /// How long its next piece may take, of which ureq says `timeout`.
    fn patience(timeout: NextTimeout) -> Result<NextTimeout, Error> {
        trip::with(|trip| trip.patience(timeout)).unwrap_or(Ok(timeout))
    }

    fn hold(&self) -> Result<(), Error> {
        match trip::with(|trip| trip.hold(&self.wire)) {
            // Not `Interrupted`: whoever writes would try again for ever.
            Some(false) => {
                let ended = io::Error::new(io::ErrorKind::ConnectionAborted, "the call was ended");
                Err(ended.into())
            }
            Some(true) | None => Ok(()),
        }
    }
}

impl<T: Transport> Transport for Metered<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.socket.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.hold()?;
        let timeout = Self::patience(timeout)?;
        self.socket.transmit_output(amount, timeout)?;
        trip::with(|trip| trip.sent += amount as u64);
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let timeout = Self::patience(timeout)?;
        let before = self.socket.buffers().input().len();
        let progress = self.socket.await_input(timeout)?;
        let after = self.socket.buffers().input().len();
        let bytes = after.saturating_sub(before) as u64;
        trip::with(|trip| trip.receive(bytes)).transpose()?;
        Ok(progress)
    }

    /// Asked before the connection goes back to the pool, and again before it is taken from there.
    fn is_open(&mut self) -> bool {
        self.wire.release();
        self.socket.is_open()
    }

    fn is_tls(&self) -> bool {
        self.socket.is_tls()
    }
}

/// Outside TLS, where requests and answers are plain: marks when they begin and end.
#[derive(Debug)]
pub(super) struct Timed<T> {
    transport: T,
    /// None on the way to a proxy.
    number: Option<u64>,
    used: bool,
}

impl<T> Timed<T> {
    pub(super) const fn new(transport: T, number: Option<u64>) -> Self {
        Self {
            transport,
            number,
            used: false,
        }
    }

    /// Something is about to be sent. The first time in an exchange, this names its connection.
    fn sending(&mut self, number: u64) {
        let reused = self.used;
        let first = trip::with(|trip| {
            trip.doing(Phase::Send);
            let first = trip.connection.is_none();
            trip.connection
                .get_or_insert(Connection { id: number, reused });
            first
        });
        self.used |= first.unwrap_or(false);
    }
}

impl<T: Transport> Transport for Timed<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let Some(number) = self.number else {
            return self.transport.transmit_output(amount, timeout);
        };
        self.sending(number);
        self.transport.transmit_output(amount, timeout)?;
        trip::with(|trip| {
            trip.mark(Phase::Send);
            trip.doing(Phase::Wait);
        });
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let progress = self.transport.await_input(timeout);
        if progress.is_err() {
            trip::with(|trip| trip.broke = true);
        }
        let progress = progress?;
        if progress && self.number.is_some() {
            trip::with(|trip| {
                if !trip.has(Phase::Wait) {
                    trip.mark(Phase::Wait);
                    trip.doing(Phase::Receive);
                }
            });
        }
        Ok(progress)
    }

    /// Asked before a pooled connection is used again, on the thread that will use it.
    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }

    fn is_tls(&self) -> bool {
        self.transport.is_tls()
    }
}
