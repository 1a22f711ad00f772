//! One HTTP exchange over ureq: what goes out, what comes back, and what its failures mean.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use ureq::http::{Method, Request, Response, Uri};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Body, Proxy};

use super::error::Error;
use super::phases::Phase;
use super::site::Site;
use super::transport::{self, CachingResolver, Failure, ProxyChoice, Trip};

/// How long an idle connection is kept. Sites close theirs after a minute, and one that closes as we write to it costs a call.
const IDLE_AGE: Duration = Duration::from_secs(30);

/// How long a client waits, and for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection: socket, tunnel and TLS together.
    pub connect: Duration,
    /// For the address of a host.
    pub resolve: Duration,
    /// For the next byte, in either direction, and for the whole head of an answer. Its body may take as long as it likes
    /// while it keeps coming.
    pub idle: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            resolve: Duration::from_secs(5),
            idle: Duration::from_mins(2),
        }
    }
}

/// ureq, set up for one site.
pub(super) struct Agent {
    ureq: ureq::Agent,
    resolver: CachingResolver,
    timeouts: Timeouts,
    proxy: Option<Proxy>,
    shut: AtomicBool,
    /// Wakes those who pause.
    ended: (Mutex<()>, Condvar),
}

/// One request.
pub(super) struct Outgoing<'a> {
    pub(super) url: &'a str,
    /// Host and port, for messages.
    pub(super) host: &'a str,
    pub(super) headers: Vec<(&'static str, &'a str)>,
    /// With a body it is a POST, without a GET.
    pub(super) body: Option<&'a [u8]>,
    /// The most we take of an answer, unpacked.
    pub(super) limit: u64,
}

impl Outgoing<'_> {
    pub(super) const fn method(&self) -> Method {
        if self.body.is_some() {
            Method::POST
        } else {
            Method::GET
        }
    }
}

/// What came back, in part if it failed half-way.
#[derive(Default)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Lower-case names.
    pub(super) headers: Vec<(Arc<str>, Arc<str>)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// Whether it says, by its status alone, that nothing was done.
    pub(super) const fn is_refusal(&self) -> bool {
        matches!(self.status, 400..=499)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| **known == *name)
            .map(|(_, value)| &**value)
    }
}

/// One exchange, over.
pub(super) struct Sent {
    pub(super) reply: Option<Reply>,
    pub(super) failure: Option<Error>,
    pub(super) trip: Trip,
    pub(super) phases: super::phases::Phases,
    pub(super) total: Duration,
}

