//! Who may control the site: programs on this machine, and no web page.

use std::net::Ipv4Addr;

use super::super::http::Request;

/// What the header `X-Callboard` has to say.
const WORD: &str = "sandbox";

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
