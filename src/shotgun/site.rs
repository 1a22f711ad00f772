//! Where a site is, and which address each kind of request goes to.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use secrecy::SecretString;

use crate::shotgun::entity::{EntityId, EntityType};
use crate::shotgun::error::Error;
use crate::shotgun::redact;

/// The address of a site.
///
/// ```
/// use callboard::shotgun::{Client, EntityId};
///
/// let client = Client::builder("https://MySite.shotgrid.autodesk.com/").build()?;
/// assert_eq!(client.site().to_string(), "https://mysite.shotgrid.autodesk.com");
/// assert_eq!(client.site().page_url(&"Shot".into(), EntityId(123)), "https://mysite.shotgrid.autodesk.com/detail/Shot/123");
/// # Ok::<(), callboard::shotgun::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Site {
    scheme: &'static str,
    /// Lower case; an IPv6 address keeps its brackets.
    host: Arc<str>,
    port: Option<u16>,
    /// Begins and ends with a slash.
    path: Arc<str>,
}

impl Site {
    /// Reads an address as people write it. `user:password@` in it is handed back apart, not kept.
    pub(super) fn parse(url: &str) -> Result<(Self, Option<SecretString>), Error> {
        let url = url.trim();
        // What is shown must not hold the password.
        let bad = |reason: &str| Error::BadUrl {
            url: redact::address(&without_userinfo(url)).into(),
            reason: reason.into(),
        };
        let (scheme, rest) = url
            .split_once("://")
            .ok_or_else(|| bad("it does not begin with https:// or http://"))?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "https" => "https",
            "http" => "http",
            _ => return Err(bad("it does not begin with https:// or http://")),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (userinfo, authority) = authority
            .rsplit_once('@')
            .map_or((None, authority), |(user, host)| (Some(user), host));
        let (host, port) = host_and_port(authority).map_err(bad)?;
        let path = path.split(['?', '#']).next().unwrap_or_default();
        // The last segment is dropped unless it ends in a slash: https://h/sub means https://h/.
        let path = path.rfind('/').map_or("/", |slash| &path[..=slash]);
        if !path.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(bad("its path holds characters that an address cannot have"));
        }
        let site = Self {
            scheme,
            host: host.into(),
            port,
            path: path.into(),
        };
        Ok((
            site,
            userinfo.map(|userinfo| SecretString::from(percent_decoded(userinfo))),
        ))
    }

    /// The same for the address of a site, as a person gives it. A password that ends the host too early is told from a path.
    pub(super) fn parse_base(url: &str) -> Result<(Self, Option<SecretString>), Error> {
        let after = url.split_once("://").map_or(url, |(_, rest)| rest);
        let path = after.split_once(['/', '?', '#']).map(|(_, path)| path);
        if path.is_some_and(|path| path.contains('@')) {
            let reason = "there is an @ behind its host; in a password write / as %2F, ? as %3F and # as %23";
            return Err(Error::BadUrl {
                url: redact::address(&without_userinfo(url)).into(),
                reason: reason.into(),
            });
        }
        Self::parse(url)
    }

    /// `https` or `http`.
    pub const fn scheme(&self) -> &'static str {
        self.scheme
    }

    /// The host's name or address, without the port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, also if it goes without saying.
    pub fn port(&self) -> u16 {
        self.port
            .unwrap_or(if self.scheme == "https" { 443 } else { 80 })
    }

    /// The host, and the port if the address names one.
    pub fn authority(&self) -> String {
        self.port.map_or_else(
            || self.host.to_string(),
            |port| format!("{}:{port}", self.host),
        )
    }

    /// Scheme, host and port: what a browser calls the origin.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme, self.authority())
    }

    /// Whether the site is on this machine.
    pub fn is_loopback(&self) -> bool {
        let bare = self.host.trim_start_matches('[').trim_end_matches(']');
        bare == "localhost"
            || bare.ends_with(".localhost")
            || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// The page of an entity in the web application, to be opened in a browser.
    pub fn page_url(&self, entity_type: &EntityType, id: EntityId) -> String {
        format!("{}/detail/{entity_type}/{id}", self.origin())
    }

    /// Where calls go.
    pub(super) fn api_url(&self) -> String {
        format!("{}{}api3/json", self.origin(), self.path)
    }

    /// Whether `other` is the same server as far as credentials go.
    pub(super) fn same_origin(&self, other: &Self) -> bool {
        (self.scheme, &self.host, self.port()) == (other.scheme, &other.host, other.port())
    }
}

