//! Whose signature on a server's certificate counts: those in a file, or those the system trusts.

use std::fs;
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use ureq::tls::{Certificate, PemItem, RootCerts, parse_pem};

use crate::shotgun::error::Error;
use crate::shotgun::site::Site;

/// The Python client's name for it.
const VARIABLE: &str = "SHOTGUN_API_CACERTS";

/// Whom to trust.
#[derive(Clone, Default)]
pub(in crate::shotgun) enum Authorities {
    /// The file that the environment names, else the system's.
    #[default]
    FromEnvironment,
    /// Those in this file, and nobody else.
    File(PathBuf),
}

impl Authorities {
    /// Reads the file, if there is one. `variable` looks into the environment, whose file can be wrong only if `site` needs it.
    pub(in crate::shotgun) fn resolve(
        &self,
        site: &Site,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<RootCerts, Error> {
        let named = |file: &Path, from: &str, reason: String| Error::BadSetup {
            reason: format!("the CA file {}{from} {reason}", file.display()).into(),
        };
        match self {
            Self::File(file) => read(file).map_err(|reason| named(file, "", reason)),
            Self::FromEnvironment => {
                let Some(file) = variable(VARIABLE).filter(|file| !file.trim().is_empty()) else {
                    return Ok(RootCerts::PlatformVerifier);
                };
                let file = Path::new(&file);
                match read(file) {
                    Err(reason) if site.scheme() == "https" => {
                        Err(named(file, &format!(" (from {VARIABLE})"), reason))
                    }
                    Err(reason) => {
                        tracing::warn!(file = %file.display(), %reason, "{VARIABLE} is left out");
                        Ok(RootCerts::PlatformVerifier)
                    }
                    Ok(roots) => Ok(roots),
                }
            }
        }
    }
}

/// The certificates in `file`, or what is wrong with it.
fn read(file: &Path) -> Result<RootCerts, String> {
    let pem = fs::read(file).map_err(|error| format!("cannot be read: {error}"))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            // Keys and the like: nothing of ours.
            Ok(_) => {}
            Err(error) => return Err(format!("is broken: {error}")),
        }
    }
    if certificates.is_empty() {
        return Err("holds no certificate: it must be text with `BEGIN CERTIFICATE` in it".into());
    }
    if usable(&certificates) == 0 {
        return Err("holds no certificate that can be used".into());
    }
    Ok(RootCerts::from(certificates))
}

/// How many of them TLS will take. Those it will not, it leaves out without a word.
fn usable(certificates: &[Certificate<'static>]) -> usize {
    let ders = certificates
        .iter()
        .map(|certificate| CertificateDer::from(certificate.der()));
    let (usable, _) = RootCertStore::empty().add_parsable_certificates(ders);
    usable
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;
    use tempfile::NamedTempFile;

    fn file(text: &str) -> NamedTempFile {
        let mut file = NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    /// A certificate that signs itself, as text.
    fn certificate() -> String {
        let signed = rcgen::generate_simple_self_signed(["h".to_owned()]);
        signed.unwrap().cert.pem()
    }

    fn resolved(url: &str, value: Option<&Path>) -> Result<RootCerts, Error> {
        let site = Site::parse(url).unwrap().0;
        Authorities::FromEnvironment.resolve(&site, |name| {
            assert_eq!(name, "SHOTGUN_API_CACERTS");
            value.map(|path| path.to_str().unwrap().to_owned())
        })
    }

    #[test]
    fn the_environment_may_name_a_file_else_the_system_is_trusted() {
        let good = file(&certificate());
        for value in [None, Some(Path::new(" "))] {
            let roots = resolved("https://h", value).unwrap();
            assert!(matches!(roots, RootCerts::PlatformVerifier), "{roots:?}");
        }
        let roots = resolved("https://h", Some(good.path())).unwrap();
        assert!(
            matches!(&roots, RootCerts::Specific(all) if all.len() == 1),
            "{roots:?}"
        );
    }

    #[test]
    fn a_bad_file_of_the_environment_matters_only_where_it_is_needed() {
        let missing = Path::new("/no/such/file.pem");
        let error = resolved("https://h", Some(missing)).unwrap_err().headline();
        let expected = "The client cannot be set up: the CA file /no/such/file.pem (from SHOTGUN_API_CACERTS) cannot be read: ";
        assert!(error.starts_with(expected), "{error}");
        let roots = resolved("http://h", Some(missing)).unwrap();
        assert!(matches!(roots, RootCerts::PlatformVerifier), "{roots:?}");
    }

    #[test]
    fn what_a_bundle_holds_besides_certificates_is_left_out() {
        let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        let (one, other) = (certificate(), certificate());
        let bundle = file(&format!("# Our studio\n{one}\nAnd:\n{key}{other}"));
        let roots = read(bundle.path()).unwrap();
        assert!(
            matches!(&roots, RootCerts::Specific(all) if all.len() == 2),
            "{roots:?}"
        );
    }
}
