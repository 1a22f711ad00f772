//! Which proxy leads to a site: the one the program names, or what the environment says.

use ureq::http::Uri;
use ureq::{Proxy, ProxyProtocol};

use super::failure;
use crate::shotgun::error::Error;
use crate::shotgun::site::Site;

/// Which proxy to go through.
#[derive(Clone, Default)]
pub(in crate::shotgun) enum ProxyChoice {
    #[default]
    FromEnvironment,
    None,
    Url(String),
}

impl ProxyChoice {
    /// The proxy to set up for `site`; `variable` looks into the environment. Of that, only a setting that would be used can
    /// be wrong. A site on this machine is never asked through a proxy of the environment.
    pub(in crate::shotgun) fn resolve(
        &self,
        site: &Site,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Proxy>, Error> {
        match self {
            Self::None => Ok(None),
            Self::Url(url) => read(url, "").map(Some).map_err(failure::proxy),
            Self::FromEnvironment if site.is_loopback() => Ok(None),
            Self::FromEnvironment => from_environment(site, variable),
        }
    }
}

fn from_environment(
    site: &Site,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<Proxy>, Error> {
    let first = |names: &[&'static str]| {
        names.iter().find_map(|name| {
            let value = variable(name).filter(|value| !value.trim().is_empty())?;
            Some((*name, value))
        })
    };
    let names = if site.scheme() == "https" {
        ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
    } else {
        ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
    };
    let Some((name, url)) = first(&names) else {
        return Ok(None);
    };
    let (_, exempt) = first(&["NO_PROXY", "no_proxy"]).unwrap_or_default();
    match read(&url, &exempt) {
        // Also if the site is exempt: its downloads may come from elsewhere.
        Ok(proxy) => Ok(Some(proxy)),
        Err(_) if is_exempt(site, &exempt) => Ok(None),
        Err(reason) => Err(failure::proxy(format!("{reason} (from {name})"))),
    }
}

/// The proxy at `url`, which is asked about no host that `exempt` lists. The address may hold a password, so what is wrong
/// with it is said without it.
fn read(url: &str, exempt: &str) -> Result<Proxy, String> {
    let unreadable = |_secret| "its address cannot be read".to_owned();
    let proxy = Proxy::new(url.trim()).map_err(unreadable)?;
    let protocol = proxy.protocol();
    if !matches!(protocol, ProxyProtocol::Http | ProxyProtocol::Https) {
        return Err(format!(
            "{protocol} proxies are not supported, only http and https ones"
        ));
    }
    let mut builder = Proxy::builder(protocol)
        .host(proxy.host())
        .port(proxy.port());
    if let Some(name) = proxy.username() {
        builder = builder.username(name);
    }
    if let Some(password) = proxy.password() {
        builder = builder.password(password);
    }
    for host in exempt.split(',') {
        builder = builder.no_proxy(host.trim());
    }
    builder.build().map_err(unreadable)
}

/// Whether `exempt` lists the site. Any readable proxy can tell.
fn is_exempt(site: &Site, exempt: &str) -> bool {
    let uri = site.origin().parse::<Uri>().ok();
    let any = read("http://localhost", exempt).ok();
    any.zip(uri).is_some_and(|(any, uri)| any.is_no_proxy(&uri))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the environment says about the way to `url`: the proxy as `host:port`, `direct`, or what is wrong.
    fn way(url: &str, environment: &[(&str, &str)]) -> String {
        let site = Site::parse(url).unwrap().0;
        let variable = |name: &str| {
            let (_, value) = environment.iter().find(|(known, _)| *known == name)?;
            Some((*value).to_owned())
        };
        let uri = site.origin().parse::<Uri>().unwrap();
        match ProxyChoice::FromEnvironment.resolve(&site, variable) {
            Ok(Some(proxy)) if !proxy.is_no_proxy(&uri) => {
                format!("{}:{}", proxy.host(), proxy.port())
            }
            Ok(_) => "direct".to_owned(),
            Err(error) => error.headline(),
        }
    }

    #[test]
    fn the_scheme_of_the_site_chooses_the_variable_and_all_proxy_comes_last() {
        let all = [
            ("ALL_PROXY", "http://all:1"),
            ("http_proxy", "plain:2"),
            ("HTTPS_PROXY", "http://tls:3"),
        ];
        for (url, environment, expected) in [
            ("https://h", &all[..], "tls:3"),
            ("http://h", &all, "plain:2"),
            ("https://h", &all[..2], "all:1"),
            ("https://h", &all[1..2], "direct"),
            ("https://h", &[("HTTPS_PROXY", " ")], "direct"),
            ("http://127.0.0.1:80", &all, "direct"),
            ("https://h", &[], "direct"),
        ] {
            assert_eq!(way(url, environment), expected, "{url} {environment:?}");
        }
    }

    #[test]
    fn a_proxy_we_cannot_use_matters_only_if_it_would_be_used() {
        let socks = ("ALL_PROXY", "socks5://ann:hush@h:1");
        let broken = ("https_proxy", "ftp://ann:hush@h");
        let site = "https://my.site.example";
        for (environment, expected) in [
            (&[socks, ("HTTPS_PROXY", "http://tls:3")][..], "tls:3"),
            (&[socks, ("NO_PROXY", "other, my.site.example")], "direct"),
            (&[broken, ("no_proxy", ".site.example")], "direct"),
            (
                &[socks, ("NO_PROXY", "other")],
                "The proxy does not let us through: SOCKS5 proxies are not supported, only http and https ones (from ALL_PROXY)",
            ),
            (
                &[broken],
                "The proxy does not let us through: its address cannot be read (from https_proxy)",
            ),
        ] {
            assert_eq!(way(site, environment), expected, "{environment:?}");
        }
    }

    #[test]
    fn an_exempt_site_may_have_its_files_behind_the_proxy() {
        let site = Site::parse("https://h").unwrap().0;
        let proxy = ProxyChoice::FromEnvironment
            .resolve(&site, |name| match name {
                "HTTPS_PROXY" => Some("http://ann:p%40ss@proxy:3".to_owned()),
                "NO_PROXY" => Some("h".to_owned()),
                _ => None,
            })
            .unwrap()
            .unwrap();
        assert!(proxy.is_no_proxy(&Uri::from_static("https://h")));
        assert!(!proxy.is_no_proxy(&Uri::from_static("https://storage")));
        assert_eq!(
            (proxy.username(), proxy.password()),
            (Some("ann"), Some("p@ss"))
        );
    }
}