fn host_and_port(authority: &str) -> Result<(String, Option<u16>), &'static str> {
    let port_at = authority
        .rfind(':')
        .filter(|colon| !authority[*colon..].contains(']'));
    let (host, port) = port_at.map_or((authority, None), |colon| {
        (&authority[..colon], Some(&authority[colon + 1..]))
    });
    let port = match port {
        None | Some("") => None,
        Some(digits) => Some(
            digits
                .parse()
                .ok()
                .filter(|port| *port > 0)
                .ok_or("its port is not a number from 1 to 65535")?,
        ),
    };
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'%');
    let bracketed = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match bracketed {
        Some(address) if address.parse::<Ipv6Addr>().is_err() => {
            Err("what stands in brackets is not an IPv6 address")
        }
        None if host.is_empty() => Err("it names no host"),
        None if host.contains(':') => {
            Err("an IPv6 address belongs in brackets, like http://[::1]:8080")
        }
        None if !host.bytes().all(allowed) => {
            Err("its host holds characters that a host cannot have")
        }
        Some(_) | None => Ok((host.to_ascii_lowercase(), port)),
    }
}

/// The address of a site without `user:password@`, however broken it is: a password may hold what ends a host, so all before
/// the last @ may be part of one.
pub fn without_userinfo(url: &str) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    url[start..].rfind('@').map_or_else(
        || url.to_owned(),
        |at| format!("{}{}", &url[..start], &url[start + at + 1..]),
    )
}

/// The address of a file without `user:password@`. Its path may hold an @ of its own.
pub(super) fn without_authority_userinfo(url: &str) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..]
        .find(['/', '?', '#'])
        .map_or(url.len(), |at| start + at);
    url[start..end].rfind('@').map_or_else(
        || url.to_owned(),
        |at| format!("{}{}", &url[..start], &url[start + at + 1..]),
    )
}

fn percent_decoded(text: &str) -> String {
    let hex = |byte: Option<&u8>| byte.and_then(|b| char::from(*b).to_digit(16));
    let bytes = text.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        let pair = (hex(bytes.get(at + 1)), hex(bytes.get(at + 2)));
        if let (b'%', (Some(high), Some(low))) = (byte, pair) {
            decoded.push((high * 16 + low) as u8);
            at += 3;
        } else {
            decoded.push(byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.path.trim_end_matches('/'))
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Site({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    fn site(url: &str) -> Site {
        Site::parse(url).unwrap().0
    }

    #[test]
    fn calls_go_where_the_python_client_sends_them() {
        for (url, api) in [
            ("https://h", "https://h/api3/json"),
            ("https://h/", "https://h/api3/json"),
            ("https://h/sub", "https://h/api3/json"),
            ("https://h/sub/", "https://h/sub/api3/json"),
            ("HTTP://H:8080/a/b?x=/y", "http://h:8080/a/api3/json"),
            ("http://[::1]:80/", "http://[::1]:80/api3/json"),
            ("https://[2001:DB8::7]", "https://[2001:db8::7]/api3/json"),
        ] {
            assert_eq!(site(url).api_url(), api, "{url}");
        }
    }

    #[test]
    fn a_password_in_the_address_is_taken_out() {
        let (site, userinfo) = Site::parse("https://Ann:p%40ss@H/").unwrap();
        assert_eq!(site.to_string(), "https://h");
        assert_eq!(userinfo.unwrap().expose_secret(), "Ann:p@ss");
        let error = Site::parse("ftp://ann:hush@h").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hush"));
        let error = Site::parse("ann:hush@h").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hush"));
    }

    #[test]
    fn nonsense_is_refused_with_a_reason() {
        for url in [
            "",
            "h",
            "https://",
            "https://:80",
            "https://h:0",
            "https://h:x",
            "https://a b",
            "https://h/\u{e9}/",
            "file:///x",
            "https://::1/",
            "https://[::1",
            "https://[h]/",
            "https://[fe80::1%eth0]/",
            "https://[127.0.0.1]/",
            "https://h]:80/",
        ] {
            assert!(
                matches!(Site::parse(url), Err(Error::BadUrl { .. })),
                "{url}"
            );
        }
    }

    #[test]
    fn loopback_is_recognized() {
        for url in [
            "http://127.0.0.1:1",
            "http://127.9.9.9",
            "http://[::1]:8",
            "http://localhost",
        ] {
            assert!(site(url).is_loopback(), "{url}");
        }
        for url in [
            "http://128.0.0.1",
            "http://localhost.example.com",
            "https://mysite.com",
        ] {
            assert!(!site(url).is_loopback(), "{url}");
        }
    }

    proptest::proptest! {
        #[test]
        fn reading_an_address_never_panics(
            text in "\\PC{0,40}",
            likely in "(https?://)?[a-z@:%/?#0-9\\[\\]ä]{0,30}",
        ) {
            Site::parse(&text).ok();
            Site::parse(&likely).ok();
        }
    }
}
