//! Transports that delegate to ureq's, and say what goes through them.

use ureq::Error;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};

use super::trip;
use crate::shotgun::exchange::Connection;
use crate::shotgun::phases::Phase;

/// Right at the socket: counts what goes over the wire.
#[derive(Debug)]
pub(super) struct Metered<T>(pub(super) T);

impl<T: Transport> Transport for Metered<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.0.transmit_output(amount, timeout)?;
        trip::with(|trip| trip.sent += amount as u64);
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let before = self.0.buffers().input().len();
        let progress = self.0.await_input(timeout)?;
        let after = self.0.buffers().input().len();
        trip::with(|trip| trip.received += after.saturating_sub(before) as u64);
        Ok(progress)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
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
        let progress = self.transport.await_input(timeout)?;
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
