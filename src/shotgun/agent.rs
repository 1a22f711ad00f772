//! One HTTP exchange over ureq: what goes out, what comes back, and what its failures mean.

use std::io::{self, Read as _};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use ureq::http::request::Builder;
use ureq::http::{Request, Response, Uri};
use ureq::tls::TlsConfig;
use ureq::{AsSendBody, Body, Proxy, SendBody};

use crate::shotgun::call::interrupt::{Group, Interrupt, Membership};
use crate::shotgun::error::Error;
use crate::shotgun::phases::Phase;
use crate::shotgun::request::{Outgoing, Patience, Payload, Reply};
use crate::shotgun::site::Site;
use crate::shotgun::timeouts::Timeouts;
use crate::shotgun::transport::{self, Authorities, CachingResolver, Failure, ProxyChoice, Trip};

/// How long an idle connection is kept. Sites close theirs after a minute, and one that closes as we write to it costs a call.
const IDLE_AGE: Duration = Duration::from_secs(30);

/// What every client says of itself.
const USER_AGENT: &str = concat!("callboard/", env!("CARGO_PKG_VERSION"));

/// ureq, set up for one site.
pub(super) struct Agent {
    ureq: ureq::Agent,
    resolver: CachingResolver,
    timeouts: Timeouts,
    proxy: Option<Proxy>,
    says_of_itself: RwLock<Arc<str>>,
    /// The calls under way.
    calls: Arc<Group>,
}

/// One exchange, over.
pub(super) struct Sent {
    pub(super) reply: Option<Reply>,
    pub(super) failure: Option<Error>,
    pub(super) trip: Trip,
    pub(super) phases: crate::shotgun::phases::Phases,
    pub(super) total: Duration,
}

