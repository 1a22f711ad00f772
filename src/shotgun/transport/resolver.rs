//! Looks names up, and remembers them for a minute. ureq asks before it looks into its pool of connections, so without a
//! memory every call on a reused connection would pay for a look-up.

use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::trip;
use crate::shotgun::phases::Phase;

const REMEMBERED: Duration = Duration::from_mins(1);

/// What is known: when it was learned, and the addresses.
type Known = HashMap<(String, u16), (Instant, ResolvedSocketAddrs)>;

/// ureq's resolver with a memory, which all clones share. Addresses written as numbers are never looked up.
#[derive(Clone, Default)]
pub(in crate::shotgun) struct CachingResolver(Arc<Mutex<Known>>);

impl Resolver for CachingResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().or_else(|| match uri.scheme_str() {
            Some("https") => Some(443),
            Some("http") => Some(80),
            _ => None,
        });
        let Some(port) = port else {
            return look_up(uri, config, timeout);
        };
        if let Ok(ip) = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>()
        {
            let mut addrs = self.empty();
            addrs.push(SocketAddr::new(ip, port));
            return Ok(addrs);
        }
        let key = (host.to_ascii_lowercase(), port);
        if let Some(addrs) = self.remembered(&key) {
            return Ok(addrs);
        }
        let addrs = look_up(uri, config, timeout)?;
        self.0.lock().insert(key, (Instant::now(), addrs.clone()));
        Ok(addrs)
    }
}

impl CachingResolver {
    /// Forgets all addresses: one that leads nowhere may be old.
    pub(in crate::shotgun) fn forget(&self) {
        self.0.lock().clear();
    }

    fn remembered(&self, key: &(String, u16)) -> Option<ResolvedSocketAddrs> {
        let mut known = self.0.lock();
        known.retain(|_, (since, _)| since.elapsed() < REMEMBERED);
        known.get(key).map(|(_, addrs)| addrs.clone())
    }
}

impl fmt::Debug for CachingResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CachingResolver")
    }
}

fn look_up(uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
    trip::with(|trip| trip.doing(Phase::Dns));
    let addrs = DefaultResolver::default().resolve(uri, config, timeout)?;
    trip::with(|trip| {
        trip.mark(Phase::Dns);
        trip.doing(Phase::Connect);
    });
    Ok(addrs)
}
