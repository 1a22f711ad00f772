//! The links of our connector chain.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use ureq::Error;
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, Either, RustlsConnector, TcpConnector,
    Transport,
};

use super::trip;
use super::wire::Wire;
use super::wrapped::{Metered, Timed};
use crate::shotgun::phases::Phase;

/// The chain that leads to a site: through a tunnel or directly, plain or with TLS.
pub(in crate::shotgun) fn chain() -> impl Connector {
    ().chain(Begin)
        .chain(ConnectProxyConnector::default())
        .chain(Dial::default())
        .chain(RustlsConnector::default())
        .chain(Complete)
}

/// Says that connecting begins: ureq found no connection to reuse.
#[derive(Debug)]
struct Begin;

impl Connector<()> for Begin {
    type Out = ();

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<()>,
    ) -> Result<Option<()>, Error> {
        trip::with(|trip| trip.enter(details.timeout));
        Ok(chained)
    }
}

/// Opens the socket, unless a tunnel came before, and takes hold of it, so that the call can be ended.
#[derive(Debug, Default)]
struct Dial(TcpConnector);

impl<In: Transport> Connector<In> for Dial {
    type Out = Either<In, Metered<<TcpConnector as Connector<In>>::Out>>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        let transport = if let Some(tunnel) = chained {
            Some(Either::A(tunnel))
        } else {
            let wire = Arc::new(Wire::default());
            let socket = self.0.connect(&attaching(details, &wire), None)?;
            let metered = socket.map(|socket| Metered::new(socket, wire));
            metered.transpose()?.map(Either::B)
        };
        trip::with(|trip| {
            trip.mark(Phase::Connect);
            if trip.is_outermost() && details.needs_tls() {
                trip.doing(Phase::Tls);
            }
        });
        Ok(transport)
    }
}

/// The same details, for a socket that `wire` takes hold of before ureq does.
fn attaching<'a>(details: &ConnectionDetails<'a>, wire: &Arc<Wire>) -> ConnectionDetails<'a> {
    let (register, wire) = (Arc::clone(&details.register_shutdown), Arc::clone(wire));
    ConnectionDetails {
        uri: details.uri,
        addrs: details.addrs.clone(),
        config: details.config,
        request_level: details.request_level,
        resolver: details.resolver,
        now: details.now,
        timeout: details.timeout,
        current_time: Arc::clone(&details.current_time),
        run_connector: Arc::clone(&details.run_connector),
        register_shutdown: Arc::new(move |socket| {
            wire.attach(Weak::clone(&socket));
            register(socket)
        }),
    }
}

/// Says that the connection is ready, and numbers it.
#[derive(Debug)]
struct Complete;

impl<In: Transport> Connector<In> for Complete {
    type Out = Timed<In>;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Timed<In>>, Error> {
        static COUNTER: AtomicU64 = AtomicU64::new(1);
        let outermost = trip::with(|trip| {
            let outermost = trip.is_outermost();
            if outermost && details.needs_tls() {
                trip.mark(Phase::Tls);
            }
            trip.doing(if outermost {
                Phase::Send
            } else {
                Phase::Connect
            });
            trip.leave();
            outermost
        });
        // What goes to the proxy itself belongs to connecting, and gets no number.
        let number = outermost
            .unwrap_or(true)
            .then(|| COUNTER.fetch_add(1, Ordering::Relaxed));
        Ok(chained.map(|transport| Timed::new(transport, number)))
    }
}