impl Agent {
    /// No network yet.
    pub(super) fn new(
        timeouts: Timeouts,
        max_connections: usize,
        proxy: &ProxyChoice,
        site: &Site,
    ) -> Result<Self, Error> {
        let proxy = proxy.resolve(site, |name| std::env::var(name).ok())?;
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy.clone())
            .tls_config(
                TlsConfig::builder()
                    .root_certs(RootCerts::PlatformVerifier)
                    .build(),
            )
            .user_agent(concat!("callboard/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(timeouts.connect))
            .timeout_resolve(Some(timeouts.resolve))
            .timeout_per_read(Some(timeouts.idle))
            .timeout_per_write(Some(timeouts.idle))
            // A head that drips is always making progress.
            .timeout_recv_response(Some(timeouts.idle))
            // A burst of calls on all workers must not end in closing and reopening most connections.
            .max_idle_connections(max_connections)
            .max_idle_connections_per_host(max_connections)
            .max_idle_age(IDLE_AGE)
            .build();
        let resolver = CachingResolver::default();
        let ureq = ureq::Agent::with_parts(config, transport::chain(), resolver.clone());
        Ok(Self {
            ureq,
            resolver,
            timeouts,
            proxy,
            shut: AtomicBool::new(false),
            ended: Default::default(),
        })
    }

    pub(super) const fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// The password of the proxy, to be hidden wherever it turns up.
    pub(super) fn proxy_password(&self) -> Option<&str> {
        self.proxy.as_ref()?.password()
    }

    /// Breaks off whatever is under way, and refuses what comes later.
    pub(super) fn shutdown(&self) {
        self.shut.store(true, Ordering::Release);
        // Taken: who has just looked at `shut` is not asleep yet.
        drop(self.ended.0.lock());
        self.ended.1.notify_all();
        self.ureq.clone().shutdown();
    }

    /// Waits for `time`, or until a shutdown. Whether it was the former.
    pub(super) fn pause(&self, time: Duration) -> bool {
        let (lock, ended) = &self.ended;
        let mut guard = lock.lock();
        // Only a shutdown wakes it before its time.
        !self.is_shut() && ended.wait_for(&mut guard, time).timed_out()
    }

    /// Sends and reads to the last byte. Never panics, never follows a redirect. After a shutdown it does nothing at all, not
    /// even look a name up, and answers none.
    pub(super) fn send(&self, outgoing: &Outgoing<'_>) -> Option<Sent> {
        if self.is_shut() {
            return None;
        }
        transport::begin();
        let mut reply = None;
        let outcome = self.run(outgoing, &mut reply);
        let trip = transport::end()?;
        let (phases, total) = trip.finish();
        if outcome.is_err() && matches!(trip.phase(), Phase::Connect | Phase::Tls) {
            self.resolver.forget();
        }
        let failure = if self.is_shut() {
            // Asked first: a body that ends where its connection does looks whole when we have cut it.
            Some(Error::Cancelled)
        } else {
            outcome
                .err()
                .map(|error| self.sort(error, outgoing, trip.phase(), reply.as_ref()))
        };
        Some(Sent {
            reply,
            failure,
            trip,
            phases,
            total,
        })
    }

    fn is_shut(&self) -> bool {
        self.shut.load(Ordering::Acquire)
    }

    fn run(&self, outgoing: &Outgoing<'_>, reply: &mut Option<Reply>) -> Result<(), ureq::Error> {
        let mut request = Request::builder()
            .method(outgoing.method())
            .uri(outgoing.url);
        for (name, value) in &outgoing.headers {
            request = request.header(*name, *value);
        }
        let response = match outgoing.body {
            Some(body) => self.ureq.run(request.body(body)?)?,
            None => self.ureq.run(request.body(())?)?,
        };
        let reply = reply.insert(head(&response));
        read_body(response, outgoing.limit, &mut reply.body)
    }

    /// The proxy on the way to `url`, unless `NO_PROXY` names its host.
    fn proxy_for(&self, url: &str) -> Option<&Proxy> {
        let uri: Uri = url.parse().ok()?;
        self.proxy.as_ref().filter(|proxy| !proxy.is_no_proxy(&uri))
    }

    fn sort(
        &self,
        error: ureq::Error,
        outgoing: &Outgoing<'_>,
        phase: Phase,
        reply: Option<&Reply>,
    ) -> Error {
        let failure = Failure {
            url: outgoing.url,
            host: outgoing.host,
            phase,
            proxy: self.proxy_for(outgoing.url),
            timeouts: self.timeouts,
            received: reply.map(|reply| reply.body.len() as u64),
        };
        failure.sort(error)
    }
}

fn head(response: &Response<Body>) -> Reply {
    let headers = response.headers().iter().map(|(name, value)| {
        (
            name.as_str().into(),
            String::from_utf8_lossy(value.as_bytes()).into(),
        )
    });
    Reply {
        status: response.status().as_u16(),
        headers: headers.collect(),
        body: Vec::new(),
    }
}

/// Reads to the end. What has come stays in `body` also if the rest does not.
fn read_body(
    mut response: Response<Body>,
    limit: u64,
    body: &mut Vec<u8>,
) -> Result<(), ureq::Error> {
    // A length is only a promise: reserve no more for it than a usual answer takes.
    const USUAL: u64 = 1024 * 1024;
    let expected = response
        .body()
        .content_length()
        .unwrap_or_default()
        .min(limit)
        .min(USUAL);
    body.reserve(expected as usize);
    response
        .body_mut()
        .with_config()
        .limit(limit)
        .reader()
        .read_to_end(body)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idle_connection_is_given_up_before_the_site_closes_it() {
        let site = Site::parse("https://h").unwrap().0;
        let agent = Agent::new(Timeouts::default(), 1, &ProxyChoice::None, &site).unwrap();
        let age = agent.ureq.config().max_idle_age();
        assert!(age <= Duration::from_secs(30), "{age:?} of 60 s");
    }
}