impl Agent {
    /// No network yet.
    pub(super) fn new(
        timeouts: Timeouts,
        max_connections: usize,
        proxy: &ProxyChoice,
        authorities: &Authorities,
        site: &Site,
    ) -> Result<Self, Error> {
        let variable = |name: &str| std::env::var(name).ok();
        let proxy = proxy.resolve(site, variable)?;
        let roots = authorities.resolve(site, variable)?;
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy.clone())
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            // The rest of what the client says of itself is told to the site, not to a proxy.
            .user_agent(USER_AGENT)
            .timeout_connect(limit(timeouts.connect))
            .timeout_resolve(limit(timeouts.resolve))
            .timeout_per_read(limit(timeouts.idle))
            .timeout_per_write(limit(timeouts.idle))
            // A head that drips is always making progress.
            .timeout_recv_response(limit(timeouts.idle))
            .timeout_send_request(limit(timeouts.send))
            .timeout_send_body(limit(timeouts.send))
            .timeout_recv_body(limit(timeouts.receive))
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
            says_of_itself: RwLock::new(USER_AGENT.into()),
            calls: Arc::default(),
        })
    }

    pub(super) const fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// Says one thing more of itself, or only what every client says.
    pub(super) fn set_user_agent(&self, more: Option<&str>) {
        // What cannot stand in a header would make every request fail.
        let visible = |c: char| if matches!(c, ' '..='~') { c } else { '?' };
        let mut user_agent = self.says_of_itself.write();
        *user_agent = more.map_or_else(
            || USER_AGENT.into(),
            |more| {
                let more: String = more.chars().map(visible).collect();
                format!("{user_agent}; {more}").into()
            },
        );
    }

    /// The password of the proxy, to be hidden wherever it turns up.
    pub(super) fn proxy_password(&self) -> Option<&str> {
        self.proxy.as_ref()?.password()
    }

    /// Breaks off whatever is under way, and refuses what comes later.
    pub(super) fn shutdown(&self) {
        self.calls.end();
        self.ureq.clone().shutdown();
    }

    /// A call begins, which a shutdown ends.
    pub(super) fn join(&self, interrupt: &Arc<Interrupt>) -> Membership {
        self.calls.join(interrupt)
    }

    /// Sends and reads to the last byte. Never panics, never follows a redirect. For a call that has ended it does nothing at
    /// all, not even look a name up, and answers none.
    pub(super) fn send(
        &self,
        outgoing: &mut Outgoing<'_>,
        interrupt: &Arc<Interrupt>,
    ) -> Option<Sent> {
        let _underway = interrupt.begin()?;
        transport::begin(Arc::clone(interrupt), outgoing.limit);
        let mut reply = None;
        let outcome = self.run(outgoing, &mut reply);
        let trip = transport::end()?;
        let (phases, total) = trip.finish();
        if outcome.is_err() && matches!(trip.phase(), Phase::Connect | Phase::Tls) {
            self.resolver.forget();
        }
        // Asked first: a body that ends where its connection does looks whole when we have cut it.
        let failure = if trip.is_cut() || outcome.is_err() && interrupt.is_raised() {
            Some(Error::Cancelled)
        } else if outcome.is_ok() && trip.broke {
            // The same goes for one that the network has cut.
            let received = reply.as_ref().map_or(0, |reply| reply.body.len() as u64);
            Some(Error::Truncated { received })
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

    fn run(
        &self,
        outgoing: &mut Outgoing<'_>,
        reply: &mut Option<Reply>,
    ) -> Result<(), ureq::Error> {
        let mut request = Request::builder()
            .method(outgoing.method.as_str())
            .uri(outgoing.url);
        for (name, value) in &outgoing.headers {
            request = request.header(*name, *value);
        }
        let user_agent = Arc::clone(&self.says_of_itself.read());
        let request = request.header("user-agent", &*user_agent);
        let patience = outgoing.patience;
        let response = match &mut outgoing.body {
            Payload::Nothing => self.ask(request, patience, ()),
            Payload::Bytes(body) => self.ask(request, patience, *body),
            Payload::Stream(source, length) => {
                let request = request.header("content-length", *length);
                self.ask(request, patience, SendBody::from_reader(source))
            }
        }?;
        let reply = reply.insert(head(&response));
        match &mut outgoing.sink {
            Some(sink) if reply.is_good() => {
                let mut body = response.into_body();
                sink.begin(body.content_length())?;
                let mut body = body.with_config().limit(outgoing.limit).reader();
                io::copy(&mut body, sink)?;
                Ok(())
            }
            Some(_) | None => read_body(response, outgoing.limit, &mut reply.body),
        }
    }

    fn ask<B: AsSendBody>(
        &self,
        request: Builder,
        patience: Patience,
        body: B,
    ) -> Result<Response<Body>, ureq::Error> {
        let request = self.ureq.configure_request(request.body(body)?);
        let request = match patience {
            Patience::Call(deadline) => {
                request.timeout_global(deadline.and_then(|deadline| limit(deadline.left())))
            }
            Patience::File => request.timeout_send_body(None).timeout_recv_body(None),
        };
        self.ureq.run(request.build())
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
            deadline: match outgoing.patience {
                Patience::Call(deadline) => deadline,
                Patience::File => None,
            },
            received: reply.map(|reply| outgoing.received(reply)),
        };
        failure.sort(error)
    }
}

/// A limit as ureq can reckon with it: what is longer than anyone waits is none.
fn limit(time: Duration) -> Option<Duration> {
    const FOR_EVER: Duration = Duration::from_hours(24 * 365);
    (time < FOR_EVER).then_some(time)
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
    let promised = response.body().content_length().unwrap_or_default();
    if promised > limit {
        return Err(ureq::Error::BodyExceedsLimit(limit));
    }
    body.reserve(promised.min(USUAL) as usize);
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
        let (proxy, authorities) = (ProxyChoice::None, Authorities::default());
        let agent = Agent::new(Timeouts::default(), 1, &proxy, &authorities, &site).unwrap();
        let age = agent.ureq.config().max_idle_age();
        assert!(age <= Duration::from_secs(30), "{age:?} of 60 s");
    }
}
