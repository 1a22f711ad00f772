//! Who may talk to the site, and who may control it: programs on this machine, and no web page of anyone else's.

use std::net::Ipv4Addr;

use super::super::http::Request;

/// What the header `X-Callboard` has to say.
const WORD: &str = "sandbox";

/// Why this request may not ask for anything of the site at `url`, if it may not: a web page sends it that is not from there.
///
/// A page of a name that was made to point here says so in its `Host`, and any other page in its `Origin` or
/// `Sec-Fetch-Site`. Programs say nothing of the kind. Which of loopback's names is used, and which port, is no matter:
/// tunnels change it.
pub fn stranger(url: &str, request: &Request) -> Option<&'static str> {
    let (host, origin) = (request.host.as_str(), request.origin.as_str());
    let scheme = url.split(':').next().unwrap_or_default();
    let is_own = || {
        let from = origin
            .strip_prefix(scheme)
            .and_then(|rest| rest.strip_prefix("://"));
        !host.is_empty() && from.is_some_and(|from| from.eq_ignore_ascii_case(host))
    };
    if !host.is_empty() && !is_loopback(host) {
        Some("the header `Host` has to be 127.0.0.1 or localhost")
    } else if request.fetch_site.trim().eq_ignore_ascii_case("cross-site")
        || (!origin.is_empty() && !is_own())
    {
        Some("web pages from elsewhere may ask for nothing here")
    } else {
        None
    }
}

/// Why this request may not control the site, if it may not.
pub fn refusal(request: &Request) -> Option<&'static str> {
    if request.control != WORD {
        Some("the header `X-Callboard: sandbox` is missing")
    } else if !is_loopback(&request.host) {
        Some("the header `Host` has to be 127.0.0.1 or localhost")
    } else {
        None
    }
}

/// Whether a `Host` is one of loopback's names. The port may be any: tunnels change it.
fn is_loopback(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, port),
        _no_port => (host, ""),
    };
    let is_name = name.eq_ignore_ascii_case("localhost") || name == "[::1]";
    let is_address = || name.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback());
    port.bytes().all(|byte| byte.is_ascii_digit()) && (is_name || is_address())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_loopback_are_loopback() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:8000",
            "localhost:1",
            "LocalHost",
            "[::1]",
            "[::1]:80",
            "127.1.2.3:80",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "evil.example:8000",
            "127.0.0.1.evil.example",
            "localhost.evil.example:80",
            "localhost:80@evil.example",
            "10.0.0.1",
            "0.0.0.0",
            "127.1",
            "::1",
            "[::2]:80",
            "127.0.0.1:80:90",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
